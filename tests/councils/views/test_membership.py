"""Pages of the roll, of importing it, and of the log: who sees what."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.domain import audit
from councils.domain.log import SENTENCES
from councils.domain.membership import admit_member
from councils.domain.proposal import draft_proposal, submit_proposal
from councils.models import Body, CodeBatch, Membership, RuleSet
from tests import builders
from tests.builders import NOW


@pytest.fixture(autouse=True)
def at_now(settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(NOW, tick=False):
        yield


def people(cast) -> str:
    return reverse("people", args=[cast.cristalerias.uuid])


def text(response) -> str:
    return response.content.decode()


def upload(client, cast, content: bytes, name: str = "roll.csv", **extra):
    file = SimpleUploadedFile(name, content)
    return client.post(f"{people(cast)}import/", {"file": file, **extra})


def test_keeping_of_the_roll_comes_before_the_names(client, cast):
    """On a phone it would else stand below fifty of them."""
    client.force_login(cast.elena)
    page = text(client.get(people(cast)))
    assert 0 < page.index('id="h-keep"') < page.index('id="h-roll"')
    client.force_login(cast.carmen)
    assert 'id="h-keep"' not in text(client.get(people(cast)))


# --- who sees what ------------------------------------------------------------------------------

OK, FOUND, DENIED, ABSENT = 200, 302, 403, 404
#: role → (roll, admit, person, import, ask for codes, approve, log)
MATRIX = {
    "elena": (OK, OK, OK, OK, FOUND, 409, OK),
    "hugo": (OK, OK, OK, OK, FOUND, FOUND, OK),
    "carmen": (OK, DENIED, DENIED, DENIED, DENIED, DENIED, OK),
    "rosa": (OK, DENIED, DENIED, DENIED, DENIED, DENIED, OK),
    "nora": (ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT),
    "olga": (ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT),
    "ana": (ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT),
    None: (FOUND, FOUND, FOUND, FOUND, FOUND, FOUND, FOUND),
}


@pytest.mark.parametrize("who", MATRIX)
def test_pages_of_people_by_role(client, cast, who):
    batch = CodeBatch.objects.create(
        territory=cast.cristalerias, purpose="enrol", count=1, requested_by=cast.elena, requested_at=NOW
    )
    if who:
        client.force_login(getattr(cast, who))
    here = people(cast)
    answers = (
        client.get(here),
        client.get(f"{here}admit/"),
        client.get(f"{here}{cast.pedro.uuid}/"),
        client.get(f"{here}import/"),
        client.post(f"{here}codes/", {"whom": "anyone", "count": "1"}),
        client.post(f"/codes/{batch.uuid}/approve/"),
        client.get(f"/bodies/{cast.committee.uuid}/log/"),
    )
    assert tuple(a.status_code for a in answers) == MATRIX[who]


def test_ids_of_an_address_are_checked_together(client, cast):
    """A person of another workplace is not found under one's own."""
    client.force_login(cast.elena)
    for tail in ("", "end/", "reset/"):
        assert client.post(f"{people(cast)}{cast.nora.uuid}/{tail}").status_code == 404
    assert client.get(reverse("people", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("people", args=[cast.hornos.uuid])).status_code == 404


def test_list_people_shows_names_to_members_and_the_rest_to_the_committee(client, cast):
    Membership.objects.filter(member=cast.pedro).update(reference="R-77")
    client.force_login(cast.carmen)
    assert ("Pedro Rojas" in text(client.get(people(cast))), "R-77" in text(client.get(people(cast)))) == (True, False)
    client.force_login(cast.elena)
    assert "R-77" in text(client.get(people(cast)))


@pytest.mark.parametrize(
    ("words", "found"), [("rosa marin", ["Rosa Marín"]), ("PAILLAN", ["Elena Paillán"]), ("zzz", []), ("\x00", [])]
)
def test_list_people_finds_without_accents(client, cast, words, found):
    client.force_login(cast.elena)
    page = client.get(people(cast), {"q": words})
    assert (page.status_code, [row.member.name for row in page.context["rows"]]) == (200, found)


@pytest.mark.parametrize("page", ["0", "x", "9" * 40, "-1"])
def test_list_people_survives_odd_pages(client, cast, page):
    client.force_login(cast.elena)
    assert client.get(people(cast), {"page": page}).status_code == 200


def test_list_people_asks_the_database_no_more_for_30_rows(client, cast):
    client.force_login(cast.elena)
    client.get(people(cast))
    with CaptureQueriesContext(connection) as few:
        client.get(people(cast))
    for number in range(30):
        builders.membership(builders.member(f"p{number}", f"Persona {number}"), cast.cristalerias)
    with CaptureQueriesContext(connection) as many:
        client.get(people(cast))
    assert len(many) == len(few)


# --- acts ----------------------------------------------------------------------------------------


def test_admit_puts_on_the_roll(client, cast):
    client.force_login(cast.elena)
    given = {"name": "Eva Paz", "category": "temporary", "section": str(cast.hornos.uuid), "can_vote": "on"}
    assert client.post(f"{people(cast)}admit/", given).status_code == 302
    row = Membership.objects.get(member__name="Eva Paz")
    assert (row.section, row.category, row.can_vote, row.can_stand) == (cast.hornos, "temporary", True, False)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "Eva Paz", "category": "king"},
        {"name": "Eva Paz", "category": "temporary", "section": "nowhere"},
        {"name": "x" * 999, "category": "temporary"},
        {"name": "Eva\x00", "category": "temporary"},
        {"name": "Eva Paz", "category": "temporary", "reference": "9" * 99},
    ],
)
def test_admit_refuses_nonsense(client, cast, given):
    client.force_login(cast.elena)
    before = Membership.objects.count()
    page = client.post(f"{people(cast)}admit/", given)
    assert (page.status_code, Membership.objects.count()) == (200, before)


