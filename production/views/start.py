"""The open page on which a workplace begins alone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from councils import throttle
from councils.errors import Refused
from councils.views.code_batch import sheet
from councils.views.enrolment import sign_in
from production.domain.start import Started, start_workplace
from production.forms.start import StartForm


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Name, people, three figures, an account: then the codes, as the answer itself."""
    if not settings.OPEN_START:
        raise Http404
    if request.user.is_authenticated:
        messages.info(request, _("You are signed in. To start another workplace, sign out first."))
        return redirect("home")
    now, form = timezone.now(), StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = throttle.begin_start(request, at=now)
        try:
            started = start_workplace(at=now, **form.chosen)
        except Refused as refusal:
            attempt.give_back()
            form.add_error(None, str(refusal))
        else:
            return _begun(request, started, form)
    return render(request, "production/start/start.html", {"form": form})


def _begun(request: HttpRequest, started: Started, form: StartForm) -> HttpResponse:
    """Signed in as the founder; the sheet of codes, or home where nobody else works."""
    founding = started.founding
    words = {
        "workplace": founding.workplace,
        "username": founding.founder.username,
        "day": date_format(timezone.localtime(founding.seat.term_ends_at), "DATE_FORMAT"),
    }
    sentence = _(
        "%(workplace)s is here. Your user name: %(username)s. You are its committee provisionally, "
        "until %(day)s: call an election before."
    )
    messages.success(request, sentence % words)
    if form.understood:
        messages.info(request, _("Units, as they were understood: %(units)s.") % {"units": _pairs(form.understood)})
    if form.guessed:
        messages.info(request, _("Kinds, as they were understood: %(kinds)s.") % {"kinds": _pairs(form.guessed)})
    home = sign_in(request, founding.founder)
    if not started.codes:
        return home
    page = sheet(request, founding.workplace, started.codes)
    page.cookies.update(home.cookies)
    return page


def _pairs(understood: dict[str, str]) -> str:
    return ", ".join(f"{written} → {kept}" for written, kept in understood.items())
