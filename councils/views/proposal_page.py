"""What the pages of proposals show: rows of the list, and everything on the page of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from councils import permissions
from councils.domain.proposal import EDITABLE, members_of
from councils.domain.secrecy import may_choose_paper
from councils.enums import PROPOSAL_TRANSITIONS, ProposalKind, ProposalState, Verdict
from councils.figures import short_day
from councils.models import AuditEvent, Complaint, Member, Moderation, Proposal, ProposalVersion, RuleSet
from councils.models.electorate import electors
from councils.models.proposal import ProposalQuerySet
from councils.rules import Rules
from councils.text import Span, differences, paragraphs, render
from councils.views.poll_parts import PollParts, parts_of
from councils.views.rule_changes import RuleChanges, changes_of_text

DECIDED = (ProposalState.ADOPTED, ProposalState.REJECTED, ProposalState.NO_QUORUM)
#: How a state looks: tone and symbol of its badge.
LOOKS = {
    ProposalState.DRAFT: ("", "informe"),
    ProposalState.MODERATION: ("info", "scale"),
    ProposalState.RETURNED: ("watch", "down"),
    ProposalState.DELIBERATION: ("info", "people"),
    ProposalState.VOTING: ("info", "urna"),
    ProposalState.ADOPTED: ("ok", "check"),
    ProposalState.REJECTED: ("", "x"),
    ProposalState.NO_QUORUM: ("", "nodata"),
    ProposalState.WITHDRAWN: ("", "x"),
    ProposalState.INTERRUPTED: ("alarm", "watch"),
}
FILTERS: dict[str, Promise] = {
    "": gettext_lazy("All"),
    "mine": pgettext_lazy("proposals", "Mine"),
    "moderation": gettext_lazy("In moderation"),
    "deliberation": gettext_lazy("In deliberation"),
    "voting": gettext_lazy("To vote"),
    "decided": pgettext_lazy("proposals", "Decided"),
}


# --- the list -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One proposal in a list."""

    proposal: Proposal
    state: ProposalState
    tone: str
    icon: str
    author: str
    due_at: dt.datetime | None
    due: str


def row_of(proposal: Proposal, at: dt.datetime) -> Row:
    """As it is by the clock at ``at``. Needs body, poll and author loaded."""
    state = ProposalState(proposal.state_at(at))
    due_at, due = _deadline(proposal, state, at)
    return Row(proposal, state, *LOOKS[state], author_of(proposal), due_at, due)


def _deadline(proposal: Proposal, state: ProposalState, at: dt.datetime) -> tuple[dt.datetime | None, str]:
    if state == ProposalState.MODERATION:
        return proposal.moderation_due_at, _("Then it is admitted.")
    if state == ProposalState.DELIBERATION and proposal.poll is not None:
        return proposal.poll.opens_at, _("Then the vote begins.")
    if state == ProposalState.VOTING and proposal.poll is not None:
        if proposal.poll.closes_at <= at:
            return None, _("The vote has closed; the ballots are being counted.")
        return proposal.poll.closes_at, _("Then it is counted.")
    return None, ""


def author_of(proposal: Proposal) -> str:
    """Her name; in a protected body, its committee."""
    return _("the committee") if proposal.body.protected else str(proposal.author)


def filters(key: str) -> list[tuple[str, Promise, bool]]:
    """(key, words, whether it is the one chosen) for each filter of the list."""
    return [(k, words, k == key) for k, words in FILTERS.items()]


def chosen(visible: ProposalQuerySet, key: str, member: Member, at: dt.datetime) -> ProposalQuerySet:
    """The rows of one filter; an unknown one gives all."""
    if key == "mine":
        return visible.filter(author=member)
    if key == "decided":
        return visible.in_state(*DECIDED)
    return visible.in_state_at(key, at) if key in FILTERS and key else visible


# --- one proposal ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Acts:
    """What this member may do to it now; the verbs ask again."""

    edit: bool = False
    submit: bool = False
    withdraw: bool = False
    moderate: bool = False
    #: She would moderate it, were it not hers.
    not_mine_to_moderate: bool = False
    complain: bool = False
    convene: bool = False

    @property
    def any(self) -> bool:
        """Whether the page has a section of acts; moderating has its place beside the moderation."""
        return self.edit or self.submit or self.withdraw or self.complain or self.convene


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: dt.datetime
    words: Promise
    who: str
    sentence: str
    icon: str


