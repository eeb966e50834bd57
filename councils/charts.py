"""Marks shared by both apps, drawn as SVG text: hexagon, clock, turnout, tally, meter, face.

Pure Python: data in, SVG out. No script and no colours (classes only, so light, dark and
print follow the style sheet). Words and numbers arrive as finished text in the reader's
language; everything is escaped here. Nothing raises on odd data: a share is clamped, a
total of zero draws an empty frame.
"""

from __future__ import annotations

import math
from decimal import Decimal
from html import escape

Number = int | float | Decimal

#: Width of a tally bar in its own units.
BAR = 600.0


def finite(value: Number | None) -> float | None:
    """``value`` as a float, or None when it is missing or not a number."""
    if value is None:
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None


def share_of(part: Number | None, whole: Number | None) -> float:
    """``part`` of ``whole`` between 0 and 1; 0 when either is missing or ``whole`` is not positive."""
    over, under = finite(part), finite(whole)
    if over is None or under is None or under <= 0:
        return 0.0
    return max(0.0, min(1.0, over / under))


def hexagon_points(cx: float, cy: float, r: float) -> str:
    """The six corners of a hexagon standing on its point, for ``<polygon points>``."""
    corners = (math.radians(60 * k - 90) for k in range(6))
    return " ".join(f"{cx + r * math.cos(a):.1f},{cy + r * math.sin(a):.1f}" for a in corners)


def hexagon_path(cx: float, cy: float, r: float) -> str:
    """The same outline as a path, beginning at the top and running clockwise."""
    return "M" + " L".join(hexagon_points(cx, cy, r).split()) + " Z"


def icon(name: str, css: str = "") -> str:
    """A symbol of the sprite (templates/_components/_sprite.html); a word always stands beside it."""
    classes = f"i {css}".strip()
    return (
        f'<svg class="{escape(classes)}" width="20" height="20" fill="none" stroke="currentColor" '
        f'aria-hidden="true"><use href="#{escape(name)}"/></svg>'
    )


def sign(name: str, hot: bool = False) -> str:
    """The hexagon of a task with its symbol; ``hot``: amber, the one that presses."""
    return (
        f'<svg class="sig{" sig--hot" if hot else ""}" viewBox="0 0 52 58" width="52" height="58" fill="none" '
        f'stroke="currentColor" aria-hidden="true"><polygon class="h" points="{hexagon_points(26, 29, 27)}"/>'
        f'<g class="g"><use href="#{escape(name)}" x="14" y="17" width="24" height="24"/></g></svg>'
    )


def number_sign(number: int) -> str:
    """The amber hexagon of a place in a ranking. The place stands beside it as hidden text."""
    return (
        '<svg class="sig sig--hot" viewBox="0 0 52 58" width="52" height="58" aria-hidden="true">'
        f'<polygon class="h" points="{hexagon_points(26, 29, 26)}"/><text x="26" y="36">{number}</text></svg>'
    )


def face(initials: str) -> str:
    """A delegate: the hexagon with her initials. The name stands beside it as text."""
    return (
        '<svg class="face" viewBox="0 0 44 50" width="44" height="50" aria-hidden="true">'
        f'<polygon class="h" points="{hexagon_points(22, 25, 23)}"/>'
        f'<text x="22" y="31">{escape(initials[:3])}</text></svg>'
    )


def step_mark(number: str, done: bool) -> str:
    """The hexagon of a stage: ticked when done, else its number."""
    inner = (
        '<g class="g"><use href="#check" x="9" y="11" width="16" height="16"/></g>'
        if done
        else f'<text x="17" y="24">{escape(number)}</text>'
    )
    return (
        '<svg viewBox="0 0 34 38" width="34" height="38" aria-hidden="true">'
        f'<polygon class="h" points="{hexagon_points(17, 19, 17)}"/>{inner}</svg>'
    )


def log_mark(name: str, css: str = "") -> str:
    """The hexagon of an entry in a log; ``css``: ``up`` or ``down``."""
    return (
        f'<svg class="mk {escape(css)}" viewBox="0 0 34 38" width="34" height="38" aria-hidden="true">'
        f'<polygon class="h" points="{hexagon_points(17, 19, 17)}"/>'
        f'<g class="g"><use href="#{escape(name)}" x="9" y="11" width="16" height="16"/></g></svg>'
    )


def clock(left: Number | None, total: Number | None, big: str, small: str = "") -> str:
    """Hexagonal clock: its side drains clockwise from the top. ``left`` of ``total`` in any one unit.

    ``big`` and ``small`` are the two lines inside ("3 d", "4 h"). The sentence beside it says the rest.
    """
    share = share_of(left, total) * 100
    outline = hexagon_path(36, 36, 31)
    second = f'<text class="t2" x="36" y="51">{escape(small)}</text>' if small else ""
    return (
        '<svg viewBox="0 0 72 72" width="72" height="72" aria-hidden="true">'
        f'<path class="tr" d="{outline}"/><path class="rm" pathLength="100" d="{outline}" '
        f'stroke-dasharray="{share:.1f} 200" stroke-dashoffset="-{100 - share:.1f}"/>'
        f'<text class="t1" x="36" y="{36 if small else 42}">{escape(big)}</text>{second}</svg>'
    )


def quorum_notch(x: float) -> str:
    """Two wedges outside the bar: no side is crossed or coloured by the quorum."""
    return f'<path class="yes" d="M{x - 6:.1f} 14h12l-6 10zM{x - 6:.1f} 68h12l-6-10z"/>'


def _bar(inner: str, quorum: Number | None, roll: Number | None, label: str) -> str:
    notch = quorum_notch(share_of(quorum, roll) * BAR) if finite(quorum) else ""
    return (
        f'<svg class="tally" viewBox="-8 6 616 66" role="img" aria-label="{escape(label)}">'
        f'<rect x="0" y="26" width="{BAR:.0f}" height="30" class="abs dash"/>{inner}{notch}</svg>'
    )


def turnout(voted: Number | None, roll: Number | None, quorum: Number | None, label: str) -> str:
    """An open ballot: how many of the roll voted, never for what."""
    width = share_of(voted, roll) * BAR
    return _bar(f'<rect class="turn" x="0" y="26" width="{width:.1f}" height="30"/>', quorum, roll, label)


def tally(
    yes: Number | None,
    no: Number | None,
    abstain: Number | None,
    roll: Number | None,
    quorum: Number | None,
    label: str,
) -> str:
    """A result on the length of the roll: yes solid, no hatched, abstention outlined; the same weight for each."""
    x, parts = 0.0, []
    for css, votes in (("yes", yes), ("no", no), ("abs", abstain)):
        width = min(share_of(votes, roll) * BAR, BAR - x)
        parts.append(f'<rect class="{css}" x="{x:.1f}" y="26" width="{width:.1f}" height="30"/>')
        x += width
    return _bar("".join(parts), quorum, roll, label)


def meter(value: Number | None, total: Number | None, quorum: Number | None = None, width: int = 300) -> str:
    """A small bar beside its figures (so hidden from readers). Not for the open ballot of fewer than 100 electors."""
    inside = width - 2
    mark = f'<path class="q" d="M{1 + share_of(quorum, total) * inside:.1f} 0v16"/>' if finite(quorum) else ""
    return (
        f'<svg class="meter" viewBox="0 0 {width} 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="pot" x="1" y="4" width="{inside}" height="8"/>'
        f'<rect class="turn" x="1" y="4" width="{share_of(value, total) * inside:.1f}" height="8"/>{mark}</svg>'
    )
