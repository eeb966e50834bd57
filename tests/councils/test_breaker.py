"""After a failure a sick neighbour is left alone, then probed by one."""

from __future__ import annotations

from councils.breaker import Breaker


def test_breaker_that_never_failed_lets_everyone_try():
    breaker = Breaker(rest=1000)
    assert [breaker.may_try() for _ in range(3)] == [True, True, True]


def test_breaker_after_a_failure_lets_nobody_try():
    breaker = Breaker(rest=1000)
    assert (breaker.failed(), breaker.failed()) == (True, False)
    assert [breaker.may_try() for _ in range(3)] == [False, False, False]


def test_breaker_after_the_rest_lets_one_probe():
    breaker = Breaker(rest=1000)
    breaker.failed()
    breaker._try_again_at = 0
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]


def test_breaker_closes_when_the_probe_succeeds():
    breaker = Breaker(rest=0)
    breaker.failed()
    assert breaker.may_try()
    breaker.succeeded()
    assert breaker.failed()
