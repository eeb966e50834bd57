"""Account: what a member says of herself. Her name is the roll's; her password and second factor are allauth's."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils.domain import audit
from councils.errors import Refused
from councils.models import Member


def change_contact(*, by: Member, email: str, language: str, at: dt.datetime) -> Member:
    """Keep her e-mail (may be empty: nothing depends on it) and the language she is written to.

    The audit says that it was changed, never to what. Raises ``Refused`` for a language that does
    not exist or an e-mail of somebody else.
    """
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("There is no such language here. Choose one of the list."))
    try:
        with transaction.atomic():
            member = Member.objects.select_for_update().get(pk=by.pk)
            member.email, member.language = email.strip().lower(), language
            member.save(update_fields=["email", "language"])
            audit.record(verb="change_contact", by=by, at=at, body=None, subject=member)
    except IntegrityError as taken:
        raise Refused(_("This e-mail belongs to another account. Write another, or leave it empty.")) from taken
    return member


def choose_language(*, by: Member, language: str) -> None:
    """Remember the language for her next device. No act of weight: no audit."""
    Member.objects.filter(pk=by.pk).exclude(language=language).update(language=language)
