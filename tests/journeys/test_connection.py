"""The control room when the connection is lost and when it is back, with the stream and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Site

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("stream", [True, False])
def test_control_room_says_that_the_connection_is_lost_and_back(
    site: Site, world: dict[str, str], visitor: Enter, stream: bool
) -> None:
    with visitor(site, "hugo", width=1280, language="en") as hugo:
        if not stream:
            hugo.page.add_init_script("delete window.EventSource")
        says = hugo.go("/control/").locator("#live")
        expect(says).to_have_text("")
        figures = hugo.page.locator("#updated time").inner_text().split()[-1][:5]
        hugo.page.context.set_offline(True)
        expect(says).to_have_text(re.compile(rf"^No connection since \d\d:\d\d: figures of {figures}\.$"))
        expect(says).to_have_attribute("role", "status")
        hugo.page.context.set_offline(False)
        expect(says).to_have_text(re.compile(r"^The connection is back since \d\d:\d\d\.$"))
        assert all("ERR_INTERNET_DISCONNECTED" in f or "htmx" in f for f in hugo.faults), hugo.faults
        hugo.faults.clear()
