"""A figure over weeks or decades, drawn as SVG text: the line, what was expected of it, what stood out.

As ``production.charts``, with axes. However many periods there are, about two points a column of the picture are
drawn: the lowest and the highest of it, in their order, so that no peak is lost.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from councils.charts import Number, finite
from production.charts import FLAGS, Scale

LEFT, RIGHT, TOP, BOTTOM = 52, 10, 14, 22
#: Width of a letter of the axis, about, in the units of the picture.
LETTER = 7.0


@dataclass(frozen=True)
class Spot:
    """What stands out at position ``at``: a kind of ``production.charts.FLAGS``, and its words."""

    at: int
    kind: str
    said: str


def round_marks(low: float, high: float, most: int = 5) -> list[float]:
    """At most ``most`` round values (1, 2 or 5 times a power of ten) from ``low`` to ``high``, both within.

    Empty where there is no room between them, or they are no numbers.
    """
    span = high - low
    if not math.isfinite(span) or span <= 0 or most < 1:
        return []
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step - 1e-9)
    marks = [(first + n) * step for n in range(most + 1)]
    return [round(mark, 12) if abs(mark) < 1e3 else mark for mark in marks if mark <= high + step * 1e-9]


def thinned(values: Sequence[float | None], most: int) -> list[tuple[int, float | None]]:
    """The positions to draw of ``values``, at most about twice ``most``: of each stretch its lowest and its highest.

    A stretch without any value stays as one gap.
    """
    n = len(values)
    if n <= 2 * most:
        return list(enumerate(values))
    drawn: list[tuple[int, float | None]] = []
    for column in range(most):
        first, last = column * n // most, (column + 1) * n // most
        known = [(values[i], i) for i in range(first, last) if values[i] is not None]
        if not known:
            drawn.append((first, None))
            continue
        ends = {min(known)[1], max(known)[1]}
        drawn += [(i, values[i]) for i in sorted(ends)]
    return drawn


def history(
    values: Sequence[Number | None],
    label: str,
    *,
    low: Sequence[Number | None] = (),
    high: Sequence[Number | None] = (),
    rest: Collection[int] = (),
    spots: Sequence[Spot] = (),
    across: Sequence[tuple[int, str]] = (),
    up: Sequence[tuple[Number, str]] = (),
    width: int = 720,
    height: int = 260,
) -> str:
    """``values`` one per period, oldest first, None where nothing was reported.

    ``low``, ``high``: the band that was in force for each, None where there was none. ``rest``: positions at which no
    value was due; the line goes on over them. ``spots``: what stands out; ``across``: words under positions; ``up``:
    heights with their words. ``label`` states the finding in a sentence.
    """
    points = [finite(v) for v in values]
    n = len(points)
    lows, highs = ([*(finite(v) for v in bound), *[None] * n][:n] for bound in (low, high))
    lows = [a if b is not None else None for a, b in zip(lows, highs, strict=True)]
    highs = [b if a is not None else None for a, b in zip(lows, highs, strict=True)]
    marks = [(v, words) for v, words in ((finite(v), words) for v, words in up) if v is not None]
    seen = [v for v in (*points, *lows, *highs, *(v for v, _words in marks)) if v is not None]
    x_of = Scale(0, max(1, n - 1), LEFT, width - RIGHT)
    y_of = Scale(min(seen, default=0.0), max(seen, default=1.0), height - BOTTOM, TOP)
    columns = width - LEFT - RIGHT
    out = [f'<svg class="ch" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">']
    out += _band(lows, highs, columns, x_of, y_of)
    for value, words in marks:
        y = y_of(value)
        out.append(
            f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(words)}</text>'
        )
    base = height - BOTTOM + 2
    out.append(f'<line class="axis" x1="{LEFT}" x2="{width - RIGHT}" y1="{base}" y2="{base}"/>')
    out += _across(across, x_of, base, width)
    out += _lines(thinned(points, columns), rest, x_of, y_of)
    out += _spots(points, spots, x_of, y_of)
    return "".join(out) + "</svg>"


def _band(lows: list[float | None], highs: list[float | None], columns: int, x_of: Scale, y_of: Scale) -> list[str]:
    """A shape for each stretch with a band; of many periods in a column the widest is drawn."""
    size = max(1, -(-len(lows) // columns))
    shapes: list[str] = []
    stretch: list[tuple[float, float, float]] = []
    for first in [*range(0, len(lows), size), len(lows)]:
        under = [v for v in lows[first : first + size] if v is not None]
        over = [v for v in highs[first : first + size] if v is not None]
        if under and over:
            stretch.append((x_of(first), y_of(max(over)), y_of(min(under))))
            continue
        if len(stretch) == 1:  # one period alone has no width of its own
            x, top, bottom = stretch[0]
            stretch = [(x - 2, top, bottom), (x + 2, top, bottom)]
        if stretch:
            outline = [f"{x:.1f},{top:.1f}" for x, top, _b in stretch]
            outline += [f"{x:.1f},{bottom:.1f}" for x, _t, bottom in reversed(stretch)]
            shapes.append(f'<polygon class="band" points="{" ".join(outline)}"/>')
        stretch = []
    return shapes


def _lines(drawn: list[tuple[int, float | None]], rest: Collection[int], x_of: Scale, y_of: Scale) -> list[str]:
    """A line for each stretch without a gap; a value between two gaps as a point, so that it is not lost."""
    out: list[str] = []
    run: list[str] = []
    for i, value in [*drawn, (-1, None)]:
        if value is None and i in rest:
            continue
        if value is not None:
            run.append(f"{x_of(i):.1f},{y_of(value):.1f}")
            continue
        if len(run) > 1:
            out.append(f'<polyline class="line" points="{" ".join(run)}"/>')
        elif run:
            x, y = run[0].split(",")
            out.append(f'<circle class="dot" cx="{x}" cy="{y}" r="2"/>')
        run = []
    return out


def _across(across: Sequence[tuple[int, str]], x_of: Scale, base: float, width: int) -> list[str]:
    """Words under the axis, from the left, leaving out what would run into the one before or out of the picture."""
    out: list[str] = []
    free = 0.0
    for at, words in across:
        half = len(words) * LETTER / 2
        x = min(max(x_of(at), half), width - half)
        if x - half < free:
            continue
        free = x + half + LETTER
        out.append(
            f'<line class="axis" x1="{x_of(at):.1f}" x2="{x_of(at):.1f}" y1="{base}" y2="{base + 4}"/>'
            f'<text x="{x:.1f}" y="{base + 17}" text-anchor="middle">{escape(words)}</text>'
        )
    return out


def _spots(points: Sequence[float | None], spots: Sequence[Spot], x_of: Scale, y_of: Scale) -> list[str]:
    out = []
    for spot in spots:
        value = points[spot.at] if 0 <= spot.at < len(points) else None
        if value is None or spot.kind not in FLAGS:
            continue
        shape = FLAGS[spot.kind](x_of(spot.at), y_of(value))
        out.append(f"<g><title>{escape(spot.said)}</title>{shape}</g>")
    return out
