"""One open workbook as Excel keeps it: what it shows, what it lets be written, what it refuses.

Both simulated hosts work on this, so that they differ only where the real ones do: in how they are spoken to. Formulas
are not recalculated: a formula shows what was last stored in the file, a formula written since then shows nothing
(`support.excel_books.recalculated` has it computed). Formulas do not follow a sheet that is renamed or deleted.
Conditional formats, validations and charts are kept as they are.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import NoReturn

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from support import excel_looks
from support.excel_cells import Box, Shown, at, cells, formula_of, locked, merged_areas, moved, shown
from support.excel_refusals import RefusedError
from support.excel_stored import Stored, stored_in, stored_of
from support.excel_typing import DATE_FORMAT, MOMENT_FORMAT, TEXT_FORMAT, Typed, typed

CELL_LIMIT, FORMULA_LIMIT = 32_767, 8_192

Written = float | bool | str | dt.datetime | dt.date | None


class OpenBook:
    """A workbook in memory with what its formulas showed when it was last stored.

    `values` is the same file opened with data_only=True. `error` makes what is raised where Excel refuses.
    """

    def __init__(self, book: Workbook, values: Workbook | None = None, path: Path | None = None) -> None:
        self.book = book
        self.path = path
        self.read_only = False
        self.error: Callable[[str], Exception] = RefusedError
        self._keep(stored_of(values) if values else {})

    @classmethod
    def load(cls, path: Path, *, read_only: bool = False) -> OpenBook:
        content = path.read_bytes()
        keep_vba = path.suffix == ".xlsm"
        opened = cls(openpyxl.load_workbook(io.BytesIO(content), rich_text=True, keep_vba=keep_vba))
        opened.path, opened.read_only = path.resolve(), read_only
        opened._keep(stored_in(content))
        return opened

    def _keep(self, stored: Stored) -> None:
        self._stored = {sheet: dict(stored.get(sheet.title, {})) for sheet in self.book.worksheets}

    def save(self, path: Path | None = None) -> None:
        """Stores the book in place or under another name, which it then has. Values of formulas are not stored."""
        target = path.resolve() if path else self.path
        if target is None or (self.read_only and target == self.path):
            self.refuse("read-only")
        self.book.save(target)
        if target != self.path:
            self.path, self.read_only = target, False

    def refuse(self, reason: str) -> NoReturn:
        """Raises the host's own error; `reason` is a key of REFUSALS."""
        raise self.error(reason)

    # What a sheet shows

    def value(self, sheet: Worksheet, row: int, column: int) -> Shown:
        cell = at(sheet, row, column)
        if cell is None:
            return None
        computed = formula_of(cell) is not None
        return shown(self._stored.get(sheet, {}).get((row, column)) if computed else cell.value, cell.number_format)

    def values(self, sheet: Worksheet, box: Box) -> list[list[Shown]]:
        columns = range(box.column, box.last_column + 1)
        return [[self.value(sheet, row, column) for column in columns] for row in range(box.row, box.last_row + 1)]

    def used(self, sheet: Worksheet, *, formats: bool) -> Box | None:
        """The used range, with cells that only have a format (as on the desktop) or without; None if empty."""
        places = [
            place
            for place, cell in sheet._cells.items()
            if (formats and (cell.has_style or cell.value is not None))
            or (cell.value is not None and self.value(sheet, *place) is not None)
        ]
        if not places:
            return None
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return Box(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)

    # What may be written

    def needs_contents(self, sheet: Worksheet, box: Box) -> None:
        """Refuses unless every cell of the block may be written: all or nothing, as Excel does."""
        if sheet.protection.sheet and any(locked(sheet, row, column) for row, column in box.places()):
            self.refuse("locked")

    def needs_permission(self, sheet: Worksheet, kind: str) -> None:
        """Refuses unless a protected sheet allows `kind`, one of openpyxl's SheetProtection (true is forbidden)."""
        if sheet.protection.sheet and getattr(sheet.protection, kind):
            self.refuse("formats")

    def _needs_whole_areas(self, sheet: Worksheet, box: Box) -> None:
        if any(not box.holds(area) for area in merged_areas(sheet, box)):
            self.refuse("merged")
        self._needs_whole_arrays(sheet, box)

    def _needs_whole_arrays(self, sheet: Worksheet, box: Box) -> None:
        arrays = (cell.value.ref for cell in _existing(sheet, box) if isinstance(cell.value, ArrayFormula))
        if any(not box.holds(Box.of(ref)) for ref in arrays):
            self.refuse("array")

    # Writing

    def write(self, sheet: Worksheet, box: Box, rows: Sequence[Sequence[Written]]) -> None:
        """Writes a block as if it were typed: see `support.excel_typing`. Nothing is written if anything is refused."""
        if len(rows) != box.rows or any(len(row) != box.columns for row in rows):
            self.refuse("shape")
        self.needs_contents(sheet, box)
        self._needs_whole_arrays(sheet, box)
        entries = {
            (row, column): self._entry(rows[row - box.row][column - box.column], at(sheet, row, column))
            for row, column in box.places()
        }
        for cell in cells(sheet, box):
            entry = entries[cell.row, cell.column]
            self._put(cell, entry.value, text=entry.quoted)
            cell.quotePrefix = entry.quoted and cell.number_format != TEXT_FORMAT
            if entry.number_format and cell.number_format == "General":
                cell.number_format = entry.number_format

    def _entry(self, value: Written, cell: Cell | MergedCell | None) -> Typed:
        number_format = cell.number_format if cell is not None else "General"
        if isinstance(value, str) or (value is not None and number_format == TEXT_FORMAT):
            entry = typed(value if isinstance(value, str) else _as_text(value), number_format)
            formula = isinstance(entry.value, str) and not entry.quoted and entry.value.startswith("=")
            if formula and (str(entry.value).startswith("=@") or len(str(entry.value)) > FORMULA_LIMIT):
                self.refuse("formula")
            if isinstance(entry.value, str) and len(entry.value) > CELL_LIMIT:
                self.refuse("length")
            return entry
        if isinstance(value, dt.datetime):
            return Typed(value, DATE_FORMAT if value.time() == dt.time() else MOMENT_FORMAT)
        if isinstance(value, dt.date):
            return Typed(dt.datetime(value.year, value.month, value.day), DATE_FORMAT)
        if isinstance(value, bool) or value is None:
            return Typed(value)
        return Typed(int(value) if float(value).is_integer() else float(value))

    def _put(self, cell: Cell, value: object, *, text: bool = False) -> None:
        """Stores a value, `text` where it is one whatever it looks like; what the cell showed before is forgotten."""
        self._stored.get(cell.parent, {}).pop((cell.row, cell.column), None)
        number_format = cell.number_format
        cell.value = value
        cell.number_format = number_format  # openpyxl gives dates a format of its own
        if text:
            cell.data_type = "s"

    def clear_contents(self, sheet: Worksheet, box: Box) -> None:
        box = box.within(sheet)
        self.needs_contents(sheet, box)
        self._needs_whole_areas(sheet, box)
        for cell in _existing(sheet, box):
            self._put(cell, None)

    def clear_formats(self, sheet: Worksheet, box: Box) -> None:
        self.needs_permission(sheet, "formatCells")
        for cell in _existing(sheet, box.within(sheet)):
            cell.style = "Normal"

    def clear(self, sheet: Worksheet, box: Box) -> None:
        self.needs_permission(sheet, "formatCells")
        self.clear_contents(sheet, box)
        for cell in _existing(sheet, box.within(sheet)):
            cell.style, cell.comment, cell.hyperlink = "Normal", None, None

    def restyle(self, sheet: Worksheet, box: Box, change: excel_looks.Change) -> None:
        """Changes the look of every cell of the block."""
        self.needs_permission(sheet, "formatCells")
        changed: dict[tuple[int, ...], StyleArray] = {}  # cells of one look become cells of one look
        for cell in cells(sheet, box):
            before = tuple(cell._style or ())
            if before not in changed:
                change(cell)
                changed[before] = cell._style
            cell._style = copy(changed[before])

    def copy(self, source: Worksheet, block: Box, target: Worksheet, place: Box, what: str = "all") -> None:
        """Copies a block; `place` larger than it by whole times is filled, else its first cell is the corner.

        what: "all", "values", "formulas" or "formats"; an "all" copy brings locked and unlocked along, as in Excel.
        """
        whole = place.rows % block.rows == 0 and place.columns % block.columns == 0
        area = place if whole else Box(place.row, place.column, block.rows, block.columns)
        if what == "formats":
            self.needs_permission(target, "formatCells")
        else:
            self.needs_contents(target, area)
        originals = {spot: _Original(self.value(source, *spot), at(source, *spot)) for spot in block.places()}
        for cell in cells(target, area):
            down, right = (cell.row - area.row) % block.rows, (cell.column - area.column) % block.columns
            original = originals[block.row + down, block.column + right]
            if what in {"all", "formats"}:
                excel_looks.copied(original.cell)(cell)
            if what == "values":
                self._put(cell, original.shows, text=isinstance(original.shows, str))
            elif what != "formats":
                self._put(cell, original.moved_to(cell), text=original.text)

    def add_hyperlink(self, sheet: Worksheet, box: Box, address: str, text: str, tip: str) -> None:
        """Links every cell of the block, with the look of a link; "#Sheet!A1" leads into the book itself."""
        self.needs_permission(sheet, "insertHyperlinks")
        self.write(sheet, box, [[f"'{text}"] * box.columns] * box.rows)
        target, location = (None, address[1:]) if address.startswith("#") else (address, None)
        for cell in cells(sheet, box):
            cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=location, tooltip=tip)
            cell.quotePrefix = False
            excel_looks.font("u", "single")(cell)
            excel_looks.font("color", "0563C1")(cell)

    # Columns and rows

    def column_width(self, sheet: Worksheet, box: Box, characters: float) -> None:
        self.needs_permission(sheet, "formatColumns")
        for column in range(box.column, box.last_column + 1):
            sheet.column_dimensions[get_column_letter(column)].width = characters

    def row_height(self, sheet: Worksheet, box: Box, points: float) -> None:
        self.needs_permission(sheet, "formatRows")
        for row in range(box.row, box.last_row + 1):
            sheet.row_dimensions[row].height = points

    def autofit(self, sheet: Worksheet, box: Box, axis: str) -> None:
        """Columns as wide as their longest text in characters; row heights are left to whoever opens the book."""
        self.needs_permission(sheet, "formatColumns" if axis == "columns" else "formatRows")
        box = box.within(sheet)
        for row in range(box.row, box.last_row + 1) if axis == "rows" else ():
            sheet.row_dimensions[row].height = None
        for column in range(box.column, box.last_column + 1) if axis == "columns" else ():
            block = Box(box.row, column, box.rows)
            lengths = (len(str(cell.value)) for cell in _existing(sheet, block) if cell.value is not None)
            sheet.column_dimensions[get_column_letter(column)].width = max(lengths, default=8) + 2


class _Original:
    """A cell as it was before copying began: source and target may overlap."""

    def __init__(self, shows: Shown, cell: Cell | MergedCell | None) -> None:
        self.shows = shows
        self.cell = cell
        self._value = cell.value if cell is not None else None
        self._formula = formula_of(cell)
        self.text = isinstance(self._value, str) and self._formula is None

    def moved_to(self, target: Cell) -> object:
        """The value, or the formula with its relative references moved along."""
        if self._formula is None or self.cell is None:
            return self._value
        formula = moved(self._formula, self.cell.coordinate, target.coordinate)
        if isinstance(self._value, ArrayFormula):
            box = Box.of(self._value.ref)._replace(row=target.row, column=target.column)
            return ArrayFormula(box.address(), formula)
        return formula


def _as_text(value: float | bool | dt.date) -> str:
    """What a value becomes in a cell formatted as text."""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"  # the desktop writes dates as the regional settings say, here Indonesian
    return str(value).upper() if isinstance(value, bool) else format(value, ".15g")


def _existing(sheet: Worksheet, box: Box) -> Iterator[Cell]:
    found = (at(sheet, row, column) for row, column in box.within(sheet).places())
    return (cell for cell in found if isinstance(cell, Cell))
