"""polars: write_excel, which is XlsxWriter underneath.

Drops: links; row heights; the other sheets of the summary; constant memory.
"""

from pathlib import Path

import polars as pl
from _sel import Sheets, write
from xlsxwriter import Workbook


def fill(sheets: Sheets, target: Path) -> None:
    """All sheets."""
    with Workbook(target) as book:
        for name, (headings, columns) in sheets.items():
            named = zip(headings, columns, strict=True)
            pl.DataFrame([pl.Series(heading, column, strict=False) for heading, column in named]).write_excel(
                book, worksheet=name
            )


write(fill)
