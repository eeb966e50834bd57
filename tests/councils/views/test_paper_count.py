"""Pages of votes on paper: where it is held, the form of the count, the countersignature, what the result says."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from councils.counting.paper import HandCount
from councils.enums import PollKind, PollState
from councils.models import Member, PaperCount, Poll, Proposal, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.papers import CLOSED, LIMIT, counted, entered, on_paper
from tests.proposals import draft
from tests.votes import crowd

pytestmark = pytest.mark.django_db
YES_NO = {"papers": "4", "blank": "1", "votes_yes": "2", "votes_no": "1", "votes_abstain": "0", "spoilt": "0"}
BLT = "3 1\n2 1 2 0\n1 3 0\n1 0\n0\n"


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    client.cookies["django_language"] = "en"
    return client


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def test_page_says_where_and_offers_no_ballot(cast: Cast):
    poll = on_paper(cast)
    page = text_of(signed_in(cast.carmen), f"/votes/{poll.uuid}/")
    assert "You vote in the hall, on paper; nothing is cast here." in page and "Cast:" not in page
    assert "Say where it is held" not in page
    committee = signed_in(cast.elena)
    assert "Say where it is held" in text_of(committee, f"/votes/{poll.uuid}/")
    committee.post(f"/votes/{poll.uuid}/place/", {"place": "En el casino, 7:00 a 19:00"})
    assert "En el casino, 7:00 a 19:00" in text_of(signed_in(cast.carmen), f"/votes/{poll.uuid}/")
    assert signed_in(cast.carmen).post(f"/votes/{poll.uuid}/place/", {"place": "x"}).status_code == 403
    for act in ("review", "cast"):
        assert signed_in(cast.carmen).post(f"/votes/{poll.uuid}/{act}/", {"choice": "yes"}).status_code in (200, 409)
    assert not poll.roll.voted().exists()


def test_turnout_is_not_known_here_while_it_is_open(cast: Cast):
    crowd(cast, 100)
    page = text_of(signed_in(cast.carmen), f"/votes/{on_paper(cast).uuid}/")
    assert "have voted" not in page and "Turnout is published at the close." in page


def test_one_enters_another_countersigns_and_the_result_says_so(cast: Cast, at):
    poll = on_paper(cast)
    at.move_to(CLOSED)
    count = f"/votes/{poll.uuid}/count/"
    elena, hugo = signed_in(cast.elena), signed_in(cast.hugo)
    assert "Enter the count" in text_of(elena, f"/votes/{poll.uuid}/")
    assert elena.post(count, YES_NO).status_code == 302
    assert "You entered it yourself" in text_of(elena, count)
    page = text_of(hugo, count)
    assert "By Elena Paillán" in page and "Papers in the box 4 Yes 2 No 1 Abstain 0 Blank papers 1" in page
    row = PaperCount.objects.get()
    assert elena.post(f"/votes/counts/{row.uuid}/countersign/").status_code == 409
    assert hugo.post(f"/votes/counts/{row.uuid}/countersign/")["Location"] == f"/votes/{poll.uuid}/"
    poll.refresh_from_db()
    assert poll.state == PollState.DECLARED
    page = text_of(signed_in(cast.carmen), f"/votes/{poll.uuid}/")
    assert "Counted on paper; entered by Elena Paillán, countersigned by Hugo Tapia." in page
    assert "Yes 2" in page and "List of counted codes" not in page
    assert signed_in(cast.carmen).get(f"/votes/{poll.uuid}/export/").status_code == 200


def test_nothing_of_the_count_is_seen_before_it_is_countersigned(cast: Cast, at):
    poll = on_paper(cast)
    at.move_to(CLOSED)
    entered(poll, cast.elena, HandCount(5, 5, 0, 0, {"yes": 4, "no": 1, "abstain": 0}))
    page = text_of(signed_in(cast.carmen), f"/votes/{poll.uuid}/")
    assert "Elena Paillán has entered it" in page and "Result" not in page and "Yes 4" not in page
    assert signed_in(cast.carmen).get(f"/votes/{poll.uuid}/count/").status_code == 403


@pytest.mark.parametrize("who", ["nora", "olga", "ana"])
def test_outsiders_find_nothing(cast: Cast, at, who):
    poll = on_paper(cast)
    at.move_to(CLOSED)
    row, client = entered(poll, cast.elena), signed_in(getattr(cast, who))
    for url in (f"/votes/{poll.uuid}/count/", f"/votes/{poll.uuid}/place/", f"/votes/counts/{row.uuid}/countersign/"):
        assert client.post(url, YES_NO).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"papers": "6", "votes_yes": "4"}, "more papers than people"),
        ({"votes_yes": "3"}, "do not add up"),
        ({"blank": "5"}, "more than all papers"),
        ({"papers": ""}, "Papers in the box"),
        ({"papers": "-1"}, "Papers in the box"),
        ({"votes_no": "x"}, "No:"),
        ({"spoilt": "9" * 40}, "Spoilt papers"),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence(cast: Cast, at, changed, said):
    poll = on_paper(cast)
    at.move_to(CLOSED)
    answer = signed_in(cast.elena).post(f"/votes/{poll.uuid}/count/", {**YES_NO, **changed})
    assert answer.status_code == 422 and said in html.unescape(answer.content.decode())
    assert not PaperCount.objects.exists()


def ranked(cast: Cast, at, **given: Any) -> Any:
    poll = on_paper(cast, PollKind.STV)
    at.move_to(CLOSED)
    data = {"papers": "4", "spoilt": "0", "text": "", **given}
    return signed_in(cast.elena).post(f"/votes/{poll.uuid}/count/", data)


@pytest.mark.parametrize("as_file", [True, False])
def test_ranked_papers_come_as_blt(cast: Cast, at, as_file):
    given = {"file": SimpleUploadedFile("a.blt", BLT.encode())} if as_file else {"text": BLT}
    assert ranked(cast, at, **given).status_code == 302
    row = PaperCount.objects.get()
    assert (row.blank, row.rankings) == (1, [[["1", "2"], 2], [["3"], 1]])
    page = text_of(signed_in(cast.hugo), f"/votes/{row.poll.uuid}/count/")
    assert "Rosa Marín > Luis Carrasco 2 Marta Oyarzún 1" in page
    signed_in(cast.hugo).post(f"/votes/counts/{row.uuid}/countersign/")
    page = text_of(signed_in(cast.carmen), f"/votes/{row.poll.uuid}/")
    assert "The ballots, without names" in page or "countersigned by Hugo Tapia" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the papers"),
        ("x", "Line 1 of the papers"),
        ("3 1\n2 1 9 0\n0\n", "Line 2 of the papers"),
        ("3 2\n4 1 0\n0\n", "3 candidates and 1 seats"),
        ("2 1\n4 1 0\n0\n", "3 candidates and 1 seats"),
        ("3 1\n-2\n4 1 0\n0\n", "nobody has withdrawn"),
        ('3 1\n4 1 0\n0\n"Marta"\n"Luis"\n"Rosa"\n', "The names are not those of the paper"),
        ("3 1\n3 1 0\n0\n", "do not add up"),
    ],
)
def test_ranked_papers_that_are_not_of_this_vote_are_refused(cast: Cast, at, text, said):
    answer = ranked(cast, at, text=text)
    assert answer.status_code == 422 and said in html.unescape(answer.content.decode())


def test_void_says_what_happens_next(cast: Cast, at):
    poll = on_paper(cast)
    at.move_to(LIMIT)
    assert "nobody entered and countersigned its count in seven days" in text_of(
        signed_in(cast.carmen), f"/votes/{poll.uuid}/"
    )
    assert Poll.objects.get().state == PollState.VOID


def test_paper_is_offered_where_it_may_be_chosen(cast: Cast):
    proposal, client, elena = draft(cast), signed_in(cast.carmen), signed_in(cast.elena)
    page, call = f"/proposals/{proposal.uuid}/", f"/elections/call/{cast.assembly.uuid}/"
    assert ('name="on_paper"' in client.get(page).content.decode()) is False
    assert ('name="on_paper"' in elena.get(call).content.decode()) is False
    RuleSet.objects.filter(body=cast.assembly).update(rules={"secrecy": "choice"})
    assert 'name="on_paper"' in client.get(page).content.decode()
    assert 'name="on_paper"' in elena.get(call).content.decode()
    client.post(f"{page}submit/", {"on_paper": "yes"})
    poll = Proposal.objects.get().poll
    assert poll is not None and poll.secrecy == "paper"


def test_an_urn_has_no_count_on_paper(cast: Cast):
    poll = counted(cast, on_paper(cast))
    assert signed_in(cast.elena).get(f"/votes/{poll.uuid}/count/").status_code == 200
    Poll.objects.update(secrecy="named")
    assert signed_in(cast.elena).get(f"/votes/{poll.uuid}/count/").status_code == 404
