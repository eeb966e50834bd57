"""The repository keeps its own promises: README, requirements, settings, migrations, translations, templates."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from tests import messages

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
CATALOGUE = ROOT / "config/locale/es/LC_MESSAGES/django.po"
TEMPLATES = sorted(ROOT.glob("templates/**/*.*"))
#: What stands at the top without being part of the product's tree: made by tools, or hidden.
NOT_TREE = {"var", "staticfiles"}


def test_readme_shows_the_real_tree():
    blocks = re.findall(r"```(\w*)\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    lines = [line for language, block in blocks if not language for line in block.splitlines()]
    shown = {line.split("/")[0] for line in lines if re.match(r"\w+/", line)}
    real = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert shown == real - NOT_TREE


def test_links_of_readmes_lead_somewhere():
    readmes = [ROOT / "README.md", *ROOT.glob("*/README.md")]
    links = [(path, link) for path in readmes for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text())]
    assert [(path.name, link) for path, link in links if not (path.parent / link).exists()] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_are_pinned_hashed_and_name_no_host(path: Path):
    text = path.read_text()
    assert re.findall(r"://|^-(?!c )\S*|--(?!hash=)\S+|\b[\w-]+\.(?:org|com|io|net|dev)\b", text, re.M) == []
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert [entry for entry in entries if not re.match(r"[a-z0-9-]+==\S+.*--hash=sha256:", entry, re.S)] == []


def test_each_dependency_is_explained_and_installed():
    text = (ROOT / "pyproject.toml").read_text()
    wanted = tomllib.loads(text)["project"]["dependencies"]
    lines = text[text.index("dependencies = [") : text.index("[dependency-groups]")].splitlines()[1:]
    assert [line for line in lines if line.startswith("    ") and "  # " not in line] == []
    names = {re.split(r"[\[<>=]", entry)[0].lower() for entry in wanted}
    assert names - set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text())) == set()


def test_every_setting_is_explained():
    product = [*ROOT.glob("config/*.py"), *ROOT.glob("councils/**/*.py"), *ROOT.glob("production/**/*.py")]
    pattern = r"""env\.[a-z_]+\(\s*"([A-Z_]+)"|os\.environ\.get\(\s*"([A-Z_]+)"|os\.environ\["([A-Z_]+)"\]"""
    read = {name for path in product for found in re.findall(pattern, path.read_text()) for name in found if name}
    lines = (ROOT / ".env.example").read_text().splitlines()
    settings = [i for i, line in enumerate(lines) if re.match(r"#?[A-Z_]+=", line)]
    assert {lines[i].lstrip("#").split("=")[0] for i in settings} == read
    assert [lines[i] for i in settings if not lines[i - 1].startswith("# ")] == []


# --- translations -----------------------------------------------------------------------------------


def test_spanish_is_complete():
    catalogue = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy or entry.obsolete] == []


def test_spanish_is_compiled():
    source, compiled = polib.pofile(str(CATALOGUE)), polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def told(entries: list[polib.POEntry]) -> dict[tuple[str, str], tuple[str, dict[int, str]]]:
        return {(entry.msgctxt or "", entry.msgid): (entry.msgstr, dict(entry.msgstr_plural)) for entry in entries}

    assert told(compiled) == told(source)


def test_spanish_keeps_the_placeholders():
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))

    lost = []
    for entry in polib.pofile(str(CATALOGUE)):
        wanted = {tuple(placeholders(text)) for text in (entry.msgid, entry.msgid_plural or entry.msgid)}
        said = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        lost += [entry.msgid for text in said if text and tuple(placeholders(text)) not in wanted]
    assert lost == []


def test_every_message_of_the_product_is_in_the_catalogue():
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE))}
    used = messages.of_python(ROOT) | messages.of_templates(TEMPLATES)
    assert used - known == set()


# --- templates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_hold_no_inline_code_and_no_untranslated_text(path: Path):
    text = path.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text) == []
    assert messages.untranslated(text) == []
