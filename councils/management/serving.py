"""A lock beside the data, held by whatever serves them in the embedded shape.

Servers share it; who empties the database holds it alone. The kernel lets it go when its process ends, however
that ends, so the file that a killed server leaves behind locks nobody out.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

NAME = "serving.pid"


@contextmanager
def serving() -> Iterator[None]:
    """While it lasts nobody empties the database. Raises ``CommandError`` where somebody is doing so."""
    with _file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as e:
            raise CommandError(_("The data are being thrown away at this moment. Try again in a minute.")) from e
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield


@contextmanager
def nobody_serves() -> Iterator[None]:
    """While it lasts nothing begins to serve. Raises ``CommandError`` where something does, with its process."""
    with _file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            process = os.pread(lock, 20, 0).decode().strip()
            sentence = _(
                "Cordón is being served from these data (process %(process)s): nothing was thrown away. Stop it first."
            )
            raise CommandError(sentence % {"process": process}) from e
        yield


@contextmanager
def _file() -> Iterator[int]:
    lock = os.open(_place() / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield lock
    finally:
        os.close(lock)


def _place() -> Path:
    """The directory of the database where that is a file, else of the data."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    is_file = database["ENGINE"].endswith("sqlite3") and "memory" not in name
    return Path(name).resolve().parent if is_file else Path(settings.VAR_DIR)
