"""What recalls tell a member today. (The vote itself: ``domain.poll_tasks``.)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.clock import local_day
from councils.domain.waiting import Notice
from councils.enums import RecallState
from councils.models import Member, Recall, Seat

#: An outcome is told for so long.
TOLD_FOR = dt.timedelta(days=14)


def under_way(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Recalls that go on: to the holder, who may answer, and while support is collected to those who may give it."""
    held = Seat.objects.held_at(at)
    visible = Recall.objects.visible_to(member, at, local_day(at)).live().filter(seat__in=held)
    for recall in visible.select_related("seat__holder").distinct().order_by("called_at", "pk"):
        collecting = recall.state == RecallState.COLLECTING and recall.collect_until > at
        if recall.state == RecallState.COLLECTING and not collecting:
            continue
        if recall.seat.holder_id == member.pk:
            said = _("It is about your seat. You may answer, and your answer stands beside the reason.")
        elif collecting:
            said = _support(recall)
        else:
            continue
        yield Notice(_title(recall), reverse("recall", args=[recall.uuid]), said)


def _support(recall: Recall) -> str:
    return ngettext(
        "%(n)s person asks for it; with %(needed)s it comes to a vote. You may ask for it too; no name is shown.",
        "%(n)s people ask for it; with %(needed)s it comes to a vote. You may ask for it too; no name is shown.",
        recall.supporters,
    ) % {"n": recall.supporters, "needed": recall.needed}


def decided(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """What came of those that were voted of late."""
    over = Recall.objects.visible_to(member, at, local_day(at)).filter(
        state__in=[RecallState.RECALLED, RecallState.KEPT], ended_at__gt=at - TOLD_FOR
    )
    for recall in over.select_related("seat__holder").distinct().order_by("ended_at", "pk"):
        went = recall.state == RecallState.RECALLED
        said = _("Recalled: the seat ended with the result.") if went else _("The seat stays as it is.")
        yield Notice(_title(recall), reverse("recall", args=[recall.uuid]), said)


def _title(recall: Recall) -> str:
    return _("Recall of %(name)s") % {"name": recall.seat.holder.name}
