"""``manage.py demo``: what it says around the demonstration."""

from __future__ import annotations

import datetime as dt
import socket

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from councils.domain import audit
from councils.management.serving import serving
from councils.models import AuditEvent, Territory
from production.demo.build import BEGUN, BUILT
from tests import builders as b
from tests.builders import NOW


@pytest.fixture(autouse=True)
def english(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def built(transactional_db):
    """As little as counts as a demonstration."""
    for verb in (BEGUN, BUILT):
        audit.record(verb=verb, by=None, at=NOW - dt.timedelta(days=1), body=None, subject=None)
    b.workplace("Perlak", None)


def test_the_data_are_not_thrown_away_under_a_server_and_what_went_is_said(built, capsys):
    with serving(), pytest.raises(CommandError, match="Stop it first"):
        call_command("demo", throw_away=True)
    assert Territory.objects.exists()
    call_command("demo", throw_away=True)
    assert (Territory.objects.exists(), AuditEvent.objects.exists()) == (False, False)
    said = capsys.readouterr().out
    assert "1 workplaces, 0 people, 0 figures, 0 votes with their keys." in said


def test_a_taken_port_is_answered_with_the_command_that_was_typed(built):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="PORT=9000 make demo"):
        call_command("demo", port=taken.getsockname()[1])
