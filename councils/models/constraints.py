"""``NoOverlap`` and ``WrittenOnce``: the same rules about rows, kept by both engines.

The only raw SQL of the schema.

``NoOverlap``: on PostgreSQL it is an exclusion constraint (GiST over
``daterange``, needs the trusted extension ``btree_gist``, which ``councils`` migration
0001 creates). SQLite has no such constraint, so two triggers refuse the row with the
same name in the message.

``WrittenOnce``: rows of the log are never changed nor deleted, by no code of this program and by nobody who got
into it. Triggers refuse both (on PostgreSQL also TRUNCATE). Whoever owns the database may drop a trigger, as
``rewritable`` does to empty a demonstration or a database of tests: against her the log is defended by its copies.

``tests/councils/test_constraints.py`` runs on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext as _

_FAR = "9999-12-31"


class NoOverlap(BaseConstraint):
    """Rows equal in ``fields`` have disjoint half-open periods ``[from_on, until_on)``.

    ``until_on`` NULL means "still". Raises ``IntegrityError`` naming the constraint.
    """

    def __init__(self, *, fields: tuple[str, ...] | list[str], name: str) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)

    def _columns(self, model: type[models.Model]) -> list[str]:
        return [column for f in self.fields if (column := getattr(model._meta.get_field(f), "column", None))]

    def _postgres(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        q = editor.quote_name
        same = "".join(f"{q(c)} WITH =, " for c in self._columns(model))
        return f'CONSTRAINT {q(self.name)} EXCLUDE USING gist ({same}daterange("from_on", "until_on", \'[)\') WITH &&)'

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        q = editor.quote_name
        same = " AND ".join(f"t.{q(c)} = NEW.{q(c)}" for c in self._columns(model))
        out = []
        for event, but in (("INSERT", ""), ("UPDATE", " AND t.rowid <> OLD.rowid")):
            sql = (
                f"CREATE TRIGGER {q(self.name + '_' + event.lower())} BEFORE {event} ON %(table)s "
                f"WHEN EXISTS (SELECT 1 FROM %(table)s t WHERE {same}{but} "
                f"AND t.from_on < COALESCE(NEW.until_on, '{_FAR}') AND NEW.from_on < COALESCE(t.until_on, '{_FAR}')) "
                f"BEGIN SELECT RAISE(ABORT, 'constraint {self.name}: periods overlap'); END"
            )
            out.append(Statement(sql, table=Table(model._meta.db_table, editor.quote_name)))
        return out

    def constraint_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str | None:  # type: ignore[override]
        if schema_editor.connection.vendor == "postgresql":
            return self._postgres(model, schema_editor)
        for statement in self._triggers(model, schema_editor):
            schema_editor.deferred_sql.append(statement)
        return None

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:  # type: ignore[override]
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            return f"ALTER TABLE {table} ADD {self._postgres(model, schema_editor)}"
        first, second = self._triggers(model, schema_editor)
        schema_editor.deferred_sql.append(second)
        return first

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]
        q = schema_editor.quote_name
        if schema_editor.connection.vendor == "postgresql":
            return f"ALTER TABLE {q(model._meta.db_table)} DROP CONSTRAINT {q(self.name)}"
        schema_editor.execute(f"DROP TRIGGER {q(self.name + '_insert')}")
        return f"DROP TRIGGER {q(self.name + '_update')}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Model-level check for forms and the admin; the database holds the rule."""
        if exclude and set(self.fields) & set(exclude):
            return
        if instance.from_on is None:
            return
        same = {f: getattr(instance, f) for f in self.fields}
        if any(v is None for v in same.values()):
            return
        rows = model._default_manager.using(using).filter(**same).exclude(pk=instance.pk)
        if instance.until_on:
            rows = rows.filter(from_on__lt=instance.until_on)
        rows = rows.filter(models.Q(until_on__isnull=True) | models.Q(until_on__gt=instance.from_on))
        if rows.exists():
            raise ValidationError(_("Another row covers part of this period."))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, NoOverlap):
            return self.name == other.name and self.fields == other.fields
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.pop("violation_error_code", None)
        kwargs.pop("violation_error_message", None)
        kwargs["fields"] = self.fields
        return path, args, kwargs


class WrittenOnce(BaseConstraint):
    """Rows are inserted, and then stay as they are. Raises ``IntegrityError`` naming the constraint."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)

    def _statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        q, table = editor.quote_name, Table(model._meta.db_table, editor.quote_name)
        said = f"constraint {self.name}: rows are written once"
        if editor.connection.vendor == "postgresql":
            function = q(self.name)
            sql = [
                (
                    f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    f" RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
                ),
                (
                    f"CREATE TRIGGER {q(self.name + '_rows')} BEFORE UPDATE OR DELETE ON %(table)s"
                    f" FOR EACH ROW EXECUTE FUNCTION {function}()"
                ),
                (
                    f"CREATE TRIGGER {q(self.name + '_table')} BEFORE TRUNCATE ON %(table)s"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                ),
            ]
        else:
            sql = [
                f"CREATE TRIGGER {q(self.name + '_' + event.lower())} BEFORE {event} ON %(table)s"
                f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
                for event in ("UPDATE", "DELETE")
            ]
        return [Statement(each, table=table) for each in sql]

    def constraint_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str | None:  # type: ignore[override]
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))
        return None

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:  # type: ignore[override]
        first, *others = self._statements(model, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return first

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]
        q = schema_editor.quote_name
        if schema_editor.connection.vendor == "postgresql":
            return f"DROP FUNCTION {q(self.name)}() CASCADE"
        schema_editor.execute(f"DROP TRIGGER {q(self.name + '_update')}")
        return f"DROP TRIGGER {q(self.name + '_delete')}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database holds the rule."""

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, WrittenOnce) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.pop("violation_error_code", None)
        kwargs.pop("violation_error_message", None)
        return path, args, kwargs


@contextmanager
def rewritable(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within it rows that are ``WrittenOnce`` can be deleted: to empty a demonstration, or a database of tests."""
    guarded = [
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(constraint, WrittenOnce) for constraint in model._meta.constraints)
    ]
    tables = [table for table in guarded if table in connection.introspection.table_names()]
    with connection.cursor() as cursor:
        again = [sql for table in tables for sql in _let_go(cursor, table, connection)]
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for sql in again:
                cursor.execute(sql)


def _let_go(cursor: Any, table: str, connection: BaseDatabaseWrapper) -> list[str]:
    """Let the triggers of ``table`` rest; what brings them back."""
    quoted = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table is not altered while rows of it wait to be checked
        cursor.execute(f"ALTER TABLE {quoted} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {quoted} ENABLE TRIGGER USER"]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    return [sql for _name, sql in triggers]
