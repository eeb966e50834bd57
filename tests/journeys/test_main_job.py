"""The main job, end to end: enrol with a code → report → nominate → vote → result → the nation's figure."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of, enrol, report

pytestmark = pytest.mark.journey

#: Bottles of today: Carmen's, the nation's before (three others report 400 each) and after.
FIGURES = {
    "es": ("412,5", "1.200 miles", "1.612,5 miles"),
    "en": ("412.5", "1,200 thousands", "1,612.5 thousands"),
}


@pytest.mark.parametrize(("width", "language"), [(360, "es"), (1280, "en")])
def test_worker_enrols_reports_votes_and_the_nation_sees_it(
    site: Site, world: dict[str, str], visitor: Enter, width: int, language: str
) -> None:
    shape = {"width": width, "language": language}
    with visitor(site, **shape) as carmen:
        codes = _codes_of_two_people(site, world, visitor, shape)
        enrol(carmen, codes[0], name="Carmen Soto", username="carmen")
        expect(carmen.page.locator("h1")).to_contain_text("Cristalerías de Chile")
        _report_reaches_the_nation(site, world, visitor, carmen, shape)
        election = _call_and_stand(site, world, visitor, carmen, shape)
        assert site.operator("close_nominations") == {"state": "voting"}

        first = _vote(carmen, election, ["Carmen Soto"])
        code = _vote(carmen, election, ["Carmen Soto", "Pedro Rojas"])
        assert code != first
        _stale_cast_is_refused(carmen, election)
        for username, names in (("pedro", ["Carmen Soto", "Pedro Rojas"]), ("rosa", ["Carmen Soto"])):
            with visitor(site, username, **shape) as other:
                _vote(other, election, names)
        for username, names in (("hugo", ["Hugo Tapia"]), ("elena", ["Carmen Soto", "Pedro Rojas"])):
            with visitor(site, username, **shape) as other:
                _vote(other, election, names)
        site.operator("close_vote")
        _result_is_published(carmen, election, counted=code, replaced=first)


def _codes_of_two_people(site: Site, world: dict[str, str], visitor: Enter, shape: dict[str, object]) -> list[str]:
    """One of the committee asks, who cannot approve; another approves and prints."""
    people = f"/workplaces/{world['workplace']}/people/"
    with visitor(site, "elena", **shape) as elena:
        elena.go(people)
        elena.page.fill("#id_count", "2")
        elena.press("button[value=anyone]")
        assert elena.page.locator("form[action$='/approve/']").count() == 0
    with visitor(site, "hugo", **shape) as hugo:
        hugo.go(people)
        hugo.press("form[action$='/approve/'] button")
        hugo.press("a[href$='/print/']")
        hugo.press("form[action$='/print/'] button")
        codes = hugo.page.locator(".tickets b").all_inner_texts()
    assert len(set(codes)) == 2
    return codes


def _report_reaches_the_nation(
    site: Site, world: dict[str, str], visitor: Enter, carmen: Visitor, shape: dict[str, object]
) -> None:
    """The new sum stands on a control room that was open before, without a reload."""
    own, before, after = FIGURES[str(shape["language"])]
    with visitor(site, "hugo", **shape) as hugo:
        hugo.go("/control/")
        sum_of_nation = hugo.page.locator("#s2")
        expect(sum_of_nation).to_have_text(f"Envases buenos: {before}")
        hugo.page.evaluate("window.opened = 'once'")
        report(carmen, {"Envases buenos": own, "Personas presentes": "109"})
        expect(carmen.page.locator("main")).to_contain_text(own)
        expect(sum_of_nation).to_have_text(f"Envases buenos: {after}")
        assert hugo.page.evaluate("window.opened") == "once"
        hugo.check()
        hugo.go(f"/cordones/{world['cordon']}/")
        expect(hugo.page.locator("main")).to_contain_text(after)
        hugo.go(f"/workplaces/{world['workplace']}/")
        expect(hugo.page.locator("main")).to_contain_text(own)


def _call_and_stand(
    site: Site, world: dict[str, str], visitor: Enter, carmen: Visitor, shape: dict[str, object]
) -> str:
    """Elena calls the election of two delegates; Carmen and Pedro stand, Hugo is named and accepts."""
    with visitor(site, "elena", **shape) as elena:
        elena.go("/elections/")
        elena.press(f"main a[href='/elections/call/{world['assembly']}/']")
        elena.page.select_option("[name=body]", world["council"])
        elena.press("main form .btn--go")
        election = address_of(elena)
        elena.press(f"main a[href='{election}nominate/']")
        elena.page.fill("[name=q]", "Hugo")
        elena.press("main form[role=search] button")
        elena.press("main form:has([name=nominee]):not(:has([name=statement])) button")
    _stand(carmen, election)
    with visitor(site, "pedro", **shape) as pedro:
        _stand(pedro, election)
    with visitor(site, "hugo", **shape) as hugo:
        hugo.go("/")
        hugo.press(f"main .task a.btn[href='{election}']")
        hugo.press("form[action$='/accept/'] button")
        expect(hugo.page.locator("#h-c span")).to_have_text("3")
    return election


def _stand(person: Visitor, election: str) -> None:
    person.go(f"{election}nominate/")
    person.page.fill("[name=statement]", "Turnos claros y hornos en pie.")
    person.press("main form:has([name=statement]) .btn")


def _vote(person: Visitor, election: str, names: list[str]) -> str:
    """Mark, review, cast; the check code of the receipt."""
    person.go(election)
    person.press("main a[href^='/votes/']:visible >> nth=0")
    for name in names:
        person.page.get_by_label(name).check()
    person.press("main form .btn--go")
    assert sorted(person.page.locator(".order b").all_inner_texts()) == names  # the paper's order is drawn
    person.press("main form .btn--go")
    return person.page.locator(".code").inner_text()


def _stale_cast_is_refused(person: Visitor, election: str) -> None:
    """A page that was open since before the last cast cannot replace it."""
    person.go(election)
    person.press("main a[href^='/votes/']:visible >> nth=0")
    person.page.evaluate("document.querySelector('[name=replaces]').value = '1'")
    person.press("main form .btn--go")
    person.refused(409, lambda: person.page.click("main form .btn--go"))


def _result_is_published(person: Visitor, election: str, *, counted: str, replaced: str) -> None:
    person.go(election)
    rows = person.page.locator("section[aria-labelledby=h-re] tbody tr")
    found = [(row.locator("th").inner_text(), row.locator("td").first.inner_text()) for row in rows.all()]
    assert found == []  # five ballots: only who is elected is published
    seats = person.page.locator("section[aria-labelledby=h-e] li")
    expect(seats).to_have_count(2)
    expect(seats.nth(0)).to_contain_text("Carmen Soto")
    expect(seats.nth(1)).to_contain_text("Pedro Rojas")
    person.press("main a[href$='/codes/']")
    codes = person.page.locator("main .list li").all_inner_texts()
    assert len(codes) == 5
    assert counted in codes
    assert replaced not in codes
