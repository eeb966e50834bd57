"""The receipt of a cast vote: the answer to the POST itself, written once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


def receipt_page(request: HttpRequest, receipt: Receipt, now: dt.datetime, *, at_table: bool = False) -> HttpResponse:
    """201, with the check code; ``at_table``: nothing leads from it to an account."""
    poll = receipt.poll
    context = {
        "receipt": receipt,
        "poll": poll,
        "close": moment(poll.closes_at, now),
        "subject": subject_of(poll.uuid, get_language()),
        "at_table": at_table,
        "now": now,
    }
    return render(request, "councils/poll/receipt.html", context, status=201)
