"""Moderation: an elected delegate says whether a proposal goes on, with a public reason.

Never her own. Unanswered in time means admitted (``domain.deliberation``), so that nobody
stops a proposal by silence; and each text is moderated once, so that nobody stops it twice.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.domain.deliberation import cancel_vote, current, last_version, move, open_deliberation
from councils.domain.proposal import ask_moderation
from councils.enums import ProposalState, Verdict
from councils.errors import Denied, Refused
from councils.models import Complaint, Member, Moderation, Proposal
from councils.text import clean, says_something

REASON_LIMIT = 2000


def require_moderator(*, proposal: Proposal, by: Member, at: dt.datetime) -> None:
    """Raise ``Denied`` unless ``by`` may moderate it; to its author it says why."""
    if proposal.author_id == by.pk:
        raise Denied(_("Nobody moderates her own proposal: another delegate decides on it."))
    permissions.require("moderate_proposal", by=by, on=proposal, at=at)


def moderate_proposal(*, proposal: Proposal, verdict: str, reason: str, by: Member, at: dt.datetime) -> Moderation:
    """Admit ``proposal`` to deliberation or return it to its author.

    Raises ``Denied`` for its author and for whoever is not a moderator at ``at``; ``Refused``
    without a reason, and where it was decided already, by another or by the clock.
    """
    require_moderator(proposal=proposal, by=by, at=at)
    if verdict not in Verdict.values:
        raise Refused(_("Choose one of the two: admit or return."))
    reason = _reasoned(reason)
    with transaction.atomic():
        row = current(proposal, at)
        if row.state != ProposalState.MODERATION:
            raise Refused(_already_decided(row))
        decision = Moderation.objects.create(
            proposal=row, version=last_version(row), moderator=by, verdict=verdict, reason=reason, at=at
        )
        if verdict == Verdict.ADMITTED:
            open_deliberation(row, admitted_at=at, by=by, verb="admit_proposal", at=at)
            current(row, at)
        else:
            move(row, ProposalState.RETURNED)
            row.save(update_fields=["state"])
            audit.record(verb="return_proposal", by=by, at=at, body=row.body, subject=row)
    return decision


def complain_about_proposal(*, proposal: Proposal, reason: str, by: Member, at: dt.datetime) -> Complaint:
    """Ask that a text which went straight to the assembly be moderated before it is voted.

    Once per text, while it is in deliberation; its vote is called off until a moderator
    answers. Raises ``Refused`` for a text that a moderator, or the clock, has admitted.
    """
    permissions.require("complain_about_proposal", by=by, on=proposal, at=at)
    reason = _reasoned(reason)
    with transaction.atomic():
        row = current(proposal, at)
        if row.state != ProposalState.DELIBERATION:
            raise Refused(
                _("A complaint is made while the proposal is in deliberation. This one is “%(state)s”.")
                % {"state": ProposalState(row.state).label}
            )
        version = last_version(row)
        if row.moderations.filter(version=version, verdict=Verdict.ADMITTED).exists():
            raise Refused(_("This text was already moderated and admitted; the assembly decides it by vote."))
        complaint = Complaint.objects.create(proposal=row, version=version, author=by, reason=reason, at=at)
        cancel_vote(row, at=at)
        ask_moderation(row, at=at)
        audit.record(verb="complain_about_proposal", by=by, at=at, body=row.body, subject=row)
    return complaint


def _reasoned(reason: str) -> str:
    reason = clean(reason).strip()
    if not says_something(reason):
        raise Refused(_("Write the reason: it is published with your name."))
    if len(reason) > REASON_LIMIT:
        raise Refused(_("The reason has at most %(n)s characters.") % {"n": REASON_LIMIT})
    return reason


def _already_decided(proposal: Proposal) -> str:
    last = proposal.moderations.select_related("moderator").order_by("-at", "-pk").first()
    if last is None or proposal.state not in (ProposalState.DELIBERATION, ProposalState.RETURNED, ProposalState.VOTING):
        return _("This proposal does not wait for moderation; it is “%(state)s”.") % {
            "state": ProposalState(proposal.state).label
        }
    if last.moderator is None:
        return _("The time to moderate it ran out, and the rules admitted it. Nothing was changed.")
    return _("%(name)s decided it before you: %(verdict)s. Nothing was changed.") % {
        "name": last.moderator,
        "verdict": Verdict(last.verdict).label,
    }
