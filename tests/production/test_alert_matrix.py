"""Role × address × time: who sees an alert, and what others see of it before its time: nothing, byte for byte."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from councils.domain import job
from councils.models import AgendaItem, AuditEvent, Job
from production.domain.alert import (
    explain_alert,
    revise_alert,
)
from production.domain.alert_level import hand_back
from production.domain.alert_motion import ask_extension
from production.domain.escalation import take_due_steps
from production.models import Alert
from tests.alerts import DAY, Levels, evidence, finding, levels, opened, raised
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

#: The first level at which each sees it; None: never.
FROM_LEVEL: dict[str, int | None] = {
    "carmen": 0,  # works there
    "hugo": 0,  # sits in its committee
    "vera": 1,  # works in another workplace of the cordón
    "dora": 1,  # delegate to its council
    "nora": 2,  # works in another cordón of the province
    "paula": 2,  # sits in the provincial coordination
    "nino": 3,  # sits in the national council
    "olga": None,  # belongs nowhere
    "ana": None,  # keeps the installation
}
INSIDE = {who for who, level in FROM_LEVEL.items() if level == 0}


@pytest.fixture
def above(cast: Cast) -> Levels:
    return levels(cast)


def person(cast: Cast, above: Levels, who: str):
    return getattr(cast, who, None) or getattr(above, who)


def as_member(client: Client, member) -> Client:
    client.force_login(member)
    client.cookies["django_language"] = "en"
    return client


# --- who sees it, when ------------------------------------------------------------------------------

TEXT = "Una frase con sentido."
#: Every address of one alert with something valid to send; None: it is only read.
ADDRESSES: dict[str, dict[str, str] | None] = {
    "alert": None,
    "alert_acknowledge": {},
    "alert_answer": {"text": TEXT, "go": "here"},
    "alert_help": {"help-text": TEXT},
    "alert_settle": {"settle-text": TEXT, "do": "settle"},
    "alert_up": {"up-text": TEXT, "do": "danger"},
    "alert_extend": {"extend-text": TEXT, "extend-days": "1"},
    "alert_decide": {"decide-text": TEXT, "decide-decided_on": "2026-11-16"},
    "alert_reply": {"reply-text": TEXT, "do": "hand_back"},
    "alert_mark": {},
    "alert_confirm": {},
}
#: Days after the opening → the level it has reached, and whether it is (again) in the workplace.
MOMENTS = {"before": (0, 0), "due": (4, 1), "province": (8, 2), "nation": (12, 3), "after": (16, 3)}


@pytest.fixture
def the_alert(cast: Cast, above: Levels) -> Alert:
    alert = opened(cast)
    explain_alert(alert=alert, text="Nadie avisó.", by=cast.carmen, at=NOW)
    ask_extension(alert=alert, days=1, text="Falta poco.", by=cast.elena, at=NOW)
    return alert


def address(alert: Alert, name: str) -> str:
    more = {
        "alert_mark": lambda: [alert.entries.filter(kind="explained").earliest("pk").uuid],
        "alert_confirm": lambda: [alert.motions.earliest("pk").uuid],
    }.get(name, list)()
    return reverse(name, args=[alert.uuid, *more])


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_sees_it_when(cast, above, the_alert, client, time_machine, moment):
    days, reached = MOMENTS[moment]
    time_machine.move_to(NOW + days * DAY, tick=False)
    for name, data in ADDRESSES.items():
        answer = asked(client, address(the_alert, name), data)
        assert answer.status_code == 302 and reverse("account_login") in answer["Location"]
    for who, level in FROM_LEVEL.items():
        with transaction.atomic():
            tried(cast, above, the_alert, as_member(client, person(cast, above, who)), who, level, reached)
            transaction.set_rollback(True)


def asked(client: Client, url: str, data: dict[str, str] | None):
    return client.get(url) if data is None else client.post(url, data)


def tried(cast: Cast, above: Levels, alert: Alert, client: Client, who: str, level: int | None, reached: int) -> None:
    """Every address, by one of them; what closes the alert or hands it back comes last."""
    sees, lines = level is not None and level <= reached, alert.entries.count()
    council = {"help-body": str(cast.council.uuid), "reply-body": str(cast.council.uuid)}
    for name in sorted(ADDRESSES, key=lambda name: name in ("alert_settle", "alert_reply")):
        data = ADDRESSES[name]
        answer = asked(client, address(alert, name), {**data, **council} if data is not None else None)
        if not sees:
            assert answer.status_code == 404, (who, name)
        elif who in INSIDE:
            assert answer.status_code != 404, (who, name)
        else:  # who sees it from above answers for her council, and does nothing of the workplace's
            allowed = (200,) if data is None else (302, 403, 422) if name == "alert_reply" else (403,)
            assert answer.status_code in allowed, (who, name, answer.status_code)
    if not sees:  # nothing but the clock has written
        steps = alert.entries.filter(kind__in=["went_up", "stays"]).count()
        assert alert.entries.count() <= lines + steps
        assert not alert.entries.exclude(kind__in=["went_up", "stays", "opened", "explained", "moved"]).exists()


def test_who_sees_what_was_handed_back(cast, above, the_alert, client, time_machine):
    take_due_steps(at=NOW + 4 * DAY)
    hand_back(alert=the_alert, text="Lo ven ustedes.", by=above.dora, at=NOW + 5 * DAY)
    revise_alert(alert=the_alert, finding=finding("step", size=-70.0), evidence=evidence(), at=NOW + 6 * DAY)
    explain_alert(alert=the_alert, text="Se nos rompió la báscula.", by=cast.carmen, at=NOW + 6 * DAY)
    time_machine.move_to(NOW + 7 * DAY, tick=False)
    new = ["Changed level", "Se nos rompió la báscula.", "about 70"]
    for who, level in FROM_LEVEL.items():
        answer = as_member(client, person(cast, above, who)).get(reverse("alert", args=[the_alert.uuid]))
        assert answer.status_code == (200 if level in (0, 1) else 404), who
        found = answer.content.decode()
        assert [words for words in new if words in found] == (new if who in INSIDE else []), who
        assert ("Falling" in found) == (level == 1), who


# --- no trace before its time ---------------------------------------------------------------------------


def test_before_its_time_no_row_that_others_read_is_written(cast, above):
    rows = {model: model.objects.count() for model in (AuditEvent, AgendaItem)}
    opened(cast)
    raised(cast)
    assert {model: model.objects.count() for model in rows} == rows
    assert list(job.shown_to_keepers(Job.objects.all()).filter(kind="alert_step")) == []


def test_a_keeper_sees_a_step_only_when_it_was_given_up(cast, above, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    opened(cast)
    as_member(client, cast.ana)
    address = reverse("admin:councils_job_changelist")
    assert "alert_step" not in client.get(address).content.decode()
    row = Job.objects.get(kind="alert_step")
    detail = reverse("admin:councils_job_change", args=[row.pk])
    assert client.get(detail).status_code == 302
    Job.objects.filter(pk=row.pk).update(state="parked")
    assert "alert_step" in client.get(address).content.decode()


def test_danger_is_seen_above_at_once_and_no_further(cast, above, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    alert = raised(cast, danger=True)
    for who, level in FROM_LEVEL.items():
        answer = as_member(client, person(cast, above, who)).get(reverse("alert", args=[alert.uuid]))
        assert answer.status_code == (200 if level in (0, 1) else 404), who
