"""Files as Markdown tables that a person can read in a review: what must be found in them, and what must not.

`tests/data/should_fail/NS-10-dua-naskah.md` must raise the code its name begins with; its section "Temuan" lists
every finding of level E or W in it (code, sheet, column, data row) and nothing else may be found. A file of
`should_pass` looks alike but must not raise its code; what else it raises stands in "Temuan" too.

    # A sentence for the reader
    Berkas: induk                      the kind of workbook: usulan, kemajuan, akhir, induk
    Per tanggal: 2026-11-24            optional, as are "Mitra: M-001" and "Periode: 2026-S1"

    ## Naskah                          a sheet; its table is known by its headings
    | Nomor | Status Naskah |
    |---|---|
    | | |                              a blank cell is as in the base, "–" is an empty cell, <br> a new line
    | 2 | Berlaku |                    a row beyond those of the base takes its other cells from the base's last row

    ## Bukti (tanpa baris)             the sheet is there, without a row

The base of a file is `tests/data/dasar/<kind>.md`: a filled workbook without a fault. So a fixture says only what
differs. A table whose first heading is "Kolom" lies on its side: one line per column, one cell per row (label sheets
such as Sampul, and tables too wide to read). A report is compared with the master of
`dasar/induk.md`; a section "## Induk › Rencana Kerja" changes that. Numbers and ISO dates are read as such.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from kemitraan_xl.examine import agreed_frames, examine
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.pedoman.load import load
from validation.contract import Table, tables
from validation.findings import Finding

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 24)
EMPTY = "–"
_OF_MASTER = "Induk › "

Cells = dict[str, Any]
Found = tuple[str, str, str, str]  #: code, sheet, heading of the column, data row ("" on label sheets and for sheets)


@dataclass
class Sheet:
    """One section: its title, whether it is to lose its rows, and its rows by heading."""

    title: str
    without_rows: bool = False
    rows: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Fixture:
    """A file as written: its head lines by label and its sections."""

    head: dict[str, str]
    sheets: list[Sheet]

    @property
    def kind(self) -> str:
        return self.head["Berkas"]

    @property
    def today(self) -> date:
        return date.fromisoformat(self.head.get("Per tanggal", TODAY.isoformat()))

    @property
    def agreed(self) -> str:
        """Which master a report is compared with, "" for none."""
        if self.kind not in ("kemajuan", "akhir"):
            return ""
        return repr(["induk", *(sheet for sheet in self.sheets if sheet.title.startswith(_OF_MASTER))])


def read(path: Path) -> Fixture:
    """A fixture from its file."""
    fixture = Fixture({}, [])
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title, _, rest = line[3:].partition(" (tanpa baris)")
            fixture.sheets.append(Sheet(title.strip(), without_rows=line.endswith("(tanpa baris)") and not rest))
            headings: list[str] = []
        elif line.startswith("|"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not headings:
                headings = cells
            elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                fixture.sheets[-1].rows.append(dict(zip(headings, cells, strict=True)))
        elif not fixture.sheets and (found := re.fullmatch(r"([A-Z][a-z ]+): (.+)", line)):
            fixture.head[found[1]] = found[2].strip()
    return fixture


def expected(fixture: Fixture) -> list[Found]:
    """The findings of level E or W that the section "Temuan" lists."""
    rows = [row for sheet in fixture.sheets if sheet.title == "Temuan" for row in sheet.rows]
    return sorted((row["Kode"], row["Lembar"], row["Kolom"], row["Baris"].strip(EMPTY)) for row in rows)


def found(given: Sequence[Fixture]) -> list[list[Finding]]:
    """What the product finds in each file, by the path real files take once they are read: all of a day at once."""
    pedoman = load()
    findings: list[list[Finding]] = [[] for _ in given]
    days: dict[tuple[date, str], list[int]] = defaultdict(list)
    for number, fixture in enumerate(given):
        days[fixture.today, fixture.agreed].append(number)
    for (today, agreed), numbers in days.items():
        master = agreed_frames(reading(_master(given[numbers[0]]))) if agreed else {}
        readings = [reading(_filled(given[number])) for number in numbers]
        examined = examine(readings, today, pedoman, pedoman.choose(), master)
        for number, one in zip(numbers, examined.findings, strict=True):
            findings[number] = list(one)
    return findings


def place(finding: Finding) -> Found:
    """Where a finding is, as a fixture says it."""
    table_layout = {table.sheet: table.layout for table in tables().values()}
    row = re.sub(r"\D", "", finding.cell) if table_layout.get(finding.sheet) == "tabel" else ""
    return finding.code, finding.sheet, finding.column, row


# ---- from sections to a reading ---- #


@dataclass(frozen=True)
class Filled:
    """A workbook's rows by table name."""

    kind: str
    rows: Mapping[str, list[Cells]]
    partner: str = ""
    period: str = ""


