"""The module that Excel on the desktop loads: what it holds, how it starts, and how a button ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings

import udfs.macros
from kemitraan_xl.impossible import Impossible
from udfs import classic
from udfs.cells import FAULT
from udfs.desk import Desk
from udfs.registry import FUNCTIONS

ROOT = Path(__file__).parents[1]


def in_new_python(code: str) -> str:
    # The key with which other tests load the part under its own licence must not be at hand here.
    bare = {name: value for name, value in os.environ.items() if name != "XLWINGS_LICENSE_KEY"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env=bare)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("udfs.functions", ("pandas", "numpy", "pandera", "openpyxl", "xlsxwriter", "python_calamine", "xlwings")),
        (
            "udfs.classic",
            ("pandera", "openpyxl", "xlsxwriter", "python_calamine", "cellrune", "xlwings.pro", "fastapi"),
        ),
    ],
)
def test_the_start_is_light(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    assert in_new_python(code) == "[]"


def test_every_function_stands_in_the_module_that_excel_loads() -> None:
    assert {name for name in vars(classic) if name.startswith("KMT_")} == set(FUNCTIONS)
    assert classic.KMT_TEMUAN([["a"]], "lain", 1).startswith(FAULT)  # type: ignore[attr-defined]  # made on import


def test_excel_calls_through_xlwings_own_code() -> None:
    code = """
from udfs.build import stub
stub.install()
import datetime, xlwings
from xlwings import udfs
xlwings._xlwindows.is_range_instance = lambda cells: False
def call(name, *cells): return udfs.call_udf("udfs.classic", name, cells, None, None)
day = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
print([
    call("KMT_SKOR_ITEM", "Ada", "Ya", "Relevan", stub.MISSING, stub.MISSING),
    call("KMT_SISA_HARI", ((day,), (None,), (-2146826246,)), day),
    call("KMT_REKOMENDASI", ((9.0, 5.0),), (("x", "y"),))[0][0][:6],
])
"""
    assert in_new_python(code) == "[[[1]], [[0], [''], ['Galat: sel berisi #N/A']], 'Galat:']"


class App:
    """The parts of Excel that a macro's end touches."""

    def __init__(self) -> None:
        self.bars: list[Any] = []
        self.alerts: list[tuple[str, str]] = []

    status_bar = property(fset=lambda self, text: self.bars.append(text))

    def alert(self, text: str, title: str) -> None:
        self.alerts.append((text, title))


@pytest.mark.parametrize("error", [None, Impossible("Tidak dapat."), RuntimeError("rusak")])
def test_a_button_tells_how_it_ended(error: Exception | None, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    seen: dict[str, Any] = {}

    def run(name: str, book: Any, desk: Desk) -> str:
        seen.update(name=name, book=book, desk=desk)
        desk.progress("Membaca ...")
        if error:
            raise error
        return "Selesai."

    book = SimpleNamespace(app=app)
    monkeypatch.setattr(udfs.macros, "run", run)
    monkeypatch.setattr(xlwings.Book, "caller", lambda: book)
    folder = "Dokumen é".encode("utf-16-be").hex()
    if isinstance(error, RuntimeError):
        with pytest.raises(RuntimeError):
            classic.jalankan("konsolidasi", folder)
    else:
        classic.jalankan("konsolidasi", folder)
        assert [text for text, _ in app.alerts] == ["Tidak dapat." if error else "Selesai."]
    assert app.bars == ["Membaca ...", *(text for text, _ in app.alerts), False]
    assert (seen["name"], seen["book"]) == ("konsolidasi", book)
    assert (seen["desk"].inbox, seen["desk"].outbox) == (Path("Dokumen é"), None)
