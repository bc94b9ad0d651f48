"""The sheet Peta Risiko: how many risks stand in each of the 25 cells, coloured by their level (III.F.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import TOP, Induk, column_name, finish_page, new_page, write_heading
from kemitraan_xl.formulas import risk_base_level, risk_size
from validation.contract import lists

SHEET: Final = "Peta Risiko"

_LIKELY: Final = column_name("matriks_risiko", "kemungkinan")
_EFFECT: Final = column_name("matriks_risiko", "skala_dampak")
_HEIGHT: Final = 36

#: A cell's formula from the cells that hold its kemungkinan and its dampak.
Cell = Callable[[str, str], str]


def write_peta_risiko(book: Induk) -> None:
    """The map that counts, and beside it the size of each cell as the settings have it."""
    steps = book.pedoman.risiko.steps
    widths = (26, 5, *[14] * steps, 3, 5, *[8] * steps)
    sheet = new_page(book, SHEET, "Peta Risiko", widths)

    def count(k: str, d: str) -> str:
        return f"=COUNTIFS({_LIKELY},{k},{_EFFECT},{d})"

    def size(k: str, d: str) -> str:
        return risk_size(k, d, book.pedoman)

    top, left = TOP + 2, 2
    beside = left + steps + 2
    _write_grid(book, sheet, top, left, "Banyaknya risiko", count, ("sel", "tengah", "tegak", "besar"))
    _write_grid(book, sheet, top, beside, "Besaran risiko", size, ("sel", "tengah", "tegak"))
    _write_labels(book, sheet, top, left)
    for column in (left, beside):
        _colour(book, sheet, top, column, xl_rowcol_to_cell(top, beside))
    last = _write_legend(book, sheet, top + steps + 3)
    finish_page(sheet, (last, len(widths) - 1))


def _write_grid(
    book: Induk, sheet: Worksheet, top: int, left: int, title: str, cell: Cell, styles: tuple[str, ...]
) -> None:
    """Kemungkinan 5 at the top to 1, dampak 1 to 5 from the left; the steps stand left of and below the grid."""
    steps = book.pedoman.risiko.steps
    sheet.write_string(top - 1, left, title, book.look("tebal"))
    for offset in range(steps):
        sheet.write_number(top + offset, left - 1, steps - offset, book.look("kepala"))
        sheet.write_number(top + steps, left + offset, offset + 1, book.look("kepala"))
        for right in range(left, left + steps):
            likely = xl_rowcol_to_cell(top + offset, left - 1, col_abs=True)
            effect = xl_rowcol_to_cell(top + steps, right, row_abs=True)
            sheet.write_formula(top + offset, right, cell(likely, effect), book.look(*styles))


def _write_labels(book: Induk, sheet: Worksheet, top: int, left: int) -> None:
    """The words of both scales at the map."""
    likely, effect = lists()["skala_kemungkinan"].items, lists()["skala_dampak"].items
    below = top + len(likely)
    sheet.write_string(top - 1, 0, "Kemungkinan", book.look("tebal"))
    for row, item in enumerate(reversed(likely), start=top):
        sheet.set_row(row, _HEIGHT)
        sheet.write_string(row, 0, item.label, book.look("kepala"))
    sheet.set_row(below + 1, 30)
    sheet.write_string(below + 1, 0, "Dampak", book.look("tebal"))
    for column, item in enumerate(effect, start=left):
        sheet.write_string(below + 1, column, item.label, book.look("kepala"))


def _colour(book: Induk, sheet: Worksheet, top: int, left: int, first_size: str) -> None:
    """Each cell in the colour of its level, which follows the settings."""
    last = book.pedoman.risiko.steps - 1
    for item in lists()["tingkat_risiko"]:
        level = risk_base_level(first_size).removeprefix("=")
        options = {"type": "formula", "criteria": f'={level}="{item.label}"', "format": book.look.risk(item.code)}
        sheet.conditional_format(top, left, top + last, left + last, options)


def _write_legend(book: Induk, sheet: Worksheet, row: int) -> int:
    """How many risks have which level, how many are not yet assessed, and what child safety changes."""
    write_heading(book, sheet, row, ("", "", "Risiko"))
    sheet.merge_range(row, 0, row, 1, "Tingkat Risiko", book.look("kepala"))
    level = column_name("matriks_risiko", "tingkat_risiko")
    for item in reversed(lists()["tingkat_risiko"].items):
        row += 1
        sheet.merge_range(row, 0, row, 1, item.label, book.look("sel", f"risiko {item.code}"))
        formula = f'=COUNTIF({level},"{item.label}")'
        sheet.write_formula(row, 2, formula, book.look("sel", "tengah", kind="bulat"))
    named = f"SUMPRODUCT((LEN(TRIM({column_name('matriks_risiko', 'potensi_risiko')}))>0)*1)-1"
    sheet.merge_range(row + 1, 0, row + 1, 1, "Belum dinilai", book.look("sel"))
    placed = f"SUMPRODUCT(ISNUMBER({_LIKELY})*ISNUMBER({_EFFECT}))"
    sheet.write_formula(row + 1, 2, f"=MAX(0,{named}-{placed})", book.look("sel", "tengah", kind="bulat"))
    rule = book.pedoman.risiko.child_safety
    note = (
        f"Warna menurut besaran. Risiko {rule.jenis} dengan dampak {rule.impact} atau lebih sedikitnya bertingkat "
        f"{rule.floor.label} (Pengaturan A-21b); yang dihitung di sini adalah tingkat pada lembar Matriks Risiko."
    )
    sheet.write_string(row + 2, 0, note, book.look("keterangan"))
    return row + 2
