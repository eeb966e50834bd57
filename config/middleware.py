"""Headers, language and errors: what every answer has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation

from councils.errors import Denied, Refused, SecondFactorNeeded, TooMany

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME


class ArrivalMiddleware:
    """Notes when a request came, unless the server did (``config.handler``), where hundreds may wait for a thread."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(request, "arrived_at"):
            request.arrived_at = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class HeadersMiddleware:
    """Permissions policy on all; ``no-store`` on whatever a signed-in person was shown."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if "Cache-Control" not in response.headers:  # else who she is does not matter
            user = getattr(request, "user", None)
            if user is not None and user.is_authenticated:
                response.headers["Cache-Control"] = "no-store, private"
        return response


def language_of(request: HttpRequest) -> str:
    """The language that a person chose, else the installation's."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """The language a person chose (cookie), else the installation's, never the browser's guess."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ErrorsMiddleware:
    """Turns the ways a verb says no into pages: 403, 409 and 429, each with its sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SecondFactorNeeded):
            return HttpResponseRedirect(resolve_url("second_factor_needed"))
        if isinstance(exception, Denied):
            return render(request, "403.html", {"sentence": str(exception)}, status=403)
        if isinstance(exception, PermissionDenied):
            return render(request, "403.html", {"sentence": ""}, status=403)
        if isinstance(exception, Refused):
            return render(request, "409.html", {"sentence": str(exception)}, status=409)
        if isinstance(exception, TooMany):
            response = render(request, "429.html", {"sentence": str(exception)}, status=429)
            response.headers["Retry-After"] = str(max(1, int(exception.wait.total_seconds())))
            return response
        return None
