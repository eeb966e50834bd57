"""The form of an import: a file, and what may be made for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.domain.import_options import ImportOptions
from production.domain.importing import Source
from production.domain.reason import sentence_of_file

MARKS = [
    ("auto", _("as the rest of the column shows")),
    ("comma", _("comma: 1,234 is a little more than one")),
    ("point", _("point: 1,234 is more than a thousand")),
]


class ImportForm(forms.Form):
    """``scopes``: workplaces she may import for; ``anywhere``: she may for any, and make new ones."""

    file = forms.FileField(
        label=_("The file"),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.xlsx,.json,.txt,text/csv"}),
    )
    workplace = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Workplace"), required=False, to_field_name="uuid", empty_label=None
    )
    create = forms.BooleanField(
        label=_("Create the factories that are missing"),
        required=False,
        help_text=_("With their assembly, committee and branch, and the indicators that are missing."),
    )
    cordon_from_sector = forms.BooleanField(
        label=_("Name the cordón of a new factory after its branch"), required=False
    )
    create_indicators = forms.BooleanField(label=_("Create the indicators that are missing"), required=False)
    accept_valid = forms.BooleanField(
        label=_("Store the good rows although others are wrong"),
        required=False,
        help_text=_("Otherwise one wrong row and nothing is stored."),
    )
    decimal = forms.ChoiceField(
        label=_("Decimal mark, where it could be either"), choices=MARKS, required=False, initial="auto"
    )

    def __init__(self, *args: Any, scopes: list[Territory], anywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.anywhere, self.scopes = anywhere, scopes
        field = self.fields["workplace"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Territory.objects.filter(pk__in=[place.pk for place in scopes])
        if anywhere:
            del self.fields["workplace"]
        else:
            del self.fields["create"], self.fields["cordon_from_sector"]

    def clean_file(self) -> Source:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1_000_000
            raise forms.ValidationError(sentence_of_file(("too_many_bytes", {"megabytes": limit})))
        return Source(file.name or "", file.read())

    @property
    def source(self) -> Source:
        """The file that was chosen."""
        source: Source = self.cleaned_data["file"]
        return source

    @property
    def options(self) -> ImportOptions:
        """What was asked."""
        given = self.cleaned_data
        return ImportOptions(
            create=given.get("create", False),
            create_indicators=given["create_indicators"],
            cordon_from_sector=given.get("cordon_from_sector", False),
            accept_valid=given["accept_valid"],
            decimal=given["decimal"] or "auto",
        )

    @property
    def scope(self) -> Territory | None:
        """The workplace whose rows are taken; None: any."""
        if self.anywhere:
            return None
        chosen: Territory | None = self.cleaned_data["workplace"]
        return chosen or self.scopes[0]