def test_edit_person_keeps_what_was_typed_on_a_refusal(client, cast):
    Membership.objects.filter(member=cast.pedro).update(reference="77")
    client.force_login(cast.elena)
    url = f"{people(cast)}{cast.carmen.uuid}/"
    page = client.post(url, {"reference": "77", "category": "on_leave", "can_vote": "on"})
    assert (page.status_code, "is in use" in text(page), 'value="77"' in text(page)) == (200, True, True)
    assert client.post(url, {"reference": "78", "category": "on_leave", "can_vote": "on"}).status_code == 302
    assert Membership.objects.get(member=cast.carmen).reference == "78"


def test_end_asks_for_the_box(client, cast):
    client.force_login(cast.elena)
    url = f"{people(cast)}{cast.carmen.uuid}/end/"
    client.post(url)
    assert Membership.objects.get(member=cast.carmen).until_on is None
    client.post(url, {"sure": "yes"})
    assert Membership.objects.get(member=cast.carmen).until_on is not None
    assert client.post(url, {"sure": "yes"}).status_code == 404


# --- importing --------------------------------------------------------------------------------------

FILE = b"nombre;numero\nEva Paz;1\nAna Gil;2\n"


def carried(page) -> str:
    return page.context["form"]["rows"].value()


def test_import_looks_first_and_stores_at_the_yes(client, cast):
    client.force_login(cast.elena)
    page = upload(client, cast, FILE)
    assert (page.status_code, [r.name for r in page.context["plan"].added]) == (200, ["Eva Paz", "Ana Gil"])
    assert Membership.objects.filter(reference="1").count() == 0
    for _n in range(2):  # a double tap stores once
        assert client.post(f"{people(cast)}import/confirm/", {"rows": carried(page)}).status_code == 302
    assert Membership.objects.filter(reference__in=["1", "2"]).count() == 2
    assert "Nothing would change" in text(upload(client, cast, FILE))


def test_import_shows_every_bad_row_and_no_button(client, cast):
    client.force_login(cast.elena)
    page = upload(client, cast, b"name,section\nEva Paz,Horno\n77,\n")
    assert (text(page).count("Row 2, column section"), text(page).count("Row 3, column name")) == (1, 1)
    assert "Store the list" not in text(page)


def test_import_asks_for_the_box_about_the_same_name(client, cast):
    client.force_login(cast.elena)
    page = upload(client, cast, b"name,number\nEva Paz,1\nEva Paz,2\n")
    refused = client.post(f"{people(cast)}import/confirm/", {"rows": carried(page)})
    assert (refused.status_code, Membership.objects.filter(reference="1").count()) == (409, 0)
    given = {"rows": carried(refused), "confirmed": "on"}
    assert client.post(f"{people(cast)}import/confirm/", given).status_code == 302
    assert Membership.objects.filter(member__name="Eva Paz").count() == 2


def test_import_confirm_believes_only_its_own_preview(client, cast):
    client.force_login(cast.elena)
    rows = carried(upload(client, cast, FILE))
    client.force_login(cast.hugo)
    for given in (rows, rows[:-3], "", "x" * 50, "\x00"):
        assert client.post(f"{people(cast)}import/confirm/", {"rows": given}).status_code == 302
    assert Membership.objects.filter(reference="1").count() == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "roll.csv"),
        (b"\x00" * 50, "roll.csv"),
        (b"PK\x03\x04nothing", "roll.xlsx"),
        (b"\x89PNG\r\n", "x" * 300 + ".png"),
        (b"name\n" + b"E" * 900, "../../etc/passwd"),
        (b'name\n"Eva', "\u202evsc.csv"),
        (b"x" * 5_000_001, "roll.csv"),
    ],
)
def test_import_of_nonsense_says_why(client, cast, content, name):
    client.force_login(cast.elena)
    page = upload(client, cast, content, name)
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)


