"""The files that go back: per returned file the current template with the partner's own values, marked, and a mail.

A file that could not be read gets only a mail. Accepted files get neither: nothing is asked of the partner, and
what KPAI may want to know of them stands in Temuan.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook

from kemitraan_xl.book.cells import TEXT_LIMIT
from kemitraan_xl.book.template import SHEETS, build_template, facts
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.identity import FIELDS, Identity
from kemitraan_xl.intake.leftover import leftovers
from kemitraan_xl.intake.model import Extract
from kemitraan_xl.intake.refusal import Refused
from kemitraan_xl.intake.unpack import content
from kemitraan_xl.letter import refusal_mail, reply_mail
from kemitraan_xl.marks import ASK, NOTE, Line, Mark, Returned, Spare, Spot
from kemitraan_xl.note import note
from kemitraan_xl.privacy import MARK, find_number, mask
from kemitraan_xl.restore import LEFT_OUT, SETTLED, WRONG_PERIOD, asked_of, left_out, periods
from kemitraan_xl.safe_write import replace_file
from kemitraan_xl.verdicts import Return
from validation.contract import LEVELS, Column, Table, fold, former, lists, tables
from validation.findings import Finding

Rows = dict[str, list[dict[str, Any]]]
#: The row of the new file by the row of the table that was read, both counted from 0.
Moved = Mapping[str, Sequence[int]]

#: Structure faults that the current template has mended by itself.
_MENDED = frozenset(f"ST-{number:02}" for number in (1, 2, 4, 6, 10, 11, 12, 14, 17, 18, 25))
#: Values that were not used: they stand on Isian Lain.
_SET_ASIDE = frozenset({"ST-05", "ST-07", "ST-13", "ST-15", "ST-19"})
_LOST_SHEET, _LOST_COLUMN, _ECHO = "ST-01", "ST-03", "ST-21"
#: What only KPAI can put right: a cooperation that it has not recorded, and a period that no cell of the file says.
_TO_BE_ASKED = frozenset({"LP-03:asing", "LP-03:asing_akhir", *WRONG_PERIOD})
#: Findings for KPAI's own staff: they name another partner, or tell what the partner itself has changed.
_INTERNAL = frozenset({"ST-23", "ST-24"})

MENDED, ASIDE, READ, CHECK = "Sudah dipulihkan", "Lihat Isian Lain", "Cukup dibaca", "Periksa lembarnya"
WHOLE = "(seluruh berkas)"
_REMEDIES = {
    MENDED: "Sudah dipulihkan dalam berkas ini; periksa apakah isinya sudah benar.",
    ASIDE: "Isinya kami simpan pada lembar Isian Lain. Salin ke sel yang benar bila masih diperlukan.",
    _LOST_SHEET: "Lembar itu sudah ada kembali dalam berkas ini. Isi lembar itu, lalu kirim kembali.",
    _LOST_COLUMN: "Judulnya sudah dipulihkan dalam berkas ini. Isi kembali kolom {kolom}; "
    "isian dari kolom yang tidak dikenal ada pada lembar Isian Lain.",
}
_PUT_BACK = "Barisnya sudah kami kembalikan dalam berkas ini. {saran}"
_REISSUED = (
    "Berkas ini kami terbitkan kembali untuk periode {periode}, satu-satunya laporan yang kami tunggu yang memuat "
    "semua Waktu Pelaksanaan di dalamnya. Bila bukan periode itu, balas surel pengantarnya dan sebutkan periodenya."
)
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_NAME_LENGTH = 90


def write_replies(recap: Recap, folder: Path) -> list[Path]:
    """Write what goes back into `folder`, which is made if need be; returns the files written, in order.

    Files of the same name are replaced, nothing else is touched. Same recap, same bytes. Raises Impossible when
    a file that was handed in would be overwritten, OSError when something cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    meant = periods(recap)
    names = _names(recap.returns, meant)
    handed_in = {entry.arrival.path.resolve() for entry in recap.listed}
    for name in names.values():
        if {(folder / f"{name}{suffix}").resolve() for suffix in (".xlsx", ".eml")} & handed_in:
            raise Impossible(f"{folder} memuat kiriman mitra; pilih folder lain untuk berkas yang dikembalikan.")
    written: list[Path] = []
    for number, name in names.items():
        entry, mail = recap.returns[number], folder / f"{name}.eml"
        if entry.verdict == "ditolak":
            replace_file(mail, refusal_mail(entry, recap.today))
        else:
            book = folder / f"{name}.xlsx"
            returned = write_returned(recap, number, meant[number], book)
            replace_file(mail, reply_mail(entry, returned, book, recap.today))
            written.append(book)
        written.append(mail)
    return written


