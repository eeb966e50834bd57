"""allauth's forms in our words, with limits on length and the throttle on every secret that is asked for."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils import throttle

#: Longer than any password that a person writes; hashing more would only cost time.
PASSWORD_LENGTH = 256
CODE_LENGTH = 32


def say(form: forms.Form, name: str, label: Any, length: int, **attrs: Any) -> None:
    """Put our label on a field, without placeholder or help, and keep it to ``length`` characters."""
    field = form.fields[name]
    field.label, field.help_text = label, attrs.pop("help_text", "")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"maxlength": str(length), **attrs})
    assert isinstance(field, forms.CharField)
    field.validators.append(forms.CharField(max_length=length).validators[0])


class SignInForm(LoginForm):
    """User name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            "login",
            _("User name or e-mail"),
            254,
            autocomplete="username",
            autocapitalize="none",
            spellcheck="false",
        )
        say(self, "password", _("Password"), PASSWORD_LENGTH)


class ConfirmPasswordForm(ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "password", _("Password"), PASSWORD_LENGTH)


class NewPasswordForm(ChangePasswordForm):
    """The password of now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "oldpassword", _("Password of now"), PASSWORD_LENGTH)
        say(
            self,
            "password1",
            _("New password"),
            PASSWORD_LENGTH,
            autocomplete="new-password",
            help_text=_("At least 10 characters. Three words that only you would put together serve well."),
        )
        say(self, "password2", _("New password, once more"), PASSWORD_LENGTH)

    def clean_oldpassword(self) -> str:
        attempt = throttle.begin_attempt(
            context.request, kind="password", account=throttle.account_of(self.user.pk), at=timezone.now()
        )
        given = str(super().clean_oldpassword())
        attempt.give_back()
        return given


class CodeMixin(forms.Form):
    """A code of the second factor, under the throttle."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "code", _("Code"), CODE_LENGTH, autocomplete="one-time-code", autocapitalize="none")

    def clean_code(self) -> str:
        """Take an attempt, look at the code, give the attempt back if it was right."""
        account = throttle.account_of(self.user.pk)  # type: ignore[attr-defined]
        attempt = throttle.begin_attempt(context.request, kind="code", account=account, at=timezone.now())
        code = str(super().clean_code())
        attempt.give_back()
        return code


class CodeForm(CodeMixin, AuthenticateForm):
    """The second factor at sign-in."""


class ConfirmCodeForm(CodeMixin, ReauthenticateByCodeForm):
    """The second factor once more."""


class FirstCodeForm(CodeMixin, ActivateTOTPForm):
    """The first code of a new authenticator."""
