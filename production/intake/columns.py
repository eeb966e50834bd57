"""The columns of a table of reports: their names, in Spanish and English, and where each stands in a file."""

from __future__ import annotations

import unicodedata

from councils.names import name_key
from production.intake.trouble import BadFile, glimpse

REQUIRED = ("factory", "date", "indicator", "unit", "value")
OPTIONAL = ("sector", "kind", "cordon", "remark", "frequency", "aggregation")

_ALIASES = {
    "factory": "factory, fabrica, workplace, establecimiento, establishment, planta, plant, empresa, site, centro",
    "sector": "sector, rama, branch, industry",
    "date": "date, fecha, day, dia",
    "indicator": "indicator, indicador, item, cifra, concepto, measure, medida",
    "kind": "kind, tipo, clase, type",
    "unit": "unit, unidad, units, unidad de medida, uom",
    "value": "value, valor, quantity, cantidad, amount, figure, monto",
    "cordon": "cordon, cordon industrial, district, distrito",
    "remark": "remark, remarks, nota, note, observacion, observaciones, comentario, comment, que paso, what happened",
    "frequency": "frequency, frecuencia, periodicidad",
    "aggregation": "aggregation, agregacion, over time, en el tiempo",
}
_BY_NAME = {name: column for column, names in _ALIASES.items() for name in names.split(", ")}


def column_called(text: str) -> str | None:
    """The column that a header cell names, or None."""
    if len(text) > 80 or any(unicodedata.category(c) in ("Cf", "Cc", "Cs") for c in text.strip()):
        return None
    return _BY_NAME.get(name_key(text.replace("_", " ").replace("-", " ")))


def is_column(text: str) -> bool:
    """Whether a header cell names a column."""
    return column_called(text) is not None


def place_columns(header: list[str]) -> dict[str, int]:
    """Where each column stands. Raises ``BadFile``: columns unknown, missing or twice, each named."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    for position, text in enumerate(header):
        column = column_called(text)
        if column is None:
            unknown.append(glimpse(text.strip()) or "«»")
        elif column in places:
            raise BadFile("column_twice", column=column, one=glimpse(header[places[column]]), other=glimpse(text))
        else:
            places[column] = position
    missing = [column for column in REQUIRED if column not in places]
    if missing and unknown:
        raise BadFile("columns_wrong", missing=", ".join(missing), unknown=_some(unknown))
    if missing:
        raise BadFile("columns_missing", missing=", ".join(missing))
    if unknown:
        raise BadFile("columns_unknown", unknown=_some(unknown), known=", ".join(REQUIRED + OPTIONAL))
    return places


def _some(names: list[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
