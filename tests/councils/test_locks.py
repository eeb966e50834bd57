"""The raw SQL of locks, on both engines."""

import pytest
from django.db import transaction

from councils.domain.ballot import cast_ballot
from councils.models import Poll, RollEntry, locks
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import open_yes_no


@pytest.mark.parametrize("lock", [locks.shared, locks.exclusive])
def test_lock_gives_the_row_as_it_is_now(cast: Cast, lock):
    poll = open_yes_no(cast)
    Poll.objects.update(question="cambiada")
    with transaction.atomic():
        found = lock(poll.pk)
    assert (found, found.question, found.state, bytes(found.public_key)) == (
        poll, "cambiada", poll.state, bytes(poll.public_key),
    )  # fmt: skip


def test_row_of_is_hers_with_its_poll_and_without_the_envelope(cast: Cast):
    poll = open_yes_no(cast)
    cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=NOW)
    found = locks.row_of(cast.carmen, poll.uuid)
    row = RollEntry.objects.get(poll=poll, member=cast.carmen)
    assert found == row
    assert found.get_deferred_fields() == {"envelope"}
    names = ("uuid", "member_id", "poll_id", "counts_for_quorum", "envelope_version", "voted")
    assert [getattr(found, name) for name in names] == [getattr(row, name) for name in names]
    fields = [field.attname for field in Poll._meta.concrete_fields]
    assert [bytes_of(getattr(found.poll, name)) for name in fields] == [
        bytes_of(getattr(poll, name)) for name in fields
    ]
    assert locks.row_of(cast.olga, poll.uuid) is None
    assert locks.row_of(cast.carmen, row.uuid) is None


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
