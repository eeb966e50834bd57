"""Proposals in every stage and elections, made by the verbs themselves at moments gone by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from councils import permissions
from councils.clock import local_day
from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.candidate_list import put_forward_list
from councils.domain.deliberation import bring_up_to_date
from councils.domain.election import call_election
from councils.domain.moderation import moderate_proposal
from councils.domain.nomination import accept_nomination, nominate
from councils.domain.poll import open_due_poll
from councils.domain.proposal import draft_proposal, submit_proposal, withdraw_proposal
from councils.enums import BodyKind, ProposalState, Verdict
from councils.models import Body, Election, Member, Poll, Proposal, RuleSet, Territory
from councils.rules import Rules
from production.demo.accounts import HOME, NEIGHBOUR
from production.demo.establish import Country
from production.demo.simulate import draw

#: How far back the stories below begin.
DELIBERATED = dt.timedelta(days=60)
#: A vote that is over is counted and declared by then.
COUNTED = dt.timedelta(minutes=1)
SUNDAY = 6
#: Where, besides HOME, elections were finished a month ago.
RENEWED = "Lucchetti"
#: title, text
TEXTS = {
    "truck": (
        "Convenio de transporte con Cerrillos-Maipú",
        (
            "1. Fensa y Perlak prestan al cordón **dos camiones** por día, con chofer, para traer carbonato de sodio"
            " desde San Antonio.\n2. Devolvemos el favor con 12 mil frascos para las conservas de Perlak.\n3. La"
            " bencina la pone el cordón que recibe la carga."
        ),
    ),
    "nursery": (
        "Sala cuna en el turno C",
        "El turno C no tiene sala cuna. Se ocupa la pieza del casino viejo; la atienden dos compañeras por turno.",
    ),
    "boots": (
        "Botas y guantes nuevos para Hornos",
        "Se compran 60 pares de botas y 120 de guantes con lo que sobró del presupuesto de mantención.",
    ),
    "canteen": (
        "Un solo menú en el casino",
        "Jefatura y operarios comen lo mismo, al mismo precio y en el mismo turno.",
    ),
    "overtime": (
        "Sábados por medio en Empaque",
        "Empaque trabaja sábado por medio mientras dure el pedido de la leche. Se paga como extra.",
    ),
    "library": ("Biblioteca en la portería", "Un estante con libros donados. Se anota en un cuaderno."),
    "night": ("Cambiar el horario del turno de noche", "Que empiece a las 23:00 y no a las 22:00."),
    "reuse": (
        "Reusar el vidrio roto de la línea 2",
        "Se separa por color al pie de la línea y vuelve al horno: ahorra arena y petróleo.",
    ),
    "signs": ("Letreros de seguridad", "Pintar de nuevo los letreros de Hornos y Empaque."),
    "oven": (
        "Repuestos para el horno de conservas",
        "Pedir a Elecmetal las parrillas nuevas y pagarlas en cajas de conserva, en tres meses.",
    ),
}

#: The lists of HOME: name, votes, and the numbers of its people on the roll, from 0.
LISTS: tuple[tuple[str, int, tuple[int, ...]], ...] = (
    ("Unidad por la producción", 27, (1, 3, 10)),
    ("Turnos unidos", 16, (2, 4, 11)),
    ("Casino y bodega", 9, (12, 13)),
)
#: So many of RENEWED, the last of its roll, work in the office.
OFFICE = 5
#: What candidates say of themselves.
STATEMENTS = (
    "Llevar lo que se acuerde aquí, y volver a contarlo.",
    "Que los camiones del cordón lleguen también al turno de noche.",
    "Trabajo en Hornos hace doce años: sé qué materiales faltan y cuándo.",
    "Que ninguna compañera deje de ir a la asamblea por no tener con quién dejar a los niños.",
    "Rendir cuenta cada lunes en el casino, con las cifras en la mano.",
)


def deliberate(*, country: Country, at: dt.datetime) -> None:
    """Fill the assemblies with what an ordinary two months leave."""
    _home(country, at)
    _neighbour(country, at)
    _by_constituencies(country, at)
    _by_lists(country, at)


def moment(at: dt.datetime, days: int, hour: str) -> dt.datetime:
    """``days`` before the day of ``at``, at the local ``hour``; a Sunday's on the Saturday before."""
    day = local_day(at) - dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(_worked(day), dt.time.fromisoformat(hour)))


