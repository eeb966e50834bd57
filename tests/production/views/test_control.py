"""The control room: the nation in sums, live."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import re
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from http.cookies import SimpleCookie

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections
from django.http.response import HttpResponseBase
from django.test import AsyncClient, Client
from django.urls import reverse

from councils.enums import TerritoryKind
from councils.models import Body, Membership, Poll, RollEntry, RuleSet, Territory
from production.models import Pulse
from production.views import fan_out
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.production.views.test_cordon import page
from tests.sums import TODAY


@pytest.fixture
def clock() -> Iterator[None]:
    """The page is opened on NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def country(cast: Cast, clock: None) -> Cast:
    """Four mills in each cordón."""
    sums.mills(cast.cerrillos, 4, cast.bottles, sector=cast.food)
    sums.mills(cast.vicuna, 4, cast.bottles, 10, sector=cast.glass)
    sums.roll_up()
    return cast


def test_control_shows_the_nation_its_cordones_and_its_branches(country: Cast):
    text = page(country.olga, "control")
    assert "Envases buenos: 452 miles" in text
    assert "Cerrillos-Maipú 406 miles 4/4 4/4 4/5" in text  # the answers in two cuts; Perlak has no figure, no report
    assert "Vicuña Mackenna 46 miles 4/4 4/4 4/5" in text
    assert "8 de 10 informaron hoy" in text
    assert "Alimentos 406 miles 4/4" in page(country.olga, "control", of="sector")


def test_tree_of_the_control_room_is_indented_by_level(country: Cast, client: Client):
    client.force_login(country.olga)
    rows = re.findall(
        r'<tr class="gr (d\d)">\s*<th scope="row">(?:<a [^>]*>)?([^<]+)<',
        client.get(reverse("control")).content.decode(),
    )
    assert rows == [("d0", "Chile"), ("d1", "Cerrillos-Maipú"), ("d1", "Vicuña Mackenna")]


def test_control_without_figures_is_a_page_too(cast: Cast, clock: None):
    assert "Aún sin cifras" in page(cast.olga, "control")


def test_lone_workplace_sees_of_a_nation_what_an_outsider_sees(country: Cast):
    """Not her own report, which is in no sum of it, nor more than anybody else."""
    b.membership(country.pedro, alone := b.workplace("Taller solo", None))
    Membership.objects.filter(member=country.pedro).exclude(territory=alone).delete()
    b.series(alone, country.bottles)
    sums.say(alone, TODAY, 7391)
    sums.roll_up()
    text = page(country.pedro, "control")
    assert text.replace("Pedro", "Olga") == page(country.olga, "control")
    assert "Taller solo" not in text
    assert "7391" not in text


def test_installation_without_a_nation_has_no_control_room(cast: Cast, client: Client):
    Territory.objects.filter(kind=TerritoryKind.NATION).update(kind=TerritoryKind.PROVINCE)
    client.force_login(cast.olga)
    assert client.get(reverse("control")).status_code == 404


def test_control_reloads_without_script(country: Cast, client: Client):
    client.force_login(country.olga)
    assert '<noscript><meta http-equiv="refresh"' in client.get(reverse("control")).content.decode()


def test_board_is_the_page_without_its_frame(country: Cast, client: Client):
    client.force_login(country.olga)
    whole = client.get(reverse("control")).content.decode()
    board = client.get(reverse("control_board")).content.decode()
    panels, _sep, updated = board.partition('<span id="updated" hx-swap-oob="true">')
    assert panels.strip() in whole
    assert "informaron hoy" in updated


@pytest.mark.parametrize(
    ("electors", "said"), [(99, "99 electores: la participación se publica al cierre"), (100, "Han votado 1 de 100")]
)
def test_turnout_of_an_open_vote_is_shown_from_a_hundred_electors_on(cast: Cast, clock: None, electors: int, said: str):
    body = Body.objects.assembly_of(cast.cristalerias)
    poll = Poll.objects.create(
        body=body, rule_set=RuleSet.objects.get(body=body), kind="yes_no", state="open", question="¿Turno de noche?",
        opens_at=NOW - dt.timedelta(hours=1), closes_at=NOW + dt.timedelta(hours=5), public_key=b"k" * 32,
        roll_size=electors, quorum_base=electors,
    )  # fmt: skip
    RollEntry.objects.create(poll=poll, member=cast.carmen, voted=True)
    text = page(cast.carmen, "control")
    assert "¿Turno de noche?" in text
    assert said in text
    assert "Turno de noche" not in page(cast.nora, "control")  # another workplace's vote is not hers to see


