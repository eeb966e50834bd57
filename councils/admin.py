"""Set-up data of councils. Polls, rolls, ballots, codes and resets are not here at all.

Nothing on this page can touch a vote: a roll is frozen in rows the admin does not know,
rules are added and never edited (an act keeps the version it opened under), and who
sits where comes from elections.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from councils import signals
from councils.admin_site import CsvExport, ReadOnly
from councils.domain import audit
from councils.models import Affiliation, AuditEvent, Body, Job, Member, Membership, Placement, RuleSet, Seat, Territory
from councils.rules import Rules


class HistoryExport(SimpleHistoryAdmin, CsvExport):
    """Every change is kept with its author; rows leave as CSV."""


class PlacementInline(admin.TabularInline):  # type: ignore[type-arg]
    """Where a territory hangs, dated."""

    model = Placement
    fk_name = "territory"
    extra = 0
    autocomplete_fields = ("parent",)


class AffiliationInline(admin.TabularInline):  # type: ignore[type-arg]
    """Bodies a workplace belongs to, dated."""

    model = Affiliation
    extra = 0
    autocomplete_fields = ("body",)


@admin.register(Territory)
class TerritoryAdmin(HistoryExport):
    """The tree. Its level is fixed once made."""

    list_display = ("name", "kind", "level_name")
    list_filter = ("kind",)
    search_fields = ("name", "name_key")
    inlines = (PlacementInline, AffiliationInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Territory | None = None) -> tuple[str, ...]:
        return ("kind",) if obj else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        moved = [
            f
            for fs in formsets
            if fs.model is Placement
            for f in (*fs.new_objects, *(o for o, _c in fs.changed_objects))
        ]
        if moved or any(fs.deleted_objects for fs in formsets if fs.model is Placement):
            first = min((p.from_on for p in moved), default=None)
            transaction.on_commit(
                lambda: signals.territory_moved.send(Territory, territory=form.instance, first=first, at=timezone.now())
            )


@admin.register(Body)
class BodyAdmin(HistoryExport):
    """Bodies. What they decide on is fixed once made."""

    list_display = ("__str__", "kind", "territory", "protected")
    list_filter = ("kind", "protected")
    list_select_related = ("territory",)
    search_fields = ("name", "territory__name", "territory__name_key")
    autocomplete_fields = ("territory",)

    def get_readonly_fields(self, request: HttpRequest, obj: Body | None = None) -> tuple[str, ...]:
        return ("kind", "territory") if obj else ()


@admin.register(Member)
class MemberAdmin(CsvExport):
    """People. No password is set here: an account is reset by two people of its committee."""

    list_display = ("name", "username", "email", "is_active", "is_staff", "is_demo")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("name", "username", "email")
    fields = ("name", "username", "email", "language", "is_active", "is_staff", "date_joined", "is_demo")
    readonly_fields = ("date_joined", "is_demo")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            audit.record(
                verb="change_member",
                by=cast(Member, request.user),
                at=timezone.now(),
                body=None,
                subject=obj,
                fields=form.changed_data,
            )


@admin.register(Membership)
class MembershipAdmin(HistoryExport):
    """Who belongs where. A roll that is already frozen does not change with it."""

    list_display = (
        "member",
        "territory",
        "section",
        "reference",
        "category",
        "can_vote",
        "can_stand",
        "from_on",
        "until_on",
    )
    list_filter = ("category", "can_vote", "can_stand", "counts_for_quorum", "territory")
    list_select_related = ("member", "territory", "section")
    search_fields = ("member__name", "member__username", "reference", "territory__name", "territory__name_key")
    autocomplete_fields = ("member", "territory", "section")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return ("member", "territory") if obj else ()


class RuleSetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Rules are JSON that ``councils.rules`` must understand."""

    class Meta:
        model = RuleSet
        fields = ("body", "rules", "in_force_from")

    def clean_rules(self) -> dict[str, Any]:
        """Reject what the rules object rejects, in its own sentences."""
        data = self.cleaned_data["rules"] or {}
        try:
            Rules.read(data)
        except ValueError as e:
            raise forms.ValidationError(str(e)) from e
        return data


@admin.register(RuleSet)
class RuleSetAdmin(CsvExport):
    """Versions of the rules: added, never edited, so every act keeps the one it opened under."""

    form = RuleSetForm
    list_display = ("body", "version", "in_force_from")
    list_filter = ("body__kind",)
    list_select_related = ("body__territory",)
    search_fields = ("body__name", "body__territory__name", "body__territory__name_key")
    autocomplete_fields = ("body",)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RuleSet, form: Any, change: bool) -> None:
        with transaction.atomic():
            Body.objects.select_for_update().get(pk=obj.body_id)
            last = RuleSet.objects.filter(body=obj.body).aggregate(last=Max("version"))["last"] or 0
            obj.version = last + 1
            super().save_model(request, obj, form, change)
            audit.record(
                verb="set_rules",
                by=cast(Member, request.user),
                at=timezone.now(),
                body=obj.body,
                subject=obj.body,
                version=obj.version,
            )


@admin.register(Seat)
class SeatAdmin(ReadOnly):
    """Who sits where: it comes from elections."""

    list_display = ("holder", "body", "represents", "term_begins_at", "term_ends_at", "ended_at", "end_reason")
    list_filter = ("body__kind", "end_reason")
    list_select_related = ("holder", "body__territory", "represents")
    search_fields = ("holder__name", "body__name", "body__territory__name", "represents__name")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """The log: read, never written here."""

    list_display = ("at", "verb", "actor", "body", "subject_kind")
    list_filter = ("verb",)
    list_select_related = ("actor", "body__territory")
    search_fields = ("verb", "actor__name", "body__name", "body__territory__name")
    date_hierarchy = "at"


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Due work. A parked job can be asked to try again."""

    list_display = ("kind", "key", "due_at", "state", "attempts", "done_at")
    list_filter = ("state", "kind")
    search_fields = ("key",)
    actions = ("try_again",)

    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> None:
        """Parked jobs become due now."""
        now = timezone.now()
        count = queryset.filter(state="parked").update(state="pending", attempts=0, due_at=now, lease_until=None)
        self.message_user(request, _("%(count)s jobs will be tried again.") % {"count": count})

    try_again.short_description = _("Try the parked ones again")  # type: ignore[attr-defined]
