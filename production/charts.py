"""Marks of production, drawn as SVG text: series, strip, hexagon map, a row of cells, the vessel.

As ``councils.charts``: pure, escaped, classes only; words and numbers arrive finished, in the
reader's language; missing values are gaps; nothing raises on odd data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from councils.charts import Number, finite, hexagon_points, share_of


class Scale:
    """Maps values between ``low`` and ``high`` onto positions between ``start`` and ``end``.

    Equal bounds map to the middle; what lies outside is held at the edge; bounds of any
    size are safe.
    """

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        span = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / span if span > 0 else 0.5
        return self.start + max(0.0, min(1.0, share)) * (self.end - self.start)


def _known(values: Sequence[Number | None]) -> list[float | None]:
    return [finite(v) for v in values]


# --- series -----------------------------------------------------------------------------------

#: The shape of each kind of point; its word stands beside it.
FLAGS: dict[str, Callable[[float, float], str]] = {
    "transient": lambda x, y: f'<path class="flag" d="M{x:.1f} {y - 7:.1f} l6 7 -6 7 -6 -7z"/>',
    "step": lambda x, y: f'<rect class="flag" x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11"/>',
    "slope-up": lambda x, y: f'<path class="flag" d="M{x:.1f} {y - 7:.1f} l7 12 -14 0z"/>',
    "slope-down": lambda x, y: f'<path class="flag" d="M{x:.1f} {y + 7:.1f} l7 -12 -14 0z"/>',
}


#: Width of a letter and height of a line of such a word, about.
_LETTER, _LINE = 7.0, 15.0


@dataclass(frozen=True)
class Flag:
    """A point that stands out: ``kind`` transient, step, slope-up or slope-down, and its word."""

    kind: str
    word: str


def series(
    values: Sequence[Number | None],
    label: str,
    *,
    low: Sequence[Number | None] | Number | None = None,
    high: Sequence[Number | None] | Number | None = None,
    flags: Mapping[int, Flag] | None = None,
    first: str = "",
    last: str = "",
    lines: Sequence[tuple[Number, str]] = (),
    ahead: Sequence[Number] = (),
    rest: Collection[int] = (),
    width: int = 304,
    height: int = 106,
) -> str:
    """A measured line over its expected band.

    ``low``, ``high``: one bound for all or one per value; None where nothing is expected.
    ``rest``: positions at which no value was due; the line goes on over them. ``flags``: by position in ``values``.
    ``first``, ``last``: words under the ends. ``lines``: heights to mark with their label. ``ahead``: projected
    values, dashed.
    ``label`` states the finding to those who do not see the picture.
    """
    points = _known(values)
    n, future = len(points), [v for v in _known(ahead) if v is not None]
    lows, highs = _bounds(low, n), _bounds(high, n)
    marks = [(v, text) for v, text in ((finite(v), text) for v, text in lines) if v is not None]
    seen = [v for v in (*points, *lows, *highs, *future, *(v for v, _ in marks)) if v is not None]
    left, right, top, bottom = (34 if marks else 5), 8, 16, 20
    steps = max(1, n - 1 + len(future))
    x_of = Scale(0, steps, left, width - right)
    y_of = Scale(min(seen, default=0.0), max(seen, default=1.0), height - bottom, top)

    def at(i: int, v: float) -> str:
        return f"{x_of(i):.1f},{y_of(v):.1f}"

    out = [f'<svg class="ch" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">']
    out += _bands(lows, highs, at, width - right)
    for value, text in marks:
        y = y_of(value)
        out.append(
            f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        )
    base = height - bottom + 2
    out.append(f'<line class="axis" x1="{left}" x2="{width - right}" y1="{base}" y2="{base}"/>')
    out += [_line(run, at) for run in _runs(points, rest)]
    end = next((i for i in range(n - 1, -1, -1) if points[i] is not None), None)
    if end is not None:
        here = points[end]
        assert here is not None
        if future:
            tail = " ".join([at(end, here), *(at(n + i, v) for i, v in enumerate(future))])
            out.append(f'<polyline class="proj" points="{tail}"/>')
        if not flags or end not in flags:
            out.append(f'<circle class="dot" cx="{x_of(end):.1f}" cy="{y_of(here):.1f}" r="4"/>')
    out += _flags(points, flags or {}, x_of, y_of, width)
    anchor = "middle" if future else "end"
    out.append(
        f'<text x="{left}" y="{height - 4}">{escape(first)}</text>'
        f'<text x="{x_of(max(0, n - 1)) if n > 1 else x_of(steps):.1f}" y="{height - 4}" text-anchor="{anchor}" '
        f'class="tb">{escape(last)}</text></svg>'
    )
    return "".join(out)


def _bounds(bound: Sequence[Number | None] | Number | None, n: int) -> list[float | None]:
    if isinstance(bound, Sequence):
        return (_known(bound) + [None] * n)[:n]
    return [finite(bound)] * n


def _runs(points: Sequence[float | None], rest: Collection[int] = ()) -> list[list[tuple[int, float]]]:
    """Stretches without a gap, each value with its position; what is missing at ``rest`` is no gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(points):
        if value is not None:
            runs[-1].append((i, value))
        elif i not in rest:
            runs.append([])
    return [run for run in runs if run]