def write_returned(recap: Recap, number: int, period: str, target: Path) -> Returned:
    """Write the marked file of one return at `target`, issued for `period`; returns what it shows. Raises OSError."""
    entry = recap.returns[number]
    spare = [*_cut_off(entry), *_leftovers(entry)]
    copy = _Copy.of(entry, bool(spare), period, left_out(recap, number))
    shown = [pair for finding in entry.findings if _tells(finding) for pair in copy.lines(finding)]
    shown.sort(key=lambda item: (LEVELS.index(item[1].level), _sheet_order(entry.kind, item[1].sheet)))
    kind = lists()["jenis_berkas"][entry.kind].label
    returned = Returned(
        about=" · ".join(part for part in (entry.partner or entry.arrival.own_name, kind, period) if part),
        lines=[line for _, line in shown],
        marks=_marks(shown),
        spare=spare,
    )
    build_template(
        entry.kind,
        target,
        mitra=entry.partner,
        kode=entry.code,
        periode=period,
        prefill=copy.values,
        per_tanggal=recap.today,
        returned=returned,
    )
    return returned


def _tells(finding: Finding) -> bool:
    """Whether a partner is told: not what is for KPAI's staff, nor that a text was read as what it says."""
    same = finding.check.key == _ECHO and fold(finding.value) == fold(finding.detail)
    return finding.code not in _INTERNAL and not same


# ---- the partner's own values, each in its place ---- #


def values_of(entry: Return, moved: Moved) -> Rows:
    """The rows of every table as typed, for the template to be filled with; computed cells compute themselves."""
    values: Rows = {}
    for name, extract in entry.reading.tables.items():
        rows: list[dict[str, Any]] = [{} for _ in range(max(moved[name], default=-1) + 1)]
        for column in tables()[name].columns_in(entry.kind):
            for index, cell in enumerate(extract.columns.get(column.name, ())):
                blank_label = cell is None and column.name == tables()[name].prefilled
                if not blank_label and (not column.computed or _contradicts(entry, column, cell)):
                    rows[moved[name][index]][column.name] = cell
        values[name] = rows
    return values


def _contradicts(entry: Return, column: Column, cell: Any) -> bool:
    """Whether a cell that repeats one of the cover ("Nama Lembaga:") was typed over with something else."""
    cover = entry.reading.tables.get("sampul")
    named = [c for c in tables()["sampul"].columns if f"{c.heading}:" == column.heading]
    shown = [cover.columns.get(c.name) for c in named] if cover else []
    return cell is not None and bool(shown) and [cell] not in shown


def _moved(table: Table, extract: Extract) -> Sequence[int]:
    """Where each row goes: a row with a printed label to that label, any other row behind them, in order."""
    size = len(extract.rows)
    typed = extract.columns.get(table.prefilled)
    if typed is None:
        return range(size)
    codes = [item.code for item in lists()[table.column(table.prefilled).list]]
    places: dict[int, int] = {}
    for index, label in enumerate(typed):
        item = lists()[table.column(table.prefilled).list].find(str(label)) if label is not None else None
        place = codes.index(item.code) if item else index if label is None and index < len(codes) else None
        if place is not None and place not in places.values():
            places[index] = place
    free = iter(range(len(codes), len(codes) + size))
    return [places[index] if index in places else next(free) for index in range(size)]


def _cut_off(entry: Return) -> Iterator[Spare]:
    """What of a text is too long for one cell."""
    for name, extract in entry.reading.tables.items():
        for column, cells in extract.columns.items():
            for index, cell in enumerate(cells):
                if isinstance(cell, str) and len(cell) > TEXT_LIMIT:
                    heading = tables()[name].column(column).heading
                    for start in range(TEXT_LIMIT, len(cell), TEXT_LIMIT):
                        part = cell[start : start + TEXT_LIMIT]
                        yield Spare(extract.sheet, extract.cell(column, index), f"{heading} (lanjutan)", part)


