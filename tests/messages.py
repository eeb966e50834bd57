"""Finds what the product says, without gettext: for the tests that it is all translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

Message = tuple[str | None, str]  # context, text
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
STRING = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
CALL = re.compile(rf"\b(?:_|n?p?gettext)\((?:{STRING}|[^()'\"])*\)")
#: Words of a template that are the same in every language, besides those in capitals.
NAMES = {"Cordón", "English", "Español"}


def of_source(source: str) -> set[Message]:
    """Messages of the gettext calls in Python source."""
    found: set[Message] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in ONE and texts:
                found.add((None, texts[0]))
            elif name in WITH_CONTEXT and len(texts) > 1:
                found.add((texts[0], texts[1]))
    return found


def of_python(root: Path) -> set[Message]:
    """Messages of the apps' Python files."""
    files = [path for app in ("config", "councils", "production") for path in (root / app).rglob("*.py")]
    return {message for path in files for message in of_source(path.read_text())}


def of_templates(paths: Iterable[Path]) -> set[Message]:
    """Messages of templates, through Django's own reading of them, which turns tags into gettext calls."""
    calls = [call for path in paths for call in CALL.findall(templatize(path.read_text()))]
    return {message for call in calls for message in of_source(call)}


def untranslated(template: str) -> list[str]:
    """Words that a person would read and that no translation tag holds."""
    pieces, inside = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            inside = name in ("blocktranslate", "plural", "comment") or (inside and not name.startswith("end"))
        pieces.append(token.contents if token.token_type == TokenType.TEXT and not inside else " \x00 ")
    html = re.sub(r"<!--.*?-->|<(script|style|svg)\b.*?</\1>", " ", "".join(pieces), flags=re.S)
    spoken = re.findall(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", html)
    text = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"|&#?\w+;", " ", html)
    words = re.findall(r"[^\W\d_]{2,}", " ".join([text, *spoken]))
    return [word for word in words if word not in NAMES and not word.isupper()]
