"""A vote whose key three scrutineers hold: shares are printed, the drill is done, two of them open the urn."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of, cast_yes_or_no

pytestmark = pytest.mark.journey

HOLDERS = ("Pedro Rojas", "Rosa Marín", "Marta Ulloa")


def test_two_of_three_scrutineers_open_the_urn(site: Site, visitor: Enter) -> None:
    site.operator("key_of_three")
    with visitor(site, "pedro") as pedro, visitor(site, "elena") as elena, visitor(site, "hugo", script=False) as hugo:
        proposal = _convened(pedro, hugo)
        site.operator("open_vote")
        elena.go(proposal)
        key = elena.page.locator("main a[href$='/key/']").first.get_attribute("href")
        assert key is not None  # it waits for the drill
        shares = _print(elena, key)
        assert elena.page.locator("main form[action$='/drill/']").count() == 0  # not by her who had them printed
        hugo.go(key)
        hugo.refused(422, lambda: _type(hugo, "drill", [shares[0], shares[0]]))
        _type(hugo, "drill", shares[:2])
        hugo.check()
        site.operator("open_vote")
        codes = [cast_yes_or_no(person, proposal, answer) for person, answer in ((hugo, "no"), (elena, "yes"))]
        codes += [cast_yes_or_no(pedro, proposal, "yes")]
        site.operator("close_vote")
        pedro.go(proposal)
        expect(pedro.page.locator("main")).not_to_contain_text("Aprobada")  # no key, no count
        pedro.go(key)
        _type(pedro, "unlock", [shares[2], shares[0]])
        pedro.check()
        site.operator("close_vote")
        pedro.go(proposal)
        expect(pedro.page.locator("#h-re")).to_have_text("Aprobada")
        pedro.press("main a[href$='/codes/']")
        assert pedro.page.locator("main .list li").all_inner_texts() == sorted(codes)


def _convened(pedro: Visitor, hugo: Visitor) -> str:
    """A proposal of Pedro's that Hugo puts to the vote."""
    pedro.go("/proposals/new/")
    pedro.page.fill("[name=title]", "Botas nuevas")
    pedro.page.fill("[name=text]", "Se compran 60 pares.")
    pedro.press("main form .btn--go")
    pedro.press("form[action$='/submit/'] button")
    proposal = address_of(pedro)
    hugo.go(f"{proposal}convene/")
    hugo.page.fill("[name=days]", "3")
    hugo.press("main form .btn--go")
    return proposal


def _print(elena: Visitor, key: str) -> list[str]:
    """A paper for each of the three, shown once."""
    elena.go(key)
    for n, name in enumerate(HOLDERS, 1):
        elena.page.select_option(f"[name=person_{n}]", label=name)
    elena.press("form[action$='/shares/'] button")
    shares = elena.page.locator(".papers .share").all_inner_texts()
    assert elena.page.locator(".papers h2").all_inner_texts() == list(HOLDERS)
    assert len(set(shares)) == 3
    elena.press("main a.btn--go")
    expect(elena.page.locator(".papers")).to_have_count(0)
    return shares


def _type(person: Visitor, act: str, shares: list[str]) -> None:
    """At one sitting."""
    for n, share in enumerate(shares, 1):
        person.page.fill(f"form[action$='/{act}/'] [name=share_{n}]", share)
    with person.page.expect_navigation():
        person.page.click(f"form[action$='/{act}/'] button")
