"""Dates, months and periods as Indonesians write them: a text goes in, everything it may mean comes out.

No reading is the empty list; two readings mean that only the person who typed the text can tell. Every text
handed in must be folded (`contract.fold`). Years outside 1900 to 2100 are not read. Standard library only.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from math import ceil
from typing import Final, Self

Span = tuple[date, date]  # both days included

FIRST_YEAR, LAST_YEAR = 1900, 2100

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)

# Full names, abbreviations, the older spelling (Pebruari, Nopember), the commonest slip (Febuari), English.
_MONTH_NAMES = (
    "januari january jan",
    "februari pebruari febuari pebuari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agu ags agt aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

#: Months in one part of the year, by what people call the part. `t` and `s` stand only in period codes.
_PART_OF = {
    **dict.fromkeys(("triwulan", "tw", "trw", "kuartal", "kwartal", "quarter", "q", "t"), 3),
    **dict.fromkeys(("caturwulan", "cawu"), 4),
    **dict.fromkeys(("semester", "sem", "smt", "s"), 6),
}
_ORDINAL_OF = {
    word: n
    for n, words in enumerate(("1 i pertama", "2 ii kedua", "3 iii ketiga", "4 iv keempat"), 1)
    for word in words.split()
}


def show_date(day: date) -> str:
    """A date as people write it: "5 Januari 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def show_month(day: date) -> str:
    """The month of a date: "Januari 2025"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def show_period(span: Span) -> str:
    """A period by its first and last day; one day stands alone."""
    start, end = span
    return show_date(start) if start == end else f"{show_date(start)} s.d. {show_date(end)}"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of a year: a day (`months` 0), month, quarter ... or all of it; `year` may be left out."""

    months: int
    month: int = 1
    day: int = 1
    year: int | None = None

    def span(self, year: int) -> Span | None:
        """First and last day in that year; None for a day that does not exist or a year out of range."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        try:
            start = date(year, self.month, self.day)
        except ValueError:
            return None
        if not self.months:
            return start, start
        last = self.month + self.months - 1
        return start, date(year, last, monthrange(year, last)[1])

    def dated(self) -> Span | None:
        return None if self.year is None else self.span(self.year)


# ---- one date, month, part or year ---- #

Build = Callable[[re.Match[str]], list[_Mark]]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<m>{_any_of(_MONTH_OF)})"
_DAY = r"(?P<d>[0-9]{1,2})"
_YEAR = r"(?P<y>[0-9]{4})"
_GAP = r"\.?(?:, ?|[ /-])"
_LATER_YEAR = rf"(?:(?:tahun|thn\.?|th\.?) ?)?{_YEAR}"
_DATED = r"(?:tanggal |tgl\.? ?)?"
# "Minggu 2 Maret" is a Sunday or a second week, so Sunday needs its comma.
_WEEKDAY = (
    r"(?:(?:hari )?(?:(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|ahad|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday),? |minggu, ))?"
)
_PART = rf"(?P<part>{_any_of(part for part in _PART_OF if part not in ('t', 's'))})"
_ORDINAL = rf"(?P<n>{_any_of(_ORDINAL_OF)})"


def _year(match: re.Match[str]) -> int | None:
    return int(match["y"]) if match["y"] else None


def _written_day(match: re.Match[str]) -> list[_Mark]:
    return [_Mark(0, _MONTH_OF[match["m"]], int(match["d"]), _year(match))]


def _written_month(match: re.Match[str]) -> list[_Mark]:
    return [_Mark(1, _MONTH_OF[match["m"]], year=_year(match))]


def _iso_day(match: re.Match[str]) -> list[_Mark]:
    return [_Mark(0, int(match["m"]), int(match["d"]), _year(match))]


def _numeric_day(match: re.Match[str]) -> list[_Mark]:
    """Day first, as the form asks; but where both may be a month, the month-first reading too."""
    first, second, year = int(match["d"]), int(match["m"]), _year(match)
    marks = [_Mark(0, second, first, year)]
    if max(first, second) <= 12:
        marks.append(_Mark(0, first, second, year))
    return marks


def _numeric_month(match: re.Match[str]) -> list[_Mark]:
    return [_Mark(1, int(match["m"]), year=_year(match))]


def _part(match: re.Match[str]) -> list[_Mark]:
    months, number = _PART_OF[match["part"]], _ORDINAL_OF[match["n"]]
    return [_Mark(months, 1 + months * (number - 1), year=_year(match))]


def _whole_year(match: re.Match[str]) -> list[_Mark]:
    return [_Mark(12, year=_year(match))]


_MONTH_YEAR = rf"{_MONTH}(?:\.?(?:{_GAP})?{_LATER_YEAR})?"
_WRITTEN_DAY = re.compile(rf"{_WEEKDAY}{_DATED}{_DAY}(?:st|nd|rd|th)?[ ./-]?{_MONTH_YEAR}")

_GRAMMAR: tuple[tuple[re.Pattern[str], Build], ...] = (
    (_WRITTEN_DAY, _written_day),
    (re.compile(rf"{_WEEKDAY}{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}"), _written_day),
    (re.compile(rf"(?:bulan |bln\.? ?)?{_MONTH_YEAR}"), _written_month),
    (
        re.compile(rf"{_WEEKDAY}{_DATED}{_DAY} ?(?P<sep>[/.-]) ?(?P<m>[0-9]{{1,2}}) ?(?P=sep) ?{_YEAR}"),
        _numeric_day,
    ),
    (
        re.compile(rf"{_YEAR}(?P<sep>[/.-])(?P<m>[0-9]{{1,2}})(?P=sep){_DAY}(?:[ t]00:00(?::00)?)?"),
        _iso_day,
    ),
    (re.compile(rf"(?P<m>[0-9]{{1,2}}(?=/)|[0-9]{{2}}(?=[.-]))[/.-]{_YEAR}"), _numeric_month),
    (re.compile(rf"{_YEAR}-(?P<m>[0-9]{{2}})"), _numeric_month),
    (re.compile(rf"{_PART}(?:[ .-]{{1,2}}(?:ke[ -]?)?|(?=[0-9])){_ORDINAL}(?:{_GAP}{_LATER_YEAR})?"), _part),
    (re.compile(rf"{_YEAR}[ -]?(?P<part>[tsq])(?P<n>[1-4])"), _part),
    (re.compile(rf"(?:(?:tahun anggaran|tahun|thn\.?|th\.?|t\.?a\.?) ?)?{_YEAR}"), _whole_year),
)


def _marks(text: str) -> list[_Mark]:
    """Every date, month, part or year that the whole text may be."""
    text = text.rstrip(". ")
    for pattern, build in _GRAMMAR:
        if match := pattern.fullmatch(text):
            return build(match)
    return []


# ---- what the three kinds of column ask for ---- #

_SINCE = re.compile(r"(?:mulai dari|mulai|sejak|dari|from|since) ")
_DURING = re.compile(r"(?:periode|sepanjang|selama) ")


def dates_in(text: str) -> list[date]:
    """Every day that the text may name: "5 Januari 2025", "25/01/2025", "2025-01-25"."""
    return [span[0] for mark in _marks(text) if not mark.months and (span := mark.dated())]


def months_in(text: str) -> list[date]:
    """The first day of every month that the text may name; a year alone begins in January."""
    if since := _SINCE.match(text):
        text = text[since.end() :]
    named = [mark for mark in _marks(text) if mark.months in (0, 1, 12)]
    return [span[0].replace(day=1) for mark in named if (span := mark.dated())]


def periods_in(text: str) -> list[Span]:
    """Every period that the text may name; a range whose end lies before its start is read as it stands."""
    if during := _DURING.match(text):
        text = text[during.end() :]
    if marks := _marks(text):
        return [span for mark in marks if (span := mark.dated())]
    return [span for left, right in _halves(text) for span in _ranges(left, right)]


# ---- ranges ---- #

_UNTIL = re.compile(
    r"(?<![a-z])(?:s ?[./] ?d(?![a-z])\.?|sd(?![a-z])\.?"
    r"|(?:sampai(?: dengan| dgn\.?)?|hingga|until|to)(?![a-z]))"
)
_DASHES = re.compile("-+")
_BARE_DAY = re.compile(rf"{_DATED}{_DAY}")
_PART_WORD = re.compile(rf"{_PART}(?![a-z])")
_TA = re.compile(r"t\.?a\.? ?[0-9]")


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a range in two: at a word for "until", else at each dash."""
    for cut in list(_UNTIL.finditer(text)) or _DASHES.finditer(text):
        yield text[: cut.start()].strip(), text[cut.end() :].strip()


