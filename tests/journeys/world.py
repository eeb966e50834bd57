"""The country of the journeys, and the hands of an operator: run as a process of its own.

``python -m tests.journeys.world make`` builds it; ``close_nominations`` and ``close_vote``
move a deadline into the past, as if the days had gone by. Prints one JSON object.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from councils.clock import local_day  # noqa: E402
from councils.domain import job  # noqa: E402
from councils.enums import BodyKind, TerritoryKind  # noqa: E402
from councils.models import Body, Election, Job, Member, Poll  # noqa: E402
from production.domain.report import submit_report  # noqa: E402
from production.enums import Channel  # noqa: E402
from production.models import Sector  # noqa: E402
from tests import builders as b  # noqa: E402

DAYS = 14


def make() -> dict[str, Any]:
    """A nation, a cordón, three workplaces; Cristalerías with its committee and two weeks of reports."""
    now = timezone.now()
    term = {"term_begins_at": now - dt.timedelta(days=30), "term_ends_at": now + dt.timedelta(days=300)}
    nation = b.territory(TerritoryKind.NATION, "Chile")
    cordon = b.territory(TerritoryKind.CORDON, "Vicuña Mackenna", nation)
    glass = Sector.objects.create(name="Vidrio")
    bottles = b.indicator("Envases buenos", "miles")
    people = b.indicator("Personas presentes", "persons", kind="labour", aggregation="last")
    council = b.body(BodyKind.CORDON_COUNCIL, cordon)
    b.body(BodyKind.NATIONAL_COUNCIL, nation)
    home = b.workplace("Cristalerías de Chile", cordon, glass)
    others = [b.workplace(name, cordon, glass) for name in ("Vidrios Lirquén", "Alusa")]
    assembly, committee = Body.objects.assembly_of(home), Body.objects.committee_of(home)
    elena, hugo, pedro = (
        b.member(u, n, is_demo=True)
        for u, n in (("elena", "Elena Paillán"), ("hugo", "Hugo Tapia"), ("pedro", "Pedro Rojas"))
    )
    for person in (elena, hugo, pedro):
        b.membership(person, home)
    for person in (elena, hugo):
        b.seat(person, committee, assembly, **term)
    b.seat(elena, council, assembly, home, **term)
    today = local_day(now)
    for place in (home, *others):
        measures = [b.series(place, bottles, sharing="daily", position=0)]
        if place == home:
            measures.append(b.series(place, people, position=1))
        for back in range(DAYS, -1, -1):
            if place == home and back == 0:
                continue  # today's report is what the journey is about
            on = today - dt.timedelta(days=back)
            figures = {
                s: (Decimal(400 + (back * 7) % 20 if s.indicator == bottles else 109), "") for s in measures
            }
            submit_report(
                workplace=place, territory=place, on=on, figures=figures, by=None, at=now, channel=Channel.COMMAND
            )
    job.run_due(at=now)
    return {"workplace": str(home.uuid), "council": str(council.uuid), "assembly": str(assembly.uuid)}


def close_nominations() -> dict[str, Any]:
    """A week goes by: nominations of the one election that is live have closed a minute ago."""
    now = timezone.now()
    election = Election.objects.live().get()
    shift = election.nominations_close_at - (now - dt.timedelta(minutes=1))
    for name in ("called_at", "nominations_open_at", "nominations_close_at", "voting_opens_at", "voting_closes_at"):
        setattr(election, name, getattr(election, name) - shift)
    election.save()
    Job.objects.filter(state="pending", due_at__gt=now).update(due_at=now)
    job.run_due(at=now)
    return {"election": str(election.uuid), "state": Election.objects.get(pk=election.pk).state}


def close_vote() -> dict[str, Any]:
    """The close of every open vote was a second ago; what is due then is done."""
    now = timezone.now()
    for poll in Poll.objects.open_at(now):
        poll.opens_at, poll.closes_at = now - dt.timedelta(hours=2), now - dt.timedelta(seconds=1)
        poll.save()
        Election.objects.filter(poll=poll).update(
            nominations_open_at=now - dt.timedelta(days=3),
            nominations_close_at=now - dt.timedelta(days=2),
            voting_opens_at=now - dt.timedelta(hours=2),
            voting_closes_at=poll.closes_at,
        )
    Job.objects.filter(state="pending", due_at__gt=now).update(due_at=now)
    job.run_due(at=timezone.now())
    return {"results": [p.result for p in Poll.objects.exclude(result={})]}


def members() -> dict[str, Any]:
    """User names, to see who enrolled."""
    return {"usernames": sorted(Member.objects.values_list("username", flat=True))}


if __name__ == "__main__":
    acts = {"make": make, "close_nominations": close_nominations, "close_vote": close_vote, "members": members}
    sys.stdout.write(json.dumps(acts[sys.argv[1]]()) + "\n")