def _worked(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1) if day.weekday() == SUNDAY else day


class Story:
    """One assembly's past: each act at its own moment of a working day, due work done at its own."""

    def __init__(self, workplace: Territory, roll: Sequence[Member], moderator: Member) -> None:
        self.body = Body.objects.assembly_of(workplace)
        self.roll = roll
        self.moderator = moderator

    def draft(self, key: str, by: Member, at: dt.datetime) -> Proposal:
        title, text = TEXTS[key]
        return draft_proposal(body=self.body, title=title, text=text, by=by, at=at)

    def submit(self, key: str, by: Member, at: dt.datetime) -> Proposal:
        proposal = self.draft(key, by, at)
        return submit_proposal(proposal=proposal, by=by, at=at + dt.timedelta(minutes=50))

    def admit(self, key: str, by: Member, at: dt.datetime, reason: str = "Tiene autor, costo y plazo.") -> Proposal:
        proposal = self.submit(key, by, at)
        if proposal.state == ProposalState.MODERATION:
            moderate_proposal(
                proposal=proposal,
                verdict=Verdict.ADMITTED,
                reason=reason,
                by=self.moderator,
                at=at + dt.timedelta(hours=5, minutes=20),
            )
        return proposal

    def vote(self, proposal: Proposal, *, yes: int, no: int, abstain: int, until: dt.datetime) -> None:
        """Let so many people vote in the window that the rules gave ``proposal``; decide it if that is over."""
        proposal.refresh_from_db()
        assert proposal.poll is not None, f"{proposal} is not put to the vote"
        opens, closes = proposal.poll.opens_at, proposal.poll.closes_at
        job.run_due(at=opens)
        proposal.refresh_from_db()
        choices = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
        self.cast(proposal.poll, [[choice] for choice in choices], opens + dt.timedelta(hours=1))
        if closes < until:
            job.run_due(at=closes + COUNTED)

    def cast(self, poll: Poll, papers: Sequence[Sequence[str]], at: dt.datetime) -> None:
        """The last of the roll vote, so that the demonstration accounts, first on it, still can."""
        voters = self.roll[-len(papers) :]
        for voter, marks in zip(voters, papers, strict=True):
            cast_ballot(poll=poll, by=voter, marks=marks, replaces=0, at=at)


def _home(country: Country, at: dt.datetime) -> None:
    roll = country.members[HOME]
    carmen, elena, hugo = roll[:3]
    story = Story(country.workplaces[HOME], roll, hugo)

    def ago(days: int, hour: str) -> dt.datetime:
        return moment(at, days, hour)

    adopted = story.admit("boots", roll[20], ago(60, "09:10"))
    story.vote(adopted, yes=63, no=8, abstain=4, until=at)
    rejected = story.admit("overtime", roll[31], ago(48, "10:25"))
    story.vote(rejected, yes=22, no=47, abstain=6, until=at)
    quorumless = story.admit("library", roll[40], ago(36, "08:40"))
    story.vote(quorumless, yes=21, no=5, abstain=2, until=at)
    withdrawn = story.submit("night", roll[12], ago(25, "11:05"))
    withdraw_proposal(proposal=withdrawn, by=roll[12], at=ago(25, "16:30"))
    voting = story.admit("truck", roll[15], ago(8, "08:30"))
    returned = story.submit("canteen", carmen, ago(6, "09:40"))
    moderate_proposal(
        proposal=returned,
        verdict=Verdict.RETURNED,
        reason="Falta decir desde cuándo y quién cocina. Con eso va a la asamblea.",
        by=elena,
        at=ago(6, "15:10"),
    )
    story.admit("reuse", roll[27], ago(4, "09:20"))
    _election(country, at)
    story.vote(voting, yes=24, no=9, abstain=3, until=at)
    story.submit("nursery", roll[33], ago(1, "09:30"))
    story.draft("signs", carmen, ago(1, "16:20"))
    job.run_due(at=at)


