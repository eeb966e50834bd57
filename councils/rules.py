"""Rules: a body's standing orders, read from the JSON of a RuleSet, with defaults and words.

Pure: no query, no clock. A RuleSet holds only what differs from the defaults, for example
``{"voting_days": 2, "proposal_quorum": {"base": "roll", "share": "2/5"}, "seats": {"committee": 5}}``.
Shares are exact, written as ``"numerator/denominator"``. See ``Rules`` for each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.counting.majority import Majority
from councils.counting.publication import LEAST_BALLOTS
from councils.counting.quorum import Quorum
from councils.enums import BodyKind, PollKind, VacancyRule
from councils.recall_rules import RecallRules, read_recall, recall_in_words, recall_values
from councils.rule_reading import (
    MAJORITY,
    QUORUM,
    TRUTH,
    Reader,
    days,
    number,
    one_of,
    persons,
    read_parts,
    read_whole,
)
from councils.rule_words import (
    HALF_OF_THE_ROLL,
    MORE_YES_THAN_NO,
    THIRD_OF_THE_ROLL,
    majority_in_words,
    quorum_in_words,
    vacancy_in_words,
)
from councils.urn.shares import MOST_SHARES

Moderating = Literal["always", "on_complaint"]
MODERATING: tuple[Moderating, ...] = ("always", "on_complaint")
#: From this many members on, every proposal is moderated unless the body says otherwise.
MODERATED_FROM = 100
MOST_SEATS = 60
METHODS = tuple(kind.value for kind in PollKind if kind != PollKind.YES_NO)
DEFAULT_SEATS: Mapping[str, int] = MappingProxyType(
    {
        BodyKind.COMMITTEE: 3,
        BodyKind.SECTION_COMMITTEE: 3,
        BodyKind.CORDON_COUNCIL: 2,
        BodyKind.PROVINCIAL_COORDINATION: 2,
        BodyKind.NATIONAL_COUNCIL: 1,
        BodyKind.BRANCH: 1,
        BodyKind.FEDERATION: 1,
    }
)


class InvalidRules(ValueError):
    """Rules that cannot be read. ``sentences`` says why, one sentence each, for a person."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Rules:
    """What a body has agreed. Every act keeps the version that it was opened under.

    Defaults, and why: half of the roll decides a proposal, because it binds everybody; a
    third elects, because a failed election leaves the body without anyone; a proposal is
    adopted with more yes than no, abstentions uncounted.
    """

    #: Who must take part for a proposal, and for an election, to hold.
    proposal_quorum: Quorum = HALF_OF_THE_ROLL
    election_quorum: Quorum = THIRD_OF_THE_ROLL
    #: What adopts a proposal.
    majority: Majority = MORE_YES_THAN_NO
    #: ``always``, ``on_complaint``, or None: by the number of members (``moderating``).
    moderation: Moderating | None = None
    #: Moderation unanswered for so many days means admitted.
    moderation_days: int = 3
    #: The text stands, open to discussion, for so many days before it is voted.
    deliberation_days: int = 7
    #: Whether the committee may end the deliberation before its days are over.
    may_convene_early: bool = False
    voting_days: int = 3
    nomination_days: int = 7
    term_days: int = 365
    #: Places to fill, by kind of body.
    seats: Mapping[str, int] = field(default_factory=lambda: DEFAULT_SEATS)
    #: How they are elected, by kind of body; approval where it is not said.
    methods: Mapping[str, str] = field(default_factory=dict)
    #: Fewer electors than this hold no secret vote: with two, each knows the other's.
    minimum_electorate: int = LEAST_BALLOTS
    #: (any so many, of so many) scrutineers who hold a key of the urn in shares; None: nobody does.
    scrutineers: tuple[int, int] | None = None
    #: Where so many (or fewer) candidates stand as there are seats: are they voted all the same?
    uncontested_vote: bool = True
    #: How those who elected take a seat back.
    recall: RecallRules = field(default_factory=RecallRules)
    #: How a seat that ended early is filled for the rest of its term.
    vacancy: str = str(VacancyRule.BY_ELECTION)

    @classmethod
    def read(cls, data: object) -> Rules:
        """Rules from the JSON of a RuleSet. Raises ``InvalidRules`` with every fault found."""
        if not isinstance(data, dict):
            raise InvalidRules([_("The rules must be an object with names and values.")])
        known, faults, values = _readers(), [], {}
        for name, raw in data.items():
            if name not in known:
                faults.append(_("“%(name)s” is not a rule that exists.") % {"name": name})
                continue
            try:
                values[name] = known[name].read(raw)
            except ValueError as e:
                faults.append(f"{name}: {e}")
        if faults:
            raise InvalidRules(faults)
        return cls(**values)

    def moderating(self, members: int) -> Moderating:
        """How a body of ``members`` moderates: from ``MODERATED_FROM`` on always, below only after a complaint."""
        return self.moderation or ("always" if members >= MODERATED_FROM else "on_complaint")

    def seats_in(self, kind: str) -> int:
        """Places that the electorate fills in a body of ``kind``."""
        return self.seats.get(kind, DEFAULT_SEATS.get(kind, 1))

    def method_for(self, kind: str) -> str:
        """How the electorate fills its places in a body of ``kind``: a ``PollKind``."""
        return self.methods.get(kind, str(PollKind.APPROVAL))

    def in_words(self, *, members: int) -> list[str]:
        """All rules as sentences in the active language, for a body of ``members``."""
        return [*self.proposal_in_words(members=members), *self.election_in_words(), *self.recall_in_words()]

    def proposal_in_words(self, *, members: int) -> list[str]:
        """What governs a proposal: moderation, deliberation, vote, quorum, majority."""
        if self.moderating(members) == "always":
            first = ngettext(
                "A delegate moderates every proposal; after %(n)s day without an answer it is admitted.",
                "A delegate moderates every proposal; after %(n)s days without an answer it is admitted.",
                self.moderation_days,
            ) % {"n": self.moderation_days}
        else:
            first = _("A proposal goes straight to the assembly; a delegate moderates only after a complaint.")
        return [first, *self.question_in_words()]

    def question_in_words(self) -> list[str]:
        """What governs yes or no: deliberation, vote, quorum, majority."""
        return [
            ngettext("It is discussed for %(n)s day.", "It is discussed for %(n)s days.", self.deliberation_days)
            % {"n": self.deliberation_days},
            *([_("The committee may put it to the vote before that.")] if self.may_convene_early else []),
            ngettext("The vote lasts %(n)s day.", "The vote lasts %(n)s days.", self.voting_days)
            % {"n": self.voting_days},
            quorum_in_words(self.proposal_quorum),
            majority_in_words(self.majority),
        ]

    def recall_in_words(self) -> list[str]:
        """What governs a recall, and how the seat is filled after it."""
        return [*recall_in_words(self.recall), vacancy_in_words(self.vacancy)]

    def deciding(self, *, method: str, recall: bool) -> tuple[Quorum, Majority]:
        """Who must take part, and what adopts a question: of an election, a proposal or a recall."""
        if recall:
            return self.recall.quorum, self.recall.majority
        return (self.proposal_quorum if method == PollKind.YES_NO else self.election_quorum), self.majority

    def _methods_in_words(self) -> list[str]:
        """The default, and each body that is elected otherwise, by its name."""
        special = {kind: method for kind, method in self.methods.items() if method != PollKind.APPROVAL}
        told = [f"{str(BodyKind(kind).label).capitalize()}: {method_in_words(m)}" for kind, m in special.items()]
        return [method_in_words(PollKind.APPROVAL), *told]

    def election_in_words(self, method: str | None = None) -> list[str]:
        """What governs an election by ``method`` (None: those agreed): count, nominations, vote, quorum, term."""
        if self.uncontested_vote:
            alone = _("With as many candidates as seats, or fewer, they are voted all the same; each needs one vote.")
        else:
            alone = _("With fewer candidates than seats the election is void.")
        return [
            *([method_in_words(method)] if method else self._methods_in_words()),
            ngettext(
                "Nominations last %(n)s day; who is nominated must accept.",
                "Nominations last %(n)s days; who is nominated must accept.",
                self.nomination_days,
            )
            % {"n": self.nomination_days},
            ngettext("The vote lasts %(n)s day.", "The vote lasts %(n)s days.", self.voting_days)
            % {"n": self.voting_days},
            quorum_in_words(self.election_quorum),
            alone,
            *([scrutineers_in_words(self.scrutineers)] if self.scrutineers else []),
            _("A tie for the last place that nothing settles voids the election, and it is called again."),
            ngettext("The term is %(n)s day.", "The term is %(n)s days.", self.term_days) % {"n": self.term_days},
        ]


