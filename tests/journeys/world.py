"""The country of the journeys, and the hands of an operator: run as a process of its own.

``python -m tests.journeys.world make`` builds it; the other acts move a deadline into the past, as if
the days had gone by, or change a rule. Each prints one JSON object.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from councils.domain import job  # noqa: E402
from councils.domain.ballot import cast_ballot  # noqa: E402
from councils.domain.election import call_election  # noqa: E402
from councils.domain.nomination import nominate  # noqa: E402
from councils.domain.poll import WAIT_FOR_LATE_COMMITS  # noqa: E402
from councils.enums import BodyKind, PollState, TerritoryKind  # noqa: E402
from councils.models import Body, Election, Job, Member, Poll, RuleSet, Seat, Territory  # noqa: E402
from production.domain.calendar import factory_of, production_day  # noqa: E402
from production.domain.escalation import take_due_steps  # noqa: E402
from production.domain.judgement import analyse  # noqa: E402
from production.domain.report import submit_report  # noqa: E402
from production.enums import Channel  # noqa: E402
from production.models import AlertHold, Factory, Sector, Series  # noqa: E402
from tests import builders as b  # noqa: E402
from tests.judgements import reported  # noqa: E402

HOME, OTHERS = "Cristalerías de Chile", ("Vidrios Lirquén", "Alusa", "Cristal Yungay")
#: Who may sign in besides whoever enrols; Marta's account is no demo account.
PEOPLE = {
    "elena": "Elena Paillán",
    "hugo": "Hugo Tapia",
    "pedro": "Pedro Rojas",
    "rosa": "Rosa Marín",
    "marta": "Marta Ulloa",
}
COMMITTEE = ("elena", "hugo", "marta")
DAYS = 14
#: Who stands where it is ranked.
CANDIDATES = ("Rosa Muñoz", "Luis Carrasco", "Elena Paillán Huenchumilla", "Hugo Tapia", "Marta Oyarzún")


def make() -> dict[str, Any]:
    """A nation, a cordón, four workplaces; Cristalerías with its committee and two weeks of reports but today's."""
    now = timezone.now()
    term = {"term_begins_at": now - dt.timedelta(days=30), "term_ends_at": now + dt.timedelta(days=300)}
    nation = b.territory(TerritoryKind.NATION, "Chile")
    cordon = b.territory(TerritoryKind.CORDON, "Vicuña Mackenna", nation)
    glass = Sector.objects.create(name="Vidrio")
    bottles = b.indicator("Envases buenos", "miles")
    hands = b.indicator("Personas presentes", "persons", kind="labour", aggregation="last")
    council = b.body(BodyKind.CORDON_COUNCIL, cordon)
    b.body(BodyKind.NATIONAL_COUNCIL, nation)
    home = b.workplace(HOME, cordon, glass)
    others = [b.workplace(name, cordon, glass) for name in OTHERS]
    Factory.objects.filter(pk=home.pk).update(workers=120)  # so that 109 of them present are no surprise
    assembly, committee = Body.objects.assembly_of(home), Body.objects.committee_of(home)
    RuleSet.objects.filter(body=assembly).update(rules={"may_convene_early": True})
    who = {username: b.member(username, name, is_demo=username != "marta") for username, name in PEOPLE.items()}
    for person in who.values():
        b.membership(person, home)
    for username in COMMITTEE:
        b.seat(who[username], committee, assembly, **term)
    today = production_day(factory=factory_of(home), at=now)
    for place in (home, *others):
        series = {b.series(place, bottles, sharing="daily", position=0): "400"}
        if place == home:
            series[b.series(place, hands, position=1)] = "109"
        for back in range(DAYS, -1, -1):
            if place == home and back == 0:
                continue  # today's report is what the journey is about
            swing = {bottles: (back * 7) % 20}
            figures = {s: (Decimal(value) + swing.get(s.indicator, 0), "") for s, value in series.items()}
            on = today - dt.timedelta(days=back)
            submit_report(
                workplace=place, territory=place, on=on, figures=figures, by=None, at=now, channel=Channel.COMMAND
            )
    job.run_due(at=now)
    places = {"workplace": home, "cordon": cordon, "council": council, "assembly": assembly, "committee": committee}
    return {name: str(place.uuid) for name, place in places.items()}


