"""The sheets Hasil Periksa and Isian Lain of a file that goes back: what to do, where, and how much is done.

One row per finding, the gravest first, each with a link to its cell in this very file and a formula that says
whether the cell has been changed since. Nothing on these sheets is read when the file comes in again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import fit_row, put
from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.book.place import Labels, Placed
from kemitraan_xl.marks import ASK, CHANGED, RESULT, SPARE, UNCHANGED, Line, Mark, Returned, Spare, Spot
from validation.language import Language, Text

LEVEL_WORDS: Final = {
    "E": Text("E – wajib diperbaiki"),
    "W": Text("W – sebaiknya diperiksa"),
    "I": Text("I – untuk diketahui"),
}
_SHEET, _CELL, _TYPED_HERE, _STATES = Text("Lembar"), Text("Sel"), Text("Yang Tertulis"), Text("Keadaan")
HEADINGS: Final = (
    *(Text("No"), Text("Tingkat"), _SHEET, _CELL, Text("Kolom"), _TYPED_HERE),
    *(Text("Pesan"), Text("Saran"), _STATES),
)
SPARE_HEADINGS: Final = (_SHEET, _CELL, Text("Judul Kolom"), Text("Isian"))

_WIDTHS: Final = (5, 17, 14, 7, 16, 21, 33, 34, 13)
_SPARE_WIDTHS: Final = (22, 10, 32, 70)
_STATE, _TYPED = HEADINGS.index(_STATES), HEADINGS.index(_TYPED_HERE)
_SIGNALS: Final = {"E": "salah", "W": "kurang"}
_HEADING_HEIGHT: Final = 24
_INTRODUCTION: Final = (
    Text("Isian Anda ada pada lembar-lembar berikut. Sel merah bergaris tebal wajib diperbaiki (E); sel kuning"),
    Text("bergaris putus-putus sebaiknya diperiksa (W). Arahkan penunjuk ke sel itu untuk membaca catatannya."),
    Text("Sesudah diubah, sel menjadi hijau dan kolom Keadaan menyebutkannya. Simpan, lalu kirim kembali berkas ini."),
)
_TITLE: Final = Text("Hasil Pemeriksaan oleh KPAI")
_ASKED: Final = Text("Ada hal yang hanya dapat diselesaikan bersama KPAI: lihat yang ditandai {tanya}.")
_NOTHING: Final = Text("Tidak ada sel yang harus diubah. Periksa isinya, lalu kirim kembali.")
_DONE: Final = Text("{sudah} dari {semua} sudah diubah")
_MUST: Final = Text("Yang wajib: {sudah} dari {semua} sudah diubah")
_SPARE_TITLE: Final = Text("Isian yang Tidak Mempunyai Tempat dalam Templat")
_SPARE_INTRODUCTION: Final = (
    Text(
        "Isian berikut ada pada kiriman Anda, tetapi tidak ada tempatnya dalam templat. Salin ke sel yang benar "
        "bila masih"
    ),
    Text("diperlukan. Lembar ini tidak dibaca oleh KPAI dan boleh dihapus."),
)


def add_result(workbook: Workbook) -> Worksheet:
    """The sheet as the first one of the workbook, still empty: where the cells stand is known only later."""
    sheet: Worksheet = workbook.add_worksheet(RESULT)
    sheet.set_tab_color(TABS["beranda"])
    sheet.activate()
    return sheet


def write_result(
    workbook: Workbook, sheet: Worksheet, look: Look, returned: Returned, placed: Sequence[Placed]
) -> None:
    """Fill Hasil Periksa. `placed` tells in which cell of this workbook every spot stands."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    spoken = look.language
    sheet.write_string(0, 0, spoken(_TITLE), look("judul"))
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, returned.about, look("tebal"))
    top = 3
    for text in _INTRODUCTION:
        sheet.write_string(top, 0, spoken(text), look("lurus"))
        top += 1
    heading = top + 4
    first, last = heading + 1, heading + len(returned.lines)
    _write_progress(sheet, look, top + 1, returned.lines, first)
    sheet.set_row(heading, _HEADING_HEIGHT)
    for column, text in enumerate(HEADINGS):
        sheet.write_string(heading, column, spoken(text), look("kepala"))
    for number, line in enumerate(returned.lines):
        _write_line(sheet, look, first + number, number + 1, line, placed)
        state = xl_rowcol_to_cell(first + number, _STATE, row_abs=True, col_abs=True)
        if line.spot and not line.state:
            name = Mark(line.level, "", number + 1).state
            workbook.define_name(name, f"={quote_sheetname(sheet.get_name())}!{state}")
    for word, signal in ((CHANGED, "baik"), (UNCHANGED, "kurang")):
        options = {"type": "cell", "criteria": "==", "value": f'"{spoken(word)}"', "format": look.signal(signal)}
        sheet.conditional_format(first, _STATE, last, _STATE, options)
    sheet.freeze_panes(first, 0)
    sheet.hide_gridlines(2)
    sheet.protect()
    sheet.ignore_errors({"number_stored_as_text": xl_range_abs(first, _TYPED, last, _TYPED)})
    set_up_page(sheet, area=(0, 0, last, len(_WIDTHS) - 1), heading_row=heading, spoken=spoken)