def _leftovers(entry: Return) -> list[Spare]:
    """Values of the file that no table took up, with what may identify a child masked as everywhere else."""
    try:
        data = content(entry.arrival)
    except (OSError, Refused):
        return []
    stamps = {value for _, value in facts(Identity(**{name: entry.reading.identity.get(name, "") for name in FIELDS}))}
    old = {row.text for row in former().get(entry.reading.identity.get("edisi", ""), ())}
    found = leftovers(data, entry.reading, _printed(entry.kind) | stamps | old) if _same(data, entry) else []
    return [Spare(mask(item.sheet), mask(item.cell), mask(item.heading), _masked(item.value)) for item in found]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    return MARK if isinstance(value, int | float) and find_number(value) else value


def _same(data: bytes, entry: Return) -> bool:
    return hashlib.sha256(data).hexdigest() == entry.arrival.sha256


@cache
def _printed(kind: str) -> frozenset[str]:
    """Every text of a blank template of this kind."""
    with TemporaryDirectory() as folder:
        blank = Path(folder) / "templat.xlsx"
        build_template(kind, blank, mitra="")
        book = CalamineWorkbook.from_path(str(blank))
        grids = [book.get_sheet_by_name(name).to_python() for name in SHEETS[kind]]
    return frozenset(cell for grid in grids for row in grid for cell in row if isinstance(cell, str) and cell)


# ---- findings, each at its cell in the new file ---- #


@dataclass(frozen=True)
class _Copy:
    """The new file in the making: which return it comes from, its values, and where each cell read has gone."""

    entry: Return
    moved: Moved
    values: Rows
    spots: Mapping[tuple[str, str], Spot]  #: by sheet and cell of the file handed in
    spare: bool
    period: str  #: for which it is issued
    restored: Mapping[str, Sequence[Spot]]  #: cells to be filled in of the rows put back, by table

    @classmethod
    def of(cls, entry: Return, spare: bool, period: str, missing: Rows) -> _Copy:
        moved = {name: _moved(tables()[name], extract) for name, extract in entry.reading.tables.items()}
        spots = {
            (extract.sheet, extract.cell(column, index)): Spot(name, column, moved[name][index])
            for name, extract in entry.reading.tables.items()
            for column in extract.columns
            for index in range(len(extract.rows))
        }
        values = values_of(entry, moved)
        restored = {}
        for name, rows in missing.items():
            behind = enumerate(rows, start=len(values[name]))
            restored[name] = [Spot(name, key, at) for at, row in behind for key in asked_of(name, entry.kind, row)]
            values[name] += rows
        return cls(entry, moved, values, spots, spare, period, restored)

    def tables_of(self, finding: Finding) -> list[Table]:
        read = self.entry.reading.tables.items()
        there = [tables()[name] for name, extract in read if extract.sheet == finding.sheet]
        return there or [t for t in tables().values() if t.sheet == finding.sheet and self.entry.kind in t.kinds]

    def spots_of(self, finding: Finding) -> Sequence[Spot]:
        """The cells a finding is about; none when it is about a whole sheet or the file."""
        spot = self.spots.get((finding.sheet, finding.cell)) if finding.cell else None
        if spot:
            return [spot]
        if finding.check.key in LEFT_OUT:
            return self.restored.get(LEFT_OUT[finding.check.key], ())
        for table in self.tables_of(finding):
            if finding.code == _LOST_COLUMN:
                lost = [c.name for c in table.columns_in(self.entry.kind) if c.heading == finding.column]
                if lost and lost[0] not in self.entry.reading.tables[table.name].columns:
                    return [Spot(table.name, lost[0], row) for row in self.moved[table.name] or [0]]
            if finding.check.item and finding.check in table.checks:
                codes = [item.code for item in lists()[table.column(table.prefilled).list]]
                return [Spot(table.name, finding.check.column, codes.index(finding.check.item))]
        return []

    def typed(self, spot: Spot) -> Any:
        """What the new file holds there of the partner's own."""
        rows = self.values.get(spot.table, [])
        return rows[spot.index].get(spot.column) if spot.index < len(rows) else None

    def state(self, finding: Finding, spot: Spot | None) -> str:
        """What stands for a finding whose cell need not change; "" when the cell is to be watched."""
        code = finding.code
        if self.reissued(finding):
            return MENDED
        if finding.check.key in _TO_BE_ASKED:
            return ASK
        if code in _MENDED or (spot and tables()[spot.table].column(spot.column).computed and self.typed(spot) is None):
            return MENDED
        if code in _SET_ASIDE:
            return ASIDE if self.spare else MENDED
        if finding.level == "I":
            return READ
        return "" if spot else CHECK

    def reissued(self, finding: Finding) -> bool:
        """Whether the finding is about the period, which the new file has right."""
        return finding.check.key in SETTLED and self.period != self.entry.period

    def remedy(self, finding: Finding, spot: Spot | None, state: str) -> str:
        """What to do in the new file, which is not always what the old one would have needed."""
        if spot and finding.check.key in LEFT_OUT:
            asked = (one for one in tables()[spot.table].checks if one.fact == "required")
            return _PUT_BACK.format(saran=next(one.remedy for one in asked if one.column == spot.column))
        if self.reissued(finding) and finding.check.key in WRONG_PERIOD:
            return _REISSUED.format(periode=self.period)
        own = _REMEDIES.get(finding.check.key) or _REMEDIES.get(state)
        return own.format(kolom=finding.column) if own else finding.remedy

    def lines(self, finding: Finding) -> Iterator[tuple[Finding, Line]]:
        """The finding as it is shown: one row, or one for every cell of a column or row that was lost."""
        spots: Sequence[Spot | None] = self.spots_of(finding) or [None]
        for spot in spots:
            state = self.state(finding, spot)
            yield (
                finding,
                Line(
                    level=finding.level,
                    sheet=next((table.sheet for table in self.tables_of(finding)), finding.sheet) or WHOLE,
                    column=finding.column or (tables()[spot.table].column(spot.column).heading if spot else ""),
                    value=self.typed(spot) if spot and not state else finding.value,
                    message=finding.message,
                    remedy=self.remedy(finding, spot, state),
                    spot=spot,
                    state=state,
                ),
            )


