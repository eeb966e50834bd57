"""A small demonstration, built as the large one is: four workplaces, six weeks."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.db.models import Count
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from councils.clock import local_day
from councils.domain import job
from councils.domain.delegate import votes_of
from councils.enums import ElectionState, NominationState, PollState, ProposalState, RecallState, SeatEnd
from councils.models import (
    AuditEvent,
    Election,
    Job,
    Mandate,
    Member,
    Nomination,
    Objection,
    Poll,
    Proposal,
    Question,
    Recall,
    RollEntry,
    Seat,
    Substitute,
    Territory,
)
from production.demo.accounts import ACCOUNTS, HOME, NEIGHBOUR, PASSWORD
from production.demo.build import build, is_built, throw_away
from production.demo.deliberate import keep_a_vote_open, moment
from production.demo.report import top_up
from production.domain import summary
from production.enums import Channel
from production.models import Capability, Factory, Figure, Report, Submission, Summary
from production.tasks import top_up_demo
from tests import builders as b
from tests.builders import NOW

FEW = {HOME, "Perlak", "Lucchetti", "Fensa"}
TODAY = local_day(NOW)


def small(at: dt.datetime = NOW) -> None:
    build(at=at, say=lambda step: None, past=dt.timedelta(days=42), only=FEW)


def reports_a_day() -> dict[dt.date, int]:
    return dict(Report.objects.values_list("on").annotate(n=Count("pk")))


class TestDemonstration(TestCase):
    """Built once; each test begins from it."""

    @classmethod
    def setUpTestData(cls) -> None:
        small()

    def test_build_makes_places_people_and_figures(self):
        assert is_built()
        assert set(Territory.objects.workplaces().values_list("name", flat=True)) == FEW
        assert Member.objects.filter(memberships__territory__name=HOME).count() == 118
        assert not Factory.objects.filter(simulated=False).exists()
        assert not Submission.objects.filter(simulated=False).exists()
        assert not Summary.objects.filter(simulated=False).exists()
        assert Report.objects.filter(on=TODAY).exists()
        assert Capability.objects.filter(series__workplace__name=HOME, series__indicator__kind="output").count() == 2
        assert Summary.objects.filter(territory__kind="nation", answered__gt=0).exists()
        assert not Report.objects.filter(workplace__name=HOME, on=TODAY).exists()
        assert summary.check_summaries(at=NOW) == []
        assert not Job.objects.due(NOW).exists()

    def test_build_gives_the_known_password_to_the_printed_accounts_alone(self):
        assert all(check_password(PASSWORD, Member.objects.get(username=a.username).password) for a in ACCOUNTS)
        others = Member.objects.exclude(username__in=[account.username for account in ACCOUNTS])
        taken = set(others.exclude(password__startswith="!").values_list("password", flat=True))
        assert (len(taken), [check_password(PASSWORD, one) for one in taken]) == (1, [False])
        assert not Member.objects.filter(is_demo=False).exists()

    def test_build_lets_nobody_act_without_an_account(self):
        without = Member.objects.filter(password__startswith="!")
        assert without.count() == 4
        assert not AuditEvent.objects.filter(actor__in=without).exists()
        assert not Seat.objects.filter(holder__in=without).exists()
        assert not RollEntry.objects.voted().filter(member__in=without).exists()

    def test_build_gives_each_candidate_a_sentence_of_her_own(self):
        said = list(Nomination.objects.exclude(statement="").values_list("statement", flat=True))
        assert (len(said), len(set(said))) == (5, 5)

    def test_build_keeps_the_whole_roll_of_those_who_vote(self):
        for name in (HOME, NEIGHBOUR):
            factory = Factory.objects.get(territory__name=name)
            assert factory.workers == Member.objects.filter(memberships__territory=factory.territory).count()

    def test_build_reaches_every_stage(self):
        assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState.values) - {"interrupted"}
        states = set(Election.objects.values_list("state", flat=True))
        assert states == {*ElectionState} - {ElectionState.CALLED, ElectionState.COUNTED, ElectionState.VOID}
        told = Objection.objects.values_list("election__state", "verdict", "confirmed_by")
        assert sorted((state, verdict, by is not None) for state, verdict, by in told) == [
            ("campaign", "dismissed", False), ("campaign", "upheld", True)
        ]  # fmt: skip
        assert Nomination.objects.filter(state=NominationState.PROPOSED).exists()
        open_here = Poll.objects.open_at(NOW).filter(body__territory__name=HOME)
        assert {poll.kind for poll in open_here} == {"yes_no", "approval"}
        assert all(0 < poll.roll.voted().count() < poll.roll_size for poll in open_here)
        declared = Poll.objects.filter(state=PollState.DECLARED, body__territory__name=HOME, kind="yes_no")
        assert {poll.result["outcome"] for poll in declared} == {"adopted", "rejected", "no_quorum"}
        seated = Election.objects.filter(state=ElectionState.SEATED)
        assert sorted(Seat.objects.filter(election=one).count() for one in seated) == [1, 2, 3]
        assert {(one.method, one.group) for one in seated} == {
            ("dhondt", ""), ("approval", "producción"), ("approval", "administración"),
        }  # fmt: skip
        held = Seat.objects.held_at(NOW).filter(body__territory__name=HOME, body__kind="committee")
        assert set(held.values_list("holder__username", flat=True)) == {"elena", "hugo"}  # the third resigned

    def test_build_shows_what_delegates_do(self):
        vacant = Seat.objects.vacant_at(NOW).get(body__territory__name=HOME)
        assert (vacant.end_reason, Substitute.objects.filter(seat=vacant).count()) == (SeatEnd.RESIGNED, 1)
        recall = Recall.objects.get()
        assert (recall.state, recall.answer != "") == (RecallState.COLLECTING, True)
        assert 1 < recall.supporters < recall.needed
        under_way, decided = Question.objects.order_by("-asked_at")
        assert (under_way.poll.state, decided.poll.state) == (PollState.OPEN, PollState.DECLARED)
        assert Mandate.objects.in_force().filter(poll=under_way.poll).count() == 2
        (line,) = votes_of(Seat.objects.get(holder__username="elena", body=decided.body))
        assert (line.verdict, len(line.reasons)) == ("different", 1)

    def test_build_keeps_the_windows_of_the_rules_and_working_hours(self):
        days = dt.timedelta(days=1)
        for proposal in Proposal.objects.exclude(poll=None).select_related("poll"):
            assert proposal.poll.opens_at - proposal.admitted_at == 7 * days
            assert proposal.poll.closes_at - proposal.poll.opens_at == 3 * days
            if proposal.decided_at is not None:
                assert dt.timedelta(0) <= proposal.decided_at - proposal.poll.closes_at <= dt.timedelta(minutes=2)
        for election in Election.objects.all():
            assert election.nominations_close_at - election.called_at == 7 * days
            assert election.voting_closes_at - election.voting_opens_at == 3 * days
        acts = AuditEvent.objects.exclude(verb__startswith="build_demo")
        moments = [timezone.localtime(moment) for moment in acts.values_list("at", flat=True)]
        assert len(moments) > 30
        assert [moment for moment in moments if not 8 <= moment.hour < 18] == []

    def test_build_leaves_the_votes_of_the_printed_accounts_to_people(self):
        usernames = [account.username for account in ACCOUNTS]
        for poll in Poll.objects.open_at(NOW):
            assert not poll.roll.voted().filter(member__username__in=usernames).exists()

    def test_top_up_brings_three_days_once(self):
        before = reports_a_day()
        later = NOW + dt.timedelta(days=3)
        with time_machine.travel(later, tick=False):
            written = top_up(at=later)
            job.run_due(at=later)
            after = reports_a_day()
            assert {day: after[day] for day in before if day != TODAY} == {
                d: n for d, n in before.items() if d != TODAY
            }
            assert sum(after.values()) - sum(before.values()) == written > 0
            assert all(after[TODAY + dt.timedelta(days=n)] >= 2 for n in range(4))
            assert not Report.objects.filter(workplace__name=HOME, on=local_day(later)).exists()
            assert summary.check_summaries(at=later) == []
            assert top_up(at=later) == 0
            assert reports_a_day() == after

    def test_top_up_after_months_writes_the_last_sixty_days(self):
        later = NOW + dt.timedelta(days=100)
        with time_machine.travel(later, tick=False):
            assert top_up(at=later) > 100
            job.run_due(at=later)
            assert min(day for day in reports_a_day() if day > TODAY) >= local_day(later) - dt.timedelta(days=60)
            assert summary.check_summaries(at=later) == []

    def test_top_up_never_touches_what_a_person_wrote(self):
        home = Territory.objects.get(name=HOME)
        mine = Report.objects.create(workplace=home, territory=home, on=TODAY)
        Submission.objects.create(
            report=mine, number=1, author=None, at=NOW, channel=Channel.FORM, stoppage="power_cut"
        )
        later = NOW + dt.timedelta(days=2)
        top_up(at=later)
        assert list(mine.submissions.values_list("number", "simulated")) == [(1, False)]
        assert Report.objects.filter(workplace=home, on=TODAY).count() == 1

    def test_keep_a_vote_open_opens_one_when_the_last_has_closed(self):
        assert keep_a_vote_open(at=NOW) is False
        later = NOW + dt.timedelta(days=9)
        job.run_due(at=later)
        home = Territory.objects.get(name=HOME)
        later += dt.timedelta(minutes=1)  # one of them has only just begun
        Poll.objects.open_at(later).filter(body__territory=home).update(closes_at=later)
        last = Proposal.objects.order_by("pk").last().pk
        assert keep_a_vote_open(at=later) is True
        assert keep_a_vote_open(at=later) is False
        job.run_due(at=later)
        assert Poll.objects.open_at(later).filter(body__territory=home).count() == 1
        assert keep_a_vote_open(at=later) is False
        new = Proposal.objects.get(pk__gt=last)
        assert new.poll.opens_at - new.admitted_at == dt.timedelta(days=7)
        assert new.poll.closes_at - new.poll.opens_at == dt.timedelta(days=3)
        acts = (new.created_at, new.submitted_at, new.admitted_at, new.poll.opens_at)
        assert [when for when in map(timezone.localtime, acts) if not 8 <= when.hour < 18] == []

    def test_task_tops_up_a_demonstration_alone(self):
        later = NOW + dt.timedelta(days=1)
        with time_machine.travel(later, tick=False):
            with self.settings(DEMO=False):
                top_up_demo()
                assert not Report.objects.filter(on=local_day(later)).exists()
            with self.settings(DEMO=True):
                top_up_demo()
                assert Report.objects.filter(on=local_day(later)).exists()


@pytest.mark.parametrize(
    ("day", "hour"), [(day, hour) for day in range(16, 23) for hour in (4, 23)], ids=lambda value: str(value)
)
def test_moment_is_a_working_hour_of_the_past_on_no_sunday(day: int, hour: int):
    at = dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)
    then = timezone.localtime(moment(at, 8, "09:30"))
    assert (then.hour, then.minute, then.weekday() == 6) == (9, 30, False)
    assert dt.timedelta(days=7) < at - then < dt.timedelta(days=10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "at", [dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC)]
)
def test_build_at_night_has_its_votes_open(at: dt.datetime):
    small(at)
    open_now = Poll.objects.open_at(at)
    assert {poll.kind for poll in open_now.filter(body__territory__name=HOME)} == {"yes_no", "approval"}
    assert open_now.filter(body__territory__name="Perlak").exists()
    assert all(poll.opens_at.astimezone(timezone.get_current_timezone()).hour in range(8, 18) for poll in open_now)


@pytest.mark.django_db(transaction=True)
def test_build_that_was_cut_short_begins_again():
    def cut(step: str) -> None:
        if Figure.objects.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(at=NOW, say=cut, past=dt.timedelta(days=14), only=FEW)
    assert not is_built()
    small()
    assert is_built()
    assert Territory.objects.workplaces().count() == 4
    assert summary.check_summaries(at=NOW) == []


def test_build_refuses_a_country_of_somebody_else(db: None):
    b.workplace("Madeco", None)
    with pytest.raises(RuntimeError):
        small()
    with pytest.raises(RuntimeError):
        throw_away()
    assert Territory.objects.count() == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_throw_away_leaves_nothing_and_no_key(settings):
    small()
    polls = [poll.uuid.hex for poll in Poll.objects.open_at(NOW)]
    people, figures = Member.objects.count(), Figure.objects.count()
    gone = throw_away()
    assert (gone["workplaces"], gone["people"], gone["figures"]) == (4, people, figures)
    assert gone["votes"] >= len(polls)
    assert not Territory.objects.exists() and not Member.objects.exists() and not Poll.objects.exists()
    urns = settings.KEY_STORE_DIR / "urns"
    assert polls
    assert [name for poll in polls for name in ("half", "wrapped") if (urns / poll / name).exists()] == []


def test_top_up_of_another_installation_does_nothing(db: None):
    assert top_up(at=NOW) == 0
    assert keep_a_vote_open(at=NOW) is False


def test_sign_in_page_names_the_accounts_of_a_demonstration_alone(client: Client, db: None, settings):
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert PASSWORD in page and all(account.name in page for account in ACCOUNTS)
    settings.DEMO = False
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()
