"""An alert in words, in the reader's language: what changed, how much, since when, how sure."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.figures import figure, with_unit
from production.analysis.finding import Evidence, Finding
from production.domain.escalation import name_of
from production.enums import AlertKind, Frequency
from production.models import Alert


def kind_words(finding: Finding | None) -> str:
    """“an odd day”, “changed level”, “falling”; what was raised by hand has no kind."""
    if finding is None:
        return _("raised by hand")
    if finding.kind == AlertKind.SLOPE:
        return _("falling") if finding.falls else _("rising")
    return str(AlertKind(finding.kind).label)


def sign_of(finding: Finding | None, *, danger: bool = False) -> str:
    """The symbol of its kind, as on charts."""
    if finding is None or danger:
        return "alerta"
    if finding.kind == AlertKind.SLOPE:
        return "slope-down" if finding.falls else "slope-up"
    return str(finding.kind)


def headline(alert: Alert, finding: Finding | None, evidence: Evidence) -> str:
    """“Soda ash: enough for 4 days”; by hand, the words of who raised it."""
    name = name_of(alert)
    if finding is None:
        return name
    if evidence.days_left is not None and finding.falls:
        left = ngettext("enough for %(n)s day", "enough for %(n)s days", evidence.days_left)
        said = left % {"n": figure(evidence.days_left)}
    else:
        said = kind_words(finding)
    return _("%(name)s: %(finding)s") % {"name": name, "finding": said}


def change_words(finding: Finding, *, unit: str, frequency: str) -> str:
    """What changed, how much, since when, in one or two sentences."""
    day = date_format(finding.began_on, "MONTH_DAY_FORMAT")
    size = {
        "size": with_unit(_rounded(abs(finding.size)), unit),
        "low": figure(_rounded(min(abs(finding.size_low), abs(finding.size_high)))),
        "high": figure(_rounded(max(abs(finding.size_low), abs(finding.size_high)))),
        "day": day,
    }
    if finding.kind == AlertKind.STEP:
        if finding.falls:
            return _("Since %(day)s it is about %(size)s lower (between %(low)s and %(high)s).") % size
        return _("Since %(day)s it is about %(size)s higher (between %(low)s and %(high)s).") % size
    if finding.kind == AlertKind.SLOPE:
        words = {**size, "period": _period(frequency)}
        if finding.falls:
            return _("Since %(day)s it falls by about %(size)s %(period)s (between %(low)s and %(high)s).") % words
        return _("Since %(day)s it rises by about %(size)s %(period)s (between %(low)s and %(high)s).") % words
    if finding.falls:
        return _("On %(day)s it was about %(size)s less than expected.") % size
    return _("On %(day)s it was about %(size)s more than expected.") % size


def expected_words(finding: Finding, *, unit: str) -> str:
    """The band that was expected of the figure that was judged last."""
    band = {"low": figure(_rounded(finding.band_low)), "high": with_unit(_rounded(finding.band_high), unit)}
    return _("From %(low)s to %(high)s was expected.") % band


def sure_words(finding: Finding) -> str:
    """How sure it is, as a share of a hundred; never all or nothing, because nothing of the kind is."""
    return _("%(n)s in 100 that something changed.") % {"n": figure(min(99, max(1, round(finding.probability * 100))))}


def _period(frequency: str) -> str:
    return {
        Frequency.DAY: _("a day"),
        Frequency.WEEK: _("a week"),
        Frequency.MONTH: _("a month"),
    }[Frequency(frequency)]


def _rounded(value: float) -> str:
    """An estimate with three digits that count, as decimal text."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{float(f'{value:.3g}'):f}"
