"""The clock of an alert: up by itself, once, in order, stamped with its due moment; down with a new clock."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import job
from councils.enums import BodyKind, JobState, TerritoryKind
from councils.errors import Denied, Refused
from councils.models import AgendaItem, AuditEvent, Body, Job, RuleSet, Seat
from production.domain.alert import raise_alert, settle_alert, warn_of_danger
from production.domain.alert_level import answer_alert, hand_back, send_up
from production.domain.escalation import STEP, bring_up_to_date, take_due_steps
from production.enums import AlertState
from production.models import AlertHold, Factory
from tests import builders
from tests.alerts import DAY, HOUR, Levels, holder, levels, log_of, opened, raised
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
FRIDAY = NOW + 4 * DAY
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def above(cast: Cast) -> Levels:
    return levels(cast)


def test_open_gives_it_to_the_committee_for_the_time_of_the_assembly(cast: Cast, above: Levels):
    hold = holder(opened(cast))
    assert (hold.body, hold.from_at, hold.due_at, hold.days) == (cast.committee, NOW, FRIDAY, 4)
    assert hold.rule_set == RuleSet.objects.in_force(cast.assembly, NOW)


@pytest.mark.parametrize(
    ("rules", "kind", "days"),
    [
        ({}, "transient", 2),
        ({"step": 6}, "step", 6),
        ({"slope": 3, "figures": {"ARENA silice en bodega": 1}}, "slope", 1),
        ({"slope": 3, "figures": {"Envases": 1}}, "slope", 3),
    ],
)
def test_the_time_is_a_rule_of_the_assembly_by_kind_or_by_figure(cast: Cast, above: Levels, rules, kind, days):
    RuleSet.objects.filter(body=cast.assembly).delete()
    RuleSet.objects.create(body=cast.assembly, version=1, rules={"recovery": rules}, in_force_from=NOW - DAY)
    assert holder(opened(cast, kind=kind)).days == days


def test_closed_days_of_the_workplace_do_not_count(cast: Cast, above: Levels):
    Factory.objects.filter(pk=cast.cristalerias.pk).update(working_week="1111100")
    assert holder(opened(cast, at=NOW + 3 * DAY)).due_at == NOW + 9 * DAY  # Thursday to Wednesday


def test_until_its_time_is_over_it_stays_and_then_goes_up(cast: Cast, above: Levels):
    alert = opened(cast)
    assert take_due_steps(at=FRIDAY - SECOND) == 0 and holder(alert).body == cast.committee
    assert take_due_steps(at=FRIDAY) == 1
    hold = holder(alert)
    assert (hold.body, hold.from_at, hold.due_at) == (cast.council, FRIDAY, FRIDAY + 4 * DAY)
    assert take_due_steps(at=FRIDAY) == 0


def test_the_job_takes_the_step_with_nobody_reading(cast: Cast, above: Levels):
    alert = opened(cast)
    assert [each.due_at for each in Job.objects.filter(kind=STEP)] == [FRIDAY]
    job.run_due(at=FRIDAY + HOUR)
    assert holder(alert).body == cast.council
    assert [kind for kind, _at in log_of(alert)] == ["opened", "went_up"]


def test_after_an_outage_each_step_is_taken_once_in_order_at_its_true_time(cast: Cast, above: Levels):
    alert = opened(cast)
    job.run_due(at=NOW + 40 * DAY)
    take_due_steps(at=NOW + 41 * DAY)
    steps = [NOW + n * DAY for n in (4, 8, 12, 16)]
    assert log_of(alert)[1:] == [*(("went_up", at) for at in steps[:3]), ("stays", steps[3])]
    held = AlertHold.objects.filter(alert=alert).order_by("from_at").values_list("body", "from_at", "until_at")
    assert list(held) == [
        (cast.committee.pk, NOW, steps[0]),
        (cast.council.pk, steps[0], steps[1]),
        (above.provincial.pk, steps[1], steps[2]),
        (above.national.pk, steps[2], None),
    ]
    assert set(Job.objects.filter(kind=STEP).values_list("state", flat=True)) == {JobState.DONE}


def test_steps_of_several_alerts_are_taken_in_the_order_in_which_they_fell_due(cast: Cast, above: Levels):
    first, second = opened(cast), raised(cast, at=NOW + DAY)
    take_due_steps(at=NOW + 5 * DAY)
    lines = [*first.entries.filter(kind="went_up"), *second.entries.filter(kind="went_up")]
    lines.sort(key=lambda line: line.pk)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [line.alert_id for line in lines] == [second.pk, first.pk, second.pk]


def test_levels_where_nobody_sits_or_that_do_not_exist_are_passed_over(cast: Cast, above: Levels):
    Seat.objects.filter(body=cast.council).update(ended_at=NOW - DAY, end_reason="resigned")
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    assert holder(alert).body == above.provincial


def test_an_unanswered_level_gets_it_onto_its_agenda_and_an_answering_one_does_not(cast: Cast, above: Levels):
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    answer_alert(alert=alert, body=cast.council, text="Sumar tiene arena.", by=above.dora, at=FRIDAY + HOUR)
    take_due_steps(at=NOW + 12 * DAY)
    found = {item.body: item.placed_at for item in AgendaItem.objects.all()}
    assert found == {cast.assembly: FRIDAY, above.provincial: NOW + 12 * DAY}
    assert AgendaItem.objects.first().evidence["finding"]["size"] == -4.0


def test_a_lone_workplace_puts_it_on_the_agenda_of_its_own_assembly(cast: Cast):
    lone = builders.workplace("Taller Solo", None)
    builders.membership(cast.olga, lone)
    alert = raise_alert(place=lone, title="Se acabó el cuero", by=cast.olga, at=NOW)
    take_due_steps(at=NOW + 9 * DAY)
    hold = holder(alert)
    assert (hold.body.kind, hold.until_at, hold.ran_out_at) == (BodyKind.COMMITTEE, None, NOW + 2 * DAY)
    assert [(item.body.territory, item.placed_at) for item in AgendaItem.objects.all()] == [(lone, NOW + 2 * DAY)]
    assert take_due_steps(at=NOW + 30 * DAY) == 0


def test_closing_takes_it_off_every_agenda(cast: Cast, above: Levels):
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    settle_alert(alert=alert, text="Llegó la carga.", by=cast.elena, at=FRIDAY + HOUR)
    assert set(AgendaItem.objects.values_list("state", "taken_off_at")) == {("taken_off", FRIDAY + HOUR)}


def test_danger_goes_up_at_once_and_waits_for_no_clock(cast: Cast, above: Levels):
    alert = raised(cast, danger=True, text="Hay que cortar el gas")
    first, now = AlertHold.objects.filter(alert=alert).order_by("pk")
    assert (first.body, first.from_at, first.until_at, first.due_at) == (cast.committee, NOW, NOW, None)
    assert (now.body, now.from_at) == (cast.council, NOW)
    other = warn_of_danger(alert=opened(cast), text="Puede caer el techo", by=cast.pedro, at=NOW + HOUR)
    assert holder(other).body == cast.council and other.danger
    with pytest.raises(Refused):
        warn_of_danger(alert=other, text="Otra vez", by=cast.pedro, at=NOW + HOUR)


def test_hand_back_gives_the_workplace_a_new_clock(cast: Cast, above: Levels):
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    with pytest.raises(Denied):
        hand_back(alert=alert, text="Es de ustedes.", by=cast.carmen, at=FRIDAY + HOUR)
    hand_back(alert=alert, text="Lo ven ustedes.", by=above.dora, at=FRIDAY + HOUR)
    hold = holder(alert)
    assert (hold.body, hold.due_at) == (cast.committee, FRIDAY + HOUR + 4 * DAY)
    with pytest.raises(Refused):
        hand_back(alert=alert, text="Otra vez.", by=above.dora, at=FRIDAY + 2 * HOUR)
    take_due_steps(at=FRIDAY + HOUR + 4 * DAY)
    assert holder(alert).body == cast.council


def test_send_up_does_not_wait_and_is_refused_where_nobody_is_above(cast: Cast, above: Levels):
    alert = opened(cast)
    with pytest.raises(Denied):
        send_up(alert=alert, text="No alcanza.", by=cast.carmen, at=NOW + HOUR)
    send_up(alert=alert, text="No alcanza.", by=cast.elena, at=NOW + HOUR)
    assert holder(alert).body == cast.council
    with pytest.raises(Refused):
        send_up(alert=alert, text="No alcanza.", by=cast.elena, at=NOW + 2 * HOUR)
    Seat.objects.exclude(body=cast.committee).update(ended_at=NOW, end_reason="resigned")
    with pytest.raises(Refused):
        send_up(alert=raised(cast, at=NOW + 2 * HOUR), text="Ya.", by=cast.elena, at=NOW + 2 * HOUR)


def test_an_act_after_an_outage_meets_the_alert_where_the_clock_has_it(cast: Cast, above: Levels):
    alert = opened(cast)
    with pytest.raises(Refused):
        send_up(alert=alert, text="Arriba.", by=cast.elena, at=FRIDAY + HOUR)
    settle_alert(alert=alert, text="Está.", by=cast.elena, at=FRIDAY + HOUR)
    assert [kind for kind, _at in log_of(alert)] == ["opened", "went_up", "settled"]


def test_what_is_settled_in_time_never_goes_up(cast: Cast, above: Levels):
    alert = opened(cast)
    settle_alert(alert=alert, text="Está.", by=cast.elena, at=FRIDAY - SECOND)
    job.run_due(at=FRIDAY + DAY)
    alert.refresh_from_db()
    assert (alert.state, [kind for kind, _at in log_of(alert)]) == (AlertState.SETTLED, ["opened", "settled"])
    assert not AlertHold.objects.current().filter(alert=alert).exists()


def test_a_clock_that_is_set_back_writes_nothing_backwards(cast: Cast, above: Levels):
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    hand_back(alert=alert, text="Lo ven ustedes.", by=above.dora, at=NOW + HOUR)
    assert [at for _kind, at in log_of(alert)] == [NOW, FRIDAY, FRIDAY]
    assert holder(alert).from_at == FRIDAY


def test_a_workplace_that_moved_goes_up_to_where_it_hangs_then(cast: Cast, above: Levels):
    alert = opened(cast)
    cerrillos = Body.objects.get(territory=cast.cerrillos, kind=BodyKind.CORDON_COUNCIL)
    builders.seat(cast.nora, cerrillos, Body.objects.assembly_of(cast.perlak), cast.perlak)
    cast.cristalerias.placements.update(parent=cast.cerrillos)
    take_due_steps(at=FRIDAY)
    assert holder(alert).body == cerrillos
    assert cast.cerrillos.kind == TerritoryKind.CORDON


def test_before_its_time_nothing_is_written_that_others_read(cast: Cast, above: Levels):
    before = AuditEvent.objects.count()
    opened(cast)
    raised(cast)
    assert AuditEvent.objects.count() == before and not AgendaItem.objects.exists()
    assert not job.shown_to_keepers(Job.objects.filter(kind=STEP)).exists()


def test_a_step_that_fails_stops_neither_pages_nor_other_alerts(cast: Cast, above: Levels, monkeypatch):
    broken, sound = opened(cast), raised(cast, at=NOW + 3 * DAY)
    told = {sound.pk: {"finding": {}}}
    monkeypatch.setattr("production.domain.escalation.as_sent", lambda alert: told[alert.pk])
    assert take_due_steps(at=NOW + 5 * DAY) == 1
    assert holder(sound).body == cast.council and holder(broken).body == cast.committee
    monkeypatch.undo()
    bring_up_to_date(alert=broken, at=FRIDAY)
    assert holder(broken).body == cast.council
