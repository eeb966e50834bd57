"""Numbers with six decimal places whose sums are exact on SQLite and on PostgreSQL.

SQLite keeps ``DecimalField`` as a binary float, so sums drift. A figure is therefore
stored as a whole number of millionths in a BIGINT, and a total, which may outgrow 64
bits, as ``numeric`` on PostgreSQL and as canonical text on SQLite.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

PLACES = 6
SCALE = 10**PLACES
#: A figure has at most 15 significant digits and stays under a million million.
MAX_DIGITS = 15
MAX_FIGURE = Decimal(10) ** 12
_QUANTUM = Decimal(1).scaleb(-PLACES)


def to_micro(value: Decimal) -> int:
    """Millionths in ``value``. Raises ``ValueError`` when it has more than six places or is too large."""
    scaled = value.scaleb(PLACES)
    whole = int(scaled)
    if scaled != whole or abs(value) >= MAX_FIGURE or len(value.normalize().as_tuple().digits) > MAX_DIGITS:
        raise ValueError(f"{value} is not a figure of at most {MAX_DIGITS} digits and {PLACES} places")
    return whole


def from_micro(micro: int) -> Decimal:
    """The inverse of ``to_micro``; any size."""
    return Decimal(micro).scaleb(-PLACES)


def total_text(micro: int) -> str:
    """A total of so many millionths as the database takes it: ``-1.500000``."""
    whole, rest = divmod(abs(micro), SCALE)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06d}"


class FigureField(models.BigIntegerField):  # type: ignore[type-arg]
    """Python ``Decimal``, database BIGINT of millionths. Database sums are in millionths."""

    description = "Fixed-point figure, six places"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_micro(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as e:
            raise ValidationError(_("Enter a number.")) from e

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else to_micro(value if isinstance(value, Decimal) else Decimal(str(value)))

    @property
    def validators(self) -> list[Any]:
        return []

    def formfield(self, **kwargs: Any) -> Any:
        return forms.DecimalField(max_digits=MAX_DIGITS, decimal_places=PLACES, required=not self.blank)


class TotalField(models.Field):  # type: ignore[type-arg]
    """Python ``Decimal`` of six places and any size; numeric(38,6) or text."""

    description = "Exact total, six places"

    def db_type(self, connection: Any) -> str:
        return "numeric(38,6)" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else f"{Decimal(value).quantize(_QUANTUM):f}"

    def get_internal_type(self) -> str:
        return "TextField"
