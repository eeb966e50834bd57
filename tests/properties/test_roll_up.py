"""Whatever is reported, corrected, withdrawn or moved: the rows are what the facts say, by whichever way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from councils.domain import job
from councils.enums import TerritoryKind
from councils.models import Placement, Territory
from production.domain import roll_up, summary
from production.enums import Aggregation, Frequency
from production.models import (
    Capability,
    ClosedDay,
    Factory,
    Figure,
    Indicator,
    Pulse,
    Report,
    Sector,
    SectorPlacement,
    Series,
    Submission,
    Summary,
)
from tests import builders as b
from tests.properties.plain_rollup import PlainRollUp, first_day, stored_rows

FIRST = dt.date(2026, 9, 24)  # a Thursday; two ends of month follow
DAYS = 45
AT = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)


class World:
    """Nation › province › two cordones, and a third cordón right under the nation; five workplaces, one in sections."""

    def __init__(self) -> None:
        self.nation = b.territory(TerritoryKind.NATION, "Chile")
        province = b.territory(TerritoryKind.PROVINCE, "Santiago", self.nation)
        self.cordones = [b.territory(TerritoryKind.CORDON, name, province) for name in ("Norte", "Sur")]
        self.cordones.append(b.territory(TerritoryKind.CORDON, "Concepción", self.nation))
        self.sectors = [Sector.objects.create(name=name) for name in ("Vidrio", "Textil")]
        self.workplaces = [
            b.workplace(f"Fábrica {n}", self.cordones[n % 3], self.sectors[n % 2] if n < 4 else None) for n in range(5)
        ]
        Factory.objects.filter(territory=self.workplaces[1]).update(working_week="1111100")
        made, stock = b.indicator("Hecho", "t"), b.indicator("Bodega", "t", kind="stock", aggregation=Aggregation.LAST)
        waste = b.indicator("Merma", "%", aggregation=Aggregation.MEAN, signed=True)
        b.indicator("Hecho por bodega", "1", aggregation=Aggregation.RATIO, numerator=made, denominator=stock)
        self.series: list[Series] = []
        for n, place in enumerate(self.workplaces):
            frequency = [Frequency.DAY, Frequency.DAY, Frequency.WEEK, Frequency.DAY, Frequency.MONTH][n]
            sections: list[Territory | None] = [None]
            if n == 3:
                sections = [b.territory(TerritoryKind.SECTION, name, place) for name in ("Hornos", "Bodega")]
            for what in (made, stock, waste):
                self.series += [b.series(place, what, section, frequency) for section in sections]
        # from then on its sections speak, until then the workplace itself
        late = b.series(
            self.workplaces[0], stock, b.territory(TerritoryKind.SECTION, "Patio", self.workplaces[0]), since=day(20)
        )
        own = next(s for s in self.series if s.territory == self.workplaces[0] and s.indicator == stock)
        own.until_on = day(20)
        own.save()
        self.series.append(late)
        self.committee = b.member("comité")
        # inside October one moves to another cordón and one to another branch
        self.hang(Placement, 0, self.cordones[1], day(18))
        self.hang(SectorPlacement, 1, self.sectors[0], day(12))

    def answer(self, place: int, on: dt.date, value: int | None, stoppage: str = "", simulated: bool = False) -> None:
        """A submission by everything that reports at that workplace that day, or "did not work"."""
        workplace = self.workplaces[place]
        mine = [s for s in self.series if s.workplace == workplace]
        for territory in {s.territory for s in mine}:
            report, _ = Report.objects.get_or_create(
                territory=territory, on=on, shift="", defaults={"workplace": workplace}
            )
            number = report.submissions.count() + 1
            report.submissions.update(current=False)
            sent = Submission.objects.create(
                report=report, number=number, at=AT, stoppage=stoppage, simulated=simulated
            )
            for n, series in enumerate(s for s in mine if s.territory == territory):
                start = first_day(series.frequency, on)
                if stoppage or start < series.from_on or (series.until_on and start >= series.until_on):
                    continue
                old = Figure.objects.current().filter(series=series, start=start).first()
                if old is None and value is None:
                    continue
                Figure.objects.filter(series=series, start=start).update(superseded=True)
                Figure.objects.create(
                    series=series,
                    start=start,
                    version=old.version + 1 if old else 1,
                    submission=sent,
                    value=None if value is None else Decimal(value + n) / 1000,
                )
            job.enqueue(
                kind="roll_up",
                key=f"roll_up:{sent.uuid}",
                payload={"submission": str(sent.uuid)},
                at=AT,
            )

    def hang(self, table: Any, place: int, to: Any, on: dt.date) -> None:
        """From ``on`` the workplace hangs from another cordón, or works in another sector."""
        workplace = self.workplaces[place]
        key, parent = ("territory", "parent") if table is Placement else ("workplace", "sector")
        rows = table.objects.filter(**{key: workplace})
        rows.filter(from_on__gte=on).delete()
        rows.filter(until_on=None).update(until_on=on)
        rows.filter(until_on__gt=on).update(until_on=on)
        table.objects.create(**{key: workplace, parent: to, "from_on": on})
        roll_up.recompute_for(workplace=workplace, first=on, last=None, at=AT)

    def can(self, place: int, on: dt.date, amount: int, only: int | None) -> None:
        """From ``on`` everything that the workplace reports could be ``amount`` (``only``: one of its series)."""
        workplace = self.workplaces[place]
        for n, series in enumerate(s for s in self.series if s.workplace == workplace):
            if only in (None, n):
                Capability.objects.create(
                    series=series,
                    from_on=on,
                    version=Capability.objects.filter(series=series, from_on=on).count() + 1,
                    capability=Decimal(amount + n) / 1000,
                    potentiality=Decimal(amount * 2 + n) / 1000,
                    reason="x",
                    set_by=self.committee,
                    set_at=AT,
                )
        roll_up.recompute_for(workplace=workplace, first=on, last=None, at=AT)

    def close(self, place: int | None, on: dt.date) -> None:
        workplace = None if place is None else self.workplaces[place]
        _row, made = ClosedDay.objects.get_or_create(territory=workplace, on=on, defaults={"reason": "Feriado"})
        if made:
            roll_up.recompute_for(workplace=workplace, first=on, last=on, at=AT)


def day(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


days = st.integers(0, DAYS - 1).map(day)
places = st.integers(0, 4)
values = st.integers(0, 10**9)
acts = st.one_of(
    st.tuples(st.just("answer"), places, days, values),
    st.tuples(st.just("answer"), places, days, values),
    st.tuples(st.just("withdraw"), places, days),
    st.tuples(st.just("stop"), places, days),
    st.tuples(st.just("simulate"), places, days, values),
    st.tuples(st.just("move"), places, st.integers(0, 2), days),
    st.tuples(st.just("sector"), places, st.integers(0, 1), days),
    st.tuples(st.just("can"), places, days, st.integers(1, 10**9), st.none() | st.integers(0, 3)),
    st.tuples(st.just("can"), places, st.just(day(0)), st.integers(1, 10**9), st.none()),
    st.tuples(st.just("close"), st.none() | places, days),
)


def perform(world: World, act: tuple[Any, ...]) -> None:
    match act:
        case ("answer", place, on, value):
            world.answer(place, on, value)
        case ("simulate", place, on, value):
            world.answer(place, on, value, simulated=True)
        case ("withdraw", place, on):
            world.answer(place, on, None)
        case ("stop", place, on):
            world.answer(place, on, None, stoppage="power_cut")
        case ("move", place, to, on):
            world.hang(Placement, place, world.cordones[to], on)
        case ("sector", place, to, on):
            world.hang(SectorPlacement, place, world.sectors[to], on)
        case ("can", place, on, amount, only):
            world.can(place, on, amount, only)
        case ("close", place, on):
            world.close(place, on)


class RollUpProperties(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(acts, st.booleans()), min_size=1, max_size=20))
    def test_incremental_rows_are_what_the_facts_say(self, history: list[tuple[tuple[Any, ...], bool]]) -> None:
        world = World()
        for act, at_once in history:
            perform(world, act)
            if at_once:
                job.run_due(at=AT)
        job.run_due(at=AT)
        stored = stored_rows()
        assert stored == PlainRollUp(day(-60), day(DAYS + 60)).rows()
        assert summary.check_summaries(at=AT) == []
        self.run_twice()
        self.sums(world)
        Summary.objects.all().delete()
        summary.rebuild_summaries()
        assert stored_rows() == stored

    def run_twice(self) -> None:
        """The same jobs once more change nothing, and no open page is told that they did."""
        before = list(Summary.objects.order_by("pk").values_list())
        token = Pulse.objects.values_list("token", flat=True).first()
        for submission in Submission.objects.all():
            job.enqueue(
                kind="roll_up", key=f"again:{submission.uuid}", payload={"submission": str(submission.uuid)}, at=AT
            )
        job.run_due(at=AT)
        assert list(Summary.objects.order_by("pk").values_list()) == before
        assert Pulse.objects.values_list("token", flat=True).first() == token

    def sums(self, world: World) -> None:
        """Cordones sum to the nation, branches to all (with those that have none), days to months."""
        rows = stored_rows()
        cordones = {c.pk for c in world.cordones}
        for (place, indicator, sector, grain, start), row in rows.items():
            if place == world.nation.pk and sector is None:
                below = [rows.get((c, indicator, None, grain, start)) for c in cordones]
                # a workplace that moved inside a week may have said it of all its figures in one cordón only
                for column in (0, 1, 2, *(range(7, 12) if grain == "day" else ())):
                    assert (row[column] or 0) == sum(r[column] or 0 for r in below if r)
        made = Indicator.objects.get(name="Hecho")
        daily = world.workplaces[0].pk
        for month in (dt.date(2026, m, 1) for m in (9, 10, 11)):
            whole = rows.get((daily, made.pk, None, "month", month))
            parts = [
                r[0] or 0
                for (place, what, _s, grain, start), r in rows.items()
                if (place, what, grain) == (daily, made.pk, "day") and start.replace(day=1) == month
            ]
            assert ((whole[0] or 0) if whole else 0) == sum(parts)
