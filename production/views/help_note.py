"""A note that asks a council for help: its own text, who asks, and what was answered. Nothing of any alert."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.errors import Refused
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.domain.alert_level import answer_note
from production.enums import AlertState, EntryKind
from production.forms.alert import TextForm
from production.models import Alert, AlertEntry
from production.models.alert import councils_of


@require_http_methods(["GET", "HEAD", "POST"])
def help_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For whoever works where it was written, or under the council that it asks; its delegates answer."""
    member, now = acting_member(request), timezone.now()
    hers = Q(body__in=councils_of(member, now)) | Q(alert__in=Alert.objects.inside(member, now))
    notes = AlertEntry.objects.filter(hers, kind=EntryKind.ASKED_HELP).select_related(
        "alert__workplace", "body__territory"
    )
    note = get_object_or_404(notes, uuid=uuid)
    form = TextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require("answer_note", by=member, on=note, at=now)
        if form.is_valid():
            try:
                answer_note(note=note, text=form.cleaned_data["text"], by=member, at=now)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("help_note", uuid)
    waits = note.alert.state == AlertState.OPEN and may("answer_note", by=member, on=note, at=now)
    context = {
        "note": note,
        "answers": note.answers.filter(kind=EntryKind.HELPED)
        .select_related("author", "body__territory")
        .order_by("pk"),
        "form": form if waits or form.errors else None,
        "now": now,
    }
    return render(request, "production/alert/note.html", context, status=422 if form.errors else 200)
