"""Where things stand in the open master, by defined names and headings; never by a fixed address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import xlwings as xw
from xlsxwriter.utility import quote_sheetname

from kemitraan_xl.impossible import Impossible
from udfs.plan import Block, Cell, Formula
from udfs.snapshot import block

#: The lists beside the Rekap sheets, each with the defined name of one of its columns.
LISTS: Final = {"Temuan": "temuan_lembar", "Arsip": "arsip_jenis"}


def named(book: xw.Book, name: str) -> xw.Range:
    """The cells of a defined name. Raises Impossible when somebody deleted it or what it pointed at."""
    if name in book.names:
        found = book.names[name]
        sheet = str(found.refers_to).lstrip("=").rpartition("!")[0].strip("'")
        if sheet in [one.name for one in book.sheets]:
            return found.refers_to_range
    raise Impossible(
        f"Bagian {name} tidak ditemukan dalam buku ini: lembar atau kolomnya terhapus. "
        f"Buat induk baru dengan: kemitraan induk --dari {book.name}"
    )


def chosen(book: xw.Book, name: str) -> str:
    """What stands in the one cell of a name, as text."""
    value = named(book, name).value
    return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in the open workbook: headings in one row, rows below; its first heading is at `row`, `column`."""

    sheet: str
    row: int
    column: int
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(list(self.rows), columns=list(self.headings))

    def replaced(
        self, rows: Sequence[Sequence[Cell | Formula]], formats: dict[int, str], headings: Sequence[str] = ()
    ) -> list[Block]:
        """Blocks that put these rows in the place of those there are, and blanks over what is left of them."""
        width = max(len(self.headings), len(headings), 1)
        blank: list[Cell | Formula] = [None] * width
        padded = [[*row, *blank[len(row) :]] for row in rows]
        padded += [blank] * (len(self.rows) - len(rows))
        below = [Block(self.sheet, self.row + 1, self.column, padded, formats)] if padded else []
        if not headings:
            return below
        above = Block(self.sheet, self.row, self.column, [[*headings, *blank[len(headings) :]]], heading=True)
        return [above, *below]


def listing(heading: xw.Range) -> Listing:
    """The list whose first heading is given, as far as it is filled."""
    sheet = heading.sheet
    top, left, cells = block(sheet)
    start, column = heading.row - top, heading.column - left
    lines = [line[column:] for line in cells[start:]] if start >= 0 <= column else []
    headings = [str(cell) for cell in (lines[0] if lines else []) if cell not in (None, "")]
    rows = [line[: len(headings)] for line in lines[1:]]
    while rows and all(cell in (None, "") for cell in rows[-1]):
        rows.pop()
    return Listing(sheet.name, heading.row, heading.column, headings, rows)


def list_sheet(book: xw.Book, name: str, counted: str) -> Listing:
    """The list of the sheet Temuan or Arsip; `counted` is the defined name of one of its columns."""
    row = named(book, counted).row
    found = listing(book.sheets[name].range((row, 1)))
    rows = [row for row in found.rows if sum(cell not in (None, "") for cell in row) > 1]  # not the empty state
    return Listing(found.sheet, found.row, found.column, found.headings, rows or found.rows[:1])


def link(sheet: str, cell: str) -> Formula:
    """The way to a cell of this workbook, shown as its address."""
    return Formula(f'=HYPERLINK("#{quote_sheetname(sheet)}!{cell}","{cell}")')
