"""Days and hours as people say them. No queries."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from councils.clock import local_day

register = template.Library()


@register.filter
def moment(at: dt.datetime, now: dt.datetime | None = None) -> str:
    """“today at 22:00” (given the present), else “Tuesday 14 November at 22:00”."""
    local = timezone.localtime(at)
    hour = date_format(local, "TIME_FORMAT")
    if now is not None and local_day(at) == local_day(now):
        return _("today at %(hour)s") % {"hour": hour}
    return _("%(day)s at %(hour)s") % {"day": date_format(local, pgettext("date format", "l j F")), "hour": hour}


@register.filter
def hour(at: dt.datetime) -> str:
    """“22:00”"""
    return date_format(timezone.localtime(at), "TIME_FORMAT")
