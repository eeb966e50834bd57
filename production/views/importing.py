"""Importing reports: the file, a look at what was read, the outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.errors import Denied, Refused
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.domain import import_progress
from production.domain.data_problem import in_words, problems_brought_by
from production.domain.import_options import Outcome
from production.domain.importing import keep_preview, look_over, scopes_of, store_preview, upload_reports
from production.domain.reason import faults_by_kind, sentence_of_file, sentence_of_stated, word_of_made
from production.forms.importing import ImportForm
from production.models import ImportBatch


@require_http_methods(["GET", "HEAD", "POST"])
def import_reports(request: HttpRequest) -> HttpResponse:
    """Choose a file. A short one is stored at once, a long one by a job; ``action=preview`` only looks."""
    member, now = acting_member(request), timezone.now()
    scopes, anywhere = scopes_of(member=member, at=now), may("import_everywhere", by=member, on=None, at=now)
    if not scopes and not anywhere:
        raise Denied
    if anywhere:
        require("import_everywhere", by=member, on=None, at=now)  # the second factor, before anybody chooses a file
    given_form = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given_form, scopes=scopes, anywhere=anywhere)
    if request.method != "POST":
        return render(request, "production/importing/new.html", {"form": form})
    if not form.is_valid():
        return render(request, "production/importing/new.html", {"form": form}, status=400)
    given: dict[str, Any] = {"source": form.source, "options": form.options, "workplace": form.scope}
    if request.POST.get("action") == "preview":
        return _preview(request, form, given)
    try:
        result = upload_reports(by=member, at=now, **given)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "production/importing/new.html", {"form": form}, status=409)
    if isinstance(result, Outcome) and not result.stored:
        return _refused(request, form, result)
    return redirect("import_batch", uuid=result.batch if isinstance(result, Outcome) else result.uuid)


@require_safe
def import_batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What became of a file, or how far it is; to who sent it (a workplace's file to nobody else)."""
    batch = _batch(request, uuid)
    outcome = Outcome.from_json(batch.outcome) if batch.outcome else None
    context = {
        "batch": batch,
        "problems": in_words(problems=problems_brought_by(batch=batch)),
        "outcome": outcome,
        "running": outcome is None,
        "step": import_progress.step_of(str(batch.uuid)) if outcome is None else None,
        **(_words(outcome) if outcome else {}),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, f"production/importing/{'_progress' if fragment else 'batch'}.html", context)


@require_POST
def import_store(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The yes to a preview."""
    batch = _batch(request, uuid)
    store_preview(batch=batch, by=acting_member(request), at=timezone.now())
    return redirect("import_batch", uuid=batch.uuid)


def _batch(request: HttpRequest, uuid: UUID) -> ImportBatch:
    """A file that she sent; who keeps the installation also sees the shell's, but no file of a workplace."""
    member = acting_member(request)
    mine = Q(uploaded_by=member)
    rows = ImportBatch.objects.filter(mine | Q(uploaded_by=None, workplace=None) if member.is_staff else mine)
    return get_object_or_404(rows.defer("content").select_related("workplace"), uuid=uuid)


def _preview(request: HttpRequest, form: ImportForm, given: dict[str, Any]) -> HttpResponse:
    member, now = acting_member(request), timezone.now()
    look = look_over(by=member, at=now, **given)
    if not look.outcome.accepted or (look.outcome.rejected and not form.options.accept_valid):
        return _refused(request, form, look.outcome)
    batch = keep_preview(by=member, at=now, **given)
    context = {"batch": batch, "look": look, "outcome": look.outcome, **_words(look.outcome)}
    return render(request, "production/importing/preview.html", context)


def _refused(request: HttpRequest, form: ImportForm, outcome: Outcome) -> HttpResponse:
    context = {"form": form, "outcome": outcome, **_words(outcome, may_create=form.anywhere)}
    return render(request, "production/importing/new.html", context, status=400 if outcome.refusal else 422)


def _words(outcome: Outcome, *, may_create: bool = False) -> dict[str, Any]:
    """The sentences of an outcome, in the language of who reads."""
    return {
        "refusal": sentence_of_file(outcome.refusal) if outcome.refusal else "",
        "faults": faults_by_kind(outcome.errors, may_create=may_create),
        "more_faults": outcome.rejected > len({error.row for error in outcome.errors}),
        "made": [(word_of_made(kind), names) for kind, names in outcome.made.items()],
        "stated": [sentence_of_stated(stated) for stated in outcome.stated],
    }
