"""The world that is attacked, made by a process of its own: ``python -m tests.attack.world make``.

Side A is Cristalerías in the cordón Vicuña Mackenna, side B is Perlak in Cerrillos-Maipú. Both hold one of
everything that has an address, in the states in which it can be acted on. ``marks`` are words that only
the members of a side may ever be shown. Prints one JSON object.
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
from councils.domain import job, outcome  # noqa: E402
from councils.domain.ballot import cast_ballot, cast_named_vote  # noqa: E402
from councils.domain.candidate_list import put_forward_list  # noqa: E402
from councils.domain.code_batch import request_codes  # noqa: E402
from councils.domain.deliberation import bring_up_to_date, convene_vote  # noqa: E402
from councils.domain.election import bring_up_to_date as bring_election_up_to_date  # noqa: E402
from councils.domain.election import call_election  # noqa: E402
from councils.domain.lots import enter_lots  # noqa: E402
from councils.domain.mandate import enter_mandate  # noqa: E402
from councils.domain.nomination import nominate  # noqa: E402
from councils.domain.objection import answer_objection, object_to_roll  # noqa: E402
from councils.domain.poll import schedule_poll  # noqa: E402
from councils.domain.proposal import draft_proposal, submit_proposal  # noqa: E402
from councils.domain.question import put_question  # noqa: E402
from councils.domain.recall import call_recall  # noqa: E402
from councils.domain.replacement import hand_over_seat  # noqa: E402
from councils.domain.table import call_to_table  # noqa: E402
from councils.enums import BodyKind, MandateKind, PollKind, TerritoryKind  # noqa: E402
from councils.models import (  # noqa: E402
    AuditEvent,
    Body,
    Election,
    Member,
    Poll,
    Proposal,
    Question,
    RuleSet,
    Seat,
    Substitute,
    Territory,
)
from production.domain.alert import explain_alert, raise_alert  # noqa: E402
from production.domain.alert_level import ask_help  # noqa: E402
from production.domain.alert_motion import ask_close  # noqa: E402
from production.domain.import_options import ImportOptions  # noqa: E402
from production.domain.importing import Source, keep_preview  # noqa: E402
from production.domain.report import declare_stoppage, submit_report  # noqa: E402
from production.enums import Channel  # noqa: E402
from production.models import Indicator, Sector, Submission  # noqa: E402
from tests import builders as b  # noqa: E402

DAY = dt.timedelta(days=1)
#: Only the workplace of the side may ever see them; as the pages of either language write them.
FIGURES = {"A": 7_654_321, "B": 8_765_432}
STEPS = ("edit", "submit", "withdraw")


class Side:
    """One workplace with its people and one of everything."""

    def __init__(self, letter: str, place: Territory, council: Body, now: dt.datetime) -> None:
        self.letter, self.place, self.now = letter, place, now
        self.assembly, self.committee = Body.objects.assembly_of(place), Body.objects.committee_of(place)
        self.council, self.ids, self.today = council, {}, local_day(now)
        low = letter.lower()
        self.worker, self.delegate, self.second, self.colleague, *others = (
            b.member(f"{who}_{low}", f"{name}MARCA{letter}", is_demo=True)
            for who, name in [
                ("worker", "Carmen "),
                ("delegate", "Elena "),
                ("second", "Hugo "),
                ("colleague", "Pedro "),
                *((f"other{n}", f"Otra {n} ") for n in range(4)),
            ]
        )
        # who represents a workplace is public
        for person, name in ((self.delegate, "Elena Paillán"), (self.second, "Hugo Tapia")):
            Member.objects.filter(pk=person.pk).update(name=f"{name} {letter}")
            person.refresh_from_db()
        for person in (self.worker, self.delegate, self.second, self.colleague, *others):
            b.membership(person, place)
        self.others = others
        term = {"term_begins_at": now - 30 * DAY, "term_ends_at": now + 300 * DAY}
        for person in (self.delegate, self.second):
            b.seat(person, self.committee, self.assembly, **term)
        b.seat(self.delegate, council, self.assembly, place, **term)

    def mark(self, what: str) -> str:
        return f"MARCA{self.letter} {what}"

    def make(self, common: Indicator) -> None:
        """Reports, proposals, votes, an election, codes and an import."""
        self.ids |= {
            "w": self.place.uuid,
            "cordon": self.council.territory.uuid if self.council.territory else "",
            "assembly": self.assembly.uuid,
            "committee": self.committee.uuid,
            "council": self.council.uuid,
            "person": self.colleague.uuid,
            "leaver": self.others[3].uuid,
            "today": self.today,
        }
        self._report(common)
        self._propose()
        self._vote()
        self._elect()
        self._object()
        self._ask()
        self._recall()
        self._hand_over()
        self._ask_codes()
        self._alert()
        content = f"date,indicator,unit,value,remark\n{self.today},Arena,t,5,{self.mark('importado')}\n".encode()
        source = Source(f"{self.mark('archivo')}.csv", content)
        options = ImportOptions(create_indicators=True)
        for name in ("import", "import_store"):
            batch = keep_preview(source=source, options=options, by=self.delegate, at=self.now, workplace=self.place)
            self.ids[name] = batch.uuid

    def _alert(self) -> None:
        """One that the workplace has: a line of its log, a motion that waits, and a note to the council above."""
        alert = raise_alert(place=self.place, title=self.mark("olor a gas"), by=self.worker, at=self.now)
        said = {"alert": alert, "by": self.second, "at": self.now}
        line = explain_alert(text=self.mark("explicación"), **said)
        motion = ask_close(decided_on=self.today, text=self.mark("moción"), **said)
        note = ask_help(body=self.council, text="Prestan un camión.", **said)
        self.ids |= {"alert": alert.uuid, "line": line.uuid, "motion": motion.uuid, "note": note.uuid}

    def _report(self, common: Indicator) -> None:
        section = b.territory(TerritoryKind.SECTION, self.mark("sección"), self.place)
        own = b.indicator(f"Arena {self.letter}")  # names of indicators are of the common catalogue
        figures = b.series(self.place, common, position=0), b.series(self.place, own, position=1)
        ending = b.series(self.place, b.indicator(f"Gas {self.letter}", "m3"))
        self.ids |= {"section": section.uuid, "series": figures[0].uuid, "ending": ending.uuid}
        for back in range(8, 0, -1):
            on, value = self.today - back * DAY, Decimal(FIGURES[self.letter])
            submission = submit_report(
                workplace=self.place,
                territory=self.place,
                on=on,
                figures={one: (value, self.mark("qué pasó")) for one in figures},
                note=self.mark("nota"),
                by=self.colleague,
                at=self.now,
                channel=Channel.FORM,
            )
            self.ids["report"] = submission.report.uuid
        stopped = declare_stoppage(
            workplace=self.place,
            territory=self.place,
            on=self.today - 9 * DAY,
            why="strike",
            why_note=self.mark("motivo"),
            by=self.colleague,
            at=self.now,
        )
        self.ids["stopped"] = stopped.report.uuid

    def _propose(self) -> None:
        direct, author = RuleSet.objects.in_force(self.assembly, self.now), self.colleague
        assert direct is not None

        def draft(by: Member, what: str) -> Proposal:
            title, text = self.mark(what), self.mark(f"texto de {what}")
            return draft_proposal(body=self.assembly, title=title, text=text, by=by, at=self.now)

        RuleSet.objects.filter(pk=direct.pk).update(rules={**direct.rules, "may_convene_early": True})
        for step in STEPS:
            self.ids[f"draft_{step}"] = draft(self.worker, f"borrador {step}").uuid
        self.ids["draft"] = draft(author, "borrador ajeno").uuid
        for what in ("complain", "convene"):
            self.ids[what] = submit_proposal(proposal=draft(author, what), by=author, at=self.now).uuid
        voting = submit_proposal(proposal=draft(author, "en votación"), by=author, at=self.now)
        voting = convene_vote(proposal=voting, days=3, by=self.delegate, at=self.now)
        assert voting.poll is not None
        Poll.objects.filter(pk=voting.poll.pk).update(opens_at=self.now)  # by night it would wait for 6:00
        voting = bring_up_to_date(proposal=Proposal.objects.get(pk=voting.pk), at=self.now)
        assert voting.poll is not None
        poll = outcome.bring_up_to_date(poll=voting.poll, at=self.now)
        self.ids |= {"voting": voting.uuid, "poll": poll.uuid}
        # at the table: nobody has called the one, and the second of the committee has called the other
        row, called = (poll.roll.get(member=person) for person in self.others[:2])
        call_to_table(row=called, by=self.second, at=self.now)
        self.ids |= {"row": row.uuid, "row_called": called.uuid}
        rules = {"moderation": "always"}
        RuleSet.objects.create(body=self.assembly, version=2, rules=rules, in_force_from=self.now)
        for what in ("moderated", "moderate"):
            self.ids[what] = submit_proposal(proposal=draft(author, what), by=author, at=self.now).uuid

    def _vote(self) -> None:
        """A vote that has ended, with seven ballots."""
        rules = RuleSet.objects.in_force(self.assembly, self.now)
        assert rules is not None
        early, question = self.now - 2 * DAY, self.mark("pregunta")
        poll = schedule_poll(
            body=self.assembly,
            rule_set=rules,
            kind=PollKind.YES_NO,
            question=question,
            opens_at=early,
            closes_at=self.now - DAY,
            at=early,
        )
        poll = outcome.bring_up_to_date(poll=poll, at=early)
        for person in (self.worker, self.delegate, self.second, self.colleague, *self.others[:3]):
            cast_ballot(poll=poll, by=person, marks=["yes"], replaces=0, at=early)
        outcome.bring_up_to_date(poll=poll, at=self.now)
        self.ids["declared"] = poll.uuid
        later = self.now + DAY
        with_shares = RuleSet.objects.create(
            body=self.assembly,
            version=90,
            rules={"scrutineers": {"needed": 2, "of": 2}},
            in_force_from=self.now + 365 * DAY,
        )
        self.ids["keyed"] = schedule_poll(
            body=self.assembly, rule_set=with_shares, kind=PollKind.YES_NO, question=self.mark("con fiscales"),
            opens_at=later, closes_at=later + DAY, at=self.now,
        ).uuid  # fmt: skip

    def _elect(self) -> None:
        election = call_election(
            body=self.council,
            electorate=self.assembly,
            nominations_close_at=self.now + 8 * DAY,
            voting_closes_at=self.now + 12 * DAY,
            by=self.delegate,
            at=self.now,
        )
        self.ids["election"] = election.uuid
        statement = self.mark("lo que digo")
        for name, nominee in (("nomination", self.worker), ("nomination_decline", self.delegate)):
            made = nominate(election=election, nominee=nominee, by=self.colleague, statement=statement, at=self.now)
            self.ids[name] = made.uuid

        self._stand_on_lists(election)

    def _stand_on_lists(self, like: Election) -> None:
        """Another one, by lists, with one that the worker has put forward."""
        nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
        by_lists = Election.objects.create(
            body=nation, electorate=self.assembly, rule_set=like.rule_set, title=self.mark("por listas"),
            method=PollKind.DHONDT, seats=2, state=like.state, called_by=self.delegate, called_at=self.now,
            nominations_open_at=self.now, nominations_close_at=like.nominations_close_at,
            voting_opens_at=like.voting_opens_at, voting_closes_at=like.voting_closes_at,
            term_ends_at=like.term_ends_at,
        )  # fmt: skip
        made = put_forward_list(election=by_lists, name=self.mark("lista"), by=self.worker, at=self.now)
        for person in self.others[:2]:
            named = nominate(election=by_lists, nominee=person, by=self.worker, at=self.now, on_list=made)
        self.ids |= {"list_election": by_lists.uuid, "list": made.uuid, "list_nomination": named.uuid}

    def _object(self) -> None:
        """An election in its days of campaign, its roll closed: an objection to answer, and an answer to confirm."""
        rules = RuleSet.objects.get(body=self.assembly, version=1)
        rules.rules |= {"campaign_days": 3, "objection_days": 5}
        RuleSet.objects.filter(pk=rules.pk).update(rules=rules.rules)
        election = call_election(
            body=self.committee,
            electorate=self.assembly,
            nominations_close_at=self.now - dt.timedelta(hours=1),
            voting_closes_at=self.now + 9 * DAY,
            by=self.delegate,
            at=self.now - 9 * DAY,
        )
        for person in self.others[:3]:
            nominate(election=election, nominee=person, by=person, at=self.now - 8 * DAY)
        # of a section, so that the committee's own can be called
        of_section = b.body(BodyKind.SECTION_COMMITTEE, Territory.objects.get(uuid=self.ids["section"]))
        Election.objects.filter(pk=election.pk).update(body=of_section)
        campaign = bring_election_up_to_date(election=Election.objects.get(pk=election.pk), at=self.now)
        self.ids["campaign"] = campaign.uuid
        drawn = ["2", "1", "3"]
        self.ids["lots"] = enter_lots(election=campaign, order=drawn, by=self.second, at=self.now).uuid
        for name, person in (("objection", self.others[0]), ("objection_answered", self.others[1])):
            text = self.mark("por qué no está en regla")
            made = object_to_roll(
                election=campaign, kind="not_entitled", person=person, text=text, by=self.colleague, at=self.now
            )
            self.ids[name] = made.uuid
        answer_objection(objection=made, verdict="dismissed", reason=self.mark("razón"), by=self.second, at=self.now)

    def _ask(self) -> None:
        """Questions to the council: one decided, one to instruct on, one to withdraw; and a mandate that waits."""

        def put(what: str, at: dt.datetime) -> Question:
            opens_at = at + 8 * DAY
            title, text, until = self.mark(what), self.mark(f"texto de {what}"), opens_at + 4 * DAY
            return put_question(
                body=self.council, title=title, text=text, opens_at=opens_at, closes_at=until, by=self.delegate, at=at
            )

        decided = put("lo decidido", self.now - 20 * DAY)
        poll = outcome.bring_up_to_date(poll=decided.poll, at=decided.poll.opens_at)
        cast_named_vote(poll=poll, by=self.delegate, marks=["yes"], at=poll.opens_at)
        outcome.bring_up_to_date(poll=poll, at=self.now)
        for name in ("question", "question_decide", "question_withdraw"):
            asked = put(name, self.now)
            self.ids[name] = asked.uuid
        self.ids |= {"question_decided": decided.uuid, "named": poll.uuid}
        self.ids["delegacy"] = Seat.objects.get(body=self.council, holder=self.delegate).uuid
        self.ids["mandate"] = enter_mandate(
            question=asked,
            assembly=self.assembly,
            kind=MandateKind.BOUND,
            answer="yes",
            decided_on=self.today,
            by=self.second,
            at=self.now,
        ).uuid

    def _recall(self) -> None:
        """Of the delegate's seat in the council, by a colleague, with more support needed than there will be; and
        a seat of the committee, of which nobody has asked for one."""
        rules = {"moderation": "always", "recall": {"share": "9/10"}}
        RuleSet.objects.create(body=self.assembly, version=3, rules=rules, in_force_from=self.now)
        seats = Seat.objects.filter(elected_by=self.assembly)
        asked = seats.get(body=self.council, holder=self.delegate)
        reason = self.mark("por qué se revoca")
        self.ids["recall"] = call_recall(seat=asked, reason=reason, by=self.colleague, at=self.now).uuid
        self.ids["seat"] = seats.get(body=self.committee, holder=self.delegate).uuid

    def _hand_over(self) -> None:
        """A seat of the delegate's in the national council, of which the worker is substitute, later this year."""
        nation, until = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL), self.now + 300 * DAY
        seat = b.seat(self.delegate, nation, self.assembly, self.place, term_begins_at=self.now, term_ends_at=until)
        row = Substitute.objects.create(seat=seat, member=self.worker, rank=1)
        days = {"from_on": self.today + 50 * DAY, "until_on": self.today + 60 * DAY}
        handed = hand_over_seat(seat=seat, substitute=row, by=self.delegate, at=self.now, **days)
        self.ids |= {"seat_above": seat.uuid, "substitute": row.uuid, "replacement": handed.uuid}

    def _ask_codes(self) -> None:
        for name in ("codes", "codes_void"):
            self.ids[name] = request_codes(workplace=self.place, count=2, by=self.second, at=self.now).uuid

    def marks(self) -> list[str]:
        whole = FIGURES[self.letter]
        return [f"MARCA{self.letter}", str(whole), f"{whole:,}", f"{whole:,}".replace(",", ".")]


