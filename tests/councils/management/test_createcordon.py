"""The command that makes the first body and its admin."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from councils.models import Body, Member, Territory

PASSWORD = "sopa de piedra fria"


@pytest.fixture(autouse=True)
def english(db, settings, monkeypatch):
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setenv("CORDON_ADMIN_PASSWORD", PASSWORD)


def run(capsys, **options: str) -> list[str]:
    call_command("createcordon", **{"name": "Cerrillos", "admin": "Ana.Ruiz", **options})
    return capsys.readouterr().out.splitlines()


def test_createcordon_makes_place_body_and_admin(capsys):
    said = run(capsys)
    place, admin = Territory.objects.get(), Member.objects.get()
    assert (place.kind, Body.objects.get().kind, admin.username) == ("cordon", "cordon_council", "ana.ruiz")
    assert (admin.is_staff, admin.is_superuser, admin.check_password(PASSWORD)) == (True, True, True)
    assert [line.split(":")[0] for line in said] == ["Made", "Made"]


def test_createcordon_again_changes_nothing_and_says_so(capsys, monkeypatch):
    run(capsys)
    monkeypatch.setenv("CORDON_ADMIN_PASSWORD", "another long password")
    said = run(capsys, name="CERRILLOS ")
    assert all("already; unchanged" in line for line in said)
    assert (Territory.objects.count(), Member.objects.get().check_password(PASSWORD)) == (1, True)


def test_createcordon_of_another_level(capsys):
    run(capsys, level="workplace")
    assert {b.kind for b in Body.objects.all()} == {"assembly", "committee"}


@pytest.mark.parametrize(
    ("options", "password"), [({"name": " "}, PASSWORD), ({"admin": "ñ"}, PASSWORD), ({}, "short"), ({}, "")]
)
def test_createcordon_refuses_and_makes_nothing(capsys, monkeypatch, options, password):
    monkeypatch.setenv("CORDON_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        run(capsys, **options)
    assert (Territory.objects.count(), Member.objects.count()) == (0, 0)


def test_createcordon_without_a_terminal_names_what_is_missing(capsys):
    with pytest.raises(CommandError, match="--name"):
        call_command("createcordon", admin="ana")


def test_createcordon_says_the_rule_and_asks_again_after_a_refused_password(capsys, monkeypatch):
    monkeypatch.delenv("CORDON_ADMIN_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    typed = iter(["short", PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    said = run(capsys)
    assert Member.objects.get().check_password(PASSWORD)
    assert said[0].startswith("At least 10 characters.")
    assert [line for line in said if line.startswith("This password is too short.")] == said[1:2]