def _marks(shown: Sequence[tuple[Finding, Line]]) -> dict[Spot, Mark]:
    """One mark per cell: the gravest level, and all that was found there in one note."""
    found: dict[Spot, list[tuple[int, Finding, Line]]] = defaultdict(list)
    for number, (finding, line) in enumerate(shown, start=1):
        if line.spot and not line.state:
            found[line.spot].append((number, finding, line))
    marks = {}
    for spot, told in found.items():
        column = tables()[spot.table].column(spot.column)
        notes = [note(finding, line, column) for _, finding, line in told]
        number, _, gravest = told[0]
        marks[spot] = Mark(gravest.level, "\n\n".join((NOTE, *notes)), number)
    return marks


def _sheet_order(kind: str, sheet: str) -> int:
    names = SHEETS[kind]
    return names.index(sheet) if sheet in names else len(names)


# ---- names of the files ---- #


def _names(returns: Sequence[Return], meant: Mapping[int, str]) -> dict[int, str]:
    """The name, without suffix, of what goes back, by number of the return; never one name twice.

    Where two would be alike, each gets a mark of its own file, so that neither depends on who else handed in.
    """
    sent = ("dikembalikan", "ditolak")
    plain = {number: _name(entry, meant[number]) for number, entry in enumerate(returns) if entry.verdict in sent}
    count = Counter(name.casefold() for name in plain.values())
    return {
        number: name if count[name.casefold()] == 1 else f"{name} {_own(returns[number])}"
        for number, name in plain.items()
    }


def _name(entry: Return, period: str) -> str:
    if entry.verdict == "ditolak":
        whole = f"Ditolak {entry.arrival.own_name}"
    else:
        parts = (entry.code, entry.partner or Path(entry.arrival.own_name).stem, entry.kind, period)
        whole = " ".join(part for part in parts if part)
    return " ".join(_UNSAFE.sub(" ", whole).split())[:_NAME_LENGTH].strip(" .") or "Tanpa nama"


def _own(entry: Return) -> str:
    return hashlib.sha256(f"{entry.arrival.name}\n{entry.arrival.sha256}".encode()).hexdigest()[:8]
