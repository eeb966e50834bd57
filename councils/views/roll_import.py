"""Importing a roll: the file, a look at what it would do, the yes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from councils import permissions
from councils.domain.roll_import import preview_roll, store_roll
from councils.domain.roll_plan import Plan, plan_roll
from councils.errors import Refused
from councils.forms.roll_import import ConfirmForm, RollFileForm
from councils.models import Territory
from councils.views.acting import acting_member
from councils.views.membership import workplace_for

#: Rows of each kind that the preview writes out.
SHOWN = 200


@require_http_methods(["GET", "POST"])
def import_roll(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose a file; a file that was read comes back as a preview, and nothing is stored."""
    member, now = acting_member(request), timezone.now()
    workplace = workplace_for(member, uuid, now)
    permissions.require("import_roll", by=member, on=workplace, at=now)
    form = RollFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        create, content = form.cleaned_data["create_sections"], form.cleaned_data["file"]
        try:
            plan = preview_roll(workplace=workplace, content=content, create_sections=create, by=member, at=now)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return _preview(request, workplace, plan, create)
    return render(request, "councils/roll_import/new.html", {"workplace": workplace, "form": form})


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Store what the preview showed: all of it, or nothing. A refusal shows the preview anew."""
    member, now = acting_member(request), timezone.now()
    workplace = workplace_for(member, uuid, now)
    permissions.require("import_roll", by=member, on=workplace, at=now)
    form = ConfirmForm(workplace, member, request.POST)
    if request.method == "GET" or not form.is_valid():
        if request.method == "POST":
            messages.error(request, _("This preview is too old. Upload the file again."))
        return redirect("roll_import", uuid=uuid)
    try:
        plan = store_roll(workplace=workplace, by=member, at=now, **form.accepted)
    except Refused as refusal:
        rows, create = form.accepted["rows"], form.accepted["create_sections"]
        plan = plan_roll(workplace=workplace, rows=rows, create_sections=create, at=now, headers={})
        return _preview(request, workplace, plan, create, str(refusal))
    messages.success(request, _outcome(plan))
    return redirect("people", uuid=uuid)


def _preview(request: HttpRequest, workplace: Territory, plan: Plan, create: bool, refusal: str = "") -> HttpResponse:
    form = ConfirmForm.of(plan, create_sections=create, workplace=workplace, member=acting_member(request))
    context = {"workplace": workplace, "plan": plan, "form": form, "refusal": refusal, "shown": SHOWN}
    return render(request, "councils/roll_import/preview.html", context, status=409 if refusal else 200)


def _outcome(plan: Plan) -> str:
    if plan.changes_nothing:
        return _("Nothing changed: everyone in the file is on the roll as it says.")
    words = {"added": len(plan.added), "changed": len(plan.changed), "unchanged": plan.unchanged}
    return _("Stored. Added: %(added)s. Changed: %(changed)s. As before: %(unchanged)s.") % words
