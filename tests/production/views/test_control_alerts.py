"""The control room shows alerts that came up to the nation, and no trace of any other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from production.domain import escalation
from production.domain.alert import raise_alert, settle_alert
from production.domain.alert_level import hand_back
from production.domain.pulse import current_token
from production.domain.summary import beat, take_turn
from production.models import Alert
from tests.alerts import DAY, HOUR, Levels, holder, levels, opened
from tests.builders import NOW
from tests.conftest import Cast

Board = Callable[[], str]


@pytest.fixture
def above(cast: Cast) -> Levels:
    return levels(cast)


@pytest.fixture
def board(cast: Cast, client: Client, time_machine) -> Board:
    """What Nora sees, who works in another cordón."""
    client.force_login(cast.nora)
    client.cookies["django_language"] = "en"

    def look() -> str:
        time_machine.move_to(NOW, tick=False)
        text = client.get(reverse("control_board")).content.decode()
        return re.sub(r'value="\w{64}"', "", text)

    return look


@pytest.fixture
def token(transactional_db: None) -> Callable[[], object]:
    with transaction.atomic():
        beat(take_turn())
    return current_token


def climb(alert: Alert, times: int) -> None:
    """Its time runs out so often; all of it before NOW."""
    for _n in range(times):
        due = holder(alert).due_at
        assert due is not None
        escalation.bring_up_to_date(alert=alert, at=due)


def test_nothing_of_an_alert_below_the_nation_is_there(cast: Cast, above: Levels, board: Board):
    calm = board()
    alert = opened(cast, NOW - 90 * DAY)
    for n, level in enumerate((cast.committee, cast.council, above.provincial), start=1):
        assert holder(alert).body == level
        # no time is over while the page is read, so that reading takes no step
        alert.holds.filter(until_at=None).update(due_at=NOW + n * DAY)
        assert board() == calm
        escalation.bring_up_to_date(alert=alert, at=NOW + n * DAY)
    assert holder(alert).body == above.national
    alert.holds.filter(until_at=None).update(from_at=NOW - HOUR)
    assert board() != calm


def test_what_came_up_to_the_nation_is_named_with_its_clock_and_a_red_cell(cast: Cast, above: Levels, board: Board):
    alert = opened(cast, NOW - 90 * DAY)
    climb(alert, 3)
    alert.holds.filter(until_at=None).update(from_at=NOW - HOUR, due_at=NOW + 2 * DAY)
    text = board()
    assert "Cristalerías de Chile: Arena sílice en bodega" in text
    assert reverse("alert", args=[alert.uuid]) in text
    assert text.count('class="h a"') == 1
    hand_back(alert=alert, text="lleguen a acuerdo con Perlak", by=above.nino, at=NOW)
    text = board()
    assert "The workplace has it again" in text
    assert text.count('class="h a"') == 0
    settle_alert(alert=alert, text="llegó", by=cast.elena, at=NOW + HOUR)
    assert "Arena sílice" not in board()


def test_open_pages_are_woken_for_the_nation_and_for_nothing_below(
    token: Callable[[], object], cast: Cast, above: Levels
):
    still = token()
    alert = opened(cast, NOW)
    climb(alert, 2)
    assert (holder(alert).body, token()) == (above.provincial, still)
    climb(alert, 1)
    came = token()
    assert came != still
    due = holder(alert).from_at
    hand_back(alert=alert, text="pidan camiones", by=above.nino, at=due + HOUR)
    down = token()
    assert down != came
    climb(alert, 1)
    assert (holder(alert).body, token()) == (cast.council, down)
    settle_alert(alert=alert, text="llegó", by=cast.elena, at=holder(alert).from_at + HOUR)
    assert token() != down


def test_a_board_with_one_alert_costs_as_many_queries_as_with_five(cast: Cast, above: Levels, board: Board):
    climb(opened(cast, NOW - 90 * DAY), 3)
    board()
    with CaptureQueriesContext(connection) as one:
        board()
    for _n in range(4):
        alert = raise_alert(place=cast.cristalerias, title="gas", by=cast.carmen, at=NOW - 90 * DAY, danger=True)
        climb(alert, 2)
    board()  # what is due is taken by the first who looks
    with CaptureQueriesContext(connection) as five:
        board()
    assert len(five) == len(one)
