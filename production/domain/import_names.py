"""What the names of a file stand for: known workplaces and indicators, new ones, or a reason to reject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from councils.models import Placement, Territory
from councils.names import name_key
from production.domain.import_options import ImportOptions
from production.enums import Aggregation
from production.intake.names import nearest, same_name
from production.intake.readers import Stated
from production.intake.table import Measure, Place, Table
from production.intake.units import canonical, find_unit
from production.intake.words import infer_aggregation
from production.models import Indicator, SectorPlacement

#: Later than any day: proleptic ordinals stay under it.
FAR = 4_000_000
#: Names compared when one is unknown; more would not be told apart by a reader either.
_MOST_NAMES = 5_000
#: Column, code and particulars of a rejection.
Reason = tuple[str, str, dict[str, str | int]]


@dataclass
class Workplace:
    """A workplace that the file names: known, or to be created."""

    name: str
    known: Territory | None
    sector: str = ""
    cordon: str = ""
    first_day: int = FAR
    #: The file places it, and the installation does not yet.
    gains_sector: bool = False
    gains_cordon: bool = False


@dataclass
class Subject:
    """An indicator that the file names: known, or to be created."""

    name: str
    unit: str
    kind: str
    aggregation: str
    known: Indicator | None


@dataclass
class Names:
    """Who and what a file names. ``of_place``/``of_measure``: index of the workplace or subject, or why not."""

    workplaces: list[Workplace]
    subjects: list[Subject]
    of_place: list[int | Reason]
    of_measure: list[int | Reason]
    #: Aggregation → indicators of which the file does not tell it.
    inferred: dict[str, list[str]]

    @property
    def stated(self) -> list[Stated]:
        """What was assumed about new indicators."""
        return [("aggregation", {"aggregation": how, "names": several(what)}) for how, what in self.inferred.items()]


def several(names: list[str], most: int = 8) -> str:
    """Some of ``names``, and how many more."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" … (+{rest})" if rest > 0 else "")


def match_names(*, table: Table, options: ImportOptions, workplace: Territory | None) -> Names:
    """Match places and measures of ``table``. ``workplace``: the only one whose rows are taken."""
    names = Names([], [], [], [], defaultdict(list))
    names.of_place = _match_places(names, table.places, options, workplace)
    names.of_measure = _match_measures(names, table.measures, options)
    return names


# --- places -------------------------------------------------------------------------------


def _match_places(
    names: Names, places: list[Place], options: ImportOptions, workplace: Territory | None
) -> list[int | Reason]:
    """For each place of the table, the index of its workplace, or why its rows are rejected."""
    keys = {name_key(place.factory) for place in places}
    known = {t.name_key: t for t in in_chunks(lambda c: Territory.objects.workplaces().filter(name_key__in=c), keys)}
    sectors, cordones = _standing(known.values())
    everyone = _Known(lambda: Territory.objects.workplaces().values_list("name", flat=True))
    numbers: dict[str, int] = {}
    verdicts: list[int | Reason] = []
    for place in places:
        key = name_key(place.factory)
        there = known.get(key)
        reason = _against_place(place, there, options, workplace, everyone)
        if reason is None and there is not None:
            reason = _against_standing(place, sectors[there.pk], cordones[there.pk])
        if reason is None and key not in numbers:
            numbers[key] = len(names.workplaces)
            names.workplaces.append(Workplace(place.factory, there))
        if reason is None:
            reason = _settle(names.workplaces[numbers[key]], place, options, sectors, cordones)
        verdicts.append(reason or numbers[key])
    return verdicts


def _against_place(
    place: Place, there: Territory | None, options: ImportOptions, workplace: Territory | None, names: _Known
) -> Reason | None:
    if workplace is not None:
        if there is not None and there.pk == workplace.pk:
            return _against_spelling("factory", place.factory, there.name)
        return "factory", "not_this_workplace", {"value": place.factory, "known": workplace.name}
    if there is not None:
        return _against_spelling("factory", place.factory, there.name)
    if options.create:
        return None
    return "factory", "unknown_factory", {"value": place.factory, "near": ", ".join(names.nearest(place.factory))}


def _against_spelling(column: str, given: str, known: str) -> Reason | None:
    """``given`` differs from ``known`` in accents alone: with those left out it is taken, with one too many not."""
    return None if same_name(given, known) else (column, "spelt_otherwise", {"value": given, "known": known})


