"""What the verifier refuses: every change of a file, another key, and results that do not follow from their figures."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils import signed_file
from councils.verification import PARTS, verify
from tests.exports import SEED, parts, said, signed

METHODS = ["yes_no", "approval", "plurality", "stv", "dhondt", "sainte_lague"]
SIZES = [(3, "outcome"), (40, "totals"), (120, "ballots")]
OTHER_SEED = bytes(32)


def codes(content: bytes, **options: str) -> set[str]:
    return {fault.code for fault in verify(content, **options).faults}


def export(method: str = "stv", n: int = 120) -> bytes:
    return signed(parts(method, said(method, n, random.Random(7))))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "shown"), SIZES)
def test_a_sound_file_holds(method: str, n: int, shown: str) -> None:
    content = export(method, n)
    verdict = verify(content, fingerprint=signed_file.fingerprint(signed_file.public_key(SEED)))
    assert json.loads(content)["result"]["shown"] == shown
    assert (verdict.faults, verdict.recounted) == ((), shown == "ballots")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 3, 40, 120])
@pytest.mark.parametrize("secrecy", ["named", "paper"])
def test_a_sound_file_of_an_open_count_holds(method: str, n: int, secrecy: str) -> None:
    content = signed(parts(method, said(method, n, random.Random(7)), secrecy=secrecy))
    verdict = verify(content)
    ranked = secrecy == "paper" and method == "stv" and n >= 100
    assert (verdict.faults, verdict.recounted) == ((), secrecy == "named" or ranked)
    assert json.loads(content)["result"]["shown"] == ("ballots" if ranked else "totals")


@given(st.sampled_from(METHODS), st.integers(3, 130), st.randoms(use_true_random=False), st.integers(1, 4))
def test_whatever_was_voted_the_file_holds(method: str, n: int, chance: random.Random, seats: int) -> None:
    lots = chance.sample(["1", "2", "3", "4", "5"], chance.choice([0, 5])) if method != "yes_no" else []
    assert verify(signed(parts(method, said(method, n, chance), seats=seats, lots=lots))).faults == ()


# --- mutations ---------------------------------------------------------------------------------------------

Mutation = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def delete(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.randint(1, 9) :]


def insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return (
        content[:at] + chance.choice([b" ", b"\n", b"0", b"1", b'"', b",", b"{}", b"\xc3\xb1", b"\x00"]) + content[at:]
    )


def capital(content: bytes, chance: random.Random) -> bytes:
    """A hexadecimal digit that means the same in capitals."""
    at = chance.choice([i for i, byte in enumerate(content) if 97 <= byte <= 102])
    return content[:at] + content[at : at + 1].upper() + content[at + 1 :]


def duplicate(content: bytes, chance: random.Random) -> bytes:
    """A name twice, with the same value or another."""
    name = chance.choice([*PARTS, "key", "signature", "format"])
    value = json.loads(content)[name] if chance.random() < 0.5 else None
    pair = json.dumps({name: value}, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return b"{" + pair.encode() + b"," + content[1:]


def spaced(content: bytes, chance: random.Random) -> bytes:
    style: dict[str, Any] = chance.choice([{"indent": 1}, {}, {"separators": (",", ":")}, {"separators": (", ", ":")}])
    return json.dumps(json.loads(content), **style).encode() + chance.choice([b"", b"\n", b"\n\n"])


def in_place(change: Callable[[dict[str, Any], random.Random], None]) -> Mutation:
    """A change of what the file says, written canonically again."""

    def mutate(content: bytes, chance: random.Random) -> bytes:
        document = json.loads(content)
        change(document, chance)
        return signed_file.canonical(document)

    return mutate


def holders(value: Any) -> list[Any]:
    """Every object and list within ``value`` that is not empty."""
    found = [value] if isinstance(value, (dict, list)) and value else []
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        found += holders(inner)
    return found


def remove(document: dict[str, Any], chance: random.Random) -> None:
    place = chance.choice(holders(document))
    del place[chance.choice(list(place) if isinstance(place, dict) else range(len(place)))]


def swap(document: dict[str, Any], chance: random.Random) -> None:
    place = chance.choice(holders(document))
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    a, b = chance.choice(keys), chance.choice(keys)
    place[a], place[b] = place[b], place[a]


def other_value(document: dict[str, Any], chance: random.Random) -> None:
    place = chance.choice(holders(document))
    key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    value = place[key]
    place[key] = value + 1 if isinstance(value, int) else chance.choice([None, "", "x", 0, [], {}, True, "1"])


def other_ballots(document: dict[str, Any], chance: random.Random) -> None:
    ballots = document["ballots"]
    if chance.random() < 0.5:
        ballots[chance.randrange(len(ballots))]["marks"] = chance.sample(["1", "2", "3"], 2)
    else:
        ballots.append(copy.deepcopy(chance.choice(ballots)))


def rehashed(document: dict[str, Any], chance: random.Random) -> None:
    """A forger who knows the format, but has no key."""
    other_ballots(document, chance)
    document["hashes"]["ballots"] = signed_file._hash(document["ballots"])


def reordered(content: bytes, chance: random.Random) -> bytes:
    pairs = list(json.loads(content).items())
    chance.shuffle(pairs)
    return (json.dumps(dict(pairs), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


MUTATIONS: list[Mutation] = [
    flip, delete, insert, capital, duplicate, spaced, reordered,
    *map(in_place, (remove, swap, other_value, other_ballots, rehashed)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "secrecy"), [("stv", "urn"), ("dhondt", "urn"), ("yes_no", "named"), ("stv", "paper")]
)
def test_a_thousand_mutations_are_all_refused(method: str, secrecy: str) -> None:
    chance, content = random.Random(1972), signed(parts(method, said(method, 120, random.Random(7)), secrecy=secrecy))
    assert verify(content).holds
    tried, passed = 0, []
    while tried < 1_000:
        mutation = MUTATIONS[tried % len(MUTATIONS)]
        mutated = mutation(content, chance)
        if mutated == content:
            continue  # two equal values were swapped
        tried += 1
        if verify(mutated).holds:
            passed.append(mutation)
    assert passed == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"\xff", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b"[]\n", "unreadable"),
        (b'{"a":1.0}\n', "unreadable"),
        (b'{"a":NaN}\n', "unreadable"),
        (b'{"a":"\\ud800"}\n', "not_canonical"),
        (b"{}\n", "format"),
    ],
)
def test_what_is_no_export_is_refused(content: bytes, code: str) -> None:
    assert codes(content) == {code}


# --- keys --------------------------------------------------------------------------------------------------


def test_a_file_signed_by_another_key_is_refused_where_the_fingerprint_is_known() -> None:
    forged = signed(parts("stv", said("stv", 120, random.Random(8))), seed=OTHER_SEED)
    expected = signed_file.fingerprint(signed_file.public_key(SEED))
    assert codes(forged, fingerprint=expected) == {"other_key"}
    verdict = verify(forged)
    assert (verdict.holds, verdict.key) == (True, signed_file.public_key(OTHER_SEED))


@pytest.mark.parametrize(
    ("written", "holds"),
    [(str.lower, True), (lambda f: f.replace(" ", "-"), True), (lambda f: f[:9], False), (lambda f: f + "0", False)],
)
def test_fingerprint_as_people_write_it_but_whole(written: Callable[[str], str], holds: bool) -> None:
    fingerprint = signed_file.fingerprint(signed_file.public_key(SEED))
    assert verify(export(), fingerprint=written(fingerprint)).holds is holds


# --- what the holder of the key cannot say either ----------------------------------------------------------


def change(told: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """``told`` with ``value`` at ``path`` (``"result.elected.0"``)."""
    told = copy.deepcopy(told)
    *way, last = [int(step) if step.isdigit() and step != "0x" else step for step in path.split(".")]
    place: Any = told
    for step in way:
        place = place[step] if isinstance(place, list) else place[str(step)]
    place[last if isinstance(place, list) else str(last)] = value
    return told


def refused(told: dict[str, Any]) -> set[str]:
    return codes(signed(told))


@pytest.mark.parametrize("method", METHODS)
def test_ballots_that_give_another_result_are_refused(method: str) -> None:
    told = parts(method, said(method, 120, random.Random(3)))
    first = next(i for i, ballot in enumerate(told["ballots"]) if ballot["marks"] not in (["no"], ["4"], []))
    assert refused(change(told, f"ballots.{first}.marks", ["no"] if method == "yes_no" else ["4"])) == {"recount"}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("ballots.0.marks", ["no"], {"recount"}),
        ("ballots.0.marks", None, {"turnout"}),
        ("ballots.0.marks", ["maybe"], {"ballots"}),
        ("ballots.0.name", 1, {"ballots"}),
        ("ballots.0", {"name": "x", "marks": ["yes"]}, {"ballots"}),
        ("ballots", None, {"ballots"}),
        ("result.shown", "outcome", {"floor"}),
        ("result.shown", "nothing", {"floor"}),
        ("result.outcome", "rejected", {"recount"}),
        ("check_codes", ["x"], {"check_codes"}),
        ("subject.secrecy", "urn", {"ballots"}),
        ("subject.secrecy", "blind", {"shape"}),
        ("electorate.roll", 41, {"electorate", "turnout"}),
    ],
)
def test_a_signed_lie_about_votes_by_name_is_found(path: str, value: Any, found: set[str]) -> None:
    told = parts("yes_no", [["yes"]] * 30 + [["no"]] * 10, secrecy="named")
    assert refused(change(told, path, value)) == found


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("result.outcome", "rejected", {"result"}),
        ("result.tally.yes", 3, {"turnout"}),
        ("result.present", 5, {"turnout"}),
        ("result.shown", "outcome", {"floor"}),
        ("check_codes", ["x"], {"check_codes"}),
        ("ballots", [], {"ballots"}),
    ],
)
def test_a_signed_lie_about_papers_counted_by_hand_is_found(path: str, value: Any, found: set[str]) -> None:
    told = parts("yes_no", [["yes"]] * 2 + [["no"]] * 2, secrecy="paper", majority={"share": "1/2", "strict": False})
    assert refused(change(told, path, value)) == found


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("result.elected", ["4", "5"], {"recount"}),
        ("result.count.stages.1.exhausted", 1, {"recount"}),
        ("result.roll", 130, {"electorate", "recount"}),
        ("result.present", 121, {"turnout"}),
        ("result.shown", "totals", {"floor"}),
        ("ballots", None, {"ballots"}),
        ("ballots.3.id", "0" * 32, {"ballots"}),
        ("ballots.3.marks", ["1", "1"], {"ballots"}),
        ("ballots.3.spoilt", 1, {"ballots"}),
        ("check_codes", [], {"check_codes"}),
        ("subject.seats", 0, {"shape"}),
        ("subject.seats", "2", {"shape"}),
        ("lots", ["9"], {"shape"}),
        ("rules.rules", {"x": 1}, {"shape"}),
        ("rules.rules", [], {"shape"}),
        ("result", None, {"shape"}),
    ],
)
def test_a_signed_lie_about_published_ballots_is_found(path: str, value: Any, found: set[str]) -> None:
    told = parts("stv", [["1", "2"]] * 60 + [["3", "2"]] * 40 + [["2"]] * 20)
    assert refused(change(told, path, value)) == found


@pytest.mark.parametrize(
    ("method", "path", "value", "found"),
    [
        ("yes_no", "result.outcome", "rejected", {"result"}),
        ("yes_no", "result.tally.yes", 41, {"turnout"}),
        ("yes_no", "result.blank", 1, {"turnout"}),
        ("yes_no", "result.quorum.needed", 1, {"quorum"}),
        ("approval", "result.elected", ["5", "4"], {"result"}),
        ("approval", "result.tally.1", 41, {"turnout"}),
        ("approval", "result.tally", {}, {"result"}),
        ("plurality", "result.tally.1", -1, {"turnout"}),
        ("stv", "result.elected", ["5", "4"], {"stages"}),
        ("stv", "result.count.quota", 1, {"stages"}),
        ("stv", "result.count.stages.1.exhausted", 10**9, {"stages"}),
        ("stv", "result.count.stages", [], {"stages"}),
        ("stv", "result.count.stages.0.totals", {}, {"stages"}),
        ("stv", "ballots", [], {"ballots"}),
        ("dhondt", "result.elected", ["1", "1"], {"result"}),
        ("dhondt", "result.count.stages.0.divisor", 2, {"stages"}),
        ("dhondt", "result.count.open_seats", 1, {"stages"}),
        ("sainte_lague", "result.tally.1", 41, {"turnout"}),
        ("sainte_lague", "options.1.people", [], {"shape"}),
        ("sainte_lague", "options.1.people", ["a", 1], {"shape"}),
    ],
)
def test_a_signed_lie_about_totals_is_found(method: str, path: str, value: Any, found: set[str]) -> None:
    told = parts(method, said(method, 40, random.Random(5)), seats=2)
    assert refused(change(told, path, value)) == found


@pytest.mark.parametrize(
    ("method", "path", "value", "found"),
    [
        ("approval", "result.elected", ["1", "2", "3"], {"result"}),
        ("approval", "result.elected", ["9"], {"result"}),
        ("approval", "result.tally", {"1": 3}, {"result"}),
        ("dhondt", "result.elected", ["1", "1"], {"result"}),
        ("dhondt", "result.elected", ["1", "2", "2"], {"result"}),
        ("dhondt", "result.tied", ["1"], {"result"}),
        ("yes_no", "result.outcome", "elected", {"result"}),
        ("yes_no", "result.quorum.met", False, {"quorum"}),
        ("yes_no", "result.shown", "totals", {"floor"}),
    ],
)
def test_a_signed_lie_about_few_ballots_is_found(method: str, path: str, value: Any, found: set[str]) -> None:
    few = {"yes_no": [["yes"]] * 4, "dhondt": [["1"], ["1"], ["2"], ["2"]]}
    told = parts(method, few.get(method, [["1", "2"]] * 4))
    assert refused(told) == set()
    assert refused(change(told, path, value)) == found
