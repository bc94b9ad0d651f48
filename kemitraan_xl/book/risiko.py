"""The sheet Matriks Risiko of the master: the level of each risk by formula, and its size right of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from kemitraan_xl.book.induk import Induk
from kemitraan_xl.book.masukan import write_input
from kemitraan_xl.formulas import risk_base_level, risk_level, risk_size
from validation.contract import Table

TABLE: Final = "matriks_risiko"


def write_risiko(book: Induk, table: Table) -> None:
    """Besaran and the level by size alone stand beside the form, so that a raised level can be seen (A-21)."""
    # The size stands one column right of the stamp, which stands right of the table's own columns.
    size_column = len(table.columns_in("induk")) + 1

    def level(cells: Mapping[str, str]) -> str:
        row = int(cells["skala_dampak"].lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1
        size = xl_rowcol_to_cell(row, size_column, col_abs=True)
        return risk_level(size, cells["skala_dampak"], cells["jenis_risiko"], book.pedoman)

    sheet, placed = write_input(book, table, {"tingkat_risiko": level})
    for offset, heading in enumerate(("Besaran", "Tingkat menurut Besaran")):
        sheet.set_column(size_column + offset, size_column + offset, 14)
        sheet.write_string(placed.heading, size_column + offset, heading, book.look("kepala bantu"))
    for row in range(placed.heading + 1, placed.end + 1):
        likely, effect = placed.local("kemungkinan", row), placed.local("skala_dampak", row)
        size = risk_size(likely, effect, book.pedoman)
        base = risk_base_level(xl_rowcol_to_cell(row, size_column, col_abs=True))
        sheet.write_formula(row, size_column, size, book.look("sel", "tetap", "tengah"), "")
        sheet.write_formula(row, size_column + 1, base, book.look("sel", "tetap"), "")
