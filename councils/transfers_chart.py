"""How votes passed from one candidate to the next, round by round, drawn as SVG text (an alluvial diagram).

Pure, as ``councils.charts``: classes only, words and numbers arrive finished in the reader's language,
everything is escaped here. The same figures stand in a table beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: With more people, or more rounds, the bars are too thin to be read.
MOST_STREAMS, MOST_ROUNDS = 12, 12

BAR, GAP, TOP, LEFT, RIGHT, BOTTOM = 26.0, 9.0, 26.0, 150.0, 150.0, 8.0
#: Bars thinner than this have one line of words beside them, not two.
TWO_LINES = 26.0


@dataclass(frozen=True)
class Stream:
    """One candidate (or ``pile``: papers used up): what she has at the end of each round, in any one unit.

    ``since``: the round, from 0, at whose end she is elected. ``end`` and ``note``: the two lines beside the last bar.
    """

    name: str
    votes: Sequence[float]
    since: int | None = None
    end: str = ""
    note: str = ""
    pile: bool = False


def fits(candidates: int, rounds: int) -> bool:
    """Whether there is something to draw, and room for it."""
    return 0 < candidates <= MOST_STREAMS and 2 <= rounds <= MOST_ROUNDS


def transfers(
    streams: Sequence[Stream], rounds: Sequence[str], label: str, width: float = 720, height: float = 430
) -> str:
    """Bars of ``streams`` per round, and the ribbons between them: plain for what stays, hatched for what moves.

    In each round one stream at most has less than before; what the others gained came from it. Of fewer than two
    ``rounds`` only the empty frame is drawn.
    """
    frame = f'<svg class="ch" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}">'
    whole = max((sum(stream.votes[i] for stream in streams) for i in range(len(rounds))), default=0)
    if len(rounds) < 2 or whole <= 0:
        return frame + "</svg>"
    scale = (height - TOP - BOTTOM - GAP * (len(streams) - 1)) / whole
    step = (width - LEFT - RIGHT - BAR) / (len(rounds) - 1)
    places = [_Column(LEFT + i * step, streams, i, scale) for i in range(len(rounds))]
    drawn = [part for before, after in itertools.pairwise(places) for part in _ribbons(before, after)]
    for column, word in zip(places, rounds, strict=True):
        middle = column.x + BAR / 2
        drawn.append(f'<text class="tb" x="{middle:.1f}" y="14" text-anchor="middle">{escape(word)}</text>')
        drawn += column.bars(streams)
    return frame + "".join(drawn + _words(places[0], places[-1], streams)) + "</svg>"


class _Column:
    """The bars of one round: where each begins and how tall it is."""

    def __init__(self, x: float, streams: Sequence[Stream], round_: int, scale: float) -> None:
        self.x, self.round = x, round_
        self.tops: list[float] = []
        self.heights = [stream.votes[round_] * scale for stream in streams]
        y = TOP
        for height in self.heights:
            self.tops.append(y)
            y += height + (GAP if height else 0)

    def bars(self, streams: Sequence[Stream]) -> list[str]:
        """Solid from the round on in which she is elected; nothing where she has no vote."""
        return [
            f'<rect class="{_css(stream, self.round)}" x="{self.x:.1f}" y="{top:.1f}" width="{BAR:.0f}"'
            f' height="{max(height, 2):.1f}"/>'
            for stream, top, height in zip(streams, self.tops, self.heights, strict=True)
            if height
        ]


def _css(stream: Stream, round_: int) -> str:
    if stream.pile:
        return "seg--out"
    return "seg--in" if stream.since is not None and round_ >= stream.since else "seg"


def _ribbons(before: _Column, after: _Column) -> list[str]:
    """What stays, then what moves: out of the foot of the bar that shrank, into the foot of those that grew."""
    kept = [min(a, b) for a, b in zip(before.heights, after.heights, strict=True)]
    plain = [
        _ribbon("rib", (before.x + BAR, before.tops[i]), (after.x, after.tops[i]), thick)
        for i, thick in enumerate(kept)
        if thick > 0
    ]
    losers = [i for i, thick in enumerate(kept) if before.heights[i] > thick]
    if not losers:
        return plain
    source = losers[0]
    y, moved = before.tops[source] + kept[source], []
    for i, thick in enumerate(kept):
        gained = after.heights[i] - thick
        if gained > 0:
            moved.append(_ribbon("rib--x", (before.x + BAR, y), (after.x, after.tops[i] + thick), gained))
            y += gained
    return plain + moved


def _ribbon(css: str, start: tuple[float, float], end: tuple[float, float], thick: float) -> str:
    (x0, y0), (x1, y1) = start, end
    m = (x0 + x1) / 2
    return (
        f'<path class="{css}" d="M{x0:.1f} {y0:.1f}C{m:.1f} {y0:.1f} {m:.1f} {y1:.1f} {x1:.1f} {y1:.1f}'
        f'V{y1 + thick:.1f}C{m:.1f} {y1 + thick:.1f} {m:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"/>'
    )


def _words(first: _Column, last: _Column, streams: Sequence[Stream]) -> list[str]:
    """Names before the first bars, ends behind the last; one line where the bar is thin."""
    said = []
    x = last.x + BAR + 10
    for i, stream in enumerate(streams):
        if first.heights[i]:
            y = first.tops[i] + first.heights[i] / 2 + 4
            name = escape(stream.name)
            said.append(f'<text class="tb" x="{LEFT - 10:.0f}" y="{y:.1f}" text-anchor="end">{name}</text>')
        if not last.heights[i]:
            continue
        middle = last.tops[i] + last.heights[i] / 2
        if last.heights[i] > TWO_LINES:
            said.append(f'<text class="tb" x="{x:.1f}" y="{middle:.1f}">{escape(stream.end)}</text>')
            said.append(f'<text x="{x:.1f}" y="{middle + 15:.1f}">{escape(stream.note)}</text>')
        else:
            line = " · ".join(part for part in (stream.end, stream.note) if part)
            said.append(f'<text class="tb" x="{x:.1f}" y="{middle + 4:.1f}">{escape(line)}</text>')
    return said
