"""Text of members: cleaned, rendered without danger, compared word by word."""

import pytest

from councils.text import Span, beginning, clean, clean_line, differences, paragraphs, render, says_something


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("\u202eSÍ\u202c a todo\u2066", "SÍ a todo"),
        ("a\u2028b\u0085c", "a\nb\nc"),
        ("pa\u200bra\ufeff", "para"),
        ("u\u0301til", "útil"),
        ("\ud800x", "x"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_clean_takes_away_what_deceives(raw, cleaned):
    assert clean(raw) == cleaned


def test_clean_line_joins_to_one_line():
    assert clean_line("  a\n b\t\u200b c ") == "a b c"


@pytest.mark.parametrize(("text", "said"), [("…", False), ("\u200b", False), ("", False), ("3", True), ("ñ", True)])
def test_says_something(text, said):
    assert says_something(text) is said


def test_render_shows_lists_bold_and_links():
    html = render("1. **dos** camiones\n2. [acta](https://example.org/acta)\n\n- a")
    assert "<strong>dos</strong>" in html
    assert '<a href="https://example.org/acta" rel="noopener noreferrer nofollow">acta</a>' in html
    assert html.count("<li>") == 3


def test_render_begins_headings_at_h3_without_gaps():
    assert render("uno\ndos") == "<p>uno<br>\ndos</p>\n"
    assert render("## Qué\n\n#### Cuánto") == "<h3>Qué</h3>\n<h4>Cuánto</h4>\n"


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&colon;alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        '[a](https://x "onmouseover=alert(1)")',
        "![a](https://x/y.png)",
        "<https://x/<script>>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<svg/onload=alert(1)>",
        "`<iframe src=//x>`",
        "[\u202eaj](javascript\x00:alert(1))",
    ],
)
def test_render_lets_nothing_run(raw):
    html = render(raw).lower()
    for tag in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data', 'href="vbscript', "<style"):
        assert tag not in html


def test_differences_marks_words():
    spans = differences("prestan cuatro camiones por día", "prestan dos camiones por día, con chofer")
    assert spans == [
        Span("same", "prestan "),
        Span("removed", "cuatro"),
        Span("added", "dos"),
        Span("same", " camiones por día"),
        Span("added", ", con chofer"),
    ]


def test_differences_joins_a_run_of_changed_words():
    assert differences("dos camiones grandes", "tres carros chicos") == [
        Span("removed", "dos camiones grandes"),
        Span("added", "tres carros chicos"),
    ]


def test_differences_of_long_texts_without_a_common_word_show_each_whole():
    old, new = " ".join("a" * 4000), " ".join("b" * 4000)
    assert [span.kind for span in differences(old, new)] == ["removed", "added"]


def test_paragraphs_begin_at_blank_lines():
    rows = paragraphs([Span("same", "uno\n\n\n"), Span("added", "dos\n\ntres"), Span("same", "\n\n")])
    assert rows == [[Span("same", "uno")], [Span("added", "dos")], [Span("added", "tres")]]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("corto", 5, "corto"),
        ("uno\n\ndos\n\ntres", 9, "uno\n\ndos …"),
        ("una frase larga", 10, "una frase …"),
        ("unafraselarga", 6, "unafra …"),
    ],
)
def test_beginning_ends_with_a_paragraph_or_else_a_word(text, most, shown):
    assert beginning(text, most) == shown
