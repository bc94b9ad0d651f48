"""The open workbook as the rules read workbooks: its values in a small file of the moment, saved or not.

Both hosts hand over values in blocks, whatever was saved before; so unsaved work counts, the user's file is never
touched, and reading, checking and scoring are the same as for a file on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlwings as xw
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.master import Master, read_master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.safe_write import work_folder
from validation.contract import tables

#: The hidden sheet with the stamp of the workbook, and the lists that consolidations keep.
_REF: Final = "Ref"
LISTS: Final = ("Temuan", "Arsip")

_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def sheets_needed() -> tuple[str, ...]:
    """The sheets a reading of a master needs: those that staff fill in, the lists, the stamp."""
    inputs = (table.sheet for table in tables().values() if "induk" in table.kinds)
    return (*dict.fromkeys(inputs), *LISTS, _REF)


@contextmanager
def master_of(book: xw.Book) -> Iterator[Master]:
    """The open master as it stands now; its file lasts as long as the block. Raises Impossible, NotAMaster."""
    with work_folder() as folder:
        path = Path(folder, f"{Path(book.name).stem}.xlsx")
        write_snapshot(book, path, sheets_needed())
        master = read_master(path)
        edition = master.reading.identity.get("edisi", "")
        if edition != load().edition:
            raise Impossible(
                f"Buku ini dibuat untuk edisi {edition or 'yang tidak dikenal'}, sedangkan program ini edisi "
                f"{load().edition}. Buat induk baru dengan: kemitraan induk --dari {book.name}"
            )
        yield master


def write_snapshot(book: xw.Book, target: Path, sheets: Sequence[str]) -> None:
    """The values of some sheets of the open workbook, each cell where it is. Raises OSError."""
    with Workbook(str(target), _OPTIONS) as copy:
        for sheet in book.sheets:
            if sheet.name in sheets:
                _copy_values(sheet, copy.add_worksheet(sheet.name))
        if not copy.worksheets():
            copy.add_worksheet()


def _copy_values(sheet: xw.Sheet, copy: Worksheet) -> None:
    top, left, rows = block(sheet)
    for row, cells in enumerate(rows, start=top - 1):
        for column, cell in enumerate(cells, start=left - 1):
            _put(copy, row, column, cell)


def block(sheet: xw.Sheet) -> tuple[int, int, list[list[Any]]]:
    """All values of a sheet in one reading, with the row and column (from 1) of the first.

    Errors come as their text; cells formatted as money, which the desktop gives as Decimal, as numbers.
    """
    used = sheet.used_range
    rows = used.options(ndim=2, err_to_str=True).value or []
    return used.row, used.column, [[float(c) if isinstance(c, Decimal) else c for c in row] for row in rows]


def _put(copy: Worksheet, row: int, column: int, cell: Any) -> None:
    match cell:
        case None | "":
            return
        case bool():
            copy.write_boolean(row, column, cell)
        case datetime() | date() | time():
            copy.write_datetime(row, column, cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell)
        case int() | float():
            copy.write_number(row, column, cell)
        case _ if cell in ERRORS:
            copy.write_formula(row, column, f"={cell}" if cell == "#REF!" else "=NA()", None, cell)
        case _:
            copy.write_string(row, column, str(cell))


#: Cells that hold no value but an error, as Excel writes it.
ERRORS: Final = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
