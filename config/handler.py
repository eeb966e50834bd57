"""The ASGI handler: a request is answered by one of a few threads, from its first line to its last.

Django's own goes into a thread made for that request alone, and back, at each border between what is written for ASGI
and what is not, and for each signal: five times. Our middleware and our views are not, so that cost more than half of a
cast. Here the loop reads the request and sends the answer; between the two stands one crossing. The threads are few and
stay, so each keeps its connection to the database (``CONN_MAX_AGE``), and a burst waits here, where it costs nothing,
with the hour at which it arrived (``arrived_at``).
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils import timezone

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Handler(ASGIHandler):
    """Runs middleware and view in one of ``WEB_THREADS`` threads; asynchronous streams alone run in the loop."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="web")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is spoken here, not {scope['type']}")
        scope["arrived_at"] = timezone.now()
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await self._in_thread(self._answer, scope, body)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def _in_thread(self, call: Callable[..., Any], *args: Any) -> Any:
        """What ``call`` returns, in a context of its own: nothing stays in a thread for the request after."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(contextvars.Context().run, call, *args))

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The response; closed already (its connection is free again) unless it streams."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        if request is not None:
            request.arrived_at = scope["arrived_at"]  # type: ignore[attr-defined]
            response: HttpResponseBase = self.get_response(request)
        else:
            assert refusal is not None  # one of the two, says Django
            response = refusal
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: HttpResponseBase, receive: Receive, send: Send) -> None:
        """Send it part by part until it ends, or until the client has gone."""
        if not response.is_async:  # type: ignore[attr-defined]
            response = self._by_thread(response)
        sent = asyncio.ensure_future(self.send_response(response, send))
        gone = asyncio.ensure_future(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sent, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (gone, sent):
                if not task.done():
                    task.cancel()
            with suppress(RequestAborted, asyncio.CancelledError):
                await gone
            try:
                with suppress(asyncio.CancelledError):
                    await sent
            finally:
                await self._in_thread(response.close)

    def _by_thread(self, response: HttpResponseBase) -> HttpResponseBase:
        """The same response, its parts read in a thread one by one: a large file is never held as a whole."""
        parts: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[attr-defined]

        async def read() -> Any:
            while (part := await self._in_thread(next, parts, None)) is not None:
                yield part

        response.streaming_content = read()  # type: ignore[attr-defined]
        return response
