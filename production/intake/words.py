"""Words of a closed list as a file may write them: kinds, frequencies, aggregations."""

from __future__ import annotations

from councils.names import name_key
from production.intake.trouble import Unreadable, glimpse

KINDS = {
    "input": "input, inputs, insumo, insumos, entrada, materia prima, materias primas, raw material",
    "output": "output, outputs, producto, productos, product, products, salida, produccion, production",
    "stock": "stock, stocks, existencia, existencias, inventario, inventory, bodega",
    "capacity": "capacity, capacidad",
    "energy": "energy, energia",
    "labour": "labour, labor, trabajo, mano de obra, work, personal",
    "other": "other, otro, otra, otros",
}
FREQUENCIES = {
    "day": "day, daily, dia, diario, diaria, every day, cada dia, d",
    "week": "week, weekly, semana, semanal, every week, cada semana, w",
    "month": "month, monthly, mes, mensual, every month, cada mes, m",
}
AGGREGATIONS = {
    "sum": "sum, suma, total, sumar",
    "mean": "mean, average, avg, media, promedio",
    "last": "last, last value, ultimo, ultimo valor, final",
}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words.split(", ")}


_KINDS, _FREQUENCIES, _AGGREGATIONS = map(_by_word, (KINDS, FREQUENCIES, AGGREGATIONS))


def read_kind(text: str) -> str:
    """A kind of indicator; "" when not given. Raises ``Unreadable``: unknown_word."""
    return _read(text, _KINDS, KINDS)


def read_frequency(text: str) -> str:
    """How often; "" when not given. Raises ``Unreadable``: unknown_word."""
    return _read(text, _FREQUENCIES, FREQUENCIES)


def read_aggregation(text: str) -> str:
    """How figures join over time; "" when not given. Raises ``Unreadable``: unknown_word."""
    return _read(text, _AGGREGATIONS, AGGREGATIONS)


def _read(text: str, words: dict[str, str], table: dict[str, str]) -> str:
    if not text.strip():
        return ""
    meaning = words.get(name_key(text[:60].replace("_", " ")))
    if meaning is None:
        raise Unreadable("unknown_word", value=glimpse(text), known=", ".join(table))
    return meaning


_STOCK_WORDS = frozenset("stock stocks existencia existencias inventario inventory bodega saldo".split())


def infer_aggregation(*, name: str, kind: str, is_share: bool) -> str:
    """How an indicator of which nothing was said joins over time.

    A share is averaged; a stock (by kind or by its name) is its last value; a capacity is averaged; the rest adds up.
    """
    if is_share or kind == "capacity":
        return "mean"
    words = set(name_key(name).replace("_", " ").replace("-", " ").split())
    return "last" if kind == "stock" or (kind in ("", "other") and words & _STOCK_WORDS) else "sum"


def infer_kind(*, name: str, dimension: str) -> str:
    """The kind of an indicator where its name or the dimension of its unit leaves no doubt, else "output"."""
    if dimension == "persons":
        return "labour"
    if dimension == "energy":
        return "energy"
    words = set(name_key(name).replace("_", " ").replace("-", " ").split())
    return "stock" if words & {*_STOCK_WORDS, "store"} else "output"
