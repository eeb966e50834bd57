"""The public page of the code, and the pages of the committee that make it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from councils import throttle
from councils.codes import new_code, readable
from councils.domain import code_batch
from councils.domain.membership import admit_member
from councils.models import CodeBatch, Member, Membership
from councils.views.code_batch import qr
from tests.builders import NOW

ENROL = "/enrol/"
PASSWORD = "sopa de piedra fria"
ACCOUNT = {"username": "eva.paz", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def at_now(settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path
    settings.LANGUAGE_CODE = "en"
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def printed(cast, count: int | None = 1) -> list[str]:
    batch = code_batch.request_codes(workplace=cast.cristalerias, count=count, by=cast.elena, at=NOW)
    code_batch.approve_codes(batch=batch, by=cast.hugo, at=NOW)
    return [p.code for p in code_batch.print_codes(batch=batch, by=cast.elena, at=NOW)]


def text(response) -> str:
    return response.content.decode()


def test_enrol_from_code_to_home(client, cast):
    (code,) = printed(cast)
    assert "Who enrols" in text(client.post(ENROL, {"code": code.lower()}))
    page = client.post(ENROL, {"code": code, "name": "Eva Paz"})
    assert 'value="eva.paz"' in text(page)
    done = client.post(ENROL, {"code": code, "name": "Eva Paz", **ACCOUNT})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/account/").context["user"].username == "eva.paz"
    assert Membership.objects.get(member__username="eva.paz").territory == cast.cristalerias


def test_enrol_with_a_code_that_bears_a_name(client, cast):
    admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=NOW)
    (code,) = printed(cast, None)
    page = client.post(ENROL, {"code": code})
    assert (page.status_code, "Eva Paz" in text(page), page["Cache-Control"].count("no-store")) == (200, True, 1)
    assert client.post(ENROL, {"code": code, **ACCOUNT}).status_code == 302


def test_enrol_twice_with_one_code_makes_one_account(client, cast):
    (code,) = printed(cast)
    for _n in range(2):
        client.logout()
        page = client.post(ENROL, {"code": code, "name": "Eva Paz", **ACCOUNT})
    assert (page.status_code, "sign in" in text(page)) == (200, True)
    assert Member.objects.filter(name="Eva Paz").count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"again": "another one here"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "10 characters"),
        ({"password": "eva.paz1234", "again": "eva.paz1234"}, "too similar to the username"),
        ({"username": "carmen"}, "is in use"),
        ({"username": "ñ!"}, "3 to 40 letters"),
        ({"username": "x" * 300}, "at most 40"),
        ({"username": "eva\x00paz"}, "Null characters"),
        ({"password": "", "again": ""}, "required"),
    ],
)
def test_enrol_keeps_what_was_typed_on_an_error(client, cast, given, sentence):
    (code,) = printed(cast)
    page = client.post(ENROL, {"code": code, "name": "Eva Paz", **ACCOUNT, **given})
    assert (page.status_code, sentence in text(page), code in text(page)) == (200, True, True)
    assert Member.objects.filter(name="Eva Paz").count() == 0
    assert client.post(ENROL, {"code": code, "name": "Eva Paz", **ACCOUNT}).status_code == 302


@pytest.mark.parametrize("name", ["", "   ", "123", "x" * 200, "a\x00b", "Carmen Soto"])
def test_enrol_refuses_names(client, cast, name):
    (code,) = printed(cast)
    page = client.post(ENROL, {"code": code, "name": name, **ACCOUNT})
    assert (page.status_code, Member.objects.filter(username="eva.paz").count()) == (200, 0)


@pytest.mark.parametrize("code", ["", "K7TM4-Q2XRB", "x" * 9000, "\x00", "ÑÑÑÑÑÑÑÑ", "0' or 1=1"])
def test_enrol_with_a_code_that_is_none(client, cast, code):
    page = client.post(ENROL, {"code": code})
    assert (page.status_code, page.context["form"].errors != {}) == (200, True)


def test_enrol_slows_guesses_of_one_source_and_leaves_others(client, cast):
    (code,) = printed(cast)
    answers = [client.post(ENROL, {"code": readable(new_code())}).status_code for _n in range(throttle.GUESSES + 1)]
    assert answers == [200] * throttle.GUESSES + [429]
    assert client.post(ENROL, {"code": code}, REMOTE_ADDR="10.0.0.7").status_code == 200


def test_enrol_of_a_queue_behind_one_address_is_not_slowed(client, cast):
    (code,) = printed(cast)
    assert {client.post(ENROL, {"code": code}).status_code for _n in range(throttle.GUESSES * 2)} == {200}


def test_a_right_code_passes_while_somebody_guesses_from_the_same_address(client, cast):
    (code,) = printed(cast)
    answers = [client.post(ENROL, {"code": readable(new_code())}).status_code for _n in range(throttle.GUESSES + 2)]
    assert answers[-2:] == [429, 429]
    assert "Who enrols" in text(client.post(ENROL, {"code": code}))
    done = client.post(ENROL, {"code": code, "name": "Eva Paz", **ACCOUNT})
    assert (done.status_code, done["Location"]) == (302, "/")


def test_the_code_of_a_qr_stands_where_no_server_sees_it(client, cast):
    client.force_login(cast.elena)
    batch = code_batch.request_codes(workplace=cast.cristalerias, count=1, by=cast.elena, at=NOW)
    code_batch.approve_codes(batch=batch, by=cast.hugo, at=NOW)
    sheet = text(client.post(f"/codes/{batch.uuid}/print/"))
    code = sheet.split("<b>")[1].split("</b>")[0]
    assert qr(f"http://testserver{ENROL}#{code}") in sheet
    client.logout()
    page = client.get(ENROL, {"code": code})  # what stands in an address opens nothing
    assert "cordon/js/enrol" in text(page) and f'value="{code}"' not in text(page)


def test_enrol_when_guesses_come_from_everywhere_leaves_each_source_its_own(client, cast):
    (code,) = printed(cast)
    cache.set(throttle.Counter(throttle._key("guess", "everywhere")).name, throttle.GUESSES_EVERYWHERE)
    answers = [client.post(ENROL, {"code": "AAAAA-AAAAA"}).status_code for _n in range(throttle.GUESSES_WHEN_BUSY + 1)]
    assert answers == [200] * throttle.GUESSES_WHEN_BUSY + [429]
    assert client.post(ENROL, {"code": code}, REMOTE_ADDR="10.0.0.7").status_code == 200


def test_enrol_while_signed_in_joins_one_more_workplace(client, cast):
    (code,) = printed(cast)
    client.force_login(cast.nora)
    assert "Belong to one more workplace" in text(client.post(ENROL, {"code": code}))
    assert client.post(ENROL, {"code": code, "join": "yes"}).status_code == 302
    (second,) = printed(cast)
    assert client.post(ENROL, {"code": second, "join": "yes"}).status_code == 409
    assert Membership.objects.filter(member=cast.nora).count() == 2


def test_enrol_with_a_reset_code_chooses_a_password(client, cast):
    batch = code_batch.request_reset(workplace=cast.cristalerias, member=cast.carmen, by=cast.elena, at=NOW)
    code_batch.approve_codes(batch=batch, by=cast.hugo, at=NOW)
    (ticket,) = code_batch.print_codes(batch=batch, by=cast.elena, at=NOW)
    asked = text(client.post(ENROL, {"code": ticket.code}))
    assert ("Choose a new password" in asked, "second factor" in asked) == (True, False)
    Authenticator.objects.create(user=cast.carmen, type=Authenticator.Type.TOTP, data={})
    assert "The second factor is removed" in text(client.post(ENROL, {"code": ticket.code}))
    bad = client.post(ENROL, {"code": ticket.code, "password": PASSWORD, "again": "x"})
    assert (bad.status_code, "differ" in text(bad)) == (200, True)
    done = client.post(ENROL, {"code": ticket.code, "password": PASSWORD, "again": PASSWORD})
    cast.carmen.refresh_from_db()
    assert (done.status_code, cast.carmen.check_password(PASSWORD), cast.carmen.reset_at) == (302, True, NOW)


# --- the committee's side ----------------------------------------------------------------------


def people(cast) -> str:
    return reverse("people", args=[cast.cristalerias.uuid])


def test_codes_from_asking_to_paper(client, cast):
    client.force_login(cast.elena)
    client.post(f"{people(cast)}codes/", {"whom": "anyone", "count": "17"})
    batch = CodeBatch.objects.get()
    assert client.post(f"/codes/{batch.uuid}/approve/").status_code == 409
    client.force_login(cast.hugo)
    assert "Approve 17 enrolment codes" in [t.title for t in code_batch.to_approve(cast.hugo, NOW)]
    client.post(f"/codes/{batch.uuid}/approve/")
    asked = text(client.get(f"/codes/{batch.uuid}/print/"))
    assert ("The codes are shown only once" in asked, re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", asked)) == (True, None)
    assert CodeBatch.objects.get().printed_at is None
    sheet = client.post(f"/codes/{batch.uuid}/print/", HTTP_HOST="cordon.example")
    codes = set(re.findall(r"<b>([0-9A-Z]{5}-[0-9A-Z]{5})</b>", text(sheet)))
    assert (sheet.status_code, len(codes), text(sheet).count("tickets--sheet")) == (200, 17, 2)
    assert ("no-store" in sheet["Cache-Control"], "style=" in text(sheet), text(sheet).count('class="qr"')) == (
        True, False, 17,
    )  # fmt: skip
    assert client.post(f"/codes/{batch.uuid}/print/").status_code == 409
    assert client.get(f"/codes/{batch.uuid}/print/").status_code == 302


def test_codes_are_printed_without_the_foot_of_the_demonstration(client, cast, settings):
    settings.DEMO = True
    client.force_login(cast.elena)
    client.post(f"{people(cast)}codes/", {"whom": "anyone", "count": "2"})
    batch = CodeBatch.objects.get()
    client.force_login(cast.carmen)
    assert client.get(f"/codes/{batch.uuid}/print/").status_code == 302  # not of the committee, and not approved
    client.force_login(cast.hugo)
    client.post(f"/codes/{batch.uuid}/approve/")
    client.force_login(cast.carmen)
    assert client.get(f"/codes/{batch.uuid}/print/").status_code == 302
    client.force_login(cast.hugo)
    foot = "people, votes and figures are invented"
    assert foot in text(client.get(people(cast)))
    assert foot not in text(client.post(f"/codes/{batch.uuid}/print/"))


@pytest.mark.parametrize(
    "given",
    [{}, {"whom": "anyone"}, {"whom": "x", "count": "1"}]
    + [{"whom": "anyone", "count": count} for count in ("-1", "9" * 400, "\x00", "ten", "1001")],
)
def test_codes_ask_with_nonsense_asks_for_nothing(client, cast, given):
    client.force_login(cast.elena)
    assert client.post(f"{people(cast)}codes/", given).status_code == 302
    assert CodeBatch.objects.count() == 0


def test_reset_is_asked_from_the_page_of_the_person(client, cast):
    client.force_login(cast.elena)
    assert "Ask for a reset" in text(client.get(reverse("person", args=[cast.cristalerias.uuid, cast.carmen.uuid])))
    client.post(f"{people(cast)}{cast.carmen.uuid}/reset/")
    assert CodeBatch.objects.get().member == cast.carmen
    assert "Reset of Carmen Soto" in text(client.get(people(cast)))
    assert client.post(f"{people(cast)}{cast.elena.uuid}/reset/").status_code == 409


def test_void_from_the_page(client, cast):
    client.force_login(cast.elena)
    client.post(f"{people(cast)}codes/", {"whom": "anyone", "count": "2"})
    batch = CodeBatch.objects.get()
    assert client.post(f"/codes/{batch.uuid}/void/").status_code == 302
    batch.refresh_from_db()
    assert batch.voided_at == NOW


def test_days_of_a_code_end_by_the_clock(client, cast):
    (code,) = printed(cast)
    with time_machine.travel(NOW + code_batch.ENROL_LIFE - dt.timedelta(seconds=1), tick=False):
        assert client.post(ENROL, {"code": code}).context["form"].errors == {}
    with time_machine.travel(NOW + code_batch.ENROL_LIFE, tick=False):
        assert client.post(ENROL, {"code": code}).context["form"].errors != {}
