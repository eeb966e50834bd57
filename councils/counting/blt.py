"""BLT: the file in which ranked ballots are handed round. Pure.

First described by I. D. Hill, B. A. Wichmann and D. R. Woodall, *Algorithm 123: Single transferable vote by
Meek's method*, The Computer Journal 30 (1987)::

    4 2            four candidates, two seats
    -3             candidate 3 has withdrawn (optional)
    13 1 2 0       thirteen papers: first 1, then 2
    1 0            a blank paper
    0              end of the papers
    "Rosa Soto"    the names, in order
    …
    "Council"      the title

``#`` begins a comment outside quotes. A preference that cannot be told (``2=3``, or a gap ``-``) ends the
paper there, as a gap does on a Scottish one; so does a name said twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from councils.counting.stv import Ranking

#: More of either is no election of people, and a file that asks for it is a mistake.
MOST_CANDIDATES = 10_000

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|#.*|[^\s"#]+|"')


class BltError(Exception):
    """The file cannot be read: at ``line`` (from 1), for ``problem`` (a code), where ``found`` stood."""

    def __init__(self, problem: str, line: int, found: str = "") -> None:
        self.problem, self.line, self.found = problem, line, found[:60]
        super().__init__(problem, line, self.found)


@dataclass(frozen=True)
class BltFile:
    """``papers``: ranking → how many. ``blank``: papers that name nobody. ``names`` by number, from 1."""

    names: tuple[str, ...]
    seats: int
    withdrawn: frozenset[int]
    papers: Mapping[Ranking, int]
    blank: int
    title: str

    @property
    def candidates(self) -> tuple[int, ...]:
        """The numbers of those who stand."""
        return tuple(c for c in range(1, len(self.names) + 1) if c not in self.withdrawn)

    def name(self, candidate: int) -> str:
        return self.names[candidate - 1]


def read_blt(text: str) -> BltFile:
    """Read a whole file. Raises ``BltError``."""
    lines = _lines(text)
    number, first = next(lines, (1, []))
    if len(first) != 2:
        raise BltError("header", number, " ".join(first))
    count, seats = (_number(token, number, "header") for token in first)
    if not 1 <= count <= MOST_CANDIDATES or not 1 <= seats <= MOST_CANDIDATES:
        raise BltError("header", number, " ".join(first))
    known = {str(c): c for c in range(1, count + 1)}
    withdrawn: set[int] = set()
    papers: Counter[Ranking] = Counter()
    blank = 0
    for number, tokens in lines:
        if tokens == ["0"]:
            break
        if not papers and all(token.startswith("-") for token in tokens):
            withdrawn.update(_ranking([token.removeprefix("-") for token in tokens], known, number))
            continue
        how_many = _number(tokens[0], number, "weight")
        if len(tokens) < 2 or tokens[-1] != "0":
            raise BltError("unended", number, " ".join(tokens))
        ranking = _ranking(tokens[1:-1], known, number)
        if ranking:
            papers[ranking] += how_many
        else:
            blank += how_many
    else:
        raise BltError("cut_short", number)
    names: list[str] = []
    for number, tokens in lines:  # noqa: B007 - the error below says where it ended
        names += tokens
    if len(names) not in (0, count, count + 1):
        raise BltError("names", number, str(len(names)))
    told = [_unquoted(name) for name in names] or [str(c) for c in range(1, count + 1)]
    return BltFile(
        tuple(told[:count]), seats, frozenset(withdrawn), dict(papers), blank, told[count] if told[count:] else ""
    )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if '"' in line or "#" in line:
            tokens = [token for token in _TOKEN.findall(line) if not token.startswith("#")]
        else:
            tokens = line.split()
        if tokens:
            yield number, tokens


def _ranking(tokens: list[str], known: Mapping[str, int], line: int) -> Ranking:
    ranking: dict[int, None] = {}
    for token in tokens:
        candidate = known.get(token)
        if candidate is None:
            if token == "-" or "=" in token:
                break
            raise BltError("candidate", line, token)
        if candidate in ranking:
            break
        ranking[candidate] = None
    return tuple(ranking)


def _number(token: str, line: int, problem: str) -> int:
    # int() would read "１", "1_000" and "+1" too
    if not (token.isascii() and token.isdecimal()) or len(token) > 12:
        raise BltError(problem, line, token)
    return int(token)


def _unquoted(token: str) -> str:
    return token[1:-1].replace('\\"', '"') if len(token) > 1 and token.startswith('"') else token