def moderate_always() -> dict[str, Any]:
    """The assembly of Cristalerías has agreed that every proposal is moderated."""
    assembly = Body.objects.assembly_of(Territory.objects.get(name=HOME))
    rules = {"moderation": "always", "may_convene_early": True}
    RuleSet.objects.create(body=assembly, version=2, rules=rules, in_force_from=timezone.now())
    return {}


def close_nominations() -> dict[str, Any]:
    """A week goes by: nominations of the one election that is live closed a minute ago."""
    now = timezone.now()
    election = Election.objects.live().get()
    gone = election.nominations_close_at - (now - dt.timedelta(minutes=1))
    for name in ("called_at", "nominations_open_at", "nominations_close_at", "voting_opens_at", "voting_closes_at"):
        setattr(election, name, getattr(election, name) - gone)
    election.save()
    _do_what_is_due(now)
    return {"state": Election.objects.get(pk=election.pk).state}


def open_vote() -> dict[str, Any]:
    """It is day: a vote that was convened at night, and waits for 6:00, opened a second ago."""
    now = timezone.now()
    Poll.objects.filter(state=PollState.SCHEDULED, opens_at__lt=now + dt.timedelta(hours=9)).update(
        opens_at=now - dt.timedelta(seconds=1)
    )
    return {}


def close_vote() -> dict[str, Any]:
    """The close of every open vote was so long ago that scrutineers may open its urn; what is due then is done."""
    now = timezone.now()
    for poll in Poll.objects.open_at(now):
        opened, poll.closes_at = now - dt.timedelta(hours=2), now - WAIT_FOR_LATE_COMMITS
        poll.opens_at = opened
        poll.save()
        Election.objects.filter(poll=poll).update(
            nominations_open_at=now - dt.timedelta(days=3),
            nominations_close_at=now - dt.timedelta(days=2),
            voting_opens_at=opened,
            voting_closes_at=poll.closes_at,
        )
    _do_what_is_due(now)
    return {}


def workers_who_rank() -> dict[str, Any]:
    """120 more people work there, and the assembly has agreed to elect its delegates by ranking."""
    return {"candidates": [person.username for person in _many(timezone.now())[-len(CANDIDATES) :]]}


def candidates_stand() -> dict[str, Any]:
    """All but the first, who does it on the page."""
    now, election = timezone.now(), Election.objects.live().get()
    for name in CANDIDATES[1:]:
        person = Member.objects.get(name=name, username__startswith="w")
        nominate(election=election, nominee=person, by=person, at=now)
    return {}


def others_vote() -> dict[str, Any]:
    """All who have no browser in the journey rank as they like."""
    now = timezone.now()
    poll = Poll.objects.open_at(now).get()
    _rank(poll, Member.objects.filter(username__startswith="w", pk__in=poll.roll.values("member")), now)
    return {}


def ranked_election() -> dict[str, Any]:
    """120 more people work there, and have elected two of five to the council by ranking; the result is declared."""
    now = timezone.now()
    people, called = _many(now), now - dt.timedelta(days=8)
    election = call_election(
        body=Body.objects.get(kind=BodyKind.CORDON_COUNCIL),
        electorate=Body.objects.assembly_of(Territory.objects.get(name=HOME)),
        nominations_close_at=now - dt.timedelta(minutes=1),
        voting_closes_at=now + dt.timedelta(days=4),
        by=Member.objects.get(username="elena"),
        at=called,
    )
    for person in people[-len(CANDIDATES) :]:
        nominate(election=election, nominee=person, by=person, at=called)
    _do_what_is_due(now)
    poll = Poll.objects.open_at(now).get(election=election)
    _rank(poll, people, now)
    close_vote()
    return {"election": f"/elections/{election.uuid}/", "vote": f"/votes/{poll.uuid}/"}