def make() -> dict[str, Any]:
    """Both sides, a keeper of the installation and somebody who belongs nowhere."""
    now = timezone.now()
    nation = b.territory(TerritoryKind.NATION, "Chile")
    b.body(BodyKind.NATIONAL_COUNCIL, nation)
    glass, bottles = Sector.objects.create(name="Vidrio"), b.indicator("Envases buenos", "miles")
    sides = {}
    for letter, cordon_name, name in (
        ("A", "Vicuña Mackenna", "Cristalerías de Chile"),
        ("B", "Cerrillos-Maipú", "Perlak"),
    ):
        cordon = b.territory(TerritoryKind.CORDON, cordon_name, nation)
        council = b.body(BodyKind.CORDON_COUNCIL, cordon)
        sides[letter] = Side(letter, b.workplace(name, cordon, glass), council, now)
        sides[letter].make(bottles)
    b.member("root", "Ana Ruiz", is_staff=True, is_superuser=True, is_demo=True)
    b.member("outsider", "Olga Lira", is_demo=True)
    job.run_due(at=now)
    return {
        "password": b.PASSWORD,
        "objects": {letter: {name: str(id) for name, id in side.ids.items()} for letter, side in sides.items()},
        "marks": {letter: side.marks() for letter, side in sides.items()},
    }


def trespasses() -> dict[str, Any]:
    """Acts that the log holds in the bodies of one side by somebody who does not belong to it."""
    found = []
    for letter, other in (("a", "b"), ("b", "a")):
        place = Member.objects.get(username=f"worker_{letter}").memberships.get().territory
        strangers = [f"{who}_{other}" for who in ("worker", "delegate")] + ["root", "outsider"]
        events = AuditEvent.objects.filter(body__territory=place, actor__username__in=strangers)
        found += [f"{e.verb} by {e.actor}" for e in events.select_related("actor")]
        sent = Submission.objects.filter(report__workplace=place, author__username__in=strangers)
        found += [f"report by {one.author}" for one in sent.select_related("author")]
    return {"found": found}


if __name__ == "__main__":
    acts = {"make": make, "trespasses": trespasses}
    sys.stdout.write(json.dumps(acts[sys.argv[1]](), default=str) + "\n")
