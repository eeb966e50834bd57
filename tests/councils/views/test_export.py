"""The page of a vote that is over leads to its signed file, for its electorate alone."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from councils.domain.election_export import signing_fingerprint
from councils.models import Member
from councils.verification import verify
from tests.conftest import Cast
from tests.elections import AFTER, in_state
from tests.votes import count, open_yes_no, vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AFTER, tick=False):
        yield


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


ROLES = {"carmen": 200, "elena": 200, "nora": 404, "olga": 404, "ana": 404}


def test_export_of_an_election_is_for_its_electorate(cast: Cast):
    election = in_state(cast, "seated")
    url = f"/elections/{election.uuid}/export/"
    answers = {who: signed_in(getattr(cast, who)).get(url) for who in ROLES}
    assert {who: answer.status_code for who, answer in answers.items()} == ROLES
    assert Client().get(url).status_code == 302
    assert verify(answers["carmen"].content, fingerprint=signing_fingerprint()).holds
    assert answers["carmen"]["Content-Type"] == "application/json; charset=utf-8"
    assert answers["carmen"]["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("state", ["nominating", "void"])
def test_an_election_without_a_vote_has_no_export(cast: Cast, state):
    election = in_state(cast, state)
    assert signed_in(cast.carmen).get(f"/elections/{election.uuid}/export/").status_code == 404


def test_page_names_the_key_for_the_minutes(cast: Cast):
    election = in_state(cast, "seated")
    page = signed_in(cast.carmen).get(f"/elections/{election.uuid}/").content.decode()
    assert f'href="/elections/{election.uuid}/export/"' in page
    assert signing_fingerprint() in page


def test_a_vote_on_a_proposal_is_exported_too(cast: Cast):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    vote(poll, {person: ["yes"] for person in (cast.carmen, cast.pedro, cast.hugo)})
    count(poll)
    assert f'href="/votes/{poll.uuid}/export/"' in client.get(f"/votes/{poll.uuid}/").content.decode()
    assert verify(client.get(f"/votes/{poll.uuid}/export/").content).holds
    assert signed_in(cast.nora).get(f"/votes/{poll.uuid}/export/").status_code == 404
