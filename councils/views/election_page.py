"""What the page of an election shows: its stage by the clock, who stands, rules in words, seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from councils import permissions
from councils.domain.election import rules_of, title_of
from councils.enums import ElectionState, NominationState
from councils.figures import short_day
from councils.models import Body, Election, Member, Nomination, Seat
from councils.models.electorate import electors, is_assembly, may_stand
from councils.names import sort_key
from councils.rules import Rules
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
class ElectionPage:
    """Everything on the page. Make with ``page_of``, after bringing election and poll up to date."""

    election: Election
    member: Member
    now: dt.datetime
    vote: PollParts | None

    @property
    def title(self) -> str:
        return title_of(self.election.body, self.election.seats)

    @property
    def void(self) -> str:
        """Why it is void and what happens next; empty if it is not."""
        if self.election.state != ElectionState.VOID:
            return ""
        reason = self.election.void_reason
        return str((ENDS | VOID_REASONS).get(reason, ""))

    @property
    def stage(self) -> str:
        """By the clock: nominating, waiting (for the vote to open), voting, counting, seated, void."""
        election = self.election
        if election.state in (ElectionState.VOID, ElectionState.SEATED):
            return str(election.state)
        if election.state != ElectionState.VOTING:
            return "nominating"
        if self.now < election.voting_opens_at:
            return "waiting"
        return "voting" if self.now < election.voting_closes_at else "counting"

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Rows of the stepper."""
        election, at = self.election, {"nominating": 0, "waiting": 0, "voting": 1, "counting": 2}.get(self.stage, 4)
        rows = [
            (_("Nominations"), _until(election.nominations_close_at)),
            (pgettext("noun", "Vote"), _until(election.voting_closes_at)),
            (_("Count"), ""),
            (_("Seats"), _until(election.term_ends_at) if self.stage == "seated" else ""),
        ]
        return [("done" if i < at else "now" if i == at else "next", word, more) for i, (word, more) in enumerate(rows)]

    @cached_property
    def nominations(self) -> list[Standing]:
        """Who stands, in order of name; who is asked; the rest is not shown."""
        shown = [NominationState.ACCEPTED, NominationState.PROPOSED]
        rows = self.election.nominations.filter(state__in=shown).select_related("nominee", "proposed_by")
        ordered = sorted(rows, key=lambda n: (sort_key(n.nominee.name), n.pk))
        return [Standing(n, n.nominee_id == self.member.pk) for n in ordered]

    @property
    def candidates(self) -> list[Standing]:
        return [row for row in self.nominations if row.stands]

    @property
    def asked(self) -> list[Standing]:
        return [row for row in self.nominations if row.waits]

    @property
    def may_nominate(self) -> bool:
        return self.stage == "nominating" and permissions.may("nominate", by=self.member, on=self.election, at=self.now)

    @property
    def i_may_stand(self) -> bool:
        mine = any(row.mine and row.stands for row in self.nominations)
        return self.may_nominate and not mine and may_stand(self.member, self.election.electorate, self.now)

    @property
    def is_secret(self) -> bool:
        return is_assembly(self.election.electorate)

    @cached_property
    def rules(self) -> Rules:
        return rules_of(self.election)

    @property
    def rules_in_words(self) -> list[str]:
        sentences = self.rules.election_in_words(self.election.method)
        if not self.election.vacancies_only:
            return sentences
        return [str(BY_ELECTION), *sentences[:-1]]  # the last one is the whole term

    @cached_property
    def roll_size(self) -> int:
        """Frozen when the vote opens; before, how many could vote today."""
        if self.vote is not None and self.vote.poll.roll_size is not None:
            return self.vote.poll.roll_size
        return len(electors(self.election.electorate, self.now))

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


#: A vote closes in the evening unless the committee says otherwise.
EVENING = 22


def first_windows(body: Body, rules: Rules, at: dt.datetime) -> dict[str, dt.datetime]:
    """The shortest windows that the rules allow, each closing in the evening."""
    nominations = evening_from(at + dt.timedelta(days=rules.nomination_days))
    return {
        "nominations_close_at": nominations,
        "voting_closes_at": evening_from(nominations + dt.timedelta(days=rules.voting_days)),
    }


def evening_from(at: dt.datetime) -> dt.datetime:
    """The first evening hour that is not before ``at``."""
    local = timezone.localtime(at)
    evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return evening if evening >= local else evening + dt.timedelta(days=1)