def recall_by_two() -> dict[str, Any]:
    """Two of the five bring a recall to a vote by the assembly's rules; the seat is Hugo's in the committee."""
    assembly = _agree({"recall": {"share": "2/5"}})
    seat = Seat.objects.get(elected_by=assembly, holder__username="hugo", body__kind=BodyKind.COMMITTEE)
    return {"seat": f"/seats/{seat.uuid}/"}


def key_of_three() -> dict[str, Any]:
    """Three scrutineers hold the key of each vote, and any two of them open it."""
    _agree({"scrutineers": {"needed": 2, "of": 3}, "may_convene_early": True})
    return {}


def councils_sit() -> dict[str, Any]:
    """Dora of Alusa sits in the council of the cordón, Nino in the national one; the glass has ten weeks of reports."""
    now = timezone.now()
    home, alusa = Territory.objects.get(name=HOME), Territory.objects.get(name="Alusa")
    cordon, nation = (Body.objects.get(kind=kind) for kind in (BodyKind.CORDON_COUNCIL, BodyKind.NATIONAL_COUNCIL))
    term = {"term_begins_at": now - dt.timedelta(days=30), "term_ends_at": now + dt.timedelta(days=300)}
    dora, nino = b.member("dora", "Dora Núñez"), b.member("nino", "Nino Baeza")
    for person in (dora, nino):
        b.membership(person, alusa)
    b.seat(dora, cordon, Body.objects.assembly_of(alusa), alusa, **term)
    b.seat(nino, nation, cordon, cordon.territory, **term)
    today = production_day(factory=factory_of(home), at=now)
    series = Series.objects.get(workplace=home, indicator__name="Envases buenos")
    past = [str(400 + n * 7 % 20) for n in range(70 - DAYS)]
    reported(series, past, first=today - dt.timedelta(days=70))
    analyse(workplaces=[home], day=today - dt.timedelta(days=1), at=now - dt.timedelta(days=1), anew=True)
    return {"series": f"/figures/{series.uuid}/"}


def time_runs_out() -> dict[str, Any]:
    """Days go by: whoever has an alert has had all its time. No worker runs; the next who looks takes the step."""
    now = timezone.now()
    for hold in AlertHold.objects.current():
        AlertHold.objects.filter(pk=hold.pk).update(
            from_at=now - dt.timedelta(days=4), due_at=now - dt.timedelta(seconds=1)
        )
    return {"taken": take_due_steps(at=now), "holds": [str(h.body) for h in AlertHold.objects.current()]}


def _agree(rules: dict[str, Any]) -> Body:
    assembly = Body.objects.assembly_of(Territory.objects.get(name=HOME))
    since = timezone.now() - dt.timedelta(days=20)
    RuleSet.objects.create(body=assembly, version=2, rules=rules, in_force_from=since)
    return assembly


def _many(now: dt.datetime) -> list[Member]:
    """115 workers, and the candidates."""
    _agree({"methods": {str(BodyKind.CORDON_COUNCIL): "stv"}})
    home = Territory.objects.get(name=HOME)
    names = [f"Obrera {n}" for n in range(115)]
    people = [b.member(f"w{n}", name, is_demo=True) for n, name in enumerate((*names, *CANDIDATES))]
    for person in people:
        b.membership(person, home)
    return people


def _rank(poll: Poll, people: Iterable[Member], now: dt.datetime) -> None:
    chance = random.Random(1972)
    ids = {o["label"]: o["id"] for o in poll.options}
    for person in people:
        liked = sorted(CANDIDATES, key=lambda name: CANDIDATES.index(name) + chance.random() * 6)
        marks = [ids[name] for name in liked[: chance.randint(1, 5)]]
        cast_ballot(poll=poll, by=person, marks=marks, replaces=0, at=now)


def _do_what_is_due(now: dt.datetime) -> None:
    Job.objects.filter(state="pending", due_at__gt=now).update(due_at=now)
    job.run_due(at=now)


if __name__ == "__main__":
    acts = (make, moderate_always, close_nominations, open_vote, close_vote, ranked_election, workers_who_rank)
    acts += (candidates_stand, others_vote, recall_by_two, key_of_three, councils_sit, time_runs_out)
    named = {act.__name__: act for act in acts}
    sys.stdout.write(json.dumps(named[sys.argv[1]]()) + "\n")
