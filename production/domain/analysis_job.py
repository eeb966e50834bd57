"""The job that judges what was reported: written by whoever stores a fact, in its transaction."""

from __future__ import annotations

import datetime as dt
import uuid

from councils.domain import job
from councils.models import Job, Territory

ANALYSE = "analyse"


def analyse_submission(*, submission: uuid.UUID, at: dt.datetime) -> Job:
    """What a submission said changed figures of its workplace."""
    return _enqueue(f"submission:{submission}", {"submission": str(submission)}, at)


def analyse_import(*, batch: uuid.UUID, at: dt.datetime) -> Job:
    """What a file brought changed figures of its workplaces."""
    return _enqueue(f"import:{batch}", {"import": str(batch)}, at)


def analyse_since(*, workplace: Territory | None, first: dt.date | None, at: dt.datetime) -> Job:
    """From ``first`` on (None: always) other days of ``workplace`` (None: of all) are worked than was known before."""
    payload = {"workplace": str(workplace.uuid) if workplace else "", "first": (first or dt.date.min).isoformat()}
    return _enqueue(str(uuid.uuid4()), payload, at)


def _enqueue(key: str, payload: dict[str, str], at: dt.datetime) -> Job:
    return job.enqueue(kind=ANALYSE, key=f"{ANALYSE}:{key}", payload=payload, at=at)
