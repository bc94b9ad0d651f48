"""The buttons on Beranda: one row for each group of the ribbon, in its order.

In a master with macros a button runs its Sub. In one without, it is a link to a cell of its own, right of the page,
and the task pane of the add-in server runs the macro when that cell is chosen (udfs/server, tombol.js).
"""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import HOME, Induk, name_range
from kemitraan_xl.book.look import BRAND, FONT, FONT_SIZE, HEADING
from kemitraan_xl.shipped import Button

TITLE: Final = "Tombol"

_WITH_MACROS: Final = (
    "Tombol bekerja bila Kemitraan KPAI terpasang di komputer ini; tanpa itu semua lembar tetap menghitung sendiri."
)
_WITH_SERVER: Final = (
    "Tombol bekerja bila panel Kemitraan KPAI terbuka di samping buku ini; tanpa itu semua lembar tetap menghitung "
    "sendiri."
)
_NOTHING_HAPPENED: Final = (
    "Tidak terjadi apa-apa? Buka dulu panel Kemitraan KPAI, lalu tekan tombolnya lagi; di PC pakai tab Kemitraan KPAI."
)

#: Points of a row, pixels of a button, pixels between two.
_ROW_HEIGHT: Final = 24
_WIDTH, _HEIGHT = 168, 24
_GAP: Final = 8

_LOOK: Final[dict[str, Any]] = {
    "font": {"name": FONT, "size": FONT_SIZE, "color": BRAND},
    "align": {"vertical": "middle", "horizontal": "center"},
    "fill": {"color": HEADING},
    "line": {"color": BRAND},
}


def write_buttons(book: Induk, sheet: Worksheet, row: int, right: int) -> int:
    """Write the buttons from `row` on; cells that stand for them from column `right` on. Returns the row below."""
    sheet.write_string(row, 0, _WITH_MACROS if book.with_macros else _WITH_SERVER, book.look("keterangan"))
    if not book.with_macros:
        sheet.write_string(row, right, _NOTHING_HAPPENED, book.look("keterangan"))
    for at, (group, buttons) in enumerate(book.macros.groups.items(), start=row + 1):
        sheet.set_row(at, _ROW_HEIGHT)
        sheet.write_string(at, 0, group, book.look("tebal", "tegak"))
        here = [button for button in buttons if book.with_macros or button.on_server]
        for place, button in enumerate(here):
            size = {"width": _WIDTH, "height": _HEIGHT}
            offset = {"x_offset": _GAP + place * (_WIDTH + _GAP), "y_offset": _GAP // 2}
            if book.with_macros:
                told = {"macro": button.macro, "caption": button.label, "description": button.tip}
                sheet.insert_button(at, 1, {**told, **size, **offset})
            else:
                cell = _own_cell(book, sheet, button, (at, right + place))
                link = {"url": f"internal:{cell}", "tip": button.tip, "description": button.tip}
                sheet.insert_textbox(at, 1, button.label, {**link, **_LOOK, **size, **offset})
    return row + 1 + len(book.macros.groups)


def _own_cell(book: Induk, sheet: Worksheet, button: Button, place: tuple[int, int]) -> str:
    """The cell that stands for a button, under the name by which the task pane knows it; its address."""
    sheet.write_string(*place, button.label, book.look("penanda"))
    name_range(book.workbook, f"tombol_{button.name}", HOME, place, place)
    return f"{quote_sheetname(HOME)}!{xl_rowcol_to_cell(*place)}"
