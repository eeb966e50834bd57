"""The log: every act has a sentence, with the version of the rules that applied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from councils.domain.log import SENTENCES, events_of, in_words
from councils.models import AuditEvent
from tests import questions
from tests.conftest import Cast
from tests.elections import AFTER, in_state
from tests.rule_votes import AFTER as RULES_DECIDED
from tests.rule_votes import decided, proposed

pytestmark = pytest.mark.django_db
DOMAIN = Path(__file__).parents[3] / "councils" / "domain"
#: Acts that members do not read there: their author's alone, complained of on the page of the proposal, or of no body.
OUTSIDE = {
    "draft_proposal",
    "revise_proposal",
    "withdraw_proposal",
    "complain_about_proposal",
    "change_contact",
    "create_admin",
}


def test_every_act_of_the_domain_has_a_sentence():
    written = {verb for path in DOMAIN.glob("*.py") for verb in re.findall(r'verb="(\w+)"', path.read_text())}
    assert written - set(SENTENCES) == OUTSIDE
    assert {"accept_nomination", "decline_nomination", "withdraw_nomination"} <= set(SENTENCES)


def said(cast: Cast, at) -> list[tuple[str, str, list[str]]]:
    with translation.override("en"):
        entries = in_words(events_of(body=cast.assembly, by=cast.carmen, at=at))
    return [(entry.who, entry.sentence, entry.more) for entry in reversed(entries)]


def test_an_act_on_an_election_or_its_vote_says_which(cast: Cast):
    in_state(cast, "seated")
    with translation.override("en"):
        entries = in_words(events_of(body=cast.assembly, by=cast.carmen, at=AFTER))
    about = {entry.sentence: entry.about for entry in entries}
    title = "Elect 2 delegates to the cordón"
    assert about["Called an election for 2 seats."] == about["A vote opened; on its roll: 5."] == title
    assert about["Nominated Rosa Marín."] == ""


def test_an_election_is_told_from_its_call_to_its_seats(cast: Cast):
    in_state(cast, "seated")
    under = ["Under version 1 of the rules."]
    told = said(cast, AFTER)
    assert told[0] == ("Elena Paillán", "Called an election for 2 seats.", under)
    assert ("Rosa Marín", "Nominated Rosa Marín.", []) in told
    assert ("", "A vote opened; on its roll: 5.", under) in told
    assert {more[0] for _who, sentence, more in told if "vote" in sentence} == set(under)
    assert ("", "2 people elected took their seats.", under) in told


def test_a_change_of_rules_is_told_with_the_version_it_was_decided_under(cast: Cast):
    decided(cast, proposed(cast))
    assert (
        "",
        "A vote changed the rules: version 2 is in force.",
        ["Under version 1 of the rules."],
    ) in said(cast, RULES_DECIDED)


def test_a_question_goes_by_the_rules_of_its_council_alone(cast: Cast):
    questions.put(cast)
    assert AuditEvent.objects.get(verb="put_question").detail["rules"] == 1
