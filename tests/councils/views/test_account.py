"""Sign-in, second factor and one's own account, through the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from councils.models import AuditEvent, Member
from tests.builders import PASSWORD


@pytest.fixture(autouse=True)
def empty_throttle() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, login: str = "carmen", password: str = PASSWORD, **more: str):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def confirm_password(client: Client) -> None:
    """What the pages ask for before they touch the safety of the account."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def set_up_second_factor(client: Client) -> str:
    """Through the pages, as a member does; returns the secret."""
    confirm_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}).status_code == 302
    return str(secret)


@pytest.mark.parametrize("login", ["carmen", " carmen ", "carmen@example.org", "Carmen@Example.org"])
def test_sign_in_takes_user_name_or_email(cast, client: Client, login: str) -> None:
    Member.objects.filter(pk=cast.carmen.pk).update(email="carmen@example.org")
    answer = sign_in(client, login)
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))


@pytest.mark.parametrize(
    ("back", "kept"), [("/votes/", "/votes/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_sign_in_goes_where_one_was_going_and_nowhere_else(cast, client: Client, back: str, kept: str) -> None:
    assert f'value="{back}"' in client.get(reverse("account_login"), {"next": back}).content.decode() or kept == "/"
    assert sign_in(client, next=back)["Location"] == kept


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("es", "El nombre de usuario y la contraseña no coinciden."), ("en", "User name and password do not match.")],
)
def test_sign_in_says_what_is_wrong_and_keeps_the_name(cast, client: Client, language: str, sentence: str) -> None:
    client.cookies["django_language"] = language
    page = sign_in(client, password="otra").content.decode()
    assert (sentence in page, 'value="carmen"' in page, "otra" in page.replace("otra vez", "")) == (True, True, False)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", ""),
        ("x\x00", "y"),
        ("carmen", "y\x00"),
        ("n" * 5000, "y"),
        ("carmen", "y" * 5000),
        ("😀", "' OR 1=1 --"),
        ("%", "_"),
    ],
)
def test_sign_in_answers_nonsense_with_the_form(cast, client: Client, login: str, password: str) -> None:
    answer = sign_in(client, login, password)
    assert (answer.status_code, 'class="errsum' in answer.content.decode()) == (200, True)


def test_sign_in_of_a_closed_account_says_so(cast, client: Client) -> None:
    Member.objects.filter(pk=cast.carmen.pk).update(is_active=False)
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert "Esta cuenta está cerrada" in client.get(reverse("account_inactive")).content.decode()


def test_sign_in_speaks_the_language_of_the_member(cast, client: Client) -> None:
    Member.objects.filter(pk=cast.carmen.pk).update(language="en")
    assert sign_in(client).cookies["django_language"].value == "en"


def test_sign_in_asks_for_the_second_factor(cast, client: Client) -> None:
    sign_in(client)
    secret = set_up_second_factor(client)
    client.post(reverse("account_logout"))
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert (wrong.status_code, "Este código no sirve." in wrong.content.decode()) == (200, True)
    cache.clear()  # the code of this half minute was used to set it up
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})["Location"] == reverse("home")


def test_sign_in_slows_down_who_guesses_codes(cast, client: Client) -> None:
    sign_in(client)
    set_up_second_factor(client)
    stranger = Client()
    sign_in(stranger)
    guesses = [stranger.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _ in range(6)]
    assert guesses == [200] * 5 + [429]


def test_second_factor_is_sealed_in_the_database(cast, client: Client) -> None:
    sign_in(client)
    secret = set_up_second_factor(client)
    stored = Authenticator.objects.get(user=cast.carmen, type=Authenticator.Type.TOTP)
    assert (secret in str(stored.data), stored.wrap().validate_code("000000")) == (False, False)


def test_second_factor_shows_its_key_as_picture_and_text(cast, client: Client) -> None:
    sign_in(client)
    confirm_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    text = page.content.decode()
    assert ('src="data:image/svg+xml;base64,' in text, page.context["form"].secret in text) == (True, True)


def test_second_factor_pages_follow_each_other(cast, client: Client) -> None:
    sign_in(client)
    set_up_second_factor(client)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert client.get(reverse(name)).status_code == 200
    codes = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(codes) == 10
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert Authenticator.objects.filter(user=cast.carmen).count() == 0


