"""The ASGI handler: one thread per request, nothing left behind in it, streams that end with their reader."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone, translation

from config.handler import Handler

seen: dict[str, Any] = {}


def plain(request: HttpRequest) -> HttpResponse:
    seen.update(thread=threading.current_thread().name, arrived=request.arrived_at, language=translation.get_language())
    translation.activate("es" if request.GET else "en")
    return HttpResponse(request.body + b"!", headers={"X-Kept": "yes"})


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def parts(request: HttpRequest) -> StreamingHttpResponse:
    def read() -> Iterator[bytes]:
        for part in (b"one", b"two"):
            seen.setdefault("threads", []).append(threading.current_thread().name)
            yield part

    return StreamingHttpResponse(read())


def endless(request: HttpRequest) -> StreamingHttpResponse:
    async def tell() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"still here"
                await asyncio.sleep(0.01)
        finally:
            seen["ended"] = True

    return StreamingHttpResponse(tell())


urlpatterns = [path("plain/", plain), path("broken/", broken), path("parts/", parts), path("endless/", endless)]


@pytest.fixture(autouse=True)
def _alone(settings: Any) -> None:
    seen.clear()
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.WEB_THREADS = 1


async def _ask(
    handler: Handler, where: str, body: bytes = b"", query: bytes = b"", leave_after: int | None = None
) -> list[dict[str, Any]]:
    """What the server is told to send; the client leaves after so many messages, or stays."""
    sent: list[dict[str, Any]] = []
    left = asyncio.Event()
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if leave_after is not None and len(sent) >= leave_after:
            left.set()

    scope = {"type": "http", "method": "POST" if body else "GET", "path": where, "headers": [], "query_string": query}
    await asyncio.wait_for(handler(scope, receive, send), 10)
    return sent


def test_answer_is_made_in_a_thread_with_the_hour_of_arrival():
    before = timezone.now()
    start, end = asyncio.run(_ask(Handler(), "/plain/", b"hello"))
    assert (start["status"], end["body"], end["more_body"]) == (200, b"hello!", False)
    assert (b"X-Kept", b"yes") in start["headers"]
    assert seen["thread"].startswith("web") and before <= seen["arrived"] <= timezone.now()


def test_nothing_stays_in_the_thread_for_the_next_request():
    async def two() -> list[str]:
        handler, languages = Handler(), []
        for query in (b"first=1", b""):
            await _ask(handler, "/plain/", query=query)
            languages.append(seen["language"])
        return languages

    first, second = asyncio.run(two())
    assert first == second


def test_signals_of_a_request_come_once_each_and_before_it_is_sent():
    told: list[str] = []

    def started(**_: Any) -> None:
        told.append("started")

    def finished(**_: Any) -> None:
        told.append("finished")

    request_started.connect(started)
    request_finished.connect(finished)
    try:
        asyncio.run(_ask(Handler(), "/plain/"))
    finally:
        request_started.disconnect(started)
        request_finished.disconnect(finished)
    assert told == ["started", "finished"]


def test_fault_is_an_answer(caplog: pytest.LogCaptureFixture, settings: Any):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    start, *_rest = asyncio.run(_ask(Handler(), "/broken/"))
    assert start["status"] == 500 and "planted" in caplog.text


def test_parts_of_a_file_are_read_in_a_thread():
    _start, *bodies = asyncio.run(_ask(Handler(), "/parts/"))
    assert b"".join(message["body"] for message in bodies if "body" in message) == b"onetwo"
    assert len(seen["threads"]) == 2 and all(name.startswith("web") for name in seen["threads"])


def test_stream_ends_when_its_reader_has_gone():
    sent = asyncio.run(_ask(Handler(), "/endless/", leave_after=3))
    assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
    assert seen["ended"]


def test_stream_leaves_the_threads_to_others():
    async def both() -> list[dict[str, Any]]:
        handler = Handler()
        watching = asyncio.ensure_future(_ask(handler, "/endless/", leave_after=10_000))
        await asyncio.sleep(0.05)
        answer = await _ask(handler, "/plain/")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        return answer

    assert asyncio.run(both())[0]["status"] == 200
    assert seen["ended"]


def test_other_protocols_are_refused():
    async def speak() -> None:
        await Handler()({"type": "websocket"}, None, None)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="only HTTP"):
        asyncio.run(speak())
