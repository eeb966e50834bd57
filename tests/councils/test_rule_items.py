"""Each rule by name: every one has words, a form's answers give back its JSON, and changes are applied one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from councils.rule_items import _KNOWN, Standing, applied, change_in_words, compared, each_in_words, items
from councils.rules import InvalidRules, Rules, values_in_words

#: A value of each rule that is not the one that stands where nothing is said.
OTHER: dict[str, Any] = {
    "voting_days": 2,
    "secrecy": "paper",
    "minimum_electorate": 5,
    "scrutineers": {"needed": 2, "of": 3},
    "moderation": "always",
    "moderation_days": 1,
    "deliberation_days": 0,
    "may_convene_early": True,
    "proposal_quorum": {"base": "cast", "share": "2/5"},
    "majority": {"share": "2/3", "strict": False, "abstentions": True},
    "nomination_days": 3,
    "election_quorum": {"base": "present", "share": "1/7"},
    "uncontested_vote": False,
    "term_days": 400,
    "campaign_days": 5,
    "objection_days": 3,
    "consecutive_terms": 2,
    "substitutes": 2,
    "incompatible": [["committee", "cordon_council"]],
    "vacancy": "countback",
    "recall.share": "1/3",
    "recall.quorum": {"base": "roll", "share": "2/3"},
    "recall.majority": {"share": "3/5", "strict": True, "abstentions": False},
    "recall.collect_days": 9,
    "recall.voting_days": 2,
    "recall.waiting_days": 0,
    "recall.grace_days": 30,
    "recovery.transient": 1,
    "recovery.step": 6,
    "recovery.slope": 7,
    "recovery.raised": 3,
    "recovery.figures": {"Carbonato de sodio": 3, "Arena: gruesa": 1},
    "rules_quorum": {"base": "roll", "share": "2/3"},
    "rules_majority": {"share": "2/3", "strict": True, "abstentions": False},
    "seats.committee": 5,
    "constituencies.committee": [{"group": "producción", "seats": 3}, {"group": "oficina", "seats": 1}],
    "methods.cordon_council": "stv",
}


def item(path: str) -> Any:
    return next(item for item in items() if item.path == path)


def test_every_rule_has_a_name_in_words():
    paths = {item.path for item in items()}
    assert {path.partition(".")[0] for path in paths} == {name for name, _values in values_in_words()}
    by_body = tuple(f"{name}." for name in ("seats", "methods", "constituencies"))
    assert {path for path in paths if path not in _KNOWN} == {p for p in paths if p.startswith(by_body)}


def test_a_change_of_every_rule_is_tried_here():
    assert {path.partition(".")[0] for path in OTHER} == {name for name, _values in values_in_words()}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rule_is_said_with_its_value(language):
    with translation.override(language):
        told = each_in_words({}, council=False)
        assert len({label for label, _value in told}) == len(told) == len(items())
    assert all(value for _label, value in told)


@pytest.mark.parametrize("path", OTHER)
def test_what_a_form_answers_is_what_is_stored(path):
    asked = item(path)
    assert asked.kind.raw(asked.kind.answers(OTHER[path])) == OTHER[path]
    made = applied({}, {path: OTHER[path]})
    assert Standing(made).raw(asked) == OTHER[path] != Standing({}).raw(asked)
    with translation.override("en"):
        assert [row.path for row in compared({}, made)] == [path]
        (row,) = change_in_words({}, {path: OTHER[path]})
        assert row.before != row.after and row.after == Standing(made).said(asked)


@pytest.mark.parametrize("path", OTHER)
def test_a_form_that_is_sent_as_it_came_changes_nothing(path):
    asked, standing = item(path), Standing({})
    assert asked.kind.raw(asked.kind.answers(standing.raw(asked))) == standing.raw(asked)


def test_applied_changes_only_what_it_names():
    before = {"seats": {"committee": 5}, "voting_days": 2, "recall": {"share": "1/3"}}
    made = applied(before, {"seats.cordon_council": 4, "recall.grace_days": 9})
    assert made == {
        "seats": {"committee": 5, "cordon_council": 4},
        "voting_days": 2,
        "recall": {"share": "1/3", "grace_days": 9},
    }
    assert before == {"seats": {"committee": 5}, "voting_days": 2, "recall": {"share": "1/3"}}


def test_constituencies_are_given_up_by_leaving_the_field_empty():
    path, groups = "constituencies.committee", OTHER["constituencies.committee"]
    assert item(path).kind.raw({"": " "}) == []
    assert applied({"constituencies": {"committee": groups}}, {path: []}) == {"constituencies": {}}


def test_applied_writes_down_what_was_decided_even_if_it_is_the_default():
    assert applied({"voting_days": 2}, {"voting_days": 3}) == {"voting_days": 3}


@pytest.mark.parametrize(
    "change", [{"voting_days": 0}, {"noise": 1}, {"recall.noise": 1}, {"majority": "x"}, {"seats.choir": 1}]
)
def test_applied_refuses_what_cannot_stand(change):
    with pytest.raises(InvalidRules):
        applied({}, change)


def test_a_council_is_not_asked_what_means_nothing_there():
    council = {item.path for item in items(council=True)}
    assert council < {item.path for item in items()}
    assert "scrutineers" not in council and "majority" in council


def test_deciding_on_rules_is_as_on_proposals_unless_agreed():
    own = Rules.read({"rules_majority": OTHER["rules_majority"]})
    quorum, majority = own.deciding(method="yes_no", recall=False, rules=True)
    assert (quorum, majority) == (own.proposal_quorum, own.rules_majority)
    assert own.deciding(method="yes_no", recall=False) == (own.proposal_quorum, own.majority)
    with translation.override("en"):
        assert "more than two thirds" in own.change_in_words()[-1]
        assert Rules().change_in_words()[-1] == "Quorum and majority are those of other proposals."
