"""The catalogue of units: exact rather than guessing."""

import pytest

from production.intake.units import UNITS, canonical, find_unit, same_unit


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("kg", "kg"),
        ("KG", "kg"),
        ("Kilos", "kg"),
        (" kg ", "kg"),
        ("\u212ag", "kg"),
        ("toneladas", "t"),
        ("t", "t"),
        ("тонна", "t"),
        ("kt", "kt"),
        ("miles de toneladas", "kt"),
        ("kt_per_day", "kt_per_day"),
        ("kt/día", "kt_per_day"),
        ("%", "pct"),
        ("pct", "pct"),
        ("por cada 100", "pct"),
        ("Porcentaje", "pct"),
        ("litros", "l"),
        ("m³", "m3"),
        ("miles de litros", "kl"),
        ("kwh", "kWh"),
        ("MWh", "MWh"),
        ("MW", "MW"),
        ("mw", "MW"),
        ("unidades", "units"),
        ("miles", "miles"),
        ("cajas", "boxes"),
        ("sacos", "sacks"),
        ("pares", "pairs"),
        ("personas", "persons"),
        ("horas", "hours"),
        ("días", "days"),
        ("pesos", "pesos"),
        ("CLP", "CLP"),
        ("US$", "USD"),
        ("€", "EUR"),
        ("horas hombre", "person_hours"),
        ("miles de pesos", "miles_de_pesos"),
        ("Mt", "Mt"),
        ("mg", "mg"),
    ],
)
def test_find_unit_knows_symbols_names_and_spellings(text, symbol):
    assert find_unit(text).symbol == symbol


@pytest.mark.parametrize(
    "text", ["", "lbs-per-hour", "??", "1", "=A1", "kg\u202e", "<b>kg</b>", "mW", "Mg", "mt", "de 64", "x" * 5000]
)
def test_find_unit_does_not_guess(text):
    assert find_unit(text) is None


def test_every_unit_is_found_by_its_symbol_and_its_names():
    for unit in UNITS.values():
        assert find_unit(unit.symbol) == unit
        assert {find_unit(unit.es), find_unit(unit.en)} <= {unit, None}


def test_a_share_is_told_from_an_amount():
    assert [find_unit(text).is_share for text in ("%", "‰", "t", "miles")] == [True, True, False, False]


def test_a_unit_outside_the_catalogue_equals_only_itself():
    assert (same_unit("De  64", "de 64"), same_unit("de 64", "de 65"), same_unit("t", "Toneladas")) == (
        True,
        False,
        True,
    )
    assert canonical("Hornadas raras") == "hornadas raras"


@pytest.mark.parametrize(
    ("symbol", "es", "en"),
    [
        ("t", "t", "t"),
        ("m3", "m³", "m³"),
        ("kWh", "kWh", "kWh"),
        ("pct", "%", "%"),
        ("persons", "personas", "people"),
        ("miles", "miles", "thousands"),
        ("miles_de_m", "miles de metros", "thousand metres"),
        ("t_per_day", "toneladas por día", "tonnes a day"),
    ],
)
def test_words_are_the_sign_or_the_name(symbol: str, es: str, en: str) -> None:
    assert (UNITS[symbol].words("es"), UNITS[symbol].words("en-gb")) == (es, en)
