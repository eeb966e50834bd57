"""What waits for a member today: each noun registers what it may ask of her.

A provider is ``provider(member, at)`` and yields ``WaitingTask``; the home page sorts them. What she is
only told, because nothing is hers to do, is a ``Notice``, and is not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from councils.models import Member


@dataclass(frozen=True)
class WaitingTask:
    """One thing to do: ``title`` leads to ``url``; ``due_at`` None where no clock runs."""

    icon: str  # id of a symbol in the sprite: informe, urna, propuesta…
    title: str
    url: str
    button: str
    sentence: str = ""
    due_at: dt.datetime | None = None
    #: Shown first and in amber: the report of today, a vote that closes today.
    pressing: bool = False
    group: str = field(default="", compare=False)  # "vote" and "alert" feed the counts of the menu


@dataclass(frozen=True)
class Notice:
    """One thing to know: ``title`` leads to ``url``."""

    title: str
    url: str
    sentence: str


Provider = Callable[[Member, dt.datetime], Iterable[WaitingTask]]
Teller = Callable[[Member, dt.datetime], Iterable[Notice]]
_PROVIDERS: list[Provider] = []
_TELLERS: list[Teller] = []


def register(provider: Provider) -> None:
    """Add a provider; called once, when the apps are ready."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def register_teller(teller: Teller) -> None:
    """Add a teller; called once, when the apps are ready."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def told_to(*, member: Member, at: dt.datetime) -> list[Notice]:
    """Everything that ``member`` should know and need not act on."""
    return [notice for teller in _TELLERS for notice in teller(member, at)]


def waiting_for(*, member: Member, at: dt.datetime) -> list[WaitingTask]:
    """Everything that waits for ``member``: pressing first, then by deadline, then what has none."""
    tasks = [task for provider in _PROVIDERS for task in provider(member, at)]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(tasks, key=lambda t: (not t.pressing, t.due_at or far, t.title))
