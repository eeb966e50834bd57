"""``NoOverlap``: the same rule about dated rows, kept by both engines.

The only raw SQL of the schema. On PostgreSQL it is an exclusion constraint (GiST over
``daterange``, needs the trusted extension ``btree_gist``, which ``councils`` migration
0001 creates). SQLite has no such constraint, so two triggers refuse the row with the
same name in the message; ``tests/councils/test_constraints.py`` runs on both.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
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
