"""What allauth asks of us: accounts come from enrolment codes, never from a sign-up form."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; no mail is ever needed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
