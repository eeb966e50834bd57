"""A circuit breaker: after a failure, leave a sick neighbour alone for a while instead of waiting for it each time."""

from __future__ import annotations

import threading
import time


class Breaker:
    """Thread-safe. Closed: everyone may try. Open: nobody, for ``rest`` seconds; then one caller probes.

    ``rest`` is in seconds. The probe that never reports back (its thread died) is forgiven after another rest.
    """

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._closed = True
        self._try_again_at = 0.0

    def may_try(self) -> bool:
        """Whether to call the neighbour now. Answers without waiting."""
        with self._lock:
            if self._closed:
                return True
            now = time.monotonic()
            if now < self._try_again_at:
                return False
            self._try_again_at = now + self._rest  # this caller probes; the others wait for its report
            return True

    def succeeded(self) -> None:
        """The neighbour answered."""
        with self._lock:
            self._closed = True

    def failed(self) -> bool:
        """The neighbour did not answer. Returns whether this is news (it was thought well until now)."""
        with self._lock:
            news = self._closed
            self._closed = False
            self._try_again_at = time.monotonic() + self._rest
            return news
