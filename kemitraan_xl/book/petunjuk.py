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
from validation.language import Language, Text, own

SHEET: Final = "Petunjuk"

_LONGEST: Final = 40  #: characters of an example
_WIDTHS: Final = (20, 46, 40, 36)

_TITLE: Final = Text("Petunjuk Pengisian")
_LETTER_OF_REPORT: Final = Text(
    "Nomor Surat Usulan dan Tanggal Surat pada Sampul diisi nomor dan tanggal surat pengantar laporan ini."
)
_FIRST_STEPS: Final = {
    "usulan": (
        Text("Isi lembar menurut urutannya, mulai dari Sampul. Sel yang mempunyai daftar diisi dari daftar itu."),
    ),
    "kemajuan": (
        Text("Sel berwarna hijau pucat memuat yang disepakati dan tidak diubah. Isi sel lainnya untuk setiap program."),
        _LETTER_OF_REPORT,
        Text("Isi juga program yang belum dimulai. Realisasi Biaya hanya untuk masa laporan ini, bukan sejak awal."),
    ),
    "akhir": (
        Text("Sel berwarna hijau pucat memuat yang disepakati dan tidak diubah. Uraikan keenam bagian laporan."),
        _LETTER_OF_REPORT,
        Text("Isi capaian setiap indikator selama kemitraan, dan sekurangnya satu pembelajaran bila ada."),
    ),
}
#: What only a template in another language has to say.
_ABROAD: Final = (
    Text("Judul dan isi daftar berbahasa Indonesia dengan terjemahannya; isian lain boleh ditulis berbahasa Inggris."),
    Text("Ya berarti pilihan itu berlaku; dst berarti baris seterusnya. Nama lembar tetap berbahasa Indonesia."),
)
#: What the colours of cells mean in a report: an example of each, its styles, its meaning.
_COLOURS: Final = (
    (
        Text("Sudah disepakati"),
        ("disepakati",),
        Text("Ditulis KPAI menurut kesepakatan. Bila keliru, beri tahu KPAI."),
    ),
    (
        Text("Belum diisi"),
        ("tanda kurang",),
        Text("Isian wajib yang masih kosong pada baris yang sudah dipakai."),
    ),
)
_OF_PROPOSAL, _OF_REPORT = Text("surat usulan"), Text("surat pengantar")

_STEPS: Final = (
    Text("Baris boleh disisipkan, dihapus, dan ditambah. Jangan mengubah judul kolom dan nama lembar."),
    Text("Jangan menulis nama, NIK, atau keterangan lain yang dapat menunjukkan identitas seorang anak."),
    Text("Buka lembar {periksa}. Bila tertulis {lengkap}, berkas siap dikirim."),
    Text("Simpan sebagai .xlsx tanpa kata sandi, lalu kirim sebagai lampiran surel ke KPAI bersama {surat}."),
    Text("Versi baru dikirim dengan templat yang sama; berkas yang terakhir diterima menggantikan yang lama."),
)

_MEANINGS: Final = (
    (
        periksa.COMPLETE,
        Text("Semua isian wajib terisi dan tidak ada yang keliru, sejauh dapat dihitung di sini."),
    ),
    (periksa.LACKING, Text("Ada isian wajib yang kosong. Tempatnya ditunjukkan lembar {periksa}.")),
    (periksa.WRONG, Text("Ada isian yang keliru, misalnya bukan dari daftar atau bukan angka.")),
    (Text("Temuan E"), Text("Harus diperbaiki: berkas dikembalikan dengan nama lembar dan sel yang dimaksud.")),
    (Text("Temuan W"), Text("Perlu dilihat kembali; berkas tetap diterima.")),
    (Text("Temuan I"), Text("Keterangan saja.")),
)
_HOW: Final = Text("Cara mengisi dan mengirim")
_COLOURS_MEAN: Final = Text("Arti warna sel")
_STATES_MEAN: Final = Text("Arti keadaan dan temuan")
_HEADINGS: Final = (Text("Lembar"), Text("Cara mengisi"), Text("Wajib diisi"), Text("Contoh"))
_NOTHING: Final = Text("Tidak ada; boleh kosong.")
_EVERY: Final = Text("{isian} setiap {baris}")
_ONE: Final = Text("satu {kelompok}")


