"""Pages of lots: a number beside each name, without script; who sees them; nonsense is answered."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from councils.models import Election, LotDraw, Poll
from tests.conftest import Cast
from tests.councils.views.test_election import signed_in
from tests.elections import NOMINATIONS_CLOSE, VOTING_CLOSES, called, voting


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def at():
    with time_machine.travel(NOMINATIONS_CLOSE, tick=False) as clock:
        yield clock


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def places(election: Election, *names: str) -> dict[str, str]:
    assert election.poll is not None
    ids = {option["label"]: option["id"] for option in election.poll.options}
    return {f"place_{ids[name]}": str(n) for n, name in enumerate(names, 1)}


def test_lots_are_entered_confirmed_and_shown(cast: Cast, at):
    election = voting(cast, cast.rosa, cast.pedro)
    page, url = f"/elections/{election.uuid}/", f"/elections/{election.uuid}/lots/"
    elena, hugo, carmen = (signed_in(who) for who in (cast.elena, cast.hugo, cast.carmen))
    assert "Enter the order" in page_of(elena, page) and "Order drawn in public" not in page_of(carmen, page)
    assert 'type="number"' in page_of(elena, url) and "<form method" not in page_of(carmen, url).split("<main")[1]
    answer = elena.post(url, places(election, "Pedro Rojas", "Rosa Marín"), follow=True).content.decode()
    assert "Entered, to be confirmed" in answer and "Confirm: this was drawn" not in answer
    assert "It holds once another person confirms it." in page_of(carmen, page)
    assert "Confirm: this was drawn" in page_of(hugo, url)
    hugo.post(f"/elections/lots/{LotDraw.objects.get().uuid}/confirm/")
    shown = page_of(carmen, page)
    assert "1. Pedro Rojas" in shown and "Entered by Elena Paillán" in shown and "Confirmed by Hugo Tapia" in shown
    assert "<form method" not in page_of(elena, url).split("<main")[1]
    assert elena.post(url, places(election, "Rosa Marín", "Pedro Rojas")).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("carmen", 403), ("rosa", 403), ("nora", 404), ("ana", 404)])
def test_lots_are_entered_by_the_committee_alone(cast: Cast, at, who, status):
    election = voting(cast, cast.rosa, cast.pedro)
    data = places(election, "Pedro Rojas", "Rosa Marín")
    url = f"/elections/{election.uuid}/lots/"
    assert signed_in(getattr(cast, who)).post(url, data).status_code == status
    elena = signed_in(cast.elena)
    elena.post(url, data)
    confirm = f"/elections/lots/{LotDraw.objects.get().uuid}/confirm/"
    assert signed_in(getattr(cast, who)).post(confirm).status_code == status
    assert (elena.post(confirm).status_code, elena.get(confirm).status_code) == (409, 405)
    assert Poll.objects.get().lots == []


@pytest.mark.parametrize("first", ["", "0", "3", "x", "2", "-1", "1.5"])
def test_places_that_make_no_order_return_on_the_form(cast: Cast, at, first):
    election = voting(cast, cast.rosa, cast.pedro)
    data = places(election, "Pedro Rojas", "Rosa Marín")
    data[next(iter(data))] = first
    answer = signed_in(cast.elena).post(f"/elections/{election.uuid}/lots/", data)
    assert (answer.status_code, LotDraw.objects.count()) == (422, 0)
    assert "errsum" in answer.content.decode()


def test_who_stands_is_offered_nothing(cast: Cast, at):
    election = voting(cast, cast.rosa, cast.elena)
    assert "Enter the order" not in page_of(signed_in(cast.elena), f"/elections/{election.uuid}/")
    data = places(election, "Elena Paillán", "Rosa Marín")
    assert signed_in(cast.elena).post(f"/elections/{election.uuid}/lots/", data).status_code == 422


def test_lots_are_nowhere_before_nominations_close_and_fixed_after_the_vote(cast: Cast, at):
    early = called(cast)
    at.move_to(early.called_at)
    assert signed_in(cast.elena).get(f"/elections/{early.uuid}/lots/").status_code == 404
    Election.objects.update(state="void", void_reason="too_few")
    election = voting(cast, cast.rosa, cast.pedro)
    at.move_to(NOMINATIONS_CLOSE)
    url = f"/elections/{election.uuid}/lots/"
    elena = signed_in(cast.elena)
    elena.post(url, places(election, "Pedro Rojas", "Rosa Marín"))
    at.move_to(VOTING_CLOSES)
    assert "Nobody confirmed it before the close" in page_of(elena, url)
    confirm = f"/elections/lots/{LotDraw.objects.get().uuid}/confirm/"
    assert signed_in(cast.hugo).post(confirm).status_code == 409
