"""The receipt: one sheet for all who cast in one minute, on which only the code is hers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from councils.domain.ballot import Receipt
from councils.templatetags.moments import moment
from councils.views.receipt import CODE, Said, receipt_page, sheet_of
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import open_yes_no

pytestmark = pytest.mark.django_db
MINE, HERS = "ABCD-EFGH-JKLM", "NPQR-STUV-WXYZ"


@pytest.fixture(autouse=True)
def _forgotten():
    sheet_of.cache_clear()


def said(poll, code: str, now: dt.datetime = NOW, language: str = "en", *, at_table: bool = False) -> str:
    with translation.override(language):
        answer = receipt_page(Receipt(poll, code, 1), now, at_table=at_table)
    assert answer.status_code == 201
    return answer.content.decode()


def test_two_receipts_of_a_minute_differ_in_the_code_alone(cast: Cast):
    poll = open_yes_no(cast)
    mine, hers = said(poll, MINE), said(poll, HERS)
    assert mine.count(MINE) == 1 and HERS not in mine and CODE not in mine
    assert mine.replace(MINE, HERS) == hers
    assert sheet_of.cache_info().misses == 1


def test_what_is_kept_has_no_code_and_no_name(cast: Cast):
    poll = open_yes_no(cast)
    said(poll, MINE)
    with translation.override("en"):
        asked = Said(moment(NOW), moment(poll.closes_at, NOW), at_table=False, is_secret=True)
        kept = sheet_of(poll.uuid, "en", asked)
    assert sheet_of.cache_info().hits == 1
    assert CODE in kept and MINE not in kept and "Carmen" not in kept


def test_another_minute_language_table_or_vote_is_another_sheet(cast: Cast):
    poll, other = open_yes_no(cast), open_yes_no(cast, cast.committee)
    later = NOW + dt.timedelta(minutes=1)
    sheets = [
        said(poll, MINE),
        said(poll, MINE, later),
        said(poll, MINE, language="es"),
        said(poll, MINE, at_table=True),
        said(other, MINE),
        said(poll, ""),
    ]
    assert len(set(sheets)) == len(sheets)
    assert "recorded by name" in sheets[-1] and "check code" not in sheets[-1]
    assert str(poll.uuid) not in sheets[3]
