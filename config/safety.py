"""In production mode the app refuses to start on an unsafe or missing setting, and names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

MODES = ("embedded", "production", "test")
SECRET_LENGTH = 50


class Unsafe(ImproperlyConfigured):
    """The installation may not start like this; the message is for who runs it, and needs no traceback."""


def refuse_unsafe(settings: dict[str, Any]) -> None:
    """Raise ``Unsafe`` listing every unsafe setting; outside production mode only the mode is checked."""
    mode = settings["MODE"]
    if mode not in MODES:
        raise Unsafe(f"CORDON_MODE is {mode!r}: use {', '.join(MODES[:-1])} or {MODES[-1]}.")
    faults = list(_faults(settings)) if mode == "production" else []
    if faults:
        raise Unsafe("Cordón does not start in production mode:\n- " + "\n- ".join(faults))


def _faults(settings: dict[str, Any]) -> Iterator[str]:
    secret = settings["SECRET_KEY"]
    if len(secret) < SECRET_LENGTH or secret == settings["EMBEDDED_SECRET"] or len(set(secret)) < 10:
        yield f"SECRET_KEY is missing, guessable or shorter than {SECRET_LENGTH} characters: give a long random one."
    if settings["DEBUG"]:
        yield "DEBUG is on: error pages would show settings and data. Remove it."
    if settings["DEMO"]:
        yield "CORDON_DEMO is on: demonstration accounts have known passwords. Remove it."
    if not settings["ALLOWED_HOSTS"] or any(host.startswith("*") for host in settings["ALLOWED_HOSTS"]):
        yield "ALLOWED_HOSTS is missing or '*': name the hosts, for example cordon.example."
    yield from _transport_faults(settings)
    if settings["_db"]["ENGINE"].endswith("sqlite3"):
        yield "DATABASE_URL is missing or SQLite: give postgres://user:password@host:5432/name."
    if not settings["REDIS_URL"].startswith(("redis://", "rediss://", "unix://")):
        yield "REDIS_URL is missing or no redis:// address: workers could not be told of due work."
    yield from _key_store_faults(settings)
    if settings["LANGUAGE_CODE"] not in dict(settings["LANGUAGES"]):
        yield f"CORDON_LANGUAGE is {settings['LANGUAGE_CODE']!r}: use one of {', '.join(dict(settings['LANGUAGES']))}."


def _transport_faults(settings: dict[str, Any]) -> Iterator[str]:
    """Passwords and votes travel encrypted, unless somebody said in so many words that they need not."""
    if not settings["HTTPS"] and not settings["ALLOW_HTTP"]:
        yield (
            "CORDON_HTTPS is off: passwords and votes could be read on the way. "
            "Turn it on, or say CORDON_ALLOW_HTTP=1 where the network itself is trusted."
        )
    schemes = ("https://",) if settings["HTTPS"] else ("https://", "http://")
    for origin in settings["CSRF_TRUSTED_ORIGINS"]:
        if not origin.startswith(schemes) or "*" in origin:
            yield f"CSRF_TRUSTED_ORIGINS holds {origin!r}: name whole origins that begin with {' or '.join(schemes)}."


def _key_store_faults(settings: dict[str, Any]) -> Iterator[str]:
    """The keys of open urns must be where no backup and no web server reads."""
    key_store: Path = settings["KEY_STORE_DIR"]
    if key_store == Path("/nonexistent") or not key_store.is_absolute():
        yield "KEY_STORE_DIR is missing or relative: name a directory outside every backup, by its whole path."
        return
    for name in ("VAR_DIR", "STATIC_ROOT", "MEDIA_ROOT", "BASE_DIR"):
        if key_store.resolve().is_relative_to(settings[name].resolve()):
            yield f"KEY_STORE_DIR lies inside {name}, which is copied or served: name a directory outside every backup."
            return
