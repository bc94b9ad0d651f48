"""Floor: csv of the standard library, a file for each sheet.

Drops: the workbook: types; styles; links; widths; filters.
"""

import csv
from pathlib import Path

from _sel import Sheets, write


def fill(sheets: Sheets, target: Path) -> None:
    """All sheets."""
    for name, (headings, columns) in sheets.items():
        with target.with_name(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(headings)
            lines.writerows(zip(*columns, strict=True))


write(fill)
