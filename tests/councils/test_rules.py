"""Rules: defaults, what is read, every fault in a sentence, and words."""

from fractions import Fraction

import pytest
from django.utils import translation

from councils.counting.majority import Majority
from councils.counting.quorum import Quorum
from councils.enums import BodyKind
from councils.rules import InvalidRules, Rules


def test_read_of_nothing_gives_the_defaults():
    rules = Rules.read({})
    assert rules == Rules()
    assert (rules.seats_in(BodyKind.COMMITTEE), rules.seats_in(BodyKind.CORDON_COUNCIL)) == (3, 2)
    assert (rules.moderating(99), rules.moderating(100)) == ("on_complaint", "always")


def test_read_takes_what_differs_and_keeps_the_rest():
    rules = Rules.read(
        {
            "proposal_quorum": {"base": "cast", "share": "2/3"},
            "majority": {"share": "3/5", "strict": False, "abstentions": True},
            "seats": {"committee": 5},
            "moderation": "always",
            "voting_days": 1,
        }
    )
    assert rules.proposal_quorum == Quorum("cast", Fraction(2, 3))
    assert rules.majority == Majority(Fraction(3, 5), strict=False, abstentions=True)
    assert (rules.seats_in("committee"), rules.seats_in("cordon_council")) == (5, 2)
    assert (rules.moderating(3), rules.voting_days, rules.nomination_days) == ("always", 1, 7)


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        "x",
        {"colour": 1},
        {"voting_days": 0},
        {"voting_days": 91},
        {"voting_days": True},
        {"voting_days": 1.5},
        {"term_days": "365"},
        {"moderation": "never"},
        {"moderation": ["always"]},
        {"seats": {"choir": 1}},
        {"seats": {"committee": 0}},
        {"seats": [3]},
        {"majority": {"share": "1/0"}},
        {"majority": {"share": "3/2"}},
        {"majority": {"share": 0.5}},
        {"majority": {"share": "-1/2"}},
        {"majority": {"strict": 1}},
        {"majority": {"loud": True}},
        {"election_quorum": {"base": "moon", "share": "1/2"}},
        {"election_quorum": {"base": ["roll"], "share": "1/2"}},
        {"election_quorum": {"base": "roll"}},
        {"minimum_electorate": 2},
        {"uncontested_vote": "yes"},
        {"campaign_days": 31},
        {"campaign_days": -1},
        {"objection_days": 31},
        {"objection_days": "2"},
        {"recall": {"share": "6/5"}},
        {"recall": {"waiting_days": -1}},
        {"recall": {"noise": 1}},
        {"recall": "1/5"},
        {"incompatible": "committee"},
        {"incompatible": [["committee"]]},
        {"incompatible": [["committee", "committee"]]},
        {"incompatible": [["committee", "choir"]]},
        {"incompatible": [["assembly", "committee"]]},
        {"incompatible": [[["committee"], "federation"]]},
        {"incompatible": [["cordon_council", "national_council"]]},
        {"substitutes": 11},
        {"substitutes": None},
        {"consecutive_terms": 0},
        {"consecutive_terms": 11},
        {"consecutive_terms": "2"},
        {"vacancy": "lottery"},
        {"vacancy": ["next"]},
        {"rules_quorum": "1/2"},
        {"rules_majority": {"share": "3/2"}},
    ],
)
def test_read_refuses_with_a_sentence(data):
    with pytest.raises(InvalidRules) as refusal:
        Rules.read(data)
    assert len(refusal.value.sentences) == 1 and refusal.value.sentences[0].endswith(".")


