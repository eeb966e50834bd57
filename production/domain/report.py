"""Report: a workplace says what it did on a production day; a correction is a new version, the old one stays."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.domain import audit, job
from councils.enums import BodyKind
from councils.errors import Denied, Refused
from councils.models import Body, Member, Placement, Territory
from councils.permissions import require
from production.domain.analysis_job import analyse_submission
from production.domain.calendar import due_at, factory_of, period_is_open, period_of, production_day
from production.enums import Channel, Frequency, Stoppage
from production.models import Figure, Report, Series, Submission
from production.models.fixed_point import MAX_DIGITS, PLACES, to_micro
from production.models.report import FigureQuerySet

#: A figure (None: missing, or withdrawn) and what happened.
Answer = tuple[Decimal | None, str]
#: Channels by which nobody in particular speaks: commands and the demo.
_WITHOUT_AUTHOR = {Channel.COMMAND, Channel.SIMULATION}


def submit_report(
    *,
    workplace: Territory,
    territory: Territory,
    on: dt.date,
    figures: Mapping[Series, Answer],
    by: Member | None,
    at: dt.datetime,
    shift: str = "",
    note: str = "",
    reason: str = "",
    sender_key: uuid.UUID | None = None,
    seen: int | None = None,
    channel: str = Channel.FORM,
    simulated: bool = False,
) -> Submission:
    """Store the figures of ``territory`` for production day ``on`` that differ from what is stored.

    ``territory``: the workplace or one of its sections. A figure whose series has a current value becomes its
    next version, which asks for a ``reason``; None withdraws it. Where nothing is stored, None stores nothing:
    missing is missing. ``seen``: number of the last submission the sender saw (0: none), None not to check.
    The same ``sender_key`` with the same figures answers the submission it made the first time.

    Raises ``Denied`` and, each with its sentence, ``Refused``: a day to come, a series not in force, a figure out
    of bounds, a report that changed meanwhile, a correction without reason, nothing to store.
    """
    _authorise(workplace, by, at, channel)
    _refuse_future(workplace, on, at)
    _refuse_foreign(workplace, territory, on)
    starts = {series: _start(series, workplace, territory, on) for series in figures}
    for series, (value, _remark) in figures.items():
        _refuse_unfit(series, value)
    try:
        with transaction.atomic():
            report = _lock(workplace, territory, on, shift)
            earlier = _already_sent(sender_key, report, by, figures, starts)
            if earlier is not None:
                return earlier
            last = report.submissions.order_by("number").last()
            _refuse_stale(last, seen)
            current = _current(starts)
            changed = {s: answer for s, answer in figures.items() if _differs(current.get(s.pk), answer)}
            corrects = _corrects(report, last, changed, current, at)
            if corrects and not reason:
                raise Refused(_reason_sentence(last))
            if not changed and not (last and (last.stoppage or (note and note != last.note))):
                raise Refused(_nothing_sentence(last))
            submission = _write(
                report,
                last,
                author=by,
                at=at,
                channel=channel,
                sender_key=sender_key,
                simulated=simulated,
                reason=reason if corrects else "",
                note=note,
            )
            _write_figures(submission, changed, starts, current)
            _announce(submission, "correct_report" if corrects else "submit_report", by, at)
    except IntegrityError as e:
        # The same key, or the same week's figure with the report of another day, committed a moment before.
        raise Refused(_("Someone sent figures of the same period at this moment. Look at them and send again.")) from e
    return submission


def declare_stoppage(
    *,
    workplace: Territory,
    territory: Territory,
    on: dt.date,
    why: str,
    by: Member | None,
    at: dt.datetime,
    shift: str = "",
    why_note: str = "",
    reason: str = "",
    seen: int | None = None,
    sender_key: uuid.UUID | None = None,
    channel: str = Channel.FORM,
    simulated: bool = False,
) -> Submission:
    """Say that ``territory`` did not work on production day ``on``: an answer, not a zero.

    ``why``: a ``Stoppage``. A second tap with the same one answers the first. Figures of that day in force are
    withdrawn, which is a correction and asks for a ``reason``; those of its week or month stay. Figures sent
    afterwards undo it, until the report is due without a reason, later as a correction. ``seen`` as in
    ``submit_report``.

    Raises ``Denied``; ``Refused`` for a day to come, an unknown ``why``, a report that changed meanwhile, or
    figures that are there and no reason.
    """
    _authorise(workplace, by, at, channel)
    _refuse_future(workplace, on, at)
    _refuse_foreign(workplace, territory, on)
    if why not in Stoppage.values:
        raise Refused(_("Choose why the day was not worked."))
    try:
        with transaction.atomic():
            report = _lock(workplace, territory, on, shift)
            last = report.submissions.order_by("number").last()
            if last is not None and last.stoppage == why and last.stoppage_note == why_note:
                return last
            given = list(_figures_of(report).filter(series__frequency=Frequency.DAY).select_related("series"))
            if given:
                _refuse_stale(last, seen)
            if given and not reason:
                raise Refused(_("There are already figures of this day. To say that there was no work, write why."))
            submission = _write(
                report,
                last,
                author=by,
                at=at,
                channel=channel,
                sender_key=sender_key,
                simulated=simulated,
                reason=reason if given else "",
                stoppage=why,
                stoppage_note=why_note,
            )
            _withdraw(submission, given)
            _announce(submission, "correct_report" if given else "declare_stoppage", by, at)
    except IntegrityError as e:
        raise Refused(_("This form was already used. Open it again.")) from e
    return submission


def is_answered(report: Report | None, last: Submission | None) -> bool:
    """Whether the day has an answer: figures in force, or "did not work"."""
    return report is not None and last is not None and (bool(last.stoppage) or _figures_of(report).exists())


# --- who, and whether now -----------------------------------------------------------------


def _authorise(workplace: Territory, by: Member | None, at: dt.datetime, channel: str) -> None:
    if by is None:
        if channel not in _WITHOUT_AUTHOR:
            raise Denied(_("A report has an author."))
        return
    require("submit_report", by=by, on=workplace, at=at)


def _refuse_future(workplace: Territory, on: dt.date, at: dt.datetime) -> None:
    today = production_day(factory=factory_of(workplace), at=at)
    if on > today:
        raise Refused(
            _("%(day)s has not begun here: the production day is %(today)s. Report it when it comes.")
            % {"day": date_format(on), "today": date_format(today)}
        )


def _refuse_foreign(workplace: Territory, territory: Territory, on: dt.date) -> None:
    if territory != workplace and not Placement.objects.valid_on(on).filter(territory=territory, parent=workplace):
        raise Refused(_("“%(name)s” is not a section of this workplace on that day.") % {"name": territory.name})


def _start(series: Series, workplace: Territory, territory: Territory, on: dt.date) -> dt.date:
    """The period of ``series`` that holds ``on``; refuses a series of another place or time."""
    if series.workplace_id != workplace.pk or series.territory_id != territory.pk:
        raise Refused(_("“%(name)s” is not among the figures of this report.") % {"name": series.indicator.name})
    if not period_is_open(series, on):
        raise Refused(
            _("“%(name)s” is reported from %(from)s on, not for %(day)s.")
            % {"name": series.indicator.name, "from": date_format(series.from_on), "day": date_format(on)}
        )
    return period_of(series, on)


def _refuse_unfit(series: Series, value: Decimal | None) -> None:
    if value is None:
        return
    name = series.indicator.name
    if value.is_finite() and value < 0 and not series.indicator.signed:
        raise Refused(_("“%(name)s” cannot be below zero.") % {"name": name})
    if series.indicator.whole and value.is_finite() and value % 1:
        raise Refused(
            _("“%(name)s” is counted in whole %(unit)s: write it without decimals.")
            % {"name": name, "unit": series.indicator.unit_words}
        )
    try:
        to_micro(value)
    except (ValueError, ArithmeticError) as e:  # not a number, or too long a one
        raise Refused(
            _("“%(name)s” takes at most %(digits)s digits, %(places)s of them after the comma.")
            % {"name": name, "digits": MAX_DIGITS, "places": PLACES}
        ) from e


def _refuse_stale(last: Submission | None, seen: int | None) -> None:
    if seen is not None and last is not None and last.number > seen:
        raise Refused(_correction_sentence(last))


def _corrects(
    report: Report,
    last: Submission | None,
    changed: Mapping[Series, Answer],
    current: Mapping[int, Figure],
    at: dt.datetime,
) -> bool:
    """A figure in force changes, or a day declared not worked is undone after its report was due."""
    if any(s.pk in current and current[s.pk].value is not None for s in changed):
        return True
    if last is None or not last.stoppage:
        return False
    return at >= due_at(factory=factory_of(report.workplace), on=report.on)


def _reason_sentence(last: Submission | None) -> str:
    if last is not None and last.stoppage:
        return _("Write why: it was reported that there was no work.")
    return _correction_sentence(last)


def _correction_sentence(last: Submission | None) -> str:
    if last is None:
        return _("This figure is already there. To change it, write why.")
    return _("%(who)s already sent this report on %(when)s. To change it, write why.") % {
        "who": last.author or _("The installation"),
        "when": date_format(timezone.localtime(last.at), "SHORT_DATETIME_FORMAT"),
    }


def _nothing_sentence(last: Submission | None) -> str:
    if last is None:
        return _("Write at least one figure, or say that the day was not worked.")
    return _("Nothing changed: these figures are already there.")


# --- what is stored ------------------------------------------------------------------------


def _lock(workplace: Territory, territory: Territory, on: dt.date, shift: str) -> Report:
    """The report's row, locked: submissions of one report come one after the other."""
    report, _created = Report.objects.get_or_create(
        territory=territory, on=on, shift=shift, defaults={"workplace": workplace}
    )
    return Report.objects.select_related("workplace").select_for_update(of=("self",)).get(pk=report.pk)


