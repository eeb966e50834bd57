"""Sentences of the libraries that the product says anew: they exist there, and ours address the reader as "tú"."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
import simple_history

from councils import library_words
from tests import messages

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = [
    Path(django.__file__).parent / "conf",
    Path(django.__file__).parent / "contrib/admin",
    Path(django.__file__).parent / "contrib/auth",
    Path(allauth.__file__).parent,
]
FORMAL = re.compile(
    r"\b(?:usted|sus?|le|por favor|introduzca|ingrese|seleccione|escriba|elija|escoja|corrija|asegúrese|pulse)\b", re.I
)


@pytest.fixture
def sentences() -> set[str]:
    return {text for _context, text in messages.of_source(Path(library_words.__file__).read_text())}


def test_each_sentence_is_one_of_a_library(sentences: set[str]):
    said = {entry.msgid for path in CATALOGUES for entry in polib.mofile(str(path / "locale/es/LC_MESSAGES/django.mo"))}
    history = Path(simple_history.__file__).with_name("admin.py")  # has no Spanish of its own
    said |= {text for _context, text in messages.of_source(history.read_text())}
    assert sentences - said == set()


def test_none_of_them_is_formal_in_spanish(sentences: set[str]):
    ours = polib.pofile(str(ROOT / "config/locale/es/LC_MESSAGES/django.po"))
    texts = [
        text for entry in ours if entry.msgid in sentences for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    assert [text for text in texts if FORMAL.search(text)] == []
