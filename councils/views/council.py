"""The page of a council: who sits in it, what it is asked, what it decided. For those who work under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from councils import permissions
from councils.clock import local_day
from councils.domain.mandate import mandates_of
from councils.domain.replacement import now_standing_in
from councils.enums import COUNCIL_OF
from councils.models import Body, Member, Question, Seat
from councils.names import sort_key
from councils.views.acting import acting_member

PER_PAGE = 20


def council_for(member: Member, uuid: UUID, at: dt.datetime) -> Body:
    """The council, if ``member`` works under it; else 404."""
    followed = Body.objects.followed_by(member, local_day(at)).filter(kind__in=COUNCIL_OF.values())
    return get_object_or_404(followed.select_related("territory"), uuid=uuid)


def _with_instructions(questions: Iterable[Question]) -> list[Question]:
    """Each with ``instructed``: how many electorates have instructed their delegates. One query more for all."""
    found = list(questions)
    holding = mandates_of([question.poll for question in found])
    for question in found:
        question.instructed = sum(1 for poll, _electorate in holding if poll == question.poll_id)  # type: ignore[attr-defined]
    return found


@require_GET
def show_council(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its delegates, the questions under way with what is instructed, and those decided."""
    member, now = acting_member(request), timezone.now()
    council = council_for(member, uuid, now)
    seats = Seat.objects.held_at(now).in_body(council).select_related("holder", "represents")
    questions = Question.objects.filter(body=council).select_related("poll")
    past = questions.filter(poll__closes_at__lte=now).order_by("-poll__closes_at", "-pk")
    context = {
        "council": council,
        "stand_ins": now_standing_in(list(seats), now),
        "seats": sorted(seats, key=lambda seat: (sort_key(seat.holder.name), seat.pk)),
        "under_way": _with_instructions(questions.undecided_at(now).order_by("poll__closes_at", "pk")),
        "page": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "may_put": permissions.may("put_question", by=member, on=council, at=now),
        "now": now,
    }
    return render(request, "councils/council/show.html", context)
