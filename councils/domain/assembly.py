"""Assembly: the agenda of the next one, onto which some points come by themselves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from councils.domain import audit
from councils.domain.evidence import Evidence
from councils.enums import AgendaState
from councils.models import AgendaItem, Body

#: Letters that a title keeps.
TITLE_LIMIT = 300


def place_on_agenda(*, body: Body, title: str, evidence: Evidence, key: str, at: dt.datetime) -> AgendaItem:
    """``body`` is to talk about it at its next assembly. The clock does it, nobody's hand; with the same ``key`` once.

    The log says that a point came, and not which: the log of a body is read more widely than what the point is about.
    """
    kind, reference, frozen = evidence
    with transaction.atomic():
        item, created = AgendaItem.objects.get_or_create(
            key=key,
            defaults={
                "body": body,
                "title": title[:TITLE_LIMIT],
                "evidence_kind": kind,
                "evidence_reference": reference,
                "evidence": frozen,
                "placed_at": at,
            },
        )
        if created:
            audit.record(verb="place_on_agenda", by=None, at=at, body=body, subject=item)
    return item


def take_off_agenda(*, evidence_kind: str, reference: object, at: dt.datetime) -> int:
    """What waited about it needs no assembly any more; the points stay to be read. Returns how many there were."""
    with transaction.atomic():
        waiting = AgendaItem.objects.waiting().filter(evidence_kind=evidence_kind, evidence_reference=reference)
        items = list(waiting.select_related("body").select_for_update(of=("self",)))
        for item in items:
            item.state, item.taken_off_at = AgendaState.TAKEN_OFF, max(at, item.placed_at)
            item.save(update_fields=["state", "taken_off_at"])
            audit.record(verb="take_off_agenda", by=None, at=at, body=item.body, subject=item)
    return len(items)
