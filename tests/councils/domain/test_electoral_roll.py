"""The electoral roll: who voted is forgotten once nobody may object, how many did is not."""

from __future__ import annotations

import pytest

from councils.domain import job
from councils.domain.ballot import cast_named_vote
from councils.domain.election_export import export_poll
from councils.domain.electoral_roll import erase_marks
from councils.domain.outcome import settle_poll
from councils.domain.poll import key_store
from councils.models import AuditEvent, Poll
from councils.verification import verify
from tests.builders import NOW
from tests.campaigns import DECLARED, OBJECTIONS, SEATED, declared
from tests.conftest import Cast
from tests.elections import DAY
from tests.votes import CLOSE, count, open_yes_no, scheduled, vote


def marks(poll: Poll) -> tuple[int, int]:
    """How many rows say that she voted; how many casts they tell of."""
    rows = list(poll.roll.values_list("voted", "envelope_version"))
    return sum(voted for voted, _n in rows), sum(n for _voted, n in rows)


def voted(cast: Cast) -> Poll:
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.hugo: ["yes"], cast.elena: ["no"]})
    return poll


def test_who_voted_is_erased_with_the_declaration_where_nothing_may_be_objected_to(cast: Cast):
    poll = voted(cast)
    assert marks(poll) == (3, 3)
    poll = count(poll)
    assert (poll.state, marks(poll), poll.roll.count()) == ("declared", (0, 0), 5)
    assert poll.result["present"] == 3
    assert AuditEvent.objects.filter(verb="erase_marks").count() == 1


def test_who_voted_is_kept_while_the_result_may_be_objected_to(cast: Cast):
    poll = declared(cast).poll
    assert marks(poll) == (3, 3)
    job.run_due(at=SEATED - DAY)
    assert marks(poll) == (3, 3)
    job.run_due(at=SEATED)
    assert (marks(poll), poll.roll.count()) == ((0, 0), 5)


def test_erase_waits_for_the_end_of_the_vote(cast: Cast):
    poll = voted(cast)
    for at in (NOW, CLOSE):
        erase_marks(poll=poll, at=at)
    assert marks(poll) == (3, 3)


def test_erase_twice_changes_nothing(cast: Cast):
    poll = count(voted(cast))
    erase_marks(poll=poll, at=DECLARED)
    settle_poll(poll=poll, at=DECLARED)
    assert AuditEvent.objects.filter(verb="erase_marks").count() == 1


@pytest.mark.parametrize("reason", ["key_lost", "restored"])
def test_who_voted_is_erased_where_no_ballot_was_opened(cast: Cast, reason):
    poll = voted(cast)
    if reason == "key_lost":
        (key_store().directory / poll.uuid.hex / "half").unlink()
    else:
        Poll.objects.update(epoch="0")
    poll = count(poll)
    assert (poll.result["reason"], marks(poll)) == (reason, (0, 0))


def test_votes_by_name_keep_who_voted(cast: Cast):
    poll = scheduled(cast.committee)
    job.run_due(at=NOW)
    poll.refresh_from_db()
    cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=NOW)
    poll = count(poll)
    assert (poll.state, marks(poll)) == ("declared", (1, 1))


def test_the_export_holds_before_and_after(cast: Cast):
    poll = declared(cast).poll
    before = verify(export_poll(poll=poll))
    job.run_due(at=DECLARED + OBJECTIONS * DAY)
    after = verify(export_poll(poll=Poll.objects.get(pk=poll.pk)))
    assert (before.faults, after.faults) == ((), ())
