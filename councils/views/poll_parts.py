"""What pages show of a poll: its stage by the clock, the voter's row, turnout, the published result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils import figures
from councils.counting.publication import BALLOTS_FROM, OPEN_TURNOUT_FROM, totals_from
from councils.counting.quorum import ceiling
from councils.domain.election_export import is_exported, signing_fingerprint
from councils.domain.franchise import Way, franchise_in
from councils.domain.incompatibility import leaving_in_words
from councils.domain.outcome import STUCK, is_stuck
from councils.domain.poll import enter_until, waits_for_shares
from councils.domain.poll_title import title_of_poll
from councils.domain.tally import question_of
from councils.domain.winners import nominees_of
from councils.enums import BY_LISTS, PollKind, PollState, Secrecy
from councils.models import Member, PaperCount, Poll, RollEntry
from councils.permissions import may
from councils.rules import Rules
from councils.views.list_result import ListsPage, lists_of
from councils.views.named_votes import NamedLine, named_lines
from councils.views.stages import StagesPage, stages_of

#: What a vote decides, and the name of its page.
SUBJECTS = (("election", "election"), ("proposal", "proposal"), ("recall", "recall"), ("council_question", "question"))
#: What the public is told of an end without a result, and of what follows.
ENDS: dict[str, Promise] = {
    "not_entered": gettext_lazy(
        "The vote was held on paper, and nobody entered and countersigned its count in seven days: it has no result,"
        " and is repeated. Whoever called it calls it again."
    ),
    "key_lost": gettext_lazy("The key of this vote was lost before the count: the ballots cannot be opened."),
    "too_small": gettext_lazy("Too few people could vote for a secret vote, so it was not opened."),
    "too_few_votes": gettext_lazy(
        "So few ballots were cast that the result would tell who voted what: none was opened."
    ),
    "called_off": gettext_lazy("The vote was called off before it opened."),
    "restored": gettext_lazy(
        "The data was restored from a copy while the vote was open, so some votes may be missing. None was opened."
    ),
    "no_drill": gettext_lazy("The drill of the scrutineers' key was not done in time, so the vote was not opened."),
    "fallen_away": gettext_lazy("The seat ended while the vote was open: nothing was left to decide. None was opened."),
    "torn": gettext_lazy("A sealed ballot is missing beside a mark on the roll. None was opened."),
}
OUTCOMES: dict[str, Promise] = {
    "adopted": gettext_lazy("Adopted"),
    "rejected": gettext_lazy("Not adopted"),
    "no_quorum": gettext_lazy("Without quorum"),
    "elected": gettext_lazy("Elected"),
    "tie": gettext_lazy("Tie"),
    "no_votes": gettext_lazy("Nobody was marked"),
    "void": gettext_lazy("Void"),
    "interrupted": gettext_lazy("Interrupted"),
}


@dataclass(frozen=True)
class Bar:
    """One candidate in the result."""

    label: str
    votes: int
    of: int
    elected: bool


@dataclass(frozen=True)
class PollParts:
    """What ``councils/poll/_booth.html``, ``_turnout.html`` and ``_result.html`` show. Make with ``parts_of``."""

    poll: Poll
    now: dt.datetime
    row: RollEntry | None
    way: Way
    voted_so_far: int | None  # only where turnout is public while open
    stuck: bool = False  # the count was given up
    may_count: bool = False  # on paper, and hers to count now
    fingerprint: str = ""  # of the key that signs the export; empty where there is no export

    @property
    def stage(self) -> str:
        """By the clock: scheduled, drill (it waits for its scrutineers), opening (it waits for its key), open,
        counting, declared, void, interrupted.
        """
        poll = self.poll
        if poll.state == PollState.SCHEDULED and poll.shares_needed and poll.drilled_at is None:
            return "drill" if self.now < poll.closes_at else "counting"
        if poll.state == PollState.SCHEDULED and poll.opens_at <= self.now < poll.closes_at:
            return "opening"
        if poll.state in (PollState.SCHEDULED, PollState.OPEN):
            return "scheduled" if self.now < poll.opens_at else "open" if self.now < poll.closes_at else "counting"
        return "counting" if poll.state == PollState.COUNTED else str(poll.state)

    @property
    def waits_for_scrutineers(self) -> bool:
        return waits_for_shares(self.poll, self.now)

    @property
    def may_cast(self) -> bool:
        return self.poll.is_open(self.now) and self.way == Way.BOOTH

    @property
    def voted(self) -> bool:
        return self.row is not None and self.row.voted

    @property
    def replaces(self) -> int:
        return self.row.envelope_version if self.row else 0

    @property
    def title(self) -> str:
        """The question, or “Elect 2 delegates to the cordón” in the reader's language."""
        return title_of_poll(self.poll)

    @property
    def subject_url(self) -> str:
        """The page of what this vote decides."""
        for relation, noun in SUBJECTS:
            subject = getattr(self.poll, relation, None)
            if subject is not None:
                return reverse(noun, args=[subject.uuid])
        if hasattr(self.poll, "consultation"):
            return reverse("question", args=[self.poll.consultation.question.uuid])
        return reverse("vote", args=[self.poll.uuid])

    @property
    def is_yes_no(self) -> bool:
        return self.poll.kind == PollKind.YES_NO

    @property
    def is_named(self) -> bool:
        return self.poll.secrecy == Secrecy.NAMED

    @property
    def on_paper(self) -> bool:
        return self.poll.secrecy == Secrecy.PAPER

    @cached_property
    def paper(self) -> PaperCount | None:
        """The last count that was entered of a vote on paper."""
        rows = self.poll.paper_counts.select_related("entered_by", "countersigned_by")
        return rows.order_by("-number").first() if self.on_paper else None

    @property
    def enter_until(self) -> dt.datetime:
        """Until when a count on paper is entered and countersigned."""
        return enter_until(self.poll)

    @cached_property
    def names(self) -> list[NamedLine]:
        """Of a vote by name that is declared: who voted what; before, nothing."""
        return named_lines(self.poll) if self.is_named and self.stage == "declared" else []

    @property
    def is_ranked(self) -> bool:
        return self.poll.kind == PollKind.STV

    @property
    def is_by_lists(self) -> bool:
        return self.poll.kind in BY_LISTS

    @property
    def how_to_mark(self) -> str:
        """The instruction above the paper."""
        if self.is_by_lists:
            return _("Mark one list. Its people take its seats in the order in which they stand on it.")
        if self.is_ranked:
            return _("Put 1 at the first preference, 2 at the second, and so on. One person is enough.")
        if self.poll.kind == PollKind.PLURALITY:
            return ngettext(
                "Mark one person. Those with most marks are elected.",
                "Mark up to %(n)s people. Those with most marks are elected.",
                self.poll.seats or 1,
            ) % {"n": self.poll.seats}
        return _("Mark each person that suits you, as many as you want. Those with most marks are elected.")

    @property
    def how_counted(self) -> str:
        """In two sentences, for whoever asks."""
        if self.is_by_lists:
            return _(
                "Each mark is one vote for that list. Seats are shared among the lists by their votes: each goes to the"
                " list with the highest quotient, and to the next person of it."
            )
        if self.is_ranked:
            return _(
                "A vote goes first to its number 1. If that person does not need it, or can no longer win, it passes to"
                " its number 2. It never counts twice, and giving places to more people does not harm the first."
            )
        if self.poll.kind == PollKind.PLURALITY:
            return _("Each mark is one vote for that person, and all marks weigh the same.")
        return _(
            "Each mark is one vote for that person, and all marks weigh the same. Marking more people does not weaken"
            " your first."
        )

    @property
    def quorum_needed(self) -> int | None:
        """How many must vote, where the quorum is one of the roll."""
        quorum = question_of(self.poll).quorum
        if quorum.base != "roll" or not quorum.share or self.poll.quorum_base is None:
            return None
        return ceiling(quorum.share, self.poll.quorum_base)

    @property
    def what_is_published(self) -> str:
        """Told before voting: how much of the result this many ballots let through."""
        if self.on_paper:
            return _("The papers are counted before everybody; one person enters the count, another countersigns.")
        if self.is_named:
            return _("The result is published at the close, with each name and its vote.")
        if (self.poll.roll_size or 0) >= BALLOTS_FROM:
            return _(
                "At the close the totals are published; from %(n)s ballots on also each ballot, without its name."
            ) % {"n": BALLOTS_FROM}
        if self.is_by_lists:
            sentence = _(
                "The result and the turnout are published at the close. With fewer than %(n)s ballots only how many"
                " seats each list has is published, not the totals."
            )
        elif self.is_yes_no:
            sentence = _(
                "The result and the turnout are published at the close. With fewer than %(n)s ballots only what was"
                " decided is published, not the totals."
            )
        else:
            sentence = _(
                "The result and the turnout are published at the close. With fewer than %(n)s ballots only who is"
                " elected is published, not the totals."
            )
        return sentence % {"n": totals_from(election=not self.is_yes_no)}

    @property
    def stuck_sentence(self) -> str:
        """Where the count was given up; else empty."""
        return str(STUCK) if self.stuck else ""

    @property
    def export_url(self) -> str:
        """The signed file of a vote that is over."""
        election = getattr(self.poll, "election", None)
        name, about = ("election_export", election) if election else ("vote_export", self.poll)
        return reverse(name, args=[about.uuid])

    @cached_property
    def leaving(self) -> list[str]:
        """What candidates of an election would leave if they were elected."""
        election = getattr(self.poll, "election", None)
        if election is None or not Rules.read(self.poll.rule_set.rules).incompatible:
            return []
        people = Member.objects.filter(uuid__in=[id for option in self.poll.options for id in nominees_of(option)])
        return leaving_in_words(election=election, people=list(people), at=self.now)

    # --- the result ------------------------------------------------------------------------------

    @property
    def result(self) -> dict[str, Any]:
        return self.poll.result if self.stage in ("declared", "void", "interrupted") else {}

    @property
    def outcome(self) -> str:
        return str(OUTCOMES.get(self.result.get("outcome", ""), ""))

    @property
    def why(self) -> str:
        """The reason of an end without a result."""
        return str(ENDS.get(self.result.get("reason", ""), ""))

    @property
    def tally(self) -> dict[str, int]:
        """Empty under the floor of publication."""
        return dict(self.result.get("tally", {}))

    @property
    def shares(self) -> dict[str, float]:
        """Of yes, no, abstain: the part of their sum."""
        whole = sum(self.tally.values()) or 1
        return {answer: n / whole for answer, n in self.tally.items()}

    @property
    def tally_label(self) -> str:
        """The bar in words, for those who do not see it."""
        said = {name: figures.figure(n) for name, n in self.tally.items()}
        return _("Result: %(yes)s yes, %(no)s no, %(abstain)s abstentions, of %(roll)s.") % {
            **said,
            "roll": figures.figure(self.poll.roll_size),
        }

    @property
    def turnout_label(self) -> str:
        return _("%(voted)s of %(roll)s have voted.") % {
            "voted": figures.figure(self.voted_so_far),
            "roll": figures.figure(self.poll.roll_size),
        }

    @property
    def bars(self) -> list[Bar]:
        """Candidates by votes; without votes under the floor."""
        elected, tally = self.result.get("elected", []), self.tally
        papers = self.result.get("present", 0) - self.result.get("spoilt", 0)
        bars = [
            Bar(o["label"], tally.get(o["id"], 0), papers, o["id"] in elected and self.result["outcome"] == "elected")
            for o in self.poll.options
        ]
        return sorted(bars, key=lambda b: (-b.votes, not b.elected, b.label))

    @cached_property
    def stages(self) -> StagesPage | None:
        """The count of a ranked vote, where its totals are published."""
        return stages_of(self.poll, self.result)

    @cached_property
    def lists(self) -> ListsPage | None:
        """Votes and seats of an election by lists that came to a decision."""
        return lists_of(self.poll, self.result)

    @property
    def elected(self) -> list[str]:
        if self.lists is not None:
            return self.lists.elected
        names = {o["id"]: o["label"] for o in self.poll.options}
        return [names[i] for i in self.result.get("elected", [])] if self.result.get("outcome") == "elected" else []

    @property
    def substitutes(self) -> list[tuple[str, list[str]]]:
        """Who follows each of the elected: (of whom, names in order); one row without name where it is all the same."""
        names, after = {o["id"]: o["label"] for o in self.poll.options}, self.result.get("substitutes", {})
        # in the order of election: a database may keep the keys of an object in an order of its own
        rows = [(names[one], [names[i] for i in after[one]]) for one in self.result.get("elected", []) if one in after]
        if len({tuple(others) for _one, others in rows}) == 1:
            rows = [("", rows[0][1])]
        return rows

    @property
    def no_substitutes(self) -> str:
        """Why nobody follows though the rules ask for it."""
        if not self.elected or "substitutes" in self.result or not question_of(self.poll).substitutes:
            return ""
        return _("So few ballots were cast that an order of substitutes would tell who voted what: there are none.")

    @property
    def tied(self) -> list[str]:
        names = {o["id"]: o["label"] for o in self.poll.options}
        return [names[i] for i in self.result.get("tied", [])] if self.result.get("outcome") == "tie" else []


def parts_of(*, poll: Poll, member: Member, at: dt.datetime) -> PollParts:
    """What ``member`` may see of ``poll`` at ``at``. Bring the poll up to date first."""
    row = poll.roll.filter(member=member).defer("envelope").first()
    big = poll.is_open(at) and poll.secrecy != Secrecy.PAPER and (poll.roll_size or 0) >= OPEN_TURNOUT_FROM
    way = franchise_in(poll, member, row).way
    over = poll.closes_at <= at and poll.state in (PollState.OPEN, PollState.COUNTED)
    turnout = poll.roll.voted().count() if big else None
    fingerprint = signing_fingerprint() if is_exported(poll) else ""
    stuck = over and is_stuck(poll)
    may_count = over and poll.secrecy == Secrecy.PAPER and may("enter_count", by=member, on=poll, at=at)
    return PollParts(poll, at, row, way, turnout, stuck=stuck, may_count=may_count, fingerprint=fingerprint)
