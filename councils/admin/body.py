"""Bodies. What they decide on is fixed once made."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin_site import SetUp, VerbForm
from councils.domain.body import establish_body
from councils.models import Body


class NewBodyForm(VerbForm):
    """A branch, a federation, or a body that a place lacks: with its first rules."""

    class Meta:
        model = Body
        fields = ("kind", "territory", "name", "protected")

    def act(self) -> Body:
        data = self.cleaned_data
        return establish_body(
            kind=data["kind"],
            territory=data["territory"],
            name=data["name"],
            protected=data["protected"],
            by=self.by,
            at=self.at,
        )


@admin.register(Body)
class BodyAdmin(SetUp):
    """Assemblies, committees and councils come with their place; branches and federations are made here."""

    list_display = ("__str__", "kind", "territory", "protected")
    list_filter = ("kind", "protected")
    list_select_related = ("territory",)
    search_fields = ("name", "territory__name", "territory__name_key")
    autocomplete_fields = ("territory",)
    fields = ("kind", "territory", "name", "protected")
    ordering = ("territory__name_key", "kind", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Body | None = None) -> tuple[str, ...]:
        return ("kind", "territory") if obj else ()

    def get_form(self, request: HttpRequest, obj: Body | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewBodyForm
        return super().get_form(request, obj, change=change, **kwargs)
