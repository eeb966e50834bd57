"""Marks of alerts: the chart of the evidence. No queries."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from councils.figures import figure, short_day
from production import charts
from production.analysis.finding import Evidence, Finding
from production.domain.alert_words import kind_words, sign_of

register = template.Library()


@register.simple_tag
def evidence_chart(evidence: Evidence, finding: Finding, label: str, wide: bool = True) -> SafeString:
    """The periods as they stood, over the band that was expected; the point that was judged carries its kind."""
    points = list(evidence.points)
    if not points:
        return mark_safe("")
    judged = finding.judged_on or points[-1].start
    at = next((n for n, point in enumerate(points) if point.start == judged and point.value is not None), None)
    flags = {at: charts.Flag(sign_of(finding), kind_words(finding))} if at is not None else {}
    width, height = (640, 230) if wide else (290, 200)
    return mark_safe(
        charts.series(
            [point.value for point in points],
            label,
            low=[point.low for point in points],
            high=[point.high for point in points],
            flags=flags,
            first=short_day(points[0].start),
            last=short_day(points[-1].start),
            lines=[(value, figure(value)) for value in _heights(evidence)],
            ahead=evidence.ahead,
            width=width,
            height=height,
        )
    )


def _heights(evidence: Evidence) -> list[float]:
    """Lowest, middle and highest round number between which everything lies."""
    seen = [float(point.value) for point in evidence.points if point.value is not None]
    seen += [bound for point in evidence.points for bound in (point.low, point.high) if bound is not None]
    if not seen:
        return []
    low, high = min(seen), max(seen)
    low = min(low, 0.0) if low < high / 2 else low
    return sorted({_round(low), _round((low + high) / 2), _round(high)})


def _round(value: float) -> float:
    """Two digits that count."""
    return float(f"{value:.2g}")
