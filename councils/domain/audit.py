"""Audit: every act but casting, supporting and signing a recall, in the act's own transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from councils.models import AuditEvent, Body, Member, Question


def record(
    *, verb: str, by: Member | None, at: dt.datetime, body: Body | None, subject: models.Model | None, **detail: Any
) -> AuditEvent:
    """Write one event. ``by`` None: the clock acted. ``detail`` must be JSON and name no voter's choice.

    Of what goes by the rules of ``body`` the version that applies is written beside it, as ``rules``.
    """
    rules = _rules_applied(subject, body)
    if rules is not None:
        detail.setdefault("rules", rules)
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        at=at,
        body=body,
        subject_kind=subject._meta.model_name if subject is not None else "",
        subject=getattr(subject, "uuid", None),
        detail=detail,
    )


def _rules_applied(subject: models.Model | None, body: Body | None) -> int | None:
    """The version under which ``subject`` began, where it is one of ``body``."""
    began = subject.poll if isinstance(subject, Question) else subject
    rule_set = getattr(began, "rule_set", None)
    return rule_set.version if rule_set is not None and body is not None and rule_set.body_id == body.pk else None
