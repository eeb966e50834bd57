"""How much of a figure's history is looked at, and until when."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import QueryDict

from production.domain.course import Zoom


class CourseForm(forms.Form):
    """Read from the address, so that a look can be kept and sent. What cannot be read is as if it were not there."""

    zoom = forms.ChoiceField(choices=[(zoom.value, "") for zoom in Zoom], required=False)
    until = forms.DateField(required=False)

    @property
    def chosen_zoom(self) -> Zoom | None:
        asked = self.cleaned_data.get("zoom")
        return Zoom(asked) if asked else None

    @property
    def chosen_until(self) -> dt.date | None:
        on = self.cleaned_data.get("until")
        return on if isinstance(on, dt.date) and 1000 <= on.year <= 9000 else None


def course_form(query: QueryDict) -> CourseForm:
    """The form of an address, read."""
    form = CourseForm(query)
    form.is_valid()
    return form
