"""What every page needs around its content: the ladder of levels, the counts of the menu."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from councils.clock import local_day
from councils.domain.waiting import WaitingTask, waiting_for
from councils.enums import TerritoryKind
from councils.models import Member, Membership, Placement, Territory
from councils.names import first_name_and_surname
from production.demo.accounts import ACCOUNTS, PASSWORD, Account

SYMBOLS = {
    TerritoryKind.SECTION: "n1",
    TerritoryKind.WORKPLACE: "n2",
    TerritoryKind.CORDON: "n3",
    TerritoryKind.PROVINCE: "n3-up",
    TerritoryKind.NATION: "n4",
}
#: Pages that show one place; on all others she stands in her workplace.
ABOUT_A_PLACE = {"workplace", "cordon", "control"}


@dataclass(frozen=True)
class Item:
    """One entry of the menu."""

    label: str
    icon: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Rung:
    """One level of the ladder."""

    level: str
    name: str
    icon: str
    url: str
    current: bool


class Frame:
    """Computed when the template asks, once a request; a page without a frame costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        match = request.resolver_match
        self.page = match.url_name or "" if match else ""

    @cached_property
    def member(self) -> Member | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Member) else None

    @cached_property
    def now(self) -> dt.datetime:
        return timezone.now()

    @property
    def here(self) -> str:
        """Where a change of language returns to; empty on the answer to a POST, which cannot be asked for again."""
        return self.request.get_full_path() if self.request.method == "GET" else ""

    @property
    def signing_in(self) -> bool:
        return self.page == "account_login"

    @property
    def is_demonstration(self) -> bool:
        """Every page says so then."""
        return bool(settings.DEMO)

    @property
    def demo_accounts(self) -> list[Account]:
        """Named on the sign-in page of a demonstration, with their password."""
        return ACCOUNTS if settings.DEMO else []

    @property
    def demo_password(self) -> str:
        return PASSWORD

    @property
    def who(self) -> str:
        """First name and initial, as in the corner of the page: "Carmen S."."""
        if self.member is None:
            return ""
        first, surname = first_name_and_surname(str(self.member))
        return f"{first} {surname[0]}." if surname else first

    @cached_property
    def tasks(self) -> list[WaitingTask]:
        """What waits for her; the home page shows the same list."""
        return waiting_for(member=self.member, at=self.now) if self.member else []

    @cached_property
    def memberships(self) -> list[Membership]:
        if self.member is None:
            return []
        rows = Membership.objects.valid_on(local_day(self.now)).filter(member=self.member)
        return list(rows.select_related("territory", "section").order_by("from_on", "pk"))

    @cached_property
    def membership(self) -> Membership | None:
        """The one whose workplace the page is about, else her first."""
        about = str(self.request.resolver_match.kwargs.get("uuid", "")) if self.request.resolver_match else ""
        for row in self.memberships:
            if str(row.territory.uuid) == about:
                return row
        return self.memberships[0] if self.memberships else None

    @cached_property
    def menu(self) -> list[Item]:
        """With what waits for her in each entry."""
        votes = sum(task.group == "vote" for task in self.tasks)
        alerts = sum(task.group == "alert" for task in self.tasks)
        waiting = {"hoy": len(self.tasks), "alerta": alerts, "urna": votes}
        return [replace(item, count=waiting.get(item.icon, 0)) for item in self.bare_menu]

    @cached_property
    def bare_menu(self) -> list[Item]:
        """Without counts: a page that says no does not look for all that waits."""
        if self.member is None:
            return []
        entries = [(pgettext("menu", "Today"), "hoy", "home")]
        if self.memberships:
            entries += [
                (pgettext("menu", "Report"), "informe", "report_today"),
                (pgettext("menu", "Alerts"), "alerta", "alerts"),
                (pgettext("menu", "Proposals"), "propuesta", "proposals"),
                (pgettext("menu", "Vote"), "urna", "votes"),
            ]
        return [Item(label, symbol, reverse(name), self._is_at(name)) for label, symbol, name in entries]

    @cached_property
    def ladder(self) -> list[Rung]:
        """Section, workplace and what is above it; a level that does not exist is absent."""
        if self.member is None:
            return []
        rungs = []
        if self.membership is not None:
            if self.membership.section:
                section = self.membership.section
                rungs.append(self._rung(section, reverse("report_place", args=[section.uuid])))
            workplace = self.membership.territory
            rungs.append(self._rung(workplace, reverse("workplace", args=[workplace.uuid])))
            above = Placement.objects.above(workplace, local_day(self.now))
        else:
            above = list(Territory.objects.of_kind(TerritoryKind.NATION)[:1])
        for place in above:
            nation = place.kind == TerritoryKind.NATION
            rungs.append(self._rung(place, reverse("control") if nation else reverse("cordon", args=[place.uuid])))
        if self.page not in ABOUT_A_PLACE and not any(rung.current for rung in rungs):
            here = SYMBOLS[TerritoryKind.WORKPLACE]
            rungs = [replace(rung, current=rung.icon == here) for rung in rungs]
        return rungs

    def _rung(self, place: Territory, url: str) -> Rung:
        name = _("How we are doing") if place.kind == TerritoryKind.NATION else place.name
        return Rung(place.level.capitalize(), name, SYMBOLS[TerritoryKind(place.kind)], url, self.request.path == url)

    def _is_at(self, name: str) -> bool:
        """Whether the page is ``name`` or hangs below it; an election is part of voting."""
        path, home = self.request.path, reverse("home")
        if name == "home":
            return path == home
        below = (reverse(name), reverse("elections")) if name == "votes" else (reverse(name),)
        return path.startswith(below)


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request, computed once."""
    if not hasattr(request, "_frame"):
        request._frame = Frame(request)  # type: ignore[attr-defined]
    return request._frame  # type: ignore[attr-defined,no-any-return]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html."""
    return {"frame": frame_of(request)}
