"""Pages of the committee's table: its roll, calling and confirming, and the ballot that a code opens."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.domain.franchise import Way
from councils.domain.table import call_to_table, cast_at_table, confirm_at_table
from councils.forms.ballot import BallotForm
from councils.forms.table import TableCodeForm
from councils.models import Membership, Poll, RollEntry, TableAdmission
from councils.views.acting import acting_member, arrived_at
from councils.views.paper import paper_page, review_page
from councils.views.poll import poll_for
from councils.views.poll_parts import PollParts, parts_of
from councils.views.receipt import receipt_page
from councils.views.roll_search import found_in
from councils.views.voted_text import voted_text

PER_PAGE = 50


@require_GET
def show_table(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The frozen roll, with who has voted, for the committee while the vote is open."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    permissions.require("see_table", by=member, on=poll, at=now)
    if not poll.is_open(now):
        return redirect("vote", uuid)
    words = request.GET.get("q", "")[:100].strip()
    found = found_in(poll.roll.values_list("pk", "member__name"), words)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = (
        poll.roll.defer("envelope")
        .select_related("member", "admission__called_by")
        .annotate(number=_roll_number(poll))
        .in_bulk(page.object_list)
    )
    context = {
        "vote": parts_of(poll=poll, member=member, at=now),
        "page": page,
        "rows": [rows[key] for key in page],
        "words": words,
        "words_query": f"{urlencode({'q': words})}&" if words else "",
        "now": now,
    }
    return render(request, "councils/table/show.html", context)


def _roll_number(poll: Poll) -> Subquery:
    """Her latest roll number in the workplace that votes, where she has one: it tells namesakes apart."""
    hers = Membership.objects.filter(territory=poll.body.territory, member=OuterRef("member")).exclude(reference="")
    return Subquery(hers.order_by("-from_on").values("reference")[:1])


def _row(poll: Poll, row: UUID) -> RollEntry:
    rows = poll.roll.defer("envelope").select_related("member", "poll__body__territory")
    found: RollEntry = get_object_or_404(rows, uuid=row)
    return found


@require_POST
def call(request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponse:
    """Call somebody of the roll to the table."""
    member, now = acting_member(request), timezone.now()
    found = _row(poll_for(member, uuid, now), row)
    call_to_table(row=found, by=member, at=now)
    messages.success(request, _("Called. Another person of the committee has to confirm."))
    return redirect("vote_table", uuid)


@never_cache
@require_POST
def confirm(request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponse:
    """The code is in this very answer and is kept nowhere."""
    member, now = acting_member(request), timezone.now()
    poll = poll_for(member, uuid, now)
    permissions.require("see_table", by=member, on=poll, at=now)
    rows = TableAdmission.objects.select_related("row__poll__body__territory", "called_by")
    code = confirm_at_table(admission=get_object_or_404(rows, row__poll=poll, row__uuid=row), by=member, at=now)
    context = {"code": code, "vote": parts_of(poll=poll, member=member, at=now), "now": now}
    return render(request, "councils/table/admitted.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def vote_with_code(request: HttpRequest) -> HttpResponse:
    """Code → ballot → review → receipt, on any device and for whoever holds the code. All travels in the forms."""
    now = arrived_at(request)
    lookup = TableCodeForm(request, now, request.POST if request.method == "POST" else None)
    if not lookup.is_valid():
        return render(request, "councils/table/code.html", {"form": lookup}, status=422 if lookup.errors else 200)
    admission = lookup.found
    poll, step = admission.row.poll, request.POST.get("step", "")
    vote = PollParts(poll, now, admission.row, Way.TABLE, voted_so_far=None)
    context = {"vote": vote, "code": lookup.cleaned_data["code"], "now": now}
    moving = "up" in request.POST or "down" in request.POST
    form = BallotForm(request.POST, poll=poll) if step or moving else None
    do = request.POST.get("do", "")
    if form is None or step == "ballot" or do == "order" or not form.is_valid():
        status = 422 if form is not None and form.errors else 200
        paper = paper_page(poll, form, in_order=do == "order")
        context |= {"form": form, "paper": paper, "text": voted_text(poll, at=now, whole=True)}
        return render(request, "councils/table/ballot.html", context, status=status)
    if step == "cast":
        return receipt_page(cast_at_table(admission=admission, marks=form.marks, at=now), now, at_table=True)
    return render(request, "councils/table/review.html", context | review_page(form, request.POST))