@dataclass(frozen=True)
class ProposalPage:
    """All that the page shows. ``changes`` replaces the text where a comparison was asked for."""

    row: Row
    mine: bool
    stages: list[tuple[str, str, str]]
    version: ProposalVersion
    earlier: list[ProposalVersion]
    html: str
    since: ProposalVersion | None
    changes: list[list[Span]]
    decisions: list[Moderation]
    complaints: list[Complaint]
    rules: list[str]
    rule_set: RuleSet | None
    rule_changes: RuleChanges | None
    log: list[Entry]
    acts: Acts
    #: Whoever submits it now may have it voted on paper.
    may_choose_paper: bool
    vote: PollParts | None


def page_of(proposal: Proposal, *, member: Member, at: dt.datetime, since: str = "") -> ProposalPage:
    """Gather the page for ``member``. Others than its author see no text that was not submitted."""
    row, mine = row_of(proposal, at), proposal.author_id == member.pk
    versions = list(proposal.versions.order_by("-number"))
    if not mine:
        versions = [v for v in versions if v.number <= (proposal.submitted_version or 0)]
    latest, *earlier = versions
    base = next((v for v in earlier if str(v.number) == since), None)
    decisions = list(proposal.moderations.select_related("moderator", "version").order_by("-at", "-pk"))
    complaints = list(proposal.complaints.select_related("author").order_by("-at"))
    rule_set = proposal.rule_set or RuleSet.objects.in_force(proposal.body, at)
    rules, members = Rules.read(rule_set.rules if rule_set else {}), members_of(proposal.body, at)
    moderated = bool(decisions or complaints) or (
        proposal.submitted_at is None and rules.moderating(members) == "always"
    )
    return ProposalPage(
        row=row,
        mine=mine,
        stages=stages(proposal, row.state, decisions, moderated=moderated),
        version=latest,
        earlier=earlier,
        html=render(latest.text),
        since=base,
        changes=paragraphs(differences(base.text, latest.text)) if base else [],
        decisions=decisions,
        complaints=complaints,
        rules=rules.proposal_in_words(members=members, rules=proposal.kind == ProposalKind.RULES),
        rule_set=rule_set,
        rule_changes=changes_of_text(
            latest.rule_changes, poll=proposal.poll, body=proposal.body, written=proposal.rule_set, at=at
        ),
        log=log_of(proposal, mine=mine),
        acts=acts_on(proposal, row.state, latest, decisions, member=member, at=at),
        may_choose_paper=mine and may_choose_paper(rules=rules, able=len(electors(proposal.body, at))),
        vote=parts_of(poll=proposal.poll, member=member, at=at) if proposal.poll else None,
    )


def acts_on(
    proposal: Proposal,
    state: ProposalState,
    latest: ProposalVersion,
    decisions: list[Moderation],
    *,
    member: Member,
    at: dt.datetime,
) -> Acts:
    """Who may, from the permission table; when, from the state."""

    def may(verb: str) -> bool:
        return permissions.may(verb, by=member, on=proposal, at=at)

    here = [d for d in decisions if d.version_id == latest.pk]
    returned = any(d.verdict == Verdict.RETURNED for d in here)
    admitted = any(d.verdict == Verdict.ADMITTED for d in here)
    early = proposal.rule_set is not None and Rules.read(proposal.rule_set.rules).may_convene_early
    mine, moderation = proposal.author_id == member.pk, state == ProposalState.MODERATION
    return Acts(
        edit=state in EDITABLE and may("revise_proposal"),
        submit=state in EDITABLE and not returned and may("submit_proposal"),
        withdraw=ProposalState.WITHDRAWN in PROPOSAL_TRANSITIONS[state] and may("withdraw_proposal"),
        moderate=moderation and may("moderate_proposal"),
        not_mine_to_moderate=moderation and mine and may("see_moderation"),
        complain=state == ProposalState.DELIBERATION and not admitted and may("complain_about_proposal"),
        convene=(state == ProposalState.INTERRUPTED or (state == ProposalState.DELIBERATION and early))
        and may("convene_vote"),
    )


