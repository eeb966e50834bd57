"""Importing reports from a file: all of it or nothing, unless the good rows are asked for.

    read (pure) → plan (what the names stand for) → compare (what would change) → store

Nothing is created before every row has been looked at. Storing is one transaction with the
job that rolls it up. The same file again changes nothing; a changed value is a correction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain import audit, job
from councils.enums import BodyKind
from councils.errors import Denied, Refused
from councils.models import Body, Job, Member, Seat, Territory
from councils.permissions import require
from production.domain import import_progress
from production.domain.analysis_job import analyse_import
from production.domain.import_options import ImportOptions, Outcome
from production.domain.import_plan import Plan, make_plan
from production.domain.import_store import Change, Founding, compare, store
from production.domain.roll_up import MANY, recompute_for
from production.enums import Channel, ImportState
from production.intake.table import Table, read_table
from production.intake.trouble import BadFile, glimpse
from production.intake.units import canonical, find_unit
from production.models import ImportBatch, Indicator
from production.models.fixed_point import from_micro

KIND = "import_reports"
#: More rows than this are stored by a job, not while somebody waits for the page.
LONG = 5_000
#: Told with ("reading" | "storing", rows done, rows in all; 0: not known yet).
Progress = Callable[[str, int, int], None]
_TRIES = 3
_TOUCHED_ONE_BY_ONE = 20
#: Rows that a preview shows.
SHOWN = 50


@dataclass(frozen=True)
class Source:
    """A file as it came: its name, only ever shown, and its bytes."""

    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """The name without folders or hidden characters, fit to be stored and repeated."""
        return glimpse(self.name.replace("\\", "/").rsplit("/", 1)[-1].strip(), 150) or "—"


@dataclass(frozen=True)
class Seen:
    """A row as it was read, for a person to compare with what she meant."""

    row: int
    factory: str
    on: dt.date
    indicator: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Look:
    """What importing a file would do. ``rows``: how many it holds."""

    outcome: Outcome
    first: list[Seen]
    rows: int


def import_reports(
    *,
    source: Source,
    options: ImportOptions,
    by: Member | None,
    at: dt.datetime,
    workplace: Territory | None = None,
    progress: Progress | None = None,
    batch: ImportBatch | None = None,
) -> Outcome:
    """Read and store ``source``. ``workplace``: only its rows (a member of its committee may); None: any factory's.

    ``by`` None: the operator's shell. ``batch``: the upload that waited for this, else one is written. What is wrong
    with the file is in the outcome, never an exception. Raises ``Denied``; ``Refused`` when others keep storing
    figures of the same days.
    """
    authorise(workplace=workplace, by=by, at=at)
    tell = progress or (lambda phase, done, total: None)
    for _attempt in range(_TRIES):
        try:
            table = _read(source, options, at, tell)
        except BadFile as e:
            return Outcome(refusal=(e.code, e.params))
        try:
            with transaction.atomic():
                return _import(source, table, options, by, at, workplace, tell, batch)
        except IntegrityError:  # somebody stored a figure or a name of ours between our look and our writing
            continue
    raise Refused(_("Others are storing figures of the same days at this moment. Try the import again in a minute."))


def upload_reports(
    *, source: Source, options: ImportOptions, by: Member, at: dt.datetime, workplace: Territory | None = None
) -> Outcome | ImportBatch:
    """Import a short file at once; look over a long one and, where it can be stored, leave that to a job.

    Returns the outcome, or the batch that waits. Raises ``Denied``; ``Refused`` as ``import_reports``.
    """
    look = look_over(source=source, options=options, by=by, at=at, workplace=workplace)
    outcome = look.outcome
    if outcome.refusal or (outcome.rejected and not (options.accept_valid and outcome.accepted)):
        return outcome
    if look.rows <= LONG:
        return import_reports(source=source, options=options, by=by, at=at, workplace=workplace)
    with transaction.atomic():
        batch = _write_batch(source, options, by, at, workplace, content=source.content, rows=look.rows)
        _enqueue(batch, at)
    return batch


def look_over(
    *, source: Source, options: ImportOptions, by: Member, at: dt.datetime, workplace: Territory | None = None
) -> Look:
    """What importing ``source`` would do, and its first rows as they were read. Stores nothing. Raises ``Denied``."""
    authorise(workplace=workplace, by=by, at=at)
    try:
        table = _read(source, options, at, lambda phase, done, total: None)
    except BadFile as e:
        return Look(Outcome(refusal=(e.code, e.params)), [], 0)
    plan = make_plan(table=table, options=options, workplace=workplace, today=local_day(at))
    outcome = Outcome(rejected=len(table.rejected), errors=table.errors, stated=plan.stated)
    _count(outcome, compare(plan))
    return Look(outcome, _first_rows(plan), table.given)


def keep_preview(
    *, source: Source, options: ImportOptions, by: Member, at: dt.datetime, workplace: Territory | None = None
) -> ImportBatch:
    """Keep a file that was looked over until somebody says to store it. Raises ``Denied``."""
    authorise(workplace=workplace, by=by, at=at)
    return _write_batch(source, options, by, at, workplace, content=source.content)


def store_preview(*, batch: ImportBatch, by: Member, at: dt.datetime) -> ImportBatch:
    """Import a file that was previewed; saying so twice imports it once. Raises ``Denied``; ``Refused`` if it is
    hers no longer."""
    authorise(workplace=batch.workplace, by=by, at=at)
    if batch.uploaded_by_id != by.pk:
        raise Refused(_("This file was sent by somebody else. Send it yourself."))
    with transaction.atomic():
        _enqueue(batch, at)
    return batch


def forget_previews(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Nightly: files that were previewed and never stored are not kept."""
    asked = Job.objects.filter(kind=KIND).values_list("payload__batch", flat=True)
    waiting = ImportBatch.objects.filter(state=ImportState.WAITING, at__lt=at - dt.timedelta(days=2))
    waiting.exclude(uuid__in=list(asked)).delete()


