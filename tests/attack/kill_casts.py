"""Two thousand electors cast once each while web, worker, timetable, Redis and PostgreSQL are killed at random.

Each sends her vote, and where no answer comes sends it again, as a person would: 201 shows the check code,
409 says that the first one is in the urn. Then the vote closes, killed on, and is counted.
"""

from __future__ import annotations

import collections
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.attack.harness import say
from tests.attack.kill import aftermath
from tests.attack.site import PARTS, Site, site
from tests.services.conftest import wait_until

ELECTORS = 2000
WRITERS = 6
CODE = re.compile(r'<p class="code">([^<]+)</p>')
#: Seconds that one elector goes on trying; in which the count must be declared.
PATIENCE = 90.0
COUNT = 240.0


@dataclass
class Book:
    """What the electors were told, by their number."""

    codes: dict[int, str] = field(default_factory=dict)  # acknowledged with a receipt
    already: set[int] = field(default_factory=set)  # no answer to the first, 409 to the second
    unanswered: set[int] = field(default_factory=set)
    answers: collections.Counter[str] = field(default_factory=collections.Counter)


def attack(engine: str, *, electors: int = ELECTORS) -> bool:
    """Whether each acknowledged vote is among the published ones, once, and there is none that nobody cast."""
    with site(engine) as place:
        world = place.busy("electors", str(electors))
        place.serve()
        book, killer = Book(), Killer(place)
        killer.start()
        _cast_all(place, world, book)
        closes = _until_it_answers(lambda: place.busy("close", world["poll"]))["closes"]
        killer.rest(20)
        killer.end()
        declared = wait_until(lambda: place.busy("counted", world["poll"])["state"] == "declared", COUNT)
        found = place.busy("counted", world["poll"])
        say(f"kills {dict(killer.kills)} longest outage {killer.longest:.1f} s answers {dict(book.answers)}")
        say(f"closed {closes}, {'declared' if declared else 'state ' + found['state']}")
        return _judge(book, found) & aftermath(place)


class Killer(threading.Thread):
    """Kills one part after another, and starts it again at once."""

    def __init__(self, place: Site) -> None:
        super().__init__(daemon=True)
        self._place, self._end, self._random = place, threading.Event(), random.Random(1)
        self.kills: collections.Counter[str] = collections.Counter()
        self.longest = 0.0

    def run(self) -> None:
        while not self._end.wait(self._random.uniform(1.0, 5.0)):
            name = self._random.choice(PARTS)
            begun = time.monotonic()
            self._place.kill(name)
            self._place.start(name)
            self.kills[name] += 1
            wait_until(self._place.answers, 60)
            self.longest = max(self.longest, time.monotonic() - begun)

    def rest(self, seconds: float) -> None:
        """Let it go on for so long."""
        self._end.wait(seconds)

    def end(self) -> None:
        self._end.set()
        self.join()


def _until_it_answers(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """An operator whose command met a dead database gives it again."""
    for _attempt in range(10):
        try:
            return act()
        except RuntimeError:
            time.sleep(1)
    return act()


def _cast_all(place: Site, world: dict[str, Any], book: Book) -> None:
    waiting = list(enumerate(world["cookies"]))
    random.Random(2).shuffle(waiting)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                number, cookies = waiting.pop()
            _cast(f"{place.base}/votes/{world['poll']}/cast/", number, cookies, book, lock)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cast(url: str, number: int, cookies: dict[str, str], book: Book, lock: threading.Lock) -> None:
    """One elector: her vote, again and again until something answers."""
    paper = {"choice": ("yes", "no", "abstain")[number % 3], "csrfmiddlewaretoken": cookies["csrftoken"]}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            answer = httpx.post(url, data=paper, cookies=cookies, timeout=10, trust_env=False)
        except httpx.HTTPError as e:
            with lock:
                book.answers[type(e).__name__] += 1
            time.sleep(0.1)
            continue
        with lock:
            book.answers[str(answer.status_code)] += 1
            if answer.status_code == 201:
                shown = CODE.search(answer.text)
                book.codes[number] = shown.group(1).replace("-", "") if shown else ""
            elif answer.status_code == 409:
                book.already.add(number)
        if answer.status_code in (201, 409):
            return
        time.sleep(0.1)
    with lock:
        book.unanswered.add(number)


def _judge(book: Book, found: dict[str, Any]) -> bool:
    published, told = collections.Counter(found["codes"]), collections.Counter(book.codes.values())
    acknowledged, ballots = len(book.codes.keys() | book.already), found["ballots"]
    faults = {
        "acknowledged votes lost": len(told.keys() - published.keys()),
        "codes published twice": sum(n > 1 for n in published.values()),
        "codes shown twice": sum(n > 1 for n in told.values()),
        "acknowledged electors without a ballot": max(0, acknowledged - ballots),
        "ballots of electors who were not told so": max(0, ballots - acknowledged - len(book.unanswered)),
        "marks of who voted kept after the declaration": found["marked"],
        "codes more or fewer than ballots": abs(found["ballots"] - sum(published.values())),
        "results that differ from the ballots": int(found["result"].get("present", -1) != found["ballots"]),
    }
    say(
        f"roll {found['roll']}, receipts {len(book.codes)}, told already counted {len(book.already)}, "
        f"unanswered {len(book.unanswered)}, ballots {found['ballots']}, codes {sum(published.values())}"
    )
    for name, number in faults.items():
        if number:
            say(f"FAULT {name}: {number}")
    return not any(faults.values())
