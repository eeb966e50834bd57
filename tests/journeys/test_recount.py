"""The reader's own count: recount.js in a real browser against the count of the server, and on the page of a result."""

from __future__ import annotations

import copy
import json
import random
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from councils.counting.blt import BltFile, read_blt
from councils.counting.lists import DIVISORS, count_lists, lists_record
from councils.counting.stv import Ranking, StvCount, count_stv
from tests.exports import parts, said
from tests.journeys.conftest import ROOT, Enter, Site

pytestmark = pytest.mark.journey
SCRIPT = ROOT / "councils/static/cordon/js/recount.js"
PUBLISHED = ROOT.parent / "shared" / "voting" / "blt.tar.gz"
#: Of the published wards: small and large ones, with long counts and with ties on the way.
WARDS = 40


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with the script."""
    context = browser.new_context()
    page = context.new_page()
    page.add_script_tag(path=str(SCRIPT))
    yield page
    context.close()


#: Grouped papers are spread out in the browser; BigInt has no JSON.
COUNT = """([ids, papers, seats, lots]) => {
  const spread = papers.flatMap(([ranking, n]) => Array.from({length: n}, () => ranking));
  return JSON.stringify(cordonRecount.stv(ids, spread, seats, lots), (_, v) => typeof v === "bigint" ? Number(v) : v);
}"""


def in_browser(
    page: Page, candidates: Sequence[int], papers: Mapping[Ranking, int], seats: int, lots: Sequence[int]
) -> dict[str, Any]:
    spread = [[[str(c) for c in ranking], n] for ranking, n in papers.items()]
    told = page.evaluate(COUNT, [[str(c) for c in candidates], spread, seats, [str(c) for c in lots]])
    found: dict[str, Any] = json.loads(told)
    return found


def as_told(count: StvCount) -> dict[str, Any]:
    """The count of the server in the words of the script."""
    stages = []
    for stage in count.stages:
        told: dict[str, Any] = {
            "happened": stage.happened,
            "totals": {str(c): n for c, n in stage.totals.items()},
            "exhausted": stage.exhausted,
            "cutOff": stage.cut_off,
            "elected": [str(c) for c in stage.elected],
        }
        if stage.choice:
            told["candidate"] = str(stage.choice.candidate)
            if stage.choice.settled:
                among = [str(c) for c in stage.choice.among]
                told["tie"] = {"among": among, "settled": stage.choice.settled, "stage": stage.choice.stage}
        stages.append(told)
    return {
        "valid": count.valid,
        "quota": count.quota,
        "elected": [str(c) for c in count.elected],
        "excluded": [str(c) for c in count.excluded],
        "stages": stages,
        "tied": [str(c) for c in count.tied],
        "tiedFor": count.tied_for,
    }


def wards() -> list[BltFile]:
    with tarfile.open(PUBLISHED) as archive:
        files = [m for m in archive.getmembers() if m.name.endswith(".blt")]
        files = sorted(files, key=lambda m: m.name)[:: max(1, len(files) // WARDS)]
        return [read_blt(archive.extractfile(m).read().decode()) for m in files]  # type: ignore[union-attr]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published counts are not beside the checkout")
def test_wards_are_counted_as_the_server_does(page: Page) -> None:
    for ward in wards():
        told = in_browser(page, ward.candidates, ward.papers, ward.seats, ())
        expected = count_stv(candidates=ward.candidates, papers=ward.papers, seats=ward.seats)
        assert told == as_told(expected), ward.title


CASES: list[tuple[str, int, dict[Ranking, int], int, tuple[int, ...]]] = [
    ("nobody votes", 3, {}, 1, ()),
    ("blank papers alone", 3, {(): 4}, 1, ()),
    ("as many candidates as seats", 2, {(1,): 5}, 2, ()),
    ("fewer candidates than seats", 2, {(1, 2): 5}, 3, ()),
    ("exclusion tie settled by looking back", 4, {(1,): 7, (2,): 3, (3,): 2, (4, 3): 1, (1, 2): 1}, 1, ()),
    ("exclusion tie by lot", 3, {(1,): 5, (2,): 4, (3,): 4}, 1, (2, 3, 1)),
    ("exclusion tie that nothing settles", 3, {(1,): 5, (2, 1): 4, (3, 2): 4}, 1, ()),
    ("tie that makes no difference", 4, {(1,): 9, (2,): 3}, 1, ()),
    ("two without a vote, two seats", 5, {(1,): 9, (2,): 8, (3,): 1}, 2, ()),
    ("ten without a vote", 13, {(1, 2): 9, (2,): 8, (3, 1): 1}, 2, ()),
    ("four without a vote, some of whom a lot names", 6, {(1, 2): 9, (2,): 8}, 1, (5, 3)),
    ("surplus tie", 4, {(1, 3): 6, (2, 4): 6, (3,): 2, (4,): 1}, 2, ()),
    ("surplus tie by lot", 5, {(1, 3): 6, (2, 4): 6, (3,): 2, (4,): 2}, 3, (5, 4, 3, 2, 1)),
    ("all equal", 4, {(1,): 2, (2,): 2, (3,): 2, (4,): 2}, 2, ()),
    ("lot that names too few", 3, {(1,): 5, (2,): 4, (3,): 4}, 2, (2,)),
    ("parts cut off", 5, {(1, 2, 3): 10, (1, 4): 7, (2,): 3, (3,): 4, (5, 1): 2}, 3, ()),
]


@pytest.mark.parametrize(("candidates", "papers", "seats", "lots"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_hand_made_counts_agree(
    page: Page, candidates: int, papers: dict[Ranking, int], seats: int, lots: tuple[int, ...]
) -> None:
    numbers = range(1, candidates + 1)
    expected = count_stv(candidates=numbers, papers=papers, seats=seats, lots=lots)
    assert in_browser(page, numbers, papers, seats, lots) == as_told(expected)


def test_random_small_counts_with_their_ties_agree(page: Page) -> None:
    chance = random.Random(1973)
    for _case in range(400):
        n, seats = chance.randint(2, 6), chance.randint(1, 3)
        numbers, named = list(range(1, n + 1)), chance.randint(1, n)
        papers: dict[Ranking, int] = {}
        for _paper in range(chance.randint(1, 8)):
            ranking = tuple(chance.sample(numbers[:named], chance.randint(1, named)))
            papers[ranking] = papers.get(ranking, 0) + chance.randint(1, 4)
        lots = chance.sample(numbers, chance.choice([0, 0, n, chance.randint(0, n)]))
        expected = as_told(count_stv(candidates=numbers, papers=papers, seats=seats, lots=lots))
        assert in_browser(page, numbers, papers, seats, lots) == expected, (numbers, papers, seats, lots)


def test_random_lists_with_their_ties_agree(page: Page) -> None:
    chance = random.Random(1921)
    for _case in range(400):
        n, seats, method = chance.randint(1, 12), chance.randint(1, 9), chance.choice(list(DIVISORS))
        ids = [str(i) for i in range(1, n + 1)]
        votes, people = {id: chance.randint(0, 6) for id in ids}, {id: chance.randint(1, 4) for id in ids}
        lots = chance.sample(ids, chance.choice([0, n, chance.randint(0, n)]))
        papers = [[id] for id in ids for _paper in range(votes[id])]
        told = page.evaluate(
            "(given) => cordonRecount.lists(...given)",
            [ids, people, papers, seats, lots, method],
        )
        found = count_lists(votes, people=people, seats=seats, method=method, lots=lots)
        record = lists_record(found, method)
        assert told == {
            "votes": votes,
            "elected": [award.name for award in found.awards],
            "tied": list(found.tied),
            "stages": [[stage["list"], stage["divisor"]] for stage in record["stages"]],
            "byLot": record["by_lot"],
            "open": record["open_seats"],
        }, (votes, people, seats, lots, method)


METHODS = ["yes_no", "approval", "plurality", "stv", "dhondt", "sainte_lague"]


def differing(page: Page, told: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate("file => cordonRecount.recount(file)", told)
    return found


@pytest.mark.parametrize("method", METHODS)
def test_a_sound_file_agrees(page: Page, method: str) -> None:
    chance = random.Random(3)
    for size in (100, 120, 150):
        lots = chance.sample(["1", "2", "3", "4", "5"], 5) if method != "yes_no" else []
        assert differing(page, parts(method, said(method, size, chance), lots=lots)) == []


@pytest.mark.parametrize("method", ["approval", "plurality", "stv"])
def test_who_follows_the_elected_agrees(page: Page, method: str) -> None:
    chance = random.Random(5)
    for _case in range(20):
        lots = chance.sample(["1", "2", "3", "4", "5"], chance.choice([0, 5]))
        most, size = chance.randint(1, 4), chance.randint(100, 130)
        told = parts(method, said(method, size, chance), lots=lots, substitutes=most)
        assert differing(page, told) == []
        if told["result"]["outcome"] == "elected":
            next(iter(told["result"]["substitutes"].values())).append("9")
            assert differing(page, told) == ["substitutes"]


@pytest.mark.parametrize("lots", [[], ["3", "2", "1", "4", "5"]])
def test_marks_tied_for_the_last_place_agree(page: Page, lots: list[str]) -> None:
    told = parts("approval", [["1"]] * 40 + [["2"]] * 30 + [["3"]] * 30, lots=lots)
    assert told["result"]["tied"] == ([] if lots else ["2", "3"])
    assert differing(page, told) == []


@pytest.mark.parametrize("method", METHODS)
def test_another_ballot_is_another_result(page: Page, method: str) -> None:
    told = parts(method, said(method, 120, random.Random(3)))
    first = next(b for b in told["ballots"] if b["marks"] not in (["no"], ["4"], []))
    first["marks"] = ["no"] if method == "yes_no" else ["4"]
    assert "tally" in differing(page, told)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda told: told["result"]["elected"].reverse(), "elected"),
        (lambda told: told["result"]["count"]["stages"][-1].update(exhausted=1), "stages"),
        (lambda told: told["result"]["count"].update(quota=9), "quota"),
        (lambda told: told["ballots"].append(copy.deepcopy(told["ballots"][0])), "present"),
        (lambda told: told["ballots"][0].update(marks=["1", "1"]), "ballots"),
    ],
)
def test_a_changed_result_is_found(page: Page, change: Any, found: str) -> None:
    told = parts("stv", [["1", "2"]] * 60 + [["3", "2"]] * 40 + [["2"]] * 20)
    change(told)
    assert found in differing(page, told)


# --- on the page of a result -------------------------------------------------------------------------------


def test_result_page_recounts_and_says_so(site: Site, visitor: Enter, tmp_path: Path) -> None:
    election = site.operator("ranked_election")["election"]
    with visitor(site, "elena") as elena:
        elena.go(election)
        said_there = elena.page.locator("[data-recount]")
        expect(said_there).to_have_attribute("data-said", "agrees")
        expect(said_there).to_have_text(str(said_there.get_attribute("data-agrees")))
        elena.check()
        assert elena.page.locator("#h-tab ~ .scroll tbody tr").count() == 6
        with elena.page.expect_download() as download:
            elena.page.click(f"main a[href='{election}export/']")
        file = tmp_path / "vote.json"
        download.value.save_as(file)
        fingerprint = elena.page.locator("section[aria-labelledby=h-re] b.num").inner_text()
    site.command("manage.py", "verify_election", str(file), "--fingerprint", fingerprint)
    with visitor(site, "elena", width=1280, language="en") as elena:
        told = json.loads(file.read_bytes())
        told["result"]["elected"].reverse()
        elena.page.route("**/export/", lambda route: route.fulfill(json=told))
        elena.go(election)
        expect(elena.page.locator("[data-recount]")).to_have_attribute("data-said", "differs")
        elena.page.unroute("**/export/")
    with visitor(site, "elena", script=False) as elena:
        elena.go(election)
        assert elena.page.locator("[data-recount][data-said]").count() == 0
        expect(elena.page.locator("main")).to_contain_text("verify_election")
