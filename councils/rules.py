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

from councils.constituency_rules import (
    Constituencies,
    Constituency,
    constituencies_in_words,
    read_constituencies,
    written_as,
)
from councils.counting.majority import Majority
from councils.counting.publication import LEAST_BALLOTS
from councils.counting.quorum import Quorum
from councils.enums import BY_LISTS, BodyKind, PollKind, VacancyRule
from councils.recall_rules import RecallRules, read_recall, recall_in_words, recall_values
from councils.recovery_rules import RECOVERY, RecoveryRules, recovery_in_words
from councils.rule_reading import (
    MAJORITY,
    QUORUM,
    TRUTH,
    Reader,
    days,
    number,
    one_of,
    or_null,
    persons,
    read_parts,
    read_whole,
)
from councils.rule_words import (
    HALF_OF_THE_ROLL,
    MORE_YES_THAN_NO,
    THIRD_OF_THE_ROLL,
    campaign_in_words,
    list_vacancy_in_words,
    majority_in_words,
    method_in_words,
    objections_in_words,
    quorum_in_words,
    vacancy_in_words,
)
from councils.seat_rules import (
    CONSECUTIVE_TERMS,
    INCOMPATIBLE,
    SUBSTITUTES,
    Pair,
    incompatible_in_words,
    substitutes_in_words,
    terms_in_words,
)
from councils.urn_rules import SCRUTINEERS, SECRECY, scrutineers_in_words, secrecy_in_words