def method_in_words(method: str) -> str:
    """How an election is counted, in one sentence."""
    return {
        PollKind.APPROVAL: _(
            "By approval: each person marks as many candidates as she wants; those with most marks are elected."
        ),
        PollKind.PLURALITY: _(
            "By most votes: each person marks as many candidates as there are seats; those with most marks are elected."
        ),
        PollKind.STV: _(
            "By single transferable vote, with the Scottish rules: each person puts the candidates in order; whoever"
            " reaches the quota is elected, and votes that are not needed pass to the next preference."
        ),
    }[PollKind(method)]


# --- reading ---------------------------------------------------------------------------------


def _moderation(raw: Any) -> Moderating | None:
    if raw is not None and raw not in MODERATING:
        raise ValueError(_("it must be one of: %(names)s.") % {"names": ", ".join(MODERATING)})
    return raw  # type: ignore[no-any-return]


def _seats(raw: Any) -> Mapping[str, int]:
    places, number = read_parts(raw, set(DEFAULT_SEATS)), read_whole(1, MOST_SEATS)
    return MappingProxyType({**DEFAULT_SEATS, **{str(kind): number(n) for kind, n in places.items()}})


def _methods(raw: Any) -> Mapping[str, str]:
    for kind, method in read_parts(raw, set(DEFAULT_SEATS)).items():
        if method not in METHODS:
            raise ValueError(
                _("%(kind)s: the method must be one of: %(names)s.") % {"kind": kind, "names": ", ".join(METHODS)}
            )
    return MappingProxyType(dict(raw))


