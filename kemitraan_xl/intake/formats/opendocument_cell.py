"""One cell of a LibreOffice workbook, from what its element says to what a spreadsheet holds. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from kemitraan_xl.intake.formats.plain import DURATION, ERRORS, MOMENT, Page

Attributes = Mapping[str, str]

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE = f"{OASIS}table:1.0 ", f"{OASIS}office:1.0 "

_FORMULA, _KIND, _TEXT = f"{TABLE}formula", f"{OFFICE}value-type", f"{OFFICE}string-value"
_VALUES = [f"{OFFICE}{name}" for name in ("value", "date-value", "time-value", "boolean-value")]
_KNOWN_AS_ERROR = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_OWN_ERROR = re.compile(r"Err:\d+")
_DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8}(?:[.,]\d+)?)S)?")
#: Day zero of serial numbers, and the first day whose number is sure.
_EPOCH, _EPOCH_1904 = (datetime(1899, 12, 30), datetime(1900, 3, 1)), (datetime(1904, 1, 1), datetime(1904, 1, 2))


class Cell(NamedTuple):
    """What one cell of the file says, for as many cells as it stands for."""

    attributes: Attributes
    columns: int
    paragraphs: list[str]

    @property
    def shown(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def formula(self) -> str:
        return self.attributes.get(_FORMULA, "")

    @property
    def holds_something(self) -> bool:
        return bool(self.paragraphs) or _FORMULA in self.attributes or _KIND in self.attributes

    def fill(self, page: Page, row: int, column: int) -> None:
        """Into one place of a sheet."""
        kind, formula = self.attributes.get(_KIND, ""), _FORMULA in self.attributes
        value = next((self.attributes[name] for name in _VALUES if name in self.attributes), "")
        if self.attributes.get(_KNOWN_AS_ERROR) == "error" or (formula and _is_error(self.shown)):
            page.error(row, column, self.shown)
        elif formula and kind != "string" and not value and not self.shown:
            page.uncalculated(row, column)
        elif kind in ("", "string") or not value:
            page.text(row, column, self.attributes.get(_TEXT, self.shown))
        elif kind == "boolean":
            page.truth(row, column, value == "true")
        elif kind == "date":
            _put_moment(page, row, column, value)
        elif kind == "time":
            _put_duration(page, row, column, value)
        else:
            page.number(row, column, float(value))


def _is_error(shown: str) -> bool:
    return shown in ERRORS.values() or bool(_OWN_ERROR.fullmatch(shown))


def _put_moment(page: Page, row: int, column: int, text: str) -> None:
    """A day as its serial number; one that has none stays text."""
    epoch, first = _EPOCH_1904 if page.date1904 else _EPOCH
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        moment = epoch
    if moment < first:
        page.text(row, column, text)
    else:
        page.number(row, column, (moment - epoch) / timedelta(days=1), MOMENT)


def _put_duration(page: Page, row: int, column: int, text: str) -> None:
    """A time of the day, or a longer or negative time, in days."""
    found = _DURATION.fullmatch(text)
    if not found:
        page.text(row, column, text)
        return
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[1:])
    length = days + hours / 24 + minutes / 1440 + seconds / 86400
    within_a_day = not found[1] and length < 1
    page.number(row, column, -length if found[1] else length, MOMENT if within_a_day else DURATION)
