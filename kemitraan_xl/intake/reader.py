"""From a file that may be read to its tables, each cell with Excel's own address. Runs inside a worker.

Nothing is raised for what a partner did: what is odd about the structure is a Fault, and what is no template
of ours a refusal. Values come from python-calamine; what it would hide (error cells, formulas that were never
calculated) the guard has seen in the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from kemitraan_xl.intake.guard import Look
from kemitraan_xl.intake.locate import (
    Found,
    Grid,
    address,
    find_labels,
    find_table,
    heading,
    letters,
    numbers,
)
from kemitraan_xl.intake.model import Extract, Fault, FileReading
from kemitraan_xl.intake.refusal import reason
from validation.contract import Table, fold, lists, tables

IDENTITY = "kmt:identitas"
STAMP = "kmt:"
#: Sheets of a template that hold no table.
_PLAIN = ("Petunjuk", "Periksa", "Ref")
#: Blank rows after which a cell below a table is no longer taken for a part of it.
_GAP = 20
_TOTALS = ("jumlah", "total", "jumlah total", "total biaya", "jumlah biaya")
#: What ST-14 calls the features of the guard.
_ACTIVE = {
    "makro": {"macros", "macro_sheets"},
    "tautan ke berkas lain": {"external_links"},
    "objek sisipan": {"embedded_objects", "activex"},
    "kueri data": {"connections", "query_tables"},
}


def read_bytes(data: bytes, look: Look) -> FileReading:  # noqa: ARG001 - the look holds the checked bytes
    """Every table of one file. May raise `Refused` when a sheet turns out to be dangerous on closer look."""
    if look.refusal:
        return FileReading(refusal=look.refusal)
    return _Reader(look).read()


class _Reader:
    """One file being read: its grids, read only when a table may be on them."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.titles = [sheet.title for sheet in look.sheets if sheet.part]
        self.grids: dict[str, Grid] = {}
        self.stamps: dict[str, list[tuple[str, int, int]]] = {}
        self.reading = FileReading(modified=look.modified)
        self.used: set[str] = set()

    def read(self) -> FileReading:
        known = {fold(table.sheet) for table in tables().values()} | {"ref"}
        self._load([title for title in self.titles if fold(title) in known])
        if IDENTITY not in self.stamps:
            self._load(self.titles)
        self._identify()
        kind = self.reading.identity.get("jenis") or self._guessed()
        self.reading.identity["jenis"] = kind
        wanted = [table for table in tables().values() if kind in table.kinds]
        missing = [table for table in wanted if not table.part_of and not self._take(table, kind)]
        if missing:
            self._load(self.titles)
            missing = [table for table in missing if not self._take(table, kind)]
        for table in wanted:
            if table.part_of and table.part_of in self.reading.tables:
                self._labels(table, kind, self.reading.tables[table.part_of].sheet)
        if not kind or not self.reading.tables:
            return FileReading(refusal=reason("template"), modified=self.look.modified)
        for sheet in dict.fromkeys(table.sheet for table in missing):
            self._fault("ST-01", sheet, "", sheet)
        self._whole_file(kind)
        return self.reading

    # ---- sheets ---- #

    def _load(self, titles: Sequence[str]) -> None:
        wanted = [title for title in titles if title not in self.grids]
        if not wanted:
            return
        book = CalamineWorkbook.from_filelike(BytesIO(self.look.workbook(wanted)))
        for title in wanted:
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            self.grids[title] = [[_cell(cell) for cell in row] for row in rows]
            for row, cells in enumerate(self.grids[title]):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith(STAMP):
                        self.stamps.setdefault(cell, []).append((title, row, column))

    def _identify(self) -> None:
        """The identity block: label and value side by side below its stamp."""
        for title, row, column in self.stamps.get(IDENTITY, [])[:1]:
            for cells in self.grids[title][row + 1 :]:
                if len(cells) <= column or not isinstance(cells[column], str):
                    break
                value = cells[column + 1] if len(cells) > column + 1 else None
                self.reading.identity[cells[column]] = "" if value is None else str(value)

    def _guessed(self) -> str:
        """The kind of workbook when the identity block is gone: the one most of whose sheets are there."""
        titles = {fold(title) for title in self.titles}
        best, most = "", 1
        for item in lists()["jenis_berkas"]:
            sheets = {fold(table.sheet) for table in tables().values() if item.code in table.kinds}
            if len(sheets & titles) > most:
                best, most = item.code, len(sheets & titles)
        return best

    # ---- tables ---- #

    def _take(self, table: Table, kind: str) -> bool:
        """Find the table and read it: on the sheet of its stamp, of its title, or on any other."""
        stamped = [title for title, _, _ in self.stamps.get(table.stamp, [])]
        titled = [title for title in self.grids if fold(title) == fold(table.sheet)]
        read: Callable[[Table, str, str], bool] = self._labels if table.layout == "label" else self._rows
        for title in dict.fromkeys([*stamped, *titled, *self.grids]):
            if read(table, kind, title):
                if fold(title) != fold(table.sheet):
                    self._fault("ST-12", title, "", table.sheet, title)
                return True
        return False

    def _labels(self, table: Table, kind: str, title: str) -> bool:
        look = self.look.sheet(title)
        merged = {}
        for area in look.merges:
            first, _, last = area.partition(":")
            merged[numbers(first)] = numbers(last or first)[1]
        grid = self.grids[title]
        found = find_labels(grid, table, kind, merged)
        if found is None:
            return False
        extract = Extract(table.name, title, {}, [0], {})
        for name, column in found.columns.items():
            row = found.value_rows[name]
            extract.columns[name] = [_at(grid, row, column)]
            extract.letters[name] = address(row, column)
        self._keep(extract, found, table)
        by_cell = {cell: name for name, cell in extract.letters.items()}
        self._cells(table, title, lambda row, column: by_cell.get(address(row, column)))
        return True

    def _rows(self, table: Table, kind: str, title: str) -> bool:
        grid = self.grids[title]
        stamps = [(row, column) for where, row, column in self.stamps.get(table.stamp, []) if where == title]
        found = find_table(grid, table, kind, stamps)
        if found is None:
            return False
        extract = Extract(
            table.name,
            title,
            {name: [] for name in found.columns},
            [],
            {name: letters(column) for name, column in found.columns.items()},
        )
        self._collect(table, grid, found, extract)
        self._keep(extract, found, table)
        if not found.stamped:
            self._fault("ST-17", title, "", table.title or table.sheet)
        names = {column: name for name, column in found.columns.items()}
        self._cells(table, title, lambda row, column: names.get(column) if row > found.row else None)
        self._shape(title, found, extract)
        return True

    def _collect(self, table: Table, grid: Grid, found: Found, extract: Extract) -> None:
        """The data rows below the headings; numbered blanks, the end row and totals are none."""
        passive = {"no", table.prefilled} | {c.name for c in table.columns if c.computed or c.helper}
        active = [place for name, place in found.columns.items() if name not in passive]
        label = found.columns.get(table.prefilled)
        places = list(found.columns.items())
        repeated = {numbers(fault.cell)[0] for fault in found.faults if fault.key == "ST-15"}
        ended, late, last = False, False, found.row
        width = max(found.columns.values(), default=0)
        for number in range(found.row + 1, len(grid)):
            cells = grid[number]
            if number in repeated:
                break
            filled = any(place < len(cells) and cells[place] is not None for place in active)
            kept = filled or (label is not None and label < len(cells) and cells[label] is not None)
            if not any(cell is not None for cell in cells[: width + 1]):
                continue
            if number - last > _GAP:
                self._stray(table, extract.sheet, number, cells[: width + 1])
                continue
            last = number
            if not filled and table.end and any(heading(cell) == table.end for cell in cells[: width + 1]):
                ended = True
            elif kept and not _is_total(cells, table):
                if ended and not late:
                    late = True
                    self._fault("ST-06", extract.sheet, address(number, min(active)))
                extract.rows.append(number + 1)
                for name, place in places:
                    extract.columns[name].append(cells[place] if place < len(cells) else None)
        if found.stamped:
            self._stray_right(table, extract.sheet, grid, found)

    def _stray(self, table: Table, title: str, number: int, cells: Sequence[Any]) -> None:
        column, text = next((c, cell) for c, cell in enumerate(cells) if cell is not None)
        self._fault("ST-19", title, address(number, column), table.title or table.sheet, str(text))

    def _stray_right(self, table: Table, title: str, grid: Grid, found: Found) -> None:
        """Something typed right of the stamp, where no column is."""
        for number in range(found.row + 1, len(grid)):
            for column in range(found.right + 1, len(grid[number])):
                if grid[number][column] is not None:
                    text = str(grid[number][column])
                    self._fault("ST-19", title, address(number, column), table.title or table.sheet, text)
                    return

    # ---- what is odd ---- #

    def _keep(self, extract: Extract, found: Found, table: Table) -> None:
        self.reading.tables[table.name] = extract
        self.used.add(extract.sheet)
        for fault in found.faults:
            self._fault(fault.key, extract.sheet, fault.cell, fault.column, fault.value)

    def _fault(self, key: str, sheet: str, cell: str = "", column: str = "", value: str = "") -> None:
        fault = Fault(key, sheet, cell, column, value)
        if fault not in self.reading.faults:
            self.reading.faults.append(fault)

    def _cells(self, table: Table, title: str, name_at: Callable[[int, int], str | None]) -> None:
        """Error cells and uncalculated formulas inside the table, which the values show as blanks."""
        look = self.look.sheet(title)
        for cell, text in look.errors.items():
            if name := name_at(*numbers(cell)):
                self._fault("ST-08", title, cell, table.column(name).heading, text)
        for cell in look.uncalculated:
            if name := name_at(*numbers(cell)):
                column = table.column(name)
                self._fault("ST-09:hitungan" if column.computed else "ST-09", title, cell, column.heading)

    def _shape(self, title: str, found: Found, extract: Extract) -> None:
        """Merged cells and hidden rows or columns among the data."""
        look = self.look.sheet(title)
        used = set(found.columns.values())
        last = max(extract.rows, default=0)
        for area in look.merges:
            first, _, end = area.partition(":")
            (top, left), (_, right) = numbers(first), numbers(end or first)
            if found.row < top < last and used & set(range(left, right + 1)):
                self._fault("ST-10", title, first, "", area)
        hidden = [row for row in extract.rows if row in look.hidden_rows]
        columns = [
            name
            for name, place in found.columns.items()
            if any(low <= place + 1 <= high for low, high in look.hidden_columns)
            and any(cell is not None for cell in extract.columns[name])
        ]
        if hidden or columns:
            row = hidden[0] if hidden else found.row + 1
            place = found.columns[columns[0]] if columns else min(used)
            self._fault("ST-11", title, address(row - 1, place), "", str(len(hidden) + len(columns)))

    def _whole_file(self, kind: str) -> None:
        """Sheets that are not ours, active content, comments, the date system."""
        ours = {fold(title) for title in _PLAIN}
        ours |= {fold(item.label) for item in lists()["lembar_induk"]} if kind == "induk" else set()
        extra = [title for title in self.titles if title not in self.used and fold(title) not in ours]
        self._load(extra)
        for title in extra:
            if any(cell is not None for row in self.grids[title] for cell in row):
                self._fault("ST-13", title, "", "", title)
        active = [word for word, keys in _ACTIVE.items() if keys & self.look.features]
        if active and kind != "induk":
            self._fault("ST-14", "", "", "", " dan ".join(active))
        if {"comments", "threaded_comments"} & self.look.features:
            self._fault("ST-16", "")
        if self.look.date1904:
            self._fault("ST-20", "")


def _at(grid: Grid, row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def _cell(cell: Any) -> Any:
    """A cell as it travels: blanks of every kind are None, midnight is a day, a span of time is text."""
    if isinstance(cell, str):
        return cell if cell and not cell.isspace() else None
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell
    return str(cell) if isinstance(cell, (time, timedelta)) else cell


def _is_total(cells: Iterable[Any], table: Table) -> bool:
    """A row that sums up the ones above: "Jumlah" in front, and no other text."""
    texts = [heading(cell) for cell in cells if isinstance(cell, str)]
    numeric = {c.name for c in table.columns if c.kind in ("bulat", "angka", "rupiah")}
    return bool(texts) and all(text in _TOTALS for text in texts[:1]) and len(texts) <= 1 + len(numeric)


