"""Excel text that counts faults over whole ranges and never breaks on what a cell may hold.

Each function turns a range into an array of TRUE/FALSE for use inside SUMPRODUCT. A cell with an error value
(#REF!) makes a sum fail, so every test is written as ISNUMBER(1/...): an error counts as "no". Only functions
of Excel 2013 and LibreOffice 7.4 that accept arrays without a special key are used: inside SUMPRODUCT neither
IF nor IFERROR.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.ref import list_of
from validation.contract import Check, Column, lists

_DIGITS: Final = "0123456789"


def total(*conditions: str) -> str:
    """How many cells meet all the conditions."""
    return f"SUMPRODUCT({'*'.join(f'({condition})' for condition in conditions)}*1)"


def any_of(conditions: Iterable[str]) -> str:
    """At least one condition holds. One alone is not compared: in Excel FALSE>0 is TRUE."""
    first, *more = conditions
    return f"(({'+'.join((first, *more))})>0)" if more else f"({first})"


def filled(cells: str) -> str:
    """The cell holds something other than spaces."""
    return f"ISNUMBER(1/LEN(TRIM({cells})))"


def blank(cells: str) -> str:
    """The cell holds nothing, or only spaces."""
    return f"ISNUMBER(1/(LEN(TRIM({cells}))=0))"


def failing(cells: str) -> str:
    """The cell holds an error value."""
    return f"ISERROR({cells})"


def equals(cells: str, text: str) -> str:
    """The cell holds this text, in any case and with spaces around it."""
    return f'ISNUMBER(1/(TRIM({cells})="{_quoted(text)}"))'


def data_rows(place: Rows) -> str:
    """The rows of a table that can hold data: neither its heading nor the row of the end text.

    Told by what stands in the first column, because cellrune 0.2 takes ROW(range) for one number.
    """
    first = place.columns[0]
    cells = place.range(first.name)
    others = [text for text in (first.heading, place.table.end) if text]
    return "*".join(f"NOT({equals(cells, text)})" for text in others)


def first_row(condition: str, head: str) -> str:
    """Number of the first row that meets the condition, 0 when none does, for ranges that begin at `head`."""
    return f"IFERROR(ROW({head})-1+SUMPRODUCT(MATCH(1,({condition})*1,0)),0)"


def fault(check: Check, column: Column, cells: str) -> str:
    """The cells that break a check of fact required, type, list, bounds or length; "" for other facts."""
    if check.fact == "required":
        return blank(cells)
    if check.fact == "list":
        return f"{filled(cells)}*ISERROR(MATCH(TRIM({cells}),terima_{list_of(column)},0))"
    if check.fact == "type":
        return _mistyped(column, cells)
    if check.fact == "bounds":
        return _outside(column, cells)
    if check.fact == "length":
        return f"{filled(cells)}*ISNUMBER(1/(LEN(TRIM({cells}))<{column.min_length}))"
    return ""


def _mistyped(column: Column, cells: str) -> str:
    """As far as a formula can tell: a number, date or time without any digit, a half number, a foreign tick.

    "Rp 5 jt" and "5 Januari 2026" are read by the check in Python, so text alone is no fault.
    """
    if column.kind == "ya":
        foreign = (f"NOT({equals(cells, word)})" for word in lists()["ya_tidak"].labels)
        return "*".join((filled(cells), *foreign))
    stripped = cells
    for digit in _DIGITS:
        stripped = f'SUBSTITUTE({stripped},{digit},"")'
    wordy = f"ISNUMBER(1/(ISTEXT({cells})*({stripped}={cells})))*{filled(cells)}"
    if column.blank_words:
        words = ",".join(f'"{_quoted(word)}"' for word in column.blank_words)
        wordy += f"*ISERROR(MATCH(TRIM({cells}),{{{words}}},0))"
    if column.kind != "bulat":
        return wordy
    return any_of((wordy, f"ISNUMBER(1/(ISNUMBER({cells})*({cells}<>INT({cells}))))"))


def _outside(column: Column, cells: str) -> str:
    tests = [
        f"({cells}{sign}{_number(limit)})"
        for sign, limit in (("<", column.minimum), (">", column.maximum))
        if limit is not None
    ]
    return f"ISNUMBER(1/(ISNUMBER({cells})*({'+'.join(tests)})))"


def _number(limit: float | str) -> str:
    if isinstance(limit, str):
        day = date.fromisoformat(limit)
        return f"DATE({day.year},{day.month},{day.day})"
    return repr(limit)


def _quoted(text: str) -> str:
    return text.replace('"', '""')