def _line(run: list[tuple[int, float]], at: Callable[[int, float], str]) -> str:
    """A stretch as a line; a value between two gaps as a point, so that it is not lost."""
    if len(run) > 1:
        return f'<polyline class="line" points="{" ".join(at(i, v) for i, v in run)}"/>'
    x, y = at(*run[0]).split(",")
    return f'<circle class="dot" cx="{x}" cy="{y}" r="2"/>'


def _bands(
    lows: list[float | None], highs: list[float | None], at: Callable[[int, float], str], x_max: float
) -> list[str]:
    both = [low if high is not None else None for low, high in zip(lows, highs, strict=True)]
    bands = []
    for run in _runs(both):
        upper = [(i, highs[i] or 0.0) for i, _low in run]
        if len(lows) == 1:  # one day alone: the band crosses the whole picture
            bands.append(f'<path class="band" d="M{at(0, upper[0][1])}H{x_max}V{at(0, run[0][1]).split(",")[1]}H5Z"/>')
            continue
        outline = [at(i, v) for i, v in upper] + [at(i, v) for i, v in reversed(run)]
        bands.append(f'<polygon class="band" points="{" ".join(outline)}"/>')
    return bands


def _flags(points: list[float | None], flags: Mapping[int, Flag], x_of: Scale, y_of: Scale, width: int) -> list[str]:
    """The shapes, and the word of each kind once, beside its last point, as far as there is room for it."""
    shapes, spoken = [], {}
    for i, flag in sorted(flags.items()):
        value = points[i] if 0 <= i < len(points) else None
        if value is None or flag.kind not in FLAGS:
            continue
        shapes.append(FLAGS[flag.kind](x_of(i), y_of(value)))
        spoken[flag.kind] = (i, value, flag.word)
    taken: list[tuple[float, float, float]] = []
    for i, value, word in sorted(spoken.values(), reverse=True):  # the latest is the one that matters
        x, before = x_of(i), points[i - 1] if i else None
        anchor, shift = ("end", -11) if x > width * 0.6 else ("start", 11)
        left = x + shift - (len(word) * _LETTER if anchor == "end" else 0)
        box = (left, left + len(word) * _LETTER, y_of(value))
        if any(box[0] < b and a < box[1] and abs(box[2] - y) < _LINE for a, b, y in taken):
            continue
        taken.append(box)
        drop = 7 if before is not None and value < before else -4
        shapes.append(
            f'<text class="ft" x="{x + shift:.1f}" y="{y_of(value) + drop:.1f}" text-anchor="{anchor}">'
            f"{escape(word)}</text>"
        )
    return shapes


# --- one value on its scale -----------------------------------------------------------------------


