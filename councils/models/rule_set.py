"""RuleSet: a body's standing orders, as versioned data."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.body import Body


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Questions about rules."""

    def in_force(self, body: Body, at: dt.datetime) -> RuleSet | None:
        """The latest version of ``body`` in force at ``at``, or None."""
        return self.filter(body=body, in_force_from__lte=at).order_by("-version").first()

    def voted(self, body: Body) -> Self:
        """Versions that ``body`` adopted by its own vote."""
        return self.filter(body=body, poll__isnull=False)


class RuleSet(models.Model):
    """One version. Insert-only: every act refers to the version it was opened under.

    ``rules`` is JSON validated by ``councils.rules.Rules`` (which also holds the defaults).
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="rule_sets", verbose_name=_("body"))
    version = models.PositiveIntegerField(_("version"))
    rules: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("rules"), default=dict)
    in_force_from = models.DateTimeField(_("in force from"))
    #: The vote that adopted it; None: the founding (version 1), or who keeps the installation.
    poll = models.OneToOneField(
        "councils.Poll", models.PROTECT, null=True, blank=True, editable=False, related_name="rules_made"
    )

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules")
        verbose_name_plural = _("rules")
        constraints = [models.UniqueConstraint(fields=["body", "version"], name="rule_set_version_once")]

    def __str__(self) -> str:
        return f"{self.body} v{self.version}"
