"""Wiring of councils: who acts on which job, and how workers are told of one."""

from councils.domain import deliberation, heartbeat, job, outcome, proposal_tasks, waiting
from councils.tasks import send_hint

job.send_hints_with(send_hint)
job.register(job.PURGE, job.purge_done, nightly=True)
job.register(heartbeat.KIND, heartbeat.answer, batch=100)

for kind, handler in outcome.HANDLERS.items():
    job.register(kind, handler)
job.register(deliberation.KIND, deliberation.run_due)
waiting.register(proposal_tasks.to_moderate)
waiting.register(proposal_tasks.returned_to_me)
