"""The sheet Glosarium: the guideline's definitions, word for word (I.E)."""

from __future__ import annotations

from typing import Final

from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.induk import TOP, Induk, finish_list, new_page, write_heading
from validation.contract import lists

SHEET: Final = "Glosarium"

_WIDTHS: Final = (34, 96, 12)


def write_glosarium(book: Induk) -> None:
    """One row per term with its definition and its place in the guideline."""
    sheet = new_page(book, SHEET, lists()["glosarium"].title, _WIDTHS)
    write_heading(book, sheet, TOP, ("Istilah", "Pengertian", "Acuan"))
    row = TOP
    for row, item in enumerate(lists()["glosarium"], start=TOP + 1):
        texts = (item.label, item.note, item.sumber)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, book.look("sel", *(("tebal",) if column == 0 else ())))
        fit_row(sheet, row, zip(texts, _WIDTHS, strict=True))
    finish_list(sheet, (row, len(_WIDTHS) - 1), _WIDTHS, heading_row=TOP, kept=1)
