"""What pages tell of the rules of seats before anybody stands or votes."""

from __future__ import annotations

import pytest
import time_machine

from councils.models import Poll, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_terms import held
from tests.councils.domain.test_vacancy import elected
from tests.councils.views.test_council_election import in_english
from tests.elections import AFTER, NOMINATIONS_CLOSE, at_hour, called, marked, standing, voting

RULES = {"consecutive_terms": 1, "incompatible": [["committee", "cordon_council"]]}


@pytest.fixture
def at():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def test_nomination_page_tells_terms_and_what_is_left(cast: Cast, at):
    RuleSet.objects.filter(body=cast.assembly).update(rules=RULES)
    held(cast, 1, cast.carmen)
    election = called(cast)
    standing(election, cast.hugo)
    url = f"/elections/{election.uuid}/"
    hers = in_english(cast.carmen).get(f"{url}nominate/").text
    assert "Carmen Soto has sat there for 1 term" in hers and "I stand" not in hers
    assert "Nobody holds a seat in both at once" in hers
    for page in (f"{url}nominate/", url):
        assert "Hugo Tapia holds another seat" in in_english(cast.pedro).get(page).text
    answer = in_english(cast.pedro).post(f"{url}nominate/", {"nominee": str(cast.carmen.uuid)})
    assert answer.status_code == 422 and "has sat there for 1 term" in answer.text


def test_booth_tells_what_a_candidate_would_leave(cast: Cast, at):
    RuleSet.objects.filter(body=cast.assembly).update(rules=RULES)
    poll = voting(cast, cast.hugo, cast.carmen).poll
    assert poll is not None
    at.move_to(NOMINATIONS_CLOSE)
    assert "Hugo Tapia holds another seat" in in_english(cast.pedro).get(f"/votes/{poll.uuid}/").text


def test_result_names_substitutes(cast: Cast, at):
    election = elected(cast, substitutes=2)
    at.move_to(AFTER)
    page = in_english(cast.carmen).get(f"/elections/{election.uuid}/").text
    assert "Substitutes" in page and "<ol" in page and "Each seat has up to 2 substitutes" in page


def test_result_of_a_ranked_vote_names_them_by_seat(cast: Cast, at):
    election = elected(cast, ranked=True, substitutes=1)
    first, second = election.poll.result["elected"]
    other = next(o["id"] for o in election.poll.options if o["id"] not in (first, second))
    planted = {second: [], first: [other]}  # in an order that is not that of their election
    Poll.objects.filter(election=election).update(result=election.poll.result | {"substitutes": planted})
    at.move_to(AFTER)
    page = in_english(cast.carmen).get(f"/elections/{election.uuid}/").text
    names = {o["id"]: o["label"] for o in election.poll.options}
    assert 0 < page.index(f"Of {names[first]}") < page.index(f"Of {names[second]}")
    assert "the ballots do not say who would follow" in page


def test_result_of_few_ballots_says_why_there_are_none(cast: Cast, at):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"substitutes": 2})
    election = voting(cast)
    marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa, cast.pedro]})
    election = at_hour(election, AFTER)
    at.move_to(AFTER)
    assert "an order of substitutes would tell" in in_english(cast.carmen).get(f"/elections/{election.uuid}/").text
