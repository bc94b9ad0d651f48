"""fastexcel: the sheet as columns of text in polars.

Drops: rules; findings; guard; limits; addresses; types.
"""

import fastexcel
from _lembar import HEADINGS, files

book = fastexcel.read_excel(files()[0])
book.load_sheet("Rencana Kerja", header_row=HEADINGS["Rencana Kerja"], dtypes="string").to_polars()
