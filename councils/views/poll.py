"""Pages of votes: the list, the booth, the review, the receipt, the check codes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.counting.publication import BALLOTS_FROM, ELECTION_TOTALS_FROM, OPEN_TURNOUT_FROM, TOTALS_FROM
from councils.domain.ballot import AlreadyCounted, cast_ballot, cast_named_vote
from councils.domain.election_export import export_poll, is_exported
from councils.domain.franchise import franchises
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll_title import LOADED
from councils.enums import PollState, Secrecy
from councils.forms.ballot import BallotForm
from councils.forms.paper_count import PlaceForm
from councils.models import Member, Poll, locks
from councils.urn.envelope import grouped
from councils.views.acting import acting_member, arrived_at
from councils.views.paper import paper_page, review_page
from councils.views.poll_list import rows_of
from councils.views.poll_parts import parts_of
from councils.views.receipt import receipt_page
from councils.views.voted_text import voted_text

PER_PAGE = 20


def poll_for(member: Member, uuid: UUID, at: dt.datetime) -> Poll:
    """The poll, up to date, if ``member`` may see it; else 404."""
    within = Poll.objects.visible_to(member, local_day(at))
    found = get_object_or_404(within.with_subject().select_related(*LOADED, "rule_set"), uuid=uuid)
    return bring_up_to_date(poll=found, at=at)


@require_GET
def list_votes(request: HttpRequest) -> HttpResponse:
    """Votes of my bodies: those open now first, then the latest."""
    member, now = acting_member(request), timezone.now()
    visible = Poll.objects.visible_to(member, local_day(now))
    visible = visible.with_subject().select_related(*LOADED, "rule_set")
    open_now = list(visible.opening_or_open_at(now).order_by("closes_at"))
    others = visible.exclude(pk__in=[p.pk for p in open_now]).not_called_off()
    page = Paginator(others.order_by("-closes_at"), PER_PAGE).get_page(request.GET.get("page"))
    open_rows = rows_of(open_now, franchises(polls=open_now, member=member), now)
    context = {"open": open_rows, "others": rows_of(page, {}, now), "page": page, "now": now}
    return render(request, "councils/poll/list.html", context)


def _page(request: HttpRequest, poll: Poll, member: Member, now: dt.datetime, form: BallotForm | None) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    in_order = request.POST.get("do") == "order"
    table = poll.secrecy == Secrecy.URN and permissions.may("see_table", by=member, on=poll, at=now)
    vote = parts_of(poll=poll, member=member, at=now)
    paper = paper_page(poll, form, in_order=in_order)
    context: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "paper": paper,
        "table": table,
        "text": voted_text(poll, at=now),
        "now": now,
    }
    if poll.secrecy == Secrecy.PAPER and permissions.may("announce_place", by=member, on=poll, at=now):
        context["place_form"] = PlaceForm(initial={"place": poll.place})
    booth = poll.is_open(now) and poll.secrecy != Secrecy.PAPER
    template = "councils/poll/booth.html" if booth else "councils/poll/show.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def show_vote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The booth while the vote is open (POST: back from the review with its marks), else where it stands."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    form = BallotForm(request.POST, poll=poll) if request.method == "POST" else None
    return _page(request, poll, member, now, form)


@require_POST
def review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is about to be cast. The marks live in this page's form and nowhere else."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    form = BallotForm(request.POST, poll=poll)
    if (
        not form.is_valid()
        or not poll.is_open(now)
        or poll.secrecy == Secrecy.PAPER
        or request.POST.get("do") == "order"
    ):
        return _page(request, poll, member, now, form)
    context = {"vote": parts_of(poll=poll, member=member, at=now), "form": form, "now": now}
    context |= review_page(form, request.POST)
    return render(request, "councils/poll/review.html", context)


@require_POST
def cast(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Cast; the receipt is this very answer and is kept nowhere."""
    member, now = acting_member(request), arrived_at(request)
    row = locks.row_of(member, uuid)
    # who stands on the roll of an open vote sees it: what else there is to ask would cost more than the cast
    poll = row.poll if row is not None and row.poll.is_open(now) else poll_for(member, uuid, now)
    form = BallotForm(request.POST, poll=poll)
    if not form.is_valid():
        return _page(request, poll, member, now, form)
    try:
        if poll.secrecy == Secrecy.NAMED:
            receipt = cast_named_vote(poll=poll, by=member, marks=form.marks, at=now)
        else:
            receipt = cast_ballot(
                poll=poll, by=member, marks=form.marks, replaces=form.cleaned_data["replaces"], at=now, row=row
            )
    except AlreadyCounted as refusal:
        context = {"vote": parts_of(poll=poll, member=member, at=now), "sentence": str(refusal)}
        return render(request, "councils/poll/already_counted.html", context, status=409)
    return receipt_page(receipt, now)


@require_GET
def list_codes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The check codes that were counted; apart from the ballots, and only once the result is declared."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    declared = poll.state == PollState.DECLARED
    codes = poll.check_codes.order_by("code").values_list("code", flat=True) if declared else []
    context = {
        "vote": parts_of(poll=poll, member=member, at=now),
        "codes": [grouped(code) for code in codes],
        "declared": declared,
    }
    return render(request, "councils/poll/codes.html", context)


@require_GET
def download_ballots(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Each ballot on a line, for recount; only where there are enough of them, and apart from the codes."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    if poll.state != PollState.DECLARED or poll.result.get("shown") != "ballots":
        raise Http404
    rows = poll.ballots.order_by("id").values_list("id", "marks", "spoilt")
    answer = HttpResponse("ballot,marks,spoilt\n", content_type="text/csv; charset=utf-8")
    answer.writelines(f"{id},{' '.join(marks)},{int(spoilt)}\n" for id, marks, spoilt in rows)
    answer["Content-Disposition"] = f'attachment; filename="ballots-{poll.uuid}.csv"'
    return answer


@require_GET
def export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The signed file of a vote that is over, which ``verify_election`` checks."""
    member, now = acting_member(request), timezone.now()
    return exported(poll_for(member, uuid, now))


def exported(poll: Poll) -> HttpResponse:
    """The file of ``poll``, or 404 where there is none."""
    if not is_exported(poll):
        raise Http404
    answer = HttpResponse(export_poll(poll=poll), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="vote-{poll.uuid}.json"'
    return answer


@require_GET
def is_it_secret(request: HttpRequest) -> HttpResponse:
    """“Is my vote secret?”: how the urn works, in plain words, with its limits."""
    floors = {
        "totals_from": TOTALS_FROM,
        "election_totals_from": ELECTION_TOTALS_FROM,
        "ballots_from": BALLOTS_FROM,
        "turnout_from": OPEN_TURNOUT_FROM,
    }
    return render(request, "councils/poll/secrecy.html", floors)