def test_second_factor_asks_for_the_password_once_more(cast, client: Client) -> None:
    sign_in(client)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    page = client.get(reverse("account_reauthenticate")).content.decode()
    assert "Confirmar que eres tú" in page
    wrong = client.post(reverse("account_reauthenticate"), {"password": "no"})
    assert "Esta no es tu contraseña." in wrong.content.decode()
    right = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    assert right["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize(("demo", "sentence"), [(True, "Esta es una cuenta de muestra"), (False, "Toma dos minutos")])
def test_second_factor_needed_says_why_and_who_is_exempt(cast, client: Client, demo: bool, sentence: str) -> None:
    Member.objects.filter(pk=cast.carmen.pk).update(is_demo=demo)
    client.force_login(cast.carmen)
    assert sentence in client.get(reverse("second_factor_needed")).content.decode()


def test_change_password_wants_the_old_one(cast, client: Client) -> None:
    sign_in(client)
    new = {"password1": "otra clave larga", "password2": "otra clave larga"}
    wrong = client.post(reverse("account_change_password"), {"oldpassword": "no", **new})
    assert "Esta no es tu contraseña de ahora." in wrong.content.decode()
    assert client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new}).status_code == 302
    assert sign_in(Client(), password="otra clave larga").status_code == 302


def test_change_password_slows_down_who_guesses_the_old_one(cast, client: Client) -> None:
    client.force_login(cast.carmen)
    data = {"oldpassword": "no", "password1": "otra clave larga", "password2": "otra clave larga"}
    assert [client.post(reverse("account_change_password"), data).status_code for _ in range(6)] == [200] * 5 + [429]


def test_sign_out_is_a_post(cast, client: Client) -> None:
    sign_in(client)
    assert "Salir" in client.get(reverse("account_logout")).content.decode()
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert client.get(reverse("account")).status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_sign_up_and_mail_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_account_shows_memberships_and_seats(cast, client: Client) -> None:
    client.force_login(cast.elena)
    page = client.get(reverse("account"))
    assert [m.territory for m in page.context["memberships"]] == [cast.cristalerias]
    assert {s.body for s in page.context["seats"]} == {cast.committee, cast.council}


def test_account_of_a_recalled_delegate_has_no_seat(cast, client: Client) -> None:
    client.force_login(cast.rosa)
    assert list(client.get(reverse("account")).context["seats"]) == []


def test_account_is_for_who_signed_in(client: Client, db: None) -> None:
    assert client.get(reverse("account"))["Location"] == f"{reverse('account_login')}?next={reverse('account')}"


def test_change_contact_keeps_email_and_language(cast, client: Client) -> None:
    client.force_login(cast.carmen)
    answer = client.post(reverse("account"), {"email": "Carmen@Example.org", "language": "en"})
    carmen = Member.objects.get(pk=cast.carmen.pk)
    assert (answer.status_code, carmen.email, carmen.language) == (302, "carmen@example.org", "en")
    assert answer.cookies["django_language"].value == "en"


def test_change_contact_is_in_the_audit_without_the_address(cast, client: Client) -> None:
    client.force_login(cast.carmen)
    client.post(reverse("account"), {"email": "carmen@example.org", "language": "es"})
    event = AuditEvent.objects.get(verb="change_contact")
    assert (event.actor, event.detail) == (cast.carmen, {})


def test_change_contact_refuses_the_address_of_another(cast, client: Client) -> None:
    Member.objects.filter(pk=cast.pedro.pk).update(email="pedro@example.org")
    client.force_login(cast.carmen)
    page = client.post(reverse("account"), {"email": "PEDRO@example.org", "language": "es"}).content.decode()
    assert ("Este correo es de otra cuenta." in page, 'value="PEDRO@example.org"' in page) == (True, True)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "no", "language": "es"},
        {"email": "", "language": "xx"},
        {"email": "a\x00@b.cl", "language": "es"},
        {"email": "a@b.cl" * 200, "language": "es"},
    ],
)
def test_change_contact_answers_nonsense_with_the_form(cast, client: Client, data: dict[str, str]) -> None:
    client.force_login(cast.carmen)
    assert client.post(reverse("account"), data).status_code == 200
    assert Member.objects.get(pk=cast.carmen.pk).email == ""
