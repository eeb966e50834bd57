"""What a thief of the database, the key store, the logs, the cache or the sessions finds: no vote."""

from __future__ import annotations

import json
import logging

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client

from config.logs import formatter
from councils.domain.poll import count_poll, key_store
from councils.domain.table import call_to_table, confirm_at_table
from councils.models import Ballot, CheckCode, RollEntry, TableAdmission
from councils.urn.envelope import ENVELOPE, open_envelope
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import CLOSE, count, crowd, open_approval, vote

#: The one word that only a ballot's marks contain: the ids of this paper's names.
MARKS = ["7", "11", "13"]


@pytest.fixture
def poll(cast: Cast):
    return open_approval(cast, [f"c{i}" for i in range(1, 16)])


def everything() -> dict[str, list[str]]:
    """Every column of every table as text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows = [bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for r in cursor for v in r]
            found[model._meta.db_table] = rows
    return found


def test_while_open_the_database_holds_one_sealed_length_and_no_mark_or_code(cast: Cast, poll):
    client = Client()
    client.force_login(cast.carmen)
    with time_machine.travel(NOW, tick=False):
        page = client.post(f"/votes/{poll.uuid}/cast/", {"marks": MARKS}).content.decode()
    vote(poll, {cast.pedro: [], cast.rosa: [str(i) for i in range(1, 16)]})
    code = page.split('<p class="code">')[1][:14]
    said = everything()
    assert not any(code in text or code.replace("-", "") in text for rows in said.values() for text in rows)
    assert not any(json.dumps(MARKS, separators=(",", ":")) in text for rows in said.values() for text in rows)
    lengths = {len(bytes(e)) for e in RollEntry.objects.voted().values_list("envelope", flat=True)}
    assert (lengths, Ballot.objects.count(), CheckCode.objects.count()) == ({ENVELOPE}, 0, 0)


def test_the_private_key_is_in_no_column(cast: Cast, poll):
    private = key_store().private_key(poll.uuid).hex()
    half = (key_store().directory / poll.uuid.hex / "half").read_bytes().hex()
    assert not any(private in text or half in text for rows in everything().values() for text in rows)


def test_nothing_is_logged_cached_or_kept_in_a_session_by_a_cast(cast: Cast, poll, caplog):
    client = Client()
    client.force_login(cast.carmen)
    before = everything()
    caplog.set_level(logging.DEBUG)
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        client.post(f"/votes/{poll.uuid}/cast/", {"marks": MARKS})
        client.post(f"/votes/{poll.uuid}/cast/", {"marks": MARKS})  # 409
    after = everything()
    assert {table for table in after if after[table] != before[table]} == {RollEntry._meta.db_table}
    ours = [r for r in caplog.records if not r.name.startswith(("django.db", "django.template"))]
    assert not any("carmen" in r.getMessage() or str(cast.carmen.uuid) in r.getMessage() for r in ours)
    assert getattr(cache, "_cache", {}) == {}


def test_a_cast_at_the_table_writes_no_hour_and_no_name(cast: Cast, poll):
    row = RollEntry.objects.select_related("poll__body__territory", "member").get(poll=poll, member=cast.carmen)
    called = call_to_table(row=row, by=cast.elena, at=NOW)
    code = confirm_at_table(admission=called, by=cast.hugo, at=NOW).code
    before = everything()
    kept = TableAdmission.objects.values().get()
    with time_machine.travel(NOW, tick=False):
        page = Client().post("/votes/table/", {"code": code, "step": "cast", "marks": MARKS})
    assert page.status_code == 201
    after = everything()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {RollEntry._meta.db_table, TableAdmission._meta.db_table}
    assert TableAdmission.objects.values().get() == kept | {"used": True}
    assert not any(code.replace("-", "") in text for rows in after.values() for text in rows)


def test_a_log_at_debug_level_tells_neither_marks_nor_code(cast: Cast, poll, caplog, monkeypatch):
    """Django logs what a template lacks, and every failure, with a message that repeats the page's whole context."""
    client = Client(raise_request_exception=False)
    client.force_login(cast.carmen)
    caplog.set_level(logging.DEBUG)
    with time_machine.travel(NOW, tick=False):
        client.post(f"/votes/{poll.uuid}/review/", {"marks": MARKS})
        page = client.post(f"/votes/{poll.uuid}/cast/", {"marks": MARKS}).content.decode()
        monkeypatch.setattr("councils.views.poll.cast_ballot", _fail_telling_everything)
        assert client.post(f"/votes/{poll.uuid}/cast/", {"marks": MARKS, "replaces": 1}).status_code == 500
    code = page.split('<p class="code">')[1][:14]
    lines = [formatter().format(record) for record in caplog.records if not record.name.startswith("django.db")]
    assert any("RuntimeError" in line and "poll.py" in line for line in lines)
    assert not any(code in line or "['7'" in line or "('7'" in line for line in lines)


def _fail_telling_everything(**given: object) -> None:
    raise RuntimeError(str(given))


def test_after_the_count_no_envelope_is_left_and_ballots_lie_in_random_order(cast: Cast, poll):
    people = crowd(cast, 40)
    poll = open_approval(cast, [f"c{i}" for i in range(1, 16)])
    for place, person in enumerate(people):
        vote(poll, {person: [str(place % 15 + 1)]})
    count_poll(poll=poll, at=CLOSE)
    assert not RollEntry.objects.filter(poll=poll, envelope__isnull=False).exists()
    ids = list(Ballot.objects.order_by("pk").values_list("pk", flat=True))
    in_place = _as_stored(Ballot._meta.db_table, "id")
    codes = _as_stored(CheckCode._meta.db_table, "code")
    assert (in_place, codes) == (ids, sorted(codes))
    said = [b.marks[0] for b in Ballot.objects.order_by("pk")]
    assert said != [str(place % 15 + 1) for place in range(40)]  # one chance in 40! over 15 groups


def _as_stored(table: str, column: str) -> list[str]:
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")
        return [row[0] for row in cursor]


def test_after_the_declaration_nothing_is_left_that_opens_a_stolen_envelope(cast: Cast, poll):
    vote(poll, {cast.carmen: MARKS})
    row = RollEntry.objects.get(poll=poll, member=cast.carmen)
    count(poll)
    place = key_store().directory / poll.uuid.hex
    left = b"".join(p.read_bytes() for p in place.iterdir())
    keys = [left[i : i + 32] for i in range(len(left) - 31)]
    stolen = {"poll": poll.uuid, "row": row.uuid, "envelope": bytes(row.envelope)}
    assert (key_store().holds(poll.uuid), {open_envelope(private_key=key, **stolen) for key in keys}) == (False, {None})


def test_ballots_and_codes_share_nothing_with_the_roll(cast: Cast, poll):
    vote(poll, {cast.carmen: MARKS, cast.pedro: ["1"], cast.rosa: ["2"]})
    count(poll)
    columns = {m: {f.name for f in m._meta.get_fields() if getattr(f, "column", None)} for m in (Ballot, CheckCode)}
    assert columns == {Ballot: {"id", "poll", "marks", "spoilt"}, CheckCode: {"id", "code", "poll"}}
    roll = {str(v) for row in RollEntry.objects.values_list() for v in row}
    assert not roll & {b.pk for b in Ballot.objects.all()} and not roll & {c.code for c in CheckCode.objects.all()}
