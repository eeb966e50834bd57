"""The committee adds a section by hand."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from councils.clock import local_day
from councils.domain.territory import sections_of
from councils.models import AuditEvent
from tests.builders import NOW


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("who", "status"),
    [("elena", 200), ("hugo", 200), ("carmen", 403), ("rosa", 403), ("nora", 404), ("olga", 404), ("ana", 404)],
)
def test_sections_page_by_role(client, cast, who, status):
    client.force_login(getattr(cast, who))
    address = reverse("sections", args=[cast.cristalerias.uuid])
    assert client.get(address).status_code == status
    assert client.post(address, {"name": "Empaque"}).status_code == (302 if status == 200 else status)
    names = [place.name for place in sections_of(cast.cristalerias, local_day(NOW))]
    assert names == (["Empaque", "Hornos"] if status == 200 else ["Hornos"])


def test_section_is_in_the_log_and_twice_is_refused(client, cast):
    client.force_login(cast.elena)
    client.cookies["django_language"] = "en"
    address = reverse("sections", args=[cast.cristalerias.uuid])
    page = client.post(address, {"name": " hornos "}).content.decode()
    assert "There is already a" in page and 'value=" hornos "' in page
    client.post(address, {"name": "Bodega"})
    event = AuditEvent.objects.get(verb="found_territory")
    assert (event.actor, event.detail) == (cast.elena, {"name": "Bodega"})
    assert "Founded Bodega." in client.get(reverse("log", args=[cast.committee.uuid])).content.decode()
