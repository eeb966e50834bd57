"""Who acts, and when: the signed-in member of a request, and the moment at which it came."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone

from councils.models import Member


def acting_member(request: HttpRequest) -> Member:
    """The member who is signed in. Only for views behind the sign-in, where there is always one."""
    assert isinstance(request.user, Member)
    return request.user


def arrived_at(request: HttpRequest) -> dt.datetime:
    """When it came in (the server notes it), before it waited for anything, a thread included."""
    found = getattr(request, "arrived_at", None)
    return found if isinstance(found, dt.datetime) else timezone.now()
