"""The admin site: the product's own sign-in, a second factor, set-up data only.

Who keeps the installation (``is_staff``) may do here all that a page offers; there are no permissions to
hand out one by one. What a page offers is the question: whatever is decided by people (rolls that are
frozen, ballots, codes, results) has no page at all, and what may not change has no form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin, SimpleListFilter
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import models, transaction
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from councils.csv_export import csv_text
from councils.domain import audit
from councils.enums import BodyKind
from councils.errors import Denied, Refused
from councils.models import Body, Member
from councils.permissions import has_second_factor, workplace_of

#: What libraries would register (second factors, addresses, groups) is nobody's to edit.
OWN_APPS = {"councils", "production"}


class CordonAdminSite(AdminSite):
    """Staff only, with a second factor; demo accounts are exempt, and the page says so."""

    site_header = "Cordón"
    site_title = "Cordón"
    index_title = _("Set-up")
    site_url = "/"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # its preview would list what hangs from each row

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        given: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        own = [model for model in given if model._meta.app_label in OWN_APPS]
        super().register(own, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request.user)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second sign-in form: the throttle and the second factor live in the first."""
        if not request.user.is_authenticated:
            wanted = request.GET.get("next", resolve_url("admin:index"))
            return redirect_to_login(wanted, resolve_url("account_login"))
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_staff and not has_second_factor(request.user):
            return redirect("second_factor_needed")
        raise Denied(str(_("The admin is for those who keep the installation.")))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nor a second form for the password."""
        return redirect("account_change_password")


class StaffMay:
    """Whoever the site lets in may do what the page offers; a subclass takes away."""

    admin_site: AdminSite

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A deletion shows and takes what hangs from the row: where that is safe, the subclass says so."""
        return False


class InForce(SimpleListFilter):
    """Dated rows by whether they hold today."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("today")), ("no", _("before or later"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = queryset.model.objects.valid_on(timezone.localdate()).values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=today)
        return queryset.exclude(pk__in=today) if self.value() == "no" else queryset


class CsvExport(StaffMay, ModelAdmin):  # type: ignore[type-arg]
    """Adds an action: the chosen rows, with the columns of the list, as CSV."""

    actions: Any = ("export_csv",)

    def export_csv(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse:
        """One line a row; cells that a spreadsheet would execute are neutralised."""
        names = [str(name) for name in self.get_list_display(request)]
        header = [label_for_field(name, self.model, self) for name in names]
        if isinstance(self.list_select_related, tuple):
            queryset = queryset.select_related(*self.list_select_related)
        text = csv_text(header, ([self._cell(name, row) for name in names] for row in queryset.order_by("pk")))
        # the mark tells spreadsheets that accents are UTF-8
        response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.model._meta.model_name}.csv"'
        return response

    export_csv.short_description = _("Export the chosen rows as CSV")  # type: ignore[attr-defined]

    def _cell(self, name: str, row: models.Model) -> object:
        field, _attribute, value = lookup_field(name, row, self)
        if isinstance(value, dt.datetime):
            return timezone.localtime(value).isoformat(timespec="seconds")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return dict(field.flatchoices).get(value, value) if field is not None and field.choices else value


class ReadOnly(CsvExport):
    """What the admin may look at and nobody may change here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VerbForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose saving is a verb of the domain.

    The verb is rehearsed first and undone, so that what it refuses is an error of the form.
    """

    by: ClassVar[Member]
    at: ClassVar[dt.datetime]

    def act(self) -> models.Model:
        """Do it, and return the row that the page is about."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.act()
                transaction.set_rollback(True)
        except Refused as refusal:
            self.add_error(None, str(refusal))


class SetUp(SimpleHistoryAdmin, CsvExport):
    """Set-up data: every change is kept with its author, and stands in the log of the body that it concerns."""

    object_history_template = "admin/set_up_history.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user, "at": timezone.now()})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not isinstance(form, VerbForm):
            super().save_model(request, obj, form, change)
            return
        made = form.act()
        obj.__dict__.update(made.__dict__, _told=True)  # the page goes on with what the verb made, and has told

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        """An older version is read in the list of changes; nothing goes back to it with one button."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        if not _told_by_its_verb(obj):
            self.note("set_up_add", request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        if not _told_by_its_verb(obj):
            self.note("set_up_change", request, obj, fields=_fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self.note("set_up_delete", request, obj)
        return super().log_deletions(request, queryset)

    def note(self, verb: str, request: HttpRequest, obj: models.Model, **detail: Any) -> None:
        audit.record(
            verb=verb,
            by=cast(Member, request.user),
            at=timezone.now(),
            body=_body_concerned(obj),
            subject=obj,
            name=f"{obj._meta.verbose_name}: {obj}",
            **detail,
        )


def _told_by_its_verb(obj: models.Model) -> bool:
    """A verb writes its own line in the log."""
    return "_told" in obj.__dict__


def _fields(message: Any) -> list[str]:
    """Names of the fields of which the admin's own message speaks."""
    parts = message if isinstance(message, list) else []

    def found() -> Iterator[str]:
        for part in parts:
            for what in part.values():
                yield from what.get("fields", [])

    return [str(name) for name in found()]


def _body_concerned(obj: Any) -> Body | None:
    """The body in whose log the change stands: the row itself, its body, or its workplace's committee."""
    if isinstance(obj, Body):
        return obj
    if isinstance(getattr(obj, "body", None), Body):
        return cast(Body, obj.body)
    workplace = workplace_of(obj)
    return Body.objects.filter(territory=workplace, kind=BodyKind.COMMITTEE).first() if workplace else None
