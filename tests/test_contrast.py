"""Contrast of every pair of colours that the design uses: text 4.5, marks 3; light and dark (WCAG 2.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "councils/static/cordon/css/tokens.css").read_text()
TEXT, MARK = 4.5, 3.0


def block(start: str) -> dict[str, str]:
    """The colours of the block that begins with ``start``."""
    opened = TOKENS.index("{", TOKENS.index(start))
    return dict(re.findall(r"--([\w-]+):(#[0-9A-Fa-f]{6})", TOKENS[opened : TOKENS.index("}", opened)]))


LIGHT, DARK, FORCED = block(":root{"), block(":root:not("), block(":root[data-theme=dark]")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    """Contrast ratio (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    found = [
        (fore, back, TEXT)
        for fore in ("ink", "ink-2", "accent-ink", "ok", "watch", "alarm", "info")
        for back in ("bg", "surface")
    ]
    found += [(fore, "sunken", TEXT) for fore in ("ink", "ink-2")]
    found += [(fore, "band", TEXT) for fore in ("on-band", "band-2", "accent")]
    found += [
        (f"on-{tone}", "accent" if tone == "accent" else f"{tone}-f", TEXT)
        for tone in ("accent", "ok", "watch", "alarm")
    ]
    for tone in ("ok", "watch", "alarm", "info"):
        found += [(tone, f"{tone}-t", TEXT), ("ink", f"{tone}-t", TEXT)]
    found += [
        (mark, back, MARK)
        for mark in ("line-2", "focus", "alarm-f", "ok-f", "c-line", "c-act", "c-flow")
        for back in ("bg", "surface")
    ]
    found += [("c-line", "c-band", MARK), ("c-act", "c-cap", MARK), ("alarm-f", "c-band", MARK)]
    return [*found, ("ink", "c-band", TEXT), ("ink-2", "c-band", TEXT)]


@pytest.mark.parametrize(("fore", "back", "least"), pairs())
@pytest.mark.parametrize("colours", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
def test_contrast_is_enough(colours: dict[str, str], fore: str, back: str, least: float) -> None:
    assert round(contrast(colours[fore], colours[back]), 2) >= least


def test_both_dark_blocks_are_the_same() -> None:
    assert DARK == FORCED


def test_contrast_of_black_on_white_is_21() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
