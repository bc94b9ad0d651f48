"""The sheet Beranda: where a partnership stands, what comes next, and the way to every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book import jejak, tombol
from kemitraan_xl.book.cells import put
from kemitraan_xl.book.induk import HOME, Induk, column_name, name_range, sheet_item
from kemitraan_xl.book.look import OWNER, TABS, set_up_page
from kemitraan_xl.schedule_formulas import TODAY
from validation.contract import lists, tables
from validation.periods import FIRST_YEAR

_PARTNERSHIPS: Final = "daftar_kemitraan"
CHOSEN: Final = "kemitraan_dipilih"

#: Room for a sentence of two lines.
_STEP_HEIGHT: Final = 27

_WIDTHS: Final = (22, 38, 14, 84)

#: The day by which everything is judged, and the day on which staff may hold it: cells by name, label and note.
_DAY_NAMES: Final = (TODAY, "tanggal_beku")
_DAY_ROWS: Final = (
    ("Hari ini", "Dipakai semua jatuh tempo, status laporan, dan sisa masa berlaku."),
    ("Bekukan pada", "Isi tanggal untuk melihat keadaan pada hari itu; kosongkan agar mengikuti kalender."),
)

_HOW: Final = (
    "Daftarkan lembaga pada lembar Mitra, lalu catat kerja samanya pada lembar Kerja Sama.",
    "Terbitkan templat usulan bagi mitra; baris dari berkas yang diterima masuk ke induk baru beserta sumbernya.",
    "Nilai usulan pada Data Penilaian, lalu cetak lembar Daftar Periksa untuk penilaian yang dipilih.",
    "Lengkapi Matriks Risiko; Peta Risiko, lembar Rekap, dan Dasbor menghitung sendiri.",
)


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
    row = _section(book, sheet, row + 1, tombol.TITLE)
    row = tombol.write_buttons(book, sheet, row, len(_WIDTHS) + 1)
    row = _write_day(book, sheet, row + 1)
    row = _write_steps(book, sheet, row + 1)
    sheet.set_h_pagebreaks([row + 1])
    row = _write_map(book, sheet, row + 1, [name for name in sheets if name != HOME])
    sheet.protect()
    sheet.activate()
    set_up_page(sheet, area=(0, 0, row - 1, len(_WIDTHS) - 1))


def _section(book: Induk, sheet: Worksheet, row: int, title: str) -> int:
    for column in range(len(_WIDTHS)):
        put(sheet, row, column, title if column == 0 else None, book.look("kelompok"))
    return row + 1


def _write_day(book: Induk, sheet: Worksheet, row: int) -> int:
    """The day by which everything is judged: the calendar's, or one on which staff hold it."""
    row = _section(book, sheet, row, "Tanggal yang dipakai menilai waktu")
    for at, (label, note) in enumerate(_DAY_ROWS, start=row):
        sheet.write_string(at, 0, label, book.look("sel", "tebal"))
        sheet.write_string(at, 3, note, book.look("keterangan"))
        name_range(book.workbook, _DAY_NAMES[at - row], HOME, (at, 1), (at, 1))
    day = f"=IF(ISNUMBER({_DAY_NAMES[1]}),INT({_DAY_NAMES[1]}),TODAY())"
    sheet.write_formula(row, 1, day, book.look("sel", "kiri", kind="tanggal"), "")
    sheet.write_blank(row + 1, 1, None, book.look("sel", "isian", "terbuka", "kiri", kind="tanggal"))
    limits = {"validate": "date", "criteria": ">", "value": date(FIRST_YEAR, 1, 1), "ignore_blank": True}
    message = {"input_title": "Tanggal beku", "input_message": "Kosongkan agar mengikuti kalender."}
    sheet.data_validation(row + 1, 1, row + 1, 1, {**limits, **message})
    return row + len(_DAY_ROWS)


