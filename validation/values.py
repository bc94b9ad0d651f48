"""Reading what Indonesians type into a cell: "Rp 5 jt", "1.500,25", "5 Januari 2025", "Jan s.d. Mar 2025".

Every reader takes a raw cell (None, text, number, bool, date, time) and gives a `Reading`; none raises. A
text with two meanings is "ambiguous", never guessed at. Whoever keeps readings by raw cell must put its type
into the key, since True == 1 == 1.0. The grammars are `amounts` and `periods`. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar

from validation.amounts import (
    LIMIT,
    Number,
    amounts_in,
    integers_in,
    is_foreign,
    numbers_in,
    show_number,
    show_rupiah,
)
from validation.contract import INVISIBLE, CodeList, fold
from validation.language import Text
from validation.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    dates_in,
    months_in,
    periods_in,
    show_date,
    show_month,
    show_period,
)

__all__ = [
    "READERS",
    "Reading",
    "npwp_digits",
    "read_choice",
    "read_date",
    "read_integer",
    "read_month",
    "read_number",
    "read_period",
    "read_rupiah",
    "read_text",
    "read_tick",
    "show_date",
    "show_rupiah",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says.

    `value` is None unless `status` is "ok" (typed as the column's own type) or "echo" (read from something
    else); the other statuses are "blank", "ambiguous" and "unreadable". `echo` is Indonesian: the value,
    worded the same however it was typed; the possible readings joined by " atau " when ambiguous; when
    unreadable what may have been meant, or "".
    """

    value: Any
    status: str
    echo: str = ""


BLANK = Reading(None, "blank")
UNREADABLE = Reading(None, "unreadable")

# ---- the two ways into a cell: text and not text ---- #

_EDGE = "".join(map(chr, INVISIBLE)) + "".join(c for c in map(chr, range(0x3001)) if c.isspace())

_LONGEST = 200  # characters; no number, date or period needs more
_NOTHING, _FOREIGN_MONEY = Text("kosong"), Text("mata uang asing")
_NO_VALUE = "?"  # no grammar reads it


def _tidy(raw: str) -> str:
    """A text as the grammars read it: folded, without invisible characters; "" when nothing shows."""
    text = raw.strip(_EDGE)
    if len(text) > _LONGEST:
        return _NO_VALUE
    if not text.isascii():
        text = text.translate(INVISIBLE)
        # Folding would turn the footnote mark of "5.000.000²" into a figure.
        if any(unicodedata.category(char) == "No" for char in text):
            return _NO_VALUE
    return fold(text)


def _read(
    raw: Any,
    readings_in: Callable[[str], Sequence[T | None]],
    show: Callable[[T], str],
    of_cell: Callable[[Any], Reading],
) -> Reading:
    """The reading of a cell: a text by its grammar, anything else by `of_cell`."""
    if raw is None:
        return BLANK
    if not isinstance(raw, str):
        return of_cell(raw)
    if not (text := _tidy(raw)):
        return BLANK
    found = list(dict.fromkeys(readings_in(text)))
    if len(found) > 1:
        return Reading(None, "ambiguous", " atau ".join(_NOTHING if v is None else show(v) for v in found))
    if not found or found[0] is None:
        return UNREADABLE
    return Reading(found[0], "echo", show(found[0]))


def _own_words(raw: Any, reading: Reading) -> Reading:
    """A reading of the very words that the column offers is no echo."""
    if reading.status == "echo" and isinstance(raw, str) and raw.strip(_EDGE) == reading.echo:
        return Reading(reading.value, "ok", reading.echo)
    return reading


# ---- text ---- #


def read_text(raw: Any) -> Reading:
    """A text without the spaces around it; a number as it would be typed; a date or tick in words."""
    if raw is None:
        return BLANK
    if isinstance(raw, str):
        text = raw.strip(_EDGE)
        return Reading(text, "ok", text) if text else BLANK
    text = _in_words(raw)
    status = "ok" if isinstance(raw, int | float) and not isinstance(raw, bool) else "echo"
    return Reading(text, status, text) if text else UNREADABLE


def _in_words(raw: Any) -> str:
    """A cell that is no text, as text; "" where the number has lost figures (an identity number of 16)."""
    if isinstance(raw, bool):
        return _TICK_WORDS[raw]
    if (number := _cell_number(raw)) is not None:
        return show_number(number)
    if isinstance(raw, datetime) and raw.time() != time():
        return f"{show_date(raw)} pukul {_clock(raw.hour, raw.minute, raw.second)}"
    if isinstance(raw, date):
        return show_date(raw)
    if isinstance(raw, time):
        return _clock(raw.hour, raw.minute, raw.second)
    if isinstance(raw, timedelta) and raw >= timedelta():
        minutes, seconds = divmod(int(raw.total_seconds()), 60)
        return _clock(*divmod(minutes, 60), seconds)
    return ""


def _clock(hours: int, minutes: int, seconds: int) -> str:
    return f"{hours:02}.{minutes:02}" + (f".{seconds:02}" if seconds else "")


# ---- numbers ---- #


