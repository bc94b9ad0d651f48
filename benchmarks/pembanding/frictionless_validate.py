"""frictionless: validate one sheet of every file, Rencana Kerja, by a schema. Nothing is written.

Drops: the summary workbook; five of six sheets; most rules; cells of findings; guard; limited processes; verdicts;
masking of child data; links.
"""

from _lembar import HEADINGS, files
from frictionless import Dialect, Resource, Schema, system
from frictionless.formats import ExcelControl

schema = Schema.from_descriptor(
    {"fields": [{"name": name, "constraints": {"required": True}} for name in ("Nama Program", "Lokasi", "Waktu")]}
)
found = 0
for path in files():
    dialect = Dialect(header_rows=[HEADINGS["Rencana Kerja"] + 1], controls=[ExcelControl(sheet="Rencana Kerja")])
    with system.use_context(trusted=True):
        resource = Resource(path=str(path), dialect=dialect, schema=schema)
        found += len(resource.validate().flatten(["rowNumber", "fieldName", "type"]))
print(found, "errors")
