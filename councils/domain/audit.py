"""Audit: every act but casting, supporting and signing a recall, in the act's own transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from councils.models import AuditEvent, Body, Member


def record(
    *, verb: str, by: Member | None, at: dt.datetime, body: Body | None, subject: models.Model | None, **detail: Any
) -> AuditEvent:
    """Write one event. ``by`` None: the clock acted. ``detail`` must be JSON and name no voter's choice."""
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        at=at,
        body=body,
        subject_kind=subject._meta.model_name if subject is not None else "",
        subject=getattr(subject, "uuid", None),
        detail=detail,
    )
