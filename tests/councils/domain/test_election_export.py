"""The export of a finished vote: what is in it, what is not, and that the verifier finds it sound."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import override_settings

from councils.domain.ballot import cast_named_vote
from councils.domain.election_export import export_poll, is_exported, signing_fingerprint
from councils.domain.table import call_to_table, confirm_at_table
from councils.enums import PollKind
from councils.errors import Refused
from councils.models import Poll, RuleSet
from councils.verification import verify
from councils.views.named_votes import named_lines
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, at_hour, in_state
from tests.questions import council_of_three
from tests.recalls import agree, voted
from tests.rule_votes import CHANGE, decided, proposed
from tests.votes import count, crowd, open_approval, open_ranked, open_yes_no, vote

pytestmark = pytest.mark.django_db
NAMES = ["Rosa", "Luis", "Elena"]


def exported(poll: Poll) -> dict[str, Any]:
    """What the file says; the verifier must hold it for sound."""
    content = export_poll(poll=poll)
    assert verify(content, fingerprint=signing_fingerprint()).faults == ()
    told: dict[str, Any] = json.loads(content)
    return told


@pytest.mark.parametrize(("ballots", "shown"), [(4, "outcome"), (15, "totals"), (100, "ballots")])
@pytest.mark.parametrize("method", ["yes_no", "approval", "stv"])
def test_export_holds_no_more_than_is_published(cast: Cast, method, ballots, shown):
    people = crowd(cast, ballots)
    if method == "yes_no":
        poll = open_yes_no(cast)
    else:
        poll = (open_approval if method == PollKind.APPROVAL else open_ranked)(cast, NAMES, seats=2)
    RuleSet.objects.filter(body=cast.assembly).update(rules={"proposal_quorum": {"base": "roll", "share": "1/3"}})
    marks = [["yes"]] if method == "yes_no" else [["1", "2"], ["2", "3"], ["3"], []]
    vote(poll, {person: marks[i % len(marks)] for i, person in enumerate(people)})
    told = exported(count(poll))
    assert told["result"]["shown"] == shown
    assert len(told["check_codes"]) == ballots
    assert (told["ballots"] is None) == (shown != "ballots")
    assert [ballot["id"] for ballot in told["ballots"] or []] == sorted(b["id"] for b in told["ballots"] or [])
    assert ("tally" in told["result"]) == (shown != "outcome")


def test_export_of_an_election_says_who_did_what_and_not_who_voted(cast: Cast):
    election = in_state(cast, "seated")
    assert election.poll is not None
    told = exported(election.poll)
    assert told["subject"]["id"] == str(election.uuid)
    assert told["subject"]["title"] == "Elegir 2 delegados al cordón"
    assert told["rules"] == {"version": 1, "rules": {}}
    assert [entry["act"] for entry in told["log"]] == [
        "call_election", "close_nominations", "open_poll", "count_poll", "declare_poll", "seat_winners",
        "erase_marks",
    ]  # fmt: skip
    assert told["log"][0]["by"] == "Elena Paillán"
    assert "Hugo Tapia" not in json.dumps(told, ensure_ascii=False)  # he voted


def test_export_does_not_name_who_came_to_the_table(cast: Cast):
    election = in_state(cast, "voting")
    poll = election.poll
    assert poll is not None
    at = poll.opens_at
    admission = call_to_table(row=poll.roll.get(member=cast.pedro), by=cast.elena, at=at)
    confirm_at_table(admission=admission, by=cast.hugo, at=at)
    vote(poll, {p: ["1"] for p in (cast.carmen, cast.rosa, cast.elena)}, at=at)
    poll.refresh_from_db()
    told = exported(at_hour(election, AFTER).poll)  # type: ignore[arg-type]
    assert [entry for entry in told["log"] if "table" in entry["act"]] == []


def test_export_of_a_protected_body_names_nobody_of_its_committee(cast: Cast):
    cast.assembly.__class__.objects.filter(pk=cast.assembly.pk).update(protected=True)
    election = in_state(cast, "seated")
    assert election.poll is not None
    assert {entry["by"] for entry in exported(election.poll)["log"]} == {"", "el comité"}


def test_export_is_the_same_each_time(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {person: ["yes"] for person in crowd_of(cast)})
    poll = count(poll)
    assert export_poll(poll=poll) == export_poll(poll=poll)


def crowd_of(cast: Cast) -> list[Any]:
    return [cast.carmen, cast.pedro, cast.elena, cast.hugo, cast.rosa]


def test_export_of_ballots_that_nobody_opened(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    told = exported(count(poll))
    assert (told["result"]["outcome"], told["ballots"], told["check_codes"]) == ("no_quorum", None, [])


def test_only_what_is_declared_is_exported(cast: Cast):
    poll = open_yes_no(cast)
    assert not is_exported(poll)
    with pytest.raises(Refused):
        export_poll(poll=poll)


def test_export_of_a_vote_by_name_says_who_voted_what_as_the_page_does(cast: Cast):
    council_of_three(cast)
    poll = open_yes_no(cast, cast.council)
    assert not is_exported(poll)
    cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=NOW)
    cast_named_vote(poll=poll, by=cast.pedro, marks=["no"], at=NOW)
    poll = count(poll)
    told = exported(poll)
    assert (told["subject"]["secrecy"], told["check_codes"], told["result"]["shown"]) == ("named", [], "totals")
    assert [(row["name"], row["for"], row["marks"]) for row in told["ballots"]] == [
        ("Carmen Soto", "Cristalerías de Chile", None),
        ("Elena Paillán", "Cristalerías de Chile", ["yes"]),
        ("Pedro Rojas", "Cristalerías de Chile", ["no"]),
    ]
    assert [(line.member.name, str(line.seat.represents)) for line in named_lines(poll) if line.seat] == [
        (row["name"], row["for"]) for row in told["ballots"]
    ]


def test_export_of_a_change_of_rules_goes_by_their_majority(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"rules_majority": {"share": "4/5"}})
    poll = decided(cast, proposed(cast), yes=3).poll
    assert poll is not None
    told = exported(poll)
    assert (told["subject"]["kind"], told["result"]["outcome"]) == ("rules", "rejected")
    assert told["subject"]["rule_changes"] == CHANGE


def test_a_key_that_cannot_be_read_is_told(cast: Cast, tmp_path):
    poll = open_yes_no(cast)
    vote(poll, {person: ["yes"] for person in crowd_of(cast)})
    poll = count(poll)
    (tmp_path / "signing.key").write_bytes(b"short")
    with override_settings(KEY_STORE_DIR=tmp_path):
        assert signing_fingerprint() == ""
        with pytest.raises(Refused):
            export_poll(poll=poll)


def test_export_of_a_recall_goes_by_the_rules_of_recalls(cast: Cast):
    agree(cast, majority={"share": "3/4"})
    papers = {"carmen": ["yes"], "pedro": ["yes"], "hugo": ["yes"], "elena": ["no"], "rosa": ["no"]}
    recall = voted(cast, papers)
    assert recall.poll is not None
    document = exported(Poll.objects.get(pk=recall.poll.pk))
    assert (document["subject"]["kind"], document["result"]["outcome"]) == ("recall", "rejected")
    called = next(act for act in document["log"] if act["act"] == "call_recall")
    assert called["by"] == ""
