"""What pages draw of how a series was judged."""

from __future__ import annotations

import datetime as dt

from production.analysis.judged import Judged, Watched

FIRST = dt.date(2026, 11, 1)


def day(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


def judged(n: int, kind: str = "", *, began: int | None = None, size: float = -4.0, probability: float = 0.9) -> Judged:
    if not kind:
        return Judged(day(n))
    return Judged(day(n), kind=kind, began_on=day(n if began is None else began), size=size, probability=probability)


def watched(*periods: Judged) -> Watched:
    return Watched("watching", 0, periods)


def test_a_judgement_that_is_revised_is_one_change_by_its_last_word():
    seen = watched(judged(0), judged(1, "transient"), judged(2, "transient", began=1), judged(3, "step", began=1))
    assert [(c.on, c.last.kind) for c in seen.changes] == [(day(1), "step")]
    assert seen.standing == seen.last


def test_a_direction_is_shown_where_it_has_come_to():
    seen = watched(judged(0), judged(1, "slope", began=-9), judged(2, "slope", began=-9))
    assert [(c.on, c.last.sign) for c in seen.changes] == [(day(2), "slope-down")]
    assert watched(judged(1, "slope", size=2)).changes[0].last.sign == "slope-up"


def test_a_day_or_three_of_calm_do_not_make_two_of_one_change():
    one = watched(judged(0, "step"), *(judged(n) for n in range(1, 4)), judged(4, "step", began=0))
    two = watched(judged(0, "step"), *(judged(n) for n in range(1, 5)), judged(5, "step"))
    assert (len(one.changes), len(two.changes)) == (1, 2)


def test_what_is_hardly_believed_is_not_shown():
    seen = watched(judged(0, "step", probability=0.49))
    assert (seen.changes, seen.standing) == ([], None)


def test_nothing_judged_is_nothing_found():
    nothing = Watched("learning", 12, ())
    assert (nothing.changes, nothing.last, nothing.standing, nothing.by_start) == ([], None, None, {})
