"""Celery task of production: a demonstration left running goes on living."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from production.demo.deliberate import keep_a_vote_open
from production.demo.report import top_up


@shared_task(name="production.top_up_demo")
def top_up_demo() -> None:
    """Write the simulated reports missing up to today; keep one vote open. Nothing outside the demonstration."""
    if settings.DEMO:
        now = timezone.now()
        top_up(at=now)
        keep_a_vote_open(at=now)
