"""The essential acts from a browser that runs no script: sign in, report, propose, vote."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site
from tests.journeys.steps import address_of, cast_yes_or_no, report

pytestmark = pytest.mark.journey


def test_sign_in_report_and_vote_work_without_script(site: Site, world: dict[str, str], visitor: Enter) -> None:
    with visitor(site, "pedro", script=False) as pedro:
        report(pedro, {"Envases buenos": "405,25", "Personas presentes": "108"})
        # an odd figure is asked about, on a page of its own, and sent all the same
        expect(pedro.page.locator("legend b, legend span").first).to_contain_text("108")
        pedro.press("main form .btn--go.btn--wide")
        expect(pedro.page.locator("main")).to_contain_text("405,25")
        pedro.go("/proposals/new/")
        pedro.page.fill("[name=title]", "Botas nuevas para Hornos")
        pedro.page.fill("[name=text]", "1. Se compran **60 pares**.\n2. Antes del invierno.")
        pedro.press("main form .btn--go")
        pedro.press("form[action$='/submit/'] button")
        proposal = address_of(pedro)
        expect(pedro.page.locator(".article li")).to_have_count(2)
    with visitor(site, "hugo", script=False) as hugo:
        hugo.go("/control/")
        expect(hugo.page.locator("#s2")).to_have_text("Envases buenos: 1.605,25 miles")
        hugo.go(f"{proposal}convene/")
        hugo.page.fill("[name=days]", "3")
        hugo.press("main form .btn--go")
        site.operator("open_vote")
        codes = [cast_yes_or_no(hugo, proposal, "no"), cast_yes_or_no(hugo, proposal, "yes")]
    for username, answer in (("pedro", "yes"), ("rosa", "no")):
        with visitor(site, username, script=False) as person:
            codes.append(cast_yes_or_no(person, proposal, answer))
    site.operator("close_vote")
    with visitor(site, "elena", script=False) as elena:
        elena.go(proposal)
        expect(elena.page.locator("#h-re")).to_have_text("Aprobada")  # two to one; three ballots: no totals
        expect(elena.page.locator("section[aria-labelledby=h-re] .key")).to_have_count(0)
        elena.press("main a[href$='/codes/']")
        assert elena.page.locator("main .list li").all_inner_texts() == sorted(codes[1:])