def _election(country: Country, at: dt.datetime) -> None:
    """HOME elects its delegates to the cordón: the vote is open now."""
    roll = country.members[HOME]
    workplace = country.workplaces[HOME]
    story = Story(workplace, roll, roll[2])
    council = Body.objects.get(territory=workplace.placements.get().parent, kind=BodyKind.CORDON_COUNCIL)
    election = _call(council, story, moment(at, 8, "10:00"))
    for (number, days), statement in zip(((1, 1), (9, 2), (17, 3), (26, 3), (44, 4)), STATEMENTS, strict=True):
        when = moment(election.called_at, -days, "11:15")
        nomination = nominate(election=election, nominee=roll[number], by=roll[number + 1], at=when)
        accept_nomination(
            nomination=nomination,
            by=roll[number],
            at=when + dt.timedelta(hours=3),
            statement=statement,
        )
    poll = opened(election)
    options = [o["id"] for o in poll.options]
    papers = [_approve(options, n) for n in range(38)]
    story.cast(poll, papers, election.voting_opens_at + dt.timedelta(hours=1))


def call(organ: Body, by: Member, at: dt.datetime, *, electorate: Body, group: str = "") -> Election:
    """With the windows that the rules of ``electorate`` give."""
    rule_set = RuleSet.objects.in_force(electorate, at)
    rules = Rules.read(rule_set.rules if rule_set is not None else {})
    nominations_close = at + dt.timedelta(days=rules.nomination_days)
    return call_election(
        body=organ,
        electorate=electorate,
        nominations_close_at=nominations_close,
        voting_closes_at=nominations_close + dt.timedelta(days=rules.campaign_days + rules.voting_days),
        by=by,
        at=at,
        group=group,
    )


def _call(organ: Body, story: Story, at: dt.datetime, group: str = "") -> Election:
    return call(organ, story.moderator, at, electorate=story.body, group=group)


def opened(election: Election) -> Poll:
    """Its vote, begun at its hour."""
    job.run_due(at=election.voting_opens_at)
    election.refresh_from_db()
    assert election.poll is not None, "somebody stands"
    return election.poll


def _approve(options: list[str], number: int) -> list[str]:
    """One or two names, by a stable draw that likes the first ones better."""
    share = draw("paper", number)
    first = int(len(options) * share * share)
    second = int(len(options) * draw("second", number))
    return sorted({options[first], options[second]})


def _neighbour(country: Country, at: dt.datetime) -> None:
    """A workplace under 100: no moderation, a vote open, nominations open."""
    roll = country.members[NEIGHBOUR]
    workplace = country.workplaces[NEIGHBOUR]
    story = Story(workplace, roll, roll[1])
    agree(story.body, {"campaign_days": 5, "objection_days": 5})
    proposal = story.admit("oven", roll[4], moment(at, 8, "10:40"))
    story.vote(proposal, yes=19, no=7, abstain=2, until=at)
    election = _call(Body.objects.committee_of(workplace), story, moment(at, 2, "09:15"))
    called = election.called_at
    nominate(election=election, nominee=roll[0], by=roll[5], at=called + dt.timedelta(hours=3))
    nominate(election=election, nominee=roll[6], by=roll[6], at=called + dt.timedelta(hours=5))


