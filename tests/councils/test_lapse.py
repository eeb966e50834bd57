"""A term ends by the clock at every read: powers, rolls, lists and badges, with no job having run."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from councils import permissions
from councils.domain.waiting import waiting_for
from councils.enums import BodyKind
from councils.models import Body, Job, Seat
from councils.models.electorate import bodies_voting_with, electors, is_elector, may_stand
from production.domain.overview import council_of
from production.domain.representative import representatives_of
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_council_election import in_english
from tests.questions import put

SECOND = dt.timedelta(seconds=1)
END = NOW + dt.timedelta(days=200)
#: What a seat in the committee lets her do, and on what.
POWERS = {
    "call_election": "assembly",
    "see_moderation": "assembly",
    "admit_member": "cristalerias",
    "import_roll": "cristalerias",
    "request_codes": "cristalerias",
    "found_section": "cristalerias",
    "consult_electorate": "assembly",
    "enter_mandate": "assembly",
    "put_question": "council",
}


@pytest.fixture
def nation(cast: Cast) -> Body:
    """Elena's seat above stands on the one in the cordón's council, and has the longer term. Hugo goes on."""
    body = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    below = Seat.objects.get(holder=cast.elena, body=cast.council)
    builders.seat(cast.elena, body, cast.council, cast.vicuna, through=below, term_ends_at=END + dt.timedelta(days=99))
    Seat.objects.filter(holder=cast.hugo).update(term_ends_at=END + dt.timedelta(days=99))
    return body


def powers(cast: Cast, at: dt.datetime) -> set[str]:
    return {verb for verb, on in POWERS.items() if permissions.may(verb, by=cast.elena, on=getattr(cast, on), at=at)}


def test_powers_end_with_the_term(cast: Cast, nation: Body):
    assert powers(cast, END - SECOND) == set(POWERS)
    assert powers(cast, END) == set()
    assert not Job.objects.filter(done_at__isnull=False).exists()


def test_rolls_and_lists_end_with_the_term(cast: Cast, nation: Body):
    found = {}
    for at in (END - SECOND, END):
        found[at] = [
            *(cast.elena.pk in electors(body, at) for body in (cast.council, nation, cast.committee)),
            *(is_elector(cast.elena, body, at) for body in (cast.council, nation, cast.committee)),
            may_stand(cast.elena, cast.council, at),
            cast.council in bodies_voting_with(cast.elena, at),
            cast.elena in [seat.holder for seat in representatives_of(workplace=cast.cristalerias, at=at)],
            cast.elena in [seat.holder for seat in council_of(place=cast.vicuna, at=at)[1]],
            cast.elena in [seat.holder for seat in council_of(place=cast.nation, at=at)[1]],
        ]
    assert set(found[END - SECOND]) == {True} and set(found[END]) == {False}


def test_pages_end_with_the_term(cast: Cast, nation: Body):
    seat = Seat.objects.get(holder=cast.elena, body=cast.council)
    council, delegate = f"/councils/{cast.council.uuid}/", f"/delegates/{seat.uuid}/"
    #: Page, reader, and what only a held seat puts there.
    signs = [
        ("/", cast.carmen, "Elena Paillán"),
        (council, cast.carmen, "Elena Paillán"),
        (f"/workplaces/{cast.cristalerias.uuid}/", cast.carmen, "Elena Paillán"),
        (f"/cordones/{cast.vicuna.uuid}/", cast.carmen, "Elena Paillán"),
        (council, cast.elena, "Put a question"),
        (delegate, cast.elena, "Resign the seat"),
        ("/account/", cast.elena, "My seats"),
    ]
    shown: dict[dt.datetime, list[bool]] = {}
    for at in (END - SECOND, END):
        with time_machine.travel(at, tick=False):
            shown[at] = [sign in in_english(reader).get(url).text for url, reader, sign in signs]
    assert shown == {END - SECOND: [True] * len(signs), END: [False] * len(signs)}
    with time_machine.travel(END, tick=False):
        assert "The seat has ended" in in_english(cast.carmen).get(delegate).text
        refused = [f"/workplaces/{cast.cristalerias.uuid}/people/admit/", f"{council}questions/new/"]
        assert [in_english(cast.elena).get(url).status_code for url in refused] == [403, 403]


def test_what_waits_goes_by_the_seat_at_the_opening(cast: Cast, nation: Body):
    opens = END - dt.timedelta(hours=1)
    poll = put(cast, opens_at=END, closes_at=END + dt.timedelta(days=3)).poll  # it opens when her term is over
    later = put(cast, "¿Otro?", opens_at=opens, closes_at=END + dt.timedelta(days=3)).poll
    urls = [task.url for task in waiting_for(member=cast.elena, at=END)]
    assert f"/votes/{poll.uuid}/" not in urls  # nobody is on its roll
    assert f"/votes/{later.uuid}/" in urls  # she sat there when it opened
