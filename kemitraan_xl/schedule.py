"""What falls due in a cooperation and when: reports, visits, meetings, evaluations, the decision on its future.

A term, what has come in, and a day -> every obligation with its dates and status, in the order of the list
`kewajiban`. The guideline says "secara berkala" and "di tengah"; Pengaturan says how often (A-33 to A-35), and a
cooperation may have intervals of its own. Standard library only; the workbook's own formulas come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Final

from kemitraan_xl.pedoman.model import Settings
from validation.contract import lists
from validation.periods import DECISION_DAYS, add_months, periods_between

#: What has to be looked at first (codes of the list status_laporan).
URGENCY: Final = ("terlambat", "dikembalikan", "jatuh_tempo", "belum_jatuh_tempo", "diterima")


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of Perpanjangan. Only a decision to extend has a `new_end`; a blank `day` counts as the earliest."""

    day: date | None
    extends: bool
    new_end: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A cooperation's days as agreed, both included, and its own intervals in months (None = as in Pengaturan)."""

    start: date | None
    end: date | None
    report_months: int | None = None
    visit_months: int | None = None
    decisions: Sequence[Decision] = ()
    in_force: bool = True

    @property
    def last_day(self) -> date | None:
        """The end that holds: as the latest decision to extend says, else as agreed (IV.G.1)."""
        extension = self._extension()
        return extension.new_end if extension else self.end

    @property
    def extended_on(self) -> date:
        """The day of the latest decision to extend: what closes the term comes after it. `date.min` without one."""
        extension = self._extension()
        return _since(extension) if extension else date.min

    @property
    def closed(self) -> bool:
        """Whether it was decided, after the latest extension, that the cooperation ends."""
        return any(not one.extends and _since(one) >= self.extended_on for one in self.decisions)

    @property
    def obstacle(self) -> str:
        """Why nothing can fall due (a code of hambatan_jadwal), or ""."""
        if self.start is None or self.last_day is None:
            return "tanpa_tanggal"
        if self.last_day < self.start:
            return "terbalik"
        return "" if self.in_force else "belum_berlaku"

    def _extension(self) -> Decision | None:
        """The latest decision to extend; of several on one day the one that goes furthest."""
        dated = [one for one in self.decisions if one.extends and one.new_end]
        return max(dated, key=lambda one: (_since(one), one.new_end), default=None)


def _since(decision: Decision) -> date:
    return decision.day or date.min


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of a cooperation: reports by period ("2026-S1"), and the days on which things were done."""

    accepted: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    final_accepted: bool = False  #: for the term as it is now: a final report from before an extension is none
    final_returned: bool = False
    visits: Sequence[date] = ()
    midway: Sequence[date] = ()  #: formative evaluations
    closing: Sequence[date] = ()  #: summative evaluations


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that has to be done: `kind` and `status` are codes of kewajiban and status_laporan.

    From `due` on it is awaited; after `limit` it is late. `period` is filled for progress reports only.
    """

    kind: str
    period: str
    due: date
    limit: date
    status: str


def obligations(term: Term, records: Records, settings: Settings, today: date) -> list[Obligation]:
    """Everything that falls due in a term, in order; nothing where there is a `Term.obstacle`."""
    start, end = term.start, term.last_day
    if term.obstacle or start is None or end is None:
        return []
    grace = timedelta(days=_number(settings["A-33d"]))
    return [
        Obligation(kind, period, due, limit or due + grace, _status(done, back, today, due, limit or due + grace))
        for kind, period, due, limit, done, back in _planned(term, start, end, records, settings, today)
    ]


#: kind, period, due, limit (None = due and the grace), done, returned
_Plan = tuple[str, str, date, date | None, bool, bool]


def _planned(term: Term, start: date, end: date, records: Records, settings: Settings, today: date) -> Iterator[_Plan]:
    for period in periods_between(start, end, report_interval(term.report_months, settings)):
        due = min(period.last, end) + timedelta(days=1)
        yield "kemajuan", period.text, due, None, period.text in records.accepted, period.text in records.returned
    if today <= end:
        visit = _next_visit(term, start, end, records, settings, today)
        if visit:
            yield "pemantauan", "", visit, None, False, False
        meeting = _next_meeting(start, _number(settings["A-33c"]), today)
        if meeting <= end:
            yield "rapat", "", meeting, None, False, False
    middle = start + timedelta(days=(end - start).days * _number(settings["A-35a"]) // 100)
    yield "formatif", "", middle, None, _past(records.midway, today), False
    decide = max(start, end - timedelta(days=DECISION_DAYS))
    yield "perpanjangan", "", decide, end, term.closed, False
    final = end + timedelta(days=_number(settings["A-34"]))
    yield "akhir", "", final, None, records.final_accepted, records.final_returned
    closing = end + timedelta(days=_number(settings["A-35b"]))
    evaluated = [day for day in records.closing if day >= term.extended_on]
    yield "sumatif", "", closing, None, _past(evaluated, today), False


def _next_visit(term: Term, start: date, end: date, records: Records, settings: Settings, today: date) -> date | None:
    """An interval after the last visit (or the start), while the term lasts; the first one is due by its end."""
    seen = [day for day in records.visits if start <= day <= today]
    months = term.visit_months if term.visit_months and term.visit_months > 0 else _number(settings["A-33b"])
    due = add_months(max(seen, default=start), months)
    if due <= end:
        return due
    return None if seen else end


def _next_meeting(start: date, months: int, today: date) -> date:
    """The next of the regular meetings: nobody records which of them were held."""
    return next(day for n in count(1) if (day := add_months(start, n * months)) >= today)


def report_interval(own: int | None, settings: Settings) -> int:
    """Months between progress reports: the cooperation's own where it divides the year as the list says (A-33)."""
    offered = {int(item.code) for item in lists()["selang_laporan"]}
    return own if own in offered else _number(settings["A-33a"])


def _status(done: bool, returned: bool, today: date, due: date, limit: date) -> str:
    if done:
        return "diterima"
    if returned:
        return "dikembalikan"
    if today < due:
        return "belum_jatuh_tempo"
    return "jatuh_tempo" if today <= limit else "terlambat"


def _past(days: Sequence[date], today: date) -> bool:
    return any(day <= today for day in days)


def _number(value: str | int) -> int:
    return int(value)


# ---- documents that expire ---- #


def days_left(valid_until: date, today: date) -> int:
    """Days until the last day of a document or a deadline; negative when it is past."""
    return (valid_until - today).days


def still_valid(valid_until: date, day: date) -> bool:
    """Whether a document holds on a day: its last day is still one (III.B.1, BK-04)."""
    return days_left(valid_until, day) >= 0


def warning(valid_until: date, today: date) -> str:
    """How near the end of a document is: a code of peringatan_masa, "" when it is far off (R128, A-14)."""
    left = days_left(valid_until, today)
    return next((item.code for item in lists()["peringatan_masa"] if left <= int(item.code)), "")
