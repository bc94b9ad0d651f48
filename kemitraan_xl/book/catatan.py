"""The plain lists of the master: Temuan and Arsip of the files taken in, and Kamus Periksa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book import hasil
from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.induk import TOP, Induk, finish_page, name_range, new_page, write_heading
from kemitraan_xl.book.look import spread
from validation.contract import Check, checks, tables

TEMUAN: Final = ("Berkas", "Lembar", "Sel", "Kode Mitra", "Kolom", "Tingkat", "Kode", "Nilai", "Pesan", "Saran")
ARSIP: Final = (
    *("Berkas", "SHA-256", "Jenis", "Mitra", "Periode", "Putusan", "Alasan", "Kode Mitra", "Folder", "Versi"),
    *("Pengirim", "Tanggal Surel", "Perihal"),
)

KAMUS: Final = ("Kode", "Tingkat", "Lembar", "Kolom", "Arti", "Contoh", "Saran", "Acuan")

#: Defined names of columns of Temuan, by which Jejak counts what is open.
FINDINGS_OF, FINDING_SHEETS, LEVELS_OF_FINDINGS = "temuan_kode_mitra", "temuan_lembar", "temuan_tingkat"
FILES_OF_FINDINGS: Final = "temuan_berkas"

#: What stands under Berkas for a finding about the workbook itself.
HERE: Final = "Buku kerja ini"

#: Columns that formulas count, by sheet: their headings with their defined names.
_COUNTED: Final = {
    "Temuan": {
        "Berkas": FILES_OF_FINDINGS,
        "Kode Mitra": FINDINGS_OF,
        "Lembar": FINDING_SHEETS,
        "Tingkat": LEVELS_OF_FINDINGS,
    },
    "Arsip": {
        "Jenis": "arsip_jenis",
        "Periode": "arsip_periode",
        "Putusan": "arsip_putusan",
        "Kode Mitra": "arsip_kode_mitra",
    },
}

#: Columns of a finding that say where it is: file, sheet, cell.
_PLACE: Final = 3

_WIDTHS: Final = {
    "Berkas": 32,
    "Lembar": 16,
    "Sel": 8,
    "Kode Mitra": 12,
    "Kolom": 26,
    "Tingkat": 9,
    "Kode": 9,
    "Nilai": 22,
    "Pesan": 50,
    "Saran": 46,
    "SHA-256": 34,
    "Jenis": 12,
    "Mitra": 28,
    "Periode": 10,
    "Putusan": 14,
    "Alasan": 46,
    "Folder": 40,
    "Versi": 10,
    "Pengirim": 26,
    "Tanggal Surel": 17,
    "Perihal": 40,
    "Arti": 56,
    "Contoh": 24,
    "Acuan": 12,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of this workbook ("Rencana Kerja", "B7")."""

    text: str
    sheet: str
    cell: str


Text = str | Link


def write_list(
    book: Induk, name: str, headings: Sequence[str], rows: Sequence[Sequence[Text]], empty: str = ""
) -> None:
    """A sheet with one line per row, or the sentence `empty` where there is none.

    Where formulas count the rows, buttons in Excel may write more of them: the cells are open, the names reach far,
    and those below look as those above.
    """
    widths = [_WIDTHS[heading] for heading in headings]
    sheet = new_page(book, name, name, widths)
    counted = _COUNTED.get(name, {})
    styles = ("sel", "terbuka") if counted else ("sel",)
    if counted:
        _open_columns(book, sheet, widths)
    write_heading(book, sheet, TOP, headings)
    for row, texts in enumerate(rows, start=TOP + 1):
        for column, text in enumerate(texts):
            _write(book, sheet, row, column, text, styles)
        shown = (text if isinstance(text, str) else text.text for text in texts)
        fit_row(sheet, row, zip(shown, widths, strict=True))
    if not rows:
        sheet.write_string(TOP + 1, 0, empty, book.look("lajur", "terbuka") if counted else book.look("panduan"))
        if counted:
            fit_row(sheet, TOP + 1, [(empty, widths[0])])
    last = (TOP + max(len(rows), 1), len(headings) - 1)
    for heading, defined in counted.items():
        column = headings.index(heading)
        name_range(book.workbook, defined, name, (TOP, column), (max(last[0], hasil.COUNTED_ROWS), column))
    kept = _PLACE if headings is TEMUAN else 1
    finish_page(sheet, None if counted else last, heading_row=TOP)
    sheet.freeze_panes(TOP + 1, kept)
    sheet.autofilter(TOP, 0, *last)
    spread(sheet, widths, kept)
    if counted:
        hasil.open_cells(sheet)


def _open_columns(book: Induk, sheet: Worksheet, widths: Sequence[float]) -> None:
    """Give whole columns the look of a row; what stands above the headings has none of it."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, book.look("sel", "terbuka"))
        for row in range(TOP):
            if column not in sheet.table[row]:
                sheet.write_blank(row, column, None, book.look("lurus"))


def _write(book: Induk, sheet: Worksheet, row: int, column: int, text: Text, styles: Sequence[str]) -> None:
    if isinstance(text, Link):
        target = f"internal:{quote_sheetname(text.sheet)}!{text.cell}"
        if sheet.write_url(row, column, target, book.look(*styles, "tautan"), text.text) == 0:
            return
        text = text.text  # beyond the links that Excel takes on one sheet
    sheet.write_string(row, column, text, book.look(*styles))


def check_rows() -> list[tuple[str, ...]]:
    """One row per check, by code: what it means, an example that breaks it, what to do, where it comes from."""
    where = {check.key: (table.sheet, check.column) for table in reversed(tables().values()) for check in table.checks}
    return [_check_row(check, *where.get(check.key, ("", ""))) for check in sorted(checks(), key=lambda c: c.key)]


def _plain(words: str) -> str:
    """The words of a check with an ellipsis for what a finding names; what stands behind a full stop is left out."""
    return words.replace(".{rincian}", ".").format(nilai="…", kolom="kolom itu", rincian="…")


def _check_row(check: Check, sheet: str, column: str) -> tuple[str, ...]:
    here = [one for table in tables().values() if table.sheet == sheet for one in table.columns]
    heading = next((one.heading for one in here if one.name == column), "")
    return (
        check.code,
        check.effective_level,
        sheet or "Seluruh berkas",
        heading,
        check.meaning or _plain(check.sentence),
        check.example or check.wrong,
        _plain(check.remedy),
        check.sumber,
    )
