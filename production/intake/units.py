"""The units that figures come in: symbol, dimension, names in Spanish and English, other spellings.

``find_unit`` is exact rather than guessing: "T" may be a tonne or a tesla to someone, so
only spellings that stand in the catalogue (units.txt) are read, and a spelling that belongs to two
units is read only as written. Sources: SI symbols; the commercial units met in workshops,
mills and farms of Latin America (quintal = 100 kg, arroba and vara left out: they differ
from place to place).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

_CATALOGUE = Path(__file__).with_name("units.txt")

#: Unit of head counts.
PEOPLE = "persons"
#: Dimensions whose symbols everybody reads alike, except those that are words (miles_de_m).
_INTERNATIONAL = frozenset({"mass", "volume", "length", "area", "energy", "power", "pressure"})
#: Dimensions of things of which there is no half.
_WHOLE = frozenset({"pieces", "persons"})
_SIGNS = {"pct": "%", "permille": "‰", "ppm": "ppm", "degC": "°C", "degF": "°F", "K": "K", "rpm": "rpm"}
_RAISED = str.maketrans("23", "²³")
#: Capitals that make another unit of it (a milliwatt, a megagram): never read without regard to capitals.
_OTHER_MEANING = frozenset({"mW", "mWh", "mVA", "mJ", "mPa", "Mg", "Ml", "ML", "k", "G"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. ``symbol`` is what the catalogue of indicators stores and what names it for good."""

    symbol: str
    dimension: str
    es: str
    en: str

    @property
    def is_share(self) -> bool:
        """A percentage and its like: over time it is averaged, never added."""
        return self.dimension == "share"

    @property
    def is_whole(self) -> bool:
        """Persons or pieces: counted, so never with decimals (a mean of them may have some)."""
        return self.dimension in _WHOLE

    def words(self, language: str) -> str:
        """What people read after a figure: the sign where it is international (kg, m³, %), else the name."""
        if self.symbol in _SIGNS:
            return _SIGNS[self.symbol]
        if self.dimension in _INTERNATIONAL and "_" not in self.symbol:
            return self.symbol.translate(_RAISED)
        return self.es if language.startswith("es") else self.en


def unit_key(text: str) -> str:
    """``text`` with its signs brought to one form and its spaces to one; capitals matter: MW is not mW."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("_", " ").split())


def _fold(text: str) -> str:
    """Without capitals and accents, for words people write."""
    apart = unicodedata.normalize("NFKD", unit_key(text).casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _read_catalogue() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, Unit]]:
    symbols: dict[str, Unit] = {}
    exact: dict[str, Unit] = {}
    folded: dict[str, set[Unit]] = {}
    dimension = ""
    for line in _CATALOGUE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.endswith(":"):
            dimension = line[:-1]
            continue
        symbol, es, en, others = (part.strip() for part in line.split("|"))
        unit = symbols[symbol] = Unit(symbol, dimension, es, en)
        exact[unit_key(symbol)] = unit
        for spelling in (symbol, es, en, *others.split(";")):
            folded.setdefault(_fold(spelling), set()).add(unit)
    sure = {spelling: units.pop() for spelling, units in folded.items() if len(units) == 1}
    return symbols, exact, sure


UNITS, _EXACT, _FOLDED = _read_catalogue()


def find_unit(text: str) -> Unit | None:
    """The unit that ``text`` spells; None when the catalogue has none, or two, under that spelling."""
    if len(text) > 60 or any(unicodedata.category(c) in ("Cf", "Cc", "Cs") for c in text):
        return None
    key = unit_key(text)
    return _EXACT.get(key) or (None if key in _OTHER_MEANING else _FOLDED.get(_fold(text)))


def unit_words(symbol: str, language: str) -> str:
    """What people read after a figure in the unit ``symbol``; one outside the catalogue as it is."""
    return UNITS[symbol].words(language) if symbol in UNITS else symbol


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings stand for one unit; a unit outside the catalogue equals only itself."""
    return canonical(one) == canonical(other)


def canonical(text: str) -> str:
    """The symbol of the unit that ``text`` spells, or ``text`` itself, folded, when the catalogue lacks it."""
    unit = find_unit(text)
    return unit.symbol if unit is not None else _fold(text)
