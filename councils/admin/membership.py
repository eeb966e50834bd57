"""Who belongs where. A roll that is already frozen does not change with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from councils.admin_site import InForce, SetUp, VerbForm
from councils.domain.membership import Rights, keep_membership, leave_roll, put_on_roll
from councils.errors import Refused
from councils.models import Membership

_RIGHTS = ("group", "category", "can_vote", "can_stand", "counts_for_quorum")


class NewMembershipForm(VerbForm):
    """Somebody who has an account joins a workplace, from today."""

    class Meta:
        model = Membership
        fields = ("member", "territory", "section", "reference", *_RIGHTS)

    def act(self) -> Membership:
        data = self.cleaned_data
        return put_on_roll(
            member=data["member"],
            workplace=data["territory"],
            section=data["section"],
            reference=data["reference"],
            rights=Rights(**{name: data[name] for name in _RIGHTS}),
            by=self.by,
            at=self.at,
        )


class MembershipForm(VerbForm):
    """Section, number and rights, from now on."""

    class Meta:
        model = Membership
        fields = ("section", "reference", *_RIGHTS)

    def act(self) -> Membership:
        data = self.cleaned_data
        return keep_membership(
            membership=self.instance,
            section=data["section"],
            reference=data["reference"],
            rights=Rights(**{name: data[name] for name in _RIGHTS}),
            by=self.by,
            at=self.at,
        )


@admin.register(Membership)
class MembershipAdmin(SetUp):
    """The rolls. A roll is its committee's to keep; here it is mended, and the committee's log says so."""

    list_display = (
        "member", "territory", "section", "reference", "group", "category", "can_vote", "can_stand", "from_on",
        "until_on",
    )  # fmt: skip
    list_filter = (
        InForce,
        "category",
        "can_vote",
        "can_stand",
        "counts_for_quorum",
        ("territory", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("member", "territory", "section")
    search_fields = ("member__name", "member__username", "reference", "territory__name", "territory__name_key")
    autocomplete_fields = ("member", "territory", "section")
    actions = ("export_csv", "take_off")
    ordering = ("territory__name_key", "member__name", "pk")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        fields = ("member", "territory", "section", "reference", *_RIGHTS)
        return (*fields, "from_on", "until_on") if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return ("member", "territory", "from_on", "until_on") if obj else ()

    def get_form(self, request: HttpRequest, obj: Membership | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = MembershipForm if obj else NewMembershipForm
        return super().get_form(request, obj, change=change, **kwargs)

    def take_off(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        """From today they belong no more; seats that their assembly gave them end. An open vote keeps its roll."""
        now, done = timezone.now(), 0
        for membership in queryset.select_related("member", "territory").order_by("pk"):
            try:
                leave_roll(membership=membership, by=request.user, at=now)  # type: ignore[arg-type]
                done += 1
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        words = ngettext("%(count)s person was taken off the roll.", "%(count)s people were taken off the roll.", done)
        self.message_user(request, words % {"count": done})

    take_off.short_description = _("Take off the roll from today")  # type: ignore[attr-defined]
