"""Wiring of councils: who acts on which job, and how workers are told of one."""

from councils.domain import (
    code_batch,
    deliberation,
    heartbeat,
    job,
    lots,
    mandate,
    objection_tasks,
    outcome,
    paper_count,
    poll_tasks,
    proposal_tasks,
    recall,
    recall_tasks,
    replacement,
    scrutiny,
    seat,
    seat_tasks,
    table,
    vacancy,
    waiting,
)
from councils.tasks import send_hint

job.send_hints_with(send_hint)
job.register(job.PURGE, job.purge_done, nightly=True)
job.register(heartbeat.KIND, heartbeat.answer, batch=100)

for kind, handler in outcome.HANDLERS.items():
    job.register(kind, handler)
job.register(deliberation.KIND, deliberation.run_due)
job.register(seat.RECALL_DUE, recall.run_due)
job.register(seat.FILL_VACANCY, vacancy.run_due)
waiting.register(poll_tasks.to_vote)
waiting.register(poll_tasks.to_answer)
waiting.register_teller(poll_tasks.not_on_roll)
waiting.register_teller(poll_tasks.on_paper)
waiting.register_teller(poll_tasks.nominations_open)
waiting.register_teller(outcome.stuck_counts)
waiting.register_teller(recall_tasks.under_way)
waiting.register_teller(recall_tasks.decided)
waiting.register_teller(seat_tasks.ended)
waiting.register_teller(replacement.standing_in)
waiting.register(proposal_tasks.to_moderate)
waiting.register(proposal_tasks.returned_to_me)
waiting.register(code_batch.to_approve)
waiting.register(table.to_confirm)
waiting.register(scrutiny.to_do)
waiting.register(mandate.to_confirm)
waiting.register(objection_tasks.to_decide)
waiting.register(lots.to_confirm)
waiting.register_teller(objection_tasks.may_object)
waiting.register(paper_count.to_count)