def authorise(*, workplace: Territory | None, by: Member | None, at: dt.datetime) -> None:
    """Raise ``Denied`` unless ``by`` may import for ``workplace`` (None: for every factory)."""
    if by is not None and workplace is None:
        require("import_everywhere", by=by, on=None, at=at)
    elif by is not None:
        require("import_reports", by=by, on=workplace, at=at)


def scopes_of(*, member: Member, at: dt.datetime) -> list[Territory]:
    """Workplaces where ``member`` works and of whose committees she is, by name."""
    held = Seat.objects.held_at(at).filter(holder=member, body__kind=BodyKind.COMMITTEE).values("body__territory")
    return list(
        Territory.objects.workplaces().of_member(member, local_day(at)).filter(pk__in=held).order_by("name_key")
    )


def _read(source: Source, options: ImportOptions, at: dt.datetime, tell: Progress) -> Table:
    units = Indicator.objects.values_list("unit", flat=True).distinct()
    return read_table(
        source.name,
        source.content,
        latest=local_day(at) + dt.timedelta(days=1),
        decimal=options.decimal,
        known_units=frozenset(canonical(unit) for unit in units if find_unit(unit) is None),
        progress=lambda done: tell("reading", done, 0),
    )


def _import(
    source: Source,
    table: Table,
    options: ImportOptions,
    by: Member | None,
    at: dt.datetime,
    workplace: Territory | None,
    tell: Progress,
    batch: ImportBatch | None,
) -> Outcome:
    plan = make_plan(table=table, options=options, workplace=workplace, today=local_day(at))
    outcome = Outcome(rejected=len(table.rejected), errors=table.errors, stated=plan.stated)
    if table.rejected and not (options.accept_valid and plan.index.size):
        return outcome
    if options.dry_run:
        _count(outcome, compare(plan))
        return outcome
    batch = batch or _write_batch(source, options, by, at, workplace, content=None)
    founding = Founding(plan, at)
    founding.found()
    change = compare(plan)
    _count(outcome, change)
    outcome.stored, outcome.made, outcome.batch = True, dict(founding.made), str(batch.uuid)
    total = len(change.new)
    tell("storing", 0, total)
    if change.new:
        channel = Channel.COMMAND if by is None else Channel.FILE
        store(plan, change, batch, channel=channel, progress=lambda done: tell("storing", done, total))
        job.enqueue(kind="roll_up", key=f"roll_up:import:{batch.uuid}", payload={"import": str(batch.uuid)}, at=at)
        analyse_import(batch=batch.uuid, at=at)
        _recompute_touched(plan, founding, change, at)
    _finish(batch, outcome, plan, at)
    _record(batch, outcome, by, at)
    return outcome


