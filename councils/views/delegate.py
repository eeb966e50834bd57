"""The page of a delegate: who elected her, what she was told, what she voted, what she reports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from councils import permissions
from councils.clock import local_day
from councils.domain.delegate import Verdict, VoteLine, report_back, told_to, votes_of
from councils.domain.poll_title import title_of_poll
from councils.domain.replacement import days_in_words
from councils.domain.winners import nominees_of
from councils.enums import COUNCIL_OF, Choice
from councils.errors import Refused
from councils.forms.delegate import ReportForm
from councils.models import Election, Member, Poll, Question, Replacement, Seat
from councils.models.electorate import follows
from councils.views.acting import acting_member
from councils.views.named_votes import in_words
from councils.views.seat_list import recall_links

PER_PAGE = 20


def seat_for(member: Member, uuid: UUID, at: dt.datetime) -> Seat:
    """The seat of a council under which ``member`` works, or her own; else 404."""
    seats = Seat.objects.filter(body__kind__in=COUNCIL_OF.values())
    loaded = seats.select_related("holder", "body__territory", "elected_by__territory", "represents", "election__poll")
    seat = get_object_or_404(loaded, uuid=uuid)
    if seat.holder != member and not follows(member, seat.body, at):
        raise Http404
    return seat


@dataclass(frozen=True)
class Row:
    """One vote as the page shows it."""

    line: VoteLine
    title: str
    told: str
    said: str


def rows_of(lines: Iterable[VoteLine]) -> list[Row]:
    return [
        Row(
            line,
            title_of_poll(line.poll),
            str(Choice(line.told).label) if line.told else "",
            in_words(line.poll, line.marks),
        )
        for line in lines
    ]


def election_votes(seat: Seat) -> int | None:
    """How many voted for her or her list, where the totals were published."""
    poll = seat.election.poll if seat.election else None
    if poll is None:
        return None
    tally = poll.result.get("tally", {})
    hers = [o["id"] for o in poll.options if str(seat.holder.uuid) in nominees_of(o)]
    return tally.get(hers[0]) if hers else None


@require_http_methods(["GET", "POST"])
def show_delegate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything about one seat; the holder reports back here."""
    member, now = acting_member(request), timezone.now()
    seat = seat_for(member, uuid, now)
    lines = votes_of(seat)
    votes = [(str(line.poll.uuid), title_of_poll(line.poll)) for line in lines]
    may_report = permissions.may("report_back", by=member, on=seat, at=now)
    initial = {"poll": request.GET.get("about", "")}
    form = ReportForm(request.POST or None, votes=votes, initial=initial) if may_report else None
    if request.method == "POST":
        permissions.require("report_back", by=member, on=seat, at=now)
        if form is not None and form.is_valid():
            about = Poll.objects.filter(uuid=form.cleaned_data["poll"] or None).first()
            try:
                report_back(seat=seat, text=form.cleaned_data["text"], poll=about, by=member, at=now)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Reported. Those who elected you can read it."))
                return redirect("delegate", uuid)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    counts = Counter(line.verdict for line in lines)
    held = list(Seat.objects.held_at(now).filter(pk=seat.pk).select_related("elected_by"))
    context = {
        "seat": seat,
        "is_held": bool(held),
        "recall": recall_links(held, member=member, at=now).get(seat.pk),
        "votes": election_votes(seat),
        "election_seen": Election.objects.visible_to(member, local_day(now)).filter(pk=seat.election_id).exists(),
        "page": page,
        "rows": rows_of(page),
        "counts": {verdict.value: counts[verdict] for verdict in Verdict},
        "voted": sum(1 for line in lines if line.marks is not None and line.stood_in is None),
        "called": sum(1 for line in lines if line.stood_in is None),
        "stand_ins": [(row, days_in_words(row)) for row in _stand_ins(seat, now)],
        "coming": _coming(seat, now),
        "reports": seat.reports.filter(poll=None).order_by("-at", "-pk"),
        "form": form,
        "now": now,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "councils/delegate/show.html", context, status=status)


def _stand_ins(seat: Seat, now: dt.datetime) -> QuerySet[Replacement]:
    """Who stands in for her now, or is to."""
    held = Seat.objects.held_at(now).filter(pk=seat.pk)
    rows = Replacement.objects.filter(seat__in=held, until_on__gt=local_day(now))
    return rows.select_related("member").order_by("from_on")


def _coming(seat: Seat, now: dt.datetime) -> list[tuple[Question, str]]:
    """Questions under way in her council, each with what she is told so far; nothing once the seat is over."""
    if not Seat.objects.held_at(now).filter(pk=seat.pk).exists():
        return []
    questions = Question.objects.undecided_at(now).filter(body=seat.body).select_related("poll")
    found = list(questions.order_by("poll__closes_at", "pk"))
    told = told_to(seat, [question.poll for question in found])
    answers = {pk: answer for pk, (_mandate, answer) in told.items() if answer}
    return [(q, str(Choice(answers[q.poll_id]).label) if q.poll_id in answers else "") for q in found]
