"""pandas: to_excel through XlsxWriter.

Drops: links; row heights; widths; filters; styles; the other sheets of the summary; constant memory.
"""

from pathlib import Path

import pandas as pd
from _sel import Sheets, write


def fill(sheets: Sheets, target: Path) -> None:
    """All sheets."""
    with pd.ExcelWriter(target, engine="xlsxwriter") as book:
        for name, (headings, columns) in sheets.items():
            frame = pd.DataFrame(dict(enumerate(columns)))
            frame.to_excel(book, sheet_name=name, index=False, header=headings)


write(fill)