def test_read_tells_every_fault_at_once():
    with pytest.raises(InvalidRules) as refusal:
        Rules.read({"a": 1, "voting_days": 0, "seats": {}})
    assert len(refusal.value.sentences) == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "Quórum: debe votar al menos la mitad del padrón."),
        ("en", "Quorum: at least half of the roll must vote."),
    ],
)
def test_in_words_speaks_both_languages(language, sentence):
    with translation.override(language):
        words = Rules().in_words(members=20)
    assert sentence in words and len(words) == 25


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"proposal_quorum": {"share": "3/7"}}, "3 of every 7"),
        ({"proposal_quorum": {"share": "0/1"}}, "no quorum"),
        ({"proposal_quorum": {"base": "present", "share": "1/4"}}, "a quarter of the ballots"),
        ({"proposal_quorum": {"base": "cast", "share": "1/1"}}, "all of the valid ballots"),
        ({"majority": {"abstentions": True}}, "more than half of yes, no and abstentions"),
        ({"majority": {"share": "2/3"}}, "more than two thirds of yes and no"),
        ({"majority": {"share": "2/3", "strict": False}}, "at least two thirds of yes and no"),
        ({"majority": {"share": "2/3", "strict": False, "abstentions": True}}, "at least two thirds of yes, no and"),
        ({"moderation": "always", "moderation_days": 1}, "after 1 day without"),
        ({"may_convene_early": True}, "may put it to the vote before that"),
        ({"incompatible": [["cordon_council", "committee"]]}, "at once: committee, council of the cordón."),
        ({"substitutes": 1}, "Each seat has 1 substitute: who comes next"),
        ({"substitutes": 3}, "Each seat has up to 3 substitutes"),
        ({"substitutes": 3, "vacancy": "next"}, "goes to the first of its substitutes"),
        ({"substitutes": 0, "vacancy": "next"}, "goes to whoever had most votes"),
        ({"consecutive_terms": 1}, "has sat there for 1 term does not stand"),
        ({"consecutive_terms": 2}, "has sat there for 2 terms in a row does not stand"),
        ({"uncontested_vote": False}, "fewer candidates than seats the election is void"),
        ({"campaign_days": 1}, "it may be objected to for 1 day, and then the vote opens"),
        ({"campaign_days": 5}, "it may be objected to for 5 days, and then the vote opens"),
        ({"objection_days": 5}, "The result may be objected to for 5 days after it is declared"),
    ],
)
def test_in_words_says_what_differs(rules, word):
    with translation.override("en"):
        assert any(word in sentence for sentence in Rules.read(rules).in_words(members=20))


def test_recall_is_read_and_said():
    rules = Rules.read({"recall": {"share": "1/3", "grace_days": 30, "waiting_days": 0}, "vacancy": "countback"})
    assert (rules.recall.share, rules.recall.collect_days, rules.recall.voting_days) == (Fraction(1, 3), 30, 7)
    with translation.override("en"):
        words = rules.recall_in_words()
    assert "once a third of the roll ask for it within 30 days" in words[0]
    assert "Nobody is recalled in the first 30 days of a term." in words
    assert not any("called again" in sentence for sentence in words)
    assert "counting the ballots of its election again" in words[-1]


def test_incompatible_pairs_are_read_in_one_order_and_once():
    rules = Rules.read({"incompatible": [["federation", "committee"], ["committee", "federation"]]})
    assert rules.incompatible == (("committee", "federation"),)
    assert Rules.read({"incompatible": [], "consecutive_terms": None}) == Rules()


PARTS = [{"group": "producción", "seats": 3}, {"group": "administración", "seats": 1}]


def test_constituencies_are_read_summed_and_said():
    rules = Rules.read({"constituencies": {"committee": PARTS}, "seats": {"committee": 9}})
    assert (rules.seats_in("committee"), rules.seats_in("committee", "Produccion")) == (4, 3)
    assert (rules.seats_in("committee", "técnica"), rules.seats_in("cordon_council")) == (0, 2)
    assert rules.groups == ("producción", "administración")
    with translation.override("en"):
        words = rules.election_in_words()
    assert "Committee, by constituencies: producción 3 seats, administración 1 seat." in words[1]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        [],
        PARTS[:1],
        PARTS * 7,
        [*PARTS, {"group": "PRODUCCION", "seats": 1}],
        [{"group": "a", "seats": 30}, {"group": "b", "seats": 31}],
        [PARTS[0], {"group": "", "seats": 1}],
        [PARTS[0], {"group": " b", "seats": 1}],
        [PARTS[0], {"group": "b\n", "seats": 1}],
        [PARTS[0], {"group": "b" * 61, "seats": 1}],
        [PARTS[0], {"group": 3, "seats": 1}],
        [PARTS[0], {"group": "b", "seats": 0}],
        [PARTS[0], {"group": "b"}],
        [PARTS[0], {"group": "b", "seats": 1, "who": 1}],
        [PARTS[0], "b"],
    ],
)
def test_constituencies_are_refused_with_a_sentence(parts):
    with pytest.raises(InvalidRules) as refusal:
        Rules.read({"constituencies": {"committee": parts}})
    assert len(refusal.value.sentences) == 1 and refusal.value.sentences[0].endswith(".")
