"""Forms of alerts: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Body, Territory
from production.models import Series
from production.models.alert import TEXT_LIMIT, TITLE_LIMIT


class FigureChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Series by the name of what they measure."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.indicator.name)


class BodyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Bodies as one begins a sentence with them."""

    def label_from_instance(self, obj: Any) -> str:
        said = str(obj)
        return said[:1].upper() + said[1:]


def _text(label: Any, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": rows})
    )


class RaiseForm(forms.Form):
    """“Something is wrong here.”"""

    title = forms.CharField(label=_("What is wrong, in a line"), max_length=TITLE_LIMIT)
    text = forms.CharField(
        label=_("What else one should know"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.ModelChoiceField(
        label=_("Where"), queryset=Territory.objects.none(), to_field_name="uuid", required=False
    )
    series = FigureChoice(
        label=_("Is it about a figure?"), queryset=Series.objects.none(), to_field_name="uuid", required=False
    )
    danger = forms.BooleanField(
        label=_("People are in danger"),
        help_text=_("It goes up at once, with what you wrote. Nobody waits."),
        required=False,
    )

    def __init__(self, *args: Any, workplace: Territory, series: Iterable[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, figure = self.fields["place"], self.fields["series"]
        assert isinstance(place, forms.ModelChoiceField) and isinstance(figure, forms.ModelChoiceField)
        place.queryset = Territory.objects.filter(placements__parent=workplace).distinct().order_by("name_key")
        place.empty_label = _("Whole workplace")
        figure.queryset = Series.objects.filter(pk__in=[each.pk for each in series]).select_related("indicator")
        figure.empty_label = _("No, about something else")


class AnswerForm(forms.Form):
    """What the workplace writes into the log; the committee may send it along."""

    text = _text(_("What we did, or what we lack"))
    go = forms.ChoiceField(choices=[("here", _("Stays here")), ("up", _("Mark to go up"))], required=False)


class TextForm(forms.Form):
    """An act with its words."""

    text = _text(_("In a sentence or two"), rows=2)


class HelpForm(forms.Form):
    """A note to a council above."""

    body = BodyChoice(label=_("To whom"), queryset=Body.objects.none(), to_field_name="uuid")
    text = _text(_("What we ask for"), _("There they read only this and who asks, nothing of the alert."))

    def __init__(self, *args: Any, bodies: Iterable[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Body.objects.filter(pk__in=[body.pk for body in bodies]).select_related("territory")
        field.empty_label = None


class ExtendForm(forms.Form):
    """More time, once."""

    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=30)
    text = _text(_("Why"), rows=2)


class DecideForm(forms.Form):
    """That the assembly closed it."""

    decided_on = forms.DateField(
        label=_("Day of the assembly"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    text = _text(_("What it said"), rows=2)


class ReplyForm(forms.Form):
    """What a council answers."""

    body = BodyChoice(queryset=Body.objects.none(), to_field_name="uuid")
    text = _text(_("What we answer, or how we help"))

    def __init__(self, *args: Any, bodies: Iterable[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])


class ThresholdForm(forms.Form):
    """How sure the engine must be."""

    series = FigureChoice(label=_("Figure"), queryset=Series.objects.none(), to_field_name="uuid", required=False)
    steps = forms.TypedChoiceField(label=_("How sure it must be"), coerce=int)
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, *args: Any, series: Iterable[Series], steps: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figure, choice = self.fields["series"], self.fields["steps"]
        assert isinstance(figure, forms.ModelChoiceField) and isinstance(choice, forms.TypedChoiceField)
        figure.queryset = Series.objects.filter(pk__in=[each.pk for each in series]).select_related("indicator")
        figure.empty_label = _("All figures")
        choice.choices = list(steps)
