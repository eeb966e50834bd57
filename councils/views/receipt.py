"""The receipt of a cast vote: the answer to the POST itself, written once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from councils.domain.ballot import Receipt
from councils.domain.franchise import Way
from councils.domain.poll_title import LOADED
from councils.models import Poll
from councils.templatetags.moments import moment
from councils.views.poll_parts import PollParts


@dataclass(frozen=True)
class Subject:
    """What a vote decides: its title and the address of its page."""

    title: str
    url: str


@functools.lru_cache(maxsize=1024)
def subject_of(poll: UUID, language: str | None) -> Subject:
    """Remembered by the process: it does not change while people vote, and costs more to find than the cast."""
    found = Poll.objects.with_subject().select_related(*LOADED).get(uuid=poll)
    parts = PollParts(found, found.opens_at, None, Way.NONE, voted_so_far=None)
    return Subject(parts.title, parts.subject_url)


def receipt_page(receipt: Receipt, now: dt.datetime, *, at_table: bool = False) -> HttpResponse:
    """201, with the check code; ``at_table``: nothing leads from it to an account."""
    poll = receipt.poll
    said = Said(moment(now), moment(poll.closes_at, now), at_table=at_table, is_secret=bool(receipt.code))
    sheet = sheet_of(poll.uuid, get_language(), said)
    return HttpResponse(sheet.replace(CODE, receipt.code), status=201)


@dataclass(frozen=True)
class Said:
    """What a receipt says besides its code: when it was cast and until when it can be changed, in words."""

    at: str
    close: str
    at_table: bool
    is_secret: bool


#: Where the code stands on a sheet; no text can contain it.
CODE = secrets.token_hex(16)


@functools.lru_cache(maxsize=256)
def sheet_of(poll: UUID, language: str | None, said: Said) -> str:
    """The receipt with ``CODE`` for the code, made without request or person: the same for all who cast that minute.

    At the close hundreds cast in a minute, and the words of the page took longer than the cast.
    """
    subject = subject_of(poll, language)
    context = {
        "said": said,
        "code": CODE,
        "poll": poll,
        "subject": subject,
        "frame": {"is_demonstration": settings.DEMO},
    }
    return render_to_string("councils/poll/receipt.html", context)
