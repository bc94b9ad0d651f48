"""Where the buttons in Excel put what they found: beside each Rekap sheet, in Temuan, in Arsip.

The sums on the Rekap sheets are formulas over what staff typed. Beside them, outside the print area, stands a section
for the rows of the last consolidation, with their files and cells. Its cells are not locked, so that a button can
write there while the sheet stays protected.
"""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import TOP, Induk, name_range

#: The sheets with a section.
SHEETS: Final = (
    "Rekap Mitra",
    "Rekap Program",
    "Rekap Biaya",
    "Rekap Risiko",
    "Rekap Laporan",
    "Rekap Evaluasi",
    "Rekap Selisih",
)

#: Columns a section has room for, and rows that Temuan and Arsip are counted down to.
COLUMNS: Final = 48
COUNTED_ROWS: Final = 20_000

#: What may be done to the open cells of a protected sheet.
_ALLOWED: Final[dict[str, Any]] = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}

_EMPTY: Final = "Belum ada konsolidasi. Tekan Konsolidasi pada pita Kemitraan KPAI atau pada Beranda."
_SOURCE_WIDTHS: Final = (30, 16, 8, 28, 10)
_WIDTH: Final = 18

#: Pixels that the title takes, and those of a column of usual width; the link to the section stands right of it.
_TITLE_WIDTH, _USUAL_WIDTH = 200, 64


def section_name(sheet: str) -> str:
    """The defined name of the section's first heading cell."""
    return f"hasil_{sheet.lower().replace(' ', '_')}"


def write_section(book: Induk, name: str) -> None:
    """Give a finished Rekap sheet its section, one empty column to the right of everything on it."""
    sheet = book.workbook.get_worksheet_by_name(name)
    left = sheet.dim_colmax + 2
    for offset in range(COLUMNS):
        width = _SOURCE_WIDTHS[offset] if offset < len(_SOURCE_WIDTHS) else _WIDTH
        sheet.set_column(left + offset, left + offset, width, book.look("lajur", "terbuka"))
    sheet.write_string(TOP - 1, left, _EMPTY, book.look("keterangan", "terbuka"))
    name_range(book.workbook, section_name(name), name, (TOP, left), (TOP, left))
    target = f"internal:{quote_sheetname(name)}!{xl_rowcol_to_cell(TOP - 1, left)}"
    sheet.write_url(TOP - 1, _right_of_title(sheet), target, book.look("tautan"), "Konsolidasi terakhir ›")
    open_cells(sheet)


def open_cells(sheet: Worksheet) -> None:
    """Protect a sheet as before, without a password, but let its open cells be formatted too."""
    sheet.protect("", _ALLOWED)


def _right_of_title(sheet: Worksheet) -> int:
    """The first free cell beside the title."""
    column, width = 0, 0
    taken = sheet.table.get(TOP - 1, {})
    while width < _TITLE_WIDTH or column in taken:
        width += sheet.col_info[column].width if column in sheet.col_info else _USUAL_WIDTH
        column += 1
    return column
