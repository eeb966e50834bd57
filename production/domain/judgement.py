"""Judgement: every figure against its own past, for many workplaces at once.

A report is judged soon after it came: its job is written with it, in its transaction, and reaches back to the earliest
day that it changed. A state saved before that day is carried on through what is reported now, so a late report, a
correction, a month at once and a calendar that changed come to the same as if all of it had been known from the first
day. A day without a report passes as missing when the next one comes. Two analyses of one workplace take turns on its
row; running one twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

from django.db import transaction
from django.db.models import Min

from councils.clock import local_day
from councils.models import Job, Territory
from production.analysis.cyberstride import Frequency as EngineFrequency
from production.analysis.watch import carry
from production.domain.analysis_job import ANALYSE
from production.domain.data_problem import screen_for, store_problems
from production.domain.facts import slices
from production.domain.judgement_alerts import act
from production.domain.judgement_facts import Whose, strands_of
from production.domain.judgement_store import store_judgements, store_states
from production.enums import Frequency
from production.models import Alert, Figure, Report

#: Workplaces judged in one transaction: enough that they cost little each, few enough that nobody waits for long.
SHARD = 200
#: Jobs taken together.
BATCH = 200


@dataclass
class Analysed:
    """How many series an analysis judged; the alerts it opened, how many it judged anew and how many it closed."""

    series: int = 0
    opened: tuple[Alert, ...] = ()
    revised: int = 0
    closed: int = 0

    def __iadd__(self, other: Analysed) -> Analysed:
        self.series += other.series
        self.opened += other.opened
        self.revised += other.revised
        self.closed += other.closed
        return self


def analyse(
    *,
    workplaces: Collection[Territory],
    day: dt.date,
    at: dt.datetime,
    since: dt.date | None = None,
    anew: bool = False,
) -> Analysed:
    """Judge every figure of ``workplaces`` for the days up to ``day``, and open, revise and close alerts at ``at``.

    ``since``: the first day whose facts may have changed; None: whatever the oldest saved state reaches. ``anew``: from
    the first figure on. Either way an alert is opened only for what still stands. Safe to call twice.
    """
    changed = {(w.pk, frequency): since for w in workplaces for frequency in Frequency.values}
    return _analyse(changed, day, at, anew=anew)


def analyse_sent(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``analyse``: payload as ``production.domain.analysis_job`` writes it."""
    assert {job.kind for job in jobs} <= {ANALYSE}
    _analyse(_changed([job.payload for job in jobs]), local_day(at), at)


def _changed(payloads: Iterable[Mapping[str, str]]) -> dict[Whose, dt.date | None]:
    """Since when the facts of each workplace and frequency changed, by what the jobs name."""
    changed: dict[Whose, dt.date | None] = {}

    def note(workplace: int, frequency: str, first: dt.date) -> None:
        known = changed.setdefault((workplace, frequency), first)
        assert known is not None
        changed[workplace, frequency] = min(known, first)

    named: dict[str, list[str]] = {}
    for payload in payloads:
        for name in payload.keys() & {"submission", "import"}:
            named.setdefault(name, []).append(payload[name])
        if "workplace" in payload:
            first = dt.date.fromisoformat(payload["first"])
            places = Territory.objects.workplaces()
            if payload["workplace"]:
                places = places.filter(uuid=payload["workplace"])
            for pk, frequency in product(places.values_list("pk", flat=True), Frequency.values):
                note(pk, frequency, first)
    for path, uuids in (("submission", named.get("submission", [])), ("import_batch", named.get("import", []))):
        inner = "submission" if path == "submission" else "submission__import_batch"
        outer = "submissions" if path == "submission" else "submissions__import_batch"
        for part in slices(set(uuids)):
            figures = Figure.objects.filter(**{f"{inner}__uuid__in": part})
            groups = figures.values_list("series__workplace_id", "series__frequency").annotate(first=Min("start"))
            for workplace, frequency, first in groups:
                note(workplace, frequency, first)
            # a day said not to be worked, or worked after all, changes the daily figures without naming one
            reports = Report.objects.filter(**{f"{outer}__uuid__in": part})
            for workplace, first in reports.values_list("workplace_id").annotate(first=Min("on")):
                note(workplace, Frequency.DAY, first)
    return changed


def _analyse(changed: Mapping[Whose, dt.date | None], day: dt.date, at: dt.datetime, *, anew: bool = False) -> Analysed:
    done = Analysed()
    every = sorted({workplace for workplace, _frequency in changed})
    for n in range(0, len(every), SHARD):
        shard = set(every[n : n + SHARD])
        own = {whose: since for whose, since in changed.items() if whose[0] in shard}
        done += _analyse_shard(own, day, at, anew)
    return done


def _analyse_shard(changed: Mapping[Whose, dt.date | None], day: dt.date, at: dt.datetime, anew: bool) -> Analysed:
    """One transaction. The rows of the workplaces are locked in order, so that two analyses take turns."""
    done = Analysed()
    with transaction.atomic():
        workplaces = Territory.objects.filter(pk__in={workplace for workplace, _frequency in changed})
        list(workplaces.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        for frequency, strands in strands_of(changed=changed, day=day, anew=anew).items():
            faults = screen_for(frequency=frequency, strands=strands, day=day)
            courses = carry(strands, frequency=cast("EngineFrequency", frequency), screen=faults)
            store_problems(frequency=frequency, faults=faults, at=at)
            carried = list(zip(strands, courses, strict=True))
            store_states(frequency, carried)
            rows = store_judgements(frequency, carried)
            acted = act(frequency=frequency, carried=carried, rows=rows, at=at)
            done += Analysed(len(rows), tuple(acted.opened), acted.revised, acted.closed)
    return done
