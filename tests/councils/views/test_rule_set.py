"""Pages of rules: who reads them, every version with its act, the form without script, and what a vote shows of it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from councils.models import Body, Member, Proposal, Question
from tests import builders, questions
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import draft
from tests.rule_votes import AFTER, LATER, decided, proposed, set_by_hand

pytestmark = pytest.mark.django_db
ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]
WORKERS = ROLES[:5]


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.force_login(member)
    client.cookies["django_language"] = language
    return client


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What the form of ``url`` would send if nobody touched it."""
    form = client.get(url).context["form"]
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def sent(client: Client, url: str, changed: dict[str, str]) -> Any:
    return client.post(url, {**fields_of(client, url), "text": "Porque sí.", **changed})


def address(body: Body, act: str = "") -> str:
    return f"/bodies/{body.uuid}/rules/{act}"


def test_rules_are_read_by_those_who_belong_to_the_body_or_work_under_it(cast: Cast):
    for body in (cast.assembly, cast.committee, cast.council):
        found = [who for who in ROLES if signed_in(getattr(cast, who)).get(address(body)).status_code == 200]
        assert found == WORKERS
    assert Client().get(address(cast.assembly)).status_code == 302


def test_form_is_for_those_who_may_propose(cast: Cast):
    builders.membership(builders.member("mario"), cast.cristalerias, category="excluded", can_vote=False)

    def found(body: Body) -> dict[str, int]:
        people = Member.objects.all()
        return {who.username: signed_in(who).get(address(body, "change/")).status_code for who in people}

    outside = dict.fromkeys(["nora", "olga", "ana"], 404)
    assert found(cast.assembly) == {**dict.fromkeys(WORKERS, 200), **outside, "mario": 403}
    assert found(cast.council) == {**dict.fromkeys(WORKERS, 403), "elena": 200, **outside, "mario": 403}
    assert set(found(cast.committee).values()) == {404}


def test_page_says_all_rules_in_both_languages(cast: Cast):
    english = text_of(signed_in(cast.carmen), address(cast.assembly))
    for sentence in ("Rules, version 1", "at least half of the roll must vote", "At the founding", "Each rule with"):
        assert sentence in english
    assert "debe votar al menos la mitad del padrón" in text_of(signed_in(cast.carmen, "es"), address(cast.assembly))


def test_history_says_what_each_version_changed_and_how_it_came(cast: Cast, at):
    set_by_hand(cast.assembly, {"term_days": 100})
    proposal = decided(cast, proposed(cast))
    at.move_to(AFTER)
    client = signed_in(cast.pedro)
    page = text_of(client, address(cast.assembly))
    assert f"Adopted by vote: proposal {proposal.number}, “Otras reglas”" in page
    assert "Days that a vote lasts, at least Before: 3 days After: 2 days" in page
    assert "Set by who keeps the installation" in page and "Before: 365 days After: 100 days" in page
    assert "Rules, version 1 This version is not the one" in text_of(client, address(cast.assembly) + "?version=1")
    for odd in ("", "?version=99", "?version=x", "?version="):
        assert "Rules, version 3" in text_of(client, address(cast.assembly) + odd)


def test_form_sent_untouched_changes_nothing(cast: Cast):
    answer = sent(signed_in(cast.carmen), address(cast.assembly, "change/"), {})
    assert answer.status_code == 422 and "Nothing is changed yet" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_form_stores_only_what_differs(cast: Cast):
    changed = {"rule-voting_days": "2", "rule-majority-share": "2/3", "rule-rules_quorum-base": "roll"}
    changed |= {"rule-rules_quorum-share": "3/5", "rule-seats.committee": "5", "rule-may_convene_early": "yes"}
    answer = sent(signed_in(cast.carmen), address(cast.assembly, "change/"), changed)
    proposal = Proposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/proposals/{proposal.uuid}/")
    assert proposal.kind == "rules"
    assert proposal.versions.get().rule_changes == {
        "voting_days": 2,
        "majority": {"share": "2/3", "strict": True, "abstentions": False},
        "rules_quorum": {"base": "roll", "share": "3/5"},
        "seats.committee": 5,
        "may_convene_early": True,
    }
    page = text_of(signed_in(cast.carmen), f"/proposals/{proposal.uuid}/")
    assert "Days that a vote lasts, at least Before: 3 days After: 2 days" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rule-voting_days", "0"),
        ("rule-voting_days", "dos"),
        ("rule-voting_days", ""),
        ("rule-voting_days", "9" * 5000),
        ("rule-majority-share", "1/0"),
        ("rule-majority-share", "\x00"),
        ("rule-proposal_quorum-base", "moon"),
        ("rule-vacancy", "lottery"),
        ("rule-scrutineers-of", "3"),
        ("title", ""),
    ],
)
def test_form_answers_what_cannot_be_with_a_sentence_at_its_field(cast: Cast, field, value):
    answer = sent(signed_in(cast.carmen), address(cast.assembly, "change/"), {field: value})
    assert answer.status_code == 422 and not Proposal.objects.exists()
    assert any(name.startswith("-".join(field.split("-")[:2])) for name in answer.context["form"].errors)
    assert "errsum" in answer.content.decode()


