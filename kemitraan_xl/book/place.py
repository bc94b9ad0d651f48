"""Where a table stands in the workbook being built: references for formulas, links and checks.

Rows and columns are counted from 0; references come out as Excel text with the sheet's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from validation.contract import Column, Table

#: How far below its heading a table is counted, checked and offered dropdowns.
REACH: Final = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of layout "tabel": one heading row, data below.

    Ranges begin at the heading cell, so that a row inserted above the first data row is still inside.
    """

    table: Table
    sheet: str
    columns: tuple[Column, ...]
    official: int  #: how many of the columns, from the left, belong to the official form
    first: int  #: row of the title, where printing begins
    heading: int
    end: int  #: last numbered row, or the row that holds the end text

    def at(self, name: str) -> int:
        return next(i for i, column in enumerate(self.columns) if column.name == name)

    @property
    def reach(self) -> int:
        return max(self.heading + REACH, self.end)

    def head(self, name: str) -> str:
        return _cell(self.sheet, self.heading, self.at(name))

    def range(self, name: str) -> str:
        return _range(self.sheet, self.heading, self.at(name), self.reach, self.at(name))

    def block(self) -> str:
        return _range(self.sheet, self.heading, 0, self.reach, len(self.columns) - 1)

    def local(self, name: str, row: int) -> str:
        """A cell of the same sheet with its column fixed, for formulas that run down the rows."""
        return str(xl_rowcol_to_cell(row, self.at(name), col_abs=True))


@dataclass(frozen=True, slots=True)
class Labels:
    """A table of layout "label": `cells` maps a column to its input cell."""

    table: Table
    sheet: str
    columns: tuple[Column, ...]
    cells: dict[str, tuple[int, int]]
    first: int  #: row of the title, where printing begins
    end: int  #: row of the last label

    def cell(self, name: str) -> str:
        return _cell(self.sheet, *self.cells[name])

    def group(self, columns: tuple[Column, ...]) -> str:
        """The range from the first to the last cell of columns that stand one below the other."""
        first, last = self.cells[columns[0].name], self.cells[columns[-1].name]
        return _range(self.sheet, *first, *last)


Placed = Rows | Labels


def _cell(sheet: str, row: int, column: int) -> str:
    return f"{quote_sheetname(sheet)}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def _range(sheet: str, row: int, column: int, last_row: int, last_column: int) -> str:
    return f"{quote_sheetname(sheet)}!{xl_range_abs(row, column, last_row, last_column)}"