def strip(
    last: Number | None,
    low: Number | None,
    high: Number | None,
    minimum: Number | None,
    maximum: Number | None,
    label: str,
    now: Number | None = None,
) -> str:
    """A small scale beside a field, from ``minimum`` to ``maximum``.

    ``low`` to ``high``: the expected band, if there is one; ``last``: the bar of the last value;
    ``now``: the point of the value typed now.
    """
    before, floor, ceiling, here = finite(last), finite(low), finite(high), finite(now)
    known = [v for v in (before, floor, ceiling, here, finite(minimum), finite(maximum)) if v is not None]
    x_of = Scale(min(known, default=0.0), max(known, default=1.0), 4, 156)
    out = [
        f'<svg viewBox="0 0 160 40" class="ch" role="img" aria-label="{escape(label)}">',
        '<line class="axis" x1="2" x2="158" y1="20" y2="20"/>',
    ]
    odd = False
    if floor is not None and ceiling is not None:
        left, right = x_of(min(floor, ceiling)), x_of(max(floor, ceiling))
        odd = here is not None and not min(floor, ceiling) <= here <= max(floor, ceiling)
        out.append(
            f'<rect class="band" x="{left:.1f}" y="8" width="{max(2.0, right - left):.1f}" height="24"/>'
            f'<line class="axis" x1="{left:.1f}" x2="{right:.1f}" y1="20" y2="20"/>'
        )
    if before is not None:
        out.append(f'<line class="line thick" x1="{x_of(before):.1f}" x2="{x_of(before):.1f}" y1="2" y2="38"/>')
    if here is not None:
        out.append(f'<circle cx="{x_of(here):.1f}" cy="20" r="8" class="{"flag" if odd else "dot"}"/>')
    return "".join(out) + "</svg>"


# --- many workplaces ------------------------------------------------------------------------------------

#: Symbol of each state of a tile. There is no "as expected": its absence would betray a held alert.
TILES = {"in": "informe", "share": "share", "alarm": "alerta", "none": "nodata"}


@dataclass(frozen=True)
class Tile:
    """One workplace of the map. ``said``: name and state in words. Without ``href`` it leads nowhere."""

    name: str
    state: str
    said: str
    href: str = ""


