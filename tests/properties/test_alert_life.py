"""Whatever people do, however long nobody runs, whichever way the clock jumps: no alert is lost, skipped, shown early
or held by two levels at once, and each step carries the moment at which it was due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from councils.domain import job
from councils.enums import BodyKind, TerritoryKind
from councils.errors import Denied, Refused
from councils.models import AgendaItem, Body, Member, Seat
from production.domain import alert as verbs
from production.domain import alert_level as levels
from production.domain.alert_motion import ask_extension, confirm_motion
from production.domain.escalation import bring_up_to_date, take_due_steps
from production.enums import AlertState
from production.models import Alert, AlertEntry, AlertHold, AlertMotion
from tests import builders as b
from tests.alerts import evidence, finding

START = dt.datetime(2026, 11, 16, 15, tzinfo=dt.UTC)
#: What can happen at a moment: people act, the engine speaks, workers come back, somebody looks at a page.
ACTS = (
    "open", "raise", "danger", "warn", "explain", "plan", "ask", "answer", "hand_back", "send_up", "extend", "confirm",
    "settle", "false", "withdraw", "return", "jobs", "look", "leave_council", "nothing",
)  # fmt: skip
#: Hours until the next act: a moment, a night, a weekend, an outage of weeks; or a clock that is set back.
GAPS = st.sampled_from([0, 1, 9, 24, 60, 24 * 5, 24 * 21, -3, -30])


class World:
    """A workplace under a cordón, a province and a nation, in each of which somebody sits."""

    def __init__(self) -> None:
        nation = b.territory(TerritoryKind.NATION, "Chile")
        province = b.territory(TerritoryKind.PROVINCE, "Santiago", nation)
        cordon = b.territory(TerritoryKind.CORDON, "Norte", province)
        self.place = b.workplace("Fábrica", cordon)
        self.series = b.series(self.place, b.indicator("Arena", "t"))
        assembly, committee = Body.objects.assembly_of(self.place), Body.objects.committee_of(self.place)
        self.worker, self.one, self.two = (b.member(name) for name in ("rosa", "juan", "luz"))
        for person in (self.worker, self.one, self.two):
            b.membership(person, self.place)
        b.seat(self.one, committee, assembly)
        b.seat(self.two, committee, assembly)
        kinds = (BodyKind.CORDON_COUNCIL, BodyKind.PROVINCIAL_COORDINATION, BodyKind.NATIONAL_COUNCIL)
        places = (cordon, province, nation)
        self.chain = [committee, *(b.body(kind, place) for kind, place in zip(kinds, places, strict=True))]
        self.delegates = [b.member(name) for name in ("norte", "stgo", "chile")]
        for person, council in zip(self.delegates, self.chain[1:], strict=True):
            b.seat(person, council, assembly, self.place, term_ends_at=START + dt.timedelta(days=900))
        Seat.objects.update(term_ends_at=START + dt.timedelta(days=900))
        self.now, self.latest = START, START

    def alerts(self) -> list[Alert]:
        return list(Alert.objects.order_by("pk"))

    def act(self, what: str, pick: int) -> None:
        """Do it to one of the alerts; what may not or cannot be done now is no more than a no."""
        found = self.alerts()
        alert = found[pick % len(found)] if found else None
        try:
            with_alert: dict[str, Callable[[Alert, Member], Any]] = {
                "warn": lambda a, d: verbs.warn_of_danger(alert=a, text="Peligro.", by=self.worker, at=self.now),
                "explain": lambda a, d: verbs.explain_alert(alert=a, text="Así fue.", by=self.worker, at=self.now),
                "plan": lambda a, d: verbs.plan_alert(alert=a, text="Se hará.", by=self.one, at=self.now),
                "ask": lambda a, d: levels.ask_help(
                    alert=a, body=self.chain[1], text="Camión.", by=self.one, at=self.now
                ),
                "answer": lambda a, d: levels.answer_alert(
                    alert=a, body=self.chain[1 + pick % 3], text="Vamos.", by=d, at=self.now
                ),
                "hand_back": lambda a, d: levels.hand_back(alert=a, text="Es suya.", by=d, at=self.now),
                "send_up": lambda a, d: levels.send_up(alert=a, text="Arriba.", by=self.one, at=self.now),
                "extend": lambda a, d: ask_extension(alert=a, days=1, text="Un día.", by=self.one, at=self.now),
                "confirm": lambda a, d: confirm_motion(
                    motion=AlertMotion.objects.filter(alert=a).latest("pk"), by=self.two, at=self.now
                ),
                "settle": lambda a, d: verbs.settle_alert(alert=a, text="Está.", by=self.one, at=self.now),
                "false": lambda a, d: verbs.mark_false_alarm(alert=a, text="Falsa.", by=self.one, at=self.now),
                "withdraw": lambda a, d: verbs.withdraw_alert(alert=a, text="Ya.", by=self.worker, at=self.now),
                "return": lambda a, d: verbs.close_returned(alert=a, at=self.now),
                "look": lambda a, d: bring_up_to_date(alert=a, at=self.now),
            }
            if what == "open":
                verbs.open_alert(series=self.series, finding=finding(), evidence=evidence(), at=self.now)
            elif what in ("raise", "danger"):
                verbs.raise_alert(
                    place=self.place, title="Algo pasa", text="Aquí.", danger=what == "danger", by=self.worker,
                    at=self.now,
                )  # fmt: skip
            elif what == "jobs":
                job.run_due(at=self.now)
            elif what == "leave_council":
                Seat.objects.filter(holder=self.delegates[pick % 3]).update(ended_at=self.now, end_reason="resigned")
            elif alert is not None and what in with_alert:
                with_alert[what](alert, self.delegates[pick % 3])
        except (Refused, Denied, AlertMotion.DoesNotExist):
            pass

    def check(self) -> None:
        for alert in self.alerts():
            holds = list(AlertHold.objects.filter(alert=alert).select_related("body").order_by("pk"))
            current = [hold for hold in holds if hold.until_at is None]
            # one holder while it is open, none after; and no gap or overlap between one and the next
            assert len(current) == (alert.state == AlertState.OPEN)
            assert all(one.until_at == two.from_at for one, two in pairwise(holds))
            assert holds[0].body == self.chain[0] and holds[0].from_at == alert.opened_at
            for one, two in pairwise(holds):
                self.check_step(alert, one, two)
            for hold in holds:
                # its clock was never passed by: at its due moment it went on, stayed, or was over before
                if hold.until_at is not None and hold.due_at is not None and hold.ran_out_at is None:
                    assert hold.until_at <= hold.due_at
                if hold.ran_out_at is not None and hold.due_at is not None:
                    assert hold.ran_out_at == hold.due_at
            moments = list(AlertEntry.objects.filter(alert=alert).order_by("pk").values_list("at", flat=True))
            assert moments == sorted(moments)
            if alert.state != AlertState.OPEN:
                assert not AgendaItem.objects.filter(evidence_reference=alert.uuid, state="waiting").exists()

    def check_step(self, alert: Alert, one: AlertHold, two: AlertHold) -> None:
        """Up by the clock, by hand or in danger, to a level that is higher; down only to the workplace, handed back."""
        below, above = self.chain.index(one.body), self.chain.index(two.body)
        lines = AlertEntry.objects.filter(alert=alert, at=two.from_at)
        if above > below:
            assert lines.filter(kind="went_up", body=two.body).exists()
            assert (
                two.from_at in (one.due_at, one.from_at)
                or lines.filter(kind__in=["danger", "went_up"], author__isnull=False).exists()
            )
        else:
            assert above == 0 and lines.filter(kind="handed_back", body=one.body).exists()


class AlertLife(TestCase):
    """A world made once; each example is undone."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = World()

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), GAPS), min_size=3, max_size=14))
    def test_no_alert_is_lost_skipped_early_or_held_twice(self, story):
        world = self.world
        world.now = START
        world.act("open", 0)
        for what, pick, hours in story:
            world.now += dt.timedelta(hours=hours)
            world.now = max(world.now, START)
            seen = world.now
            world.act(what, pick)
            world.check()
            # nothing went up before its moment: what an outsider may read began at or before some clock that ran
            world.latest = max(world.latest, seen) if world.latest else seen
            for hold in AlertHold.objects.exclude(body=world.chain[0]):
                assert hold.from_at <= world.latest
        # at last everybody looks, long after: each step that was due is taken, and once
        end = max(world.now, world.latest) + dt.timedelta(days=60)
        take_due_steps(at=end)
        assert not AlertHold.objects.due(end).exists()
        lines = AlertEntry.objects.count()
        job.run_due(at=end)
        take_due_steps(at=end)
        assert AlertEntry.objects.count() == lines
        world.check()
        for hold in AlertHold.objects.current():
            assert hold.ran_out_at is not None or hold.due_at is None
            assert AgendaItem.objects.filter(evidence_reference=hold.alert.uuid, state="waiting").exists()
        world.latest = START
