"""What templates draw and say, through the template engine as pages do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from tests.builders import NOW

NB = "\u00a0"


def shown(source: str, **context: object) -> str:
    with translation.override("es"):
        return Template("{% load cordon %}" + source).render(Context({"now": NOW, **context})).strip()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 9840|figure }}", "9.840"),
        ("{{ v|figure }}", "8,9"),
        ("{{ v|figure:0 }}", "9"),
        ("{{ none|figure }}", "–"),
        ('{{ 412|with_unit:"t" }}', f"412{NB}t"),
        ("{{ half|percent }}", f"50{NB}%"),
        ("{{ due|time_left:now }}", f"2{NB}h 40{NB}min"),
        ("{{ hour|time_left }}", f"1{NB}h"),
        ("{{ due|is_soon:now }}", "True"),
    ],
)
def test_filters_write_figures_and_times(source: str, text: str) -> None:
    context = {
        "v": Decimal("8.900"),
        "none": None,
        "half": Decimal("0.5"),
        "due": NOW + dt.timedelta(hours=2, minutes=40),
        "hour": dt.timedelta(hours=1),
    }
    assert shown(source, **context) == text


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (dt.timedelta(hours=2, minutes=40), f"Vence hoy a las 14:40, en 2{NB}h 40{NB}min."),
        (dt.timedelta(days=1, hours=6), f"Quedan 1{NB}d 6{NB}h."),
        (dt.timedelta(days=-1), "Vencía el 15 de noviembre a las 12:00."),
    ],
)
def test_due_words_say_until_when(after: dt.timedelta, words: str) -> None:
    text = shown("{% filter striptags %}{% due_words due now %}{% endfilter %}", due=NOW + after)
    assert text == words


def test_left_can_be_renewed_by_the_script() -> None:
    due = NOW + dt.timedelta(minutes=5)
    assert shown("{% left due now %}", due=due) == f'<time datetime="{due.isoformat()}" data-left>5{NB}min</time>'


def test_clock_shows_what_is_left_of_the_whole() -> None:
    times = {"begins": NOW - dt.timedelta(hours=1), "due": NOW + dt.timedelta(hours=3)}
    assert 'stroke-dasharray="75.0 200"' in shown("{% clock begins due now %}", **times)


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "lock" %}',
        '{% sign "urna" hot=True %}',
        '{% face "EP" %}',
        '{% step_mark 2 "next" %}',
        '{% log_mark "check" "up" %}',
        "{% turnout 66 118 59 label %}",
        "{% tally 3 2 1 10 5 label %}",
        "{% meter 4 7 5 %}",
    ],
)
def test_marks_are_drawn_without_style_and_escaped(source: str) -> None:
    drawn = shown(source, label="<b>")
    assert (drawn.startswith("<svg"), "<b>" in drawn, "style=" in drawn) == (True, False, False)


class FieldsForm(forms.Form):
    """One of each kind of field."""

    text = forms.CharField(help_text="Como en el cuaderno.")
    long = forms.CharField(widget=forms.Textarea, required=False)
    pick = forms.ChoiceField(choices=[("a", "A")], required=False)
    tick = forms.BooleanField(required=False)


@pytest.mark.parametrize(("name", "boxed"), [("text", True), ("long", True), ("pick", True), ("tick", False)])
def test_form_field_boxes_what_one_writes(name: str, boxed: bool) -> None:
    page = shown('{% include "_components/_form_field.html" %}', field=FieldsForm()[name])
    assert ('class="in mt1"' in page) == boxed


def test_form_field_ties_hint_and_error_to_the_input() -> None:
    page = shown('{% include "_components/_form_field.html" %}', field=FieldsForm({})["text"])
    assert 'aria-describedby="id_text-h id_text-e1"' in page
    assert 'id="id_text-h"' in page
    assert 'id="id_text-e1"' in page


def test_error_summary_links_each_fault_to_its_field() -> None:
    assert '<a href="#id_text">Text:' in shown('{% include "_components/_error_summary.html" %}', form=FieldsForm({}))


def test_error_summary_of_a_clean_form_is_absent() -> None:
    assert shown('{% include "_components/_error_summary.html" %}', form=FieldsForm({"text": "x"})) == ""


def test_stepper_says_which_stages_are_done() -> None:
    steps = [("done", "Borrador", "2 nov"), ("now", "Votación", ""), ("next", "Decidida", "")]
    page = shown('{% include "_components/_stepper.html" %}', steps=steps)
    assert [page.count(word) for word in ("hecha: ", 'aria-current="step"', "falta: ")] == [1, 1, 1]


def test_booth_has_one_exit_and_no_script_but_its_own() -> None:
    page = shown('{% include "base_booth.html" %}', exit="/votes/")
    assert ('<a href="/votes/">Salir de la urna</a>' in page, "<nav" in page, "htmx.min.js" in page) == (
        True,
        False,
        False,
    )
