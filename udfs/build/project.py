"""A VBA project, the vbaProject.bin of a workbook, made from the text of its modules.

It is in the form that [MS-OVBA] 2.3.4.1 wants of a writer: source only, no version of a compiler, no cache, so that
Excel compiles what is there. Equal modules give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZipFile

from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from xlsxwriter import Workbook

from udfs.build.modules import Module

PART: Final = "xl/vbaProject.bin"

#: Reserved 0x61CC, version 0xFFFF ("no cache"), a reserved byte and a reserved word.
_NO_CACHE: Final = bytes.fromhex("cc61ffff000000")


def project(modules: Sequence[Module], sheets: int) -> bytes:
    """The project of a workbook of so many sheets: a document module for each and one for the workbook, and these.

    The document modules have the code names that XlsxWriter gives: ThisWorkbook, Sheet1, Sheet2 ...
    """
    with TemporaryDirectory() as folder:
        plain, made = Path(folder, "plain.xlsm"), Path(folder, "made.xlsm")
        with Workbook(plain) as workbook:
            for _ in range(sheets):
                workbook.add_worksheet()
        with ExcelFile(plain) as workbook:
            vba = workbook.add_vba_project()
            for module in modules:
                kind = VBAModuleKind.other if module.is_class else VBAModuleKind.standard
                vba.add_module(module.name, module.text, kind=kind)
            workbook.save(made)
        with ExcelFile(made) as workbook:
            if faults := workbook.validate():
                raise RuntimeError(f"VBA: {'; '.join(faults)}")
        with ZipFile(made) as package:
            storage = CFB.from_bytes(package.read(PART))
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_CACHE)
    return storage.to_bytes()
