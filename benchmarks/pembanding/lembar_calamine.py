"""python-calamine: every value of the sheet as Python objects.

Drops: rules; findings; guard; limits; addresses.
"""

from _lembar import files
from python_calamine import CalamineWorkbook

CalamineWorkbook.from_path(files()[0]).get_sheet_by_name("Rencana Kerja").to_python()
