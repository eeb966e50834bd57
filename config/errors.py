"""The last resort: what a page answers when something failed that no verb foresaw."""

from __future__ import annotations

import sys

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.views import defaults

from config.middleware import language_of

#: Seconds after which a browser may ask again.
RETRY_AFTER = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer (gone, locked for too long), 500 for any other fault.

    Called by Django while it handles the exception, wherever that was raised, middleware included. Asks the
    database nothing: neither page has a frame.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return defaults.server_error(request)
    request.user = AnonymousUser()  # nobody after us asks the database who she is
    with translation.override(language_of(request)):
        page = loader.get_template("503.html").render()
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)
