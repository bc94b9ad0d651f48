"""What the formulas of a workbook showed when it was last stored: read from the file a second time, for its values."""

from __future__ import annotations

import io
from functools import lru_cache

import openpyxl
from openpyxl.workbook import Workbook

from support.excel_cells import Shown, shown

#: By sheet title, then by row and column (from 1): what the cell shows; cells that show nothing are left out.
Stored = dict[str, dict[tuple[int, int], Shown]]


@lru_cache(maxsize=4)
def stored_in(content: bytes) -> Stored:
    """From a file's content. Kept: tests open the same master again and again."""
    return stored_of(openpyxl.load_workbook(io.BytesIO(content), data_only=True))


def stored_of(values: Workbook) -> Stored:
    """From a workbook opened with data_only=True."""
    return {
        sheet.title: {
            place: shown(cell.value, cell.number_format)
            for place, cell in sheet._cells.items()
            if cell.value is not None
        }
        for sheet in values.worksheets
    }