def _scrutineers(raw: Any) -> tuple[int, int] | None:
    if raw is None:
        return None
    parts = read_parts(raw, {"needed", "of"})
    needed, of = read_whole(2, MOST_SHARES)(parts.get("needed")), read_whole(2, MOST_SHARES)(parts.get("of"))
    if needed > of:
        raise ValueError(_("no more can be needed than there are."))
    return needed, of


def scrutineers_in_words(scrutineers: tuple[int, int]) -> str:
    """Who opens the urn, in one sentence."""
    return _("%(of)s scrutineers hold a key of the urn in shares; any %(needed)s of them open it together.") % {
        "needed": scrutineers[0],
        "of": scrutineers[1],
    }


def _vacancy(raw: Any) -> str:
    if raw not in VacancyRule.values:
        raise ValueError(_("it must be one of: %(names)s.") % {"names": ", ".join(VacancyRule.values)})
    return str(raw)


def _by_body(value: str) -> str:
    return f"{{{one_of(DEFAULT_SEATS)}: {value}}}"


def values_in_words() -> list[tuple[str, str]]:
    """Each rule, by its name, and what may be written there; in the active language."""
    return [(name, reader.values()) for name, reader in _readers().items()]


def _readers() -> dict[str, Reader]:
    seats = number(1, MOST_SEATS, lambda: _("seats")).values
    shares = number(2, MOST_SHARES, persons).values
    readers = {
        "proposal_quorum": QUORUM,
        "election_quorum": QUORUM,
        "majority": MAJORITY,
        "moderation": Reader(_moderation, lambda: f"{one_of(MODERATING)} | null"),
        "moderation_days": number(1, 90, days),
        "deliberation_days": number(0, 90, days),
        "may_convene_early": TRUTH,
        "voting_days": number(1, 90, days),
        "nomination_days": number(1, 90, days),
        "term_days": number(30, 3650, days),
        "seats": Reader(_seats, lambda: _by_body(seats())),
        "methods": Reader(_methods, lambda: _by_body(one_of(METHODS))),
        "scrutineers": Reader(_scrutineers, lambda: f'{{"needed": {shares()}, "of": {shares()}}} | null'),
        "minimum_electorate": number(LEAST_BALLOTS, 10_000, persons),
        "uncontested_vote": TRUTH,
        "recall": Reader(read_recall, recall_values),
        "vacancy": Reader(_vacancy, lambda: one_of(VacancyRule.values)),
    }
    assert set(readers) == {f.name for f in fields(Rules)}
    return readers
