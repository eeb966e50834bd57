"""Imports point down, apps never look up, files stay small: read from the source, and proved by planted violations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: From the lowest to the highest. A module imports its own layer or a lower one; a package or module that is
#: none of these stands where the highest thing that it imports stands.
LAYERS = [
    {"counting", "urn", "analysis", "intake"},
    {"enums", "errors", "signals"},
    {"models"},
    {"permissions"},
    {"domain"},
    {"forms"},
    {"views", "api", "admin", "tasks", "receivers", "management"},
    {"urls"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
PURE = LAYERS[0]
APPS = ["councils", "production", "config"]  # each may import those before it
LONGEST = 400

Unit = tuple[str, str]  # app and layer: ("councils", "domain")


def sources(root: Path) -> Iterator[tuple[Unit, Path, ast.Module]]:
    """Every module of the apps under ``root``, migrations apart."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            inside = path.relative_to(root / app)
            if "migrations" not in inside.parts:
                yield (app, inside.parts[0].removesuffix(".py")), path, ast.parse(path.read_text())


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Dotted names that are imported anywhere in ``tree``, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{'.' * node.level}{node.module or ''}.{alias.name}", node.lineno) for alias in node.names)


def unit_of(name: str) -> Unit | None:
    """The app and layer of an imported name; None for what is not ours."""
    parts = name.split(".")
    return (parts[0], parts[1]) if parts[0] in APPS and len(parts) > 1 else None


def ranks(modules: list[tuple[Unit, Path, ast.Module]]) -> dict[Unit, int]:
    """Where each unit stands: by its name, else by the highest unit that it imports."""
    below = [
        (unit, other) for unit, _path, tree in modules for name, _line in imported(tree) if (other := unit_of(name))
    ]
    found = {unit: RANK.get(unit[1], 0) for pair in below for unit in pair}
    for _round in range(len(found)):
        for unit, other in below:
            if unit[1] not in RANK:
                found[unit] = max(found[unit], found[other])
    return found


def violations(root: Path) -> list[str]:
    """Every breach of the rules under ``root``, as "file:line what"."""
    modules = list(sources(root))
    rank, breaches = ranks(modules), []
    framework = {
        unit for unit, _path, tree in modules if any(name.split(".")[0] == "django" for name, _line in imported(tree))
    }
    for unit, path, tree in modules:
        app, layer = unit
        where = str(path.relative_to(root))
        for name, line in imported(tree):
            other = unit_of(name)
            if name.startswith("."):
                breaches.append(f"{where}:{line} imports relatively")
            elif name.split(".")[0] == "tests":
                breaches.append(f"{where}:{line} imports tests")
            elif layer in PURE and (name.split(".")[0] == "django" or other in framework):
                breaches.append(f"{where}:{line} is pure and imports django")
            elif other and APPS.index(other[0]) > APPS.index(app):
                breaches.append(f"{where}:{line} looks up to {other[0]}")
            elif other and app != "config" and layer in RANK and rank[other] > rank[unit]:
                breaches.append(f"{where}:{line} imports {'.'.join(other)}, a higher layer")
        if path.name != "apps.py":  # Django asks for ready()
            breaches += [f"{where}:{line} imports inside a function" for line in hidden_imports(tree)]
    return breaches


def hidden_imports(tree: ast.Module) -> list[int]:
    """Lines of imports inside functions."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return sorted({line for function in functions for _name, line in imported(function)})


def long_files(root: Path) -> list[str]:
    """Python files of the product and its tests past the length that hides a second noun."""
    files = [path for top in [*APPS, "tests"] for path in sorted((root / top).rglob("*.py"))]
    return [
        str(path.relative_to(root))
        for path in files
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > LONGEST
    ]


def test_imports_point_down():
    assert violations(ROOT) == []


def test_files_stay_small():
    assert long_files(ROOT) == []


PLANTED = [
    ("councils/models/poll.py", "from councils.domain import ballot", "imports councils.domain, a higher layer"),
    ("councils/domain/poll.py", "import councils.views.poll", "imports councils.views, a higher layer"),
    ("councils/domain/poll.py", "from councils import forms", "imports councils.forms, a higher layer"),
    ("production/forms/report.py", "from councils.views import poll", "imports councils.views, a higher layer"),
    ("councils/domain/poll.py", "from production.models import Factory", "looks up to production"),
    ("production/domain/report.py", "from config import settings", "looks up to config"),
    ("councils/counting/approval.py", "from django.db import models", "is pure and imports django"),
    ("councils/urn/seal.py", "from councils.models import Poll", "imports councils.models, a higher layer"),
    ("councils/domain/poll.py", "def f():\n    from councils.enums import PollState", "imports inside a function"),
    ("councils/domain/poll.py", "from . import ballot", "imports relatively"),
    ("councils/domain/poll.py", "from tests.builders import NOW", "imports tests"),
]


@pytest.mark.parametrize(("path", "source", "breach"), PLANTED)
def test_a_planted_violation_is_found(tmp_path: Path, path: str, source: str, breach: str):
    plant(tmp_path, path, source)
    assert violations(tmp_path) == [f"{path}:{1 + source.count(chr(10))} {breach}"]


def test_a_helper_stands_as_high_as_what_it_imports(tmp_path: Path):
    plant(tmp_path, "councils/utils.py", "from councils.views import poll")
    plant(tmp_path, "councils/helper.py", "from councils.utils import x")
    plant(tmp_path, "councils/domain/poll.py", "from councils.helper import x")
    assert violations(tmp_path) == ["councils/domain/poll.py:1 imports councils.helper, a higher layer"]


def test_a_helper_with_django_is_not_for_pure_packages(tmp_path: Path):
    plant(tmp_path, "councils/clock.py", "from django.utils import timezone")
    plant(tmp_path, "councils/names.py", "import unicodedata")
    plant(
        tmp_path, "production/intake/table.py", "from councils.names import fold\nfrom councils.clock import local_day"
    )
    assert violations(tmp_path) == ["production/intake/table.py:2 is pure and imports django"]


def test_imports_that_point_down_are_no_violation(tmp_path: Path):
    plant(tmp_path, "councils/views/poll.py", "from councils.domain import ballot\nfrom councils.forms import poll")
    plant(tmp_path, "production/domain/report.py", "from councils.domain import job")
    plant(tmp_path, "config/urls.py", "from production import urls")
    plant(tmp_path, "councils/apps.py", "def ready():\n    from councils import receivers")
    assert violations(tmp_path) == []


def test_a_planted_long_file_is_found(tmp_path: Path):
    plant(tmp_path, "councils/domain/poll.py", "x = 1\n" * (LONGEST + 1))
    plant(tmp_path, "councils/migrations/0001_initial.py", "x = 1\n" * (LONGEST + 1))
    assert long_files(tmp_path) == ["councils/domain/poll.py"]


def plant(root: Path, path: str, source: str) -> None:
    """Write one module into a tree of its own."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source)
