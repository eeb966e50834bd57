"""What allauth asks of us: accounts come from enrolment codes, never from a sign-up form."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from nacl.secret import SecretBox

from councils import throttle
from councils.models import Member
from councils.views.language import keep_language

MISMATCH = _("User name and password do not match. Look at the capital letters, and write it again.")


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; no mail is ever needed; guesses are slowed down (councils/throttle.py)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "incorrect_password": _("This is not your password. Look at the capital letters, and write it again."),
        "enter_current_password": _(
            "This is not your password of now. Look at the capital letters, and write it again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As allauth, under the throttle: an attempt is taken first, and given back if the password was right."""
        login = credentials.get("username") or credentials.get("email") or ""
        account = throttle.account_named(login)
        attempt = throttle.begin_attempt(request, kind="password", account=account, at=timezone.now())
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            attempt.give_back()
        return user

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse:
        """Signed in: the device is known from now on, and speaks the member's language."""
        response: HttpResponse = super().post_login(request, user, **options)
        assert isinstance(user, Member)
        throttle.remember_device(request, response, user)
        if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, user.language)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: secrets are sealed, so that a copy of the database does not give them away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code does not serve. Wait for the next one that the authenticator shows, and write it."
        ),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return base64.b64encode(_box().encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(base64.b64decode(encrypted_text)).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: nothing depends on one arriving."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return True


def _box() -> SecretBox:
    return SecretBox(salted_hmac("councils.second_factor", settings.SECRET_KEY, algorithm="sha256").digest())
