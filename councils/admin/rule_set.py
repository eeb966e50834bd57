"""Versions of the rules: added, never edited, so every act keeps the one it opened under."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin_site import CsvExport, VerbForm
from councils.domain.rule_set import set_rules
from councils.forms.json_field import JsonField
from councils.models import Membership, RuleSet
from councils.rules import Rules, values_in_words

EXAMPLE = {"voting_days": 2, "proposal_quorum": {"base": "roll", "share": "2/5"}, "seats": {"committee": 5}}


def _what_to_write() -> SafeString:
    """An example, and every rule there is with what may be written for it."""
    rows = format_html_join("", "<li><code>{}</code>: {}</li>", values_in_words())
    sentence = _("Only what differs from the defaults, for example:")
    return format_html("{} <code>{}</code><ul>{}</ul>", sentence, json.dumps(EXAMPLE), rows)


class NewRuleSetForm(VerbForm):
    """Rules are JSON that ``councils.rules`` must understand."""

    rules = JsonField(
        required=False,
        label=gettext_lazy("Rules"),
        initial=dict,
        help_text=lazy(_what_to_write, SafeString)(),
    )
    in_force_from = forms.SplitDateTimeField(
        required=False,
        label=gettext_lazy("In force from"),
        widget=AdminSplitDateTime,
        help_text=gettext_lazy(
            "Empty: from now on. While a vote is open in that place its rules are not changed; what is under way "
            "otherwise (a discussion, nominations) keeps its own."
        ),
    )

    class Meta:
        model = RuleSet
        fields = ("body", "rules", "in_force_from")

    def clean_rules(self) -> dict[str, Any]:
        """Nothing written means the default rules."""
        data = self.cleaned_data["rules"]
        return {} if data is None else data

    def act(self) -> RuleSet:
        data = self.cleaned_data
        return set_rules(
            body=data["body"], rules=data["rules"], in_force_from=data["in_force_from"], by=self.by, at=self.at
        )


@admin.register(RuleSet)
class RuleSetAdmin(CsvExport):
    """The latest version of each body is in force."""

    list_display = ("body", "version", "in_force_from", "given")
    list_filter = ("body__kind", "in_force_from")
    list_select_related = ("body__territory",)
    search_fields = ("body__name", "body__territory__name", "body__territory__name_key")
    autocomplete_fields = ("body",)
    ordering = ("body__territory__name_key", "body__kind", "-version")

    def get_fields(self, request: HttpRequest, obj: RuleSet | None = None) -> tuple[str, ...]:
        return ("body", "version", "in_force_from", "given", "in_words") if obj else ("body", "rules", "in_force_from")

    def get_readonly_fields(self, request: HttpRequest, obj: RuleSet | None = None) -> tuple[str, ...]:
        return ("given", "in_words") if obj else ()

    def get_form(self, request: HttpRequest, obj: RuleSet | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = type("Form", (NewRuleSetForm,), {"by": request.user, "at": timezone.now()})
        return super().get_form(request, obj, change=change, **kwargs)

    def given(self, rule_set: RuleSet) -> str:
        """What differs from the defaults, as it was written."""
        return json.dumps(rule_set.rules, ensure_ascii=False) if rule_set.rules else _("default rules")

    given.short_description = gettext_lazy("rules")  # type: ignore[attr-defined]

    def in_words(self, rule_set: RuleSet) -> SafeString:
        """As the body's members read them."""
        roll = Membership.objects.valid_on(timezone.localdate()).filter(territory=rule_set.body.territory_id)
        sentences = Rules.read(rule_set.rules).in_words(members=roll.count())
        return format_html_join("", "<p>{}</p>", ((sentence,) for sentence in sentences))

    in_words.short_description = gettext_lazy("in words")  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Rules do not change: what came before and after a version are the others of its body."""
        rule_set = get_object_or_404(RuleSet, pk=object_id)
        return redirect(f"{reverse('admin:councils_ruleset_changelist')}?body__id__exact={rule_set.body_id}")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "body__id__exact" or super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: RuleSet, form: Any, change: bool) -> None:
        obj.__dict__.update(form.act().__dict__)