def _already_sent(
    sender_key: uuid.UUID | None,
    report: Report,
    by: Member | None,
    figures: Mapping[Series, Answer],
    starts: Mapping[Series, dt.date],
) -> Submission | None:
    """The submission that this very form made before, if it said the same."""
    if sender_key is None:
        return None
    earlier = Submission.objects.filter(sender_key=sender_key).first()
    if earlier is None:
        return None
    starts_by_series = {s.pk: start for s, start in starts.items()}
    then = {
        f.series_id: f.value
        for f in Figure.objects.filter(
            series__in=starts, start__in=set(starts.values()), submission__lte=earlier.pk
        ).order_by("version")
        if starts_by_series.get(f.series_id) == f.start
    }
    same = all(then.get(s.pk) == value for s, (value, _remark) in figures.items())
    if earlier.report_id == report.pk and earlier.author_id == (by.pk if by else None) and same:
        return earlier
    raise Refused(_("This form was already sent, with other figures. Open the report again to change it."))


def _current(starts: Mapping[Series, dt.date]) -> dict[int, Figure]:
    """Figures in force, by series, of the periods asked."""
    wanted = {(s.pk, start) for s, start in starts.items()}
    rows = Figure.objects.current().filter(series__in=starts, start__in=set(starts.values()))
    return {f.series_id: f for f in rows if (f.series_id, f.start) in wanted}


