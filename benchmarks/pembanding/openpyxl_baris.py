"""openpyxl row by row, from read_only to write_only: little memory.

Drops: rules; findings; guard; limited processes; verdicts; masking of child data; links; typed values; summary sheets.
"""

from _lembar import HEADINGS, files, target
from openpyxl import Workbook, load_workbook

summary = Workbook(write_only=True)
sheets = {name: summary.create_sheet(name) for name in HEADINGS}
for path in files():
    book = load_workbook(path, read_only=True, data_only=True)
    for name, row in HEADINGS.items():
        for values in book[name].iter_rows(min_row=row + 2, values_only=True):
            if any(value is not None for value in values):
                sheets[name].append((path.name, *values))
    book.close()
summary.save(target())
