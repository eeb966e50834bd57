"""People: their names and whether they keep the installation. No password is set here."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.admin_site import CsvExport
from councils.domain import audit
from councils.domain.person import refuse_on_ballot
from councils.errors import Refused
from councils.models import Member, Poll


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account on the roll of an open vote stays as it is: to close it would take a vote away."""

    class Meta:
        model = Member
        fields = ("name", "email", "language", "is_active", "is_staff")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name != self.instance.name:
            try:
                refuse_on_ballot(self.instance)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return name

    def clean_is_active(self) -> bool:
        active = bool(self.cleaned_data["is_active"])
        if not active and Poll.objects.open_at(timezone.now()).filter(roll__member=self.instance).exists():
            raise forms.ValidationError(
                _("A vote is open in which %(name)s may vote. The account can be closed after it.")
                % {"name": self.instance}
            )
        return active


@admin.register(Member)
class MemberAdmin(CsvExport):
    """People. They come from rolls and codes; an account is reset by two people of its committee."""

    form = MemberForm
    list_display = ("name", "username", "email", "is_active", "is_staff", "is_demo")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("name", "username", "email")
    fields = ("name", "username", "email", "language", "is_active", "is_staff", "date_joined", "is_demo")
    readonly_fields = ("username", "date_joined", "is_demo")
    ordering = ("name", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_change(self, request: HttpRequest, obj: Member, message: Any) -> Any:
        fields = [name for part in message for what in part.values() for name in what.get("fields", [])]
        audit.record(
            verb="change_member",
            by=cast(Member, request.user),
            at=timezone.now(),
            body=None,
            subject=obj,
            fields=[str(name) for name in fields],
        )
        return super().log_change(request, obj, message)
