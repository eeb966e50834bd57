"""The import page: who, what is answered, what is shown before and after."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from councils.domain import job
from production.domain import import_progress, importing
from production.intake.table import MOST_ERRORS
from production.models import Figure, ImportBatch
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast

PAGE = "/import/"
REMEDY = "If it is new, tick “Create the factories that are missing”."
GOOD = "factory,date,indicator,unit,value\nPerlak,2026-11-02,Envases buenos,miles,400\n"


@pytest.fixture(autouse=True)
def at_now(settings):
    settings.LANGUAGE_CODE = "en"
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def send(client, content: str | bytes = GOOD, name: str = "a.csv", **fields: str):
    data = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), **fields})


def sentences(page) -> list[str]:
    return re.findall(r"<li data-row=[^>]*>(.*?)</li>", page.content.decode())


@pytest.mark.parametrize(
    ("who", "status"), [("carmen", 403), ("rosa", 403), ("nora", 403), ("olga", 403), ("elena", 200), ("ana", 200)]
)
def test_the_page_is_for_committees_and_who_keeps_the_installation(cast: Cast, client, who, status):
    client.force_login(getattr(cast, who))
    assert (client.get(PAGE).status_code, send(client, "x").status_code) == (status, 400 if status == 200 else 403)


def test_the_page_asks_to_sign_in(cast: Cast, client):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")


def test_an_admin_without_second_factor_is_asked_for_one(cast: Cast, client):
    client.force_login(builders.member("admin", is_staff=True))
    assert client.get(PAGE)["Location"] == "/account/second-factor/"
    assert send(client)["Location"] == "/account/second-factor/"
    assert Figure.objects.count() == 0


def test_a_short_file_is_stored_and_its_outcome_shown(cast: Cast, client):
    client.force_login(cast.ana)
    answer = send(client)
    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"], Figure.objects.count()) == (302, f"/import/{batch.uuid}/", 1)
    page = client.get(answer["Location"]).content.decode()
    assert "The file is stored." in page
    again = client.get(send(client)["Location"]).content.decode()
    assert "Everything in this file was already stored: nothing changed." in again


def test_a_bad_row_is_named_with_its_column_and_nothing_is_stored(cast: Cast, client):
    client.force_login(cast.ana)
    page = send(client, GOOD + "Perlak,2026-11-03,Envases buenos,miles,x\nPerlac,2026-11-04,Envases buenos,miles,1\n")
    assert (page.status_code, Figure.objects.count(), ImportBatch.objects.count()) == (422, 0, 0)
    assert sentences(page) == [
        "Row 3, column value: “x” is not a number.",
        f"Row 4: there is no factory “Perlac”. Alike: Perlak. {REMEDY}",
    ]


def test_a_missing_factory_is_named_once_however_many_its_rows(cast: Cast, client):
    days = [(dt.date(2020, 1, 1) + dt.timedelta(days=n)).isoformat() for n in range(MOST_ERRORS + 5)]
    rows = [f"{name},{day},Envases buenos,miles,1\n" for name in ("Zeta Uno", "Quinta Rueda") for day in days]
    client.force_login(cast.ana)
    page = send(client, "factory,date,indicator,unit,value\n" + "".join(rows))
    assert sentences(page) == [
        f"Row 2 and others: there is no factory “Zeta Uno”. {REMEDY}",
        f"Row {2 + len(days)}: there is no factory “Quinta Rueda”. {REMEDY}",
    ]
    assert "And more of the kind." in page.content.decode()


def test_a_name_spelt_otherwise_is_told_the_known_one_and_no_remedy(cast: Cast, client):
    client.force_login(cast.ana)
    rows = [f"Pérlak,2026-11-0{day},Envases buenos,miles,1\n" for day in (3, 4)]
    page = send(client, GOOD + "".join(rows) + "Perlak,2026-11-05,Énvases buenos,miles,1\n")
    assert sentences(page) == [
        "Row 3 and others, column factory: “Pérlak” is written Perlak here: write it so.",
        "Row 5, column indicator: “Énvases buenos” is written Envases buenos here: write it so.",
    ]


def test_units_are_shown_in_words(cast: Cast, client):
    client.force_login(cast.ana)
    builders.indicator("Merma", "pct")
    builders.indicator("Presentes", "persons")
    rows = "Perlak,2026-11-03,Merma,%,4\nPerlak,2026-11-04,Presentes,personas,4\n"
    page = re.sub(r"<[^>]+>", "", send(client, GOOD + rows, action="preview").content.decode())
    assert ("4 %" in page, "4 people" in page, "pct" in page) == (True, True, False)
    refused = sentences(send(client, GOOD + "Perlak,2026-11-03,Merma,kg,4\n"))
    assert refused == ["Row 3, column unit: it is measured in % here, not in “kg”."]


def test_in_spanish(cast: Cast, client, settings):
    settings.LANGUAGE_CODE = "es"
    client.force_login(cast.ana)
    page = send(client, GOOD.replace("400", "x"))
    assert sentences(page) == ["Fila 2, columna value: «x» no es un número."]


@pytest.mark.parametrize(
    "name", ["../../x.csv", "a\\b.csv", "x" * 300 + ".csv", "noext", "\u202evsc.exe.csv", "<b>.csv"]
)
def test_odd_names_of_files_are_only_names(cast: Cast, client, name):
    client.force_login(cast.ana)
    answer = send(client, name=name)
    shown = ImportBatch.objects.get().file_name
    assert (answer.status_code, "/" in shown, shown.isprintable()) == (302, False, True)
    assert b"<b>.csv" not in client.get(answer["Location"]).content


@pytest.mark.parametrize("fields", [{}, {"file": "not a file"}, {"file": ""}, {"action": "preview"}])
def test_without_a_file_a_sentence(cast: Cast, client, fields):
    client.force_login(cast.ana)
    page = client.post(PAGE, fields)
    assert (page.status_code, "Choose a file." in page.content.decode()) == (400, True)


def test_a_file_that_is_too_large(cast: Cast, client, settings):
    settings.IMPORT_MAX_BYTES = 1_000_000
    client.force_login(cast.ana)
    page = send(client, b"x" * 1_000_001)
    assert (page.status_code, "larger than 1 MB" in page.content.decode()) == (400, True)


@pytest.mark.parametrize("fields", [{"decimal": "x"}, {"workplace": "x"}, {"create": "\0"}, {"action": "x" * 5000}])
def test_nonsense_beside_the_file_is_no_error_of_ours(cast: Cast, client, fields):
    client.force_login(cast.ana)
    assert send(client, **fields).status_code in (302, 400)


def test_a_committee_imports_for_its_own_workplace(cast: Cast, client):
    client.force_login(cast.elena)
    own = GOOD.replace("Perlak", "Cristalerías de Chile")
    assert (send(client, own, create="on").status_code, Figure.objects.count()) == (302, 1)
    page = send(client, GOOD, create="on")
    assert sentences(page) == [
        "Row 2, column factory: “Perlak”: only reports of Cristalerías de Chile can be imported here."
    ]
    assert send(client, own, workplace=str(cast.perlak.uuid)).status_code == 400
    assert "factories that are missing" not in client.get(PAGE).content.decode()


def test_a_preview_shows_what_was_read_and_is_stored_by_a_second_yes(cast: Cast, client):
    client.force_login(cast.ana)
    content = 'factory,date,indicator,unit,value\nPerlak,2026-11-02,Envases buenos,miles,"1,234"\n'
    refused = sentences(send(client, content, action="preview"))
    assert [sentence.split(".")[0] for sentence in refused] == ["Row 2, column value: “1,234” can be read two ways"]
    page = send(client, content, action="preview", decimal="point").content.decode()
    assert "1,234" in re.sub(r"<[^>]+>", " ", page).replace("\u202f", ",")
    assert Figure.objects.count() == 0
    batch = ImportBatch.objects.get()
    answer = client.post(f"/import/{batch.uuid}/store/")
    assert (answer.status_code, answer["Location"]) == (302, f"/import/{batch.uuid}/")
    page = client.get(answer["Location"]).content.decode()
    assert "How many rows it has is not counted yet." in page and "0 rows" not in page
    import_progress.tell(str(batch.uuid))("reading", 1, 0)
    assert "Reading: 1 rows so far." in client.get(answer["Location"]).content.decode()
    job.run_due(at=NOW)
    assert (Figure.objects.get().value, "The file is stored." in client.get(answer["Location"]).content.decode()) == (
        1234,
        True,
    )


def test_a_long_import_shows_how_far_it_is(cast: Cast, client):
    client.force_login(cast.ana)
    rows = [
        f"Perlak,{dt.date(2010, 1, 1) + dt.timedelta(days=n)},Envases buenos,miles,1" for n in range(importing.LONG + 1)
    ]
    answer = send(client, "factory,date,indicator,unit,value\n" + "\n".join(rows))
    page = client.get(answer["Location"]).content.decode()
    assert ("5,001 rows are waiting for their turn." in page, 'http-equiv="refresh"' in page) == (True, True)
    import_progress.tell(str(ImportBatch.objects.get().uuid))("storing", 2500, 5001)
    fragment = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert ("Storing: 2,500 of 5,001 figures." in fragment, "<html" in fragment) == (True, False)
    job.run_due(at=NOW)
    assert "The file is stored." in client.get(answer["Location"]).content.decode()


def test_an_outcome_is_shown_to_its_sender_only(cast: Cast, client):
    client.force_login(cast.elena)
    where = send(client, GOOD.replace("Perlak", "Cristalerías de Chile"))["Location"]
    seen = {}
    for who in ("elena", "hugo", "carmen", "nora", "ana"):
        client.force_login(getattr(cast, who))
        seen[who] = (client.get(where).status_code, client.post(where + "store/").status_code)
    assert seen == {
        "elena": (200, 302),
        "hugo": (404, 404),
        "carmen": (404, 404),
        "nora": (404, 404),
        "ana": (404, 404),
    }


def test_an_import_with_rejected_rows_lists_them_beside_the_counts(cast: Cast, client):
    client.force_login(cast.ana)
    answer = send(client, GOOD + "Perlak,2026-11-03,Envases buenos,miles,x\n", accept_valid="on")
    page = client.get(answer["Location"])
    assert sentences(page) == ["Row 3, column value: “x” is not a number."]
    assert "Nothing was stored" not in page.content.decode()
