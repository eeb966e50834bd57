"""One table: verb → predicate(member, object). Views ask it only to decide what to show."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser

from councils.models import Member


def has_second_factor(member: Member | AnonymousUser) -> bool:
    """A demo account, or one protected by a second factor."""
    return isinstance(member, Member) and (member.is_demo or bool(is_mfa_enabled(member)))
