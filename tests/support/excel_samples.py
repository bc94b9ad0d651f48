"""A small workbook for the tests of the two simulated hosts, and a way to run a script in either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName

from support import desktop_host
from support.excel_books import recalculated
from support.remote_host import RemoteHost

DATA, LOCKED, HIDDEN = "Data", "Rekap", "Ref"


def small_book(folder: Path) -> Path:
    """An input sheet that begins at B2, a protected sheet, a hidden one, two names, and computed values."""
    book = openpyxl.Workbook()
    data = book.active
    data.title = DATA
    for row in (["Nama", "Biaya", "Mulai", "Dua kali"], ["Satu", 1500, dt.datetime(2025, 1, 5), "=C3*2"]):
        data.append([None, *row])
    data.insert_rows(1)
    data["E3"] = "=C3*2"
    data["C3"].number_format = '"Rp" #,##0'
    data["B4"], data["C4"], data["E4"] = "Dua", 2, "=1/0"
    data["B6"], data["F3"] = "Empat", True
    data["H9"].fill = PatternFill("solid", start_color="FFFF00")  # has a format only
    rekap = book.create_sheet(LOCKED)
    rekap["A1"], rekap["B1"] = "Terkunci", "isian"
    rekap["B1"].protection = Protection(locked=False)
    rekap.column_dimensions["D"].protection = Protection(locked=False)
    rekap.protection.sheet = True
    book.create_sheet(HIDDEN).sheet_state = "hidden"
    book.defined_names["biaya"] = DefinedName("biaya", attr_text=f"{DATA}!$C$3:$C$4")
    book.defined_names["persen"] = DefinedName("persen", attr_text="100")
    book.save(folder / "mentah.xlsx")
    return recalculated(folder / "mentah.xlsx", folder / "kecil.xlsx")


def in_host(host: str, path: Path, script: Callable[[Any], Any]) -> Any:
    """What a script returns in one host ("desktop", "server") on a freshly opened book."""
    return script(desktop_host.open_book(path)) if host == "desktop" else RemoteHost.open(path).run(script)
