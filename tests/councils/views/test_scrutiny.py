"""Pages of the scrutineers' key: the papers are the answer itself, and wrong shares lose nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from councils.domain.outcome import bring_up_to_date
from councils.enums import PollState
from councils.models import Member, Poll, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import AFTER, scheduled, vote

pytestmark = pytest.mark.django_db


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    client.cookies["django_language"] = "en"
    return client


def test_from_the_papers_to_the_result(cast: Cast):
    RuleSet.objects.create(
        body=cast.assembly, version=9, rules={"scrutineers": {"needed": 2, "of": 3}}, in_force_from=NOW
    )
    poll = scheduled(cast.assembly, opens_at=NOW + dt.timedelta(hours=1))
    key = f"/votes/{poll.uuid}/key/"
    client = signed_in(cast.elena)
    with time_machine.travel(NOW, tick=False):
        assert "The drill is still to come" in client.get(key).content.decode()
        people = {f"person_{n}": str(m.uuid) for n, m in enumerate((cast.carmen, cast.pedro, cast.rosa), 1)}
        assert client.post(key + "shares/", people | {"person_3": people["person_1"]}).status_code == 422
        answer = client.post(key + "shares/", people)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
        papers = re.findall(r'<p class="share">([0-9A-Z-]+)</p>', answer.content.decode())
        assert len(papers) == 3
        assert "another person does the drill" in client.get(key).content.decode()
        client = signed_in(cast.hugo)
        wrong = client.post(key + "drill/", {"share_1": papers[0], "share_2": "nonsense"})
        assert (wrong.status_code, "Share 2 cannot be read" in wrong.content.decode()) == (422, True)
        assert client.post(key + "drill/", {"share_1": papers[0], "share_2": papers[2]}).status_code == 302
    with time_machine.travel(poll.opens_at, tick=False):
        poll = bring_up_to_date(poll=Poll.objects.get(pk=poll.pk), at=poll.opens_at)
        vote(poll, {m: ["yes"] for m in (cast.carmen, cast.pedro, cast.rosa)}, at=poll.opens_at)
    with time_machine.travel(AFTER + dt.timedelta(days=1), tick=False):
        client = signed_in(cast.elena)
        assert "waits for its scrutineers" in client.get(f"/votes/{poll.uuid}/").content.decode()
        assert client.post(key + "unlock/", {"share_1": papers[1], "share_2": papers[0]}).status_code == 302
    assert Poll.objects.get(pk=poll.pk).state == PollState.DECLARED
    assert not any(paper in str(session.get_decoded()) for session in Session.objects.all() for paper in papers)


def test_page_is_for_votes_with_scrutineers_and_those_who_may_see_them(cast: Cast):
    poll = scheduled(cast.assembly)
    with time_machine.travel(NOW, tick=False):
        assert signed_in(cast.elena).get(f"/votes/{poll.uuid}/key/").status_code == 404
        assert signed_in(cast.olga).get(f"/votes/{poll.uuid}/key/").status_code == 404
