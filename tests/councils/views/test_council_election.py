"""Pages of an election that a council holds among its own delegates, by name."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from councils.domain import outcome
from councils.domain.ballot import cast_named_vote
from councils.enums import BodyKind
from councils.models import Body, Election, Member
from tests import builders
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, NOW, at_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def in_english(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def council(cast: Cast, clock) -> Cast:
    builders.seat(cast.carmen, cast.council, cast.assembly, cast.cristalerias)
    return cast


def called(cast: Cast, client: Client) -> Election:
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    answer = client.post(
        f"/elections/call/{cast.council.uuid}/",
        {
            "body": str(nation.uuid),
            "nominations_close_at": timezone.localtime(NOMINATIONS_CLOSE).strftime("%Y-%m-%dT%H:%M"),
            "voting_closes_at": timezone.localtime(AFTER).strftime("%Y-%m-%dT%H:%M"),
        },
    )
    assert answer.status_code == 302
    return Election.objects.get()


def test_a_delegate_calls_names_another_and_votes(council: Cast, clock):
    client = in_english(council.elena)
    election = called(council, client)
    page = client.get(f"/elections/{election.uuid}/nominate/")
    assert "Carmen Soto" in page.text and "Hugo Tapia" not in page.text
    client.post(f"/elections/{election.uuid}/nominate/", {"nominee": str(council.elena.uuid), "statement": "Voy."})
    clock.move_to(NOMINATIONS_CLOSE)
    poll = at_hour(election, NOMINATIONS_CLOSE).poll
    assert poll is not None
    booth = client.get(f"/votes/{poll.uuid}/")
    assert "This body votes by name" in booth.text and "Is my vote secret?" not in booth.text
    receipt = client.post(f"/votes/{poll.uuid}/cast/", {"marks": ["1"]})
    assert receipt.status_code == 201 and "key is destroyed" not in receipt.text


def test_members_of_its_workplaces_read_who_voted_what_after_the_close(council: Cast, clock):
    client = in_english(council.elena)
    election = called(council, client)
    client.post(f"/elections/{election.uuid}/nominate/", {"nominee": str(council.elena.uuid)})
    poll = at_hour(election, NOMINATIONS_CLOSE).poll
    assert poll is not None
    cast_named_vote(poll=poll, by=council.carmen, marks=["1"], at=NOMINATIONS_CLOSE)
    client = in_english(council.hugo)
    clock.move_to(NOMINATIONS_CLOSE)
    open_page = client.get(f"/votes/{poll.uuid}/")
    assert "Who voted what" not in open_page.text and "vote here, by name" in open_page.text
    assert str(poll.uuid) not in client.get("/").text
    assert "Its delegates vote, by name" in client.get("/votes/").text
    later = AFTER.replace(hour=23)
    clock.move_to(later)
    outcome.bring_up_to_date(poll=poll, at=later)
    page = client.get(f"/elections/{election.uuid}/")
    assert page.text.index("Who voted what") < page.text.index("Carmen Soto</th>")
    assert "did not vote" in page.text  # Elena
    client = in_english(council.nora)
    assert client.get(f"/elections/{election.uuid}/").status_code == 404
    assert client.get(f"/votes/{poll.uuid}/").status_code == 404
