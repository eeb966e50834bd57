"""The log of a body."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from councils import permissions
from councils.domain.log import events_of, in_words
from councils.models import Body
from councils.views.acting import acting_member

PER_PAGE = 30


@require_GET
def list_log(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who did what and when, for those who belong to the body; for anyone else there is no such page."""
    member, now = acting_member(request), timezone.now()
    body = get_object_or_404(Body.objects.select_related("territory"), uuid=uuid)
    if not permissions.may("read_log", by=member, on=body, at=now):
        raise Http404
    page = Paginator(events_of(body=body, by=member, at=now), PER_PAGE).get_page(request.GET.get("page"))
    context = {"body": body, "page": page, "entries": in_words(page.object_list)}
    return render(request, "councils/audit_event/list.html", context)