def _ranges(left: str, right: str) -> Iterator[Span]:
    """From the first day of `left` to the last of `right`, which must be named alike (day and day, ...).

    `left` may leave out what `right` tells: "5 - 7 Januari 2025", "Triwulan I - III 2025", "Mei - Juni 2025".
    """
    if since := _SINCE.match(left):
        left = left[since.end() :]
    if _TA.match(left):  # "TA 2025 - 2026" may be a school year
        return
    part = _PART_WORD.match(left)
    ends = _marks(right) or (_marks(f"{part['part']} {right}") if part else [])
    starts = _marks(left) or _bare_day(left, right, ends)
    # Two dates in figures, both unclear: whoever wrote them kept to one order.
    pairs: Iterable[tuple[_Mark, _Mark]] = (
        zip(starts, ends, strict=True) if len(starts) == len(ends) else product(starts, ends)
    )
    for start, end in pairs:
        if start.months == end.months:
            yield from _between(start, end)


def _bare_day(left: str, right: str, ends: list[_Mark]) -> list[_Mark]:
    """The day in "5 - 7 Januari 2025", of the month that follows."""
    if not (match := _BARE_DAY.fullmatch(left)) or not _WRITTEN_DAY.fullmatch(right):
        return []
    day = int(match["d"])
    return [_Mark(0, end.month, day, end.year) for end in ends if day <= end.day]


