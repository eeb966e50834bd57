"""Pages of one's own seat."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from councils.enums import SeatEnd
from councils.models import Replacement, Seat, Substitute
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_council_election import in_english
from tests.questions import put
from tests.recalls import agree, called, seat_of


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def address(cast: Cast) -> str:
    return f"/seats/{seat_of(cast).uuid}/resign/"


def test_resign_tells_what_follows_before_and_asks_once(cast: Cast):
    agree(cast, share="5/5")
    called(cast)
    client = in_english(cast.elena)
    page = client.get(address(cast)).text
    assert "The recall of this seat that is under way lapses" in page and "filled by a by-election" in page
    answer = client.post(address(cast), follow=True)
    assert answer.redirect_chain == [("/account/", 302)] and "You resigned." in answer.text
    assert Seat.objects.get(pk=seat_of(cast).pk).end_reason == SeatEnd.RESIGNED
    assert "I resign this seat" not in client.get(address(cast)).text
    assert client.post(address(cast)).status_code == 302  # twice changes nothing


@pytest.mark.parametrize(
    ("who", "status"),
    [("elena", 200), ("hugo", 404), ("carmen", 404), ("rosa", 404), ("nora", 404), ("ana", 404)],
)
def test_resign_is_found_by_the_holder_alone(cast: Cast, who, status):
    client = in_english(getattr(cast, who))
    assert client.get(address(cast)).status_code == status
    if status == 404:
        assert client.post(address(cast)).status_code == 404


def test_resign_of_a_seat_that_is_over_is_refused(cast: Cast, clock):
    clock.move_to(seat_of(cast).term_ends_at)
    assert "The seat has ended" in in_english(cast.elena).get(address(cast)).text
    assert in_english(cast.elena).post(address(cast)).status_code == 409


def test_account_and_the_page_of_the_delegate_lead_the_holder_there(cast: Cast):
    pages = ("/account/", f"/delegates/{seat_of(cast).uuid}/")
    assert [address(cast) in in_english(cast.elena).get(page).text for page in pages] == [True, True]
    assert address(cast) not in in_english(cast.hugo).get(pages[1]).text


def test_home_tells_those_who_elected(cast: Cast):
    in_english(cast.elena).post(address(cast))
    assert "Elena Paillán no longer sits there" in in_english(cast.carmen).get("/").text


# --- handing it over ------------------------------------------------------------------------------------------


def hand_over(cast: Cast) -> str:
    return f"/seats/{seat_of(cast).uuid}/hand-over/"


def days(cast: Cast, **changed: str) -> dict[str, str]:
    row = Substitute.objects.get_or_create(seat=seat_of(cast), member=cast.carmen, rank=1)[0]
    return {"substitute": str(row.uuid), "from_on": "2026-11-16", "last_on": "2026-11-18", **changed}


def test_hand_over_is_said_on_every_page_and_taken_back(cast: Cast, clock):
    client, data, question = in_english(cast.elena), days(cast), put(cast)
    assert "Hand it over" in client.get(hand_over(cast)).text
    answer = client.post(hand_over(cast), data, follow=True)
    assert answer.status_code == 200 and "Carmen Soto" in answer.text and "Take it back" in answer.text
    delegate = f"/delegates/{seat_of(cast).uuid}/"
    pages = [delegate, f"/councils/{cast.council.uuid}/", f"/workplaces/{cast.cristalerias.uuid}/"]
    later = {"from_on": "2026-11-23", "last_on": "2026-11-24"}
    client.post(hand_over(cast), days(cast, **later))
    assert "(Carmen Soto stands in)" in in_english(cast.hugo).get(f"/questions/{question.uuid}/").text
    Replacement.objects.get(from_on="2026-11-23").delete()
    pages += [f"/cordones/{cast.vicuna.uuid}/"]
    assert all("Carmen Soto stands in" in in_english(cast.hugo).get(page).text for page in pages)
    assert "You stand in for Elena Paillán" in in_english(cast.carmen).get("/").text
    assert "I stand in no longer" in in_english(cast.carmen).get(delegate).text
    end = f"/replacements/{Replacement.objects.get().uuid}/end/"
    assert in_english(cast.hugo).post(end).status_code == 404 and client.get(end).status_code == 405
    assert in_english(cast.carmen).post(end).status_code == 302
    clock.move_to(NOW + dt.timedelta(days=1))
    assert not any("Carmen Soto stands in" in in_english(cast.hugo).get(page).text for page in pages)


@pytest.mark.parametrize(
    "changed",
    [
        {"substitute": "x"},
        {"from_on": "ayer"},
        {"from_on": "2026-11-15"},
        {"last_on": "2026-11-15"},
        {"last_on": "9999-12-31"},
        {"last_on": ""},
        {"from_on": "0001-01-01"},
    ],
)
def test_hand_over_with_nonsense_is_answered_on_the_form(cast: Cast, changed):
    data = days(cast, **changed)
    answer = in_english(cast.elena).post(hand_over(cast), data)
    assert (answer.status_code, Replacement.objects.count()) == (422, 0)


def test_hand_over_without_substitutes_says_why(cast: Cast):
    assert "This seat has no substitutes" in in_english(cast.elena).get(hand_over(cast)).text
    committee = Seat.objects.get(holder=cast.elena, body=cast.committee)
    assert "Only a seat in a council" in in_english(cast.elena).get(f"/seats/{committee.uuid}/hand-over/").text


@pytest.mark.parametrize("who", ["hugo", "carmen", "nora", "ana"])
def test_hand_over_is_found_by_the_holder_alone(cast: Cast, who):
    data, client = days(cast), in_english(getattr(cast, who))
    assert [client.get(hand_over(cast)).status_code, client.post(hand_over(cast), data).status_code] == [404, 404]
