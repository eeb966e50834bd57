"""Pages of votes on paper: where one is held, the count that one enters and another countersigns."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from councils import permissions
from councils.domain.outcome import bring_up_to_date
from councils.domain.paper_count import announce_place, countersign_count, enter_count, hand_count
from councils.enums import Secrecy
from councils.errors import Refused
from councils.forms.paper_count import CountForm, PlaceForm, options_of
from councils.models import PaperCount
from councils.views.acting import acting_member
from councils.views.poll import poll_for
from councils.views.poll_parts import parts_of


@require_POST
def announce(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say where it is held."""
    member, now = acting_member(request), timezone.now()
    poll, form = poll_for(member, uuid, now), PlaceForm(request.POST)
    if form.is_valid():
        announce_place(poll=poll, place=form.cleaned_data["place"], by=member, at=now)
        messages.success(request, _("Said. Everybody on the roll reads it."))
    return redirect("vote", uuid)


@require_http_methods(["GET", "POST"])
def show_count(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The count that was entered, to be compared and countersigned; and the form to enter it, or to enter it anew."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    if poll.secrecy != Secrecy.PAPER:
        raise Http404
    permissions.require("enter_count", by=member, on=poll, at=now)
    files = request.FILES if request.method == "POST" else None
    form = CountForm(request.POST if request.method == "POST" else None, files, poll=poll)
    if request.method == "POST" and form.is_valid():
        try:
            enter_count(poll=poll, count=form.count, by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. It holds once another person countersigns it."))
            return redirect("paper_count", uuid)
    vote = parts_of(poll=poll, member=member, at=now)
    context = {"form": form, "vote": vote, "lines": lines_of(vote.paper), "now": now}
    return render(request, "councils/paper_count/show.html", context, status=422 if form.errors else 200)


def lines_of(row: PaperCount | None) -> list[tuple[str, int]]:
    """What was entered: (words, how many) of each option, or of each kind of ranked paper."""
    if row is None:
        return []
    names, count = dict(options_of(row.poll)), hand_count(row)
    if count.rankings:
        ranked = sorted(count.rankings.items(), key=lambda kind: (-kind[1], kind[0]))
        return [(" > ".join(names[str(c)] for c in ranking), n) for ranking, n in ranked]
    # in the order of the paper: a database may keep the keys of an object in an order of its own
    return [(words, count.tally[id]) for id, words in names.items() if id in count.tally]


@require_POST
def countersign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another person says that it is what the protocol says."""
    member, now = acting_member(request), timezone.now()
    row = get_object_or_404(PaperCount.objects.select_related("poll"), uuid=uuid)
    poll = poll_for(member, row.poll.uuid, now)
    bring_up_to_date(poll=countersign_count(count=row, by=member, at=now), at=now)
    messages.success(request, _("Countersigned. The result is counted and declared."))
    return redirect("vote", poll.uuid)