def _between(start: _Mark, end: _Mark) -> Iterator[Span]:
    if end.year is None:
        return
    if start.year is not None:
        years = [(start.year, end.year)]
    elif (start.month, start.day) < (end.month, end.day):
        years = [(end.year, end.year)]
    else:  # "Oktober - Februari 2025": the year may belong to either end
        years = [(end.year - 1, end.year), (end.year, end.year + 1)]
    for start_year, end_year in years:
        if (first := start.span(start_year)) and (last := end.span(end_year)):
            yield first[0], last[1]


# ---- the calendar periods that reports are due for ---- #

#: Days before its end from which the decision on a partnership's future is due (IV.G.1).
DECISION_DAYS: Final = 90

#: A period as issued templates and reports carry it: a year, a semester, a quarter, a month.
PERIOD_TEXT: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<part>[ST])(?P<n>\d)|(?P<month>\d{2})))?",
)
_MONTHS_OF: Final = {"S": 6, "T": 3}
_PART_LETTER: Final = {months: letter for letter, months in _MONTHS_OF.items()}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One of the equal parts of a calendar year: `number` 1 of `months` 6 in 2026 is "2026-S1"."""

    year: int
    number: int
    months: int

    @property
    def text(self) -> str:
        """ "2026", "2026-S1", "2026-T1", "2026-01"."""
        if self.months == 12:
            return f"{self.year}"
        letter = _PART_LETTER.get(self.months)
        return f"{self.year}-{letter}{self.number}" if letter else f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.months * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        month = self.months * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def following(self) -> Period:
        last = self.number * self.months == 12
        return Period(self.year + last, 1 if last else self.number + 1, self.months)

    @classmethod
    def around(cls, day: date, months: int) -> Self:
        """The period of this length that the day lies in; `months` is 1, 3, 6 or 12."""
        return cls(day.year, (day.month - 1) // months + 1, months)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The period that a text names, in either case; None for any other text."""
        match = PERIOD_TEXT.fullmatch(text.strip().upper())
        if not match or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return None
        months = _MONTHS_OF[match["part"]] if match["part"] else 1 if match["month"] else 12
        number = int(match["n"] or match["month"] or 1)
        return cls(int(match["year"]), number, months) if 1 <= number <= 12 // months else None


def periods_between(first: date, last: date, months: int) -> Iterator[Period]:
    """Every calendar period of this length that has a day between the two, both included."""
    period = Period.around(first, months)
    while period.first <= last:
        yield period
        period = period.following


def months_of_term(first: date, last: date) -> int:
    """Months from the first to the last day, both included, a begun month counted whole; 0 when out of order."""
    if last < first:
        return 0
    after = last + timedelta(days=1)
    return ceil((after.year - first.year) * 12 + after.month - first.month + (after.day - first.day) / 31)


def add_months(day: date, months: int) -> date:
    """The same day some months later; a month that has no such day gives its last (as EDATE does)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
