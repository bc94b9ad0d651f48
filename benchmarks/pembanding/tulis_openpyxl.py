"""openpyxl: write_only, row by row.

Drops: links; row heights; widths; filters; styles; the other sheets of the summary.
"""

from pathlib import Path

from _sel import Sheets, write
from openpyxl import Workbook


def fill(sheets: Sheets, target: Path) -> None:
    """All sheets."""
    book = Workbook(write_only=True)
    for name, (headings, columns) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(headings)
        for cells in zip(*columns, strict=True):
            sheet.append(cells)
    book.save(target)


write(fill)
