"""``open_trial_vote`` and ``tally_vote``: what the race tests from outside lean on."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from councils.domain.ballot import cast_ballot
from councils.models import Member, Poll
from tests.builders import NOW


def said_by(*command: str) -> dict[str, object]:
    out = StringIO()
    call_command(*command, stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_open_trial_vote_twice_uses_the_same_members_and_tally_agrees(db):
    with time_machine.travel(NOW, tick=False) as clock:
        said_by("open_trial_vote", "60", "--voters", "4")
        opened = said_by("open_trial_vote", "60", "--voters", "5")
        poll = Poll.objects.get(uuid=opened["id"])
        assert (opened["deadline"], poll.roll_size) == ((NOW + dt.timedelta(seconds=60)).timestamp(), 5)
        cast_ballot(poll=poll, by=Member.objects.get(username="trial5"), marks=["yes"], replaces=0, at=NOW)
        assert said_by("tally_vote", str(poll.uuid)) == {"ballots": 1, "roll": 1}
        clock.move_to(NOW + dt.timedelta(seconds=61))
        assert said_by("tally_vote", str(poll.uuid)) == {"ballots": 1, "roll": 1}
        assert Poll.objects.get(uuid=opened["id"]).state == "declared"


def test_open_trial_vote_refuses_in_production(db, settings):
    settings.PRODUCTION = True
    with translation.override("en"), pytest.raises(CommandError, match="known password"):
        call_command("open_trial_vote", "60")


def test_tally_vote_of_an_unknown_vote_says_so(db):
    with translation.override("en"), pytest.raises(CommandError, match="There is no vote"):
        call_command("tally_vote", "11111111-1111-1111-1111-111111111111")
