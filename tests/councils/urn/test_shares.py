"""Shares of a secret: enough of them give it back, whoever brings them; misread ones are found."""

from __future__ import annotations

import itertools
import secrets
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.codes import ALPHABET
from councils.urn.shares import Share, UnreadableShare, combine, read_shares, split, written

POLL = uuid.UUID("6f1c1f86-7a5e-4f0b-9d2e-1f5b5f5f0a01")


@given(st.binary(min_size=32, max_size=32), st.integers(1, 5), st.integers(0, 3))
def test_any_enough_shares_give_the_secret_back(secret, needed, more):
    shares = split(secret, needed=needed, shares=needed + more)
    for some in itertools.combinations(shares, needed):
        assert combine(some) == secret
    assert combine(shares) == secret


def test_one_share_fewer_says_nothing():
    # for every secret there is a share that, with the one known, gives it: checked on one byte
    known = split(bytes(32), needed=2, shares=2)[0]
    found = {combine([known, Share(2, bytes([value]) + known.value[1:])])[0] for value in range(256)}
    assert found == set(range(256))


def test_arithmetic_of_the_field():
    # FIPS 197, 4.2: {57}·{83} = {c1}; a share at point 1 is the sum of the coefficients
    from councils.urn.shares import _divided, _times

    assert _times(0x57, 0x83) == 0xC1
    assert all(_times(_divided(a, b), b) == a for a in (1, 0x57, 255) for b in range(1, 256))


def test_written_is_read_again_with_lookalikes_and_spaces():
    share = split(secrets.token_bytes(32), needed=2, shares=3)[1]
    text = written(share, POLL)
    typed = text.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_shares([typed], POLL) == [share]


def test_one_symbol_read_wrongly_is_found():
    text = written(Share(1, bytes(32)), POLL)
    for place, symbol in enumerate(text):
        if symbol == "-" or place == len(text) - 1:  # the last one carries padding bits
            continue
        other = ALPHABET[(ALPHABET.index(symbol) + 1) % 32]
        with pytest.raises(UnreadableShare):
            read_shares([text[:place] + other + text[place + 1 :]], POLL)


@pytest.mark.parametrize("typed", ["", "x", "0" * 68, "Ñ" * 68, "A" * 10_000])
def test_what_is_no_share_is_told_with_its_place(typed):
    good = written(Share(1, bytes(32)), POLL)
    with pytest.raises(UnreadableShare) as e:
        read_shares([good, typed], POLL)
    assert e.value.which == 2


def test_share_of_another_vote_is_refused():
    with pytest.raises(UnreadableShare):
        read_shares([written(Share(1, bytes(32)), uuid.uuid4())], POLL)


def test_a_share_twice_is_refused():
    share = split(bytes(32), needed=2, shares=2)[0]
    with pytest.raises(ValueError, match="once"):
        combine([share, share])
