"""Codes on paper, and the keys that are outside the database."""

from __future__ import annotations

import stat
import threading

import pytest

from councils.codes import ALPHABET, new_code, read_code, readable
from councils.secrets_store import KeyUnreadable, key_named, keyed_hash


def test_new_code_has_fifty_bits():
    code = new_code()
    assert (len(code), len(ALPHABET), set(code) <= set(ALPHABET)) == (10, 32, True)


@pytest.mark.parametrize("typed", ["K7TM4-Q2XRB", "k7tm4q2xrb", " K7TM4 Q2XRB ", "k7tm4–q2xrb"])
def test_read_code_reads_what_people_type(typed):
    assert read_code(typed) == "K7TM4Q2XRB"


def test_read_code_reads_lookalikes():
    assert read_code("IOLO0-00000") == "1010000000"


@pytest.mark.parametrize("typed", ["", "K7TM4-Q2XR", "K7TM4-Q2XRBB", "ÑÑÑÑÑ-ÑÑÑÑÑ", "²²²²²²²²²²", "A" * 500, "\x00"])
def test_read_code_refuses_the_rest(typed):
    assert read_code(typed) is None


def test_readable_puts_the_hyphen():
    assert readable("K7TM4Q2XRB") == "K7TM4-Q2XRB"


def test_key_named_is_made_once_and_only_for_its_owner(tmp_path):
    key = key_named(tmp_path / "keys", "codes")
    file = tmp_path / "keys" / "codes.key"
    assert (key_named(tmp_path / "keys", "codes"), len(key)) == (key, 32)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in file.parent.iterdir()] == ["codes.key"]


def test_key_named_is_the_same_for_all_who_ask_at_once(tmp_path):
    barrier, found = threading.Barrier(8), []

    def ask():
        barrier.wait()
        found.append(key_named(tmp_path / "keys", "codes"))

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)


def test_key_named_refuses_a_damaged_file(tmp_path):
    (tmp_path / "codes.key").write_bytes(b"short")
    with pytest.raises(KeyUnreadable):
        key_named(tmp_path, "codes")


def test_keyed_hash_differs_by_key():
    assert keyed_hash(b"a" * 32, "K7TM4Q2XRB") != keyed_hash(b"b" * 32, "K7TM4Q2X")