def _cell_number(raw: Any) -> Number | None:
    """The number of a number cell, whole where only the noise of a formula says otherwise."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not -LIMIT < raw < LIMIT:
        return None
    return round(raw) if abs(raw - round(raw)) < 1e-6 else raw


def _rupiah_cell(raw: Any) -> Reading:
    number = _cell_number(raw)
    return UNREADABLE if number is None else Reading(number, "ok", show_rupiah(number))


def _number_cell(raw: Any) -> Reading:
    number = _cell_number(raw)
    return UNREADABLE if number is None else Reading(number, "ok", show_number(number))


def _integer_cell(raw: Any) -> Reading:
    reading = _number_cell(raw)
    return reading if isinstance(reading.value, int) else UNREADABLE


def read_rupiah(raw: Any) -> Reading:
    """An amount in rupiah: int, or float where sen were typed (Lampiran 2, Biaya)."""
    reading = _read(raw, amounts_in, show_rupiah, _rupiah_cell)
    if reading is UNREADABLE and isinstance(raw, str) and is_foreign(_tidy(raw)):
        return Reading(None, "unreadable", _FOREIGN_MONEY)
    return reading


def read_number(raw: Any) -> Reading:
    """A number with decimal comma: int where whole, else float."""
    return _read(raw, numbers_in, show_number, _number_cell)


def read_integer(raw: Any) -> Reading:
    """A whole number."""
    return _read(raw, integers_in, show_number, _integer_cell)


def npwp_digits(raw: Any) -> str | None:
    """The 15 or 16 digits of a tax number, without its points, dashes and spaces; else None."""
    text = _tidy(raw) if isinstance(raw, str) else _in_words(raw)
    digits = re.sub(r"[ .-]", "", text)
    return digits if re.fullmatch(r"[0-9]{15,16}", digits) else None


# ---- dates, months, periods ---- #

_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial numbers
_SERIALS = range((date(2000, 1, 1) - _EPOCH).days, (date(2060, 12, 31) - _EPOCH).days + 1)
_UNDIVIDED = re.compile(r"[1-9](?:0[1-9]|1[0-2])[0-9]{2}")  # 5-11-26 typed without its dashes


def _cell_day(raw: Any) -> date | None:
    day = raw.date() if isinstance(raw, datetime) else raw
    return day if isinstance(day, date) and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _cell_year(raw: Any) -> int | None:
    number = _cell_number(raw)
    return number if isinstance(number, int) and FIRST_YEAR <= number <= LAST_YEAR else None


def _no_date(raw: Any) -> Reading:
    """A bare number is no date; the echo names the date it would be if the cell has lost its format."""
    number = _cell_number(raw)
    if isinstance(number, int) and number in _SERIALS:
        return Reading(None, "unreadable", show_date(_EPOCH + timedelta(days=number)))
    return UNREADABLE


def _date_cell(raw: Any) -> Reading:
    """A day; also as the number that a date cell holds once it has lost its format, if that can be nothing else."""
    if day := _cell_day(raw):
        return Reading(day, "ok", show_date(day))
    number = _cell_number(raw)
    if isinstance(number, int) and number in _SERIALS and not _UNDIVIDED.fullmatch(str(number)):
        day = _EPOCH + timedelta(days=number)
        return Reading(day, "echo", show_date(day))
    return _no_date(raw)


def _month_cell(raw: Any) -> Reading:
    if year := _cell_year(raw):
        raw = date(year, 1, 1)
    day = _cell_day(raw)
    return Reading(day.replace(day=1), "ok", show_month(day)) if day else _no_date(raw)


def _period_cell(raw: Any) -> Reading:
    if year := _cell_year(raw):
        span = date(year, 1, 1), date(year, 12, 31)
    elif day := _cell_day(raw):
        span = day, day
    else:
        return _no_date(raw)
    return Reading(span, "ok", show_period(span))


def read_date(raw: Any) -> Reading:
    """A day, as `datetime.date`."""
    return _read(raw, dates_in, show_date, _date_cell)


def read_month(raw: Any) -> Reading:
    """A point in time given as year, month or day: the first day of that month (III.B.1, experience)."""
    return _read(raw, months_in, show_month, _month_cell)


def read_period(raw: Any) -> Reading:
    """A period as its first and last day, both included (Lampiran 2, Waktu)."""
    return _read(raw, periods_in, show_period, _period_cell)


# ---- ticks and choices ---- #

_TICK_WORDS = {True: "Ya", False: "Tidak"}
_TICKS = {
    **dict.fromkeys(("ya", "iya", "y", "yes", "v", "x", "✓", "✔", "☑", "√", "true", "1"), True),
    **dict.fromkeys(("tidak", "tdk", "n", "no", "-", "false", "0"), False),
}


def _ticks_in(text: str) -> list[bool | None]:
    return [_TICKS[text]] if text in _TICKS else []


def _tick_cell(raw: Any) -> Reading:
    if not isinstance(raw, int | float) or raw not in (0, 1):
        return UNREADABLE
    ticked = bool(raw)
    return Reading(ticked, "ok" if isinstance(raw, bool) else "echo", _TICK_WORDS[ticked])


def read_tick(raw: Any) -> Reading:
    """A tick as True or False; nothing typed stays blank."""
    return _own_words(raw, _read(raw, _ticks_in, _TICK_WORDS.__getitem__, _tick_cell))


def read_choice(raw: Any, codes: CodeList) -> Reading:
    """The label of a code list that the cell names by label, alias or code; the nearest label when none."""
    reading = read_text(raw)
    if reading.value is None:
        return reading
    item = codes.find(reading.value.translate(INVISIBLE))
    if item is None:
        return Reading(None, "unreadable", _nearest(reading.value, codes))
    return _own_words(raw, Reading(item.label, "echo", item.label))


def _nearest(text: str, codes: CodeList) -> str:
    labels = {fold(label): label for label in codes.labels}
    found = get_close_matches(fold(text[:_LONGEST]), labels, n=1)
    return labels[found[0]] if found else ""


#: The reader of each kind of column; `pilihan` needs its list as well (`read_choice`).
READERS: dict[str, Callable[[Any], Reading]] = {
    "teks": read_text,
    "bulat": read_integer,
    "angka": read_number,
    "rupiah": read_rupiah,
    "tanggal": read_date,
    "masa": read_month,
    "waktu": read_period,
    "ya": read_tick,
}