def _write_progress(sheet: Worksheet, look: Look, row: int, lines: Sequence[Line], first: int) -> None:
    """How many of the watched findings have been changed: all of them, then those that must be."""
    last = first + len(lines) - 1
    watched = any(line.spot and not line.state for line in lines)
    asked = any(line.state == ASK for line in lines)
    spoken = look.language
    if not watched:
        text = spoken(_ASKED).format(tanya=spoken(ASK)) if asked else spoken(_NOTHING)
        sheet.write_string(row, 0, text, look("besar"))
        return
    sheet.set_row(row, 24)
    states = xl_range_abs(first, _STATE, last, _STATE)
    levels = xl_range_abs(first, 1, last, 1)
    must = f'{levels},"{spoken(LEVEL_WORDS["E"])}",{states}'
    for offset, (counted, sentence, style) in enumerate(
        ((f"COUNTIF({states}", _DONE, "besar"), (f"COUNTIFS({must}", _MUST, "tebal"))
    ):
        done, left = (f'{counted},"{spoken(word)}")' for word in (CHANGED, UNCHANGED))
        text = spoken(sentence).format(sudah=f'"&{done}&"', semua=f'"&({done}+{left})&"')
        sheet.write_formula(row + offset, 0, f'="{text}"'.replace('""&', ""), look(style), "")


def _write_line(sheet: Worksheet, look: Look, row: int, number: int, line: Line, placed: Sequence[Placed]) -> None:
    signal = (f"tanda {_SIGNALS[line.level]}",) if line.level in _SIGNALS else ()
    spoken = look.language
    texts = {1: spoken(LEVEL_WORDS[line.level]), 2: line.sheet, 4: line.column, 6: line.message, 7: line.remedy}
    sheet.write_number(row, 0, number, look("sel", "tengah"))
    for column, text in texts.items():
        put(sheet, row, column, text, look("sel", *(signal if column == 1 else ())))
    _write_typed(sheet, look, row, _TYPED, line.value)
    put(sheet, row, _STATE, spoken(line.state), look("sel", "tengah"))
    put(sheet, row, 3, None, look("sel", "tengah"))
    if line.spot is not None:
        there, at = _cell(line.spot, placed)
        target = f"{quote_sheetname(there)}!{xl_rowcol_to_cell(*at)}"
        sheet.write_url(row, 3, f"internal:{target}", look("sel", "tautan", "tengah"), xl_rowcol_to_cell(*at))
        if not line.state:
            watched = f"{quote_sheetname(there)}!{xl_rowcol_to_cell(*at, row_abs=True, col_abs=True)}"
            formula = _changed(watched, xl_rowcol_to_cell(row, _TYPED, col_abs=True), spoken)
            sheet.write_formula(row, _STATE, formula, look("sel", "tengah"), spoken(UNCHANGED))
    shown = {**texts, _TYPED: line.value}
    fit_row(sheet, row, ((shown.get(column), width) for column, width in enumerate(_WIDTHS)))


def _changed(cell: str, typed: str, spoken: Language) -> str:
    """Whether a cell differs from what was typed; a cell that was deleted has been changed."""
    same = f"AND(EXACT({cell},{typed}),ISNUMBER({cell})=ISNUMBER({typed}))"
    changed, unchanged = spoken(CHANGED), spoken(UNCHANGED)
    return f'=IFERROR(IF({same},"{unchanged}","{changed}"),"{changed}")'


def _write_typed(sheet: Worksheet, look: Look, row: int, column: int, value: Any) -> None:
    """A value as it was typed: the very same kind, so that it can be compared."""
    kind = "tanggal" if isinstance(value, date) else "teks" if isinstance(value, str) else ""
    put(sheet, row, column, value, look("sel", "kiri", kind=kind))


def _cell(spot: Spot, placed: Sequence[Placed]) -> tuple[str, tuple[int, int]]:
    """The sheet of a spot, and its row and column counted from 0."""
    place = next(place for place in placed if place.table.name == spot.table)
    if isinstance(place, Labels):
        return place.sheet, place.cells[spot.column]
    return place.sheet, (place.heading + 1 + spot.index, place.at(spot.column))


def write_spare(workbook: Workbook, look: Look, spare: Sequence[Spare]) -> None:
    """Add Isian Lain: every value without a place, with where it stood in the file handed in."""
    sheet = workbook.add_worksheet(SPARE)
    sheet.set_tab_color(TABS["beranda"])
    for column, width in enumerate(_SPARE_WIDTHS):
        sheet.set_column(column, column, width)
    spoken = look.language
    sheet.write_string(0, 0, spoken(_SPARE_TITLE), look("judul"))
    for row, line in enumerate(_SPARE_INTRODUCTION, start=1):
        sheet.write_string(row, 0, spoken(line), look("lurus"))
    heading = len(_SPARE_INTRODUCTION) + 2
    for column, above in enumerate(SPARE_HEADINGS):
        sheet.write_string(heading, column, spoken(above), look("kepala"))
    for row, item in enumerate(spare, start=heading + 1):
        for column, text in enumerate((item.sheet, item.cell, item.heading)):
            put(sheet, row, column, text, look("sel"))
        _write_typed(sheet, look, row, len(SPARE_HEADINGS) - 1, item.value)
        texts = (item.sheet, item.cell, item.heading, item.value)
        fit_row(sheet, row, zip(texts, _SPARE_WIDTHS, strict=True))
    last = heading + len(spare)
    sheet.freeze_panes(heading + 1, 0)
    sheet.hide_gridlines(2)
    set_up_page(sheet, area=(0, 0, last, len(_SPARE_WIDTHS) - 1), heading_row=heading, spoken=spoken)
