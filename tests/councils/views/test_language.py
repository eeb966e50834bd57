"""Choosing a language: a cookie, a safe way back, no script."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from councils.models import Member


def test_choose_language_keeps_it_and_goes_back(client: Client, db: None) -> None:
    answer = client.post(reverse("language"), {"language": "en", "next": "/accounts/login/?next=/votes/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/votes/")
    assert 'lang="en"' in client.get(reverse("account_login")).content.decode()


def test_choose_language_cookie_is_closed_to_scripts(client: Client, db: None) -> None:
    cookie = client.post(reverse("language"), {"language": "en"}).cookies["django_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example", "javascript:alert(1)", "", "\\\\evil", "/\x00"]
)
def test_choose_language_goes_nowhere_else(client: Client, db: None, back: str) -> None:
    assert client.post(reverse("language"), {"language": "en", "next": back})["Location"] in ("/", "/%00")


@pytest.mark.parametrize("language", ["xx", "", "en\x00", "e" * 5000])
def test_choose_language_ignores_what_is_not_one(client: Client, db: None, language: str) -> None:
    answer = client.post(reverse("language"), {"language": language})
    assert (answer.status_code, "django_language" in answer.cookies) == (302, False)


def test_choose_language_is_a_post(client: Client, db: None) -> None:
    assert client.get(reverse("language")).status_code == 405


def test_choose_language_is_remembered_for_the_next_device(cast, client: Client) -> None:
    client.force_login(cast.carmen)
    client.post(reverse("language"), {"language": "en"})
    assert Member.objects.get(pk=cast.carmen.pk).language == "en"


@pytest.mark.parametrize(
    ("address", "sent"), [("/enrol/", {"code": "K7TM4-XXXXX"}), ("/proposals/new/", {"title": "Un título"})]
)
def test_choose_language_is_not_offered_where_what_was_typed_would_be_lost(cast, client: Client, address, sent) -> None:
    client.force_login(cast.carmen)
    assert 'action="/language/"' in client.get(address).content.decode()
    answer = client.post(address, sent)
    assert (answer["Content-Type"], 'action="/language/"' in answer.content.decode()) == (
        "text/html; charset=utf-8",
        False,
    )
