"""Role × address × time: who sees an alert, and what others see of it before its time: nothing, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from councils.domain import job
from councils.models import AgendaItem, AuditEvent, Body, Job, Seat
from production.domain.alert import (
    acknowledge_alert,
    close_returned,
    explain_alert,
    mark_false_alarm,
    plan_alert,
    revise_alert,
    settle_alert,
)
from production.domain.alert_level import hand_back
from production.domain.alert_motion import ask_extension, confirm_motion
from production.domain.escalation import take_due_steps
from production.models import Alert, Pulse
from tests.alerts import DAY, HOUR, Levels, evidence, finding, levels, opened, raised, sand
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


def pages_of(cast: Cast, above: Levels, *, keeper: bool) -> Iterator[str]:
    """Every page that somebody outside may open and on which a trace could be."""
    places = [cast.cristalerias, cast.perlak, above.other, cast.hornos]
    for name in ("home", "alerts", "control", "control_board", "votes", "elections", "proposals", "report_today"):
        yield reverse(name)
    for place in places:
        yield reverse("workplace", args=[place.uuid])
        yield reverse("territory", args=[place.uuid])
    for place in (cast.vicuna, cast.cerrillos, above.province):
        yield reverse("cordon", args=[place.uuid])
    for body in Body.objects.order_by("pk"):
        for name in ("log", "agenda", "rules"):
            yield reverse(name, args=[body.uuid])
        yield reverse("council", args=[body.uuid])
    for seat in Seat.objects.order_by("pk"):
        yield reverse("delegate", args=[seat.uuid])
    yield reverse("people", args=[cast.cristalerias.uuid])
    yield reverse("workplace_series", args=[cast.cristalerias.uuid])
    yield reverse("alert_budget", args=[cast.cristalerias.uuid])
    if keeper:
        yield reverse("admin:index")
        for model in admin.site._registry:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def seen(client: Client, member, cast: Cast, above: Levels) -> dict[str, tuple[object, ...]]:
    """Status, headers and words of each page, without what is another at each request."""
    as_member(client, member)
    found: dict[str, tuple[object, ...]] = {}
    for url in pages_of(cast, above, keeper=member.is_staff):
        answer = client.get(url)
        text = re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"|nonce-[\w=-]+|"hx-headers"[^>]*', "", answer.content.decode()
        )
        text = re.sub(r'X-CSRFToken[^}]*|csrf[^"\']*["\'][^"\']*["\']', "", text, flags=re.IGNORECASE)
        headers = {k: v for k, v in answer.headers.items() if k not in ("Content-Length", "Content-Security-Policy")}
        found[url] = (answer.status_code, sorted(headers.items()), text)
    return found


@pytest.mark.parametrize("who", ["dora", "ana"])
def test_before_its_time_no_page_outside_is_another(cast, above, client, time_machine, who):
    """Of the delegate who would see it next, and of who keeps the installation."""
    time_machine.move_to(NOW + DAY, tick=False)
    series, member = sand(cast), person(cast, above, who)
    pulse = list(Pulse.objects.values_list("token"))
    before = seen(client, member, cast, above)
    lived = [opened(cast), raised(cast)]
    acknowledge_alert(alert=lived[0], by=cast.carmen, at=NOW + HOUR)
    plan_alert(alert=lived[0], text="Bajamos la carga.", by=cast.elena, at=NOW + HOUR)
    motion = ask_extension(alert=lived[0], days=1, text="Falta poco.", by=cast.elena, at=NOW + HOUR)
    confirm_motion(motion=motion, by=cast.hugo, at=NOW + HOUR)
    revise_alert(alert=lived[0], finding=finding("step", size=-50.0), evidence=evidence(), at=NOW + 2 * HOUR)
    mark_false_alarm(alert=lived[0], text="Era el contador.", by=cast.elena, at=NOW + 3 * HOUR)
    settle_alert(alert=opened(cast, at=NOW + 4 * HOUR), text="Está.", by=cast.elena, at=NOW + 5 * HOUR)
    close_returned(alert=opened(cast, at=NOW + 6 * HOUR), at=NOW + 7 * HOUR)
    lived.append(opened(cast, at=NOW + 8 * HOUR))
    after = seen(client, member, cast, above)
    assert {url for url in before if after[url] != before[url]} == set()
    assert list(Pulse.objects.values_list("token")) == pulse
    assert (series.alerts.count(), sum(alert.state == "open" for alert in lived)) == (4, 3)
    # and it is not that nothing could be seen: what goes up at once, is
    raised(cast, at=NOW + 9 * HOUR, by=cast.pedro, danger=True)
    found = as_member(client, member).get(reverse("alerts")).content.decode()
    assert ("Hay olor a gas" in found) == (who == "dora")


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
