"""openpyxl: read_only, the values row by row.

Drops: rules; findings; guard; limits; addresses.
"""

from _lembar import files
from openpyxl import load_workbook

for _ in load_workbook(files()[0], read_only=True, data_only=True)["Rencana Kerja"].iter_rows(values_only=True):
    pass
