"""One JSON line per event, without addresses or user agents of people, and without what they wrote."""

from __future__ import annotations

import traceback
from types import TracebackType

import structlog

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def where(exc_info: _ExcInfo) -> str:
    """Types and places of a failure and of its causes, without their messages.

    A message may quote a ballot: Django's about a variable that a template lacks repeats the page's
    whole context, a database's the row that it refused.
    """
    told: list[str] = []
    link: traceback.TracebackException | None = traceback.TracebackException(*exc_info)
    while link is not None:
        name = link.exc_type.__qualname__ if link.exc_type else "?"
        told.append(name + "\n" + "".join(traceback.format_list(link.stack)).rstrip())
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nfrom ".join(told)


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Formatter for the console handler."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(where),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
