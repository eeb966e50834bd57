"""``verify_election``: exit code and sentences, with no database at hand."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from councils import signed_file
from tests.exports import SEED, parts, said, signed

FINGERPRINT = signed_file.fingerprint(signed_file.public_key(SEED))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vote.json"
    path.write_bytes(signed(parts("stv", said("stv", 120, random.Random(1)))))
    return path


def test_a_sound_file_is_told_with_its_key(file: Path, capsys):
    call_command("verify_election", str(file), "--fingerprint", FINGERPRINT)
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "Elegir"
    assert "The ballots were counted anew: the result is the same." in told
    assert f"Signed by the key {FINGERPRINT}." in told


def test_few_ballots_are_said_not_to_be_in_it(file: Path, capsys):
    file.write_bytes(signed(parts("stv", said("stv", 20, random.Random(1)))))
    call_command("verify_election", str(file))
    assert "The ballots are not in it, because they are few" in capsys.readouterr().out


def test_a_changed_file_is_refused_with_the_part(file: Path):
    file.write_bytes(file.read_bytes().replace("Rosa Muñoz".encode(), b"Rosa Munoz"))
    with pytest.raises(CommandError, match="The part “options” was changed") as refusal:
        call_command("verify_election", str(file))
    assert refusal.value.returncode == 1


def test_another_key_is_refused_and_named(file: Path):
    other = bytes(32)
    file.write_bytes(signed(parts("yes_no", [["yes"]] * 9), seed=other))
    with pytest.raises(CommandError) as refusal:
        call_command("verify_election", str(file), "--fingerprint", FINGERPRINT)
    assert "signed by another key than the one expected" in str(refusal.value)
    assert signed_file.fingerprint(signed_file.public_key(other)) in str(refusal.value)


def test_verdict_as_json(file: Path, capsys):
    call_command("verify_election", str(file), "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "holds": True, "fingerprint": FINGERPRINT, "recounted": True, "faults": []
    }  # fmt: skip
    file.write_bytes(b"{}")
    with pytest.raises(CommandError):
        call_command("verify_election", str(file), "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["fingerprint"], [f["code"] for f in told["faults"]]) == (False, None, ["not_canonical"])


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_election", str(tmp_path / "none"))
