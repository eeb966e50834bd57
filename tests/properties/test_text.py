"""Whatever is written: the comparison gives both texts back, the page gets nothing that runs."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from councils.text import clean, differences, paragraphs, render

words = st.sampled_from(["uno", "dos", "tres", " ", "  ", "\n", "\n\n", "-", "é", "\t", ".", "**", "1."])
prose = st.lists(words, max_size=60).map("".join)
anything = st.text(max_size=200)
markdown = st.lists(
    st.sampled_from(
        [
            "[a](",
            "javascript:",
            "https://x",
            ")",
            "<",
            ">",
            "script",
            "img src=x onerror=",
            '"',
            "'",
            "&",
            "`",
            "*",
            "_",
            "#",
            "\n",
            "- ",
            "> ",
            "data:text/html,",
            "&#106;avascript:",
            "\x00",
            "\u202e",
            "[",
            "]",
            "!",
            "](",
            "\\",
            " ",
        ]
    ),
    max_size=40,
).map("".join)

ALLOWED = {
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    **{tag: set() for tag in "p br strong em ul li blockquote code pre h3 h4 h5 h6 hr".split()},
}


class Tags(HTMLParser):
    """Fails on a tag or attribute outside the list, or on an address that is no web or mail address."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in ALLOWED[tag]
            if name == "href":
                assert (value or "").lower().startswith(("http://", "https://", "mailto:", "/"))
                assert not (value or "").startswith("//")


@given(prose | anything, prose | anything)
def test_differences_reconstruct_both_texts(old: str, new: str):
    spans = differences(old, new)
    assert "".join(s.text for s in spans if s.kind != "added") == old
    assert "".join(s.text for s in spans if s.kind != "removed") == new


@given(prose, prose)
def test_differences_of_equal_texts_are_none(old: str, new: str):
    assert {s.kind for s in differences(old, old)} <= {"same"}
    assert any(s.kind != "same" for s in differences(old, new)) == (old != new)


@given(prose, prose)
def test_paragraphs_lose_no_word(old: str, new: str):
    spans = differences(old, new)
    shown = "".join(s.text for row in paragraphs(spans) for s in row)
    assert shown.split() == [] or "".join(shown.split()) == "".join("".join(s.text for s in spans).split())


@given(markdown | anything)
def test_render_emits_only_what_is_allowed(text: str):
    Tags().feed(render(text))


@given(anything)
def test_clean_twice_changes_nothing_more(text: str):
    assert clean(clean(text)) == clean(text)
    assert "\x00" not in clean(text)
