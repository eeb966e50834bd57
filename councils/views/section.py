"""The sections of a workplace: its committee adds one by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from councils import permissions
from councils.clock import local_day
from councils.domain.territory import found_territory, sections_of
from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.forms.membership import SectionForm
from councils.views.acting import acting_member
from councils.views.membership import workplace_for


@require_http_methods(["GET", "POST"])
def list_sections(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Those there are, and the form for one more."""
    member, now = acting_member(request), timezone.now()
    workplace = workplace_for(member, uuid, now)
    permissions.require("found_section", by=member, on=workplace, at=now)
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found_territory(
                kind=TerritoryKind.SECTION, name=form.cleaned_data["name"], parent=workplace, by=member, at=now
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The section is there, and written in the log."))
            return redirect("sections", uuid=uuid)
    context = {"workplace": workplace, "form": form, "sections": sections_of(workplace, local_day(now))}
    return render(request, "councils/section/list.html", context)
