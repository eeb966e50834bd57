"""One reader of the pulse per process and event loop, however many pages are open.

Each open page waits on an ``asyncio.Event``. The reader begins with the first page and ends
with the last. It reads in a thread of its own, with one connection to the database; while
the database is away it goes on asking, more slowly, and the pages stay open. When the server stops,
the streams end by themselves.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from weakref import WeakKeyDictionary

from django.db import DatabaseError, close_old_connections

from councils.stopping import is_stopping
from production.domain.pulse import current_token

log = logging.getLogger(__name__)

#: Seconds between two looks; after a look that failed; between two signs of life to a page.
EVERY = 0.25
REST = 5.0
SIGN_OF_LIFE = 15.0
#: A page asks for a new stream after so many seconds, and so proves again that it may have one.
LONGEST = 600.0

CHANGED = "event: figures\ndata: changed\n\n"
#: A comment would do for a proxy, but no page can hear one.
ALIVE = "event: alive\ndata: alive\n\n"


class FanOut:
    """The pages of one event loop, and the task that wakes them."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Event] = set()
        self._reader: asyncio.Task[None] | None = None

    @property
    def pages(self) -> int:
        """How many are open."""
        return len(self._pages)

    async def wait(self) -> AsyncGenerator[bool, None]:
        """True when figures changed, False as a sign of life. Ends after ``LONGEST``."""
        page = asyncio.Event()
        self._pages.add(page)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        try:
            while (left := until - loop.time()) > 0:
                try:
                    await asyncio.wait_for(page.wait(), min(SIGN_OF_LIFE, left))
                except TimeoutError:
                    yield False
                    continue
                if is_stopping():
                    return
                page.clear()
                yield True
        finally:
            self._pages.discard(page)
            if not self._pages and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    async def _read(self) -> None:
        known = await self._look()
        while True:
            await asyncio.sleep(EVERY)
            token = await self._look()
            if token != known or is_stopping():
                known = token
                for page in self._pages:
                    page.set()

    async def _look(self) -> uuid.UUID | None:
        away = False
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(_READER, _read_token)
            except DatabaseError as e:
                if is_stopping():
                    return None
                if not away:
                    log.warning("live pages: database away: %s", type(e).__name__)
                away = True
                await asyncio.sleep(REST)


def _read_token() -> uuid.UUID | None:
    try:
        return current_token()
    finally:
        close_old_connections()


#: One thread, and so one connection, reads for all pages.
_READER = ThreadPoolExecutor(1, thread_name_prefix="pulse")
_BY_LOOP: WeakKeyDictionary[asyncio.AbstractEventLoop, FanOut] = WeakKeyDictionary()


def fan_out() -> FanOut:
    """The one of the running event loop."""
    return _BY_LOOP.setdefault(asyncio.get_running_loop(), FanOut())


async def figures_changed() -> AsyncGenerator[str, None]:
    """Lines of a ``text/event-stream``. The first tells the browser to come back soon if it is cut off."""
    yield "retry: 3000\n\n"
    async with aclosing(fan_out().wait()) as page:  # a page that leaves is forgotten at once
        async for changed in page:
            yield CHANGED if changed else ALIVE
