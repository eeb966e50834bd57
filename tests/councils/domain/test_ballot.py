"""Casting: one member, one vote, counted once; changeable until the close; refused outside it."""

import datetime as dt

import pytest

from councils.domain import audit as audit_module  # noqa: F401
from councils.domain.ballot import AlreadyCounted, cast_ballot
from councils.domain.outcome import bring_up_to_date
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Ballot, CheckCode, RollEntry
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import open_yes_no

CLOSE = NOW + dt.timedelta(days=3)
HOUR = dt.timedelta(hours=1)


def test_cast_is_counted_once_and_its_code_is_listed(cast: Cast, now):
    poll = open_yes_no(cast)
    receipt = cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now)
    poll = bring_up_to_date(poll=poll, at=CLOSE + HOUR)
    assert list(Ballot.objects.filter(poll=poll).values_list("marks", "spoilt")) == [(["yes"], False)]
    assert list(CheckCode.objects.values_list("code", flat=True)) == [receipt.code.replace("-", "")]
