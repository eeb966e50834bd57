"""Pages of a council and of its questions."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.models import Question
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_council_election import in_english
from tests.questions import AFTER, CLOSES, OPENS, council_of_three, put, voted

PEOPLE = [("carmen", 200), ("hugo", 200), ("elena", 200), ("nora", 404), ("olga", 404), ("ana", 404)]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def local(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_a_delegate_puts_a_question(cast: Cast):
    client = in_english(cast.elena)
    page = client.get(f"/councils/{cast.council.uuid}/questions/new/")
    assert page.status_code == 200 and "discussed for 7 days" in page.text
    data = {"title": "¿Se presta?", "text": "Tres días.", "opens_at": local(OPENS), "closes_at": local(CLOSES)}
    client.post(f"/councils/{cast.council.uuid}/questions/new/", data)
    question = Question.objects.get()
    page = client.get(f"/questions/{question.uuid}/")
    assert "Withdraw the question" in page.text
    assert client.post(f"/questions/{question.uuid}/withdraw/").status_code == 302
    assert "called off" in client.get(f"/questions/{question.uuid}/").text


def test_a_window_too_short_comes_back_with_the_sentence(cast: Cast):
    data = {"title": "¿Se presta?", "text": "x", "opens_at": local(NOW), "closes_at": local(CLOSES)}
    answer = in_english(cast.elena).post(f"/councils/{cast.council.uuid}/questions/new/", data)
    assert answer.status_code == 422 and "at least 7 days" in answer.text and "¿Se presta?" in answer.text


@pytest.mark.parametrize(("who", "status"), PEOPLE)
def test_pages_by_role(cast: Cast, client: Client, who, status):
    question = put(cast)
    client.force_login(getattr(cast, who))
    assert client.get(f"/questions/{question.uuid}/").status_code == status
    assert client.get(f"/councils/{cast.council.uuid}/").status_code == status
    assert client.get(f"/bodies/{cast.council.uuid}/log/").status_code == status
    may = {200: 200 if who == "elena" else 403}.get(status, status)
    assert client.get(f"/councils/{cast.council.uuid}/questions/new/").status_code == may


def test_an_assembly_has_no_page_of_a_council(cast: Cast, client: Client):
    client.force_login(cast.elena)
    assert client.get(f"/councils/{cast.assembly.uuid}/").status_code == 404


def test_result_names_each_delegate_and_the_council_lists_it(cast: Cast, clock):
    council_of_three(cast)
    question = voted(put(cast), {cast.elena: "yes", cast.carmen: "no"})
    clock.move_to(AFTER)
    page = in_english(cast.hugo).get(f"/questions/{question.uuid}/").text
    rows = [row.split("</tr>")[0] for row in page.split("<tr><th")[1:]]
    said = {name: word for row in rows for name in ("Carmen", "Elena", "Pedro") for word in ("Yes", "No<", "did not")
            if name in row and word in row}  # fmt: skip
    assert said == {"Carmen": "No<", "Elena": "Yes", "Pedro": "did not"}
    assert question.title in in_english(cast.hugo).get(f"/councils/{cast.council.uuid}/").text


def test_council_page_asks_as_many_queries_with_one_question_and_with_thirty(cast: Cast, client: Client):
    client.force_login(cast.hugo)
    put(cast)
    counts = []
    for more in (0, 29):
        for n in range(more):
            first = Question.objects.get(title="¿Se presta el camión?")
            poll = first.poll
            poll.pk, poll.uuid = None, uuid.uuid4()
            poll.save()
            Question.objects.create(
                body=first.body, author=first.author, poll=poll, title=f"¿{n}?", text="x", asked_at=NOW
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/councils/{cast.council.uuid}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_cordon_page_leads_there_for_those_who_work_under_it(cast: Cast, client: Client):
    address = f"/councils/{cast.council.uuid}/"
    for person, leads in ((cast.hugo, True), (cast.nora, False)):
        client.force_login(person)
        assert (address in client.get(f"/cordones/{cast.vicuna.uuid}/").text) is leads
