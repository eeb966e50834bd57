"""The accounts that people try: names, one password, and what each is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "cordon-demo"
#: Where they work. 118 people: a vote here shows its turnout while open.
HOME, HOME_WORKERS = "Cristalerías Chile", 118
#: Under 100: no moderation there.
NEIGHBOUR, NEIGHBOUR_WORKERS = "Perlak", 62


@dataclass(frozen=True)
class Account:
    """A demonstration account: who, where, and what she is there."""

    username: str
    name: str
    workplace: str
    role: str | Promise


ACCOUNTS = [
    Account("carmen", "Carmen Soto", HOME, _("works there")),
    Account("elena", "Elena Paillán", HOME, _("sits in the committee, and is delegate to the cordón")),
    Account("hugo", "Hugo Tapia", HOME, _("sits in the committee")),
    Account("nora", "Nora Vidal", NEIGHBOUR, _("works there, in another cordón")),
    Account("ana", "Ana Ruiz", "", _("keeps the installation: /admin/")),
]
