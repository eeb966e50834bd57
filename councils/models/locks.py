"""Locks on a poll: the second place with raw SQL (the other is ``constraints.py``).

Casting takes a shared lock, opening and counting an exclusive one: casts do not wait for
each other, and a count waits for every cast that is on its way. Django has no name for
``FOR SHARE``. SQLite needs neither: its transactions are IMMEDIATE, one writer at a time.
Call both inside a transaction; ``tests/councils/test_locks.py`` runs on both engines.
"""

from __future__ import annotations

from django.db import connection

from councils.models.poll import Poll


def shared(poll_id: int) -> Poll:
    """The poll as it is now; nobody opens, counts or ends it until this transaction is over."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Poll._meta.db_table)
        return Poll.objects.raw(f"SELECT * FROM {table} WHERE id = %s FOR SHARE", [poll_id])[0]
    return Poll.objects.get(pk=poll_id)


def exclusive(poll_id: int) -> Poll:
    """The poll as it is now; nobody casts, opens or counts until this transaction is over."""
    return Poll.objects.select_for_update().get(pk=poll_id)
