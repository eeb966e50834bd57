"""Who acts: the signed-in member of a request."""

from __future__ import annotations

from django.http import HttpRequest

from councils.models import Member


def acting_member(request: HttpRequest) -> Member:
    """The member who is signed in. Only for views behind the sign-in, where there is always one."""
    assert isinstance(request.user, Member)
    return request.user
