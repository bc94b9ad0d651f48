"""The sheet Petunjuk of a partner template: what to fill in where, and how the file goes back, on one page.

What it says about a sheet (guide, required columns, examples) is taken from the tables, so that it cannot
differ from what is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book import periksa
from kemitraan_xl.book.cells import fit_row
from kemitraan_xl.book.look import TABS, Look, set_up_page
from validation.agreed import REPORTS
from validation.contract import Column, Table

SHEET: Final = "Petunjuk"

_LONGEST: Final = 40  #: characters of an example
_WIDTHS: Final = (20, 46, 40, 36)

_FIRST_STEPS: Final = {
    "usulan": ("Isi lembar menurut urutannya, mulai dari Sampul. Sel yang mempunyai daftar diisi dari daftar itu.",),
    "kemajuan": (
        "Sel berwarna hijau pucat memuat yang disepakati dan tidak diubah. Isi sel lainnya untuk setiap program.",
        "Nomor Surat Usulan dan Tanggal Surat pada Sampul diisi nomor dan tanggal surat pengantar laporan ini.",
        "Isi juga program yang belum dimulai. Realisasi Biaya hanya untuk masa laporan ini, bukan sejak awal.",
    ),
    "akhir": (
        "Sel berwarna hijau pucat memuat yang disepakati dan tidak diubah. Uraikan keenam bagian laporan.",
        "Nomor Surat Usulan dan Tanggal Surat pada Sampul diisi nomor dan tanggal surat pengantar laporan ini.",
        "Isi capaian setiap indikator selama kemitraan, dan sekurangnya satu pembelajaran bila ada.",
    ),
}
#: What the colours of cells mean in a report: an example of each, its styles, its meaning.
_COLOURS: Final = (
    ("Sudah disepakati", ("disepakati",), "Ditulis KPAI menurut kesepakatan. Bila keliru, beri tahu KPAI."),
    ("Belum diisi", ("tanda kurang",), "Isian wajib yang masih kosong pada baris yang sudah dipakai."),
)
_LETTERS: Final = {"usulan": "surat usulan", "kemajuan": "surat pengantar", "akhir": "surat pengantar"}

_STEPS: Final = (
    "Baris boleh disisipkan, dihapus, dan ditambah. Jangan mengubah judul kolom dan nama lembar.",
    "Jangan menulis nama, NIK, atau keterangan lain yang dapat menunjukkan identitas seorang anak.",
    f"Buka lembar {periksa.SHEET}. Bila tertulis {periksa.COMPLETE}, berkas siap dikirim.",
    "Simpan sebagai .xlsx tanpa kata sandi, lalu kirim sebagai lampiran surel ke KPAI bersama {surat}.",
    "Versi baru dikirim dengan templat yang sama; berkas yang terakhir diterima menggantikan yang lama.",
)

_MEANINGS: Final = (
    (
        periksa.COMPLETE,
        "Semua isian wajib terisi dan tidak ada yang keliru, sejauh dapat dihitung di sini.",
    ),
    (periksa.LACKING, f"Ada isian wajib yang kosong. Tempatnya ditunjukkan lembar {periksa.SHEET}."),
    (periksa.WRONG, "Ada isian yang keliru, misalnya bukan dari daftar atau bukan angka."),
    ("Temuan E", "Harus diperbaiki: berkas dikembalikan dengan nama lembar dan sel yang dimaksud."),
    ("Temuan W", "Perlu dilihat kembali; berkas tetap diterima."),
    ("Temuan I", "Keterangan saja."),
)


def write_petunjuk(workbook: Workbook, look: Look, tables: Sequence[Table], kind: str) -> None:
    """Add the sheet. `tables` are those of the template of this kind, in the order of their sheets."""
    sheet = workbook.add_worksheet(SHEET)
    sheet.set_tab_color(TABS["beranda"])
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "Petunjuk Pengisian", look("judul"))
    row = _write_section(sheet, look, 2, "Cara mengisi dan mengirim")
    for number, step in enumerate((*_FIRST_STEPS[kind], *_STEPS), start=1):
        sheet.write_string(row, 0, f"{number}. {step.format(surat=_LETTERS[kind])}", look("lurus"))
        row += 1
    row = _write_sheets(sheet, look, row + 1, tables, kind)
    if kind in REPORTS:
        row = _write_section(sheet, look, row + 1, "Arti warna sel")
        for name, styles, meaning in _COLOURS:
            sheet.write_string(row, 0, name, look("sel", *styles))
            sheet.write_string(row, 1, meaning, look("lurus"))
            row += 1
    row = _write_section(sheet, look, row + 1, "Arti keadaan dan temuan")
    for name, meaning in _MEANINGS:
        sheet.write_string(row, 0, name, look("paragraf", "tebal"))
        sheet.write_string(row, 1, meaning, look("lurus"))
        row += 1
    sheet.hide_gridlines(2)
    sheet.protect()
    set_up_page(sheet, area=(0, 0, row - 1, len(_WIDTHS) - 1), one_page=True)


def _write_section(sheet: Worksheet, look: Look, row: int, title: str) -> int:
    for column in range(len(_WIDTHS)):
        sheet.write_string(row, column, title if column == 0 else "", look("kelompok"))
    return row + 1


def _write_sheets(sheet: Worksheet, look: Look, row: int, tables: Sequence[Table], kind: str) -> int:
    for column, heading in enumerate(("Lembar", "Cara mengisi", "Wajib diisi", "Contoh")):
        sheet.write_string(row, column, heading, look("kepala"))
    for name, group in groupby(tables, key=lambda table: table.sheet):
        row += 1
        own = list(group)
        columns = [column for table in own for column in table.columns_in(kind)]
        texts = (
            " ".join(table.guide for table in own if table.guide),
            ", ".join(_required(own, kind)) or "Tidak ada; boleh kosong.",
            "; ".join(_examples(columns)),
        )
        sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", look("sel", "tautan"), name)
        for column, text in enumerate(texts, start=1):
            sheet.write_string(row, column, text, look("sel"))
        fit_row(sheet, row, zip(texts, _WIDTHS[1:], strict=True))
    return row + 1


def _required(tables: Sequence[Table], kind: str) -> list[str]:
    """Headings of what returns the file when it is blank."""
    asked = [
        (table, check)
        for table in tables
        for check in table.checks
        if check.effective_level == "E" and check.column in {column.name for column in table.columns_in(kind)}
    ]
    return [
        *dict.fromkeys(
            f"{column.heading} setiap {table.column(table.prefilled).heading}" if check.item else column.heading
            for table, check in asked
            if check.fact == "required" and not table.part_of
            for column in (table.column(check.column),)
        ),
        *(
            f"satu {table.column(check.column).group.partition(' (')[0]}"
            for table, check in asked
            if check.code in periksa.ONE_TICK
        ),
    ]


def _examples(columns: Sequence[Column]) -> list[str]:
    """Up to three short examples."""
    shown = [column for column in columns if column.example and "\n" not in column.example and not column.helper]
    return [f"{column.heading}: {column.example}" for column in shown if len(column.example) <= 40][:3]
