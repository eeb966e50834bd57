"""Forms of one's own account."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ContactForm(forms.Form):
    """E-mail and language."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Optional. It also lets you sign in; no mail is ever needed."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