def stages(
    proposal: Proposal, state: ProposalState, decisions: list[Moderation], *, moderated: bool
) -> list[tuple[str, str, str]]:
    """(done, now or next; words; dates) from the draft to the decision, for ``_stepper.html``."""
    poll, moderating = proposal.poll, state in (ProposalState.MODERATION, ProposalState.RETURNED)
    order = [ProposalState.DRAFT, ProposalState.DELIBERATION, ProposalState.VOTING]
    if moderated or moderating:
        order.insert(1, ProposalState.MODERATION)
    words = {
        ProposalState.DRAFT: _("Draft"),
        ProposalState.MODERATION: _("Moderated") if decisions and not moderating else _("Moderation"),
        ProposalState.DELIBERATION: _("Deliberation"),
        ProposalState.VOTING: pgettext("stage", "Vote"),
    }
    dates = {
        ProposalState.DRAFT: day(proposal.created_at),
        ProposalState.MODERATION: day(decisions[0].at) if decisions else "",
        ProposalState.DELIBERATION: day(proposal.admitted_at),
        ProposalState.VOTING: "",
    }
    if state == ProposalState.MODERATION:
        dates[state] = _("until %(day)s") % {"day": day(proposal.moderation_due_at)}
    elif poll is not None:
        dates[ProposalState.DELIBERATION] = _("%(first)s to %(last)s") % {
            "first": day(proposal.admitted_at),
            "last": day(poll.opens_at),
        }
        said = (
            _("until %(day)s") if state in (ProposalState.DELIBERATION, ProposalState.VOTING) else _("closed %(day)s")
        )
        dates[ProposalState.VOTING] = said % {"day": day(poll.closes_at)}
    reached = {ProposalState.RETURNED: ProposalState.MODERATION, ProposalState.INTERRUPTED: ProposalState.VOTING}
    if state in (*DECIDED, ProposalState.WITHDRAWN):
        done = [s for s in order if dates[s]] if state == ProposalState.WITHDRAWN else order
        return [
            *(("done", words[s], dates[s]) for s in done),
            ("now", str(state.label).capitalize(), day(proposal.decided_at)),
        ]
    at_stage = reached.get(state, state)
    if state != at_stage:
        words[at_stage] = str(state.label).capitalize()
    here = order.index(at_stage)
    rows = [
        ("done" if i < here else "now" if i == here else "next", words[s], dates[s] if i <= here else "")
        for i, s in enumerate(order)
    ]
    return [*rows, ("next", _("Decision"), "")]


#: Acts that only their author sees: what was not submitted is hers alone.
OWN = {"draft_proposal", "revise_proposal"}
LOG: dict[str, tuple[Promise, str]] = {
    "draft_proposal": (gettext_lazy("Drafted"), "informe"),
    "revise_proposal": (gettext_lazy("Text changed"), "informe"),
    "submit_proposal": (gettext_lazy("Submitted"), "up"),
    "admit_by_rule": (gettext_lazy("Straight to the assembly, as its rules say"), "check"),
    "admit_unanswered": (gettext_lazy("Admitted: nobody moderated it in time"), "check"),
    "admit_proposal": (gettext_lazy("Admitted to deliberation"), "scale"),
    "return_proposal": (gettext_lazy("Returned to its author"), "down"),
    "complain_about_proposal": (gettext_lazy("Complaint: moderation asked for"), "scale"),
    "convene_vote": (gettext_lazy("Vote convened"), "urna"),
    "begin_vote": (gettext_lazy("The vote began"), "urna"),
    "amend_rules": (gettext_lazy("The rules were changed"), "check"),
    "refuse_rules": (gettext_lazy("The rules stay as they are: the change cannot stand beside them"), "x"),
    "withdraw_proposal": (gettext_lazy("Withdrawn by its author"), "x"),
    "conclude_proposal": (gettext_lazy("Vote concluded"), "check"),
}


def log_of(proposal: Proposal, *, mine: bool) -> list[Entry]:
    """What was done to it, the latest first. In a protected body its author appears as the committee."""
    events = AuditEvent.objects.filter(subject=proposal.uuid, verb__in=LOG).select_related("actor")
    entries = []
    for event in events.order_by("-at", "-pk"):
        if event.verb in OWN and not mine:
            continue
        words, icon = LOG[event.verb]
        who = author_of(proposal) if event.actor_id == proposal.author_id else str(event.actor or "")
        entries.append(Entry(event.at, words, who, _detail(event), icon))
    return entries


def _detail(event: AuditEvent) -> str:
    if event.verb == "convene_vote":
        days = event.detail["days"]
        return ngettext("For %(n)s day.", "For %(n)s days.", days) % {"n": days}
    if event.verb == "conclude_proposal":
        return str(ProposalState(event.detail["outcome"]).label).capitalize() + "."
    if "version" in event.detail:
        return _("Version %(n)s.") % {"n": event.detail["version"]}
    return ""


def day(at: dt.datetime | None) -> str:
    """“2 nov”."""
    return short_day(timezone.localtime(at)) if at else ""