def _by_lists(country: Country, at: dt.datetime) -> None:
    """HOME renewed its committee a month ago: three lists, three seats by D'Hondt, as its rules say."""
    roll = country.members[HOME]
    story = Story(country.workplaces[HOME], roll, roll[2])
    agree(story.body, {"methods": {"committee": "dhondt"}, "substitutes": 2, "vacancy": "by_election"})
    election = _call(Body.objects.committee_of(country.workplaces[HOME]), story, moment(at, 40, "09:30"))
    option_of = {}
    for days, (name, votes, numbers) in enumerate(LISTS, 1):
        people, when = [roll[number] for number in numbers], moment(election.called_at, -days, "10:30")
        made = put_forward_list(election=election, name=name, by=people[0], at=when)
        for person in people:
            named = nominate(election=election, nominee=person, by=people[0], at=when, on_list=made)
            if person != people[0]:
                accept_nomination(nomination=named, by=person, at=when + dt.timedelta(hours=2))
        option_of[name] = votes
    poll = opened(election)
    papers = [[option["id"]] for option in poll.options for _vote in range(option_of[option["label"]])]
    story.cast(poll, papers, election.voting_opens_at + dt.timedelta(hours=1))
    job.run_due(at=election.voting_closes_at + COUNTED)


def _by_constituencies(country: Country, at: dt.datetime) -> None:
    """RENEWED did so by groups: two seats of production, one of administration, an election each."""
    workplace, roll = country.workplaces[RENEWED], country.members[RENEWED]
    story = Story(workplace, roll, roll[0])
    office = roll[-OFFICE:]
    for group, people in (("producción", roll[:-OFFICE]), ("administración", office)):
        workplace.memberships.filter(member__in=people).update(group=group)
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    agree(story.body, {"constituencies": {"committee": parts}})
    committee = Body.objects.committee_of(workplace)
    for group, voters, stand in (("producción", roll[2:-OFFICE], roll[3:6]), ("administración", office, office[:2])):
        election = _call(committee, story, moment(at, 40, "09:30"), group=group)
        for person in stand:
            nominate(election=election, nominee=person, by=person, at=moment(election.called_at, -1, "10:30"))
        poll = opened(election)
        option = {o["nominee"]: o["id"] for o in poll.options}
        first, second, *_others = (option[str(person.uuid)] for person in stand)
        cast_at = election.voting_opens_at + dt.timedelta(hours=1)
        for n, voter in enumerate(voters):
            marks = [first, second] if group == "producción" else [first if n else second]
            cast_ballot(poll=poll, by=voter, marks=sorted(marks), replaces=0, at=cast_at)
        job.run_due(at=election.voting_closes_at + COUNTED)


def agree(assembly: Body, rules: dict[str, Any]) -> None:
    """What it agreed on its first day."""
    RuleSet.objects.filter(body=assembly, version=1).update(rules=rules)


def keep_a_vote_open(*, at: dt.datetime) -> bool:
    """A demonstration left running always has something to vote on at HOME. Returns whether one was opened.

    It was proposed eight days ago, so that it comes out of a whole deliberation.
    """
    home = Territory.objects.workplaces().filter(name=HOME).first()
    if home is None:
        return False
    body = Body.objects.assembly_of(home)
    polls = Poll.objects.filter(body=body)
    if (polls.open_at(at) | polls.to_open(at)).exists():
        return False
    roll = Member.objects.filter(memberships__territory=home, memberships__until_on__isnull=True)
    author, hugo = roll.order_by("pk")[15], Member.objects.get(username="hugo")
    begun = moment(at, 8, "08:30")
    if not all(permissions.may("convene_vote", by=hugo, on=body, at=when) for when in (begun, at)):
        return False  # his term ran out, or people sent him home
    key = list(TEXTS)[Proposal.objects.filter(body=body).count() % len(TEXTS)]
    proposal = Story(home, list(roll), hugo).admit(key, author, begun, reason="Se entiende.")
    proposal = bring_up_to_date(proposal=proposal, at=at)
    if proposal.poll is not None:
        open_due_poll(poll=proposal.poll, at=proposal.poll.opens_at)  # at its hour: it is not late
    job.run_due(at=at)
    return True
