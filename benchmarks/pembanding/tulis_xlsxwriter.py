"""XlsxWriter by itself: every cell by the call for its type, in constant memory.

Drops: links; row heights; widths; filters; styles; the other sheets of the summary.
"""

from datetime import datetime
from pathlib import Path

from _sel import Sheets, write
from xlsxwriter import Workbook


def fill(sheets: Sheets, target: Path) -> None:
    """All sheets."""
    with Workbook(target, {"constant_memory": True, "tmpdir": str(target.parent)}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, (headings, columns) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headings)
            for number, cells in enumerate(zip(*columns, strict=True), 1):
                for place, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    elif isinstance(cell, datetime):
                        sheet.write_datetime(number, place, cell, day)
                    elif cell is not None:
                        sheet.write_number(number, place, cell)


write(fill)
