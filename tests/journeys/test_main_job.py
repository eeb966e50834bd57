"""The main job, end to end: enrol with a code → report → nominate → vote → result → the nation's figure."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

ENROLLED = "palabra puerta horno vidrio"


@pytest.mark.parametrize(("width", "language"), [(360, "es"), (1280, "en")])
def test_worker_enrols_reports_votes_and_the_nation_sees_it(site, visitor, width, language):
    people = f"/workplaces/{site.world['workplace']}/people/"
    shape = {"width": width, "language": language}

    # two people of the committee: one asks for codes, the other approves and prints
    with visitor(**shape) as elena:
        elena.sign_in("elena")
        elena.go(people)
        elena.page.fill("#id_count", "2")
        elena.press("button[value=anyone]")
    with visitor(**shape) as hugo:
        hugo.sign_in("hugo")
        hugo.go(people)
        hugo.press("form[action$='/approve/'] button")
        hugo.go(people)
        hugo.press("form[action$='/print/'] button")
        codes = hugo.page.locator(".tickets b").all_inner_texts()
    assert len(codes) == 2
    assert len(set(codes)) == 2

    with visitor(**shape) as carmen:
        carmen.go("/enrol/")
        carmen.page.fill("[name=code]", codes[0])
        carmen.press("main form .btn--go")
        carmen.page.fill("[name=name]", "Carmen Soto")
        carmen.press("main form .btn--go")
        carmen.page.fill("[name=username]", "carmen")
        carmen.page.fill("[name=password]", ENROLLED)
        carmen.page.fill("[name=again]", ENROLLED)
        carmen.press("main form .btn--go")
        carmen.go("/")
        expect(carmen.page.locator("h1")).to_contain_text("Cristalerías de Chile")
        _report_reaches_the_control_room(site, visitor, carmen, shape)

        # elena calls the election of the delegates; carmen stands, and so does pedro
        with visitor(**shape) as elena:
            elena.sign_in("elena")
            elena.go(f"/elections/call/{site.world['assembly']}/")
            elena.page.select_option("[name=body]", site.world["council"])
            elena.press("main form .btn--go")
            election = re.search(r"/elections/([0-9a-f-]{36})/", elena.page.url)[1]
        for who in (carmen, None):
            if who is not None:
                who.go(f"/elections/{election}/nominate/")
                who.press("main form:has([name=statement]) .btn")
        for username in ("pedro", "hugo"):
            with visitor(**shape) as other:
                other.sign_in(username)
                other.go(f"/elections/{election}/nominate/")
                other.press("main form:has([name=statement]) .btn")
        assert site.operator("close_nominations")["election"] == election

        # everyone votes; carmen changes her mind once
        code = _vote(carmen, election, ["Carmen Soto"])
        again = _vote(carmen, election, ["Carmen Soto", "Pedro Rojas"])
        assert code != again
        for username in ("pedro", "hugo", "elena"):
            with visitor(**shape) as other:
                other.sign_in(username)
                _vote(other, election, ["Carmen Soto"])

        # the close, the count, the seats
        results = site.operator("close_vote")["results"]
        assert [r["outcome"] for r in results] == ["elected"] or results[0]["outcome"] == "tie"
        carmen.go(f"/elections/{election}/")
        expect(carmen.page.locator("main")).to_contain_text("Carmen Soto")


def _report_reaches_the_control_room(site, visitor, carmen, shape):
    with visitor(**shape) as hugo:
        hugo.sign_in("hugo")
        hugo.go("/control/")
        before = hugo.page.locator("main").inner_text()
        carmen.go("/report/")
        fields = carmen.page.locator(".fig input")
        expect(fields).to_have_count(2)
        fields.nth(0).fill("412,5" if shape["language"] == "es" else "412.5")
        fields.nth(1).fill("109")
        carmen.press("main form .btn--go.btn--wide")
        carmen.check()
        # no reload: the open page hears of it
        hugo.page.wait_for_function(
            "before => document.querySelector('main').innerText !== before", arg=before, timeout=15000
        )
        whole = "1.2" if shape["language"] == "es" else "1,2"
        expect(hugo.page.locator("main")).to_contain_text(whole)
        hugo.check()


def _vote(person, election, names):
    person.go(f"/elections/{election}/")
    person.press("main a[href^='/votes/']:visible >> nth=0")
    for box in person.page.locator("[name=marks]:checked").all():
        box.uncheck()
    for name in names:
        person.page.get_by_label(name).check()
    person.press("main form .btn--go")
    person.press("main form .btn--go")
    return person.page.locator(".code").inner_text()


def test_sign_in_report_and_vote_work_without_javascript(site, visitor):
    with visitor(script=False) as pedro:
        pedro.sign_in("pedro")
        pedro.go("/report/")
        pedro.page.locator(".fig input").nth(0).fill("405")
        pedro.page.locator(".fig input").nth(1).fill("108")
        pedro.press("main form .btn--go.btn--wide")
        expect(pedro.page.locator("main")).to_contain_text("405")
        # a proposal: under 100 people it goes straight to the assembly, whose committee puts it to the vote
        pedro.go("/proposals/new/")
        pedro.page.fill("[name=title]", "Botas nuevas para Hornos")
        pedro.page.fill("[name=text]", "Se compran **60 pares**.")
        pedro.press("main form .btn--go")
        if "/edit/" in pedro.page.url or pedro.page.locator("form[action$='/submit/']").count():
            pedro.press("form[action$='/submit/'] button")
        proposal = re.search(r"/proposals/([0-9a-f-]{36})/", pedro.page.url)[1]
    with visitor(script=False) as hugo:
        hugo.sign_in("hugo")
        hugo.go(f"/proposals/{proposal}/convene/")
        hugo.page.fill("[name=hours]", "24")
        hugo.press("main form .btn--go")
        hugo.go(f"/proposals/{proposal}/")
        hugo.press("button[value=yes]")
        code = hugo.page.locator(".code").inner_text()
    assert code
    site.operator("close_vote")
    with visitor(script=False) as elena:
        elena.sign_in("elena")
        elena.go(f"/proposals/{proposal}/")
        assert elena.page.locator("main").inner_text()
