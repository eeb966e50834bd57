"""Wiring only: settings, URLs, the Celery timetable, ASGI and WSGI."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
