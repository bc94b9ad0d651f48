"""Start-up: a command imports what it needs and no more. Held by what is imported, for time depends on the machine.

The functions of the worksheet: tests/test_fungsi_desktop.py. What it costs: `benchmarks/mulai.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: Without these nothing is read and checked.
READING = frozenset({"numpy", "pandas", "pandera", "python_calamine"})
#: Packages that cost more than all of click.
HEAVY = READING | {"cellrune", "dask", "distributed", "duckdb", "openpyxl", "rich", "upath", "xlsxwriter", "xlwings"}

RUN = """
import sys
from click.testing import CliRunner
from kemitraan_xl.cli import kemitraan
result = CliRunner().invoke(kemitraan, {words!r}, standalone_mode=False)
print(result.return_value, *sorted({heavy!r} & sys.modules.keys()))
"""


@pytest.mark.parametrize(
    ("words", "code", "needed"),
    [
        (["--help"], "0", frozenset()),
        (["konsolidasi", "--help"], "0", frozenset()),
        (["salah"], "None", frozenset()),
        (["kamus"], "0", frozenset()),
        (["kamus", "--format", "json"], "0", frozenset()),
        (["periksa", "catatan.txt", "--senyap"], "1", READING),
        (["konsolidasi", "catatan.txt", "--senyap", "--keluaran", "r.xlsx"], "1", READING | {"xlsxwriter"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_what_it_needs(words: list[str], code: str, needed: frozenset[str], tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_text("bukan buku kerja", encoding="utf-8")
    program = RUN.format(words=words, heavy=set(HEAVY))
    environment = {"KEMITRAAN_XL_CACHE": str(tmp_path / "simpanan"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    ended, *imported = done.stdout.split()
    assert (ended, set(imported)) == (code, set(needed))
