"""Alerts: what the engine opens, revises and closes; what people raise, answer and close."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from councils.errors import Denied, Refused
from production.analysis.finding import Evidence, EvidencePoint, Finding
from production.domain.alert import (
    MOST_OPEN_BY_ONE,
    acknowledge_alert,
    close_returned,
    explain_alert,
    keep_inside,
    mark_false_alarm,
    mark_for_sending,
    marked_lines,
    open_alert,
    plan_alert,
    revise_alert,
    settle_alert,
    withdraw_alert,
)
from production.domain.alert_level import answer_note, ask_help
from production.domain.escalation import take_due_steps
from production.domain.report import submit_report
from production.domain.threshold import LEAST, MOST, history_of, move_threshold, moved, steps_of
from production.enums import AlertState
from production.models import Alert, AlertEntry
from tests import builders
from tests.alerts import DAY, HOUR, TODAY, evidence, finding, holder, levels, log_of, opened, raised, sand
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_an_alert_keeps_what_was_found_and_on_what_it_stood(cast: Cast):
    alert = opened(cast)
    assert (alert.workplace, alert.place, alert.number, alert.kind) == (
        cast.cristalerias,
        cast.cristalerias,
        1,
        "slope",
    )
    assert Finding.from_json(alert.finding) == finding()
    kept = Evidence.from_json(alert.evidence)
    assert (kept.days_left, kept.unit, len(kept.points)) == (4, "t", 30)
    assert (kept.points[-1].value, kept.points[-1].remark) == (Decimal("46.7654"), "la cinta se cortó")
    assert opened(cast) == alert and log_of(alert) == [("opened", NOW)]


def test_numbers_count_within_the_workplace(cast: Cast):
    other = builders.series(cast.perlak, cast.bottles)
    there = open_alert(series=other, finding=finding(), evidence=evidence(), at=NOW)
    assert [opened(cast).number, raised(cast).number, there.number] == [1, 2, 1]


def test_the_database_refuses_a_second_open_one_on_a_series_and_a_second_holder(cast: Cast):
    alert = opened(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(
            workplace=alert.workplace, number=9, place=alert.place, series=alert.series, origin="engine",
            kind="step", opened_at=NOW,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.holds.create(body=cast.council, from_at=NOW)
    settle_alert(alert=alert, text="Está.", by=cast.elena, at=NOW + HOUR)
    again = opened(cast, at=NOW + DAY)
    assert again.number == 2


def test_the_log_is_written_once(cast: Cast):
    entry = opened(cast).entries.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertEntry.objects.filter(pk=entry.pk).update(text="otra cosa")
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_days_pass_and_the_judgement_is_revised(cast: Cast):
    alert = opened(cast, kind="transient")
    due = holder(alert).due_at
    revise_alert(alert=alert, finding=finding("step", size=-30.0), evidence=evidence(), at=NOW + DAY)
    revise_alert(alert=alert, finding=finding("step", size=-31.0), evidence=Evidence(), at=NOW + 2 * DAY - HOUR)
    alert.refresh_from_db()
    assert (alert.kind, alert.finding["size"], len(alert.evidence["points"])) == ("step", -31.0, 30)
    assert log_of(alert) == [("opened", NOW), ("revised", NOW + DAY)]
    assert holder(alert).due_at == due
    assert [line.detail["finding"]["kind"] for line in alert.entries.order_by("pk")] == ["transient", "step"]


def test_what_returned_is_closed_by_the_engine_wherever_it_is_but_not_what_a_hand_raised(cast: Cast):
    levels(cast)
    alert, by_hand = opened(cast), raised(cast)
    take_due_steps(at=NOW + 4 * DAY)
    assert close_returned(alert=alert, at=NOW + 5 * DAY).state == AlertState.RETURNED
    assert close_returned(alert=by_hand, at=NOW + 5 * DAY).state == AlertState.OPEN
    close_returned(alert=alert, at=NOW + 6 * DAY)
    assert log_of(alert)[-1] == ("returned", NOW + 5 * DAY)
    after = revise_alert(alert=alert, finding=finding("step"), evidence=evidence(), at=NOW + 7 * DAY)
    assert after.kind == "slope"


def test_the_remark_of_the_report_is_an_explanation(cast: Cast):
    series = sand(cast)
    submit_report(
        workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY,
        figures={series: (Decimal(46), "No llegó el camión")}, by=cast.pedro, at=NOW,
    )  # fmt: skip
    alert = opened(cast)
    opened(cast, at=NOW + HOUR)
    said = alert.entries.filter(kind="explained")
    assert [(line.author, line.text) for line in said] == [(cast.pedro, "No llegó el camión")]


def test_any_worker_raises_one_of_the_workplace_or_a_section_and_no_outsider_does(cast: Cast):
    assert raised(cast, place=cast.hornos).workplace == cast.cristalerias
    for who in (cast.nora, cast.olga, cast.ana):
        with pytest.raises(Denied):
            raised(cast, by=who)
    for wrong in ({"title": " ¡! "}, {"title": "x" * 200}, {"series": builders.series(cast.perlak, cast.sand)}):
        with pytest.raises(Refused):
            raised(cast, **wrong)
    with pytest.raises(Refused):
        raised(cast, place=cast.vicuna)


def test_by_hand_on_a_figure_with_an_open_alert_is_sent_there(cast: Cast):
    opened(cast)
    with pytest.raises(Refused):
        raised(cast, series=sand(cast))


def test_the_engine_adds_nothing_to_what_a_hand_raised_on_the_same_figure(cast: Cast):
    alert = raised(cast, series=sand(cast))
    assert opened(cast, at=NOW + HOUR) == alert
    assert (Alert.objects.get().kind, log_of(alert)) == ("", [("opened", NOW)])


def test_one_person_has_so_many_open_and_no_more(cast: Cast):
    for _n in range(MOST_OPEN_BY_ONE):
        raised(cast)
    with pytest.raises(Refused):
        raised(cast)
    raised(cast, by=cast.pedro)


def test_by_hand_only_its_author_withdraws_it_and_no_committee_settles_it(cast: Cast):
    alert = raised(cast)
    for verb in (settle_alert, mark_false_alarm):
        with pytest.raises(Refused):
            verb(alert=alert, text="Ya está.", by=cast.elena, at=NOW + HOUR)
    with pytest.raises(Denied):
        withdraw_alert(alert=alert, text="Ya está.", by=cast.elena, at=NOW + HOUR)
    closed = withdraw_alert(alert=alert, text="Era el otro horno.", by=cast.carmen, at=NOW + HOUR)
    assert (closed.state, closed.closed_by) == (AlertState.WITHDRAWN, cast.carmen)
    with pytest.raises(Denied):
        withdraw_alert(alert=opened(cast), text="Ya está.", by=cast.elena, at=NOW + HOUR)


def test_acknowledge_once(cast: Cast):
    alert = opened(cast)
    for _n in range(2):
        acknowledge_alert(alert=alert, by=cast.carmen, at=NOW + HOUR)
    assert log_of(alert)[1:] == [("acknowledged", NOW + HOUR)]


VERBS = {
    "explain": lambda a, by: explain_alert(alert=a, text="Faltó vapor.", by=by, at=NOW + HOUR),
    "acknowledge": lambda a, by: acknowledge_alert(alert=a, by=by, at=NOW + HOUR),
    "plan": lambda a, by: plan_alert(alert=a, text="Bajamos la carga.", by=by, at=NOW + HOUR),
    "settle": lambda a, by: settle_alert(alert=a, text="Está.", by=by, at=NOW + HOUR),
    "false": lambda a, by: mark_false_alarm(alert=a, text="Era el contador.", by=by, at=NOW + HOUR),
}
EVERYBODY, COMMITTEE = {"carmen", "pedro", "rosa", "elena", "hugo"}, {"elena", "hugo"}
MAY = {"explain": EVERYBODY, "acknowledge": EVERYBODY, "plan": COMMITTEE, "settle": COMMITTEE, "false": COMMITTEE}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_answer(cast: Cast, verb):
    alert, found = opened(cast), set()
    for who in ("carmen", "pedro", "rosa", "elena", "hugo", "nora", "olga", "ana"):
        mark = transaction.savepoint()
        try:
            VERBS[verb](alert, getattr(cast, who))
            found.add(who)
        except Denied:
            pass
        transaction.savepoint_rollback(mark)
    assert found == MAY[verb]


def test_without_a_committee_whoever_works_there_answers_for_it(cast: Cast):
    cast.committee.seats.update(ended_at=NOW - DAY, end_reason="resigned")
    assert settle_alert(alert=opened(cast), text="Está.", by=cast.carmen, at=NOW).closed_by == cast.carmen


def test_of_a_closed_one_nothing_more_is_said(cast: Cast):
    alert = opened(cast)
    settle_alert(alert=alert, text="Está.", by=cast.elena, at=NOW + HOUR)
    for verb in VERBS.values():
        with pytest.raises(Refused):
            verb(alert, cast.elena)


def test_an_answer_says_something(cast: Cast):
    for text in ("", " \n ", "…", "x" * 5000):
        with pytest.raises(Refused):
            explain_alert(alert=opened(cast), text=text, by=cast.carmen, at=NOW)


# --- what goes up with it ------------------------------------------------------------------------------


def test_the_committee_marks_a_line_and_takes_it_back_until_it_has_left(cast: Cast):
    levels(cast)
    alert = opened(cast)
    line = explain_alert(alert=alert, text="Faltan camiones.", by=cast.carmen, at=NOW)
    with pytest.raises(Denied):
        mark_for_sending(entry=line, by=cast.carmen, at=NOW)
    mark_for_sending(entry=line, by=cast.elena, at=NOW)
    assert marked_lines(alert) == {line.pk}
    with pytest.raises(Refused):
        mark_for_sending(entry=line, by=cast.hugo, at=NOW)
    keep_inside(entry=line, by=cast.hugo, at=NOW + HOUR)
    assert marked_lines(alert) == set()
    with pytest.raises(Refused):
        keep_inside(entry=line, by=cast.hugo, at=NOW + HOUR)
    mark_for_sending(entry=line, by=cast.elena, at=NOW + 2 * HOUR)
    take_due_steps(at=NOW + 4 * DAY)
    with pytest.raises(Refused):
        keep_inside(entry=line, by=cast.hugo, at=NOW + 5 * DAY)
    with pytest.raises(Refused):
        mark_for_sending(entry=alert.entries.filter(kind="went_up").get(), by=cast.elena, at=NOW + 5 * DAY)


def test_what_goes_up_of_the_judgement_holds_no_remark(cast: Cast):
    levels(cast)
    alert = opened(cast)
    take_due_steps(at=NOW + 4 * DAY)
    sent = alert.entries.get(kind="went_up").detail
    assert sent["finding"] == finding().to_json()
    assert {point["remark"] for point in sent["evidence"]["points"]} == {""}


def test_a_note_asks_a_council_above_for_help_and_its_delegates_answer_it(cast: Cast):
    above = levels(cast)
    alert = opened(cast)
    with pytest.raises(Denied):
        ask_help(alert=alert, body=cast.council, text="Prestan un camión?", by=cast.carmen, at=NOW)
    with pytest.raises(Refused):
        ask_help(alert=alert, body=cast.assembly, text="Prestan un camión?", by=cast.elena, at=NOW)
    note = ask_help(alert=alert, body=cast.council, text="Prestan un camión?", by=cast.elena, at=NOW)
    for who in (above.vera, above.paula, cast.nora, cast.ana):
        with pytest.raises(Denied):
            answer_note(note=note, text="Sí.", by=who, at=NOW + HOUR)
    said = answer_note(note=note, text="Dos camiones mañana.", by=above.dora, at=NOW + HOUR)
    assert (said.about, said.body, said.kind) == (note, cast.council, "helped")
    settle_alert(alert=alert, text="Está.", by=cast.elena, at=NOW + 2 * HOUR)
    with pytest.raises(Refused):
        answer_note(note=note, text="Otro.", by=above.dora, at=NOW + 3 * HOUR)


# --- thresholds ------------------------------------------------------------------------------------------


def test_a_step_doubles_the_odds_that_are_asked_for():
    assert moved(0.5, 1) == pytest.approx(2 / 3) and moved(0.9, -1) == pytest.approx(4.5 / 5.5)
    assert moved(0.9, 0) == pytest.approx(0.9)


def test_false_alarms_teach_up_to_the_limit_and_the_committee_takes_it_back(cast: Cast):
    series = sand(cast)
    for day in range(MOST + 2):
        alert = opened(cast, at=NOW + day * DAY)
        mark_false_alarm(alert=alert, text="Era el contador.", by=cast.elena, at=NOW + day * DAY)
    assert steps_of(series=[series]) == {series.pk: MOST}
    move_threshold(
        workplace=cast.cristalerias, series=series, steps=0, reason="Se cambió el contador.", by=cast.hugo, at=NOW
    )
    assert steps_of(series=[series]) == {series.pk: 0}
    assert [(v.version, v.steps) for v in sorted(history_of(workplace=cast.cristalerias), key=lambda v: v.version)] == [
        (1, 1), (2, 2), (3, 3), (4, 4), (5, 0),
    ]  # fmt: skip


def test_a_threshold_is_moved_by_the_committee_within_limits_and_with_a_reason(cast: Cast):
    series, other = sand(cast), builders.series(cast.perlak, cast.sand)
    move = {"workplace": cast.cristalerias, "series": None, "steps": -2, "reason": "Nos enteramos tarde.", "at": NOW}
    for who in (cast.carmen, cast.nora, cast.ana):
        with pytest.raises(Denied):
            move_threshold(by=who, **move)
    for wrong in ({"steps": LEAST - 1}, {"steps": MOST + 1}, {"reason": " "}, {"series": other}, {"steps": 0}):
        with pytest.raises(Refused):
            move_threshold(by=cast.elena, **{**move, **wrong})
    move_threshold(by=cast.elena, **move)
    move_threshold(by=cast.elena, **{**move, "series": series, "steps": -1})
    assert steps_of(series=[series, other]) == {series.pk: LEAST, other.pk: 0}


def test_findings_that_are_none_are_refused():
    for wrong in ({"size": float("nan")}, {"probability": 1.2}, {"size_low": 9.0}, {"band_low": 200.0}):
        with pytest.raises(ValueError):
            finding(**wrong)
    with pytest.raises(ValueError):
        finding(kind="drift")


def test_evidence_keeps_the_latest_sixty_periods():
    days = [TODAY - dt.timedelta(days=n) for n in range(80, 0, -1)]
    kept = Evidence(points=[EvidencePoint(day, Decimal(1)) for day in days]).to_json()["points"]
    assert (len(kept), kept[-1]["start"]) == (60, days[-1].isoformat())
