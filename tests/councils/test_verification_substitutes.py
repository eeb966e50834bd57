"""Substitutes in an export: counted again where the ballots are in it, checked against the totals, and never under
the floor."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from councils.verification import verify
from tests.councils.test_verification import refused
from tests.exports import parts, said, signed

METHODS = ["approval", "plurality", "stv"]


def told(method: str, n: int, **rules: Any) -> dict[str, Any]:
    lots = ["3", "1", "5", "2", "4"]  # no list ends at a tie
    return parts(method, said(method, n, random.Random(11)), lots=lots, **{"substitutes": 2, **rules})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "shown"), [(40, "totals"), (120, "ballots")])
def test_a_sound_file_holds_and_names_them(method: str, n: int, shown: str) -> None:
    document = told(method, n)
    result = document["result"]
    assert (result["shown"], set(result["substitutes"])) == (shown, set(result["elected"]))
    assert all(len(ids) == 2 for ids in result["substitutes"].values())
    verdict = verify(signed(document))
    assert (verdict.faults, verdict.recounted) == ((), shown == "ballots")


@pytest.mark.parametrize("method", METHODS)
def test_few_ballots_name_none(method: str) -> None:
    document = told(method, 14)
    assert document["result"]["shown"] == "outcome" and "substitutes" not in document["result"]
    assert verify(signed(document)).holds
    document["result"]["substitutes"] = {one: [] for one in document["result"]["elected"]}
    assert "result" in refused(document)


def test_without_the_rule_there_are_none() -> None:
    document = told("approval", 120, substitutes=0)
    assert "substitutes" not in document["result"] and verify(signed(document)).holds


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [40, 120])
def test_another_order_is_found_where_it_can_be(method: str, n: int) -> None:
    document = told(method, n)
    follow = document["result"]["substitutes"]
    one = next(iter(follow))
    follow[one] = follow[one][::-1]
    found = refused(document)
    assert found == (set() if method == "stv" and n == 40 else {"recount"} if n == 120 else {"result"})


@pytest.mark.parametrize("lie", [["9"], ["elected"], ["free", "free"], ["free"] * 3, "free", None])
@pytest.mark.parametrize("n", [40, 120])
def test_who_cannot_follow_is_found(lie: Any, n: int) -> None:
    document = told("stv", n)
    result = document["result"]
    one = result["elected"][0]
    free = next(o["id"] for o in document["options"] if o["id"] not in result["elected"])
    names = {"elected": result["elected"][-1], "free": free}
    result["substitutes"][one] = [names.get(x, x) for x in lie] if isinstance(lie, list) else lie
    assert refused(document)
    assert json.dumps(document)
