"""Blocks of cells, and what a cell shows: the part of Excel that both simulated hosts share and that needs no host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from typing import NamedTuple

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.formula.translate import Translator
from openpyxl.styles import Protection
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.dimensions import Dimension
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from support.excel_typing import DAY_ZERO

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

#: What a cell shows: an error is its name ("#N/A"), a date or a time of day a datetime, an empty cell None.
Shown = float | bool | str | dt.datetime | None

date_format = lru_cache(maxsize=None)(is_date_format)


class Box(NamedTuple):
    """A block of cells: first row and column from 1, and how many of each."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @classmethod
    def of(cls, address: str) -> Box:
        """From "B3" or "$B$3:D10"."""
        left, top, right, bottom = range_boundaries(address.replace("$", ""))
        return cls(top or 1, left or 1, (bottom or MAX_ROWS) - (top or 1) + 1, (right or MAX_COLUMNS) - (left or 1) + 1)

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1

    def address(self, *, absolute: bool = False) -> str:
        sign = "$" if absolute else ""
        first = f"{sign}{get_column_letter(self.column)}{sign}{self.row}"
        last = f"{sign}{get_column_letter(self.last_column)}{sign}{self.last_row}"
        return first if first == last else f"{first}:{last}"

    def places(self) -> Iterator[tuple[int, int]]:
        """Row and column of every cell, row by row."""
        for row in range(self.row, self.last_row + 1):
            for column in range(self.column, self.last_column + 1):
                yield row, column

    def within(self, sheet: Worksheet) -> Box:
        """The part of the block in which the sheet has cells, at least one: whole columns have a million rows."""
        rows, columns = max(sheet.max_row - self.row + 1, 1), max(sheet.max_column - self.column + 1, 1)
        return Box(self.row, self.column, min(self.rows, rows), min(self.columns, columns))

    def spanned(self, other: Box) -> Box:
        """The smallest block that holds both."""
        row, column = min(self.row, other.row), min(self.column, other.column)
        last_row, last_column = max(self.last_row, other.last_row), max(self.last_column, other.last_column)
        return Box(row, column, last_row - row + 1, last_column - column + 1)

    def meets(self, other: Box) -> bool:
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def holds(self, other: Box) -> bool:
        return (
            self.row <= other.row
            and other.last_row <= self.last_row
            and self.column <= other.column
            and other.last_column <= self.last_column
        )


def at(sheet: Worksheet, row: int, column: int) -> Cell | MergedCell | None:
    """The cell, or None where there is none: `sheet.cell` would make one and so enlarge the used range."""
    return sheet._cells.get((row, column))


def inherited(sheet: Worksheet, row: int, column: int) -> Dimension | None:
    """What a cell not yet there takes its look from: its row, else its column; None where neither has one."""
    rows = sheet.row_dimensions
    found = rows[row] if row in rows and rows[row].has_style else _column_style(sheet, column)
    return found if found is not None and found.has_style else None


def cells(sheet: Worksheet, box: Box) -> Iterator[Cell]:
    """Every cell of the block, made where there was none with the look of its row or column, as in Excel; what is
    hidden under a merged cell is left out."""
    for row, column in box.places():
        fresh = at(sheet, row, column) is None
        cell = sheet.cell(row, column)
        style = inherited(sheet, row, column) if fresh else None
        if style is not None:
            cell._style = copy(style._style)
        if not isinstance(cell, MergedCell):
            yield cell


def formula_of(cell: Cell | MergedCell | None) -> str | None:
    """The formula's text, of an array formula too; None where the cell holds none."""
    value = None if cell is None else cell.value
    if isinstance(value, ArrayFormula):
        return value.text
    if isinstance(value, DataTableFormula):
        return f"=TABLE({value.r1 or ''},{value.r2 or ''})"
    return value if cell is not None and cell.data_type == "f" else None


def shown(value: object, number_format: str) -> Shown:
    """A stored value as the number format makes it: a number in a date format is a date, and the reverse."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        value = to_excel(value)
    if isinstance(value, int | float):
        if date_format(number_format):
            return DAY_ZERO + dt.timedelta(milliseconds=round(value * 86_400_000))
        return value
    return str(value) if isinstance(value, CellRichText) else value  # type: ignore[return-value]  # str is left


def locked(sheet: Worksheet, row: int, column: int) -> bool:
    """Whether the cell is locked; where there is no cell, its row's or else its column's format says so."""
    cell = at(sheet, row, column)
    if cell is not None:
        return bool(cell.protection.locked)
    style = inherited(sheet, row, column)
    return bool((style.protection if style else Protection()).locked)


def _column_style(sheet: Worksheet, column: int) -> Dimension | None:
    """A file describes neighbouring columns of one look together, under the first one's letter."""
    return next((d for d in sheet.column_dimensions.values() if (d.min or 0) <= column <= (d.max or 0)), None)


def merged_areas(sheet: Worksheet, box: Box) -> list[Box]:
    """The merged cells that the block touches."""
    areas = (Box.of(area.coord) for area in sheet.merged_cells.ranges)
    return [area for area in areas if area.meets(box)]


def moved(formula: str, origin: str, target: str) -> str:
    """A formula as it reads when copied from one address to another: relative references move along."""
    return Translator(formula, origin=origin).translate_formula(target)
