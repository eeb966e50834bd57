"""Pages of alerts: what each act does, what comes back when it cannot, what the page says to whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from production.domain.alert import explain_alert, mark_for_sending, plan_alert
from production.domain.alert_level import ask_help
from production.domain.alert_motion import ask_extension
from production.enums import AlertState
from production.models import Alert, AlertHold, Threshold
from tests.alerts import DAY, HOUR, Levels, holder, levels, log_of, opened, raised, sand
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def above(cast: Cast) -> Levels:
    return levels(cast)


def page(client: Client, who, name: str, *args, code: int = 200, **query) -> str:
    client.force_login(who)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == code, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def post(client: Client, who, name: str, *args, code: int = 302, **data) -> str:
    client.force_login(who)
    client.cookies["django_language"] = "en"
    answer = client.post(reverse(name, args=args), data)
    assert answer.status_code == code, (answer.status_code, answer.content.decode()[:2000])
    return re.sub(r"\s+", " ", answer.content.decode())


def test_inside_the_page_says_what_changed_how_sure_it_is_and_until_when(cast, above, client):
    alert = opened(cast)
    found = page(client, cast.carmen, "alert", alert.uuid)
    for words in (
        "Arena sílice en bodega: enough for 4 days", "Falling", "Since 5 November it falls by about 4 t a day",
        "(between 3 and 5)", "From 90 to 150 t was expected.", "94 in 100 that something changed.",
        "Only the workplace sees it", "Elena Paillán, Hugo Tapia", "Alert 1", "la cinta se cortó",
    ):  # fmt: skip
        assert words in found, words
    assert found.count('<svg class="ch"') == 2 and "4 d" in found


def test_a_worker_answers_and_a_committee_plans_marks_and_settles(cast, above, client):
    alert = opened(cast)
    post(client, cast.carmen, "alert_acknowledge", alert.uuid)
    post(client, cast.carmen, "alert_answer", alert.uuid, text="Faltó el camión.", go="up")
    post(client, cast.elena, "alert_answer", alert.uuid, text="Bajamos el horno.", go="up")
    post(client, cast.elena, "alert_settle", alert.uuid, **{"settle-text": "Llegó.", "do": "settle"})
    assert [kind for kind, _at in log_of(alert)] == [
        "opened", "acknowledged", "explained", "planned", "marked", "settled",
    ]  # fmt: skip
    assert "Settled" in page(client, cast.carmen, "alert", alert.uuid)


def test_what_cannot_stand_comes_back_with_what_was_typed(cast, above, client):
    alert = opened(cast)
    assert "This field is required" in post(client, cast.elena, "alert_answer", alert.uuid, code=422, text="")
    found = post(client, cast.elena, "alert_answer", alert.uuid, code=422, text=" … ", go="up")
    assert "Write a sentence or two." in found
    by_hand = raised(cast)
    found = post(
        client, cast.elena, "alert_settle", by_hand.uuid, code=422, **{"settle-text": "Ya está listo", "do": "settle"}
    )
    assert "only who raised it, or the assembly" in found and holder(by_hand)


def test_a_worker_who_may_not_is_refused_with_403(cast, above, client):
    alert = opened(cast)
    post(client, cast.carmen, "alert_settle", alert.uuid, code=403, **{"settle-text": "Ya.", "do": "settle"})
    post(client, cast.carmen, "alert_extend", alert.uuid, code=403, **{"extend-text": "Ya.", "extend-days": "1"})
    assert holder(alert)


def test_a_line_is_marked_and_kept_after_all(cast, above, client):
    alert = opened(cast)
    line = explain_alert(alert=alert, text="Faltan camiones.", by=cast.carmen, at=NOW)
    post(client, cast.elena, "alert_mark", alert.uuid, line.uuid)
    assert "marked to go up" in page(client, cast.elena, "alert", alert.uuid)
    post(client, cast.elena, "alert_mark", alert.uuid, line.uuid, do="keep")
    assert [kind for kind, _at in log_of(alert)][-2:] == ["marked", "unmarked"]


def test_more_time_is_asked_by_one_and_confirmed_by_another(cast, above, client):
    alert = opened(cast)
    post(client, cast.elena, "alert_extend", alert.uuid, **{"extend-text": "Falta un día.", "extend-days": "2"})
    motion = alert.motions.get()
    assert "It is so: confirm" not in page(client, cast.elena, "alert", alert.uuid)
    assert "2 working days more" in page(client, cast.hugo, "alert", alert.uuid)
    post(client, cast.hugo, "alert_confirm", alert.uuid, motion.uuid)
    assert holder(alert).due_at == NOW + 6 * DAY
    assert "Ask for more time" not in page(client, cast.elena, "alert", alert.uuid)


def test_the_assembly_closes_what_a_hand_raised(cast, above, client):
    alert = raised(cast)
    data = {"decide-text": "Se cambió.", "decide-decided_on": "2026-11-16"}
    post(client, cast.elena, "alert_decide", alert.uuid, **data)
    post(client, cast.hugo, "alert_confirm", alert.uuid, alert.motions.get().uuid)
    alert.refresh_from_db()
    assert alert.state == AlertState.DECIDED


def test_raising_one_by_hand_and_taking_it_back(cast, above, client):
    assert "Something is wrong here" in page(client, cast.pedro, "workplace", cast.cristalerias.uuid)
    series = sand(cast)
    page(client, cast.pedro, "alert_raise", cast.cristalerias.uuid)
    sent = {"title": "Chirría la cinta", "text": "", "place": str(cast.hornos.uuid), "series": str(series.uuid)}
    post(client, cast.pedro, "alert_raise", cast.cristalerias.uuid, **sent)
    alert = Alert.objects.get()
    assert (alert.place, alert.series, alert.raised_by, alert.danger) == (cast.hornos, series, cast.pedro, False)
    post(client, cast.pedro, "alert_raise", cast.cristalerias.uuid, code=422, **sent)
    post(client, cast.pedro, "alert_settle", alert.uuid, **{"settle-text": "Era otra cosa.", "do": "withdraw"})
    alert.refresh_from_db()
    assert alert.state == AlertState.WITHDRAWN


def test_danger_goes_up_with_its_words(cast, above, client):
    sent = {"title": "Olor a gas", "text": "Corten el horno 2", "danger": "on"}
    post(client, cast.pedro, "alert_raise", cast.cristalerias.uuid, **sent)
    alert = Alert.objects.get()
    found = page(client, above.vera, "alert", alert.uuid)
    assert "Olor a gas" in found and "Corten el horno 2" in found and "Pedro Rojas" not in found
    assert "People in danger" in page(client, above.dora, "home") or "Olor a gas" in page(client, above.dora, "home")


def test_time_runs_out_the_council_answers_hands_back_and_it_is_settled(cast, above, client, time_machine):
    alert = opened(cast)
    kept = explain_alert(alert=alert, text="Nadie avisó.", by=cast.carmen, at=NOW)
    sent = plan_alert(alert=alert, text="Faltan camiones.", by=cast.hugo, at=NOW)
    mark_for_sending(entry=sent, by=cast.elena, at=NOW)
    page(client, above.dora, "alert", alert.uuid, code=404)
    time_machine.move_to(NOW + 4 * DAY, tick=False)
    found = page(client, above.dora, "alert", alert.uuid)
    assert sent.text in found and kept.text not in found and "la cinta se cortó" not in found
    assert "Hugo Tapia" not in found and "Carmen Soto" not in found and "Alert 1" not in found
    body = {"reply-body": str(cast.council.uuid)}
    post(client, above.dora, "alert_reply", alert.uuid, **body, **{"reply-text": "Sumar presta dos."})
    post(client, above.vera, "alert_reply", alert.uuid, code=403, **body, **{"reply-text": "Yo opino."})
    post(client, above.dora, "alert_reply", alert.uuid, **body, **{"reply-text": "Lo ven ustedes.", "do": "hand_back"})
    assert holder(alert).body == cast.committee
    assert "Sumar presta dos." in page(client, cast.carmen, "alert", alert.uuid)
    assert "The workplace has it again" in page(client, above.vera, "alert", alert.uuid)
    post(client, cast.elena, "alert_settle", alert.uuid, **{"settle-text": "Está.", "do": "settle"})
    after = page(client, above.vera, "alert", alert.uuid)
    assert "Settled" in after and "Está." not in after


def test_the_committee_sends_it_up_and_says_so(cast, above, client):
    alert = opened(cast)
    post(client, cast.elena, "alert_up", alert.uuid, **{"up-text": "No alcanza el plazo.", "do": "up"})
    assert holder(alert).body == cast.council
    found = page(client, above.vera, "alert", alert.uuid)
    said = found.split("What has been done")[1].split("</ol>")[0]
    assert "No alcanza el plazo." in said and "Elena Paillán" not in said


def test_a_note_tells_only_its_own_text(cast, above, client):
    alert = opened(cast)
    post(
        client, cast.elena, "alert_help", alert.uuid,
        **{"help-body": str(cast.council.uuid), "help-text": "¿Prestan un camión?"},
    )  # fmt: skip
    note = alert.entries.get(kind="asked_help")
    found = page(client, above.vera, "help_note", note.uuid)
    assert "¿Prestan un camión?" in found and "Arena" not in found and str(alert.uuid) not in found
    assert "Cristalerías de Chile asks for help" in page(client, above.dora, "home")
    assert "Cristalerías de Chile asks for help" not in page(client, above.vera, "home")
    post(client, above.vera, "help_note", note.uuid, code=403, text="Yo")
    post(client, above.dora, "help_note", note.uuid, text="Dos mañana.")
    assert "Dos mañana." in page(client, cast.carmen, "alert", alert.uuid)
    for stranger in (cast.nora, cast.olga, cast.ana):
        page(client, stranger, "help_note", note.uuid, code=404)
    page(client, above.paula, "help_note", note.uuid, code=404)


def test_home_asks_who_has_not_seen_it_and_the_committee_until_it_is_over(cast, above, client):
    alert = opened(cast)
    for who in (cast.carmen, cast.elena):
        assert "enough for 4 days" in page(client, who, "home")
        post(client, who, "alert_acknowledge", alert.uuid)
    assert "enough for 4 days" not in page(client, cast.carmen, "home")
    assert "enough for 4 days" in page(client, cast.elena, "home")
    assert "enough for 4 days" in page(client, cast.carmen, "alerts")


def test_the_list_and_the_page_of_the_cordon_show_what_came_up_to_those_under_it(cast, above, client, time_machine):
    alert = opened(cast)
    for name, args in (("alerts", []), ("cordon", [cast.vicuna.uuid])):
        assert "Arena" not in page(client, above.vera, name, *args)
    time_machine.move_to(NOW + 4 * DAY, tick=False)
    for name, args in (("alerts", []), ("cordon", [cast.vicuna.uuid])):
        assert str(alert.uuid) in page(client, above.vera, name, *args)
        assert str(alert.uuid) not in page(client, cast.nora, name, *args)
    assert "Cristalerías de Chile: Arena" in page(client, above.dora, "home")
    assert str(alert.uuid) in page(client, cast.carmen, "agenda", cast.assembly.uuid)
    page(client, above.vera, "agenda", cast.assembly.uuid, code=404)


def test_lists_ask_the_same_queries_for_1_and_12_alerts(cast, above, client, django_assert_max_num_queries):
    def make(who) -> None:
        raised(cast, by=who, title="Algo anda mal")

    make(cast.carmen)
    page(client, cast.elena, "alerts")
    with django_assert_max_num_queries(90) as one:
        client.get(reverse("alerts"))
    for who in (cast.pedro, cast.rosa, cast.hugo):
        for _n in range(4):
            make(who)
    with django_assert_max_num_queries(90) as many:
        client.get(reverse("alerts"))
    assert len(one) == len(many)


def test_the_budget_is_read_inside_and_moved_by_the_committee(cast, above, client):
    alert = opened(cast)
    post(client, cast.elena, "alert_settle", alert.uuid, **{"settle-text": "Era el contador.", "do": "false_alarm"})
    found = page(client, cast.carmen, "alert_budget", cast.cristalerias.uuid)
    assert "100 alarms for every 100 of our figures" in found and "2 times surer" in found
    moved = {"series": str(sand(cast).uuid), "steps": "0", "reason": "Se cambió el contador."}
    post(client, cast.carmen, "alert_budget", cast.cristalerias.uuid, code=403, **moved)
    post(client, cast.elena, "alert_budget", cast.cristalerias.uuid, **moved)
    assert Threshold.objects.current().get().steps == 0
    post(client, cast.elena, "alert_budget", cast.cristalerias.uuid, code=422, **moved)
    page(client, cast.nora, "alert_budget", cast.cristalerias.uuid, code=404)
    page(client, cast.ana, "alert_budget", cast.cristalerias.uuid, code=404)


def test_a_lone_workplace_is_told_that_its_assembly_has_it(cast, client, time_machine):
    for placement in cast.cristalerias.placements.all():
        placement.delete()
    alert = opened(cast)
    time_machine.move_to(NOW + 4 * DAY, tick=False)
    assert "on the agenda of the next assembly" in page(client, cast.carmen, "alert", alert.uuid)
    assert AlertHold.objects.filter(alert=alert).count() == 1


def test_who_waits_for_whom_stands_on_the_page(cast, above, client):
    alert = opened(cast)
    found = page(client, cast.carmen, "alert", alert.uuid)
    steps = found.split('class="steps steps--v')[1].split("</ol>")[0]
    assert [
        name for name in ("Committee", "Council of the cordón", "Provincial", "National") if name not in steps
    ] == []
    assert "Rules: version 1" in found
    motion = ask_extension(alert=alert, days=1, text="Falta poco.", by=cast.elena, at=NOW + HOUR)
    assert "Falta poco." in page(client, cast.carmen, "alert", alert.uuid)
    post(client, cast.carmen, "alert_confirm", alert.uuid, motion.uuid, code=403)


def test_help_is_asked_only_of_a_council_above(cast, above, client):
    alert = opened(cast)
    wrong = {"help-body": str(cast.assembly.uuid), "help-text": "Ayuda"}
    post(client, cast.elena, "alert_help", alert.uuid, code=422, **wrong)
    assert ask_help(alert=alert, body=above.provincial, text="Ayuda, por favor.", by=cast.elena, at=NOW).body
