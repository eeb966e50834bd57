"""The page of a delegate."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.models import DelegateReport, RollEntry, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_delegate import instructed, seat_of
from tests.councils.views.test_council_election import in_english
from tests.questions import AFTER, put, voted


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def address(cast: Cast) -> str:
    return f"/delegates/{seat_of(cast).uuid}/"


def test_page_tells_what_was_instructed_and_voted(cast: Cast, clock):
    question = put(cast)
    instructed(cast, question, answer="no")
    voted(question, {cast.elena: "yes"})
    put(cast, "¿Otra?")
    clock.move_to(AFTER)
    page = in_english(cast.carmen).get(address(cast)).text
    assert "Different from the instruction" in page and "Different: 1." in page
    assert "voted in 1 of 1" in page and "Send this report" not in page


def test_holder_reports_and_gives_reasons(cast: Cast, clock):
    question = voted(put(cast), {cast.elena: "yes"})
    clock.move_to(AFTER)
    client = in_english(cast.elena)
    assert f'value="{question.poll.uuid}" selected' in client.get(f"{address(cast)}?about={question.poll.uuid}").text
    client.post(address(cast), {"poll": str(question.poll.uuid), "text": "Cedieron el <b>camión</b>."})
    client.post(address(cast), {"poll": "", "text": "Fui a todo."})
    assert client.post(address(cast), {"poll": "", "text": " "}).status_code == 422
    assert client.post(address(cast), {"poll": str(uuid.uuid4()), "text": "x"}).status_code == 422
    assert in_english(cast.hugo).post(address(cast), {"text": "x"}).status_code == 403
    assert DelegateReport.objects.count() == 2
    page = in_english(cast.hugo).get(address(cast)).text
    assert "Cedieron el &lt;b&gt;camión" in page and "Fui a todo." in page


@pytest.mark.parametrize(
    ("who", "status"), [("carmen", 200), ("elena", 200), ("hugo", 200), ("nora", 404), ("olga", 404), ("ana", 404)]
)
def test_page_by_role(cast: Cast, client: Client, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(address(cast)).status_code == status


def test_a_seat_of_a_committee_has_no_such_page(cast: Cast, client: Client):
    client.force_login(cast.elena)
    assert client.get(f"/delegates/{Seat.objects.get(body=cast.committee, holder=cast.hugo).uuid}/").status_code == 404


def test_pages_lead_there_for_those_who_may_read(cast: Cast, client: Client):
    here = [f"/workplaces/{cast.cristalerias.uuid}/", f"/cordones/{cast.vicuna.uuid}/"]
    for person, pages in ((cast.carmen, [*here, "/", f"/councils/{cast.council.uuid}/"]), (cast.nora, [])):
        client.force_login(person)
        found = [
            page for page in [*here, "/", f"/councils/{cast.council.uuid}/"] if address(cast) in client.get(page).text
        ]
        assert found == pages


def test_page_asks_as_many_queries_with_one_vote_and_with_thirty(cast: Cast, client: Client, clock):
    question = put(cast)
    instructed(cast, question, answer="no")
    poll = voted(question, {cast.elena: "yes"}).poll
    clock.move_to(AFTER)
    client.force_login(cast.hugo)
    counts = []
    for more in (0, 29):
        for _n in range(more):
            poll.pk, poll.uuid = None, uuid.uuid4()
            poll.save()
            RollEntry.objects.create(poll=poll, member=cast.elena)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(cast)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_elected_her_finds_the_recall_on_her_page(cast: Cast):
    put(cast)
    seat = seat_of(cast)
    assert f"/seats/{seat.uuid}/recall/" in in_english(cast.carmen).get(address(cast)).text
    Seat.objects.filter(pk=seat.pk).update(term_ends_at=NOW)
    assert f"/seats/{seat.uuid}/recall/" not in in_english(cast.carmen).get(address(cast)).text
