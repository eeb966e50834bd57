"""The year of the demonstration, judged; and the alerts of its last weeks, by the verbs themselves at their times."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from councils.clock import local_day
from councils.enums import BodyKind
from councils.models import Body, Member, Seat, Territory
from councils.models.electorate import councils_above
from production.demo.disturb import EXPLAINED, FALSE_ALARM, WENT_UP, Disturbance, days_of, first_days
from production.demo.establish import Country
from production.demo.simulate import Plant, gauges
from production.domain.alert import explain_alert, mark_false_alarm, mark_for_sending, plan_alert
from production.domain.alert_level import ask_help
from production.domain.judgement import analyse
from production.enums import EntryKind
from production.models import Alert

_DAY = dt.timedelta(days=1)
#: A report of the demonstration is sent at a quarter to five; a little later it is judged.
JUDGED = dt.time(17, 5)


def watch(*, country: Country, at: dt.datetime) -> None:
    """Judge every figure up to ``at``; at HOME and at ABOVE day by day, with what people did about it."""
    today = local_day(at)
    firsts = first_days(country.plants, today)
    for name, first in firsts.items():
        _day_by_day(country, name, first, at)
    others = [workplace for name, workplace in country.workplaces.items() if name not in firsts]
    analyse(workplaces=others, day=today, at=at, anew=True)


def _day_by_day(country: Country, name: str, first: dt.date, at: dt.datetime) -> None:
    place, plant, today = country.workplaces[name], country.plants[name], local_day(at)
    before = first - _DAY
    analyse(workplaces=[place], day=before, at=_evening(before), anew=True)
    for on in [first + n * _DAY for n in range((today - first).days + 1)]:
        then = _evening(on)
        if then > at:
            break
        analyse(workplaces=[place], day=on, at=then, since=on)
        _answer(country, place, plant, on, then, today)
    analyse(workplaces=[place], day=today, at=at, since=today)


def _answer(country: Country, place: Territory, plant: Plant, on: dt.date, then: dt.datetime, today: dt.date) -> None:
    """What people said about what began on ``on``, in the hours after."""
    roll = country.members[place.name]
    for story, told in ((FALSE_ALARM, _false_alarm), (EXPLAINED, _explained), (WENT_UP, _sent_up)):
        if place.name == story.plant and days_of(story, plant, today)[0] == on:
            alert = _alert_on(story, place, plant)
            if alert is not None:
                told(alert, place, roll, then)


def _alert_on(story: Disturbance, place: Territory, plant: Plant) -> Alert | None:
    gauge = story.gauge or gauges(plant.sector)[1]
    return Alert.objects.open().filter(workplace=place, series__indicator__name=gauge.name).first()


def _false_alarm(alert: Alert, place: Territory, roll: list[Member], then: dt.datetime) -> None:
    by = _committee(place, then)[-1]
    text = "Se pesó con la romana vieja, que marca de más. No había pasado nada."
    mark_false_alarm(alert=alert, text=text, by=by, at=then + dt.timedelta(minutes=40))


def _explained(alert: Alert, place: Territory, roll: list[Member], then: dt.datetime) -> None:
    by = _committee(place, then)[0]
    text = "No llegó el tren de arena. Nos queda lo de la tolva chica."
    explain_alert(alert=alert, text=text, by=roll[0], at=then + dt.timedelta(minutes=15))
    text = "Bajamos el horno 3 a media carga hasta que llegue."
    plan_alert(alert=alert, text=text, by=by, at=then + dt.timedelta(minutes=50))
    council = next(iter(councils_above(place, local_day(then))), None)
    if council is not None:
        text = "¿Alguien tiene arena o vidrio molido para tres días? Ponemos el camión."
        ask_help(alert=alert, body=council, text=text, by=by, at=then + dt.timedelta(minutes=55))


def _sent_up(alert: Alert, place: Territory, roll: list[Member], then: dt.datetime) -> None:
    by = _committee(place, then)[0]
    text = "Falta el eje de la prensa 2. El repuesto es importado y no hay fecha."
    entry = explain_alert(alert=alert, text=text, by=by, at=then + dt.timedelta(minutes=20))
    assert entry.kind == EntryKind.EXPLAINED
    mark_for_sending(entry=entry, by=by, at=then + dt.timedelta(minutes=25))


def _committee(place: Territory, at: dt.datetime) -> list[Member]:
    body = Body.objects.get(territory=place, kind=BodyKind.COMMITTEE)
    return [s.holder for s in Seat.objects.held_at(at).in_body(body).select_related("holder").order_by("pk")]


def _evening(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, JUDGED))
