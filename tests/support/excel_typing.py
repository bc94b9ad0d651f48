"""What Excel makes of a text that a program writes into a cell: the same as if a person had typed it.

`range.value = "0123"` gives the number 123, "2025-01" a date, "- anak" a broken formula. Both hosts do so, hence
both simulated hosts must: a macro that forgets it would lose the zeros of every NPWP. Only an apostrophe in front,
or a cell formatted as text ("@"), keeps a text as it is.

Modelled from what Excel documents, not seen in Excel. Where the regional settings decide (day or month first, which
month names count), the harsher reading is taken: whatever may become a date becomes one.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
TEXT_FORMAT = "@"
DATE_FORMAT = "mm-dd-yy"  # number 14 of the file format: the short date of whoever opens the book
MOMENT_FORMAT = "m/d/yy h:mm"  # number 22, likewise
DIGITS = 15  # what a number in a cell can hold; further digits become zeros

MONTHS = ("jan", "feb", "mar", "apr", "may mei", "jun", "jul", "aug agu", "sep", "oct okt", "nov", "dec des")
MONTH_NAMES = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}
DAY_ZERO = dt.datetime(1899, 12, 30)

NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d{1,3})?%?", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?")
MONTH_FIRST = re.compile(r"(\d{1,2})[-/](\d{4})")
DAY_FIRST = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}|\d{2}))?")
WITH_NAME = re.compile(r"(?:(\d{1,2})[- ])?([a-z]{3,9})[- ](\d{4}|\d{2})", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


@dataclass(frozen=True)
class Typed:
    """What then stands in the cell, the number format it brings to a cell without one, whether it is kept as text."""

    value: float | bool | str | dt.datetime | None
    number_format: str | None = None
    quoted: bool = False


def typed(text: str, number_format: str = "General") -> Typed:
    """What `text` becomes in a cell of this number format."""
    if text == "":
        return Typed(None)
    if text.startswith("'"):
        return Typed(text[1:], quoted=True)
    if number_format == TEXT_FORMAT:
        return Typed(text, quoted=True)
    bare = text.strip()
    if len(bare) > 1 and bare[0] == "=":
        return Typed(bare)
    if bare.upper() in {"TRUE", "FALSE"}:
        return Typed(bare.upper() == "TRUE")
    if bare.upper() in ERRORS:
        return Typed(bare.upper())
    found = _number(bare) or _moment(bare)
    if found:
        return found
    return Typed(f"={bare}") if len(bare) > 1 and bare[0] in "+-@" else Typed(text)


def _number(text: str) -> Typed | None:
    if not (NUMBER.fullmatch(text) and any(sign.isdigit() for sign in text.lower().partition("e")[0])):
        return None
    percent, grouped = text.endswith("%"), "," in text
    digits = text.rstrip("%").replace(",", "")
    if digits.lstrip("+-").isdigit():
        sign, plain = ("-" if digits[0] == "-" else ""), digits.lstrip("+-").lstrip("0")
        digits = sign + (plain[:DIGITS] + "0" * (len(plain) - DIGITS) or "0")
    value = float(digits) / (100 if percent else 1)
    whole = int(value) if value.is_integer() else value
    return Typed(whole, "0%" if percent else "#,##0" if grouped else None)


def _moment(text: str) -> Typed | None:
    """A date, a date with a time, or a time of day; None where the text is none of these."""
    try:
        if match := YEAR_FIRST.fullmatch(text):
            year, month, day, *clock = (int(part) if part else None for part in match.groups())
            assert year is not None
            assert month is not None
            moment = dt.datetime(year, month, day or 1, clock[0] or 0, clock[1] or 0, clock[2] or 0)
            return Typed(moment, DATE_FORMAT if clock[0] is None and day else MOMENT_FORMAT if day else "mmm-yy")
        if match := MONTH_FIRST.fullmatch(text):
            return Typed(dt.datetime(int(match[2]), int(match[1]), 1), "mmm-yy")
        if match := DAY_FIRST.fullmatch(text):
            one, two, year_text = match.groups()
            day, month = (int(one), int(two)) if int(two) <= 12 else (int(two), int(one))
            return Typed(dt.datetime(_year(year_text), month, day), DATE_FORMAT if year_text else "d-mmm")
        if (match := WITH_NAME.fullmatch(text)) and (named := MONTH_NAMES.get(match[2].lower()[:3])):
            return Typed(dt.datetime(_year(match[3]), named, int(match[1] or 1)), "d-mmm-yy" if match[1] else "mmm-yy")
        if match := CLOCK.fullmatch(text):
            hour, minute, second = (int(part or 0) for part in match.groups())
            return Typed(DAY_ZERO + dt.timedelta(hours=hour, minutes=minute, seconds=second), "h:mm")
    except ValueError:  # 31/02, 2025-13: a text after all
        return None
    return None


def _year(digits: str | None) -> int:
    if digits is None:
        return dt.datetime.now().year  # Excel too takes the year in which it is typed
    return int(digits) if len(digits) == len("2025") else 2000 + int(digits) if int(digits) < 30 else 1900 + int(digits)
