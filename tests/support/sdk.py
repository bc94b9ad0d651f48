"""Microsoft's own validator (Open XML SDK) on a workbook: what Excel's file format forbids.

The program, and the two that save workbooks in their own way (`rusak_program.py`), come with `tests/prasyarat.sh`.
It does not see everything; `lint.py` has what it misses.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "sdk"
SAVING = {"sheetjs": "xlsx", "excelize": "excelize-wasm"}  #: programs by the name of their package
PROGRAM = FOLDER / "node_modules" / "@xarsh" / "ooxml-validator-linux-x64" / "ooxml-validator"


def available() -> str:
    """What is missing to validate here, or "" when nothing is."""
    packages = [name for name in SAVING.values() if not (FOLDER / "node_modules" / name).exists()]
    return ", ".join([*([] if PROGRAM.exists() else ["Open XML SDK validator"]), *packages])


def errors(path: Path) -> list[str]:
    """Every fault as "part: what is wrong"; an empty list means a valid workbook."""
    ran = subprocess.run([PROGRAM, path], capture_output=True, text=True, timeout=120, check=False)
    answer = json.loads(ran.stdout)
    found = [f"{fault['path'] or path.name}: {fault['description']}" for fault in answer["errors"]]
    # A program that fails without a list of faults has not validated anything.
    assert answer["ok"] is not bool(found), answer
    return found
