"""Three hundred sign in from the one address of their factory and vote, while others flood the sign-in page.

One flood comes from elsewhere and guesses at their very accounts; one from their own address and guesses at names
that nobody has. The site stands behind a proxy, whose header says where each comes from.
"""

from __future__ import annotations

import collections
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.attack.harness import say
from tests.attack.site import Site, site

ELECTORS, SECONDS = 300, 300.0
FACTORY, ELSEWHERE = "10.1.2.3", "203.0.113.9"
#: Each of these sends one wrong password after another.
FLOODERS = 2
SIGN_IN = "/accounts/login/"


def attack(engine: str, *, electors: int = ELECTORS, seconds: float = SECONDS) -> bool:
    """Whether every one of them gets in at the first try, and votes."""
    with site(engine) as place:
        place.environment["CORDON_PROXIES"] = "1"
        world = place.busy("electors", str(electors))
        password = place.busy("passwords")["password"]
        place.serve()
        flood = [Flood(place, address, name) for address, name in ((ELSEWHERE, "elector{}"), (FACTORY, "nadie{}"))]
        threads = [threading.Thread(target=one.run, args=(electors,), daemon=True) for one in flood * FLOODERS]
        for thread in threads:
            thread.start()
        begun = time.monotonic()

        def come(number: int) -> tuple[str, float]:
            time.sleep(max(0.0, begun + number * seconds / electors - time.monotonic()))
            since = time.monotonic()
            said = _sign_in_and_vote(place, world["poll"], f"elector{number}", password)
            return said, time.monotonic() - since

        with ThreadPoolExecutor(40) as crowd:
            answers = list(crowd.map(come, range(electors)))
        took = time.monotonic() - begun
        for one in flood:
            one.over.set()
        for thread in threads:
            thread.join()
        said, voted = collections.Counter(what for what, _took in answers), place.busy("voted", world["poll"])["voted"]
        each = [took for _what, took in answers]
        for one in flood:
            say(f"flood from {one.address}: {sum(one.answers.values())} attempts, answers {dict(one.answers)}")
        say(
            f"{electors} from one address in {took:.0f} s: {dict(said)}; each took {statistics.median(each):.1f} s "
            f"(the slowest {max(each):.1f}); {voted} envelopes"
        )
        return said == {"voted": electors} and voted == electors


def _sign_in_and_vote(place: Site, poll: str, username: str, password: str) -> str:
    """``voted``, or where it ended."""
    with httpx.Client(base_url=place.base, headers={"X-Forwarded-For": FACTORY}, timeout=60, trust_env=False) as one:
        token = one.get(SIGN_IN).cookies["csrftoken"]
        sent: dict[str, Any] = {"login": username, "password": password, "csrfmiddlewaretoken": token}
        answer = one.post(SIGN_IN, data=sent)
        if answer.status_code != 302:
            return f"sign-in {answer.status_code}"
        paper = {"choice": "yes", "csrfmiddlewaretoken": one.cookies["csrftoken"]}
        answer = one.post(f"/votes/{poll}/cast/", data=paper)
        return "voted" if answer.status_code == 201 else f"cast {answer.status_code}"


class Flood:
    """Wrong passwords as fast as they are answered, from one address."""

    def __init__(self, place: Site, address: str, username: str) -> None:
        self.address, self.over = address, threading.Event()
        self.answers: collections.Counter[int] = collections.Counter()
        self._place, self._username = place, username

    def run(self, names: int) -> None:
        headers, number = {"X-Forwarded-For": self.address}, 0
        with httpx.Client(base_url=self._place.base, headers=headers, timeout=60, trust_env=False) as one:
            token = one.get(SIGN_IN).cookies["csrftoken"]
            while not self.over.is_set():
                number += 1
                login = self._username.format(number % names)
                sent = {"login": login, "password": f"adivino {number}", "csrfmiddlewaretoken": token}
                self.answers[one.post(SIGN_IN, data=sent).status_code] += 1