def write_petunjuk(workbook: Workbook, look: Look, tables: Sequence[Table], kind: str) -> None:
    """Add the sheet. `tables` are those of the template of this kind, in the order of their sheets."""
    sheet = workbook.add_worksheet(SHEET)
    sheet.set_tab_color(TABS["beranda"])
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 24)
    spoken = look.language
    letter = _OF_REPORT if kind in REPORTS else _OF_PROPOSAL
    told = {"surat": spoken(letter), "periksa": periksa.SHEET, "lengkap": spoken(periksa.COMPLETE)}
    sheet.write_string(0, 0, spoken(_TITLE), look("judul"))
    row = _write_section(sheet, look, 2, spoken(_HOW))
    steps = (*_FIRST_STEPS[kind], *_STEPS, *(() if spoken.home else _ABROAD))
    for number, step in enumerate(steps, start=1):
        sheet.write_string(row, 0, f"{number}. {spoken(step).format_map(told)}", look("lurus"))
        row += 1
    row = _write_sheets(sheet, look, row + 1, tables, kind)
    if kind in REPORTS:
        row = _write_section(sheet, look, row + 1, spoken(_COLOURS_MEAN))
        for name, styles, meaning in _COLOURS:
            sheet.write_string(row, 0, spoken(name), look("sel", *styles))
            sheet.write_string(row, 1, spoken(meaning), look("lurus"))
            row += 1
    row = _write_section(sheet, look, row + 1, spoken(_STATES_MEAN))
    for name, meaning in _MEANINGS:
        sheet.write_string(row, 0, spoken(name), look("paragraf", "tebal"))
        sheet.write_string(row, 1, spoken(meaning).format_map(told), look("lurus"))
        row += 1
    sheet.hide_gridlines(2)
    sheet.protect()
    set_up_page(sheet, area=(0, 0, row - 1, len(_WIDTHS) - 1), one_page=True, spoken=spoken)


def _write_section(sheet: Worksheet, look: Look, row: int, title: str) -> int:
    for column in range(len(_WIDTHS)):
        sheet.write_string(row, column, title if column == 0 else "", look("kelompok"))
    return row + 1


def _write_sheets(sheet: Worksheet, look: Look, row: int, tables: Sequence[Table], kind: str) -> int:
    spoken = look.language
    for column, heading in enumerate(map(spoken, _HEADINGS)):
        sheet.write_string(row, column, heading, look("kepala"))
    for name, group in groupby(tables, key=lambda table: table.sheet):
        row += 1
        here = list(group)
        called = () if spoken.home else (f"{spoken.of(name)}.",)
        columns = [column for table in here for column in table.columns_in(kind)]
        texts = (
            " ".join([*called, *(table.guide for table in here if table.guide)]),
            ", ".join(_required(here, kind, spoken)) or spoken(_NOTHING),
            "; ".join(_examples(columns)),
        )
        sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", look("sel", "tautan"), name)
        for column, text in enumerate(texts, start=1):
            sheet.write_string(row, column, text, look("sel"))
        fit_row(sheet, row, zip(texts, _WIDTHS[1:], strict=True))
    return row + 1


def _required(tables: Sequence[Table], kind: str, spoken: Language) -> list[str]:
    """Headings of what returns the file when it is blank."""
    asked = [
        (table, check)
        for table in tables
        for check in table.checks
        if check.effective_level == "E" and check.column in {column.name for column in table.columns_in(kind)}
    ]
    return [
        *dict.fromkeys(
            spoken(_EVERY).format(isian=own(column.heading), baris=own(table.column(table.prefilled).heading))
            if check.item
            else own(column.heading)
            for table, check in asked
            if check.fact == "required" and not table.part_of
            for column in (table.column(check.column),)
        ),
        *(
            spoken(_ONE).format(kelompok=table.column(check.column).group.partition(" (")[0])
            for table, check in asked
            if check.code in periksa.ONE_TICK
        ),
    ]


def _examples(columns: Sequence[Column]) -> list[str]:
    """Up to three short examples."""
    shown = [column for column in columns if column.example and "\n" not in column.example and not column.helper]
    return [f"{own(column.heading)}: {column.example}" for column in shown if len(column.example) <= 40][:3]
