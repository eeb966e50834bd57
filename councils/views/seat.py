"""Pages of one's own seat: giving it back, and handing it over for some days."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from councils.clock import local_day
from councils.domain.replacement import days_in_words, hand_over_seat, take_back_seat
from councils.domain.resignation import Following, following, resign_seat
from councils.errors import Refused
from councils.forms.seat import HandOverForm
from councils.models import Replacement, Seat
from councils.models.electorate import is_council
from councils.views.acting import acting_member


def what_follows(seat: Seat, what: Following) -> list[str]:
    """In sentences, before she confirms."""
    said = [_("Your seat ends at once. It cannot be taken back: only an election gives it again.")]
    said += [_("You leave %(body)s too: that seat stands on this one.") % {"body": above.body} for above in what.above]
    if what.recall:
        said.append(_("The recall of this seat that is under way lapses, without a vote."))
    if what.leaves_empty:
        said.append(_("Nobody else sits in the committee: until an election fills it, it can do nothing."))
    said.append(what.rules.vacancy_in_words(seat.election.method if seat.election else ""))
    if what.open_votes:
        said.append(
            ngettext(
                "You stand on the roll of %(n)s open vote there, which is closed: you may still vote in it.",
                "You stand on the roll of %(n)s open votes there, which are closed: you may still vote in them.",
                what.open_votes,
            )
            % {"n": what.open_votes}
        )
    said.append(_("Those who elected you and those who sit there are told, and it stands in the log with your name."))
    return said


@require_http_methods(["GET", "POST"])
def resign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give back one's own seat ``uuid``: what follows, and one confirmation."""
    member, now = acting_member(request), timezone.now()
    mine = Seat.objects.of(member).select_related("body__territory", "holder", "election__rule_set")
    seat = get_object_or_404(mine, uuid=uuid)
    if request.method == "POST":
        resign_seat(seat=seat, by=member, at=now)
        messages.success(request, _("You resigned. Those who elected you are told."))
        return redirect("account")
    held = Seat.objects.held_at(now).filter(pk=seat.pk).exists()
    context = {"seat": seat, "held": held, "follows": what_follows(seat, following(seat=seat, at=now))}
    return render(request, "councils/seat/resign.html", context)


def _why_not(seat: Seat, held: bool, followers: int) -> str:
    """Why ``seat`` cannot be handed over; empty if it can."""
    if not held:
        return _("This seat is no longer held.")
    if not is_council(seat.body):
        return _("Only a seat in a council is handed over: in a committee the others act meanwhile.")
    return "" if followers else _("This seat has no substitutes: its election named none.")


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a substitute stand in on some days for one's own seat ``uuid``; what is handed over already."""
    member, now = acting_member(request), timezone.now()
    mine = Seat.objects.of(member).select_related("body__territory", "holder", "elected_by__territory")
    seat = get_object_or_404(mine, uuid=uuid)
    followers = {str(row.uuid): row for row in seat.substitutes.select_related("member").order_by("rank")}
    why = _why_not(seat, Seat.objects.held_at(now).filter(pk=seat.pk).exists(), len(followers))
    names = [(id, row.member.name) for id, row in followers.items()]
    form = None if why else HandOverForm(request.POST if request.method == "POST" else None, substitutes=names)
    if form is not None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            hand_over_seat(
                seat=seat,
                substitute=followers[data["substitute"]],
                from_on=data["from_on"],
                until_on=form.until_on,
                by=member,
                at=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Handed over for those days."))
            return redirect("seat_hand_over", uuid)
    coming = seat.replacements.filter(until_on__gt=local_day(now)).select_related("member").order_by("from_on")
    context = {"seat": seat, "form": form, "why": why, "coming": [(row, days_in_words(row)) for row in coming]}
    status = 422 if form is not None and form.errors else 200
    return render(request, "councils/seat/hand_over.html", context, status=status)


@require_POST
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a replacement: its holder, or who stands in."""
    member, now = acting_member(request), timezone.now()
    hers = Replacement.objects.filter(Q(seat__holder=member) | Q(member=member)).select_related("seat")
    replacement = get_object_or_404(hers, uuid=uuid)
    take_back_seat(replacement=replacement, by=member, at=now)
    messages.success(request, _("Taken back. From the next day on the holder acts again."))
    return redirect("delegate", replacement.seat.uuid)
