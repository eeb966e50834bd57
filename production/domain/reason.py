"""Sentences about a file: why it, or a row of it, was not taken, and what was assumed about it.

The pure package gives codes; here each gets its words, in the language of who reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from production.enums import Aggregation, Frequency, IndicatorKind
from production.intake.readers import Stated
from production.intake.trouble import RowError
from production.intake.units import unit_words

#: Of a cell.
_CELLS: Mapping[str, Any] = {
    "empty": gettext_lazy("nothing is written here."),
    "hidden": gettext_lazy("“%(value)s” holds a character that cannot be seen. Write it anew."),
    "formula": gettext_lazy("“%(value)s” is a formula. Write the value itself."),
    "spreadsheet_error": gettext_lazy("“%(value)s” is an error of the spreadsheet. Write the number."),
    "percent": gettext_lazy("“%(value)s”: the number alone goes here; “%%” is a unit and goes in its column."),
    "currency": gettext_lazy("“%(value)s”: the number alone goes here; the currency is a unit and goes in its column."),
    "exponent": gettext_lazy("“%(value)s”: write the number in full, without an exponent."),
    "other_digits": gettext_lazy("“%(value)s”: use the digits 0 to 9."),
    "not_a_number": gettext_lazy("“%(value)s” is not a number."),
    "not_text": gettext_lazy("a list or an object stands where one value should: %(value)s."),
    "grouping": gettext_lazy("“%(value)s”: it is not clear where the thousands end. Write it without separators."),
    "ambiguous": gettext_lazy(
        "“%(value)s” can be read two ways. Write it without separator of thousands, or say which the decimal mark is."
    ),
    "too_large": gettext_lazy("“%(value)s” is too large: a figure stays under a million million."),
    "too_precise": gettext_lazy("“%(value)s”: at most %(places)s decimals and %(digits)s digits in all. Round it."),
    "negative": gettext_lazy("%(value)s is below zero, and this indicator cannot be."),
    "fraction": gettext_lazy("%(value)s has decimals, and %(unit)s are counted whole."),
    "two_dates": gettext_lazy("“%(value)s” is either %(one)s or %(other)s. Write it as year-month-day."),
    "no_such_day": gettext_lazy("“%(value)s”: there is no such day."),
    "not_a_date": gettext_lazy("“%(value)s” is not a date. Write it as year-month-day, for example 2024-12-31."),
    "too_early": gettext_lazy("“%(value)s” is before %(earliest)s."),
    "future": gettext_lazy("“%(value)s” has not come yet: the last day accepted is %(latest)s."),
    "too_long": gettext_lazy("“%(value)s” is longer than %(longest)s characters."),
    "alphabets": gettext_lazy("“%(value)s” mixes letters of two alphabets that look alike in one word."),
    "unknown_word": gettext_lazy("“%(value)s” is not known here. Known are: %(known)s."),
    "unknown_unit": gettext_lazy("the unit “%(value)s” is not in the catalogue of units."),
    "unknown_factory": gettext_lazy("there is no factory “%(value)s”. Nearest: %(near)s."),
    "spelt_otherwise": gettext_lazy("“%(value)s” is written %(known)s here: write it so."),
    "not_this_workplace": gettext_lazy("“%(value)s”: only reports of %(known)s can be imported here."),
    "unknown_indicator": gettext_lazy("there is no indicator “%(value)s”. Nearest: %(near)s."),
    "other_unit": gettext_lazy("it is measured in %(known)s here, not in “%(value)s”."),
    "two_units": gettext_lazy("%(factory)s measures it in %(known)s; one figure cannot have two units (“%(value)s”)."),
    "computed": gettext_lazy("“%(value)s” is computed from two other figures. Report those."),
    "other_kind": gettext_lazy("“%(value)s”, but it is already known as %(known)s."),
    "other_aggregation": gettext_lazy("“%(value)s”, but over time it is already joined by %(known)s."),
    "other_frequency": gettext_lazy("“%(value)s”, but it is reported %(known)s."),
    "other_sector": gettext_lazy("“%(value)s”, but its sector is %(known)s. The admin changes that, not a file."),
    "other_cordon": gettext_lazy("“%(value)s”, but it stands in %(known)s. The admin changes that, not a file."),
    "two_places": gettext_lazy("“%(value)s”, but an earlier row places this factory in %(before)s."),
    "told_by_sections": gettext_lazy("sections of %(factory)s report “%(value)s”; the workplace cannot report it too."),
    "series_ended": gettext_lazy("this figure is no longer reported since %(until)s."),
    "row_width": gettext_lazy("the header has %(columns)s columns and this row %(cells)s."),
    "twice": gettext_lazy("the same factory, day and indicator already stand in row %(before)s."),
}  # fmt: skip

#: Of a name that no known one is like.
_ALONE: Mapping[str, Any] = {
    "unknown_factory": gettext_lazy("there is no factory “%(value)s”."),
    "unknown_indicator": gettext_lazy("there is no indicator “%(value)s”."),
}

#: Of a file.
_FILES: Mapping[str, Any] = {
    "empty_file": gettext_lazy("The file is empty."),
    "no_rows": gettext_lazy("The file has a header and nothing under it."),
    "no_file": gettext_lazy("Choose a file."),
    "too_many_bytes": gettext_lazy("The file is larger than %(megabytes)s MB. Split it, for example by year."),
    "unpacks_too_large": gettext_lazy("Unpacked, the file exceeds %(megabytes)s MB. Split it, for example by year."),
    "unpacks_suspiciously": gettext_lazy("The file unpacks to more than %(ratio)s times its size. Send it unpacked."),
    "misnamed": gettext_lazy("The file is named %(named)s and is something else. Check that it is the right one."),
    "too_many_members": gettext_lazy("The workbook holds more than %(members)s parts. Save the sheet as CSV."),
    "too_many_rows": gettext_lazy("The file has more than %(rows)s rows. Split it, for example by year."),
    "too_many_columns": gettext_lazy("The file has more than %(columns)s columns."),
    "too_slow": gettext_lazy("Reading the file took more than %(seconds)s seconds. Split it."),
    "line_too_long": gettext_lazy("A line of the file is longer than %(length)s characters."),
    "broken_gzip": gettext_lazy("The file is a broken or cut gzip. Send it again."),
    "broken_workbook": gettext_lazy("The workbook is broken or cut. Open it, save it again, and send it."),
    "locked_workbook": gettext_lazy("The workbook is protected by a password. Save it without one."),
    "old_workbook": gettext_lazy("This is a workbook of the old kind (.xls). Save it as .xlsx or CSV."),
    "not_a_workbook": gettext_lazy("This is an archive, not a workbook. Send the CSV or XLSX itself."),
    "no_sheet": gettext_lazy("The workbook has no sheet with anything in it."),
    "document_type": gettext_lazy("The workbook declares a document type, which no spreadsheet needs. Save it again."),
    "nul": gettext_lazy("The file holds null characters: it is not text. Save it as CSV in UTF-8."),
    "encoding": gettext_lazy("The letters of the file cannot be read. Save it as CSV in UTF-8."),
    "not_a_table": gettext_lazy("This is not a table. Send CSV, XLSX or JSON, with the names of the columns first."),
    "broken_csv": gettext_lazy("A quotation mark opens near line %(line)s and never closes well."),
    "broken_json": gettext_lazy("The JSON cannot be read: it must be one list of objects."),
    "json_not_a_list": gettext_lazy("The JSON must be a list of objects, one for each figure."),
    "json_key_twice": gettext_lazy("An object of the JSON has the key “%(key)s” twice."),
    "column_twice": gettext_lazy("Two columns stand for %(column)s: “%(one)s” and “%(other)s”. Leave one."),
    "columns_missing": gettext_lazy("Columns are missing: %(missing)s. The first row must name the columns."),
    "columns_unknown": gettext_lazy("Columns are not known: %(unknown)s. Known are: %(known)s."),
    "columns_wrong": gettext_lazy(
        "The first row must name the columns. Missing: %(missing)s. Not known: %(unknown)s."
    ),
    "not_allowed": gettext_lazy("Whoever sent this file may no longer import it."),
}  # fmt: skip

#: What was assumed, so that it can be contradicted.
_STATED: Mapping[str, Any] = {
    "read_as": gettext_lazy("Read as %(format)s."),
    "read_encoding": gettext_lazy("The letters were read as %(encoding)s."),
    "delimiter": gettext_lazy("Columns were told apart by: %(delimiter)s."),
    "decimal_mark": gettext_lazy("Read with decimal %(mark)s, as the other figures of the column show."),
    "aggregation": gettext_lazy("Over time, joined by %(aggregation)s: %(names)s."),
    "frequency": gettext_lazy("By its dates, taken as reported %(frequency)s: %(names)s."),
    "history": gettext_lazy(
        "The file is history: its figures ended on %(until)s, and no report is asked of: %(names)s."
    ),
    "goes_on": gettext_lazy("Figures that had ended with an earlier file go on, and reports are asked of: %(names)s."),
    "goes_on_until": gettext_lazy("Figures that had ended with an earlier file now end on %(until)s: %(names)s."),
}

_WORDS: Mapping[str, Any] = {
    "comma": gettext_lazy("comma"),
    "semicolon": gettext_lazy("semicolon"),
    "tab": gettext_lazy("tabulator"),
    "bar": gettext_lazy("vertical bar"),
    "point": gettext_lazy("point"),
}


_MADE: Mapping[str, Any] = {
    "factory": gettext_lazy("Factories"),
    "nation": gettext_lazy("Nation"),
    "cordon": gettext_lazy("Cordones"),
    "sector": gettext_lazy("Branches"),
    "indicator": gettext_lazy("Indicators"),
}


def word_of_made(kind: str) -> str:
    """What kind of thing an import made, as a heading."""
    return str(_MADE[kind])


def sentence_of_cell(code: str, params: Mapping[str, Any]) -> str:
    """Why a cell cannot be taken; begins in lower case, since the column stands before it."""
    words = dict(params)
    if not words.get("near", "?"):
        return str(_ALONE[code]) % words
    if code == "fraction":
        words["unit"] = unit_words(str(words["unit"]), get_language() or "")
    if code in ("other_unit", "two_units"):
        symbols = str(words["known"]).split(", ")
        words["known"] = ", ".join(unit_words(symbol, get_language() or "") for symbol in symbols)
    if code.startswith("other_") and code != "other_digits":
        words = {name: _label(value) for name, value in words.items()}
    return str(_CELLS[code]) % words


def sentence_of_row(error: RowError, *, and_others: bool = False) -> str:
    """ "Row 4, column value: …". ``and_others``: other rows have the same fault."""
    words = {"row": error.row, "column": error.column, "reason": sentence_of_cell(error.code, error.params)}
    if not error.column:
        return _("Row %(row)s: %(reason)s") % words
    if and_others:
        return _("Row %(row)s and others, column %(column)s: %(reason)s") % words
    return _("Row %(row)s, column %(column)s: %(reason)s") % words


def faults_by_kind(errors: Iterable[RowError], *, may_create: bool) -> list[tuple[RowError, str]]:
    """Sentences for a page: one of each row, but one alone of each name that is missing or spelt otherwise.

    ``may_create``: the reader may have missing factories made. Each stands beside the first error it speaks of.
    """
    rows: dict[Hashable, list[RowError]] = {}
    for number, error in enumerate(errors):
        of_name = error.code in ("unknown_factory", "spelt_otherwise")
        rows.setdefault((error.column, str(error.params["value"])) if of_name else number, []).append(error)
    return [(same[0], _sentence_of_all(same, may_create)) for same in rows.values()]


def _sentence_of_all(same: list[RowError], may_create: bool) -> str:
    if same[0].code == "unknown_factory":
        return _missing_factory(same, may_create)
    return sentence_of_row(same[0], and_others=len(same) > 1)


def _missing_factory(errors: list[RowError], may_create: bool) -> str:
    """It is not here; the names that are like it; what to do."""
    words = {"row": errors[0].row, **errors[0].params}
    sentence = _("Row %(row)s: there is no factory “%(value)s”.")
    if len(errors) > 1:
        sentence = _("Row %(row)s and others: there is no factory “%(value)s”.")
    parts = [sentence % words]
    if words["near"]:
        parts.append(_("Alike: %(near)s.") % words)
    if may_create:
        parts.append(_("If it is new, tick “%(box)s”.") % {"box": _("Create the factories that are missing")})
    return " ".join(parts)


def sentence_of_file(refusal: Stated) -> str:
    """Why the file as a whole was not taken."""
    code, params = refusal
    return str(_FILES[code]) % params


def sentence_of_stated(stated: Stated) -> str:
    """What was assumed."""
    code, params = stated
    words = {name: _label(value) for name, value in params.items()}
    if "until" in words:
        words["until"] = date_format(dt.date.fromisoformat(words["until"]))
    return str(_STATED[code]) % words


def _label(value: Any) -> str:
    """The word for a value of one of our lists; anything else as it is."""
    for choices in (Frequency, Aggregation, IndicatorKind):
        if value in choices.values:
            return str(choices(value).label)
    return str(_WORDS.get(value, value))
