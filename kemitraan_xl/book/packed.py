"""A workbook that is packed less hard than XlsxWriter does, which has no such choice itself."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Final

import xlsxwriter.workbook
from xlsxwriter.workbook import Workbook

#: 1 to 9: this takes a third of the time of the usual 6 and makes the file a fifth larger.
LEVEL: Final = 2

_packing: Final = Lock()  #: the class below is swapped for everyone: one at a time


class QuicklyPacked(Workbook):
    """Everything as in XlsxWriter but for the level of compression."""

    def _store_workbook(self) -> None:
        with _packing:
            usual = xlsxwriter.workbook.ZipFile
            xlsxwriter.workbook.ZipFile = partial(usual, compresslevel=LEVEL)
            try:
                super()._store_workbook()
            finally:
                xlsxwriter.workbook.ZipFile = usual
