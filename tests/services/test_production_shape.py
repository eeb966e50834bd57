"""Killed and cut off, the production shape loses no due work and goes on showing pages.

Each test goes on from the last.
"""

from __future__ import annotations

import pytest

from tests.services.conftest import Installation, wait_until

pytestmark = pytest.mark.services
OVERDUE = "SELECT count(*) FROM councils_job WHERE state = 'pending' AND due_at <= now()"
WRITE = """INSERT INTO councils_job (uuid, kind, key, payload, due_at, state, attempts, last_error, created_at)
SELECT gen_random_uuid(), 'purge_jobs', 'services:' || gen_random_uuid(), '{}', now(), 'pending', 0, '', now()
FROM generate_series(1, 50) RETURNING id"""


def test_all_parts_come_up_and_say_so(installation: Installation):
    assert wait_until(lambda: installation.down() == []), installation.down()


def test_static_files_are_served_by_their_hashed_names(installation: Installation):
    page = installation.client.get("/accounts/login/").text
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = installation.client.get(style)
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)


def test_a_killed_worker_loses_nothing(installation: Installation):
    installation.rows(WRITE)
    installation.kill("worker")
    installation.start("worker")
    assert wait_until(lambda: installation.rows(OVERDUE) == [(0,)])
    assert installation.rows("SELECT count(*) FROM councils_job WHERE key LIKE 'services:%' AND state = 'done'") == [
        (50,)
    ]


def test_without_redis_pages_go_on_and_due_work_is_done(installation: Installation):
    installation.kill("redis")
    assert wait_until(lambda: installation.down() == ["broker"])
    installation.rows(WRITE)
    answers = [installation.client.get("/accounts/login/") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    late = OVERDUE + " AND kind = 'purge_jobs'"
    assert wait_until(lambda: installation.rows(late) == [(0,)], seconds=120)


def test_with_redis_back_the_worker_consumes_again(installation: Installation):
    installation.start("redis")
    assert wait_until(lambda: installation.down() == [], seconds=200), installation.down()
    before = installation.rows("SELECT at FROM councils_heartbeat WHERE name = 'worker'")
    assert wait_until(lambda: installation.rows("SELECT at FROM councils_heartbeat WHERE name = 'worker'") > before)


def test_an_orderly_stop_is_clean(installation: Installation):
    assert {name: installation.stop(name) for name in ("web", "beat", "worker")} == {"web": 0, "beat": 0, "worker": 0}
    assert "Traceback" not in installation.printed("web")
