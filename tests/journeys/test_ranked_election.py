"""An election by ranking, on a phone, from its call to its seats; with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of
from tests.journeys.world import CANDIDATES

pytestmark = pytest.mark.journey

FIRST, SECOND, THIRD = CANDIDATES[2], CANDIDATES[0], CANDIDATES[3]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_election_by_ranking_from_call_to_seats(
    site: Site, world: dict[str, str], visitor: Enter, script: bool
) -> None:
    candidate = site.operator("workers_who_rank")["candidates"][0]
    with visitor(site, "elena", script=script) as elena:
        elena.go("/elections/")
        elena.press(f"main a[href='/elections/call/{world['assembly']}/']")
        elena.page.select_option("[name=body]", world["council"])
        elena.press("main form .btn--go")
        election = address_of(elena)
        with visitor(site, candidate, script=script) as rosa:
            rosa.go(f"{election}nominate/")
            rosa.page.fill("[name=statement]", "Turnos claros y hornos en pie.")
            rosa.press("main form:has([name=statement]) .btn")
        site.operator("candidates_stand")
        elena.go(election)
        expect(elena.page.locator("#h-c span")).to_have_text("5")
        assert site.operator("close_nominations") == {"state": "voting"}

        replaced = _rank_and_cast(elena, election)
        code = _rank_and_cast(elena, election)
        assert code != replaced
        site.operator("others_vote")
        site.operator("close_vote")
        _result_is_published(elena, election, script=script)
        elena.press("main a[href$='/codes/']")
        codes = elena.page.locator("main .list li").all_inner_texts()
        assert len(codes) == 121
        assert code in codes
        assert replaced not in codes


def _rank_and_cast(person: Visitor, election: str) -> str:
    """One page, one review, one confirmation; the check code of the receipt."""
    page = person.page
    person.go(election)
    person.press("main a[href^='/votes/']:visible >> nth=0")
    expect(page.locator(".rank select")).to_have_count(5)
    for place, name in (("1", FIRST), ("3", SECOND), ("3", THIRD)):
        page.get_by_label(f"Lugar para {name}").select_option(place)
    person.refused(422, lambda: page.click("button[name=do][value=review]"))  # two at one place: nothing is lost
    assert page.get_by_label(f"Lugar para {FIRST}").input_value() == "1"
    page.get_by_label(f"Lugar para {THIRD}").select_option("5")
    person.press("button[name=do][value=order]")
    assert page.get_by_label(f"Lugar para {THIRD}").input_value() == "3"
    person.press("button[name=do][value=review]")
    names = page.locator(".order b")
    assert [text.splitlines()[-1] for text in names.all_inner_texts()] == [FIRST, SECOND, THIRD]
    person.press(".order li:nth-child(3) button[name=up]")
    assert [text.splitlines()[-1] for text in names.all_inner_texts()] == [FIRST, THIRD, SECOND]
    person.press("main form .btn--go")
    expect(page.locator("h1")).to_have_text("Tu voto está en la urna")
    return page.locator(".code").inner_text()


def _result_is_published(person: Visitor, election: str, *, script: bool) -> None:
    """Seats, the rounds, and the reader's own count where there is script."""
    page = person.page
    person.go(election)
    expect(page.locator("section[aria-labelledby=h-e] li")).to_have_count(2)
    assert page.locator("#h-tab ~ .scroll tbody tr").count() >= 5
    assert page.locator("section[aria-labelledby=h-say] li").count() >= 2
    recount = page.locator("[data-recount]")
    if script:
        expect(recount).to_have_attribute("data-said", "agrees")
        person.check()
    else:
        assert recount.get_attribute("data-said") is None
        expect(page.locator("main")).to_contain_text("verify_election")
