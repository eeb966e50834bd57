"""What production does when councils announces a fact: the work is a row of the same transaction."""

import datetime as dt

import pytest
from django.db import transaction

from councils.domain.territory import place_territory
from councils.models import Job, Placement

ON = dt.date(2026, 11, 16)


class _KilledError(Exception):
    """The process dies before the commit."""


def _move(cast, now):
    place_territory(territory=cast.perlak, parent=cast.vicuna, on_day=ON, by=cast.ana, at=now)


def test_a_move_writes_the_recompute_before_anything_runs_after_commit(cast, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        _move(cast, now)
    job = Job.objects.get(kind="recompute_summaries")
    assert (job.state, job.attempts, job.payload["workplace"]) == ("pending", 0, str(cast.perlak.uuid))


def test_a_move_that_is_rolled_back_leaves_neither_place_nor_job(cast, now):
    with pytest.raises(_KilledError), transaction.atomic():
        _move(cast, now)
        assert Job.objects.filter(kind="recompute_summaries").exists()
        raise _KilledError
    assert not Job.objects.filter(kind="recompute_summaries").exists()
    assert Placement.objects.get(territory=cast.perlak).parent == cast.cerrillos
