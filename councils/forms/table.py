"""The code with which whoever was admitted at the committee's table opens her ballot."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from councils.domain.table import find_admission
from councils.forms.enrolment import LookUpForm
from councils.models import TableAdmission


class TableCodeForm(LookUpForm[TableAdmission]):
    """Looks the admission up, under the throttle."""

    help_text = _("Ten letters and digits, as the table told you: K7TM4-Q2XRB.")

    def look_up(self, typed: str, at: dt.datetime) -> TableAdmission:
        return find_admission(typed=typed, at=at)
