"""Comparable forms of names: pure, no database."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def name_key(name: str) -> str:
    """Fold ``name`` for comparison: NFKC, case, accents and runs of spaces.

    "Cristalerías  de CHILE" and "cristalerias de chile" give the same key.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip()


def sort_key(name: str) -> tuple[str, str]:
    """Where ``name`` stands in a list: accents and capitals do not count, ñ comes after n.

    Lists are sorted here and not by a database, whose engines and collations differ.
    """
    letters = unicodedata.normalize("NFC", name).casefold().replace("ñ", "n\uffff")
    return name_key(letters), name


def first_name_and_surname(name: str) -> tuple[str, str]:
    """The two words by which a person is called: "Rosa Elena Soto Díaz" is Rosa Soto.

    Of two or three words the second is taken for the first surname, of more the last but one; words in
    small letters ("de la") do not count. An empty surname where there is one word.
    """
    words = name.split()
    told = [word for word in words if not word.islower()] or words
    if len(told) < 2:
        return (told[0] if told else ""), ""
    return told[0], told[1] if len(told) <= 3 else told[-2]


#: What stands in names of people besides letters, marks, digits and spaces.
_IN_NAMES = frozenset("'’´`ʼ-‐–.,()ªº·")


def mixes_alphabets(text: str) -> bool:
    """Whether ``text`` has letters of more than one of the three alphabets whose letters look alike."""
    names = (unicodedata.name(c, "").split(" ", 1)[0] for c in text if c.isalpha())
    return len({n for n in names if n in ("LATIN", "CYRILLIC", "GREEK")}) > 1


def is_person_name(text: str) -> bool:
    """Whether ``text`` can be the name of a person: at least one letter, all of one alphabet, and nothing that no
    name has."""
    return (
        not mixes_alphabets(text)
        and any(c.isalpha() for c in text)
        and all(
            c.isalpha() or c.isdigit() or c == " " or c in _IN_NAMES or unicodedata.category(c).startswith("M")
            for c in text
        )
    )
