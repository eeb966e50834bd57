"""Text that members write: cleaning, Markdown to safe HTML, and what changed between two versions.

Pure: no database, no clock, no translation. Markdown is rendered with raw HTML off and then
sanitised again, so that a fault in either library alone lets nothing through.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Longest text of one version, in characters.
LIMIT = 20_000

# --- cleaning -------------------------------------------------------------------------------

#: Marks that reorder or hide what is read: overrides, embeddings, isolates, zero-width characters.
_DECEIVING = re.compile(
    "[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")


def clean(raw: str) -> str:
    """``raw`` in NFC, with plain line ends, without control, reordering or invisible characters.

    ``"a\\x00\\u202eb\\r\\n"`` gives ``"ab\\n"``. Applied twice it changes nothing more.
    """
    text = _DECEIVING.sub("", _BREAKS.sub("\n", raw))
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", text)


def clean_line(raw: str) -> str:
    """As ``clean``, on one line with single spaces: for titles and reasons in a row."""
    return " ".join(clean(raw).split())


def says_something(text: str) -> bool:
    """Whether a person can read anything in it: at least one letter or digit."""
    return any(c.isalnum() for c in text)


def beginning(text: str, most: int) -> str:
    """The first whole paragraphs of ``text`` in at most ``most`` characters, or as many words of the first one.

    ``text`` itself where it fits; else what is left out is marked with “…”.
    """
    if len(text) <= most:
        return text
    kept = ""
    for part in re.split(r"(?<=\n)\n+", text):
        joined = f"{kept}\n{part}" if kept else part
        if len(joined) > most:
            break
        kept = joined
    if not kept:
        kept = text[: most + 1].rsplit(None, 1)[0][:most]
    return f"{kept.rstrip()} …"


# --- Markdown -------------------------------------------------------------------------------

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "h6", "hr", "a"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
#: Headings of a text begin under the section of the page that holds it.
_FIRST_HEADING = 3


def render(markdown: str) -> str:
    """``markdown`` as HTML that is safe to put into a page.

    No raw HTML, images or scripts; links only http, https, mailto and to pages here; headings from h3 down,
    without gaps, whatever levels the author began with. A line ends where its author ended it.
    """
    tokens = _MARKDOWN.parse(clean(markdown)[:LIMIT])
    _lower_headings(tokens)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        attribute_filter=_only_addresses,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


#: A whole address, or one within this installation: what is neither would lead somewhere below the page it stands on.
_ADDRESS = re.compile(r"https?://|mailto:|/(?!/)", re.IGNORECASE)


def _only_addresses(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "href" and not _ADDRESS.match(value) else value


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Rank the levels in use: the highest becomes h3, the next h4."""
    headings = [t for t in tokens if t.type in ("heading_open", "heading_close")]
    ranks = {tag: rank for rank, tag in enumerate(sorted({t.tag for t in headings}))}
    for token in headings:
        token.tag = f"h{min(_FIRST_HEADING + ranks[token.tag], 6)}"


# --- changes between two versions --------------------------------------------------------------

Kind = Literal["same", "removed", "added"]
#: Above so many words on either side a changed stretch is shown whole: the search is quadratic.
_WORDS_COMPARED = 1_500
_LINES_COMPARED = 1_500
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]+")
_PARAGRAPHS = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Span:
    """A stretch of text that both versions share, or only the old or the new one has."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Span]:
    """What changed, word by word. Same and removed spans joined give ``old``; same and added give ``new``."""
    spans: list[Span] = []
    for removed, added in _pairs(old.splitlines(keepends=True), new.splitlines(keepends=True), _LINES_COMPARED):
        if removed == added:
            spans.append(Span("same", "".join(removed)))
            continue
        before, after = _TOKENS.findall("".join(removed)), _TOKENS.findall("".join(added))
        for out, into in _pairs(before, after, _WORDS_COMPARED):
            if out == into:
                spans.append(Span("same", "".join(out)))
            else:
                spans += [Span("removed", "".join(out)), Span("added", "".join(into))]
    return _readable(spans)


def _pairs(old: Sequence[str], new: Sequence[str], most: int) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Cut both sequences into stretches that are equal, or differ."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    yield old[:head], new[:head]
    if max(len(middle_old), len(middle_new)) > most:
        yield middle_old, middle_new
    else:
        matcher = difflib.SequenceMatcher(None, middle_old, middle_new)
        for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield middle_old[i1:i2], middle_new[j1:j2]
    yield old[len(old) - tail :], new[len(new) - tail :]


def _readable(spans: Sequence[Span]) -> list[Span]:
    """Join a run of changes with only blanks between them: “two words” for “three others” reads as one change."""
    joined: list[Span] = []
    removed, added, blanks = "", "", ""

    def flush() -> None:
        nonlocal removed, added
        joined.extend(s for s in (Span("removed", removed), Span("added", added)) if s.text)
        removed, added = "", ""

    for span in [s for s in spans if s.text]:
        if span.kind == "same" and (removed or added) and not span.text.strip() and "\n" not in span.text:
            blanks += span.text
        elif span.kind == "same":
            flush()
            joined.append(Span("same", blanks + span.text))
            blanks = ""
        else:
            removed += blanks + (span.text if span.kind == "removed" else "")
            added += blanks + (span.text if span.kind == "added" else "")
            blanks = ""
    flush()
    return [*joined, Span("same", blanks)] if blanks else joined


def paragraphs(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans in paragraphs, for display: a blank line begins the next. Empty paragraphs are left out."""
    rows: list[list[Span]] = [[]]
    for span in spans:
        first, *rest = _PARAGRAPHS.split(span.text)
        rows[-1].append(Span(span.kind, first))
        rows.extend([Span(span.kind, part)] for part in rest)
    kept = [[s for s in row if s.text] for row in rows]
    return [row for row in kept if row]
