"""The language a person chose, kept in a cookie (config.middleware.LanguageMiddleware reads it)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from councils.domain.account import choose_language as choose_language_of
from councils.models import Member


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year and go back to the page it was made on, if that is one of ours."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if chosen in dict(settings.LANGUAGES):
        keep_language(response, chosen)
        if isinstance(request.user, Member):
            choose_language_of(by=request.user, language=chosen)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """Set the cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
