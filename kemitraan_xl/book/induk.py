"""What all sheets of the master share: their frame, their order, and the names by which formulas find data.

Formulas never name an address of another sheet. A column of an input table is a defined name
(`rencana_kerja_biaya`), from its heading cell down to where rows are counted, so that a row inserted anywhere
in the table is inside, and a person can read the formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value
from kemitraan_xl.book.look import TABS, Look, set_up_page, spread
from kemitraan_xl.book.place import REACH, Rows
from kemitraan_xl.book.sheets import Row
from kemitraan_xl.pedoman.model import Pedoman
from kemitraan_xl.shipped import Macros
from validation.contract import Item, lists

HOME: Final = "Beranda"
_BACK: Final = f"‹ {HOME}"

#: Rows of a computed sheet: the way back and the note, the title, then the content.
TOP: Final = 2


@dataclass(frozen=True, slots=True)
class Induk:
    """The master being built. `content` holds the rows handed in, by table and column name; `macros` what its buttons
    are, `with_macros` whether it has them itself; `placed` where the input tables stand, as far as they are written."""

    workbook: Workbook
    look: Look
    pedoman: Pedoman
    content: Mapping[str, Sequence[Row]]
    macros: Macros
    with_macros: bool
    placed: dict[str, Rows] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Row]:
        return self.content.get(table, ())

    def partner_names(self) -> dict[Value, Value]:
        """The name of every partner in the register, by its code."""
        return {row.get("kode"): row.get("nama_lembaga") for row in self.rows("mitra")}


def sheet_item(name: str) -> Item:
    """The sheet's row in the list of the master's sheets: its group, its note, its place in the guideline."""
    return next(item for item in lists()["lembar_induk"] if item.label == name)


def column_name(table: str, column: str) -> str:
    """The defined name of a column of an input table."""
    return f"{table}_{column}"


def registered_name(code: str) -> str:
    """The name that the register gives a code, as text of a formula."""
    return f"INDEX({column_name('mitra', 'nama_lembaga')},MATCH({code},{column_name('mitra', 'kode')},0))"


def name_columns(workbook: Workbook, placed: Rows) -> None:
    """Give every column of a table its name."""
    for column in placed.columns:
        name_range(
            workbook,
            column_name(placed.table.name, column.name),
            placed.sheet,
            (placed.heading, placed.at(column.name)),
            (placed.end + REACH, placed.at(column.name)),
        )


def name_range(workbook: Workbook, name: str, sheet: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Define a name for the cells first to last (row, column) of a sheet."""
    workbook.define_name(name, f"={quote_sheetname(sheet)}!{xl_range_abs(*first, *last)}")


def new_page(book: Induk, name: str, title: str, widths: Sequence[float]) -> Worksheet:
    """A computed sheet: its tab, its columns, the way back, its note from the list of sheets, its title."""
    item = sheet_item(name)
    sheet = book.workbook.add_worksheet(name)
    sheet.set_tab_color(TABS[item.parent])
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    link_back(book, sheet, widths[0], item.note)
    sheet.set_row(1, 24)
    sheet.write_string(1, 0, title, book.look("judul"))
    return sheet


def link_back(book: Induk, sheet: Worksheet, first_width: float, note: str) -> None:
    """Row 0: the way back to Beranda, then the note, far enough right for both to be read."""
    sheet.write_url(0, 0, f"internal:{HOME}!A1", book.look("tautan"), _BACK)
    sheet.write_string(0, 1 if first_width >= len(_BACK) + 2 else 2, note, book.look("panduan"))


def finish_page(
    sheet: Worksheet, last: tuple[int, int] | None, *, heading_row: int | None = None, portrait: bool = False
) -> None:
    """Protect a computed sheet without a password, and print it from its title to the cell `last`, or all of it."""
    sheet.protect("", {"autofilter": True})
    set_up_page(sheet, area=(1, 0, *last) if last else None, heading_row=heading_row, portrait=portrait)
    if heading_row is not None:
        sheet.freeze_panes(heading_row + 1, 0)


def finish_list(
    sheet: Worksheet, last: tuple[int, int], widths: Sequence[float], *, heading_row: int, kept: int
) -> None:
    """Finish a computed sheet of many rows: with filters, and over as many pages across as it needs to be read, its
    first `kept` columns on each."""
    finish_page(sheet, last, heading_row=heading_row)
    sheet.freeze_panes(heading_row + 1, kept)
    sheet.autofilter(heading_row, 0, *last)
    spread(sheet, widths, kept)


def write_heading(book: Induk, sheet: Worksheet, row: int, headings: Sequence[str], column: int = 0) -> None:
    """Headings in one row, from `column` on."""
    sheet.set_row(row, 32)
    for offset, heading in enumerate(headings):
        sheet.write_string(row, column + offset, heading, book.look("kepala"))
