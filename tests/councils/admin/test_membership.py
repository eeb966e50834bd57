"""People and rolls: what is mended here leaves a frozen roll as it was, and stands in the log."""

from __future__ import annotations

import pytest

from councils.enums import JobState
from councils.models import (
    AuditEvent,
    Job,
    Member,
    Membership,
    RollEntry,
    Seat,
)
from tests.admin_forms import page, save
from tests.votes import open_yes_no


def test_membership_is_mended_and_the_log_says_so(ana, cast):
    row = Membership.objects.get(member=cast.carmen)
    assert save(ana, page(Membership, "change", row.pk), category="excluded", reference="17") == ""
    row.refresh_from_db()
    assert (row.category, row.can_vote, row.reference) == ("excluded", False, "17")
    ana.post(page(Membership, "changelist"), {"action": "take_off", "_selected_action": [row.pk]})
    assert (
        save(ana, page(Membership, "add"), member=cast.olga.pk, territory=cast.cristalerias.pk, category="definitive")
        == ""
    )
    verbs = set(AuditEvent.objects.filter(body=cast.committee, actor=cast.ana).values_list("verb", flat=True))
    assert verbs == {"change_rights", "end_membership", "admit_member"}


def test_roll_of_a_workplace_that_votes_is_not_touched_from_outside(ana, cast):
    poll = open_yes_no(cast)
    frozen = set(RollEntry.objects.filter(poll=poll).values_list("member", "counts_for_quorum"))
    rows = list(Membership.objects.order_by("pk").values())
    row = Membership.objects.get(member=cast.carmen)
    add = {"member": cast.olga.pk, "territory": cast.cristalerias.pk, "category": "definitive"}
    assert "votación abierta" in save(ana, page(Membership, "change", row.pk), category="excluded")
    assert "votación abierta" in save(ana, page(Membership, "add"), **add)
    url = page(Membership, "changelist")
    answer = ana.post(url, {"action": "take_off", "_selected_action": [row.pk]}, follow=True)
    assert "votación abierta" in answer.content.decode()
    assert list(Membership.objects.order_by("pk").values()) == rows
    assert set(RollEntry.objects.filter(poll=poll).values_list("member", "counts_for_quorum")) == frozen
    assert save(ana, page(Membership, "add"), **{**add, "territory": cast.perlak.pk}) == ""  # nobody votes there


def test_take_off_ends_the_seats_that_the_assembly_gave(ana, cast):
    row = Membership.objects.get(member=cast.hugo)
    ana.post(page(Membership, "changelist"), {"action": "take_off", "_selected_action": [row.pk, row.pk]})
    assert Membership.objects.get(pk=row.pk).until_on is not None
    assert Seat.objects.get(holder=cast.hugo).ended_at is not None


@pytest.mark.parametrize(
    "data",
    [
        {"member": "carmen", "territory": "cristalerias"},
        {"member": "olga", "territory": "vicuna"},
        {"member": "olga", "territory": "perlak", "section": "hornos"},
    ],
)
def test_add_membership_refuses_on_the_form(ana, cast, data):
    before = Membership.objects.count()
    found = {name: getattr(cast, who).pk for name, who in data.items()}
    assert save(ana, page(Membership, "add"), category="definitive", **found) != ""
    assert Membership.objects.count() == before


def test_member_has_no_password_form_and_is_not_closed_during_a_vote(ana, cast):
    url = page(Member, "change", cast.carmen.pk)
    assert b'name="password' not in ana.get(url).content
    poll = open_yes_no(cast)
    data = {"name": "Carmen Soto", "email": "", "language": ""}
    assert "votación abierta" in save(ana, url, **data)
    poll.state = "declared"
    poll.save()
    assert save(ana, url, **data) == ""
    assert not Member.objects.get(pk=cast.carmen.pk).is_active
    assert AuditEvent.objects.get(verb="change_member").actor == cast.ana


def test_ask_again_revives_parked_jobs_alone(ana, cast, now):
    parked = Job.objects.create(kind="x", key="a", due_at=now, created_at=now, state=JobState.PARKED, attempts=5)
    done = Job.objects.create(kind="x", key="b", due_at=now, created_at=now, state=JobState.DONE)
    ana.post(page(Job, "changelist"), {"action": "ask_again", "_selected_action": [parked.pk, done.pk]})
    parked.refresh_from_db()
    done.refresh_from_db()
    assert (parked.state, parked.attempts, done.state) == (JobState.PENDING, 0, JobState.DONE)
