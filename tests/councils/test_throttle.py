"""Slowing down whoever guesses, without locking anyone out. The clock is moved, never waited for."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from councils import throttle
from councils.errors import TooMany
from councils.models import Member
from tests import builders
from tests.builders import NOW, PASSWORD

FACTORY = "200.1.2.3"
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
    cache.clear()


def sign_in(client: Client, login: str, password: str = PASSWORD, address: str = FACTORY) -> int:
    """The status of one attempt: 302 in, 200 wrong, 429 wait."""
    data = {"login": login, "password": password}
    return client.post(reverse("account_login"), data, REMOTE_ADDR=address).status_code


def flood(login: str, times: int = 6, address: str = FACTORY) -> list[int]:
    return [sign_in(Client(), login, "wrong", address) for _ in range(times)]


def test_throttle_makes_a_pair_wait_after_five_failures(cast) -> None:
    assert flood("carmen", 7) == [200] * 5 + [429] * 2


def test_throttle_says_how_long_to_wait(cast, clock: time_machine.Traveller) -> None:
    flood("carmen", 5)
    clock.shift(dt.timedelta(minutes=2))
    answer = Client().post(reverse("account_login"), {"login": "carmen", "password": "x"}, REMOTE_ADDR=FACTORY)
    assert (answer.status_code, answer["Retry-After"]) == (429, "180")
    assert "Esperar 3 minutos" in answer.content.decode()


def test_throttle_ends_with_its_window(cast, clock: time_machine.Traveller) -> None:
    flood("carmen")
    clock.shift(throttle.WINDOW + dt.timedelta(seconds=1))
    assert sign_in(Client(), "carmen") == 302


def test_throttle_is_not_prolonged_by_trying(cast, clock: time_machine.Traveller) -> None:
    flood("carmen")
    clock.shift(dt.timedelta(minutes=4))
    flood("carmen")
    clock.shift(dt.timedelta(minutes=1, seconds=1))
    assert sign_in(Client(), "carmen") == 302


def test_throttle_counts_user_name_and_email_as_one_account(cast) -> None:
    Member.objects.filter(pk=cast.carmen.pk).update(email="carmen@example.org")
    assert flood("carmen", 3) + flood("CARMEN@example.org", 3) == [200] * 5 + [429]


def test_throttle_counts_names_that_do_not_exist_alike(db: None) -> None:
    assert flood("nadie", 6) == [200] * 5 + [429]


def test_throttle_never_locks_an_account_from_elsewhere(cast) -> None:
    for host in range(20):
        attack("carmen", address=f"203.0.113.{host}")
    assert sign_in(Client(), "carmen") == 302


def test_throttle_lets_a_known_device_in_behind_the_attacked_address(cast) -> None:
    hers = Client()
    assert sign_in(hers, "carmen") == 302
    hers.post(reverse("account_logout"))
    flood("carmen", 30)
    assert sign_in(hers, "carmen") == 302


def test_throttle_knows_a_device_only_for_who_signed_in_on_it(cast) -> None:
    his = Client()
    assert sign_in(his, "pedro") == 302
    his.post(reverse("account_logout"))
    assert [sign_in(his, "carmen", "wrong") for _ in range(6)] == [200] * 5 + [429]


def test_throttle_gives_a_known_device_a_budget_too(cast) -> None:
    hers = Client()
    sign_in(hers, "carmen")
    hers.post(reverse("account_logout"))
    assert [sign_in(hers, "carmen", "wrong") for _ in range(11)] == [200] * 10 + [429]


def test_throttle_believes_no_forged_device(cast) -> None:
    forger = Client()
    forger.cookies[throttle.COOKIE] = "eyJkZXZpY2UiOiJ4In0:1abc:forged"
    assert [sign_in(forger, "carmen", "wrong") for _ in range(6)] == [200] * 5 + [429]


def attack(login: str, times: int = 6, address: str = FACTORY) -> None:
    """A flood without the cost of its pages: what the sign-in asks of the throttle for each wrong password."""
    account = throttle.account_named(login)
    for _ in range(times):
        with contextlib.suppress(TooMany):
            throttle.begin_attempt(
                RequestFactory().post("/", REMOTE_ADDR=address), kind="password", account=account, at=NOW
            )


def test_throttle_lets_three_hundred_in_behind_one_flooded_address(db: None) -> None:
    """The scenario of docs/reliability.md: one address, 300 people, a flood all the while."""
    people = [builders.member(f"persona{n}") for n in range(300)]
    statuses = []
    for n, person in enumerate(people):
        attack(f"inventado{n}")
        attack("persona299", address=ELSEWHERE)
        statuses.append(sign_in(Client(), person.username))
    assert statuses == [302] * 300


def test_throttle_lets_known_devices_in_while_all_their_accounts_are_attacked_from_their_address(db: None) -> None:
    people = [(builders.member(f"persona{n}"), Client()) for n in range(60)]
    for person, device in people:
        sign_in(device, person.username)
        device.post(reverse("account_logout"))
    for person, _device in people:
        attack(person.username)
    assert [sign_in(device, person.username) for person, device in people] == [302] * 60
    assert sign_in(Client(), "persona0") == 429


def test_throttle_success_costs_nothing(cast) -> None:
    assert [sign_in(Client(), "carmen") for _ in range(20)] == [302] * 20


def test_throttle_gives_pairs_less_while_their_address_floods(cast) -> None:
    for n in range(throttle.BUSY):
        attack(f"inventado{n}", 1)
    assert flood("carmen", 4) == [200] * 3 + [429]
    assert flood("carmen", 1, ELSEWHERE) == [200]


def test_throttle_with_a_dead_cache_refuses_nobody(cast, settings) -> None:
    dead = {"BACKEND": "config.cache.PatientRedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": dead}
    assert flood("carmen", 7) == [200] * 7
    assert sign_in(Client(), "carmen") == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", FACTORY),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", FACTORY),
        (1, "", FACTORY),
        (1, "nonsense", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_source_address_believes_only_our_own_proxies(proxies: int, forwarded: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=FACTORY, headers={"X-Forwarded-For": forwarded})
    with override_settings(PROXIES=proxies):
        assert throttle.source_address(request) == address


def test_begin_attempt_limits_codes_of_an_account_from_unknown_devices(cast) -> None:
    account = throttle.account_of(cast.carmen.pk)
    allowed = 0
    for host in range(40):
        request = RequestFactory().post("/", REMOTE_ADDR=f"203.0.113.{host}")
        try:
            throttle.begin_attempt(request, kind="code", account=account, at=NOW)
        except TooMany:
            break
        allowed += 1
    assert allowed == throttle.CODES_AN_HOUR


def test_remember_device_names_nobody(cast) -> None:
    response = HttpResponse()
    throttle.remember_device(RequestFactory().get("/"), response, cast.carmen)
    cookie = response.cookies[throttle.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], "carmen" in cookie.value) == (True, "Lax", False)


def test_remember_device_keeps_the_others_of_a_shared_one(cast) -> None:
    shared = Client()
    for name in ("carmen", "pedro"):
        sign_in(shared, name)
        shared.post(reverse("account_logout"))
    flood("carmen", 6)
    flood("pedro", 6)
    assert [
        sign_in(shared, "carmen"),
        shared.post(reverse("account_logout")).status_code,
        sign_in(shared, "pedro"),
    ] == [302] * 3
