"""The keeper of the installation, and the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.builders import NOW
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is NOW: pages read the clock."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana(client: Client, cast: Cast) -> Client:
    """The keeper, signed in."""
    client.force_login(cast.ana)
    return client
