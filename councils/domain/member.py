"""Member: accounts, and the user names made for them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils.errors import Refused
from councils.models import Member

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
#: What may be in a user name that somebody chooses.
USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]")
#: An account that nobody has taken yet: on the roll, without a password.
UNTAKEN = {"password__startswith": "!"}


def username_from(name: str, taken: Iterable[str] = ()) -> str:
    """A user name made from ``name``: first and last word, plain letters, numbered if in ``taken``.

    "Elena Paillán Curín" gives ``elena.curin``, then ``elena.curin2``.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = [w for w in _NOT_PLAIN.split(plain) if w]
    base = ".".join(dict.fromkeys([*words[:1], *words[-1:]]))[:34].strip(".") or "persona"
    base = base if len(base) >= 3 else f"{base}.persona"
    known, number, found = set(taken), 1, base
    while found in known:
        number += 1
        found = f"{base}{number}"
    return found


def free_username(name: str) -> str:
    """``username_from`` against the accounts there are."""
    stem = username_from(name)
    return username_from(name, taken_usernames(stem))


def taken_usernames(stem: str = "") -> set[str]:
    """User names in use that begin with ``stem``, in lower case."""
    return {u.lower() for u in Member.objects.filter(username__istartswith=stem).values_list("username", flat=True)}


def create_member(
    *, name: str, at: dt.datetime, username: str = "", password: str | None = None, email: str = "", **extra: Any
) -> Member:
    """A person with an account; without ``password`` nobody can sign in to it until a code is used.

    An empty ``username`` is made from the name. Raises ``Refused`` when the one that was chosen,
    or the e-mail, is in use.
    """
    chosen = username.strip().lower()
    for _attempt in range(5):
        person = Member(
            name=" ".join(name.split()),
            username=chosen or free_username(name),
            email=email.lower(),
            date_joined=at,
            **extra,
        )
        person.set_password(password)
        try:
            with transaction.atomic():
                if chosen and Member.objects.filter(username__iexact=chosen).exists():
                    raise Refused(username_in_use(chosen))
                person.save()
        except IntegrityError:  # taken at this very moment: with a made name, make the next one
            continue
        return person
    raise Refused(username_in_use(chosen) if chosen else _("This e-mail belongs to another account."))


def username_in_use(username: str) -> str:
    """The sentence for a user name that somebody else has."""
    return _("The user name “%(username)s” is in use. Choose another, for example “%(other)s”.") % {
        "username": username,
        "other": free_username(username.replace(".", " ")),
    }


def has_taken(member: Member) -> bool:
    """Whether somebody has chosen a password for this account."""
    return member.has_usable_password()


def was_reset_after(member: Member, moment: dt.datetime) -> bool:
    """Whether the keys to this account were handed out after ``moment`` by a committee.

    True after a reset, and after a first enrolment with a printed code that bears a name: in a vote that
    was already open such an account votes at the table only, so that two people of a committee cannot
    vote in the name of those who have not come yet.
    """
    return member.reset_at is not None and member.reset_at > moment
