"""Day: what a workplace has said so far of one production day, place by place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.domain.waiting import WaitingTask
from councils.models import Member, Territory
from councils.names import sort_key
from production.domain.calendar import calendars_of, due_at, factory_of, production_day
from production.domain.sheet import own_section, workplaces_of
from production.enums import Frequency
from production.models import Figure, Series, Submission

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class PlaceDay:
    """``territory`` on one production day. ``asked``: how many daily figures; ``submission``: the current one."""

    workplace: Territory
    territory: Territory
    on: dt.date
    due_at: dt.datetime
    asked: int
    works: bool
    submission: Submission | None
    answered: bool

    @property
    def is_section(self) -> bool:
        return self.territory != self.workplace


def days_of(*, workplace: Territory, on: dt.date) -> list[PlaceDay]:
    """Every place of ``workplace`` that reports daily: itself first, then its sections by name. Six queries."""
    factory = factory_of(workplace)
    daily = Series.objects.of_workplace(workplace).valid_on(on).filter(frequency=Frequency.DAY)
    series = list(daily.select_related("territory"))
    asked = Counter(s.territory_id for s in series)
    places = {s.territory_id: s.territory for s in series}
    current = Submission.objects.filter(report__workplace=workplace, report__on=on, current=True)
    last = {s.report.territory_id: s for s in current.select_related("report", "author").order_by("pk")}
    given = Figure.objects.current().filter(submission__report__workplace=workplace, submission__report__on=on)
    reported = set(given.filter(value__isnull=False).values_list("submission__report__territory", flat=True))
    works = calendars_of(workplaces=[workplace], first=on, last=on)[workplace.pk].works_on(on)
    days = [
        PlaceDay(
            workplace=workplace,
            territory=place,
            on=on,
            due_at=due_at(factory=factory, on=on),
            asked=asked[pk],
            works=works,
            submission=last.get(pk),
            answered=pk in reported or (pk in last and bool(last[pk].stoppage)),
        )
        for pk, place in places.items()
    ]
    return sorted(days, key=lambda day: (day.is_section, sort_key(day.territory.name)))


def reports_to_send(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """The reports that wait for ``member``: of today, and of yesterday where it is missing.

    Of a member whose section reports, only her section's.
    """
    for workplace in workplaces_of(member=member, at=at):
        today = production_day(factory=factory_of(workplace), at=at)
        section = own_section(member=member, workplace=workplace, at=at)
        for on in (today, today - _DAY):
            days = days_of(workplace=workplace, on=on)
            mine = [day for day in days if day.territory == section] or days
            yield from (_task(day, today) for day in mine if day.works and not day.answered)


def _task(day: PlaceDay, today: dt.date) -> WaitingTask:
    name = day.workplace.name
    if day.is_section:
        name = _("%(workplace)s, section %(section)s") % {"workplace": name, "section": day.territory.name}
    if day.on == today:
        title, query = _("Report of %(name)s: today") % {"name": name}, ""
    else:
        words = {"name": name, "day": date_format(day.on, "MONTH_DAY_FORMAT")}
        title, query = _("Report of %(name)s: %(day)s") % words, f"?on={day.on}"
    return WaitingTask(
        icon="informe",
        title=title,
        url=reverse("report_place", args=[day.territory.uuid]) + query,
        button=_("Fill in the report"),
        sentence=ngettext("%(n)s figure.", "%(n)s figures.", day.asked) % {"n": day.asked},
        due_at=day.due_at,
        pressing=day.on == today,
    )
