"""A Redis that is away: nothing is cached, nobody is refused, nothing fails; a hung one is asked once."""

from __future__ import annotations

import pytest

from config import cache
from config.cache import PatientRedisCache
from councils.breaker import Breaker
from tests.brokers import calls, dead_broker, hung_broker

PATIENCE = {"OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}}


@pytest.fixture(autouse=True)
def a_breaker_of_its_own(monkeypatch):
    monkeypatch.setattr(cache, "_breaker", Breaker(rest=1000))


def answers(away: PatientRedisCache) -> list[object]:
    """What each way of asking says."""
    return [
        away.get("k", "without"),
        away.add("k", 1),
        away.incr("k"),
        away.incr("k", 3),
        away.delete("k"),
        away.touch("k"),
        away.get_many(["k"]),
        away.set_many({"k": 1}),
        away.get_or_set("k", "made"),
        away.set("k", 1),
    ]


NOTHING_CACHED = ["without", True, 1, 3, False, False, {}, [], "made", None]


def test_a_dead_redis_is_an_empty_cache_and_said_once(caplog):
    assert answers(PatientRedisCache(dead_broker(), PATIENCE)) == NOTHING_CACHED
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["cache away"]


def test_a_dead_redis_gives_the_same_answers_when_probed_each_time(monkeypatch):
    monkeypatch.setattr(cache, "_breaker", Breaker(rest=0))
    assert answers(PatientRedisCache(dead_broker(), PATIENCE)) == NOTHING_CACHED


def test_a_hung_redis_is_asked_once():
    with hung_broker() as (address, listener):
        assert answers(PatientRedisCache(address, PATIENCE)) == NOTHING_CACHED
        assert calls(listener) == 1
