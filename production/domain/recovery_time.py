"""Recovery time: for how long each body has an alert, by its own rules, and when that is over.

The time of a workplace is a rule of its assembly, that of a council a rule of the council: versioned data, changed by
their votes, said in words on their pages (``councils.recovery_rules``). It counts in working days: a workplace's own
calendar; for a council every day that is not closed for all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from councils.enums import BodyKind
from councils.models import Body, RuleSet, Territory
from councils.models.electorate import is_council
from councils.recovery_rules import RecoveryRules
from councils.rules import Rules
from production.analysis import recovery
from production.domain.calendar import factory_of
from production.models import Alert, ClosedDay


@dataclass(frozen=True)
class RecoveryTime:
    """So many working ``days``, by version ``rule_set`` of the rules (None where a body has none: the defaults)."""

    days: int
    rule_set: RuleSet | None


def assembly_of(workplace: Territory) -> Body | None:
    """The assembly of ``workplace``, where one was established."""
    return Body.objects.filter(territory=workplace, kind=BodyKind.ASSEMBLY).first()


def rules_of(*, body: Body, at: dt.datetime) -> tuple[RecoveryRules, RuleSet | None]:
    """The recovery times of ``body`` in force at ``at``; those of a committee are its assembly's."""
    whose: Body | None = body
    if not is_council(body) and body.territory is not None:
        whose = assembly_of(body.territory)
    rule_set = RuleSet.objects.in_force(whose, at) if whose is not None else None
    return (Rules.read(rule_set.rules).recovery if rule_set else RecoveryRules()), rule_set


def time_of(*, alert: Alert, body: Body, at: dt.datetime) -> RecoveryTime:
    """What ``body`` has for ``alert`` if it comes to it at ``at``."""
    rules, rule_set = rules_of(body=body, at=at)
    figure = alert.series.indicator.name if alert.series is not None else ""
    return RecoveryTime(rules.days_for(alert.kind, figure), rule_set)


def due_at(*, body: Body, workplace: Territory, days: int, from_at: dt.datetime) -> dt.datetime:
    """When ``days`` working days of ``body`` after ``from_at`` are over."""
    first = timezone.localtime(from_at).date() - dt.timedelta(days=1)
    closed = ClosedDay.objects.filter(on__gte=first, on__lte=first + dt.timedelta(days=recovery.HORIZON_DAYS + 2))
    zone = timezone.get_default_timezone()
    if is_council(body):
        for_all = frozenset(closed.filter(territory__isnull=True).values_list("on", flat=True))
        return recovery.due_at(from_at, days=days, zone=zone, closed=for_all)
    factory = factory_of(workplace)
    here = closed.filter(Q(territory__isnull=True) | Q(territory=workplace))
    return recovery.due_at(
        from_at,
        days=days,
        zone=zone,
        day_starts_at=factory.day_starts_at,
        working_week=factory.working_week,
        closed=frozenset(here.values_list("on", flat=True)),
    )