def test_import_without_a_file_says_so(client, cast):
    client.force_login(cast.elena)
    page = client.post(f"{people(cast)}import/", {"file": "not a file"})
    assert (page.status_code, "file" in page.context["form"].errors) == (200, True)


# --- the log ----------------------------------------------------------------------------------------


def test_log_tells_who_did_what(client, cast):
    admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=NOW)
    client.force_login(cast.carmen)
    for body in (cast.committee, cast.assembly):
        page = client.get(f"/bodies/{body.uuid}/log/")
        assert [(e.who, e.sentence) for e in page.context["entries"]] == [("Elena Paillán", "Put Eva Paz on the roll.")]


def test_log_of_a_protected_body_names_its_committee(client, cast):
    Body.objects.filter(pk=cast.committee.pk).update(protected=True)
    admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=NOW)
    client.force_login(cast.carmen)
    page = client.get(f"/bodies/{cast.committee.uuid}/log/")
    assert [e.who for e in page.context["entries"]] == ["the committee"]


def test_log_of_a_council_is_for_its_delegates_and_those_who_elect_them(client, cast):
    answers = {}
    for who in ("elena", "carmen", "nora", "olga"):
        client.force_login(getattr(cast, who))
        answers[who] = client.get(f"/bodies/{cast.council.uuid}/log/").status_code
    assert answers == {"elena": 200, "carmen": 200, "nora": 404, "olga": 404}


def test_log_is_paged_at_equal_cost(client, cast):
    client.force_login(cast.carmen)
    url, costs = f"/bodies/{cast.committee.uuid}/log/", []
    for count in (1, 40):
        for number in range(count):
            admit_member(workplace=cast.cristalerias, name=f"Persona {count} {number}", by=cast.elena, at=NOW)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url)
        costs.append(len(queries))
    assert (costs[0], len(page.context["entries"])) == (costs[1], 30)


def test_log_survives_every_verb_without_its_particulars(client, cast):
    for verb in SENTENCES:
        audit.record(verb=verb, by=None, at=NOW, body=cast.committee, subject=None)
    client.force_login(cast.carmen)
    assert client.get(f"/bodies/{cast.committee.uuid}/log/", {"page": "2"}).status_code == 200


def test_log_names_the_proposal_and_no_draft(client, cast):
    proposal = draft_proposal(body=cast.assembly, title="Sala cuna", text="Una sala.", by=cast.carmen, at=NOW)
    draft_proposal(body=cast.assembly, title="Solo un borrador", text="Nada.", by=cast.pedro, at=NOW)
    submit_proposal(proposal=proposal, by=cast.carmen, at=NOW)
    client.force_login(cast.elena)
    page = text(client.get(reverse("log", args=[cast.committee.uuid])))
    assert "Submitted proposal 1, “Sala cuna”." in page
    assert "Solo un borrador" not in page


def test_committee_corrects_a_name_and_the_log_has_both(client, cast):
    client.force_login(cast.elena)
    address = f"{people(cast)}{cast.pedro.uuid}/name/"
    assert 'value="Pedro Rojas"' in text(client.get(address))
    assert client.post(address, {"name": "Pedro Rojas Mena"}).status_code == 302
    page = text(client.get(reverse("log", args=[cast.committee.uuid])))
    assert "Corrected a name: Pedro Rojas is called Pedro Rojas Mena." in page
    client.force_login(cast.pedro)
    assert client.post(address, {"name": "Pedro"}).status_code == 403


def test_person_page_names_the_groups_of_the_rules_and_keeps_the_one_chosen(client, cast):
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": parts}})
    client.force_login(cast.elena)
    url = reverse("person", args=[cast.cristalerias.uuid, cast.carmen.uuid])
    assert "producción, administración" in text(client.get(url))
    given = {"category": "definitive", "can_vote": "on", "can_stand": "on", "counts_for_quorum": "on"}
    assert client.post(url, {**given, "group": "cocina"}).status_code == 200
    assert client.post(url, {**given, "group": "PRODUCCION"}).status_code == 302
    assert cast.carmen.memberships.get().group == "producción"
    assert "producción" in text(client.get(people(cast)))
    assert "group: — → producción" in text(client.get(reverse("log", args=[cast.committee.uuid])))
