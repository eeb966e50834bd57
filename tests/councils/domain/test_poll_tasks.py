"""What votes and nominations ask of a member, and what she is only told."""

from __future__ import annotations

import datetime as dt

from django.utils import translation

from councils.domain.poll_tasks import nominations_open, to_answer
from councils.models import Member, Membership
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import DAY, NOMINATIONS_CLOSE, asked, called


def told(member: Member, at: dt.datetime = NOW) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(notice.title, notice.sentence) for notice in nominations_open(member, at)]


def test_nominations_open_are_told_to_the_electors_alone(cast: Cast):
    called(cast)
    Membership.objects.filter(member=cast.hugo).update(can_vote=False)
    said = (
        "Nominations are open: Elect 2 delegates to the cordón",
        "People can be nominated until 23 November at 12:00.",
    )
    everyone = (cast.carmen, cast.elena, cast.hugo, cast.nora, cast.olga, cast.ana)
    assert [told(member) for member in everyone] == [[said], [said], [], [], [], []]


def test_nominations_open_are_not_told_before_or_after(cast: Cast):
    called(cast)
    assert (told(cast.carmen, NOW - DAY), told(cast.carmen, NOMINATIONS_CLOSE)) == ([], [])


def test_who_is_nominated_has_a_task_instead_of_the_notice(cast: Cast):
    election = called(cast)
    asked(election, cast.rosa, cast.pedro)
    assert (told(cast.rosa), len(list(to_answer(cast.rosa, NOW)))) == ([], 1)
