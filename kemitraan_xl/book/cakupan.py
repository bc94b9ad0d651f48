"""The sheet Cakupan: where partnerships are and where there are none yet, by scope, task and province (II.B-II.E)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.induk import TOP, Induk, column_name, finish_page, new_page, write_heading
from kemitraan_xl.book.look import spread
from kemitraan_xl.book.ref import tick
from validation.contract import Item, lists

SHEET: Final = "Cakupan"

_LABEL, _NUMBER, _GROUP = 48, 7.5, 13

#: Criteria of a COUNTIFS over Kerja Sama.
Criteria = str


def _ticked(codes: str, item: Item) -> Criteria:
    return f'{column_name("kerja_sama", f"{codes}_{item.code}")},"{tick()}"'


def _equal(column: str, item: Item) -> Criteria:
    return f'{column_name("kerja_sama", column)},"{item.label}"'


def across() -> list[tuple[str, Criteria]]:
    """The columns: all, the eight types, the three levels, the classes of institution, each with what it counts."""
    types = [(f"Tipe {item.code}", _ticked("tipe", item)) for item in lists()["tipe"]]
    levels = [(item.label, _equal("tingkat", item)) for item in lists()["tingkat_cakupan"]]
    classes = [(item.label, _equal("kelas_lembaga", item)) for item in lists()["kelas"]]
    return [("Jumlah", ""), *types, *levels, *classes]


def down() -> list[tuple[str, list[tuple[str, Criteria]]]]:
    """The blocks of rows: scopes with their parts, tasks of KPAI, provinces."""
    scopes = [(f"{item.code}  {item.label}", _ticked("lingkup", item)) for item in lists()["lingkup"]]
    tasks = [(f"{item.code}  {item.label}", _ticked("tugas", item)) for item in lists()["tugas"]]
    provinces = [(item.label, _equal("provinsi", item)) for item in lists()["provinsi"]]
    return [("Ruang Lingkup", scopes), ("Tugas KPAI", tasks), ("Provinsi", provinces)]


def write_cakupan(book: Induk) -> None:
    """How many partnerships each scope, task and province has, in all and by type, level and class; gaps stand out."""
    columns = across()
    widths = [_LABEL, *(_width(heading) for heading, _ in columns)]
    sheet = new_page(book, SHEET, "Cakupan Kerja Sama", widths)
    row = TOP
    breaks = []
    for title, lines in down():
        if row > TOP:
            breaks.append(row)
        row = _write_block(book, sheet, row, title, lines, columns) + 2
    note = "Tipe: " + "; ".join(f"{item.code} {item.label}" for item in lists()["tipe"]) + "."
    sheet.merge_range(row - 1, 0, row - 1, len(columns), note, book.look("catatan"))
    sheet.set_row(row - 1, 40)
    sheet.set_h_pagebreaks(breaks)
    finish_page(sheet, (row - 1, len(columns)))
    sheet.freeze_panes(0, 2)
    spread(sheet, widths, 2)


def _width(heading: str) -> float:
    """Narrow for "Tipe 1" and the like, wide for names of levels and classes."""
    return _NUMBER if len(heading) < _NUMBER else _GROUP


def _write_block(
    book: Induk,
    sheet: Worksheet,
    top: int,
    title: str,
    lines: Sequence[tuple[str, Criteria]],
    columns: Sequence[tuple[str, Criteria]],
) -> int:
    """One block with its headings, and below it how many of its rows have no partnership at all."""
    headings = [title, *(heading for heading, _ in columns)]
    write_heading(book, sheet, top, headings)
    fit_row(sheet, top, [(heading, _width(heading) - 2) for heading in headings[1:]])
    for row, (label, criteria) in enumerate(lines, start=top + 1):
        sheet.write_string(row, 0, label, book.look("sel"))
        fit_row(sheet, row, [(label, _LABEL - 2)])
        for column, (_, also) in enumerate(columns, start=1):
            asked = ",".join(part for part in (criteria, also) if part)
            style = book.look("sel", "tengah", "tebal", kind="bulat") if column == 1 else book.look("sel", "hitungan")
            sheet.write_formula(row, column, f"=COUNTIFS({asked})", style)
    last = top + len(lines)
    gap = {"type": "cell", "criteria": "==", "value": 0, "format": book.look.signal("kurang")}
    sheet.conditional_format(top + 1, 1, last, 1, gap)
    empty = f"COUNTIF({xl_range(top + 1, 1, last, 1)},0)"
    said = f'={empty}&" dari {len(lines)} belum mempunyai kerja sama."'
    sheet.write_formula(last + 1, 0, said, book.look("tebal"), "")
    return last + 1
