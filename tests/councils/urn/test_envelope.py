"""Every ballot round-trips, every envelope has one length, and none that is wrong raises."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from councils.urn.envelope import (
    CODE_ALPHABET,
    CODE_LENGTH,
    ENVELOPE,
    PAPER,
    ROOM,
    Paper,
    TooLong,
    grouped,
    new_code,
    new_keys,
    open_envelope,
    seal,
)

PRIVATE, PUBLIC = new_keys()
POLL, ROW = uuid.UUID(int=1), uuid.UUID(int=2)
CODE = "4K7T9QXM2HWD"
marks = st.lists(st.text(max_size=6), max_size=12)


def sealed(said: list[str], poll: uuid.UUID = POLL, row: uuid.UUID = ROW, code: str = CODE) -> bytes:
    return seal(public_key=PUBLIC, poll=poll, row=row, marks=said, code=code)


def opened(envelope: bytes, poll: uuid.UUID = POLL, row: uuid.UUID = ROW, key: bytes = PRIVATE) -> Paper | None:
    return open_envelope(private_key=key, poll=poll, row=row, envelope=envelope)


@given(marks)
def test_any_ballot_round_trips_and_has_the_one_length(said):
    envelope = sealed(said)
    assert (opened(envelope), len(envelope)) == (Paper(tuple(said), CODE), ENVELOPE)


@given(st.binary(max_size=2 * ENVELOPE))
def test_any_bytes_are_invalid_and_raise_nothing(envelope):
    assert opened(envelope) is None


@given(st.integers(0, ENVELOPE - 1), st.integers(1, 255))
@settings(max_examples=60)
def test_an_envelope_with_one_byte_changed_is_invalid(place, change):
    envelope = bytearray(sealed(["yes"]))
    envelope[place] ^= change
    assert opened(bytes(envelope)) is None


@pytest.mark.parametrize("cut", [0, 1, 47, 48, ENVELOPE - 1])
def test_a_torn_envelope_is_invalid(cut):
    assert opened(sealed(["yes"])[:cut]) is None


def test_an_envelope_copied_to_another_row_or_poll_is_invalid_there():
    envelope, other = sealed(["yes"]), uuid.UUID(int=3)
    assert (opened(envelope, row=other), opened(envelope, poll=other)) == (None, None)


def test_another_key_opens_nothing():
    assert opened(sealed(["yes"]), key=new_keys()[0]) is None
    assert opened(sealed(["yes"]), key=b"short") is None


def test_the_public_half_does_not_open():
    assert opened(sealed(["yes"]), key=PUBLIC) is None


@pytest.mark.parametrize(
    "paper",
    [
        b"\x02" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x02[]",  # another format
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\xff\xff[]",  # a length beyond the paper
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x02{}",  # not a list
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x03[1]",  # not of strings
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x02[",  # not JSON
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x02\xff\xfe",  # not text
        b"\x01" + POLL.bytes + ROW.bytes + b"<script>abcd" + b"\0\x02[]",  # not a code
        b"\x01" + POLL.bytes + ROW.bytes + CODE.encode() + b"\0\x02[]x",  # something after the marks
    ],
)
def test_a_well_sealed_paper_that_says_nonsense_is_invalid(paper):
    envelope = SealedBox(PublicKey(PUBLIC)).encrypt(paper.ljust(PAPER, b"\0"))
    assert opened(envelope) is None


def test_marks_that_do_not_fit_are_refused():
    assert len(sealed(["x" * (ROOM - 4)])) == ENVELOPE
    with pytest.raises(TooLong):
        sealed(["x" * (ROOM - 3)])


def test_the_same_ballot_never_seals_alike():
    assert sealed(["yes"]) != sealed(["yes"])


def test_codes_are_random_and_read_in_groups():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(c) == CODE_LENGTH and set(c) <= set(CODE_ALPHABET) for c in codes)
    assert grouped(CODE) == "4K7T-9QXM-2HWD"
