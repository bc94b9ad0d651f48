"""The buttons on Beranda of a master with macros: one row for each group of the ribbon, in its order."""

from __future__ import annotations

from typing import Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import Induk
from kemitraan_xl.shipped import Macros

TITLE: Final = "Tombol"

_NOTE: Final = (
    "Tombol bekerja bila Kemitraan KPAI terpasang di komputer ini; tanpa itu semua lembar tetap menghitung sendiri."
)

#: Points of a row, pixels of a button, pixels between two.
_ROW_HEIGHT: Final = 24
_WIDTH, _HEIGHT = 168, 24
_GAP: Final = 8


def write_buttons(book: Induk, sheet: Worksheet, row: int, macros: Macros) -> int:
    """Write the buttons from `row` on, each bound to its Sub; returns the row below them."""
    sheet.write_string(row, 0, _NOTE, book.look("keterangan"))
    for at, (group, buttons) in enumerate(macros.groups.items(), start=row + 1):
        sheet.set_row(at, _ROW_HEIGHT)
        sheet.write_string(at, 0, group, book.look("tebal", "tegak"))
        for place, button in enumerate(buttons):
            sheet.insert_button(
                at,
                1,
                {
                    "macro": button.macro,
                    "caption": button.label,
                    "description": button.tip,
                    "width": _WIDTH,
                    "height": _HEIGHT,
                    "x_offset": _GAP + place * (_WIDTH + _GAP),
                    "y_offset": _GAP // 2,
                },
            )
    return row + 1 + len(macros.groups)