def _differs(current: Figure | None, answer: Answer) -> bool:
    value, remark = answer
    if current is None:
        return value is not None
    return current.value != value or (value is not None and bool(remark) and remark != current.remark)


def _figures_of(report: Report) -> FigureQuerySet:
    """What ``report`` says and was not withdrawn."""
    return Figure.objects.current().filter(submission__report=report, value__isnull=False)


def _write(report: Report, last: Submission | None, **columns: Any) -> Submission:
    """The next submission of ``report``, now its current one."""
    report.submissions.filter(current=True).update(current=False)
    return Submission.objects.create(report=report, number=last.number + 1 if last else 1, current=True, **columns)


def _write_figures(
    submission: Submission,
    changed: Mapping[Series, Answer],
    starts: Mapping[Series, dt.date],
    current: Mapping[int, Figure],
) -> None:
    old = [current[s.pk].pk for s in changed if s.pk in current]
    Figure.objects.filter(pk__in=old).update(superseded=True)
    Figure.objects.bulk_create(
        Figure(
            series=series,
            start=starts[series],
            version=current[series.pk].version + 1 if series.pk in current else 1,
            value=value,
            remark=remark,
            submission=submission,
        )
        for series, (value, remark) in changed.items()
    )


def _withdraw(submission: Submission, given: Sequence[Figure]) -> None:
    """The figures ``given`` become versions without a value: nothing was made that day."""
    current = {figure.series_id: figure for figure in given}
    starts = {figure.series: figure.start for figure in given}
    _write_figures(submission, dict.fromkeys(starts, (None, "")), starts, current)


def _announce(submission: Submission, verb: str, by: Member | None, at: dt.datetime) -> None:
    """The audit event, and the jobs of the roll-up and of the analysis, in the transaction of the fact."""
    report = submission.report
    body = Body.objects.filter(territory=report.workplace_id, kind=BodyKind.COMMITTEE).first()
    audit.record(verb=verb, by=by, at=at, body=body, subject=report, number=submission.number, on=str(report.on))
    job.enqueue(
        kind="roll_up",
        key=f"roll_up:submission:{submission.uuid}",
        payload={"submission": str(submission.uuid)},
        at=at,
    )
    analyse_submission(submission=submission.uuid, at=at)
