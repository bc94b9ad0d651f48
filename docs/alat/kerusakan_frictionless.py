"""What frictionless says of the files of the damage corpus; run by the Python that has it.

    PYTHON docs/alat/kerusakan_frictionless.py FOLDER HEADINGS

Validates the sheet Rencana Kerja of every workbook in FOLDER against HEADINGS (a JSON list; Biaya is a number), in
the row where the template has them. Prints JSON: the version, and the errors of every file by name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import frictionless
from frictionless import Dialect, Resource, Schema
from frictionless.formats import ExcelControl

HEADING = 5


def errors(path: Path, headings: list[str]) -> list[str]:
    """The kinds of error of one file, each once."""
    fields: list[dict[str, Any]] = [{"name": name, "type": "number" if name == "Biaya" else "any"} for name in headings]
    dialect = Dialect(header_rows=[HEADING], controls=[ExcelControl(sheet="Rencana Kerja")])
    resource = Resource(path=path.name, basepath=str(path.parent), dialect=dialect)
    resource.schema = Schema.from_descriptor({"fields": fields})
    report = resource.validate()
    return sorted({str(kind) for (kind,) in report.flatten(["type"])})


def main(folder: Path, headings: list[str]) -> None:
    """Print the errors of every file as JSON."""
    found = {path.stem: errors(path, headings) for path in sorted(folder.glob("*.xlsx"))}
    sys.stdout.write(json.dumps({"version": frictionless.__version__, "files": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
