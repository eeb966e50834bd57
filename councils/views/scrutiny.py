"""Pages of the scrutineers' key: who holds it, the papers, the drill, the opening of the urn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from councils import permissions
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import waits_for_shares
from councils.domain.scrutiny import drill_key, make_shares, unlock_urn
from councils.enums import PollState
from councils.errors import Refused
from councils.forms.scrutiny import ScrutineersForm, SharesForm
from councils.models import Poll
from councils.views.acting import acting_member
from councils.views.code_batch import qr
from councils.views.poll import poll_for
from councils.views.poll_parts import parts_of


@require_safe
def show_key(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who holds shares, and what is to be done with them now. 404 where nobody does."""
    return _page(request, _poll(request, uuid))


def _poll(request: HttpRequest, uuid: UUID) -> Poll:
    poll = poll_for(acting_member(request), uuid, timezone.now())
    if poll.shares_needed is None:
        raise Http404
    return poll


def _page(
    request: HttpRequest,
    poll: Poll,
    *,
    people: ScrutineersForm | None = None,
    shares: SharesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member, now = acting_member(request), timezone.now()
    to_come = poll.state == PollState.SCHEDULED and now < poll.closes_at
    may_make = to_come and poll.drilled_at is None and permissions.may("make_shares", by=member, on=poll, at=now)
    may_use = permissions.may("use_shares", by=member, on=poll, at=now)
    context = {
        "vote": parts_of(poll=poll, member=member, at=now),
        "scrutineers": poll.scrutineers.select_related("member").order_by("number"),
        "people": people or (ScrutineersForm(poll=poll, at=now) if may_make else None),
        "to_drill": may_use
        and to_come
        and poll.scrutiny_key is not None
        and poll.drilled_at is None
        and poll.shares_by_id != member.pk,
        "to_unlock": may_use and waits_for_shares(poll, now),
        "shares": shares or SharesForm(poll=poll),
        "form": shares or people,
        "now": now,
    }
    return render(request, "councils/scrutiny/show.html", context, status=status)


@never_cache
@require_POST
def print_shares(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The papers are the answer to the POST itself: the shares are in no session, redirect or cache."""
    member, now = acting_member(request), timezone.now()
    poll = _poll(request, uuid)
    form = ScrutineersForm(request.POST, poll=poll, at=now)
    if not form.is_valid():
        return _page(request, poll, people=form, status=422)
    try:
        made = make_shares(poll=poll, scrutineers=form.people, by=member, at=now)
    except Refused as e:
        form.add_error(None, str(e))
        return _page(request, poll, people=form, status=422)
    papers = [{"share": share, "qr": qr(share.text)} for share in made]
    context = {"vote": parts_of(poll=poll, member=member, at=now), "papers": papers, "now": now}
    return render(request, "councils/scrutiny/papers.html", context)


@never_cache
@sensitive_post_parameters()
@require_POST
def drill(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Before the opening: prove that the papers can be read."""
    return _use(request, uuid, unlocking=False)


@never_cache
@sensitive_post_parameters()
@require_POST
def unlock(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """After the close: take the outer envelopes off."""
    return _use(request, uuid, unlocking=True)


def _use(request: HttpRequest, uuid: UUID, *, unlocking: bool) -> HttpResponse:
    member, now = acting_member(request), timezone.now()
    poll = _poll(request, uuid)
    form = SharesForm(request.POST, poll=poll)
    if not form.is_valid():
        return _page(request, poll, shares=form, status=422)
    try:
        if unlocking:
            poll = unlock_urn(poll=poll, typed=form.typed, by=member, at=now)
        else:
            drill_key(poll=poll, typed=form.typed, by=member, at=now)
    except Refused as e:
        form.add_error(None, str(e))
        return _page(request, poll, shares=form, status=422)
    if unlocking:
        bring_up_to_date(poll=poll, at=now)
        messages.success(request, _("The outer envelopes are off; the ballots are being counted."))
        return redirect("vote", uuid)
    messages.success(request, _("The shares fit. The vote opens at its hour."))
    return redirect("vote_key", uuid)
