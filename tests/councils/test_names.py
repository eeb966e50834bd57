"""Names of people and places: in which order they stand, and by what a person is called."""

from __future__ import annotations

import pytest

from councils.models import Member
from councils.names import first_name_and_surname, sort_key


def test_sort_key_ignores_accents_and_capitals_and_puts_enye_after_n():
    names = ["Zúñiga", "nuñez", "Nuñez", "Álvarez", "Nuzman", "Nunes", "alba", "Ñuñoa", "Osorno", "El Ñandú", "Elena"]
    assert sorted(names, key=sort_key) == [
        "alba", "Álvarez", "El Ñandú", "Elena", "Nunes", "Nuñez", "nuñez", "Nuzman", "Ñuñoa", "Osorno", "Zúñiga",
    ]  # fmt: skip


def test_sort_key_reads_a_decomposed_enye_as_one_letter():
    assert sort_key("Nun\u0303ez")[0] == sort_key("Nuñez")[0]


@pytest.mark.parametrize(
    ("name", "called", "initials"),
    [
        ("Rosa Elena Soto Díaz", ("Rosa", "Soto"), "RS"),
        ("Ximena Saavedra Abarca", ("Ximena", "Saavedra"), "XS"),
        ("Elena Paillán", ("Elena", "Paillán"), "EP"),
        ("María de los Ángeles Soto Díaz", ("María", "Soto"), "MS"),
        ("Juan de la Cruz", ("Juan", "Cruz"), "JC"),
        ("Ángela", ("Ángela", ""), "Á"),
        ("carmen soto", ("carmen", "soto"), "CS"),
        ("", ("", ""), ""),
    ],
)
def test_person_is_called_by_first_name_and_first_surname(name: str, called: tuple[str, str], initials: str):
    assert first_name_and_surname(name) == called
    assert Member(name=name).initials == initials
