"""pandas: read_excel with openpyxl.

Drops: rules; findings; guard; limits; addresses.
"""

import pandas as pd
from _lembar import HEADINGS, files

pd.read_excel(files()[0], sheet_name="Rencana Kerja", header=HEADINGS["Rencana Kerja"], engine="openpyxl")
