"""Whether this process is about to end. What never ends by itself, a live page's stream, looks here."""

from __future__ import annotations

import threading

_stopping = threading.Event()


def announce() -> None:
    """Called once, by whoever runs the server, when it is told to stop."""
    _stopping.set()


def is_stopping() -> bool:
    """Whether it was announced."""
    return _stopping.is_set()
