"""Names in a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.intake.names import clean_name, nearest, same_name
from production.intake.trouble import Unreadable, glimpse


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Perlak", "Perlak"),
        ("  Textil   Progreso ", "Textil Progreso"),
        ("Cristaleri\u0301as", "Cristalerías"),
        ("Fábrica\u00a0Uno", "Fábrica Uno"),
        ("Żółć Ñandú 螺栓 шайба", "Żółć Ñandú 螺栓 шайба"),
        ('1/2" bolt, ok', '1/2" bolt, ok'),
    ],
)
def test_clean_name_keeps_names(text, name):
    assert clean_name(text, longest=160) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("\u0301", "empty"),
        ("x" * 161, "too_long"),
        ("x" * 5000, "too_long"),
        ("a\u202eb", "hidden"),
        ("a\u200bb", "hidden"),
        ("a\x07b", "hidden"),
        ("a\nb", "hidden"),
        ("\ufffe", "hidden"),
        ("a\0b", "hidden"),
        ("a\ud800", "hidden"),
        ("=1+1", "formula"),
        ("@SUM(1)", "formula"),
        ("-2+3", "formula"),
        ("P\u0435rlak", "alphabets"),
    ],
)
def test_clean_name_refuses_with_the_reason(text, code):
    with pytest.raises(Unreadable) as refusal:
        clean_name(text, longest=160)
    assert refusal.value.code == code


def test_same_name_forgives_capitals_spaces_and_missing_accents_only():
    assert same_name("CRISTALERIAS  de chile", "Cristalerías de Chile")
    assert same_name("Perlak ", "PERLAK")
    assert not same_name("P\u0301erlak", "Perlak")
    assert not same_name("Perlaks", "Perlak")


def test_nearest_names_come_best_first():
    known = ["Perlak", "Goodyear", "Cristalerías de Chile", "Cristalerías Chile"]
    assert nearest("Perlac", known) == ["Perlak"]
    assert nearest("cristaleria de chile", known) == ["Cristalerías de Chile", "Cristalerías Chile"]
    assert nearest("zzz", known) == []


@given(st.text(max_size=200))
def test_glimpse_shows_nothing_hidden(text):
    assert glimpse(text).isprintable()
    assert len(glimpse(text)) <= 41


@given(st.text(max_size=300))
def test_clean_name_answers_anything_with_a_name_or_a_reason(text):
    try:
        name = clean_name(text, longest=120)
    except Unreadable as refusal:
        assert refusal.code
    else:
        assert (clean_name(name, longest=120), name.isprintable(), len(name) <= 120) == (name, True, True)
