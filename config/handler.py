"""The ASGI handler: each request goes into its thread once, and comes back once."""

from __future__ import annotations

from collections.abc import Callable

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse


class Handler(ASGIHandler):
    """Runs middleware and view together in one thread.

    Django's own would go to the thread and back at each border between what is written for ASGI and what is not: our
    middleware and our views are not, so every request crossed three times, which cost a cast a tenth of its time.
    The one asynchronous view (the live stream) only makes its answer there; the stream itself runs in the loop.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        chain: Callable[[HttpRequest], HttpResponse] = self._middleware_chain  # type: ignore[has-type]
        self._middleware_chain = sync_to_async(chain, thread_sensitive=True)
