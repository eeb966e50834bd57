"""The log as the keeper of the installation sees it."""

from __future__ import annotations

from councils.domain.proposal import draft_proposal, revise_proposal, submit_proposal
from councils.models import AuditEvent
from tests.admin_forms import page
from tests.builders import NOW


def test_admin_log_does_not_tell_who_drafts(ana, cast):
    draft = draft_proposal(body=cast.assembly, title="Sala cuna", text="Una sala.", by=cast.carmen, at=NOW)
    revise_proposal(proposal=draft, title="Sala cuna", text="Dos salas.", version=1, by=cast.carmen, at=NOW)
    event = AuditEvent.objects.filter(verb="draft_proposal").get()
    log = page(AuditEvent, "changelist")
    assert "Carmen Soto" not in ana.get(log).content.decode()
    assert ana.get(page(AuditEvent, "change", event.pk)).status_code == 302  # as what does not exist
    exported = ana.post(log, {"action": "export_csv", "_selected_action": [event.pk]})
    assert "Carmen Soto" not in exported.content.decode()
    submit_proposal(proposal=draft, by=cast.carmen, at=NOW)
    assert "Carmen Soto" in ana.get(log).content.decode()
