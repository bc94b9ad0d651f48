"""Real programs that save a file of the damage corpus once more: LibreOffice, SheetJS, Excelize, openpyxl.

SheetJS and Excelize are pinned in `tests/sdk/package.json`; both are asked in one go.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from support import office, sdk

OFFICE = "libreoffice"
NODE = frozenset(sdk.SAVING)

#: From, to, and the program that saves it.
Saving = tuple[Path, Path, str]


def available(program: str) -> str:
    """What is missing to run a program, or "" when nothing is."""
    if program == OFFICE:
        return office.available()
    if program in NODE:
        return sdk.available()
    return ""


def save_all(savings: Sequence[Saving], scripts: Sequence[office.Script]) -> None:
    """Each file saved by its program; `scripts` is what is done in LibreOffice first."""
    jobs = [
        office.Job(source, script, target)
        for (source, target, program), script in zip(savings, scripts, strict=True)
        if program == OFFICE
    ]
    if jobs:
        office.type_all(jobs)
    asked = [[str(part) for part in saving] for saving in savings if saving[2] in NODE]
    if asked:
        subprocess.run(
            ["node", "simpan.mjs"], input=json.dumps(asked), text=True, check=True, timeout=120, cwd=sdk.FOLDER
        )
    for source, target, program in savings:
        if program == "openpyxl":
            openpyxl.load_workbook(source).save(target)
        assert target.exists(), f"{program} did not write {target.name}"
