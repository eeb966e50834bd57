"""A recall, from its call to the vacancy that somebody else fills."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of

pytestmark = pytest.mark.journey

VOTES = {"pedro": "yes", "rosa": "yes", "elena": "yes", "hugo": "no"}


def test_recall_from_call_to_vacancy_filled(site: Site, world: dict[str, str], visitor: Enter) -> None:
    seat = site.operator("recall_by_two")["seat"]
    with visitor(site, "pedro") as pedro:
        pedro.go(f"{seat}recall/")
        pedro.page.fill("[name=reason]", "No rinde cuentas desde abril.")
        pedro.press("main form .btn--go")
        recall = address_of(pedro)
        with visitor(site, "hugo") as hugo:
            hugo.go(recall)
            hugo.page.fill("[name=answer]", "Rendí cuentas en mayo.")
            hugo.press("form[action$='/answer/'] button")
            expect(hugo.page.locator("main")).not_to_contain_text("Pedro Rojas")
        with visitor(site, "rosa", script=False) as rosa:
            rosa.go(recall)
            expect(rosa.page.locator("main")).to_contain_text("Rendí cuentas en mayo.")
            rosa.press("form[action$='/support/'] button")  # the second of two: the vote opens
        for username, answer in VOTES.items():
            with visitor(site, username) as person:
                person.go(recall)
                person.press(f"button[name=choice][value={answer}]:visible >> nth=0")
                assert person.page.locator(".code").inner_text()
        site.operator("close_vote")
        pedro.go(recall)
        expect(pedro.page.locator("#h-re")).to_have_text("Aprobada")
        election = _fill_the_vacancy(site, world, visitor, pedro)
        for username in ("pedro", "rosa", "elena"):
            with visitor(site, username) as person:
                _mark(person, election, "Rosa Marín")
        site.operator("close_vote")
        pedro.go(election)
        seats = pedro.page.locator("section[aria-labelledby=h-e] li")
        expect(seats).to_have_count(1)
        expect(seats).to_contain_text("Rosa Marín")
        pedro.go(f"/bodies/{world['assembly']}/log/")
        expect(pedro.page.locator("main")).to_contain_text("Hugo Tapia")
    with visitor(site, "rosa") as rosa:
        rosa.go(f"/workplaces/{world['workplace']}/people/")
        expect(rosa.page.locator("#id_count")).to_be_visible()  # what the committee does is hers to do now
    with visitor(site, "hugo") as hugo:
        hugo.go(f"/workplaces/{world['workplace']}/people/")
        expect(hugo.page.locator("#id_count")).to_have_count(0)


def _fill_the_vacancy(site: Site, world: dict[str, str], visitor: Enter, pedro: Visitor) -> str:
    """Elena of the committee calls a by-election; Rosa stands."""
    with visitor(site, "elena") as elena:
        elena.go("/elections/")
        elena.press("main a[href^='/elections/call/']:visible >> nth=0")
        elena.page.select_option("[name=body]", world["committee"])
        if not elena.page.locator("[name=vacancies_only]").is_checked():
            elena.page.check("[name=vacancies_only]")
        elena.press("main form .btn--go")
        election = address_of(elena)
    with visitor(site, "rosa", script=False) as rosa:
        rosa.go(f"{election}nominate/")
        rosa.page.fill("[name=statement]", "Cuentas cada viernes.")
        rosa.press("main form:has([name=statement]) .btn")
    assert site.operator("close_nominations") == {"state": "voting"}
    return election


def _mark(person: Visitor, election: str, name: str) -> None:
    person.go(election)
    person.press("main a[href^='/votes/']:visible >> nth=0")
    person.page.get_by_label(name).check()
    person.press("main form .btn--go")
    person.press("main form .btn--go")
    assert person.page.locator(".code").inner_text()
