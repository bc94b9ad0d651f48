"""The sheet Beranda: where a partnership stands, what comes next, and the way to every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import put
from kemitraan_xl.book.induk import HOME, Induk, column_name, name_range, sheet_item
from kemitraan_xl.book.look import OWNER, TABS, set_up_page
from validation.contract import lists, tables

#: The block on Ref with one row per stage: label, place in the guideline, what is done.
STAGES: Final = "urutan_tahap"
_PARTNERSHIPS: Final = "daftar_kemitraan"
_CHOSEN: Final = "kemitraan_dipilih"
_STEPS: Final = 3

_WIDTHS: Final = (22, 38, 14, 84)

_HOW: Final = (
    "Daftarkan lembaga pada lembar Mitra, lalu catat kerja samanya pada lembar Kerja Sama.",
    "Terbitkan templat usulan bagi mitra; baris dari berkas yang diterima masuk ke induk baru beserta sumbernya.",
    "Nilai usulan pada Data Penilaian, lalu cetak lembar Daftar Periksa untuk penilaian yang dipilih.",
    "Lengkapi Matriks Risiko; Peta Risiko, lembar Rekap, dan Dasbor menghitung sendiri.",
)


def stage_rows() -> list[tuple[str, str, str]]:
    """Rows for Ref: every stage with its place in the guideline and what is done in it."""
    return [(item.label, item.sumber, item.note) for item in lists()["tahap"]]


def write_beranda(book: Induk, sheets: Sequence[str]) -> None:
    """Add the sheet; `sheets` are the visible sheets of this master in order."""
    sheet = book.workbook.add_worksheet(HOME)
    sheet.set_tab_color(TABS["beranda"])
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "Buku Kerja Kemitraan", book.look("judul"))
    about = f"{OWNER}. {book.pedoman.title}, edisi {book.pedoman.edition} ({book.pedoman.digest[:8]})."
    sheet.write_string(1, 0, about, book.look("keterangan"))
    row = _section(book, sheet, 3, "Yang dilakukan di sini")
    for number, line in enumerate(_HOW, start=1):
        sheet.write_string(row, 0, f"{number}. {line}", book.look("lurus"))
        row += 1
    row = _write_steps(book, sheet, row + 1)
    row = _write_map(book, sheet, row + 1, [name for name in sheets if name != HOME])
    sheet.protect()
    sheet.activate()
    set_up_page(sheet, area=(0, 0, row - 1, len(_WIDTHS) - 1), one_page=True)


def _section(book: Induk, sheet: Worksheet, row: int, title: str) -> int:
    for column in range(len(_WIDTHS)):
        put(sheet, row, column, title if column == 0 else None, book.look("kelompok"))
    return row + 1


def _write_steps(book: Induk, sheet: Worksheet, row: int) -> int:
    """Choose a partnership, see its stage and the next three steps."""
    partners = column_name("kerja_sama", "nama_lembaga")
    name_list = f"=OFFSET({partners},1,0,MAX(1,SUMPRODUCT((LEN({partners})>0)*1)-1),1)"
    book.workbook.define_name(_PARTNERSHIPS, name_list)
    row = _section(book, sheet, row, "Tiga langkah berikutnya")
    sheet.write_string(row, 0, "Kemitraan", book.look("sel", "tebal"))
    first = next((str(one["nama_lembaga"]) for one in book.rows("kerja_sama") if one.get("nama_lembaga")), "")
    put(sheet, row, 1, first, book.look("sel", "isian", "terbuka"))
    name_range(book.workbook, _CHOSEN, HOME, (row, 1), (row, 1))
    sheet.data_validation(
        row,
        1,
        row,
        1,
        {
            "validate": "list",
            "source": f"={_PARTNERSHIPS}",
            "input_title": "Kemitraan",
            "input_message": "Pilih satu lembaga dari lembar Kerja Sama.",
        },
    )
    stage = f"INDEX({column_name('kerja_sama', 'tahap')},MATCH({_CHOSEN},{partners},0))"
    sheet.write_string(row + 1, 0, "Tahap sekarang", book.look("sel", "tebal"))
    shown = f'=IF({_CHOSEN}="","",IFERROR(IF({stage}="","belum diisi",{stage}),"tidak ada pada lembar Kerja Sama"))'
    sheet.write_formula(row + 1, 1, shown, book.look("sel"), "")
    current = xl_rowcol_to_cell(row + 1, 1, row_abs=True, col_abs=True)
    row += 2
    for step in range(_STEPS):
        at = f"IFERROR(MATCH({current},daftar_tahap,0),1)+{step}"
        sheet.write_string(row, 0, f"Langkah {step + 1}", book.look("sel"))
        for column, part in ((1, 1), (2, 2), (3, 3)):
            formula = f'=IF({current}="","",IFERROR(INDEX({STAGES},{at},{part}),""))'
            sheet.write_formula(row, column, formula, book.look("sel"), "")
        row += 1
    return row


def _write_map(book: Induk, sheet: Worksheet, row: int, names: Sequence[str]) -> int:
    """Every sheet under its group: link, what it is for, how many rows it holds."""
    counted = {table.sheet: table for table in tables().values() if "induk" in table.kinds}
    row = _section(book, sheet, row, "Isi buku kerja menurut tahap")
    for column, heading in enumerate(("Tahap", "Lembar", "Baris terisi", "Kegunaan")):
        sheet.write_string(row, column, heading, book.look("kepala"))
    shown = ""
    for name in names:
        row += 1
        item = sheet_item(name)
        group = lists()["tahap_lembar"][item.parent].label
        put(sheet, row, 0, None if group == shown else group, book.look("sel", "tebal"))
        sheet.write_url(row, 1, f"internal:{quote_sheetname(name)}!A1", book.look("sel", "tautan"), name)
        if name in counted and name != "Pengaturan":
            key = column_name(counted[name].name, _key_column(counted[name].name))
            count = f"=SUMPRODUCT((LEN({key})>0)*1)-1"
            sheet.write_formula(row, 2, count, book.look("sel", "tengah", kind="bulat"))
        else:
            sheet.write_blank(row, 2, None, book.look("sel"))
        sheet.write_string(row, 3, item.note, book.look("sel"))
        shown = group
    return row + 1


def _key_column(table: str) -> str:
    """The column that is filled in every used row: the first required one, else the first text."""
    found = tables()[table]
    asked = [check.column for check in found.checks if check.fact == "required" and check.column]
    free = [column.name for column in found.columns if column.kind == "teks" and not column.helper]
    return (asked or free)[0]
