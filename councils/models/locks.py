"""Locks on a poll, and what each cast reads first: the second place with raw SQL (the other is ``constraints.py``).

Casting takes a shared lock, opening and counting an exclusive one: casts do not wait for
each other, and a count waits for every cast that is on its way. Django has no name for
``FOR SHARE``. SQLite needs neither: its transactions are IMMEDIATE, one writer at a time.
Call both inside a transaction; ``tests/councils/test_locks.py`` runs on both engines.

``row_of`` is written out because thousands cast in one hour, and putting this query together, of all columns of
two tables, took longer than everything else that the database is asked for a cast.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection

from councils.models.poll import Poll, RollEntry

if TYPE_CHECKING:
    from councils.models.member import Member

#: What says whether a vote may be cast in a poll now.
STANDS = "id, uuid, secrecy, state, opens_at, closes_at, unlocked_at"


def shared(poll_id: int) -> Poll:
    """The poll as it is now; nobody opens, counts or ends it until this transaction is over."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Poll._meta.db_table)
        asked = f"SELECT {STANDS} FROM {table} WHERE id = %s FOR SHARE"  # the rest loads itself if it is asked for
        return Poll.objects.raw(asked, [poll_id])[0]
    return Poll.objects.get(pk=poll_id)


def exclusive(poll_id: int) -> Poll:
    """The poll as it is now; nobody casts, opens or counts until this transaction is over."""
    return Poll.objects.select_for_update().get(pk=poll_id)


def row_of(member: Member, poll: uuid.UUID) -> RollEntry | None:
    """The row of ``member`` on the roll of ``poll``, with the poll and without its envelope. No lock."""
    polls, rolls = (connection.ops.quote_name(model._meta.db_table) for model in (Poll, RollEntry))
    found: Iterable[Any] = Poll.objects.raw(
        f"SELECT p.*, r.id AS row_id, r.uuid AS row_uuid, r.counts_for_quorum AS row_counts, r.voted AS row_voted,"
        f" r.envelope_version AS row_version FROM {polls} p JOIN {rolls} r ON r.poll_id = p.id"
        " WHERE p.uuid = %s AND r.member_id = %s",
        [poll if connection.features.has_native_uuid_field else poll.hex, member.pk],
    )
    for it in found:
        id = it.row_uuid if isinstance(it.row_uuid, uuid.UUID) else uuid.UUID(it.row_uuid)
        names = ("id", "uuid", "poll_id", "member_id", "counts_for_quorum", "envelope_version", "voted")
        values = (it.row_id, id, it.pk, member.pk, bool(it.row_counts), it.row_version, bool(it.row_voted))
        row: RollEntry = RollEntry.from_db(None, names, values)
        row.poll = it
        return row
    return None
