"""The plain lists of the master: Temuan and Arsip of the files taken in, and Kamus Periksa."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.induk import TOP, Induk, finish_page, new_page, write_heading
from validation.contract import Check, checks, tables

TEMUAN: Final = ("Berkas", "Lembar", "Sel", "Kolom", "Tingkat", "Kode", "Nilai", "Pesan", "Saran")
ARSIP: Final = ("Berkas", "SHA-256", "Jenis", "Mitra", "Periode", "Putusan", "Alasan")
KAMUS: Final = ("Kode", "Tingkat", "Lembar", "Kolom", "Arti", "Contoh", "Saran", "Acuan")

_WIDTHS: Final = {
    "Berkas": 32,
    "Lembar": 16,
    "Sel": 8,
    "Kolom": 26,
    "Tingkat": 9,
    "Kode": 9,
    "Nilai": 22,
    "Pesan": 50,
    "Saran": 46,
    "SHA-256": 24,
    "Jenis": 12,
    "Mitra": 28,
    "Periode": 10,
    "Putusan": 14,
    "Alasan": 46,
    "Arti": 56,
    "Contoh": 24,
    "Acuan": 12,
}


def write_list(book: Induk, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], empty: str = "") -> None:
    """A sheet with one line per row, or the sentence `empty` where there is none."""
    widths = [_WIDTHS[heading] for heading in headings]
    sheet = new_page(book, name, name, widths)
    write_heading(book, sheet, TOP, headings)
    for row, texts in enumerate(rows, start=TOP + 1):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, book.look("sel"))
        fit_row(sheet, row, zip(texts, widths, strict=True))
    if not rows:
        sheet.write_string(TOP + 1, 0, empty, book.look("panduan"))
    last = (TOP + max(len(rows), 1), len(headings) - 1)
    if rows:
        sheet.autofilter(TOP, 0, *last)
    finish_page(sheet, last, heading_row=TOP)


def check_rows() -> list[tuple[str, ...]]:
    """One row per check, by code: what it means, an example that breaks it, what to do, where it comes from."""
    where = {check.key: (table.sheet, check.column) for table in reversed(tables().values()) for check in table.checks}
    return [_check_row(check, *where.get(check.key, ("", ""))) for check in sorted(checks(), key=lambda c: c.key)]


def _check_row(check: Check, sheet: str, column: str) -> tuple[str, ...]:
    plain = {"nilai": "…", "kolom": "kolom itu", "rincian": ""}
    here = [one for table in tables().values() if table.sheet == sheet for one in table.columns]
    heading = next((one.heading for one in here if one.name == column), "")
    return (
        check.code,
        check.effective_level,
        sheet or "Seluruh berkas",
        heading,
        check.meaning or check.sentence.format(**plain),
        check.example or check.wrong,
        check.remedy.format(**plain),
        check.sumber,
    )
