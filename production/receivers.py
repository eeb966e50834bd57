"""What production registers with councils when the apps are ready: verbs, job handlers, home tasks."""

from councils.domain import job, waiting
from production import permissions as permissions
from production.domain import day, importing, roll_up, summary

job.register(importing.KIND, importing.run_imports)
job.register("forget_previews", importing.forget_previews, nightly=True)
job.register(summary.ROLL_UP, roll_up.roll_up, batch=roll_up.BATCH)
job.register(roll_up.RECOMPUTE, roll_up.recompute)
job.register("check_summaries", summary.check_nightly, nightly=True)
waiting.register(day.reports_to_send)
