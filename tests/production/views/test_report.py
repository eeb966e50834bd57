"""The report form: straight through when clean, one question when odd, everything kept when unreadable."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from production.domain.report import submit_report
from production.enums import Frequency, Stoppage
from production.models import Factory, Figure, Report, Series, Submission
from tests import builders
from tests.conftest import Cast
from tests.report_forms import field, fill, past, url

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(builders.NOW, tick=False)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles)


@pytest.fixture
def sand(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.sand, position=1)


@pytest.fixture
def carmen(cast: Cast, client: Client) -> Client:
    client.force_login(cast.carmen)
    client.cookies["django_language"] = "en"
    return client


def test_a_clean_report_goes_straight_through(cast, carmen, bottles, sand):
    answer = carmen.post(url(cast), fill({bottles: "412,5", sand: "305"}))
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("report_sent", args=[report.uuid]))
    assert set(Figure.objects.values_list("value", flat=True)) == {Decimal("412.5"), Decimal(305)}
    page = carmen.get(answer["Location"])
    assert page.status_code == 200
    assert "412.5" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", Decimal("12.5")),
        ("12.5", Decimal("12.5")),
        ("1.234,5", Decimal("1234.5")),
        ("1 234", Decimal(1234)),
        (" 7 ", Decimal(7)),
        ("0", Decimal(0)),
    ],
)
def test_comma_and_point_are_both_read(cast, carmen, bottles, text, value):
    carmen.post(url(cast), fill({bottles: text}))
    assert Figure.objects.get().value == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,234", "write 1234 or 1,2340"),
        ("30S", "is not a number"),
        ("-4", "cannot be below zero"),
        ("9" * 13, "larger than what fits"),
        ("1.1234567", "at most 6 decimals"),
        ("=1+1", "is not a number"),
        ("86 %", "without the sign"),
        ("1e9", "in full"),
        ("nan", "is not a number"),
        ("٣", "is not a number"),
        ("<script>", "is not a number"),
        ("x" * 500, "60"),
        ("1\x002", "Null characters"),
    ],
)
def test_what_cannot_be_read_returns_with_everything_kept(cast, carmen, bottles, sand, text, sentence):
    answer = carmen.post(url(cast), fill({bottles: text, sand: "305"}, note="the lorry came late"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert f'href="#id_f-{bottles.uuid.hex}"' in page
    assert field(page, f"f-{sand.uuid.hex}") == "305"
    assert "the lorry came late" in page
    assert not Submission.objects.exists()


def test_the_language_is_not_changed_while_something_typed_would_be_lost(cast, carmen, bottles):
    assert 'action="/language/"' in carmen.get(url(cast)).content.decode()
    assert 'action="/language/"' not in carmen.post(url(cast), fill({bottles: "4O2"})).content.decode()


def test_an_odd_figure_is_a_question_and_never_a_block(cast, carmen, bottles, sand):
    past(cast, bottles)
    sent = fill({bottles: "46", sand: "305"})
    question = carmen.post(url(cast), sent)
    page = question.content.decode()
    assert "Before sending" in page and "1 odd figure" in page
    assert Submission.objects.filter(report__on=TODAY).count() == 0
    kept = {name: field(page, name) for name in sent} | {"confirmed": "1", f"r-{bottles.uuid.hex}": "no lorry"}
    assert kept == sent | {"confirmed": "1", f"r-{bottles.uuid.hex}": "no lorry"}
    assert carmen.post(url(cast), kept).status_code == 302
    figure = Figure.objects.get(series=bottles, start=TODAY)
    assert (figure.value, figure.remark) == (Decimal(46), "no lorry")


@pytest.fixture
def present(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, builders.indicator("Presentes", "persons", kind="labour"), position=3)


def test_half_a_person_is_asked_again(cast, carmen, bottles, present):
    page = carmen.post(url(cast), fill({bottles: "412", present: "3,5"})).content.decode()
    assert "It is counted in whole people: write it without decimals." in page
    assert field(page, f"f-{present.uuid.hex}") == "3,5"
    assert not Submission.objects.exists()


def test_more_people_than_on_the_roll_is_a_question_and_never_a_block(cast, carmen, bottles, present):
    assert carmen.post(url(cast), fill({bottles: "412", present: "5"})).status_code == 302  # five belong to it
    yesterday = f"{url(cast)}?on={TODAY - dt.timedelta(days=1)}"
    sent = fill({bottles: "412", present: "6"})
    page = carmen.post(yesterday, sent).content.decode()
    assert "Before sending" in page and "more people than the 5 on the roll" in page
    assert carmen.post(yesterday, sent | {"confirmed": "1"}).status_code == 302
    Factory.objects.filter(pk=cast.cristalerias.pk).update(workers=64)  # what the workplace says of itself
    before = f"{url(cast)}?on={TODAY - dt.timedelta(days=2)}"
    assert carmen.post(before, fill({bottles: "412", present: "64"})).status_code == 302


def test_the_check_page_takes_a_correction_in_place(cast, carmen, bottles):
    past(cast, bottles)
    carmen.post(url(cast), fill({bottles: "46"}, confirmed="1", **{f"x-{bottles.uuid.hex}": "406"}))
    assert Figure.objects.get(series=bottles, start=TODAY).value == Decimal(406)


def test_a_blank_figure_is_asked_about_and_stays_missing(cast, carmen, bottles, sand):
    question = carmen.post(url(cast), fill({bottles: "412", sand: ""})).content.decode()
    assert "1 blank" in question and "Arena" in question
    answer = carmen.post(
        url(cast), fill({bottles: "412", sand: ""}, confirmed="1", **{f"b-{sand.uuid.hex}": "unmeasured"})
    )
    assert answer.status_code == 302
    assert not Figure.objects.filter(series=sand).exists()
    assert Submission.objects.get().note == "Arena sílice en bodega: not measured that day."


def test_an_empty_report_is_refused_with_a_sentence(cast, carmen, bottles):
    page = carmen.post(url(cast), fill({bottles: ""})).content.decode()
    assert "Write at least one figure" in page
    assert not Submission.objects.exists()


def test_back_from_the_check_page_keeps_everything(cast, carmen, bottles, sand):
    page = carmen.post(url(cast), fill({bottles: "7", sand: ""}, confirmed="1", back="1", note="x")).content.decode()
    assert field(page, f"f-{bottles.uuid.hex}") == "7"
    assert not Submission.objects.exists()


def test_a_double_submit_stores_once_and_answers_the_same(cast, carmen, bottles):
    sent = fill({bottles: "412"})
    first, second = carmen.post(url(cast), sent), carmen.post(url(cast), sent)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Submission.objects.count() == 1


def test_a_key_that_is_no_uuid_names_one_sending_too(cast, carmen, bottles):
    for _ in range(2):
        assert carmen.post(url(cast), fill({bottles: "412"}, sender_key="k12-0-1")).status_code == 302
    assert Submission.objects.count() == 1


def test_someone_was_faster(cast, carmen, bottles):
    opened = carmen.get(url(cast)).content.decode()
    submit_report(
        workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={bottles: (Decimal(1), "")},
        by=cast.pedro, at=builders.NOW,
    )  # fmt: skip
    sent = fill({bottles: "2"}, seen=field(opened, "seen"))
    page = carmen.post(url(cast), sent).content.decode()
    assert "Write why" in page
    assert field(page, f"f-{bottles.uuid.hex}") == "2"
    done = carmen.post(url(cast), fill({bottles: "2"}, seen="1", reason="counted again"))
    assert done.status_code == 302
    assert Figure.objects.current().get().value == Decimal(2)


def test_one_tap_says_that_there_was_no_work_and_undoes_it(cast, carmen, bottles):
    answer = carmen.post(reverse("report_stoppage", args=[cast.cristalerias.uuid]), {"why": "power_cut"})
    report = Report.objects.get()
    assert answer["Location"] == reverse("report_sent", args=[report.uuid])
    assert Submission.objects.get().stoppage == Stoppage.POWER_CUT
    assert "no work" in carmen.get(answer["Location"]).content.decode()
    undone = carmen.post(reverse("report_undo", args=[report.uuid]))
    assert undone["Location"] == reverse("report_correct", args=[report.uuid])
    assert carmen.get(url(cast)).status_code == 200  # the day has no answer again: the form


@pytest.mark.parametrize("why", ["", "laziness", "x" * 5000])
def test_a_stoppage_without_a_known_reason_is_a_sentence(cast, carmen, bottles, why):
    assert carmen.post(reverse("report_stoppage", args=[cast.cristalerias.uuid]), {"why": why}).status_code == 409


def test_a_field_comes_back_alone_for_the_script(cast, carmen, bottles):
    past(cast, bottles)
    address = reverse("report_figure", args=[cast.cristalerias.uuid, bottles.uuid])
    page = carmen.post(address, fill({bottles: "46"})).content.decode()
    assert "Lower than expected." in page and "<html" not in page
    assert carmen.post(reverse("report_figure", args=[cast.cristalerias.uuid, uuid.uuid4()])).status_code == 404


def test_a_late_report_is_for_its_own_day(cast, carmen, bottles):
    yesterday = TODAY - dt.timedelta(days=1)
    assert carmen.post(f"{url(cast)}?on={yesterday}", fill({bottles: "5"})).status_code == 302
    assert Report.objects.get().on == yesterday
    assert carmen.get(f"{url(cast)}?on=yesterday").status_code == 404
    assert carmen.get(f"{url(cast)}?on=0001-01-01").status_code == 200


def test_the_night_shift_reports_the_day_it_began(cast, carmen, bottles, time_machine):
    Factory.objects.filter(pk=cast.cristalerias.pk).update(day_starts_at=dt.time(6, 0))
    time_machine.move_to(dt.datetime(2026, 11, 17, 8, 59, tzinfo=dt.UTC), tick=False)  # 05:59 in Santiago
    carmen.post(url(cast), fill({bottles: "5"}))
    assert Report.objects.get().on == TODAY


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (dt.datetime(2026, 9, 6, 3, 59, tzinfo=dt.UTC), dt.date(2026, 9, 5)),  # 23:59, an hour is skipped after it
        (dt.datetime(2026, 9, 6, 4, 0, tzinfo=dt.UTC), dt.date(2026, 9, 6)),  # 01:00
        (dt.datetime(2026, 4, 5, 3, 30, tzinfo=dt.UTC), dt.date(2026, 4, 4)),  # 23:30, for the second time
        (dt.datetime(2026, 4, 5, 4, 0, tzinfo=dt.UTC), dt.date(2026, 4, 5)),
    ],
)
def test_the_day_changes_at_local_midnight_also_when_the_clock_does(cast, carmen, bottles, time_machine, moment, on):
    time_machine.move_to(moment, tick=False)
    carmen.post(url(cast), fill({bottles: "5"}))
    assert Report.objects.get().on == on


def test_a_weekly_figure_is_asked_until_it_is_reported(cast, carmen, bottles, time_machine):
    weekly = builders.series(
        cast.cristalerias, builders.indicator("Reuniones", "horas"), frequency=Frequency.WEEK, position=2
    )
    assert carmen.post(url(cast), fill({bottles: "4", weekly: ""})).status_code == 302  # a Monday: not owed yet
    time_machine.move_to(builders.NOW + dt.timedelta(days=6), tick=False)
    assert "1 blank" in carmen.post(url(cast), fill({bottles: "4", weekly: ""})).content.decode()
    carmen.post(f"{url(cast)}?on=2026-11-18", fill({bottles: "4", weekly: "3"}))
    assert f"f-{weekly.uuid.hex}" not in carmen.get(url(cast)).content.decode()


def test_a_week_that_was_not_given_has_a_link_to_give_it(cast, carmen, bottles):
    builders.series(cast.cristalerias, builders.indicator("Reuniones", "horas"), frequency=Frequency.WEEK, position=2)
    sunday = TODAY - dt.timedelta(days=1)
    assert f'href="{url(cast)}?on={sunday}"' in carmen.get(url(cast)).content.decode()
    carmen.post(f"{url(cast)}?on={sunday}", fill({bottles: "4"}, confirmed="1"))
    link = reverse("report_correct", args=[Report.objects.get().uuid])
    page = carmen.get(url(cast)).content.decode()
    assert f'href="{link}"' in page and "week from 9 November to 15 November" in page
    weekly = Series.objects.get(frequency=Frequency.WEEK)
    assert carmen.post(link, fill({weekly: "3"}, seen="1")).status_code == 302
    assert "Give it" not in carmen.get(url(cast)).content.decode()


def test_members_of_a_section_go_to_its_form(cast, carmen, sand):
    builders.series(cast.cristalerias, cast.bottles, section=cast.hornos)
    address = reverse("report_today")
    assert carmen.get(address).status_code == 200  # two places: she chooses
    cast.carmen.memberships.update(section=cast.hornos)
    assert carmen.get(address)["Location"] == url(cast, cast.hornos)
    assert "Envases buenos" in carmen.get(url(cast, cast.hornos)).content.decode()


def test_a_member_of_two_workplaces_chooses(cast, carmen, bottles):
    builders.membership(cast.carmen, cast.perlak)
    builders.series(cast.perlak, cast.sand)
    page = carmen.get(reverse("report_today")).content.decode()
    assert url(cast) in page and url(cast, cast.perlak) in page


@pytest.mark.parametrize("who", ["nora", "olga", "ana", None])
def test_outside_the_workplace_there_is_no_report(cast, client, bottles, who):
    made = submit_report(
        workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={bottles: (Decimal(9), "")},
        by=cast.pedro, at=builders.NOW,
    )  # fmt: skip
    if who:
        client.force_login(getattr(cast, who))
    key = made.report.uuid
    gets = [("report", key), ("report_sent", key), ("report_correct", key), ("series_history", bottles.uuid)]
    gets += [
        ("report_undo", key),
        ("workplace_series", cast.cristalerias.uuid),
        ("report_place", cast.cristalerias.uuid),
    ]
    posts = [
        ("report_place", cast.cristalerias.uuid),
        ("report_stoppage", cast.cristalerias.uuid),
        ("report_undo", key),
    ]
    posts += [("report_correct", key), ("series_move", bottles.uuid), ("series_end", bottles.uuid)]
    codes = {client.get(reverse(name, args=[k])).status_code for name, k in gets}
    codes |= {client.post(reverse(name, args=[k]), {"why": "holiday"}).status_code for name, k in posts}
    assert codes == ({404} if who else {302})
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("key", ["", "abc", "\x00", "9" * 200])
def test_a_nonsense_post_is_answered_with_the_form(cast, carmen, bottles, key):
    answer = carmen.post(
        url(cast), {"sender_key": key, "seen": "-1", f"f-{bottles.uuid.hex}": ["1", "2"], "confirmed": "?"}
    )
    assert answer.status_code in (200, 302)


def test_the_form_asks_the_same_queries_for_1_and_30_figures(cast, carmen, bottles, django_assert_max_num_queries):
    carmen.get(url(cast))
    with django_assert_max_num_queries(60) as one:
        carmen.get(url(cast))
    for n in range(29):
        builders.series(cast.cristalerias, builders.indicator(f"Cifra {n}"))
    with django_assert_max_num_queries(60) as thirty:
        carmen.get(url(cast))
    assert len(one) == len(thirty)


def test_a_client_without_script_or_session_of_the_form_is_acknowledged_each_time(cast, carmen, bottles):
    for key, number in (("k1", "7"), ("k2", "7"), ("k3", "9"), ("k3", "9")):
        sent = {"sender_key": key, "note": key, "reason": key, "confirmed": "1", f"f-{bottles.uuid.hex}": number}
        assert carmen.post(url(cast), sent).status_code == 302
    assert list(Submission.objects.order_by("number").values_list("note", flat=True)) == ["k1", "k2", "k3"]
    assert Figure.objects.current().get().value == Decimal(9)
