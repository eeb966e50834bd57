"""What the page of an election shows: its stage by the clock, who stands, rules in words, seats."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from councils import permissions
from councils.domain.candidate_list import ON_IT
from councils.domain.election import may_be_elected, rules_of, title_of
from councils.domain.incompatibility import leaving_in_words
from councils.domain.objection import is_contestable
from councils.domain.terms import has_served_its_terms, terms_served
from councils.enums import BY_LISTS, ElectionState, NominationState, ObjectionKind
from councils.figures import short_day
from councils.forms.election import CallForm
from councils.models import Body, CandidateList, Election, Member, Nomination, Seat
from councils.models.electorate import electors, is_assembly
from councils.names import sort_key
from councils.rules import Rules
from councils.views.lots_page import LotsPage, lots_of
from councils.views.objection_page import LOADED, ObjectionRow, rows_of
from councils.views.poll_parts import ENDS, PollParts, parts_of
from councils.views.seat_list import RecallLink, recall_links

#: Why an election is void, and what happens next.
VOID_REASONS: dict[str, Promise] = {
    "too_few": gettext_lazy("Too few people stood. It may be called again; the present seats go on to their end."),
    "too_small": gettext_lazy(
        "Too few people may vote for a secret vote. When more have enrolled, the committee calls it again."
    ),
    "no_quorum": gettext_lazy("Too few people voted. It is called again; the present seats go on to their end."),
    "too_few_votes": gettext_lazy(
        "So few ballots were cast that the result would tell who voted what: none was opened. The committee calls it"
        " again."
    ),
    "too_late": gettext_lazy(
        "Nominations closed so late that the term of the vacant seats would end before the vote. An election of all"
        " seats is called."
    ),
    "tie": gettext_lazy("There was a tie for the last seat, and nothing in the rules settles it. It is called again."),
    "objected": gettext_lazy(
        "An objection to the result was upheld. It is called again; the present seats go on to their end."
    ),
    "no_votes": gettext_lazy("Nobody was marked on any ballot. It is called again."),
    "key_lost": gettext_lazy("The key was lost before the count and no ballot can be opened. The vote is repeated."),
    "restored": gettext_lazy(
        "The data was restored from a copy while the vote was open. No ballot was opened. The vote is repeated."
    ),
    "torn": gettext_lazy("A sealed ballot was missing. No ballot was opened. The vote is repeated."),
}


BY_ELECTION = gettext_lazy("It fills only the vacant seats, for the rest of their term; whoever sits there goes on.")


@dataclass(frozen=True)
class Standing:
    """One nomination as the page shows it."""

    nomination: Nomination
    mine: bool

    @property
    def waits(self) -> bool:
        return self.nomination.state == NominationState.PROPOSED

    @property
    def stands(self) -> bool:
        return self.nomination.state == NominationState.ACCEPTED


@dataclass(frozen=True)
class ListOnPage:
    """A list with those who are on it or asked to be, in its order."""

    candidate_list: CandidateList
    people: list[Standing]
    mine: bool = False

    @property
    def shown(self) -> list[Standing]:
        return [row for row in self.people if row.stands or row.waits]


@dataclass(frozen=True)
class ElectionPage:
    """Everything on the page. Make with ``page_of``, after bringing election and poll up to date."""

    election: Election
    member: Member
    now: dt.datetime
    vote: PollParts | None

    @property
    def title(self) -> str:
        return title_of(self.election.body, self.election.seats, self.election.group)

    @property
    def void(self) -> str:
        """Why it is void and what happens next; empty if it is not."""
        if self.election.state != ElectionState.VOID:
            return ""
        reason = self.election.void_reason
        return str((ENDS | VOID_REASONS).get(reason, ""))

    @property
    def stage(self) -> str:
        """By the clock: nominating, campaign, waiting (for the vote to open), voting, counting, declared (it may be
        objected to), seated, void.
        """
        election = self.election
        if election.state in (ElectionState.VOID, ElectionState.SEATED, ElectionState.DECLARED):
            return str(election.state)
        if election.state in (ElectionState.CALLED, ElectionState.NOMINATING):
            return "nominating"
        if self.now < election.voting_opens_at:
            return "campaign" if election.state == ElectionState.CAMPAIGN else "waiting"
        return "voting" if self.now < election.voting_closes_at else "counting"

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Rows of the stepper; campaign and objections only where the rules give them days."""
        election, stage = self.election, self.stage
        objections = _until(election.objections_until) if election.objections_until else ""
        rows = [
            ("nominating", _("Nominations"), _until(election.nominations_close_at)),
            ("campaign", _("Campaign"), _until(election.voting_opens_at)),
            ("voting", pgettext("noun", "Vote"), _until(election.voting_closes_at)),
            ("counting", _("Count"), ""),
            ("declared", _("Objections"), objections),
            ("seated", _("Seats"), _until(election.term_ends_at) if stage == "seated" else ""),
        ]
        left_out = {"campaign"} if not self.rules.campaign_days else set()
        left_out |= {"declared"} if not self.rules.objection_days else set()
        rows = [row for row in rows if row[0] not in left_out - {stage}]
        names = [row[0] for row in rows]
        now = "nominating" if stage == "waiting" else stage
        at = names.index(now) if now in names and now != "seated" else len(rows)
        return [
            ("done" if i < at else "now" if i == at else "next", word, more)
            for i, (_name, word, more) in enumerate(rows)
        ]

    @cached_property
    def nominations(self) -> list[Standing]:
        """Who stands, in order of name; who is asked; the rest is not shown."""
        shown = [NominationState.ACCEPTED, NominationState.PROPOSED]
        rows = self.election.nominations.filter(state__in=shown).select_related("nominee", "proposed_by")
        ordered = sorted(rows, key=lambda n: (sort_key(n.nominee.name), n.pk))
        return [Standing(n, n.nominee_id == self.member.pk) for n in ordered]

    @property
    def by_lists(self) -> bool:
        return self.election.method in BY_LISTS

    @cached_property
    def lists(self) -> list[ListOnPage]:
        """By name, each with its people in their order; those who declined or withdrew only for themselves."""
        rows = self.election.nominations.filter(candidate_list__isnull=False)
        rows = rows.filter(Q(state__in=ON_IT) | Q(nominee=self.member)).select_related("nominee", "candidate_list")
        on: dict[int, list[Standing]] = defaultdict(list)
        for row in sorted(rows, key=lambda n: (n.place, n.pk)):
            on[row.candidate_list_id or 0].append(Standing(row, row.nominee_id == self.member.pk))
        lists = sorted(self.election.lists.select_related("put_forward_by"), key=lambda one: sort_key(one.name))
        return [ListOnPage(one, on[one.pk], one.put_forward_by_id == self.member.pk) for one in lists]

    @property
    def may_put_forward(self) -> bool:
        """Whether the reader, who has none yet, may put a list forward."""
        return self.by_lists and self.may_nominate and not any(row.mine for row in self.lists)

    @property
    def candidates(self) -> list[Standing]:
        return [row for row in self.nominations if row.stands]

    @property
    def asked(self) -> list[Standing]:
        return [row for row in self.nominations if row.waits]

    @property
    def may_nominate(self) -> bool:
        return self.stage == "nominating" and permissions.may("nominate", by=self.member, on=self.election, at=self.now)

    @cached_property
    def i_may_stand(self) -> bool:
        mine = any(row.mine and row.stands for row in self.nominations)
        return self.may_nominate and not mine and may_be_elected(self.member, self.election, self.now)

    @property
    def my_terms(self) -> str:
        """Why the reader does not stand, where it is for her terms there."""
        served = self.may_nominate and has_served_its_terms(self.member, self.election)
        return terms_served(self.member, self.election) if served else ""

    @cached_property
    def leaving(self) -> list[str]:
        """What candidates, and the reader if she may stand, would leave if they were elected."""
        people = {row.nomination.nominee for row in self.nominations} | ({self.member} if self.i_may_stand else set())
        return leaving_in_words(election=self.election, people=people, at=self.now)

    @property
    def is_secret(self) -> bool:
        return not self.election.on_paper and is_assembly(self.election.electorate)

    @cached_property
    def rules(self) -> Rules:
        return rules_of(self.election)

    @property
    def rules_in_words(self) -> list[str]:
        sentences = self.rules.election_in_words(self.election.method, self.election.body.kind)
        if not self.election.vacancies_only:
            return sentences
        return [str(BY_ELECTION), *sentences[:-1]]  # the last one is the whole term

    @cached_property
    def roll_size(self) -> int:
        """Frozen when the vote opens; before, how many could vote today."""
        if self.vote is not None and self.vote.poll.roll_size is not None:
            return self.vote.poll.roll_size
        return len(electors(self.election.electorate, self.now, self.election.group))

    @cached_property
    def lots(self) -> LotsPage | None:
        """The order that was drawn for a tie; None before nominations have closed."""
        return lots_of(self.election, member=self.member, at=self.now)

    @cached_property
    def objections(self) -> list[ObjectionRow]:
        """All of them, the oldest first."""
        found = self.election.objections.select_related(*LOADED).order_by("at", "pk")
        return rows_of(found, self.election, member=self.member, at=self.now)

    @property
    def objections_to_roll(self) -> list[ObjectionRow]:
        return [row for row in self.objections if row.is_about_roll]

    @property
    def objections_to_result(self) -> list[ObjectionRow]:
        return [row for row in self.objections if not row.is_about_roll]

    @property
    def undecided(self) -> int:
        """Objections to the result for which the time ran out."""
        return sum(1 for row in self.objections_to_result if not row.is_decided and not row.is_open)

    @cached_property
    def may_object_to_roll(self) -> bool:
        contestable = is_contestable(self.election, ObjectionKind.MISSING, self.now)
        return contestable and permissions.may("object_to_roll", by=self.member, on=self.election, at=self.now)

    @cached_property
    def may_object_to_result(self) -> bool:
        contestable = is_contestable(self.election, ObjectionKind.RESULT, self.now)
        return contestable and permissions.may("object_to_result", by=self.member, on=self.election, at=self.now)

    @property
    def i_am_on_roll(self) -> bool:
        return self.vote is not None and self.vote.row is not None

    @property
    def vote_has_begun(self) -> bool:
        return self.stage not in ("nominating", "campaign", "waiting")

    @property
    def roll_is_frozen(self) -> bool:
        return self.vote is not None and self.vote.poll.roll_size is not None

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats it filled, and whether they are held now."""
        won = self.election.seats_won.select_related("holder", "elected_by__territory", "filled_by__holder")
        return sorted(won, key=lambda seat: sort_key(seat.holder.name))

    @cached_property
    def recall_links(self) -> dict[int, RecallLink]:
        """The ways to a recall, beside the seats that are held."""
        held = set(
            Seat.objects.held_at(self.now).filter(pk__in=[s.pk for s in self.seats]).values_list("pk", flat=True)
        )
        return recall_links([s for s in self.seats if s.pk in held], member=self.member, at=self.now)


def _until(at: dt.datetime) -> str:
    return _("until %(day)s") % {"day": short_day(timezone.localtime(at))}


def page_of(election: Election, *, member: Member, at: dt.datetime) -> ElectionPage:
    vote = parts_of(poll=election.poll, member=member, at=at) if election.poll else None
    return ElectionPage(election, member, at, vote)


@dataclass(frozen=True)
class Row:
    """One election in a list."""

    election: Election
    title: str
    stage: str
    void: str
    elected: list[Seat]


def row_of(election: Election, member: Member, at: dt.datetime) -> Row:
    """Needs body and electorate loaded, and of a past one the seats that it filled; then it does no query."""
    page = ElectionPage(election, member, at, None)
    seats = sorted(election.seats_won.all(), key=lambda s: sort_key(s.holder.name)) if page.stage == "seated" else []
    return Row(election, page.title, page.stage, page.void, seats)


WINDOWS = ("nominations_close_at", "voting_closes_at")
#: Hours beyond are not worked out: the calendar ends.
EARLIEST, LATEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
#: A vote closes in the evening unless the committee says otherwise.
EVENING = 22


def first_windows(body: Body, rules: Rules, at: dt.datetime) -> dict[str, dt.datetime]:
    """The shortest windows that the rules allow, each closing in the evening."""
    nominations = evening_from(at + dt.timedelta(days=rules.nomination_days))
    opens_at = nominations + dt.timedelta(days=rules.campaign_days)
    return {
        "nominations_close_at": nominations,
        "voting_closes_at": evening_from(opens_at + dt.timedelta(days=rules.voting_days)),
    }


@dataclass(frozen=True)
class Dates:
    """What follows by the rules from the hours that are chosen. ``seats_begin_at`` is the earliest."""

    nominations_close_at: dt.datetime
    voting_opens_at: dt.datetime
    voting_closes_at: dt.datetime
    objection_days: int

    @property
    def seats_begin_at(self) -> dt.datetime:
        return self.voting_closes_at + dt.timedelta(days=self.objection_days)


def dates_of(form: CallForm, rules: Rules) -> Dates | None:
    """The dates that follow from what ``form`` says, or would say untouched; None where it cannot be read."""
    chosen = form.cleaned_data if form.is_bound else form.initial
    nominations, voting = (chosen.get(name) for name in WINDOWS)
    if not nominations or not voting or not all(EARLIEST < at < LATEST for at in (nominations, voting)):
        return None
    opens_at = nominations + dt.timedelta(days=rules.campaign_days)
    return Dates(nominations, opens_at, voting, rules.objection_days)


def evening_from(at: dt.datetime) -> dt.datetime:
    """The first evening hour that is not before ``at``."""
    local = timezone.localtime(at)
    evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return evening if evening >= local else evening + dt.timedelta(days=1)
