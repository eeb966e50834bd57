"""Cells that are more than the text they show."""

from __future__ import annotations


class ExactNumber(str):
    """Digits with a point, from a typed cell: the point is the decimal mark, whatever the rest of the file does."""

    __slots__ = ()


class NotText(str):
    """A list or an object where a value was due; the text is only a glimpse of it."""

    __slots__ = ()
