"""The three files that ship, written into a folder."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kemitraan_xl.book.master import build_master, sheet_names
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.safe_write import replace_file
from kemitraan_xl.shipped import Macros, ribbon_groups
from udfs.build.addin import addin
from udfs.build.modules import SOURCES, addin_modules, workbook_modules
from udfs.build.project import project

RIBBON_SOURCE: Final = SOURCES.parent / "ribbon" / "customUI14.xml"
MASTER: Final = "Kemitraan.xlsx"
WITH_BUTTONS: Final = "Kemitraan.xlsm"
ADDIN: Final = "Kemitraan.xlam"

#: The hidden sheet of lists, which is not among the names of the visible ones.
_HIDDEN_SHEETS: Final = 1


def ship(folder: Path) -> None:
    """Write the three files into `folder`. Raises OSError, and RuntimeError when xlwings is not the one known here."""
    made_on = date.fromisoformat(load().dated)
    ribbon = RIBBON_SOURCE.read_bytes()
    sheets = len(sheet_names()) + _HIDDEN_SHEETS
    macros = Macros(project(workbook_modules(), sheets), version("xlwings"), ribbon_groups(ribbon))
    for name in (MASTER, WITH_BUTTONS):
        build_master(folder / name, today=made_on, macros=macros)
    replace_file(folder / ADDIN, addin(project(addin_modules(), 1), ribbon, made_on))
