"""Data problem: one fault across many series of a source is told once to that source, and raises no alarm.

It stands until the figures are corrected; then it closes by itself. What shows it is shielded meanwhile: a switched
unit is taken back, anything else counts as missing. Only its source sees it: the members of its workplace, or who sent
the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.clock import local_day
from councils.domain.waiting import Notice
from councils.models import Member, Territory
from production.analysis.cyberstride.data_problems import Problem
from production.analysis.faults import Fault, Faults, Known
from production.analysis.watch import Strand, number_of, start_of
from production.enums import Frequency, ProblemKind
from production.models import DataProblem, ImportBatch, Series

#: That nothing came on a day is told for so long: who has not sent it by then will not.
MISSING_FOR = dt.timedelta(days=14)
#: Faults of one kind so few periods apart are one: who sent a sheet twice may do so on a Friday and a Monday.
NEAR = 3


def screen_for(*, frequency: str, strands: Sequence[Strand], day: dt.date) -> Faults:
    """What looks for faults while ``strands`` are carried up to ``day``; it knows those that stand."""
    lanes = {lane for strand in strands for lane in strand.series}
    known = [
        Known(
            key=row.pk,
            problem=Problem(row.kind),
            factor=row.factor,
            series=frozenset(row.series),
            first=number_of(frequency, row.first_on),
            last=number_of(frequency, row.last_on),
        )
        for row in _standing(frequency)
        if lanes & set(row.series) and row.kind != ProblemKind.MISSING
    ]
    since = number_of(frequency, day - MISSING_FOR) if frequency == Frequency.DAY else 10**9
    return Faults(strands, known=known, missing_since=since)


def store_problems(*, frequency: str, faults: Faults, at: dt.datetime) -> None:
    """Write what was found, stretch what goes on, close what nothing shows any more. Inside the analysis."""
    first_of = {lane: strand.first for strand in faults.strands for lane in strand.series}
    for row in _standing(frequency).select_for_update():
        if not first_of.keys() & set(row.series):
            continue
        if row.kind == ProblemKind.MISSING:
            _follow_missing(row, faults, first_of, at)
            continue
        shown = faults.seen.get(row.pk, {})
        begun = number_of(frequency, row.first_on)
        gone = {lane for lane in row.series if first_of.get(lane, begun + 1) <= begun and lane not in shown}
        left = [lane for lane in row.series if lane not in gone]
        last = max([number_of(frequency, row.last_on), *(n for days in shown.values() for n in days)])
        _keep(row, left, start_of(frequency, last), at)
    for fault in sorted(faults.found, key=lambda f: f.number):
        _write(frequency, fault, at)


def _standing(frequency: str) -> QuerySet[DataProblem]:
    return DataProblem.objects.open().filter(frequency=frequency).order_by("pk")


def _keep(row: DataProblem, left: list[int], last_on: dt.date, at: dt.datetime) -> None:
    if not left:
        row.closed_at = at
    elif (left, last_on) == (row.series, row.last_on):
        return
    else:
        row.series, row.last_on = left, last_on
    row.save(update_fields=["series", "last_on", "closed_at"])


def _follow_missing(row: DataProblem, faults: Faults, first_of: dict[int, int], at: dt.datetime) -> None:
    """A day on which nothing came: closed when something did, or when it is long ago."""
    begun = number_of(row.frequency, row.first_on)
    looked = all(first_of.get(lane, begun + 1) <= begun for lane in row.series)
    still = any(f.problem == Problem.MISSING and f.number == begun for f in faults.found)
    if (looked and not still) or row.last_on < local_day(at) - MISSING_FOR:
        row.closed_at = at
        row.save(update_fields=["closed_at"])


def _write(frequency: str, fault: Fault, at: dt.datetime) -> None:
    """A new row, or one that stands and goes on."""
    on = start_of(frequency, fault.number)
    same = _standing(frequency).filter(
        workplace=fault.source.workplace or None,
        import_batch=fault.source.batch or None,
        indicator=fault.source.indicator or None,
        kind=fault.problem.value,
        factor=fault.factor,
    )
    if fault.problem != Problem.UNIT:
        low = start_of(frequency, fault.number - (0 if fault.problem == Problem.MISSING else NEAR))
        same = same.filter(first_on__lte=on, last_on__gte=low)
    row = same.first()
    if row is None:
        DataProblem.objects.create(
            workplace_id=fault.source.workplace or None,
            import_batch_id=fault.source.batch or None,
            indicator_id=fault.source.indicator or None,
            kind=fault.problem.value,
            factor=fault.factor,
            frequency=frequency,
            first_on=on,
            last_on=on,
            series=sorted(fault.series),
            found_at=at,
        )
        return
    row.first_on, row.last_on = min(row.first_on, on), max(row.last_on, on)
    row.series = sorted({*row.series, *fault.series})
    row.save(update_fields=["first_on", "last_on", "series"])


# --- for whom ----------------------------------------------------------------------------------------


def problems_of(*, workplace: Territory) -> list[DataProblem]:
    """Those of ``workplace`` that stand, the latest first. For its members alone."""
    return list(DataProblem.objects.open().filter(workplace=workplace).order_by("-last_on", "pk"))


def problems_sent_by(*, member: Member) -> list[DataProblem]:
    """Those of the files that ``member`` sent, the latest first."""
    rows = DataProblem.objects.open().filter(import_batch__uploaded_by=member)
    return list(rows.select_related("indicator", "import_batch").order_by("-last_on", "pk"))


def problems_brought_by(*, batch: ImportBatch) -> list[DataProblem]:
    """Those of one file, the latest first. For who sent it."""
    return list(DataProblem.objects.open().filter(import_batch=batch).order_by("-last_on", "pk"))


def tell_problems(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """What is wrong with the data of her workplaces, and of the files that she sent: on the first page."""
    mine = Territory.objects.workplaces().of_member(member, local_day(at))
    for problem in DataProblem.objects.open().filter(workplace__in=mine).select_related("workplace").order_by("pk"):
        assert problem.workplace is not None
        name = problem.workplace.name
        yield _notice(problem, name, reverse("workplace", args=[problem.workplace.uuid]))
    for problem in problems_sent_by(member=member):
        assert problem.import_batch is not None
        yield _notice(
            problem, problem.import_batch.file_name, reverse("import_batch", args=[problem.import_batch.uuid])
        )


def _notice(problem: DataProblem, name: str, url: str) -> Notice:
    return Notice(title=_("Look at the figures of %(name)s") % {"name": name}, url=url, sentence=sentence(problem))


def sentence(problem: DataProblem) -> str:
    """What is wrong, in words."""
    words = {
        "day": date_format(problem.first_on),
        "last": date_format(problem.last_on),
        "n": len(problem.series),
        "times": _times(problem.factor),
    }
    if problem.kind == ProblemKind.MISSING:
        return _("Nothing came of %(day)s: no figure, and no “did not work”.") % words
    if problem.kind == ProblemKind.REPEATED:
        return (
            ngettext(
                "%(n)s figure of %(day)s repeats that of the day before.",
                "%(n)s figures of %(day)s repeat those of the day before.",
                len(problem.series),
            )
            % words
        )
    if problem.kind == ProblemKind.DOUBLED:
        return (
            ngettext(
                "%(n)s figure of %(day)s is twice what it always is: was something counted twice?",
                "%(n)s figures of %(day)s are twice what they always are: was something counted twice?",
                len(problem.series),
            )
            % words
        )
    return (
        ngettext(
            "%(n)s figure from %(day)s on is %(times)s what it was: was the unit switched?",
            "%(n)s figures from %(day)s on are %(times)s what they were: was the unit switched?",
            len(problem.series),
        )
        % words
    )


def _times(factor: float) -> str:
    if factor >= 1:
        return _("%(n)s times") % {"n": f"{factor:.0f}"}
    return _("a %(n)s part of") % {"n": f"{1 / factor:.0f}"}


@dataclass(frozen=True)
class ToldProblem:
    """A fault as its source reads it: a sentence, and the names of the figures, each once."""

    words: str
    figures: str


def in_words(*, problems: Sequence[DataProblem]) -> list[ToldProblem]:
    """``problems`` as their source reads them. One query."""
    concerned = {lane for problem in problems for lane in problem.series}
    names = dict(Series.objects.filter(pk__in=concerned).values_list("pk", "indicator__name"))
    return [
        ToldProblem(sentence(problem), ", ".join(sorted({names[lane] for lane in problem.series if lane in names})))
        for problem in problems
    ]
