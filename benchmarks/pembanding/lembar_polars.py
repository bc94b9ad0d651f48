"""polars: read_excel with calamine.

Drops: rules; findings; guard; limits; addresses.
"""

import polars as pl
from _lembar import HEADINGS, files

row = HEADINGS["Rencana Kerja"]
pl.read_excel(files()[0], sheet_name="Rencana Kerja", engine="calamine", read_options={"header_row": row})
