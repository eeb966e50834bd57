"""A workplace begins alone, from a phone: no cordón, no nation, and not a word of either."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site
from tests.journeys.steps import ENROLLED, enrol, report

pytestmark = pytest.mark.journey

FIGURES = [("Harina en bodega", "sacos"), ("Pan amasado", "kg"), ("Presentes", "personas")]


def test_workplace_starts_alone_and_a_second_person_reports(empty_site: Site, visitor: Enter) -> None:
    with visitor(empty_site) as juana:
        juana.go("/")
        juana.press("main a[href='/start/']")
        juana.page.fill("[name=name]", "Panadería La Espiga")
        juana.page.fill("[name=people]", "12")
        for number, (figure, unit) in enumerate(FIGURES, 1):
            juana.page.fill(f"[name=figure{number}]", figure)
            juana.page.fill(f"[name=unit{number}]", unit)
        for name, value in {
            "founder": "Juana Pérez",
            "username": "juana",
            "password": ENROLLED,
            "again": ENROLLED,
        }.items():
            juana.page.fill(f"[name={name}]", value)
        juana.press("main form .btn--go")
        codes = juana.page.locator(".tickets b").all_inner_texts()
        assert len(set(codes)) == 11
        with visitor(empty_site) as luis:
            for code in codes[:2]:  # scanned one after the other in one tab: the second changes only the fragment
                luis.go(f"/enrol/#{code}")
                expect(luis.page.locator("[name=code]")).to_have_value(code)
                assert luis.page.url == f"{empty_site.base}/enrol/"
            enrol(luis, codes[4], name="Luis Mella", username="luis")
            expect(luis.page.locator("h1")).to_contain_text("Panadería La Espiga")
            report(luis, {"Harina en bodega": "38", "Pan amasado": "412,5", "Presentes": "11"})
            expect(luis.page.locator("main")).to_contain_text("412,5")
        juana.go("/")
        expect(juana.page.locator("article.screen .val")).to_have_text(["38 sacos", "412,5 kg", "11 personas"])
        workplace = juana.page.get_attribute(".ladder a", "href")
        assert workplace is not None
        for path in (
            workplace,
            f"{workplace}people/",
            f"{workplace}figures/",
            "/report/",
            "/proposals/",
            "/proposals/new/",
            "/votes/",
            "/elections/",
            "/account/",
            "/",
        ):
            juana.go(path)
            expect(juana.page.locator(".ladder li")).to_have_count(1)
            words = juana.page.locator("main").inner_text().lower()
            assert [word for word in ("cordón", "cordones", "provincia", "país") if word in words] == [], path
        juana.go("/elections/")
        juana.press("main a[href^='/elections/call/']")
        expect(juana.page.locator("[name=body] option")).to_have_count(1)
        juana.refused(404, lambda: juana.page.goto(f"{empty_site.base}/control/"))
