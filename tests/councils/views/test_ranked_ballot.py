"""The ranked ballot without script: places, order, review, receipt."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from councils.models import RollEntry
from tests.conftest import Cast
from tests.votes import NOW, open_ranked

pytestmark = pytest.mark.django_db
NAMES = ["Rosa Muñoz", "Luis Carrasco", "Elena Paillán"]


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def poll(cast: Cast):
    return open_ranked(cast, NAMES, seats=2)


@pytest.fixture
def client(cast: Cast):
    client = Client()
    client.force_login(cast.carmen)
    client.cookies["django_language"] = "en"
    return client


def order_in(page: str) -> list[str]:
    """Ids in the order of the hidden places of the review."""
    return [id for id, _place in re.findall(r'name="rank_(\d+)" value="(\d+)"', page)]


def test_ballot_offers_a_place_for_each(client, poll):
    page = client.get(f"/votes/{poll.uuid}/").content.decode()
    assert [f'name="rank_{i}"' in page for i in (1, 2, 3)] == [True, True, True]
    assert page.count("<option") == 3 * 4


def test_two_at_one_place_are_told_and_nothing_is_lost(client, poll):
    answer = client.post(f"/votes/{poll.uuid}/review/", {"rank_1": "1", "rank_2": "1", "rank_3": "2"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Place 1 is given to Rosa Muñoz already." in page
    assert page.count("selected") == 3


def test_put_in_order_sorts_the_paper_and_closes_gaps(client, poll):
    page = client.post(f"/votes/{poll.uuid}/review/", {"rank_1": "3", "rank_3": "1", "do": "order"}).content.decode()
    assert [page.index(NAMES[2]) < page.index(NAMES[0]) < page.index(NAMES[1])] == [True]
    assert re.findall(r'value="(\d)" selected', page) == ["1", "2"]


def test_review_moves_people_and_names_who_has_no_place(client, poll):
    places = {"rank_1": "1", "rank_2": "2"}
    page = client.post(f"/votes/{poll.uuid}/review/", places).content.decode()
    assert order_in(page) == ["1", "2"]
    assert "One person has no place: Elena Paillán." in page
    assert order_in(client.post(f"/votes/{poll.uuid}/review/", places | {"up": "2"}).content.decode()) == ["2", "1"]
    assert order_in(client.post(f"/votes/{poll.uuid}/review/", places | {"down": "1"}).content.decode()) == ["2", "1"]
    assert order_in(client.post(f"/votes/{poll.uuid}/review/", places | {"up": "1"}).content.decode()) == ["1", "2"]


def test_blank_vote_is_reviewed_as_such(client, poll):
    page = client.post(f"/votes/{poll.uuid}/review/", {"rank_1": "1", "do": "blank"}).content.decode()
    assert order_in(page) == []
    assert "it will be cast as a blank vote" in page


def test_cast_seals_the_ranking(client, poll, cast: Cast):
    answer = client.post(f"/votes/{poll.uuid}/cast/", {"rank_2": "1", "rank_1": "2", "replaces": "0"})
    assert answer.status_code == 201
    assert RollEntry.objects.get(poll=poll, member=cast.carmen).envelope_version == 1


def test_place_that_does_not_exist_is_refused(client, poll):
    assert client.post(f"/votes/{poll.uuid}/cast/", {"rank_1": "9"}).status_code == 422
