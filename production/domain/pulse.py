"""Pulse: whether anything that the control room shows changed since one looked."""

from __future__ import annotations

import uuid

from django.db import transaction

from production.models import Pulse


def current_token() -> uuid.UUID | None:
    """Another one after every roll-up that changed something; None before the first."""
    return Pulse.objects.values_list("token", flat=True).first()


def beat_after_commit() -> None:
    """Open pages look again once this transaction is over; which of them sees anything new, they are not told.

    After it and not in it: a roll-up holds the row for as long as it works, and nobody waits for that.
    """
    transaction.on_commit(_beat)


def _beat() -> None:
    Pulse.objects.get_or_create(name="summaries")
    Pulse.objects.filter(name="summaries").update(token=uuid.uuid4())