# --- live ------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, with shorter waits."""
    monkeypatch.setattr(fan_out, "EVERY", 0.01)
    monkeypatch.setattr(fan_out, "REST", 0.01)
    monkeypatch.setattr(fan_out, "SIGN_OF_LIFE", 0.2)


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID | Exception]:
    """What the reader of the pulse finds: the last entry, however often it looks. (A thread of its own
    does not see the transaction of a test.)"""
    found: list[uuid.UUID | Exception] = [uuid.uuid4()]

    def look() -> uuid.UUID:
        if isinstance(found[-1], Exception):
            raise found[-1]
        return found[-1]

    monkeypatch.setattr(fan_out, "_read_token", look)
    return found


def in_a_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """An ``async`` test as a plain one."""

    @functools.wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


async def next_event(stream: AsyncIterator[str]) -> str:
    """The next line that is not a sign of life."""
    while True:
        line = await asyncio.wait_for(anext(stream), 10)
        if line != fan_out.ALIVE:
            return line


@in_a_loop
async def test_stream_says_figures_changed_and_nothing_else(quick: None, beats: list[uuid.UUID | Exception]):
    first, second = fan_out.figures_changed(), fan_out.figures_changed()
    assert [await anext(first), await anext(second)] == ["retry: 3000\n\n"] * 2
    waiting = [asyncio.create_task(next_event(stream)) for stream in (first, second)]
    await asyncio.sleep(0.1)
    assert fan_out.fan_out().pages == 2
    beats.append(uuid.uuid4())
    assert [await task for task in waiting] == ["event: figures\ndata: changed\n\n"] * 2
    await first.aclose()
    await second.aclose()
    assert fan_out.fan_out().pages == 0


@in_a_loop
async def test_stream_outlives_the_database(quick: None, beats: list[uuid.UUID | Exception]):
    stream = fan_out.figures_changed()
    await anext(stream)
    waiting = asyncio.create_task(next_event(stream))
    await asyncio.sleep(0.05)
    beats.append(OperationalError("the server closed the connection"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    beats.append(uuid.uuid4())
    assert await waiting == fan_out.CHANGED
    await stream.aclose()


@in_a_loop
async def test_stream_gives_signs_of_life_and_ends(
    quick: None, beats: list[uuid.UUID | Exception], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fan_out, "SIGN_OF_LIFE", 0.02)
    monkeypatch.setattr(fan_out, "LONGEST", 0.1)
    lines = [line async for line in fan_out.figures_changed()]
    assert (lines[0], set(lines[1:])) == ("retry: 3000\n\n", {fan_out.ALIVE})


@in_a_loop
async def test_stream_ends_when_the_server_stops(
    quick: None, beats: list[uuid.UUID | Exception], monkeypatch: pytest.MonkeyPatch
):
    stream = fan_out.figures_changed()
    await anext(stream)
    monkeypatch.setattr(fan_out, "is_stopping", lambda: True)
    assert [line async for line in stream if line != fan_out.ALIVE] == []


@pytest.mark.django_db(transaction=True)
def test_stream_is_an_event_stream_that_nobody_keeps(beats: list[uuid.UUID | Exception]):
    signed_in = Client()
    signed_in.force_login(b.member("olga"))
    answer, first = asyncio.run(_open_stream(signed_in.cookies))
    assert (answer.status_code, answer["Content-Type"], first) == (200, "text/event-stream", b"retry: 3000\n\n")
    assert answer["Cache-Control"] == "no-store, private"
    assert "ETag" not in answer


async def _open_stream(cookies: SimpleCookie) -> tuple[HttpResponseBase, bytes]:
    """The answer to a signed-in browser, and the first thing it says."""
    client = AsyncClient()
    client.cookies = cookies
    answer = await client.get(reverse("control_stream"))
    stream = aiter(answer.streaming_content)
    first = await anext(stream)
    await stream.aclose()
    await sync_to_async(connections.close_all)()  # of the thread in which the view's middleware ran
    return answer, first


@pytest.mark.django_db(transaction=True)
def test_pulse_is_read_in_another_thread():
    beat = Pulse.objects.create()
    assert asyncio.run(_read_elsewhere()) == beat.token


async def _read_elsewhere() -> uuid.UUID | None:
    return await asyncio.to_thread(fan_out._read_token)
