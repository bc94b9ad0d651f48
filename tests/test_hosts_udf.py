"""No licence key is needed on the desktop; xlwings' own desktop code runs registered functions without Windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.excel_samples import small_book

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_book(tmp_path_factory.mktemp("hosts"))


def run_python(code: str, tmp_path: Path) -> Any:
    """What a program prints as JSON, in a process of its own without any licence key of xlwings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS")}
    paths = (ROOT, ROOT / "tests", tmp_path)
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_desktop_needs_no_key(small: Path, tmp_path: Path) -> None:
    code = f"""
import json, pathlib, xlwings
from support import desktop_host
book = desktop_host.open_book(pathlib.Path({str(small)!r}))
book.sheets["Data"].range("B3").value = "tanpa kunci"
print(json.dumps([xlwings.__pro__, xlwings.Book.caller().sheets["Data"].range("B3:B4").value]))
"""
    assert run_python(code, tmp_path) == [False, ["tanpa kunci", "Dua"]]


MODULE = '''
"""Plain functions, registered as the desktop registers them."""
from udfs.build import stub
stub.install()
from xlwings.udfs import xlfunc
def TERIMA(tabel, pada=None):
    return [[f"{type(cell).__name__}:{cell}" for cell in row] for row in tabel] + [[pada, None, None]]
def TANGGAL(hari):
    import datetime
    return hari + datetime.timedelta(days=1)
TERIMA, TANGGAL = xlfunc(TERIMA), xlfunc(TANGGAL)
'''


def test_a_registered_function_runs_through_xlwings_own_desktop_code(tmp_path: Path) -> None:
    (tmp_path / "fungsi_contoh.py").write_text(MODULE, encoding="utf-8")
    code = """
import datetime, io, json, types, fungsi_contoh
from udfs.build import stub
from xlwings import udfs
day = stub.Time(2025, 1, 5, tzinfo=datetime.UTC)
table = ((1.0, "satu", None), (day, -2146826246, True))
written = io.StringIO()
udfs.generate_vba_wrapper("fungsi_contoh", fungsi_contoh, written, types.SimpleNamespace(Name="Kemitraan.xlam"))
print(json.dumps([
    udfs.call_udf("fungsi_contoh", "TERIMA", (table, stub.MISSING)),
    str(udfs.call_udf("fungsi_contoh", "TANGGAL", (day,))),
    written.getvalue(),
]))
"""
    received, tomorrow, wrapper = run_python(code, tmp_path)
    assert received == [
        ["float:1.0", "str:satu", "NoneType:None"],
        ["datetime:2025-01-05 00:00:00", "NoneType:None", "bool:True"],
        ["", "", ""],  # nothing is an empty text in COM
    ]
    assert "datetime.datetime(2025, 1, 6" in tomorrow
    assert "Function TANGGAL(hari)" in wrapper
    assert 'XLPy.CallUDF("fungsi_contoh", "TANGGAL", Array(hari), ActiveWorkbook, Application.Caller)' in wrapper
