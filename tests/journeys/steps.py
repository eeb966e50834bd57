"""What several journeys do on the way."""

from __future__ import annotations

from tests.journeys.conftest import Visitor

ENROLLED = "palabra puerta horno vidrio"


def enrol(person: Visitor, code: str, *, name: str, username: str) -> None:
    """From the front page with a printed code to an account of one's own."""
    person.go("/")
    person.press("main a[href='/enrol/']")
    person.page.fill("[name=code]", code)
    person.press("main form .btn--go")
    person.page.fill("[name=name]", name)
    person.press("main form .btn--go")
    person.page.fill("[name=username]", username)
    person.page.fill("[name=password]", ENROLLED)
    person.page.fill("[name=again]", ENROLLED)
    person.press("main form .btn--go")


def report(person: Visitor, figures: dict[str, str]) -> None:
    """Fill in today's report, which asks for exactly these figures, and send it."""
    person.go("/report/")
    assert person.page.locator(".fig input").count() == len(figures)
    for name, figure in figures.items():
        person.page.get_by_label(name).fill(figure)
    person.press("main form .btn--go.btn--wide")


def address_of(person: Visitor) -> str:
    """The page that a person is on, without the site."""
    return person.page.url[len(person.site.base) :].partition("?")[0]


def cast_yes_or_no(person: Visitor, proposal: str, answer: str) -> str:
    """One tap on the page of the proposal; the check code."""
    person.go(proposal)
    person.press(f"button[name=choice][value={answer}]:visible >> nth=0")
    return person.page.locator(".code").inner_text()
