"""Reporting: what is stored, what is corrected, who may, and what never happens twice."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import translation

from councils.errors import Denied, Refused
from councils.models import AuditEvent, Job
from production.domain.report import declare_stoppage, submit_report
from production.enums import Channel, Frequency, Stoppage
from production.models import Factory, Figure, Report, Series, Submission
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles)


@pytest.fixture
def sand(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.sand)


def send(cast: Cast, at: dt.datetime, figures: dict, **extra) -> Submission:
    given = {"workplace": cast.cristalerias, "territory": cast.cristalerias, "on": TODAY, "by": cast.carmen}
    full = {series: answer if isinstance(answer, tuple) else (answer, "") for series, answer in figures.items()}
    return submit_report(**{**given, "figures": full, "at": at, **extra})


def stop(cast: Cast, at: dt.datetime, **extra) -> Submission:
    given = {"workplace": cast.cristalerias, "territory": cast.cristalerias, "on": TODAY, "by": cast.carmen}
    return declare_stoppage(**{**given, "why": Stoppage.POWER_CUT, "at": at, **extra})


def versions(series: Series) -> list[tuple[int, Decimal | None, bool]]:
    return list(Figure.objects.filter(series=series).order_by("version").values_list("version", "value", "superseded"))


def test_submit_report_stores_figures_and_queues_the_roll_up(cast, now, bottles, sand):
    submission = send(cast, now, {bottles: (Decimal("412.5"), "new mould"), sand: None}, note="all well")
    assert versions(bottles) == [(1, Decimal("412.5"), False)]
    assert versions(sand) == []  # missing is missing
    assert (submission.number, submission.current, submission.author, submission.note) == (
        1,
        True,
        cast.carmen,
        "all well",
    )
    job = Job.objects.get(kind="roll_up")
    assert (job.key, job.payload) == (f"roll_up:submission:{submission.uuid}", {"submission": str(submission.uuid)})
    assert AuditEvent.objects.get(verb="submit_report").subject == submission.report.uuid


def test_submit_report_refuses_an_empty_one(cast, now, bottles):
    with pytest.raises(Refused, match="at least one figure"):
        send(cast, now, {bottles: None})
    assert not Report.objects.exists()


def test_submit_report_a_correction_is_a_new_version_and_asks_why(cast, now, bottles, sand):
    send(cast, now, {bottles: Decimal(412), sand: Decimal(305)})
    with pytest.raises(Refused, match="Carmen Soto already sent"):
        send(cast, now, {bottles: Decimal(421), sand: Decimal(305)}, by=cast.pedro)
    later = send(cast, now, {bottles: Decimal(421), sand: Decimal(305)}, by=cast.pedro, reason="digits swapped")
    assert versions(bottles) == [(1, Decimal(412), True), (2, Decimal(421), False)]
    assert versions(sand) == [(1, Decimal(305), False)]
    assert (later.number, later.author, later.reason) == (2, cast.pedro, "digits swapped")
    assert [s.current for s in Submission.objects.order_by("number")] == [False, True]
    assert AuditEvent.objects.filter(verb="correct_report").count() == 1


def test_submit_report_a_withdrawn_figure_is_a_version_without_value(cast, now, bottles, sand):
    send(cast, now, {bottles: Decimal(412), sand: Decimal(305)})
    send(cast, now, {bottles: None}, reason="another machine's count")
    assert versions(bottles) == [(1, Decimal(412), True), (2, None, False)]
    send(cast, now, {bottles: Decimal(400)})  # giving it again changes nothing that stands: no reason asked
    assert versions(bottles)[-1] == (3, Decimal(400), False)


def test_submit_report_a_missing_figure_may_come_later_without_reason(cast, now, bottles, sand):
    send(cast, now, {bottles: Decimal(412), sand: None})
    send(cast, now, {bottles: Decimal(412), sand: Decimal(305)})
    assert versions(sand) == [(1, Decimal(305), False)]
    assert versions(bottles) == [(1, Decimal(412), False)]


def test_submit_report_the_same_again_is_refused_as_unchanged(cast, now, bottles):
    send(cast, now, {bottles: Decimal(412)})
    with pytest.raises(Refused, match="Nothing changed"):
        send(cast, now, {bottles: Decimal("412.000")}, reason="why not")
    assert Submission.objects.count() == 1


def test_submit_report_the_same_key_twice_stores_once_and_answers_the_same(cast, now, bottles, sand):
    key = uuid.uuid4()
    first = send(cast, now, {bottles: Decimal(412), sand: None}, sender_key=key)
    again = send(cast, now + dt.timedelta(hours=1), {bottles: Decimal(412), sand: None}, sender_key=key)
    assert again == first
    assert Submission.objects.count() == Figure.objects.count() == 1
    assert sorted(Job.objects.values_list("kind", flat=True)) == ["analyse", "roll_up"]


def test_submit_report_the_same_key_with_other_figures_is_never_swallowed(cast, now, bottles, sand):
    key = uuid.uuid4()
    send(cast, now, {bottles: Decimal(412), sand: None}, sender_key=key)
    for changed in ({bottles: Decimal(9), sand: None}, {bottles: Decimal(412), sand: Decimal(1)}):
        with pytest.raises(Refused, match="already sent, with other figures"):
            send(cast, now, changed, sender_key=key, reason="x")
    with pytest.raises(Refused, match="already sent"):
        send(cast, now, {bottles: Decimal(412)}, sender_key=key, by=cast.pedro)


def test_submit_report_the_key_of_a_correction_answers_it_even_after_another(cast, now, bottles):
    key = uuid.uuid4()
    send(cast, now, {bottles: Decimal(1)})
    second = send(cast, now, {bottles: Decimal(2)}, reason="a", sender_key=key)
    send(cast, now, {bottles: Decimal(3)}, reason="b")
    assert send(cast, now, {bottles: Decimal(2)}, reason="a", sender_key=key) == second
    assert versions(bottles)[-1] == (3, Decimal(3), False)


def test_submit_report_refuses_what_changed_since_it_was_seen(cast, now, bottles):
    send(cast, now, {bottles: Decimal(1)}, seen=0)
    with pytest.raises(Refused, match="already sent"):
        send(cast, now, {bottles: Decimal(2)}, reason="a", seen=0)
    assert send(cast, now, {bottles: Decimal(2)}, reason="a", seen=1).number == 2


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (Decimal(-1), "below zero"),
        (Decimal("1.1234567"), "digits"),
        (Decimal(10) ** 12, "digits"),
        (Decimal("NaN"), "digits"),
        (Decimal("Infinity"), "digits"),
    ],
)
def test_submit_report_refuses_figures_out_of_bounds(cast, now, bottles, value, sentence):
    with pytest.raises(Refused, match=sentence):
        send(cast, now, {bottles: value})
    assert not Figure.objects.exists()


def test_submit_report_counts_persons_and_pieces_whole(cast, now):
    tyres = builders.series(cast.cristalerias, builders.indicator("Neumáticos", "units"))
    with pytest.raises(Refused, match="“Neumáticos” is counted in whole units: write it without decimals"):
        send(cast, now, {tyres: Decimal("3.5")})
    send(cast, now, {tyres: Decimal("3.000")})
    mean = builders.series(cast.cristalerias, builders.indicator("Presentes", "persons", aggregation="mean"))
    send(cast, now, {mean: Decimal("41.5")})


def test_submit_report_takes_a_negative_where_the_indicator_is_signed(cast, now):
    balance = builders.series(cast.cristalerias, builders.indicator("Saldo", "t", signed=True))
    send(cast, now, {balance: Decimal(-3)})
    assert versions(balance) == [(1, Decimal(-3), False)]


def test_submit_report_refuses_a_day_to_come_and_a_day_before_the_series(cast, now, bottles):
    with pytest.raises(Refused, match="has not begun"):
        send(cast, now, {bottles: Decimal(1)}, on=TODAY + dt.timedelta(days=1))
    with pytest.raises(Refused, match="is reported from"):
        send(cast, now, {bottles: Decimal(1)}, on=builders.LONG_AGO - dt.timedelta(days=1))
    Series.objects.filter(pk=bottles.pk).update(until_on=TODAY)
    bottles.refresh_from_db()
    with pytest.raises(Refused, match="is reported from"):
        send(cast, now, {bottles: Decimal(1)})


def test_submit_report_refuses_the_series_of_another_place(cast, now, bottles):
    foreign = builders.series(cast.perlak, cast.bottles)
    of_section = builders.series(cast.cristalerias, cast.sand, section=cast.hornos)
    for wrong in (foreign, of_section):
        with pytest.raises(Refused, match="not among the figures"):
            send(cast, now, {wrong: Decimal(1)})
    with pytest.raises(Refused, match="not a section"):
        send(cast, now, {}, territory=cast.perlak)
    assert send(cast, now, {of_section: Decimal(1)}, territory=cast.hornos).report.workplace == cast.cristalerias


def test_submit_report_a_weekly_figure_belongs_to_its_monday(cast, now):
    weekly = builders.series(cast.cristalerias, cast.bottles, frequency=Frequency.WEEK)
    sunday = TODAY + dt.timedelta(days=6)
    send(cast, now + dt.timedelta(days=6), {weekly: Decimal(7)}, on=sunday)
    assert Figure.objects.get().start == TODAY
    with pytest.raises(Refused, match="already there"):  # from the report of another day of that week
        send(cast, now + dt.timedelta(days=6), {weekly: Decimal(8)}, on=TODAY)


def test_submit_report_the_production_day_of_a_night_shift_is_the_day_it_began(cast, bottles):
    Factory.objects.filter(pk=cast.cristalerias.pk).update(day_starts_at=dt.time(6, 0))
    before_six = dt.datetime(2026, 11, 17, 8, 59, tzinfo=dt.UTC)  # 05:59 in Santiago
    with pytest.raises(Refused, match="has not begun"):
        send(cast, before_six, {bottles: Decimal(1)}, on=dt.date(2026, 11, 17))
    assert send(cast, before_six, {bottles: Decimal(1)}, on=dt.date(2026, 11, 16)).report.on == TODAY
    at_six = before_six + dt.timedelta(minutes=1)
    assert send(cast, at_six, {bottles: Decimal(1)}, on=dt.date(2026, 11, 17)).report.on == dt.date(2026, 11, 17)


def test_declare_stoppage_is_an_answer_and_not_a_zero(cast, now, bottles):
    submission = stop(cast, now)
    assert (submission.stoppage, Figure.objects.count()) == (Stoppage.POWER_CUT, 0)
    assert stop(cast, now + dt.timedelta(minutes=1)) == submission  # a second tap
    assert Job.objects.filter(kind="roll_up").count() == 1


def test_declare_stoppage_may_change_its_reason(cast, now):
    stop(cast, now)
    again = stop(cast, now, why=Stoppage.STRIKE)
    assert (again.number, again.stoppage, Submission.objects.filter(current=True).get()) == (2, Stoppage.STRIKE, again)


def test_declare_stoppage_withdraws_figures_only_with_a_reason(cast, now, bottles):
    weekly = builders.series(cast.cristalerias, builders.indicator("Reuniones"), frequency=Frequency.WEEK)
    send(cast, now, {bottles: Decimal(412), weekly: Decimal(3)})
    with pytest.raises(Refused, match="already figures of this day"):
        stop(cast, now)
    assert versions(bottles) == [(1, Decimal(412), False)]
    stopped = stop(cast, now, reason="it was yesterday's", seen=1)
    assert (stopped.stoppage, stopped.reason, stopped.number) == (Stoppage.POWER_CUT, "it was yesterday's", 2)
    assert versions(bottles) == [(1, Decimal(412), True), (2, None, False)]
    assert versions(weekly) == [(1, Decimal(3), False)]  # the week was worked
    assert AuditEvent.objects.order_by("pk").last().verb == "correct_report"


def test_declare_stoppage_refuses_an_unknown_cause(cast, now):
    with pytest.raises(Refused, match="Choose why"):
        stop(cast, now, why="laziness")


def test_declare_stoppage_refuses_to_withdraw_what_was_not_seen(cast, now, bottles):
    send(cast, now, {bottles: Decimal(412)})
    with pytest.raises(Refused, match="Carmen Soto already sent"):
        stop(cast, now, reason="wrong day", seen=0)
    assert versions(bottles) == [(1, Decimal(412), False)]


def test_submit_report_undoes_a_stoppage_until_the_report_is_due(cast, now, bottles):
    stop(cast, now)
    undone = send(cast, now, {})
    assert (undone.number, undone.stoppage, undone.reason) == (2, "", "")
    after = now + dt.timedelta(hours=8)  # 20:00, due at 18:00
    stop(cast, after)
    with pytest.raises(Refused, match="Write why"):
        send(cast, after, {bottles: Decimal(5)})
    assert send(cast, after, {bottles: Decimal(5)}, reason="the light came back").number == 4


WHO = ["carmen", "elena", "rosa", "nora", "olga", "ana", None]


@pytest.mark.parametrize("who", WHO)
def test_reporting_is_for_the_members_of_the_workplace(cast, now, bottles, who):
    person = getattr(cast, who) if who else None
    if who in ("carmen", "elena", "rosa"):
        send(cast, now, {bottles: Decimal(1)}, by=person)
        return
    with pytest.raises(Denied):
        send(cast, now, {bottles: Decimal(1)}, by=person)
    with pytest.raises(Denied):
        stop(cast, now, by=person)
    assert not Report.objects.exists()


def test_reporting_ends_with_the_membership(cast, now, bottles):
    cast.carmen.memberships.update(until_on=TODAY)
    with pytest.raises(Denied):
        send(cast, now, {bottles: Decimal(1)})


def test_submit_report_without_author_comes_from_a_command_or_the_demo(cast, now, bottles):
    made = send(cast, now, {bottles: Decimal(1)}, by=None, channel=Channel.SIMULATION, simulated=True)
    assert (made.author, made.simulated) == (None, True)
