"""Pages of mandates: instruct, confirm, read what was instructed."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from councils.models import Consultation, Mandate
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_council_election import in_english
from tests.questions import DAY, put


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def local(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def instruct(cast: Cast, client: Client, question, **data: str):
    return client.post(f"/questions/{question.uuid}/instruct/{cast.assembly.uuid}/", data)


def test_a_vote_is_opened_and_leads_back_to_the_question(cast: Cast):
    question, client = put(cast), in_english(cast.elena)
    answer = instruct(cast, client, question, do="vote", kind="bound", closes_at=local(NOW + 4 * DAY))
    assert answer["Location"] == f"/questions/{question.uuid}/"
    poll = Consultation.objects.get().poll
    client = in_english(cast.carmen)
    client.get(f"/votes/{poll.uuid}/")
    assert f"/questions/{question.uuid}/" in client.get(f"/votes/{poll.uuid}/").text
    assert question.title in client.get("/").text


def test_what_an_assembly_decided_is_entered_confirmed_and_read(cast: Cast):
    question, elena, hugo = put(cast), in_english(cast.elena), in_english(cast.hugo)
    page = f"/questions/{question.uuid}/"
    instruct(cast, elena, question, do="decided", kind="bound", answer="no", decided_on="2026-11-16")
    mandate = Mandate.objects.get()
    confirm = f"/mandates/{mandate.uuid}/confirm/"
    assert confirm in elena.get(page).text and "Confirm: the assembly decided so" not in elena.get(page).text
    assert elena.post(confirm).status_code == 409
    assert "Confirm what the assembly instructed" in hugo.get("/").text
    assert "Confirm: the assembly decided so" in hugo.get(page).text
    assert "No instruction." in in_english(cast.carmen).get(page).text
    assert hugo.post(confirm).status_code == 302
    told = in_english(cast.carmen).get(page).text
    assert "<b>No</b>" in told and "entered by Elena Paillán, confirmed by Hugo Tapia" in told
    assert "1 instruction to delegates" in in_english(cast.carmen).get(f"/councils/{cast.council.uuid}/").text


@pytest.mark.parametrize(
    "data",
    [
        {"do": "decided", "kind": "bound", "answer": "", "decided_on": "2026-11-16"},
        {"do": "decided", "kind": "split", "decided_on": "2026-11-16"},
        {"do": "decided", "kind": "bound", "answer": "yes", "decided_on": "x"},
        {"do": "vote", "kind": "free", "closes_at": "2026-11-20T22:00"},
        {"do": "vote", "kind": "bound", "closes_at": "2026-11-16T22:00"},
        {},
    ],
)
def test_nonsense_comes_back_and_nothing_is_instructed(cast: Cast, data):
    question = put(cast)
    answer = instruct(cast, in_english(cast.elena), question, **data)
    assert answer.status_code == (422 if data else 200)
    assert not Mandate.objects.exists() and not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("carmen", 403), ("hugo", 200), ("elena", 200), ("nora", 404), ("olga", 404), ("ana", 404)]
)
def test_pages_by_role(cast: Cast, client: Client, who, status):
    question = put(cast)
    mandate = Mandate.objects.create(
        poll=question.poll,
        electorate=cast.assembly,
        version=1,
        kind="free",
        decided_on=NOW.date(),
        decided_at=NOW,
        entered_by=cast.pedro,
    )
    client.force_login(getattr(cast, who))
    assert client.get(f"/questions/{question.uuid}/instruct/{cast.assembly.uuid}/").status_code == status
    assert client.post(f"/mandates/{mandate.uuid}/confirm/").status_code == (302 if status == 200 else status)


def test_only_those_who_may_confirm_see_what_waits(cast: Cast):
    question = put(cast)
    instruct(cast, in_english(cast.elena), question, do="decided", kind="free", decided_on="2026-11-16")
    page = in_english(cast.carmen).get(f"/questions/{question.uuid}/").text
    assert "/confirm/" not in page