def _standing(known: Iterable[Territory]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Names of the sectors and of the parents that each workplace has ever had."""
    ids = [t.pk for t in known]
    sectors: dict[int, list[str]] = defaultdict(list)
    cordones: dict[int, list[str]] = defaultdict(list)

    def of_sectors(some: list[int]) -> Iterable[tuple[int, str]]:
        return SectorPlacement.objects.filter(workplace__in=some).values_list("workplace", "sector__name")

    def of_parents(some: list[int]) -> Iterable[tuple[int, str]]:
        return Placement.objects.filter(territory__in=some).values_list("territory", "parent__name")

    for workplace, name in in_chunks(of_sectors, ids):
        sectors[workplace].append(name)
    for workplace, name in in_chunks(of_parents, ids):
        cordones[workplace].append(name)
    return sectors, cordones


def _against_standing(place: Place, sectors: list[str], cordones: list[str]) -> Reason | None:
    """A known workplace is moved by its bodies, not by a file."""
    for column, given, there in (("sector", place.sector, sectors), ("cordon", place.cordon, cordones)):
        if given and there and name_key(given) not in map(name_key, there):
            return column, f"other_{column}", {"value": given, "known": ", ".join(dict.fromkeys(there))}
    return None


def _settle(
    workplace: Workplace,
    place: Place,
    options: ImportOptions,
    sectors: dict[int, list[str]],
    cordones: dict[int, list[str]],
) -> Reason | None:
    """Take sector and cordón from the file where the installation has none; a file tells one of each."""
    cordon = place.cordon or (place.sector if options.cordon_from_sector else "")
    for column, given in (("sector", place.sector), ("cordon", cordon)):
        before = getattr(workplace, column)
        if given and before and name_key(given) != name_key(before):
            return column, "two_places", {"value": given, "before": before}
        if given:
            setattr(workplace, column, given)
    there = workplace.known
    workplace.gains_sector = bool(workplace.sector and options.create and not (there and sectors[there.pk]))
    workplace.gains_cordon = bool(options.create and not (there and (cordones[there.pk] or not workplace.cordon)))
    return None


# --- measures -------------------------------------------------------------------------------


def _match_measures(names: Names, measures: list[Measure], options: ImportOptions) -> list[int | Reason]:
    """For each measure of the table, the index of its subject, or why its rows are rejected."""
    keys = {name_key(measure.indicator) for measure in measures}
    by_name: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in in_chunks(lambda c: Indicator.objects.filter(name_key__in=c), keys):
        by_name[indicator.name_key].append(indicator)
    everything = _Known(lambda: Indicator.objects.values_list("name", flat=True))
    numbers: dict[tuple[str, str], int] = {}
    verdicts: list[int | Reason] = []
    for measure in measures:
        there = by_name[name_key(measure.indicator)]
        known = next((i for i in there if canonical(i.unit) == canonical(measure.unit)), None)
        reason = _against_measure(measure, known, there, options, everything)
        if reason is None and measure.subject not in numbers:
            numbers[measure.subject] = len(names.subjects)
            names.subjects.append(_subject(names, measure, known))
        if reason is None:
            reason = _against_words(measure, names.subjects[numbers[measure.subject]])
        verdicts.append(reason or numbers[measure.subject])
    return verdicts


def _against_measure(
    measure: Measure, known: Indicator | None, there: list[Indicator], options: ImportOptions, names: _Known
) -> Reason | None:
    if known is None and there and not options.create_indicators:
        return "unit", "other_unit", {"value": measure.unit, "known": ", ".join(i.unit for i in there)}
    if known is None and not options.create_indicators:
        near = ", ".join(names.nearest(measure.indicator))
        return "indicator", "unknown_indicator", {"value": measure.indicator, "near": near}
    other = next((i for i in there if not same_name(measure.indicator, i.name)), None)
    if other is not None:
        return _against_spelling("indicator", measure.indicator, other.name)
    if known is None and find_unit(measure.unit) is None:
        return "unit", "unknown_unit", {"value": measure.unit}
    if known is not None and known.aggregation == Aggregation.RATIO:
        return "indicator", "computed", {"value": measure.indicator}
    return None


def _subject(names: Names, measure: Measure, known: Indicator | None) -> Subject:
    if known is not None:
        return Subject(known.name, known.unit, known.kind, known.aggregation, known)
    unit = find_unit(measure.unit)
    assert unit is not None
    inferred = infer_aggregation(name=measure.indicator, kind=measure.kind, is_share=unit.is_share)
    if not measure.aggregation:
        names.inferred[inferred].append(measure.indicator)
    aggregation = measure.aggregation or inferred
    return Subject(measure.indicator, unit.symbol, measure.kind, aggregation, None)


def _against_words(measure: Measure, subject: Subject) -> Reason | None:
    """A file may not call one indicator two kinds of thing."""
    if measure.kind and subject.kind and measure.kind != subject.kind:
        return "kind", "other_kind", {"value": measure.kind, "known": subject.kind}
    if measure.aggregation and measure.aggregation != subject.aggregation:
        return "aggregation", "other_aggregation", {"value": measure.aggregation, "known": subject.aggregation}
    subject.kind = subject.kind or measure.kind
    return None


# --- names and chunks -------------------------------------------------------------------------


class _Known:
    """Known names, asked for once and only if one is missing."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask
        self._names: list[str] | None = None

    def nearest(self, name: str) -> list[str]:
        if self._names is None:
            self._names = list(self._ask()[:_MOST_NAMES])
        return nearest(name, self._names)


def in_chunks(query: Callable[[list[Any]], Iterable[Any]], keys: Collection[Any], size: int = 500) -> list[Any]:
    """Rows of ``query`` over chunks of ``keys``: engines limit how many values a question may hold."""
    wanted = list(keys)
    return [row for at in range(0, len(wanted), size) for row in query(wanted[at : at + size])]
