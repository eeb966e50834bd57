"""In production mode the app refuses to start on an unsafe or missing setting, and names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe(settings: dict[str, Any]) -> None:
    """Raise ``ImproperlyConfigured`` listing every unsafe setting; nothing outside production mode."""
    mode = settings["MODE"]
    if mode not in ("embedded", "production", "test"):
        raise ImproperlyConfigured(f"CORDON_MODE is {mode!r}: use embedded, production or test.")
    if mode != "production":
        return
    faults = []
    if len(settings["SECRET_KEY"]) < 50 or settings["SECRET_KEY"] == settings["EMBEDDED_SECRET"]:
        faults.append("SECRET_KEY is missing or shorter than 50 characters.")
    if settings["DEBUG"]:
        faults.append("DEBUG is on.")
    if not settings["ALLOWED_HOSTS"] or "*" in settings["ALLOWED_HOSTS"]:
        faults.append("ALLOWED_HOSTS is empty or '*': name the hosts.")
    if settings["_db"]["ENGINE"].endswith("sqlite3"):
        faults.append("DATABASE_URL is missing or SQLite: give a postgres:// address.")
    if not settings["REDIS_URL"]:
        faults.append("REDIS_URL is missing.")
    if settings["KEY_STORE_DIR"] == Path("/nonexistent"):
        faults.append("KEY_STORE_DIR is missing: name a directory outside every backup.")
    if settings["DEMO"]:
        faults.append("CORDON_DEMO is on: demo accounts have known passwords.")
    if faults:
        raise ImproperlyConfigured("Cordón does not start in production mode:\n- " + "\n- ".join(faults))
