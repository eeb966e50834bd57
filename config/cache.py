"""A Redis cache that a dead Redis cannot turn into an error, nor a hung one into a slow page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from councils.breaker import Breaker

log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_breaker = Breaker(rest=5.0)


class PatientRedisCache(RedisCache):
    """Answers "not cached" while Redis is away: the cache is never the truth of anything."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _ask(lambda: super(PatientRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _ask(lambda: super(PatientRedisCache, self).set(*args, **kwargs), None)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _ask(lambda: bool(super(PatientRedisCache, self).add(*args, **kwargs)), True)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return _ask(lambda: bool(super(PatientRedisCache, self).touch(*args, **kwargs)), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return _ask(lambda: int(super(PatientRedisCache, self).incr(key, delta, version)), delta)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _ask(lambda: bool(super(PatientRedisCache, self).delete(*args, **kwargs)), False)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return _ask(lambda: dict(super(PatientRedisCache, self).get_many(*args, **kwargs)), {})

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return _ask(lambda: list(super(PatientRedisCache, self).set_many(*args, **kwargs)), [])


def _ask(redis: Callable[[], _Answer], without: _Answer) -> _Answer:
    """What Redis says, or ``without`` it; after a failure it is left alone for a few seconds."""
    if not _breaker.may_try():
        return without
    try:
        answer = redis()
    except RedisError as e:
        if _breaker.failed():
            log.warning("cache away: %s", type(e).__name__)
        return without
    _breaker.succeeded()
    return answer
