"""Rules that only raw SQL can say, on both engines: rows that do not overlap, rows that are written once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from councils.domain import audit
from councils.models import AuditEvent, Membership
from councils.models.constraints import rewritable
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast

DAY = dt.date(2026, 11, 16)


def written(cast: Cast) -> AuditEvent:
    return audit.record(verb="set_rules", by=cast.ana, at=NOW, body=cast.assembly, subject=cast.assembly, version=2)


@pytest.mark.parametrize("sql", ["UPDATE {table} SET verb = 'x'", "DELETE FROM {table}"])
def test_the_log_is_neither_changed_nor_deleted_by_anybody_with_sql(cast: Cast, sql):
    row = written(cast)
    with pytest.raises(IntegrityError, match="audit_event_written_once"), transaction.atomic():
        connection.cursor().execute(sql.format(table=AuditEvent._meta.db_table))
    assert AuditEvent.objects.get(pk=row.pk).verb == "set_rules"


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_the_log_is_not_emptied_at_one_stroke(cast: Cast):
    written(cast)
    with pytest.raises(IntegrityError, match="audit_event_written_once"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.cursor().execute(f"TRUNCATE {AuditEvent._meta.db_table} CASCADE")
    assert AuditEvent.objects.count() == 1


def test_the_log_is_not_changed_through_its_model(cast: Cast):
    row = written(cast)
    for act in (row.save, row.delete, AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(verb="x")):
        with pytest.raises(TypeError):
            act()


def test_the_log_goes_on_after_its_database_was_emptied(cast: Cast):
    written(cast)
    with rewritable(connection):
        AuditEvent.objects.all()._raw_delete("default")
    assert AuditEvent.objects.count() == 0
    written(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.all()._raw_delete("default")


@pytest.mark.django_db(transaction=True)
def test_a_database_of_tests_is_emptied_and_stays_guarded():
    for _time in range(2):
        AuditEvent.objects.create(verb="x", at=NOW, subject_kind="")
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEvent.objects.all()._raw_delete("default")
        call_command("flush", interactive=False, verbosity=0)
        assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("since", "refused"), [(DAY, True), (DAY + dt.timedelta(days=9), True), (dt.date(2027, 1, 1), False)]
)
def test_memberships_do_not_overlap(cast: Cast, since, refused):
    Membership.objects.filter(member=cast.carmen).update(from_on=DAY, until_on=dt.date(2027, 1, 1))
    if refused:
        with pytest.raises(IntegrityError, match="membership_once_at_a_time"), transaction.atomic():
            builders.membership(cast.carmen, cast.cristalerias, since=since)
    else:
        assert builders.membership(cast.carmen, cast.cristalerias, since=since).pk
