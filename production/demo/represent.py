"""What delegates do: questions to the council with mandates, a resignation that leaves a seat vacant, a recall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from councils.clock import local_day
from councils.domain import job
from councils.domain.ballot import cast_named_vote
from councils.domain.delegate import report_back
from councils.domain.mandate import confirm_mandate, enter_mandate
from councils.domain.question import put_question
from councils.domain.recall import answer_recall, call_recall, support_recall
from councils.domain.resignation import resign_seat
from councils.enums import BodyKind, Choice, MandateKind
from councils.models import Body, Member, Question, Seat, Territory
from councils.names import sort_key
from production.demo.accounts import HOME
from production.demo.deliberate import COUNTED, moment
from production.demo.establish import Country

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
#: A question is discussed for a week, and voted longer than the rules ask, so that it is open whatever day it is.
DISCUSSED, VOTED = 7 * DAY, 5 * DAY
TRUCKS = (
    "¿El cordón pone dos camiones en común?",
    "Cada industria con camiones presta dos días al mes. Los turnos los ordena la comisión de transporte del cordón.",
)
STORE = (
    "¿Se abre un almacén del cordón?",
    "Un local en la avenida, atendido por turnos, con lo que producen nuestras industrias a precio de costo.",
)
REASON = "Faltó a cuatro sesiones seguidas del consejo y no ha rendido cuenta desde el invierno."
ANSWER = "Estuve con licencia en dos de las cuatro. El lunes rindo cuenta en el casino."


def represent(*, country: Country, at: dt.datetime) -> None:
    """The council of HOME's cordón decided once and decides now; at HOME one resigned, and one may be recalled."""
    elena, _hugo, tired, missed = country.members[HOME][1:5]
    council = Body.objects.get(territory=country.workplaces[HOME].placements.get().parent, kind=BodyKind.CORDON_COUNCIL)
    _decided(council, elena, at)
    _under_way(council, elena, at)
    committee = Body.objects.committee_of(country.workplaces[HOME])
    resigned = moment(at, 6, "10:15")
    resign_seat(seat=Seat.objects.held_at(resigned).get(holder=tired, body=committee), by=tired, at=resigned)
    _recall(Seat.objects.get(holder=missed, body=council), country.members[HOME], at)
    job.run_due(at=at)


def _decided(council: Body, elena: Member, at: dt.datetime) -> None:
    """A month ago: HOME told its delegates yes, and Elena voted otherwise and said why."""
    question = _put(council, STORE, elena, moment(at, 40, "09:40"))
    _instruct(question, {HOME: {"kind": MandateKind.BOUND, "answer": Choice.YES}}, question.asked_at + 3 * DAY)
    _vote(question, {elena: Choice.NO})
    job.run_due(at=question.poll.closes_at + COUNTED)
    text = "En el consejo supimos que el local no tiene agua. Voté no para que se busque otro, y vuelve en un mes."
    seat = Seat.objects.get(holder=elena, body=council)
    report_back(seat=seat, text=text, poll=question.poll, by=elena, at=moment(at, 26, "12:10"))


def _under_way(council: Body, elena: Member, at: dt.datetime) -> None:
    """Open now: some workplaces have instructed theirs, half of the delegates have voted, and Elena has not."""
    question = _put(council, TRUCKS, elena, moment(at, 9, "09:40"))
    others = sorted(set(_delegations(council)) - {HOME}, key=sort_key)
    told: dict[str, Mapping[str, object]] = {HOME: {"kind": MandateKind.BOUND, "answer": Choice.YES}}
    split: Mapping[str, object] = {
        "kind": MandateKind.SPLIT,
        "tally": {Choice.YES: 31, Choice.NO: 24, Choice.ABSTAIN: 2},
    }
    free: Mapping[str, object] = {"kind": MandateKind.FREE}
    told |= dict(zip(others, (split, free), strict=False))
    _instruct(question, told, question.asked_at + 4 * DAY)
    _vote(question, {}, without=[elena], half=True)


def _put(council: Body, said: tuple[str, str], by: Member, at: dt.datetime) -> Question:
    opens_at = at + DISCUSSED
    title, text = said
    closes_at = opens_at + VOTED
    return put_question(body=council, title=title, text=text, opens_at=opens_at, closes_at=closes_at, by=by, at=at)


def _delegations(council: Body) -> dict[str, Territory]:
    """The workplaces that have delegates there, by name."""
    seats = Seat.objects.in_body(council).select_related("represents")
    return {seat.represents.name: seat.represents for seat in seats if seat.represents is not None}


def _instruct(question: Question, told: Mapping[str, Mapping[str, object]], at: dt.datetime) -> None:
    """Each of these assemblies decided by hands: one of its committee enters it, and another confirms it."""
    places = _delegations(question.body)
    for name, said in told.items():
        seats = Seat.objects.held_at(at).in_body(Body.objects.committee_of(places[name])).order_by("pk")
        first, second = (seat.holder for seat in seats.select_related("holder")[:2])
        mandate = enter_mandate(
            question=question,
            assembly=Body.objects.assembly_of(places[name]),
            decided_on=local_day(at),
            by=first,
            at=at,
            **said,  # type: ignore[arg-type]
        )
        confirm_mandate(mandate=mandate, by=second, at=at + HOUR)


def _vote(question: Question, said: Mapping[Member, str], without: Collection[Member] = (), half: bool = False) -> None:
    """The delegates vote by name, an hour after the opening: what ``said`` says, else mostly yes."""
    poll = question.poll
    job.run_due(at=poll.opens_at)
    poll.refresh_from_db()
    people = Member.objects.filter(pk__in=poll.roll.values("member")).order_by("pk")
    answers = [Choice.YES, Choice.YES, Choice.NO, Choice.YES, Choice.ABSTAIN]
    for number, who in enumerate(people):
        if who in without or (half and number % 2):
            continue
        answer = said.get(who, answers[number % len(answers)])
        cast_named_vote(poll=poll, by=who, marks=[str(answer)], at=poll.opens_at + HOUR)


def _recall(seat: Seat, roll: list[Member], at: dt.datetime) -> None:
    """Support is collected; some have given it, the accounts that people try have not."""
    recall = call_recall(seat=seat, reason=REASON, by=roll[60], at=moment(at, 4, "11:20"))
    for supporter in roll[61:69]:
        support_recall(recall=recall, by=supporter, at=moment(at, 3, "12:40"))
    answer_recall(recall=recall, answer=ANSWER, by=seat.holder, at=moment(at, 2, "10:05"))
