"""petl: one table for each sheet of each file, put one below the other, and toxlsx.

Drops: rules; findings; guard; limited processes; verdicts; masking of child data; links; typed values; summary sheets.
"""

import petl
from _lembar import HEADINGS, files, target

for number, (name, row) in enumerate(HEADINGS.items()):
    tables = [petl.fromxlsx(str(path), sheet=name, min_row=row + 1).addfield("Berkas", path.name) for path in files()]
    petl.toxlsx(petl.cat(*tables), str(target()), sheet=name, mode="add" if number else "overwrite")
