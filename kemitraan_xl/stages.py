"""Where a partnership stands, what it still lacks for the next stage, and whether a stage was skipped.

A pure state machine over the conditions of `pedoman/syarat.toml` (BAB II to IV): the stage now is the first with
a condition that applies and is not met. The sheet Jejak says the same by formulas. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from kemitraan_xl.pedoman.model import Asked, Settings, Syarat
from validation.contract import fold, lists

Cell = str | float | date | None
Row = Mapping[str, Cell]

#: The rows of one partnership by table: typed values by column, ticks as True. "rekap_mitra" has what its
#: assessment comes to (`kelayakan`, `bendera_kritis`, `tanggal`).
Rows = Mapping[str, Sequence[Row]]

#: The sheet that shows all conditions of all partnerships; the columns a row is known by; its words for "met".
TRACE: Final = "Jejak"
TRACE_CODE, TRACE_LABEL, TRACE_MET = "Kode Mitra", "Syarat", "Terpenuhi"
YES, NOT_YET, NOT_ASKED = "Ya", "Belum", "–"

#: The class of institutions whose checklist is optional (A-12b).
_GOVERNMENT: Final = "1"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of one partnership. `day` is the latest date in the rows it speaks of."""

    syarat: Syarat
    applies: bool
    count: int
    met: bool
    day: date | None

    @property
    def open(self) -> bool:
        return self.applies and not self.met


@dataclass(frozen=True, slots=True)
class Standing:
    """All conditions of one partnership in the order of the stages."""

    conditions: tuple[Condition, ...]

    @property
    def open(self) -> tuple[Condition, ...]:
        return tuple(one for one in self.conditions if one.open)

    @property
    def stage(self) -> str:
        """The code of the stage now: the last one when nothing is open any more."""
        return self.open[0].syarat.stage if self.open else stage_codes()[-1]

    @property
    def missing(self) -> tuple[Condition, ...]:
        """What is open in the stage now: with all of it met, the next stage begins."""
        return tuple(one for one in self.open if one.syarat.stage == self.stage)

    def done_on(self, stage: str) -> date | None:
        """The day a stage was completed: its latest date, None while something in it is open or nothing is dated."""
        here = [one for one in self.conditions if one.syarat.stage == stage]
        days = [one.day for one in here if one.day and one.applies]
        return max(days) if days and not any(one.open for one in here) else None

    def before(self, stage: str) -> tuple[Condition, ...]:
        """What is open in the stages before this one."""
        order = stage_codes()
        return tuple(one for one in self.open if order.index(one.syarat.stage) < order.index(stage))


@dataclass(frozen=True, slots=True)
class Override:
    """Why a partnership may be in a stage whose conditions are not met: all three, or it is none."""

    reason: str = ""
    by: str = ""
    day: date | None = None

    @property
    def complete(self) -> bool:
        return bool(self.reason.strip() and self.by.strip() and self.day)


def stage_codes() -> tuple[str, ...]:
    """The nine stages in order, from the need to extension or close."""
    return tuple(item.code for item in lists()["tahap"])


def stand(rows: Rows, errors: Mapping[str, int], conditions: Iterable[Syarat], settings: Settings) -> Standing:
    """Where the partnership stands. `errors` is how many findings of level E are open about it, by table."""
    external = needs_analysis(rows, settings)
    return Standing(tuple(_condition(one, rows, errors, settings, external) for one in conditions))


def shown_standing(shown: Mapping[str, Cell], conditions: Iterable[Syarat]) -> Standing:
    """Where a partnership stands by what Jejak shows: the word for "met" by a condition's label.

    A condition that is not shown counts as open.
    """
    words = ((one, shown.get(one.label, NOT_YET)) for one in conditions)
    return Standing(tuple(Condition(one, word != NOT_ASKED, 0, word == YES, None) for one, word in words))


def present_stage(standing: Standing, claimed: str, override: Override) -> str:
    """The stage that counts: what staff say, unless it is beyond the conditions without a complete override."""
    if not claimed or (standing.before(claimed) and not override.complete):
        return standing.stage
    return claimed


def dated_stages(conditions: Iterable[Syarat]) -> tuple[str, ...]:
    """The stages whose end can be told, because one of their conditions has a date."""
    with_date = {one.stage for one in conditions if one.date}
    return tuple(code for code in stage_codes() if code in with_date)


def lead_times(standings: Sequence[Standing], conditions: Iterable[Syarat]) -> dict[str, list[int]]:
    """Days from the end of the dated stage before to the end of each, of the partnerships that have both in order."""
    dated = dated_stages(conditions)
    found: dict[str, list[int]] = {}
    for before, stage in pairwise(dated):
        ends = ((one.done_on(before), one.done_on(stage)) for one in standings)
        found[stage] = [(end - begin).days for begin, end in ends if begin and end and begin <= end]
    return found


def needs_analysis(rows: Rows, settings: Settings) -> bool:
    """Whether the analysis of III.B is asked for: not of a ministry or agency (A-12b), nor, where the setting
    says so, of a partner whom KPAI invited (A-45)."""
    kelas = lists()["kelas"][_GOVERNMENT].label
    if settings["A-12b"] == "opsional" and _first(rows, "mitra", "kelas_lembaga") == kelas:
        return False
    return settings["A-45"] == "ya" or _first(rows, "usulan_kak", "inisiator") != lists()["inisiator"]["kpai"].label


def meets(value: Cell, criterion: str | int) -> bool:
    """Whether a cell passes a criterion of COUNTIFS, see `pedoman.model.Asked`."""
    text = "" if value is None else lists()["ya_tidak"]["ya"].label if value is True else value
    if isinstance(criterion, int):
        return not isinstance(text, str) and text == criterion
    if criterion == "<>":
        return text != ""
    if criterion.startswith("<>"):
        return not _same(text, criterion[2:])
    return _same(text, criterion)


def _same(value: object, text: str) -> bool:
    return isinstance(value, str) and fold(value) == fold(text)


def _condition(syarat: Syarat, rows: Rows, errors: Mapping[str, int], settings: Settings, external: bool) -> Condition:
    applies = _applies(syarat, rows, settings) and (external or not syarat.external)
    counted = [row for way in syarat.ways for row in rows.get(syarat.table, ()) if _passes(row, way)]
    count = errors.get(syarat.table, 0) if syarat.findings else len(counted)
    met = count == 0 if syarat.none or syarat.findings else count > 0
    return Condition(syarat, applies, count, met, _latest(syarat, rows) if count and syarat.date else None)


def _latest(syarat: Syarat, rows: Rows) -> date | None:
    """The latest date in the rows that the condition speaks of, whatever else they lack."""
    kinds = [[asked for asked in way if asked.criterion != "<>"] for way in syarat.ways]
    spoken = [row for row in rows.get(syarat.table, ()) if any(_passes(row, way) for way in kinds)]
    return max((day for row in spoken if (day := _day(row.get(syarat.date)))), default=None)


def _passes(row: Row, way: Iterable[Asked]) -> bool:
    return all(meets(row.get(test.column), test.criterion) for test in way)


def _applies(syarat: Syarat, rows: Rows, settings: Settings) -> bool:
    if any(settings[code] == value for code, value in syarat.never):
        return False
    if any(settings[code] == value for code, value in syarat.always):
        return True
    return not syarat.only or any(row.get(tick) is True for row in rows.get("kerja_sama", ()) for tick in syarat.only)


def _day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _first(rows: Rows, table: str, column: str) -> Cell:
    """The cell of the partnership's first row in a table."""
    return next((row.get(column) for row in rows.get(table, ())), None)
