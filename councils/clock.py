"""Days and hours of the installation. Reading the clock itself is the faces' business."""

import datetime as dt

from django.utils import timezone


def local_day(at: dt.datetime) -> dt.date:
    """The day of ``at`` (aware) in the installation's time zone."""
    return timezone.localtime(at).date()


#: A vote opens from the first of these local hours on, and before the second.
OPENING_HOURS = (6, 22)


def by_day(at: dt.datetime) -> dt.datetime:
    """``at``, or the next 6:00 where that is between 22:00 and 6:00 local: what begins then finds people awake."""
    first, last = OPENING_HOURS
    local = timezone.localtime(at)
    if first <= local.hour < last:
        return at
    day = local.date() + dt.timedelta(days=int(local.hour >= last))
    return timezone.make_aware(dt.datetime.combine(day, dt.time(first)))
