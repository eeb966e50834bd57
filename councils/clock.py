"""The calendar day of a moment. Reading the clock itself is the faces' business."""

import datetime as dt

from django.utils import timezone


def local_day(at: dt.datetime) -> dt.date:
    """The day of ``at`` (aware) in the installation's time zone."""
    return timezone.localtime(at).date()
