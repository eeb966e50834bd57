"""Who may do what to places, bodies and people: role × verb, and what it is done to. The permission spec."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.models import CodeBatch, Membership, Seat
from councils.permissions import may

#: Verbs of the committee of the workplace itself.
KEEPING = [
    "admit_member",
    "change_rights",
    "correct_name",
    "end_membership",
    "import_roll",
    "request_codes",
    "approve_codes",
    "print_codes",
    "void_codes",
    "request_reset",
]
#: Verbs of whoever keeps the installation.
SETTING_UP = ["found_territory", "place_territory", "establish_body", "affiliate_workplace", "transfer_member"]
WHO = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]


def those_who(cast, verb: str, on: object, at: dt.datetime) -> list[str]:
    return [who for who in WHO if may(verb, by=getattr(cast, who), on=on, at=at)]


def object_of(cast, now, verb: str) -> object:
    """What the verb is done to: the roll's row, the batch, or the workplace."""
    if verb in ("change_rights", "correct_name", "end_membership", "transfer_member"):
        return Membership.objects.get(member=cast.carmen)
    if verb in ("approve_codes", "print_codes", "void_codes"):
        return CodeBatch.objects.create(
            territory=cast.cristalerias, purpose="enrol", count=1, requested_by=cast.elena, requested_at=now
        )
    return cast.cristalerias


@pytest.mark.parametrize("verb", KEEPING)
def test_keeping_the_roll_is_for_the_committee(cast, now, verb):
    assert those_who(cast, verb, object_of(cast, now, verb), now) == ["elena", "hugo"]


@pytest.mark.parametrize("verb", KEEPING)
def test_keeping_the_roll_ends_with_the_seat_and_with_the_membership(cast, now, verb):
    on = object_of(cast, now, verb)
    Seat.objects.filter(holder=cast.hugo).update(ended_at=now, end_reason="recalled")
    Membership.objects.filter(member=cast.elena).update(until_on=now.date())
    assert those_who(cast, verb, on, now) == []


@pytest.mark.parametrize("verb", KEEPING)
def test_keeping_the_roll_of_another_workplace_is_for_nobody_here(cast, now, verb):
    assert those_who(cast, verb, cast.perlak, now) == []


@pytest.mark.parametrize("verb", SETTING_UP)
def test_setting_up_is_for_who_keeps_the_installation(cast, now, verb):
    assert those_who(cast, verb, object_of(cast, now, verb), now) == ["ana"]


def test_founding_a_section_is_for_both(cast, now):
    assert those_who(cast, "found_section", cast.cristalerias, now) == ["elena", "hugo", "ana"]


def test_reading_the_roll_is_for_who_belongs(cast, now):
    assert those_who(cast, "see_roll", cast.cristalerias, now) == ["carmen", "pedro", "elena", "hugo", "rosa"]


@pytest.mark.parametrize(
    ("body", "readers"),
    [
        ("assembly", ["carmen", "pedro", "elena", "hugo", "rosa"]),
        ("committee", ["carmen", "pedro", "elena", "hugo", "rosa"]),
        ("council", ["carmen", "pedro", "elena", "hugo", "rosa"]),  # their assembly fills a seat of it
    ],
)
def test_reading_the_log_is_for_who_belongs_to_the_body(cast, now, body, readers):
    assert those_who(cast, "read_log", getattr(cast, body), now) == readers


def test_log_of_a_council_that_nobody_here_fills_is_for_who_works_under_it(cast, now):
    Seat.objects.filter(body=cast.council).update(ended_at=now, end_reason="resigned")
    assert those_who(cast, "read_log", cast.council, now) == ["carmen", "pedro", "elena", "hugo", "rosa"]
    cast.cristalerias.placements.update(parent=cast.cerrillos)
    assert those_who(cast, "read_log", cast.council, now) == []


def test_nobody_acts_without_an_active_account(cast, now):
    cast.elena.is_active = False
    assert not may("admit_member", by=cast.elena, on=cast.cristalerias, at=now)
