"""Places to be busy in while processes are killed: ``python -m tests.attack.busy_world ACT [WORD …]``, one JSON object.

Sessions are made here and given as cookies, so that the attack is on reports and votes and not on the sign-in.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from councils.domain import job, outcome  # noqa: E402
from councils.domain.poll import key_store, schedule_poll  # noqa: E402
from councils.enums import JobState, PollKind, TerritoryKind  # noqa: E402
from councils.models import AuditEvent, Body, Job, Member, Membership, Placement, Poll, RuleSet, Territory  # noqa: E402
from production.domain import summary  # noqa: E402
from production.models import Sector, SectorPlacement, Submission  # noqa: E402
from tests import builders as b  # noqa: E402

ELECTING = "Cristalerías de Chile"


def reports() -> dict[str, Any]:
    """One worker, one figure, a cordón and a nation above."""
    nation = b.territory(TerritoryKind.NATION, "Chile")
    cordon = b.territory(TerritoryKind.CORDON, "Vicuña Mackenna", nation)
    place = b.workplace("Cristalerías de Chile", cordon, Sector.objects.create(name="Vidrio"))
    worker = b.member("worker", "Carmen Soto", is_demo=True)
    b.membership(worker, place)
    series = b.series(place, b.indicator("Envases buenos", "miles"))
    return {"place": str(place.uuid), "field": f"f-{series.uuid.hex}", "cookies": _cookies(worker)}


def state() -> dict[str, Any]:
    """Every stored report by its note; the summaries as they are, and as the facts say."""
    differences = summary.check_summaries(at=timezone.now())
    return {
        "keys": list(Submission.objects.exclude(note="").values_list("note", flat=True)),
        "derived": {str(d.key): str(d.stored) for d in differences},
        "recomputed": {str(d.key): str(d.computed) for d in differences},
    }


def waiting() -> dict[str, Any]:
    """Due work that is not done, and work given up."""
    now = timezone.now()
    due = Job.objects.filter(state=JobState.PENDING, due_at__lte=now)
    return {
        "due": due.count(),
        "parked": [f"{one.kind}: {one.last_error}" for one in Job.objects.filter(state=JobState.PARKED)],
    }


def electors(number: str) -> dict[str, Any]:
    """So many electors, each with a session, and a vote that is open for an hour."""
    place = b.workplace(ELECTING, None)
    people = Member.objects.bulk_create(
        Member(username=f"elector{n}", name=f"Electora {n}", password="!", is_demo=True) for n in range(int(number))
    )
    Membership.objects.bulk_create(Membership(member=p, territory=place, from_on=b.LONG_AGO) for p in people)
    return {**vote(), "cookies": [_cookies(person) for person in people]}


def passwords() -> dict[str, Any]:
    """One for all of them, as each might have chosen it."""
    Member.objects.filter(username__startswith="elector").update(password=make_password(b.PASSWORD))
    return {"password": b.PASSWORD}


def voted(uuid: str) -> dict[str, Any]:
    """How many envelopes lie in the urn."""
    return {"voted": Poll.objects.get(uuid=uuid).roll.filter(envelope__isnull=False).count()}


def vote() -> dict[str, Any]:
    """One more vote of these electors."""
    return _open(PollKind.YES_NO)


def ranked(candidates: str) -> dict[str, Any]:
    """A vote by ranking of these electors; their rows on its roll, and what the key store holds of it."""
    options = [{"id": str(n), "label": f"Candidata {n}"} for n in range(1, int(candidates) + 1)]
    said = _open(PollKind.STV, options=options, seats=3)
    poll = Poll.objects.get(uuid=said["poll"])
    rows = {row.member.username: [row.member_id, row.uuid.hex] for row in poll.roll.select_related("member")}
    kept = key_store()
    half = kept.directory / poll.uuid.hex / "half"
    return {**said, "rows": rows, "key": [half.read_bytes().hex(), kept.private_key(poll.uuid).hex()]}


def _open(kind: PollKind, **given: Any) -> dict[str, Any]:
    now = timezone.now()
    assembly = Body.objects.assembly_of(Territory.objects.get(name=ELECTING))
    rules = RuleSet.objects.in_force(assembly, now)
    assert rules is not None
    poll = schedule_poll(
        body=assembly,
        rule_set=rules,
        kind=kind,
        question="¿Se aprueba?",
        opens_at=now,
        closes_at=now + dt.timedelta(hours=1),
        at=now,
        **given,
    )
    outcome.bring_up_to_date(poll=poll, at=now)
    return {"poll": str(poll.uuid)}


def close(uuid: str, seconds: str = "1") -> dict[str, Any]:
    """The close is in a moment: nothing else is moved, no job is run here."""
    now = timezone.now() + dt.timedelta(seconds=float(seconds))
    Poll.objects.filter(uuid=uuid).update(closes_at=now)
    Job.objects.filter(payload__poll=uuid, state=JobState.PENDING, due_at__gt=now).update(due_at=now)
    return {"closes": now.isoformat(), "epoch": now.timestamp()}


def counted(uuid: str) -> dict[str, Any]:
    """The vote as it ended."""
    poll = Poll.objects.get(uuid=uuid)
    return {
        "state": poll.state,
        "codes": list(poll.check_codes.values_list("code", flat=True)),
        "ballots": poll.ballots.count(),
        "marked": poll.roll.voted().count(),
        "roll": poll.roll.count(),
        "result": poll.result,
        "counts": AuditEvent.objects.filter(verb="count_poll", subject=poll.uuid).count(),
    }


def ballots(uuid: str) -> dict[str, Any]:
    """What the count wrote."""
    poll = Poll.objects.get(uuid=uuid)
    return {
        "ballots": list(poll.ballots.values_list("id", "marks")),
        "codes": list(poll.check_codes.values_list("code", flat=True)),
    }


def imports() -> dict[str, Any]:
    """A factory that has been there since before the oldest date of the files."""
    since = dt.date(2000, 1, 1)
    nation = b.territory(TerritoryKind.NATION, "Chile")
    cordon = b.territory(TerritoryKind.CORDON, "Vicuña Mackenna", nation)
    place: Territory = b.workplace("Perlak", cordon, Sector.objects.create(name="Vidrio"))
    Placement.objects.update(from_on=since)
    SectorPlacement.objects.update(from_on=since)
    b.member("root", "Ana Ruiz", is_staff=True, is_superuser=True, is_demo=True)
    job.run_due(at=timezone.now())
    return {"factory": place.name, "password": b.PASSWORD}


def _cookies(member: Member) -> dict[str, str]:
    """As if she had signed in on a device of her own."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key), settings.CSRF_COOKIE_NAME: get_random_string(32)}


if __name__ == "__main__":
    acts = {
        one.__name__: one
        for one in (reports, state, waiting, electors, passwords, voted, vote, ranked, close, counted, ballots, imports)
    }
    sys.stdout.write(json.dumps(acts[sys.argv[1]](*sys.argv[2:])) + "\n")
