"""A proposal where everything is moderated: returned, changed, admitted, voted; and a moderator's second factor."""

from __future__ import annotations

import base64
import hmac
import time

import pytest
from playwright.sync_api import expect

from tests.builders import PASSWORD
from tests.journeys.conftest import Enter, Site, Visitor
from tests.journeys.steps import address_of, cast_yes_or_no

pytestmark = pytest.mark.journey

VOTES = {"elena": "yes", "hugo": "no", "pedro": "yes", "rosa": "yes", "marta": "abstain"}


def test_proposal_is_returned_changed_admitted_and_adopted(site: Site, world: dict[str, str], visitor: Enter) -> None:
    site.operator("moderate_always")
    with visitor(site, "pedro") as pedro:
        proposal = _write(pedro, "Botas nuevas", "Se compran botas.")
        with visitor(site, "marta") as marta:
            recovery = _set_up_second_factor(marta, proposal)
            _decide(marta, proposal, "returned", "Falta decir cuántos pares.")
        pedro.go(proposal)
        expect(pedro.page.locator("main")).to_contain_text("Falta decir cuántos pares.")
        pedro.press(f"main a[href='{proposal}edit/']")
        pedro.page.fill("[name=text]", "Se compran **60 pares** de botas.")
        pedro.press("main form .btn--go")
        pedro.press("form[action$='/submit/'] button")
        pedro.go(f"{proposal}?since=1")
        expect(pedro.page.locator("ins").first).to_contain_text("60 pares")
        with visitor(site, "elena", width=1280) as elena:  # a demo account: exempt from the second factor
            elena.go("/")
            elena.press(f"main .task a.btn[href^='{proposal}']")
            _decide(elena, proposal, "admitted", "Se entiende y se puede votar.")
            pedro.go(proposal)
            expect(pedro.page.locator("main")).to_contain_text("Se entiende y se puede votar.")
            elena.press(f"main a[href='{proposal}convene/']")
            elena.page.fill("[name=days]", "3")
            elena.press("main form .btn--go")
            site.operator("open_vote")
        codes = []
        for username, answer in VOTES.items():
            with visitor(site, width=1280) as person:
                person.sign_in(username)
                if username == "marta":
                    person.page.fill("[name=code]", recovery)
                    person.press("main form .btn--go")
                codes.append(cast_yes_or_no(person, proposal, answer))
        site.operator("close_vote")
        pedro.go(proposal)
        expect(pedro.page.locator("#h-re")).to_have_text("Aprobada")
        key = pedro.page.locator("section[aria-labelledby=h-re] .key li b")
        assert key.all_inner_texts() == ["Sí 3", "No 1", "Abstención 1"]
        pedro.press("main a[href$='/codes/']")
        assert pedro.page.locator("main .list li").all_inner_texts() == sorted(codes)


def _write(pedro: Visitor, title: str, text: str) -> str:
    """Draft and submit; the address of the proposal."""
    pedro.go("/proposals/")
    pedro.press("main a[href='/proposals/new/']")
    pedro.page.fill("[name=title]", title)
    pedro.page.fill("[name=text]", text)
    pedro.press("button[name=preview]")
    expect(pedro.page.locator(".article")).to_have_text(text)
    pedro.press("main form .btn--go")
    pedro.press("form[action$='/submit/'] button")
    return address_of(pedro)


def _set_up_second_factor(marta: Visitor, proposal: str) -> str:
    """Asked for on the way to moderate; one of the recovery codes."""
    marta.go(f"{proposal}moderate/")
    assert address_of(marta) == "/account/second-factor/"
    marta.press("main a.btn--go")
    marta.page.fill("[name=password]", PASSWORD)
    marta.press("main form .btn--go")
    marta.page.fill("[name=code]", _totp(marta.page.locator(".code").inner_text()))
    marta.press("main form .btn--go")
    marta.go("/accounts/2fa/recovery-codes/")
    codes = marta.page.locator("ol.code li").all_inner_texts()
    assert len(set(codes)) == 10
    return codes[0]


def _decide(moderator: Visitor, proposal: str, verdict: str, reason: str) -> None:
    moderator.go(f"{proposal}moderate/")
    moderator.page.fill("[name=reason]", reason)
    moderator.press(f"button[value={verdict}]")
    assert address_of(moderator) == proposal


def _totp(secret: str) -> str:
    """The six digits that an authenticator shows now (RFC 6238), with some seconds left to send them."""
    while time.time() % 30 > 24:
        time.sleep(1)
    key = base64.b32decode(secret.strip())
    digest = hmac.digest(key, int(time.time() // 30).to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
