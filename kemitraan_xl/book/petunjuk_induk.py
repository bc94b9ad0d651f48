"""The sheet Petunjuk of the master: how staff work with it, and what every sheet is for, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import quote_sheetname

from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.induk import TOP, Induk, finish_list, new_page, write_heading
from validation.contract import lists, tables

SHEET: Final = "Petunjuk"

_WIDTHS: Final = (16, 20, 54, 56, 12)

_STEPS: Final = (
    "Isi hanya lembar masukan; lembar Daftar Periksa, Peta Risiko, Rekap, dan Dasbor menghitung sendiri.",
    "Kode Mitra menghubungkan baris pada semua lembar dengan lembar Mitra; pakai kode yang sama.",
    "Baris boleh disisipkan, dihapus, dan ditambah. Pada Data Penilaian dan Matriks Risiko, salin juga rumusnya.",
    'Baris berasal "usulan mitra" menyebut berkas dan sel sumbernya; KPAI yang menetapkannya.',
    "Hal yang tidak diatur jelas dalam pedoman diputuskan pada lembar Pengaturan; semua hitungan mengikutinya.",
    "Jangan menulis nama, NIK, atau keterangan lain yang dapat menunjukkan identitas seorang anak.",
)


def write_petunjuk(book: Induk, sheets: Sequence[str]) -> None:
    """Add the sheet; `sheets` are the visible sheets of this master in order."""
    sheet = new_page(book, SHEET, "Petunjuk", _WIDTHS)
    row = TOP
    for number, step in enumerate(_STEPS, start=1):
        sheet.write_string(row, 0, f"{number}. {step}", book.look("lurus"))
        row += 1
    guides = {table.sheet: table.guide for table in tables().values() if "induk" in table.kinds}
    row += 1
    heading = row
    write_heading(book, sheet, row, ("Tahap", "Lembar", "Kegunaan", "Cara mengisi", "Acuan"))
    for name in sheets:
        row += 1
        item = next(one for one in lists()["lembar_induk"] if one.label == name)
        texts = (item.note, guides.get(name, "Tidak perlu diisi."), item.sumber)
        sheet.write_string(row, 0, lists()["tahap_lembar"][item.parent].label, book.look("sel"))
        sheet.write_url(row, 1, f"internal:{quote_sheetname(name)}!A1", book.look("sel", "tautan"), name)
        for column, text in enumerate(texts, start=2):
            sheet.write_string(row, column, text, book.look("sel"))
        fit_row(sheet, row, zip(texts, _WIDTHS[2:], strict=True))
    finish_list(sheet, (row, len(_WIDTHS) - 1), _WIDTHS, heading_row=heading, kept=2)
