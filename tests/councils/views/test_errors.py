"""Error pages: a sentence, the frame, both languages; 500 without database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import translation
from django.views.defaults import server_error

from config.urls import urlpatterns as real
from councils.errors import Denied, Refused, TooMany

FAULTS = {
    "denied": Denied("Solo el comité puede."),
    "permission": PermissionDenied(),
    "refused": Refused("La votación cerró a las 18:00."),
    "many": TooMany("Esperar 4 minutos.", dt.timedelta(minutes=4)),
    "suspicious": SuspiciousOperation(),
    "broken": ZeroDivisionError(),
}


def fail(request: HttpRequest, fault: str) -> HttpResponse:
    raise FAULTS[fault]


urlpatterns = [path("fail/<str:fault>/", fail), *real]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def visitor(client: Client, cast) -> Client:
    """Carmen, whose browser shows errors as pages."""
    client.force_login(cast.carmen)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        ("denied", 403, "Solo el comité puede."),
        ("permission", 403, "Esta página es de otras personas"),
        ("refused", 409, "La votación cerró a las 18:00."),
        ("many", 429, "Esperar 4 minutos."),
        ("suspicious", 400, "Lo que se envió no es algo que esta página entienda"),
        ("broken", 500, "La falla es nuestra."),
    ],
)
def test_error_page_says_what_happened_in_the_frame(visitor: Client, fault: str, status: int, sentence: str) -> None:
    answer = visitor.get(f"/fail/{fault}/")
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, '<main id="main"' in page) == (status, True, True)
    assert f">{status}<" not in page


def test_error_page_speaks_english_too(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    assert "The fault is ours." in visitor.get("/fail/broken/").content.decode()


def test_error_page_of_too_many_says_when_to_return(visitor: Client) -> None:
    assert visitor.get("/fail/many/")["Retry-After"] == "240"


def test_error_page_500_needs_no_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0), translation.override("es"):
        assert "La falla es nuestra." in server_error(RequestFactory().get("/")).content.decode()


def test_error_page_404_serves_strangers(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert (answer.status_code, "No hay tal página" in answer.content.decode()) == (404, True)


def test_error_page_of_an_expired_form_says_what_to_do(cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "carmen", "password": "x"})
    assert (answer.status_code, "Volver atrás en el navegador" in answer.content.decode()) == (403, True)


@override_settings(ALLOWED_HOSTS=["cordon.example"])
def test_error_page_of_a_foreign_host_is_a_400(client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400
