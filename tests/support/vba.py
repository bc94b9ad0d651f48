"""The macros as a test sees them: their text as another program reads it, and a workbook in which they run.

Nothing here starts Excel. In the workbook that runs, xlwings and the folder dialog are replaced by what notes how
it was called (`tests/data/vba`), because both exist in Excel for Windows only.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from xlsxwriter import Workbook

from udfs.build.modules import SOURCES, Module
from udfs.build.project import project

STAND_INS = Path(__file__).parents[1] / "data" / "vba"

_SUB = re.compile(r"^Public Sub (\w+)\((.*)\)$", re.MULTILINE)


def modules(path: Path) -> dict[str, str]:
    """The text of every VBA module as olevba reads it, by name; document modules included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it calls a library by the library's old names
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(path))
        try:
            return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
        finally:
            parser.close()


def public_subs(text: str) -> dict[str, str]:
    """What stands between the brackets of every Public Sub, by its name."""
    return dict(_SUB.findall(text.replace("\r\n", "\n")))


def buttons(path: Path) -> list[tuple[str, str, str]]:
    """The buttons on sheets: caption, what is told of it, and the macro it is bound to as the file has it."""
    found = []
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if part.endswith(".vml"):
                for shape in ElementTree.fromstring(package.read(part)).iterfind("{*}shape"):
                    caption = "".join(shape.find("{*}textbox").itertext())  # type: ignore[union-attr]
                    found.append((caption, shape.get("alt", ""), shape.findtext(".//{*}FmlaMacro", "")))
    return found


def runnable(path: Path, further: Sequence[Module] = ()) -> Path:
    """A workbook whose macros run without Excel for Windows; `further` modules must compile with it."""
    made = [
        _replaced("KemitraanMakro", "Application.FileDialog(", "FolderDialog("),
        _replaced("KemitraanPita", "As IRibbonControl", "As Variant"),
        source(STAND_INS / "Tiruan.bas"),
        source(STAND_INS / "DialogTiruan.cls"),
        *further,
    ]
    with Workbook(path) as workbook:
        workbook.add_worksheet("Lembar")
        workbook.add_vba_project(BytesIO(project(made, 1)), is_stream=True)
    return path


def _replaced(name: str, only_in_excel: str, stand_in: str) -> Module:
    module = source(SOURCES / f"{name}.bas")
    assert only_in_excel in module.text
    return Module(name, module.text.replace(only_in_excel, stand_in))


def source(path: Path) -> Module:
    text = path.read_text(encoding="ascii").replace("\n", "\r\n")
    return Module(path.stem, text, path.suffix == ".cls")
