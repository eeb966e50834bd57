"""An alert: a report opens it, its time runs out, the cordón hands it back, the nation follows, it is settled."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of, report

pytestmark = pytest.mark.journey

#: The figure, the words of its kind, of the page of the nation, and of an alert that went back.
WORDS = {
    "es": ("Envases buenos", "Un día raro", "Alertas que subieron al país"),
    "en": ("Envases buenos", "An odd day", "Alerts that came up to the nation"),
}


@pytest.mark.parametrize(("width", "language"), [(360, "es"), (1280, "en")])
def test_a_report_opens_an_alert_that_goes_up_comes_down_and_is_settled(
    site: Site, world: dict[str, str], visitor: Enter, width: int, language: str
) -> None:
    shape = {"width": width, "language": language}
    figure, kind, of_nation = WORDS[language]
    series = site.operator("councils_sit")["series"]
    with visitor(site, "nino", **shape) as nino, visitor(site, "dora", **shape) as dora:
        nino.go("/control/")
        nino.page.evaluate("window.opened = 'once'")
        with visitor(site, "rosa", **shape) as rosa:
            _an_odd_report(rosa, figure)
            alert = _find_it_inside(rosa, site, figure, kind, series)
        _nothing_outside(dora, world, alert)
        with visitor(site, "elena", **shape) as elena:
            _explain_and_ask_help(elena, alert)
        _answer_the_note(dora)

        assert site.operator("time_runs_out")["holds"] == ["consejo del cordón · Vicuña Mackenna"]
        dora.go("/")
        dora.press(f"main .task a.btn[href='{alert}']")
        expect(dora.page.locator("main")).to_contain_text("Faltan camiones, no vidrio.")
        expect(dora.page.locator("main")).not_to_contain_text("El turno C avisó.")
        _write(dora, "reply-text", "Pedimos dos camiones a Fensa.", "answer")
        expect(nino.page.locator("#board")).not_to_contain_text(of_nation)
        _write(dora, "reply-text", "Salen mañana a las 8: sigan ustedes.", "hand_back")
        with visitor(site, "elena", **shape) as elena:
            elena.go(alert)
            expect(elena.page.locator(".clock")).to_be_visible()
            site.operator("time_runs_out")
            assert site.operator("time_runs_out")["holds"] == ["consejo nacional · Chile"]
            expect(nino.page.locator("#board")).to_contain_text(of_nation)
            expect(nino.page.locator("#board .a")).to_have_count(1)
            nino.check()
            _write(elena, "settle-text", "Llegaron los camiones; el horno anda.", "settle")
            expect(nino.page.locator("#board")).not_to_contain_text(of_nation)
            assert nino.page.evaluate("window.opened") == "once"
            elena.go(series)
            expect(elena.page.locator(f"main a[href='{alert}']")).to_be_visible()
        dora.go(alert)  # whoever it passed is told that it is over
        expect(dora.page.locator(".clock")).to_have_count(0)


def _an_odd_report(person: Visitor, figure: str) -> None:
    """The page asks what happened; nobody is kept from sending it."""
    report(person, {figure: "120", "Personas presentes": "109"})
    expect(person.page.locator("fieldset.ask1")).to_have_count(1)
    person.page.check("fieldset.ask1 input[type=radio] >> nth=0")
    person.press("main form .btn--go.btn--wide")


def _find_it_inside(person: Visitor, site: Site, figure: str, kind: str, series: str) -> str:
    """On her home, with its clock; on the page of the figure; how it was judged. The address of the alert."""
    expect(person.page.locator("main")).to_contain_text("120")
    for _attempt in range(30):  # the analysis follows the report within moments
        person.go("/")
        if person.page.locator("main .task a.btn[href^='/alerts/']").count():
            break
        person.page.wait_for_timeout(500)
    person.press("main .task a.btn[href^='/alerts/']")
    alert = address_of(person)
    expect(person.page.locator("h1")).to_contain_text(figure)
    expect(person.page.locator(".clock")).to_be_visible()
    _write(person, "text", "El turno C avisó.", None)
    person.press("form[action$='/acknowledge/'] button")
    person.go(series)
    expect(person.page.locator("main")).to_contain_text(kind)
    for zoom in ("quarter", "year", "all", "weeks"):
        person.press(f"nav.spans a[href='?zoom={zoom}']")
    person.press("main .head a[href$='/judgement/']")
    return alert


def _nothing_outside(person: Visitor, world: dict[str, str], alert: str) -> None:
    """To whoever works elsewhere there is no such alert."""
    person.refused(404, lambda: person.page.goto(person.site.base + alert))
    for page in ("/", "/alerts/", f"/cordones/{world['cordon']}/", f"/workplaces/{world['workplace']}/"):
        person.go(page)
        assert alert not in person.page.content()


def _explain_and_ask_help(person: Visitor, alert: str) -> None:
    """The committee marks what travels with it, and sends a note, which is read at once."""
    person.go(alert)
    person.page.check("input[name=go][value=up]")
    _write(person, "text", "Faltan camiones, no vidrio.", None)
    person.page.click("details:has([name=help-text]) summary")
    person.page.select_option("[name=help-body]", index=0)
    _write(person, "help-text", "¿Quién tiene dos camiones?", None)


def _answer_the_note(person: Visitor) -> None:
    person.go("/")
    person.press("main .task a.btn[href^='/alerts/help/']")
    expect(person.page.locator("main")).to_contain_text("¿Quién tiene dos camiones?")
    _write(person, "text", "Preguntamos a Fensa.", None)


def _write(person: Visitor, field: str, text: str, do: str | None) -> None:
    """Fill the field of a form and send it, by the button ``do`` where there are several."""
    person.page.fill(f"[name={field}]", text)
    button = f"button[value={do}]" if do else "button"
    person.press(f"main form:has([name={field}]) {button}")
