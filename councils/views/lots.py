"""Pages of lots: a place for each name, and the confirmation by another person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from councils.domain.lots import confirm_lots, enter_lots
from councils.errors import Refused
from councils.forms.lots import LotsForm
from councils.models import LotDraw
from councils.views.acting import acting_member
from councils.views.election import election_for
from councils.views.election_page import page_of


@require_http_methods(["GET", "POST"])
def show_lots(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The order that was drawn, who entered and who confirmed it; to enter it, a number beside each name."""
    member, now = acting_member(request), timezone.now()
    page = page_of(election_for(member, uuid, now), member=member, at=now)
    if page.lots is None:
        raise Http404
    form = LotsForm(request.POST if request.method == "POST" else None, poll=page.lots.poll)
    if request.method == "POST" and form.is_valid():
        try:
            enter_lots(election=page.election, order=form.order, by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. Another person has to confirm it."))
            return redirect("election_lots", uuid)
    context = {"page": page, "form": form, "now": now}
    return render(request, "councils/election/lots.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Agree with the order that was read."""
    member, now = acting_member(request), timezone.now()
    draw = get_object_or_404(LotDraw.objects.select_related("poll__election__electorate"), uuid=uuid)
    election = election_for(member, draw.poll.election.uuid, now)
    confirm_lots(draw=draw, by=member, at=now)
    messages.success(request, _("Confirmed: a tie goes by this order."))
    return redirect("election_lots", election.uuid)