def _count(outcome: Outcome, change: Change) -> None:
    outcome.created, outcome.corrected, outcome.unchanged = change.created, change.corrected, change.unchanged


def _recompute_touched(plan: Plan, founding: Founding, change: Change, at: dt.datetime) -> None:
    """A series or placement that reaches back changes what was due on days of which the file says nothing.

    A long import is rolled up whole, so it asks for more only where a series was stretched beyond its days.
    """
    is_long = len(change.new) > MANY
    if not founding.touched or (is_long and not founding.stretched):
        return
    if is_long or len(founding.touched) > _TOUCHED_ONE_BY_ONE:
        recompute_for(workplace=None, first=None, last=None, at=at)
        return
    for workplace in plan.workplaces:
        if workplace.known is not None and workplace.known.pk in founding.touched:
            recompute_for(workplace=workplace.known, first=None, last=None, at=at)


def _first_rows(plan: Plan) -> list[Seen]:
    table = plan.table
    seen = []
    for index, number, start in zip(plan.index[:SHOWN], plan.line_of[:SHOWN], plan.starts[:SHOWN], strict=True):
        line = plan.lines[number]
        subject = plan.subjects[line.subject]
        seen.append(
            Seen(
                row=table.rows[index],
                factory=plan.workplaces[line.workplace].name,
                on=dt.date.fromordinal(int(start)),
                indicator=subject.name,
                value=from_micro(table.micros[index]),
                unit=subject.unit,
            )
        )
    return seen


def _enqueue(batch: ImportBatch, at: dt.datetime) -> None:
    job.enqueue(kind=KIND, key=f"{KIND}:{batch.uuid}", payload={"batch": str(batch.uuid)}, at=at)


def _write_batch(
    source: Source,
    options: ImportOptions,
    by: Member | None,
    at: dt.datetime,
    workplace: Territory | None,
    *,
    content: bytes | None,
    rows: int = 0,
) -> ImportBatch:
    return ImportBatch.objects.create(
        uploaded_by=by,
        workplace=workplace,
        at=at,
        file_name=source.shown,
        sha256=hashlib.sha256(source.content).hexdigest(),
        content=content,
        options=options.to_json(),
        rows_total=rows,
    )


def _finish(batch: ImportBatch, outcome: Outcome, plan: Plan | None, at: dt.datetime) -> None:
    """The batch's last state; its content has served."""
    batch.state = ImportState.DONE if outcome.stored else ImportState.REFUSED
    batch.content = None
    batch.rows_total = batch.rows_done = plan.table.given if plan is not None else 0
    batch.outcome = outcome.to_json()
    batch.finished_at = at
    batch.save()


def _record(batch: ImportBatch, outcome: Outcome, by: Member | None, at: dt.datetime) -> None:
    body = Body.objects.filter(territory=batch.workplace, kind=BodyKind.COMMITTEE).first() if batch.workplace else None
    audit.record(
        verb="import_reports",
        by=by,
        at=at,
        body=body,
        subject=batch,
        file=batch.file_name,
        created=outcome.created,
        corrected=outcome.corrected,
        unchanged=outcome.unchanged,
        rejected=outcome.rejected,
    )


def run_imports(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``import_reports``: payload ``{"batch": uuid}``.

    Authorised anew: a seat may have ended while the file waited.
    """
    for one in jobs:
        batch = ImportBatch.objects.select_related("uploaded_by", "workplace").get(uuid=one.payload["batch"])
        if batch.content is None:
            continue
        try:
            outcome = import_reports(
                source=Source(batch.file_name, bytes(batch.content)),
                options=ImportOptions.from_json(batch.options),
                by=batch.uploaded_by,
                at=at,
                workplace=batch.workplace,
                progress=import_progress.tell(str(batch.uuid)),
                batch=batch,
            )
        except Denied:
            outcome = Outcome(refusal=("not_allowed", {}))
        if not outcome.stored:
            _finish(batch, outcome, None, at)
