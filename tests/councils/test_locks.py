"""The raw SQL of locks, on both engines."""

import pytest
from django.db import transaction

from councils.models import Poll, locks
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