Moderating = Literal["always", "on_complaint"]
MODERATING: tuple[Moderating, ...] = ("always", "on_complaint")
#: From this many members on, every proposal is moderated unless the body says otherwise.
MODERATED_FROM = 100
MOST_SEATS = 60
#: Days of campaign, and of objections: what takes longer leaves a body without those it elected.
MOST_DAYS_BETWEEN = 30
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
    #: Between the close of nominations, when the roll is closed, and the vote. 0: it opens at that close.
    campaign_days: int = 0
    #: Between the declaration and the seats. 0: the elected take them with the declaration.
    objection_days: int = 0
    term_days: int = 365
    #: Places to fill, by kind of body.
    seats: Mapping[str, int] = field(default_factory=lambda: DEFAULT_SEATS)
    #: Groups of the roll that each fill places of their own, by kind of body; their sum stands for ``seats``.
    constituencies: Constituencies = field(default_factory=dict)
    #: How they are elected, by kind of body; approval where it is not said.
    methods: Mapping[str, str] = field(default_factory=dict)
    #: How an assembly votes: ``urn``, ``paper``, or ``choice`` of whoever calls the vote.
    secrecy: str = "urn"
    #: Fewer electors than this hold no secret vote by urn: with two, each knows the other's.
    minimum_electorate: int = LEAST_BALLOTS
    #: (any so many, of so many) scrutineers who hold a key of the urn in shares; None: nobody does.
    scrutineers: tuple[int, int] | None = None
    #: Where so many (or fewer) candidates stand as there are seats: are they voted all the same?
    uncontested_vote: bool = True
    #: How those who elected take a seat back.
    recall: RecallRules = field(default_factory=RecallRules)
    #: How a seat that ended early is filled for the rest of its term.
    #: None: by a by-election, and of lists by the next on the same list (``vacancy_for``).
    vacancy: str | None = None
    #: So many at most follow the elected: they fill vacancies (``next``) and stand in for an absent holder.
    substitutes: int = 0
    #: Kinds of bodies whose seats nobody holds together: the later seat ends the earlier one.
    incompatible: tuple[Pair, ...] = ()
    #: After so many terms in a row nobody stands for the next one; None: no limit.
    consecutive_terms: int | None = None
    #: How long the body has an alert before it goes further up.
    recovery: RecoveryRules = field(default_factory=RecoveryRules)
    #: Who must take part to change these rules, and what changes them; None: as for other proposals.
    rules_quorum: Quorum | None = None
    rules_majority: Majority | None = None

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

    def least_electors(self, *, on_paper: bool) -> int:
        """How many a vote of an assembly needs: on paper there is no few that would tell who voted what here."""
        return 1 if on_paper or self.secrecy == "paper" else self.minimum_electorate

    def seats_in(self, kind: str, group: str = "") -> int:
        """Places that the electorate fills in a body of ``kind``; with ``group`` those of that constituency, or 0."""
        parts = self.constituencies_of(kind)
        if group or parts:
            known = written_as(group, (part.group for part in parts))
            return sum(part.seats for part in parts if not group or part.group == known)
        return self.seats.get(kind, DEFAULT_SEATS.get(kind, 1))

    def vacancy_for(self, method: str) -> str:
        """How a seat that ended early is filled: what a list won by its votes stays with it by default."""
        return self.vacancy or str(VacancyRule.NEXT if method in BY_LISTS else VacancyRule.BY_ELECTION)

    def constituencies_of(self, kind: str) -> tuple[Constituency, ...]:
        """Those of a body of ``kind``; none where everybody elects all its seats."""
        return self.constituencies.get(kind, ())

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that some constituency names, once."""
        return tuple(dict.fromkeys(part.group for parts in self.constituencies.values() for part in parts))

    def method_for(self, kind: str) -> str:
        """How the electorate fills its places in a body of ``kind``: a ``PollKind``."""
        return self.methods.get(kind, str(PollKind.APPROVAL))

    def in_words(self, *, members: int) -> list[str]:
        """All rules as sentences in the active language, for a body of ``members``."""
        return [
            *self.proposal_in_words(members=members),
            *self.election_in_words(),
            *self.recall_in_words(),
            *recovery_in_words(self.recovery),
            *self.change_in_words(),
        ]

    def proposal_in_words(self, *, members: int, rules: bool = False) -> list[str]:
        """What governs a proposal (``rules``: one of other rules): moderation, deliberation, vote, quorum."""
        if self.moderating(members) == "always":
            first = ngettext(
                "A delegate moderates every proposal; after %(n)s day without an answer it is admitted.",
                "A delegate moderates every proposal; after %(n)s days without an answer it is admitted.",
                self.moderation_days,
            ) % {"n": self.moderation_days}
        else:
            first = _("A proposal goes straight to the assembly; a delegate moderates only after a complaint.")
        return [first, *self.question_in_words(rules=rules)]

    def question_in_words(self, *, rules: bool = False) -> list[str]:
        """What governs yes or no: deliberation, vote, quorum, majority."""
        quorum, majority = self.deciding(method=str(PollKind.YES_NO), recall=False, rules=rules)
        return [
            ngettext("It is discussed for %(n)s day.", "It is discussed for %(n)s days.", self.deliberation_days)
            % {"n": self.deliberation_days},
            *([_("The committee may put it to the vote before that.")] if self.may_convene_early else []),
            ngettext("The vote lasts %(n)s day.", "The vote lasts %(n)s days.", self.voting_days)
            % {"n": self.voting_days},
            *secrecy_in_words(self.secrecy),
            quorum_in_words(quorum),
            majority_in_words(majority),
        ]

    def recall_in_words(self) -> list[str]:
        """What governs a recall, and how the seat is filled after it."""
        return [*recall_in_words(self.recall), self.vacancy_in_words()]

    def vacancy_in_words(self, method: str = "") -> str:
        """How a seat that ended early is filled, where it was elected by ``method`` (empty: by any of those agreed)."""
        methods = {method} if method else {str(PollKind.APPROVAL), *self.methods.values()}
        said = []
        if methods - set(BY_LISTS):
            rule = self.vacancy_for(str(PollKind.APPROVAL))
            said.append(vacancy_in_words(rule, substitutes=bool(self.substitutes)))
        if methods & set(BY_LISTS):
            said.append(list_vacancy_in_words(self.vacancy_for(str(PollKind.DHONDT))))
        return " ".join(dict.fromkeys(said))

    def change_in_words(self) -> list[str]:
        """What governs a change of these rules."""
        first = _("The rules are changed by a vote of those whom they bind; what is under way keeps its own.")
        if self.rules_quorum is None and self.rules_majority is None:
            return [first, _("Quorum and majority are those of other proposals.")]
        return [
            first,
            quorum_in_words(self.rules_quorum or self.proposal_quorum),
            majority_in_words(self.rules_majority or self.majority),
        ]

    def deciding(self, *, method: str, recall: bool, rules: bool = False) -> tuple[Quorum, Majority]:
        """Who must take part, and what adopts a question: of an election, a proposal, a recall, a change of rules."""
        if recall:
            return self.recall.quorum, self.recall.majority
        if rules:
            return self.rules_quorum or self.proposal_quorum, self.rules_majority or self.majority
        return (self.proposal_quorum if method == PollKind.YES_NO else self.election_quorum), self.majority

    def _methods_in_words(self) -> list[str]:
        """The default, and each body that is elected otherwise, by its name."""
        special = {kind: method for kind, method in self.methods.items() if method != PollKind.APPROVAL}
        told = [f"{str(BodyKind(kind).label).capitalize()}: {method_in_words(m)}" for kind, m in special.items()]
        return [method_in_words(PollKind.APPROVAL), *told]

    def election_in_words(self, method: str | None = None, of: str | None = None) -> list[str]:
        """What governs an election ``of`` a kind of body by ``method`` (None: those agreed).

        Count, nominations, vote, quorum, term.
        """
        if self.uncontested_vote:
            alone = _("With as many candidates as seats, or fewer, they are voted all the same; each needs one vote.")
        else:
            alone = _("With fewer candidates than seats the election is void.")
        return [
            *([method_in_words(method)] if method else self._methods_in_words()),
            *(
                constituencies_in_words(str(BodyKind(kind).label).capitalize(), parts)
                for kind, parts in self.constituencies.items()
                if of in (None, kind)
            ),
            ngettext(
                "Nominations last %(n)s day; who is nominated must accept.",
                "Nominations last %(n)s days; who is nominated must accept.",
                self.nomination_days,
            )
            % {"n": self.nomination_days},
            *([campaign_in_words(self.campaign_days)] if self.campaign_days else []),
            ngettext("The vote lasts %(n)s day.", "The vote lasts %(n)s days.", self.voting_days)
            % {"n": self.voting_days},
            quorum_in_words(self.election_quorum),
            alone,
            *secrecy_in_words(self.secrecy),
            *([scrutineers_in_words(self.scrutineers)] if self.scrutineers else []),
            _("A tie for the last place that nothing settles voids the election, and it is called again."),
            *([objections_in_words(self.objection_days)] if self.objection_days else []),
            *substitutes_in_words(self.substitutes),
            *self.standing_in_words(),
            ngettext("The term is %(n)s day.", "The term is %(n)s days.", self.term_days) % {"n": self.term_days},
        ]

    def standing_in_words(self) -> list[str]:
        """What whoever stands should know of the seat: terms in a row, and other seats."""
        return [*terms_in_words(self.consecutive_terms), *incompatible_in_words(self.incompatible)]


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


def _constituencies(raw: Any) -> Constituencies:
    return read_constituencies(raw, set(DEFAULT_SEATS), MOST_SEATS)


def _vacancy(raw: Any) -> str | None:
    if raw is not None and raw not in VacancyRule.values:
        raise ValueError(_("it must be one of: %(names)s.") % {"names": ", ".join(VacancyRule.values)})
    return raw  # type: ignore[no-any-return]


def _by_body(value: str) -> str:
    return f"{{{one_of(DEFAULT_SEATS)}: {value}}}"


def values_in_words() -> list[tuple[str, str]]:
    """Each rule, by its name, and what may be written there; in the active language."""
    return [(name, reader.values()) for name, reader in _readers().items()]


def _readers() -> dict[str, Reader]:
    seats = number(1, MOST_SEATS, lambda: _("seats")).values
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
        "campaign_days": number(0, MOST_DAYS_BETWEEN, days),
        "objection_days": number(0, MOST_DAYS_BETWEEN, days),
        "term_days": number(30, 3650, days),
        "seats": Reader(_seats, lambda: _by_body(seats())),
        "constituencies": Reader(_constituencies, lambda: _by_body(f'[{{"group": "…", "seats": {seats()}}}, …]')),
        "methods": Reader(_methods, lambda: _by_body(one_of(METHODS))),
        "secrecy": SECRECY,
        "scrutineers": SCRUTINEERS,
        "minimum_electorate": number(LEAST_BALLOTS, 10_000, persons),
        "uncontested_vote": TRUTH,
        "recall": Reader(read_recall, recall_values),
        "substitutes": SUBSTITUTES,
        "incompatible": INCOMPATIBLE,
        "consecutive_terms": CONSECUTIVE_TERMS,
        "recovery": RECOVERY,
        "vacancy": Reader(_vacancy, lambda: f"{one_of(VacancyRule.values)} | null"),
        "rules_quorum": or_null(QUORUM),
        "rules_majority": or_null(MAJORITY),
    }
    assert set(readers) == {f.name for f in fields(Rules)}
    return readers
