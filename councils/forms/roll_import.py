"""Forms of importing a roll: the file, and the yes to what it would do.

Between the two pages the rows travel in the form itself, signed for this workplace and this
person: nothing of an import that is never confirmed remains on the server.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from councils.domain.roll_plan import Plan
from councils.domain.roll_row import RollRow
from councils.models import Member, Territory
from councils.roll_file import MAX_BYTES

_SALT = "councils.roll_import"
_LIFE = dt.timedelta(hours=2)


class RollFileForm(forms.Form):
    """The list of people."""

    file = forms.FileField(
        label=_("The list"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, up to 5 MB. The first row names the columns; only “name” is needed."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
    )
    create_sections = forms.BooleanField(label=_("Create the missing sections"), required=False)

    def clean_file(self) -> bytes:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Split it, or save only the list.")
                % {"limit": MAX_BYTES // 1_000_000}
            )
        content: bytes = file.read()
        return content


class ConfirmForm(forms.Form):
    """The rows that were looked at, and a mark that the warnings were read."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=2_400_000)
    confirmed = forms.BooleanField(label=_("I have looked at the people with the same name"), required=False)

    def __init__(self, workplace: Territory, member: Member, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.workplace, self.member = workplace, member

    @classmethod
    def of(cls, plan: Plan, *, create_sections: bool, workplace: Territory, member: Member) -> ConfirmForm:
        """The form that carries ``plan`` to its confirmation."""
        held = {
            "workplace": str(workplace.uuid),
            "member": str(member.uuid),
            "create_sections": create_sections,
            "digest": plan.digest,
            "rows": [row.as_json() for row in plan.rows],
        }
        return cls(workplace, member, initial={"rows": signing.dumps(held, salt=_SALT, compress=True)})

    def clean_rows(self) -> dict[str, Any]:
        try:
            held = signing.loads(self.cleaned_data["rows"], salt=_SALT, max_age=_LIFE)
        except signing.BadSignature as e:
            raise forms.ValidationError(_("This preview is too old. Upload the file again.")) from e
        if (held["workplace"], held["member"]) != (str(self.workplace.uuid), str(self.member.uuid)):
            raise forms.ValidationError(_("This preview is too old. Upload the file again."))
        return dict(held)

    @property
    def accepted(self) -> dict[str, Any]:
        """The arguments of ``store_roll``."""
        held = self.cleaned_data["rows"]
        return {
            "rows": [RollRow.from_json(values) for values in held["rows"]],
            "create_sections": held["create_sections"],
            "digest": held["digest"],
            "confirmed": self.cleaned_data["confirmed"],
        }
