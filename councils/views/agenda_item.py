"""The agenda of a body: what its next assembly is to talk about."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from councils import permissions
from councils.domain.evidence import page_of
from councils.models import AgendaItem, Body
from councils.views.acting import acting_member

PER_PAGE = 30


@require_GET
def show_agenda(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its points, those that wait first; for whoever does not belong to the body there is no such page."""
    member, now = acting_member(request), timezone.now()
    body = get_object_or_404(Body.objects.select_related("territory"), uuid=uuid)
    if not permissions.may("read_agenda", by=member, on=body, at=now):
        raise Http404
    items = AgendaItem.objects.of_body(body).order_by("-state", "placed_at", "pk")
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    points = [(item, page_of(item.evidence_kind, item.evidence_reference)) for item in page.object_list]
    return render(request, "councils/agenda_item/list.html", {"body": body, "page": page, "points": points})