def _master(fixture: Fixture) -> Filled:
    return Filled("induk", _merged(dict(_base("induk")), _sections(fixture, "induk", _OF_MASTER)))


def _filled(fixture: Fixture) -> Filled:
    rows = _merged(dict(_base(fixture.kind)), _sections(fixture, fixture.kind, ""))
    return Filled(fixture.kind, rows, fixture.head.get("Mitra", ""), fixture.head.get("Periode", ""))


@cache
def _base(kind: str) -> tuple[tuple[str, list[Cells]], ...]:
    """The rows of the faultless workbook of a kind, by table; every table of the kind is there."""
    names = [name for name, table in tables().items() if kind in table.kinds]
    sections = _sections(read(DATA / "dasar" / f"{kind}.md"), kind, "")
    given = {name: [_values(row) for row in sheet.rows] for name, sheet in sections}
    return tuple((name, given.get(name, [])) for name in names)


def _sections(fixture: Fixture, kind: str, prefix: str) -> list[tuple[str, Sheet]]:
    chosen = []
    for sheet in fixture.sheets:
        mine = sheet.title.startswith(_OF_MASTER) == bool(prefix)
        if sheet.title != "Temuan" and mine:
            title = sheet.title.removeprefix(prefix)
            chosen += [(name, part) for name, part in _by_table(kind, title, sheet)]
    return chosen


def _by_table(kind: str, title: str, sheet: Sheet) -> Iterator[tuple[str, Sheet]]:
    """The section with column names instead of headings, for the table of the sheet that has them all."""
    candidates = [table for table in tables().values() if table.sheet == title and kind in table.kinds]
    if sheet.without_rows:
        candidates = [table for table in candidates if table.layout == "tabel"]
    for table in candidates:
        rows = _named(table, kind, sheet.rows)
        if rows is not None:
            yield table.name, Sheet(title, sheet.without_rows, rows)
            return
    raise AssertionError(f"no table of {kind} on sheet {title!r} has these headings: {sheet.rows[:1]}")


def _named(table: Table, kind: str, rows: list[dict[str, str]]) -> list[dict[str, str]] | None:
    names = {column.heading: column.name for column in table.columns_in(kind)}
    on_side = bool(rows) and "Kolom" in rows[0]
    flat = [{row["Kolom"]: row[head] for row in rows} for head in rows[0] if head != "Kolom"] if on_side else rows
    if any(heading not in names for row in flat for heading in row):
        return None
    return [{names[heading]: cell for heading, cell in row.items()} for row in flat]


def _merged(base: dict[str, list[Cells]], sections: list[tuple[str, Sheet]]) -> dict[str, list[Cells]]:
    for name, sheet in sections:
        old = base[name]
        if sheet.without_rows:
            base[name] = []
            continue
        rows = []
        for index, row in enumerate(sheet.rows):
            below = old[min(index, len(old) - 1)] if old else {}
            rows.append({**below, **{column: _value(cell) for column, cell in row.items() if cell}})
        base[name] = rows + old[len(rows) :]
    return base


def _values(row: dict[str, str]) -> Cells:
    return {column: _value(cell) for column, cell in row.items() if cell}


def _value(cell: str) -> Any:
    if cell == EMPTY:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    if re.fullmatch(r"-?\d{1,15}", cell):
        return int(cell)
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    return cell.replace("<br>", "\n").replace("\\|", "|")


def reading(filled: Filled) -> FileReading:
    """The workbook as a reader would hand it over, every table at the top left of its sheet."""
    identity = {"jenis": filled.kind, "mitra": filled.partner, "periode": filled.period, "edisi": load().edition}
    extracts = {name: _extract(tables()[name], filled.kind, rows) for name, rows in filled.rows.items()}
    return FileReading(identity=identity, tables=extracts)


def _extract(table: Table, kind: str, rows: list[Cells]) -> Extract:
    columns = [column.name for column in table.columns_in(kind)]
    rows = rows or ([{}] if table.layout == "label" else [])
    letters = {name: get_column_letter(number) for number, name in enumerate(columns, 1)}
    if table.layout == "label":
        letters = {name: f"B{number}" for number, name in enumerate(columns, 1)}
    cells = {name: [row.get(name) for row in rows] for name in columns}
    return Extract(table.name, table.sheet, cells, list(range(1, len(rows) + 1)), letters)