def _write_steps(book: Induk, sheet: Worksheet, row: int) -> int:
    """Choose a partnership, see its stage, what is open in it, and the next three steps with the way to their cells."""
    name_list = f"=OFFSET({jejak.CHOICES},0,0,MAX(1,SUMPRODUCT((LEN({jejak.CHOICES})>0)*1)),1)"
    book.workbook.define_name(_PARTNERSHIPS, name_list)
    row = _section(book, sheet, row, "Tiga langkah berikutnya")
    sheet.write_string(row, 0, "Kemitraan", book.look("sel", "tebal"))
    put(sheet, row, 1, _first_choice(book), book.look("sel", "isian", "terbuka"))
    name_range(book.workbook, CHOSEN, HOME, (row, 1), (row, 1))
    for column in (2, 3):
        sheet.write_blank(row, column, None, book.look("sel"))
    sheet.data_validation(
        row,
        1,
        row,
        1,
        {
            "validate": "list",
            "source": f"={_PARTNERSHIPS}",
            "input_title": "Kemitraan",
            "input_message": "Pilih satu kerja sama dari lembar Kerja Sama.",
        },
    )
    sheet.write_string(row + 1, 0, "Tahap sekarang", book.look("sel", "tebal"))
    missing = '"tidak ada pada lembar Kerja Sama"'
    sheet.write_formula(row + 1, 1, f"={_of_chosen(jejak.PRESENT, missing)}", book.look("sel"), "")
    open_now, all_open = (_of_chosen(name, '""') for name in (jejak.OPEN_NOW, jejak.OPEN))
    told = f'=IF({open_now}="","",{open_now}&" syarat belum terpenuhi pada tahap ini, "&{all_open}&" seluruhnya.")'
    sheet.write_blank(row + 1, 2, None, book.look("sel"))
    sheet.write_formula(row + 1, 3, told, book.look("sel"), "")
    for number in range(1, jejak.NEXT_STEPS + 1):
        _write_step(book, sheet, row + 1 + number, number)
    return row + 2 + jejak.NEXT_STEPS


def _first_choice(book: Induk) -> str:
    """The first partnership as the list of choices shows it."""
    names = ((one.get("kode_mitra"), one.get("nama_lembaga")) for one in book.rows("kerja_sama"))
    return next((f"{code}{jejak.BETWEEN}{name or ''}" for code, name in names if code), "")


def _of_chosen(column: str, otherwise: str) -> str:
    """What Jejak says of the chosen partnership."""
    return f'IF({CHOSEN}="","",IFERROR(INDEX({column},MATCH({CHOSEN},{jejak.CHOICES},0)),{otherwise}))'


def _write_step(book: Induk, sheet: Worksheet, row: int, number: int) -> None:
    """One open condition: where it is met (a link to the cell), its place in the guideline, what to do."""
    place = _of_chosen(f"{jejak.STEPS}_{number}", '""')
    size = len(book.pedoman.syarat)
    address = f"INDEX({jejak.ADDRESSES},(MATCH({CHOSEN},{jejak.CHOICES},0)-1)*{size}+{place})"
    nothing = '"semua syarat terpenuhi"' if number == 1 else '""'
    # LibreOffice finds a blank cell among blank texts, so a blank choice is told apart first.
    nothing = f'IF({CHOSEN}="","",IF(ISNUMBER(MATCH({CHOSEN},{jejak.CHOICES},0)),{nothing},""))'
    sheet.set_row(row, _STEP_HEIGHT)
    sheet.write_string(row, 0, f"Langkah {number}", book.look("sel"))
    link = f'HYPERLINK("#"&{address},INDEX({jejak.CONDITIONS},{place},{jejak.WHERE}))'
    sheet.write_formula(row, 1, f'=IF({place}="","",{link})', book.look("sel", "tautan"), "")
    for column, part, otherwise in ((2, jejak.SOURCE, '""'), (3, jejak.SENTENCE, nothing)):
        shown = f'=IF({place}="",{otherwise},INDEX({jejak.CONDITIONS},{place},{part}))'
        sheet.write_formula(row, column, shown, book.look("sel"), "")


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