def two_lines(name: str, room: int = 13) -> tuple[str, str]:
    """``name`` on at most two lines of about ``room`` letters, shortened with an ellipsis."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    first, second = [line if len(line) <= room else f"{line[: room - 1].rstrip()}…" for line in [*lines, ""][:2]]
    return first, second


def hexmap(tiles: Sequence[Tile], label: str, columns: int = 6, radius: float = 52) -> str:
    """The map of a cordón: its workplaces in the order given, in rows of ``columns``, every second row set in."""
    step = radius * 3**0.5
    rows = [tiles[i : i + columns] for i in range(0, len(tiles), columns)]
    width = step * (min(columns, max(1, len(tiles))) + (0.5 if len(rows) > 1 else 0)) + 8
    height = radius * 1.5 * max(0, len(rows) - 1) + 2 * radius + 8
    out = [f'<svg class="ch hexmap" viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-label="{escape(label)}">']
    for i, row in enumerate(rows):
        for j, tile in enumerate(row):
            cx, cy = 4 + step / 2 + step * (j + (0.5 if i % 2 else 0)), 4 + radius + 1.5 * radius * i
            out.append(_tile(tile, cx, cy, radius))
    return "".join(out) + "</svg>"


def _tile(tile: Tile, cx: float, cy: float, radius: float) -> str:
    first, second = two_lines(tile.name)
    lower = f' <tspan x="{cx:.1f}" y="{cy + 18:.1f}">{escape(second)}</tspan>' if second else ""
    inner = (
        f'<polygon class="h" points="{hexagon_points(cx, cy, radius - 3)}"/>'
        f'<g class="gl"><use href="#{TILES.get(tile.state, "nodata")}" x="{cx - 11:.1f}" y="{cy - 35:.1f}" width="22" '
        f'height="22"/></g><text x="{cx:.1f}" y="{cy + (4 if second else 8):.1f}">{escape(first)}{lower}</text>'
    )
    state = tile.state if tile.state in TILES else "none"
    if tile.href:
        return f'<a href="{escape(tile.href)}" class="s-{state}" aria-label="{escape(tile.said)}">{inner}</a>'
    return f'<g class="s-{state}" role="img" aria-label="{escape(tile.said)}">{inner}</g>'


def cells(states: Sequence[str], label: str, columns: int = 9) -> str:
    """One small cell per workplace, in no order that names it: "in" reported, "none" did not, "alarm" an alert here."""
    step = 15 * 3**0.5
    columns = max(1, min(columns, -(-len(states) // 2) if len(states) > 4 else len(states)))
    count = -(-len(states) // columns) if states else 1
    width, height = step * (columns + (0.5 if count > 1 else 0)) + 6, 22.5 * max(1, count - 1) + 36
    out = [f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}">']
    for i, state in enumerate(states):
        row, column = divmod(i, columns)
        cx, cy = 3 + step / 2 + step * (column + (0.5 if row % 2 else 0)), 18 + 22.5 * row
        css = {"alarm": "h a", "none": "h n"}.get(state, "h")
        out.append(f'<polygon class="{css}" points="{hexagon_points(cx, cy, 13.4)}"/>')
        if state == "alarm":
            out.append(f'<path class="m" d="M{cx:.1f} {cy - 6:.1f}v7M{cx:.1f} {cy + 4:.1f}v1.5"/>')
    return "".join(out) + "</svg>"


# --- the vessel ---------------------------------------------------------------------------------------


def _tank(latency: Number, performance: Number, x: float, y: float, w: float, h: float, dim: str) -> str:
    """Frame: what could be made with everything; tint up to the dashed line: what can be made; solid: what is made.

    Both shares are of the frame. ``dim``: the part that is faded, "pot", "cap" or "act".
    """
    can, made = h * share_of(latency, 1), h * share_of(performance, 1)

    def off(part: str) -> str:
        return " off" if part == dim else ""

    return (
        f'<g class="tank"><rect class="pot{off("pot")}" x="{x}" y="{y}" width="{w}" height="{h}"/>'
        f'<g class="{off("cap").strip()}"><rect class="cap" x="{x + 1}" y="{y + h - can:.1f}" width="{w - 2}" '
        f'height="{max(0.0, can - 1):.1f}"/></g>'
        f'<g class="{off("act").strip()}"><rect class="act" x="{x + w * 0.22:.1f}" y="{y + h - made:.1f}" '
        f'width="{w * 0.56:.1f}" height="{max(0.0, made - 1):.1f}"/></g>'
        f'<line class="capl{off("cap")}" x1="{x - 4}" x2="{x + w + 4}" y1="{y + h - can:.1f}" y2="{y + h - can:.1f}"/>'
        "</g>"
    )


def vessel(latency: Number, performance: Number, dim: str = "", width: int = 64, height: int = 76) -> str:
    """The sign of an index, beside its sentence: each fades the part that it does not compare."""
    tank = _tank(latency, performance, 8, 3, width - 16, height - 6, dim)
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">{tank}</svg>'


def vessel_large(latency: Number, performance: Number, amounts: Sequence[tuple[str, str]], label: str) -> str:
    """The vessel with its three amounts and their words: of the frame, of the dashed line, of what is solid."""
    top, height, apart = 8.0, 190.0, 25.0
    shares = (1.0, share_of(latency, 1), share_of(performance, 1))
    levels = [(top + height * (1 - share), *said) for share, said in zip(shares, amounts, strict=True)]
    words, below = [], top + 6 - apart
    for order, (level, amount, word) in enumerate(levels):
        below = min(max(level + 5, below + apart), top + height - apart * (2 - order))
        words.append(
            f'<path class="axis" fill="none" d="M134 {level:.1f}H146L160 {below - 5:.1f}H168"/>'
            f'<text x="174" y="{below:.1f}"><tspan class="tb f4">{escape(amount)}</tspan> '
            f'<tspan class="f1">{escape(word)}</tspan></text>'
        )
    tank = _tank(latency, performance, 12, top, 118, height, "")
    return f'<svg class="ch" viewBox="0 0 330 206" role="img" aria-label="{escape(label)}">{tank}{"".join(words)}</svg>'


def vessel_bar(latency: Number, performance: Number, width: int = 120, height: int = 14) -> str:
    """The same vessel lying down, for tables."""
    can, made = (max(2.0, width * share_of(share, 1)) for share in (latency, performance))
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true" class="tank">'
        f'<rect class="pot thin" x="1" y="1" width="{width - 2}" height="{height - 2}"/>'
        f'<rect class="cap" x="1.5" y="1.5" width="{can - 2:.1f}" height="{height - 3}"/>'
        f'<rect class="act" x="1.5" y="{height * 0.3:.1f}" width="{made - 2:.1f}" height="{height * 0.4:.1f}"/>'
        f'<line class="capl thin" x1="{can:.1f}" x2="{can:.1f}" y1="0" y2="{height}"/></svg>'
    )