def test_form_is_compared_with_the_version_it_showed(cast: Cast):
    client = signed_in(cast.carmen)
    given = fields_of(client, address(cast.assembly, "change/"))
    set_by_hand(cast.assembly, {"term_days": 100})
    client.post(address(cast.assembly, "change/"), {**given, "text": "x", "rule-voting_days": "2"})
    assert Proposal.objects.get().versions.get().rule_changes == {"voting_days": 2}


def test_draft_of_rules_is_changed_in_the_same_form(cast: Cast):
    client = signed_in(cast.carmen)
    sent(client, address(cast.assembly, "change/"), {"rule-voting_days": "2"})
    proposal = Proposal.objects.get()
    edit = f"/proposals/{proposal.uuid}/rules/"
    assert client.get(f"/proposals/{proposal.uuid}/edit/")["Location"] == edit
    assert fields_of(client, edit)["rule-voting_days"] == "2"
    assert sent(client, edit, {"rule-term_days": "90"}).status_code == 302
    assert proposal.versions.latest("number").rule_changes == {"voting_days": 2, "term_days": 90}
    assert sent(client, edit, {"version": "1", "rule-term_days": "91"}).status_code == 422
    assert signed_in(cast.pedro).get(edit).status_code == 404


def test_text_proposals_have_no_form_of_rules(cast: Cast):
    assert signed_in(cast.carmen).get(f"/proposals/{draft(cast).uuid}/rules/").status_code == 404


def test_booth_and_result_show_before_and_after(cast: Cast, at):
    proposal = proposed(cast)
    at.move_to(LATER)
    client = signed_in(cast.pedro)
    page = text_of(client, f"/proposals/{proposal.uuid}/")
    poll = Proposal.objects.get().poll
    assert poll is not None
    for shown in (page, text_of(client, f"/votes/{poll.uuid}/")):
        assert "Days that a vote lasts, at least Before: 3 days After: 2 days" in shown
        assert "Everything else stays." in shown
    decided(cast, proposal)
    at.move_to(AFTER)
    for url in (f"/proposals/{proposal.uuid}/", f"/votes/{poll.uuid}/"):
        shown = text_of(client, url)
        assert "Before: 3 days After: 2 days" in shown and "Adopted: version 2 is in force" in shown
    assert "Rules: version 1" in text_of(client, f"/proposals/{proposal.uuid}/")


def test_rules_that_changed_meanwhile_are_told(cast: Cast):
    proposal = proposed(cast)
    set_by_hand(cast.assembly, {"voting_days": 5})
    page = text_of(signed_in(cast.pedro), f"/proposals/{proposal.uuid}/")
    assert "Before: 5 days After: 2 days" in page and "It was submitted under version 1" in page


def test_question_of_rules_from_the_form_of_a_council(cast: Cast, at):
    questions.council_of_three(cast)
    client = signed_in(cast.elena)
    assert "rule-scrutineers-of" not in fields_of(client, address(cast.council, "change/"))
    answer = sent(client, address(cast.council, "change/"), {"rule-deliberation_days": "2"})
    question = Question.objects.get()
    assert (answer.status_code, question.poll.rule_changes) == (302, {"deliberation_days": 2})
    page = text_of(signed_in(cast.hugo), f"/questions/{question.uuid}/")
    assert "Before: 7 days After: 2 days" in page and "Rules: version 1" in page
    at.move_to(question.poll.opens_at)
    assert "After: 2 days" in text_of(client, f"/votes/{question.poll.uuid}/")


def test_ways_to_the_rules(cast: Cast):
    client = signed_in(cast.elena)
    ways = {f"/councils/{cast.council.uuid}/": cast.council, f"/workplaces/{cast.cristalerias.uuid}/": cast.assembly}
    for url, body in ways.items():
        assert address(body) in client.get(url).content.decode()
