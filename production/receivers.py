"""What production registers with councils when the apps are ready: verbs, job handlers, home tasks."""

import datetime as dt
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from councils.domain import evidence, job, vital, waiting
from councils.enums import TerritoryKind
from councils.models import Territory
from councils.signals import territory_moved
from production import permissions as permissions
from production.domain import (
    alert_budget,
    alert_tasks,
    analysis_job,
    data_problem,
    day,
    escalation,
    importing,
    judgement,
    roll_up,
    summary,
)

job.register(importing.KIND, importing.run_imports)
job.register("forget_previews", importing.forget_previews, nightly=True)
job.register(summary.ROLL_UP, roll_up.roll_up, batch=roll_up.BATCH)
job.register(roll_up.RECOMPUTE, roll_up.recompute)
job.register("check_summaries", summary.check_nightly, nightly=True)
job.register(analysis_job.ANALYSE, judgement.analyse_sent, batch=judgement.BATCH, private=True)
job.register(escalation.STEP, escalation.run_steps, private=True)
evidence.register(escalation.EVIDENCE, lambda reference: reverse("alert", args=[reference]))
vital.register("engine", alert_budget.vital_sign)
waiting.register(alert_tasks.held_inside)
waiting.register(alert_tasks.came_up)
waiting.register(alert_tasks.notes_to_answer)
waiting.register(day.reports_to_send)
waiting.register_teller(data_problem.tell_problems)


@receiver(territory_moved, dispatch_uid="production.sums_follow_a_move")
def sums_follow_a_move(territory: Territory, first: dt.date | None, at: dt.datetime, **_signal: Any) -> None:
    """Figures count where their workplace hung on their day: a cordón that moved takes all of its own along."""
    workplace = territory if territory.kind == TerritoryKind.WORKPLACE else None
    roll_up.recompute_for(workplace=workplace, first=first, last=None, at=at)
