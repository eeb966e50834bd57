"""What the page of the roll shows: rows, batches of codes, people with the same name. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from councils import permissions
from councils.domain.membership import on_roll
from councils.models import CodeBatch, Member, Membership, Territory
from councils.names import name_key, sort_key
from councils.views.roll_search import found_in

BATCHES = 12


@dataclass(frozen=True)
class BatchRow:
    """A batch and what this person may do with it now."""

    batch: CodeBatch
    state: str  # waiting, approved, printed, used, voided
    may_approve: bool
    may_print: bool
    may_void: bool


def found_on_roll(workplace: Territory, words: str, at: dt.datetime, *, only: set[int] | None = None) -> list[int]:
    """Keys of the roll by name, or ``only`` of these; with ``words`` those whose name, section, group or number has
    all of them, accents or not."""
    rows = on_roll(workplace, at).values_list("pk", "member__name", "section__name", "reference", "group")
    return found_in((row for row in rows if only is None or row[0] in only), words)


def rows_of(keys: Iterable[int]) -> list[Membership]:
    """The memberships with these keys, in this order."""
    keys = list(keys)
    rows = Membership.objects.select_related("member", "section").in_bulk(keys)
    return [rows[key] for key in keys]


def same_names(workplace: Territory, at: dt.datetime) -> list[str]:
    """Names that more than one person on the roll has: perhaps one person with two accounts."""
    names = list(on_roll(workplace, at).values_list("member__name", flat=True))
    counted = Counter(name_key(name) for name in names)
    return sorted({name for name in names if counted[name_key(name)] > 1}, key=sort_key)


def batches_of(workplace: Territory, member: Member, at: dt.datetime) -> list[BatchRow]:
    """The latest batches, the newest first."""
    rows = CodeBatch.objects.of_workplace(workplace).with_left(at)
    rows = rows.select_related("territory", "member", "requested_by", "approved_by").order_by("-requested_at", "-pk")
    return [_row(batch, member, at) for batch in rows[:BATCHES]]


def _row(batch: CodeBatch, member: Member, at: dt.datetime) -> BatchRow:
    left: int = batch.left  # type: ignore[attr-defined]
    untouched = batch.founding and left == batch.count
    if batch.voided_at:
        state = "voided"
    elif batch.approved_at is None:
        state = "waiting"
    elif batch.printed_at is None:
        state = "approved"
    else:
        state = "printed" if left else "used"
    return BatchRow(
        batch=batch,
        state=state,
        may_approve=state == "waiting" and member.pk not in (batch.requested_by_id, batch.member_id),
        may_print=state == "approved" or (state == "printed" and untouched),
        may_void=state in ("waiting", "approved", "printed"),
    )


def may_be_printed(batch: CodeBatch, member: Member, at: dt.datetime) -> bool:
    """Whether ``member`` may have its codes shown now."""
    counted = CodeBatch.objects.with_left(at).get(pk=batch.pk)
    return permissions.may("print_codes", by=member, on=batch, at=at) and _row(counted, member, at).may_print


def may_keep(workplace: Territory, member: Member, at: dt.datetime) -> bool:
    """Whether she keeps this roll: a seat of the committee."""
    return permissions.may("admit_member", by=member, on=workplace, at=at)
