"""The computed part of Data Penilaian: a score beside every row, and right of it one row per assessment.

It stands outside the print area. The list of assessments is what Daftar Periksa offers and what Rekap Mitra
takes its scores from. An assessment is a partner and a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import formulas, seal_formulas
from kemitraan_xl.book import pengesahan
from kemitraan_xl.book.counting import filled, total
from kemitraan_xl.book.helper import CellFormula, Helper
from kemitraan_xl.book.induk import Induk, column_name, name_range
from kemitraan_xl.book.masukan import write_input
from kemitraan_xl.book.pengesahan import KEYS, ROW_KEYS, TABLE, TOTALS
from kemitraan_xl.book.place import REACH, Rows
from kemitraan_xl.formulas import setting_name
from validation.contract import Table

#: Defined names of the list of assessments, one cell per assessment in each; see also `pengesahan`.
DATES: Final = "penilaian_tanggal"
STATES: Final = "penilaian_lengkap"
COUNTING: Final = "penilaian_berlaku"  #: the partner's name, where this is the assessment that counts (A-14d)
PYTHON: Final = "penilaian_skor_python"  #: what the button Nilai writes beside the score of this sheet
DIFFERENCES: Final = "penilaian_beda"
OFFERED: Final = "daftar_penilaian"  #: the used part of the keys, what a dropdown shows

MODE: Final = setting_name("A-1")

#: Defined names of the computed columns beside the typed rows.
_ROW_SCORES: Final = "data_penilaian_skor"
_ROW_NUMBERS: Final = "data_penilaian_urutan"

_NAMES: Final = "penilaian_nama"


def write_penilaian(book: Induk, table: Table) -> None:
    """The input sheet with its computed part."""
    sheet, placed = write_input(book, table, {})
    left = len(placed.columns) + 1
    rows = _row_helpers(book, placed, left + 2)
    typed = {column.name: placed.at(column.name) for column in placed.columns}
    _write(book, sheet, placed, left, rows, typed, placed.end, named_to=placed.end + REACH)
    pengesahan.lock(book, sheet, placed, left + len(rows) - 1)
    count = (placed.end - placed.heading) // len(book.pedoman.rows) + 1
    each = _assessment_helpers(book)
    last = placed.heading + count
    _write(book, sheet, placed, left + len(rows) + 1, each, {}, last, named_to=last)
    book.workbook.define_name(OFFERED, f"=OFFSET({KEYS},0,0,MAX(1,MAX({_ROW_NUMBERS})),1)")
    lost = total(filled(column_name(TABLE, "nama_lembaga")), f"LEN({ROW_KEYS})=0")
    note = f'=IF({lost}>0,{lost}&" baris tanpa rumus di kanan; salin rumus dari baris di atasnya.","")'
    sheet.write_formula(placed.first, placed.at("kisi_kisi"), note, book.look("peringatan"), "")


def _write(
    book: Induk,
    sheet: Worksheet,
    placed: Rows,
    left: int,
    helpers: Sequence[Helper],
    typed: Mapping[str, int],
    last: int,
    *,
    named_to: int,
) -> None:
    """Helpers from column `left` on, beside the rows below the heading down to `last`."""
    at = {**typed, **{helper.name: left + offset for offset, helper in enumerate(helpers)}}
    for helper in helpers:
        column = at[helper.name]
        sheet.set_column(column, column, helper.width)
        sheet.write_string(placed.heading, column, helper.heading, book.look("kepala bantu"))
        if helper.defined:
            first = placed.heading if typed else placed.heading + 1
            name_range(book.workbook, helper.defined, placed.sheet, (first, column), (named_to, column))
    for row in range(placed.heading + 1, last + 1):
        cells = {name: xl_rowcol_to_cell(row, column, col_abs=True) for name, column in at.items()}
        cells["n"] = str(row - placed.heading)
        for helper in helpers:
            style = book.look("sel", "tetap", "satu baris", kind=helper.kind)
            formula = helper.formula(cells)
            if formula:
                sheet.write_formula(row, at[helper.name], formula, style, "")
            else:
                sheet.write_blank(row, at[helper.name], None, style)


def _key(cells: Mapping[str, str]) -> str:
    """The assessment's key as a person reads it; without TEXT(), whose codes depend on the language."""
    name, day = cells["nama_lembaga"], cells["tanggal_penilaian"]
    shown = f'RIGHT("0"&DAY({day}),2)&"/"&RIGHT("0"&MONTH({day}),2)&"/"&YEAR({day})'
    return f'=IF(LEN(TRIM({name}))=0,"",TRIM({name})&" | "&IF(ISNUMBER({day}),{shown},TRIM({day})))'


def _row_helpers(book: Induk, placed: Rows, number: int) -> list[Helper]:
    """Beside each typed row. `number` is the column that numbers the assessments in the order they begin."""
    head = xl_rowcol_to_cell(placed.heading, number, row_abs=True, col_abs=True)

    def order(cells: Mapping[str, str]) -> str:
        here, above = cells["kunci"], f"{head}:{_above(cells['urutan'])}"
        begins = f"MATCH({here},{ROW_KEYS},0)=ROW()-ROW({head})+1"
        return f'=IF({here}="","",IF({begins},MAX({above})+1,""))'

    def score(cells: Mapping[str, str]) -> str:
        answers = (cells["kelengkapan"], cells["masih_berlaku"], cells["relevansi"])
        return formulas.row_score(*answers, cells["skor_penilai"], MODE, book.pedoman)

    return [
        Helper("kunci", "Penilaian", _key, 34, defined=ROW_KEYS),
        Helper("skor", "Skor", score, defined=_ROW_SCORES),
        Helper("urutan", "Penilaian ke", order, kind="bulat", defined=_ROW_NUMBERS),
        *pengesahan.row_helpers(),
    ]


def _above(cell: str) -> str:
    """The cell one row higher: "$R7" -> "$R6"."""
    letters = cell.rstrip("0123456789")
    return f"{letters}{int(cell[len(letters) :]) - 1}"


def _assessment_helpers(book: Induk) -> list[Helper]:
    """One row per assessment, in the order in which they begin."""
    pedoman = book.pedoman
    criteria = [f"kriteria_{kriteria.code}" for kriteria in pedoman.kriteria]

    def first(column: str) -> CellFormula:
        def formula(cells: Mapping[str, str]) -> str:
            cell = f"INDEX({column},{cells['posisi']})"
            return f'=IF({cells["posisi"]}="","",IF({cell}="","",{cell}))'

        return formula

    def started(cells: Mapping[str, str]) -> str:
        began = column_name(TABLE, "mulai_anak")
        row = f"SUMPRODUCT(MATCH(1,({ROW_KEYS}={cells['kunci']})*(LEN({began})>0),0))"
        return f'=IF({cells["kunci"]}="","",IFERROR(INDEX({began},{row}),""))'

    def score(number: int) -> CellFormula:
        kriteria = pedoman.kriteria[number]
        if not kriteria.rows:
            return lambda cells: formulas.experience_score(cells["pita"])
        kisi = column_name(TABLE, "kisi_kisi")
        return lambda cells: formulas.criterion_score_long(cells["kunci"], ROW_KEYS, kisi, _ROW_SCORES, kriteria)

    return [
        Helper("posisi", "Baris pertama", lambda cells: f'=IFERROR(MATCH({cells["n"]},{_ROW_NUMBERS},0),"")'),
        Helper("kunci", "Penilaian", first(ROW_KEYS), 34, defined=KEYS),
        Helper("nama", "Nama Lembaga", _name, 30, defined=_NAMES),
        Helper("tanggal", "Tanggal", first(column_name(TABLE, "tanggal_penilaian")), 12, "tanggal", DATES),
        Helper("mulai", "Mulai Bekerja dengan Anak", started, 14),
        Helper("hari", "Dibaca sebagai", lambda cells: formulas.start_day(cells["mulai"]), 12, "tanggal"),
        Helper(
            "pita",
            "Pengalaman",
            lambda cells: formulas.experience_band(cells["mulai"], cells["hari"], cells["tanggal"]),
            12,
        ),
        *(
            Helper(name, f"Kriteria {kriteria.code}", score(number))
            for number, (name, kriteria) in enumerate(zip(criteria, pedoman.kriteria, strict=True))
        ),
        Helper(
            "lepas",
            pedoman.answers[0].waived[0],
            lambda cells: formulas.waived_count_long(
                cells["kunci"], ROW_KEYS, column_name(TABLE, "kelengkapan"), pedoman
            ),
            14,
            "bulat",
        ),
        Helper(
            "mentah",
            "Sebelum dibulatkan",
            lambda cells: formulas.raw_total([cells[name] for name in criteria], cells["lepas"], MODE, pedoman),
            11,
        ),
        Helper("jumlah", "Jumlah Skor", lambda cells: formulas.total(cells["mentah"]), 9, defined=TOTALS),
        Helper("python", "Skor (Python)", lambda _: "", 12, defined=PYTHON),
        Helper("beda", "Beda", _difference, 10, defined=DIFFERENCES),
        Helper("rekomendasi", "Rekomendasi", lambda cells: formulas.recommendation(cells["jumlah"]), 24),
        Helper(
            "lengkap",
            "Keadaan",
            lambda cells: formulas.completeness([cells[name] for name in criteria]),
            14,
            defined=STATES,
        ),
        *pengesahan.assessment_helpers(pedoman),
        Helper("berlaku", "Penilaian yang berlaku dari", _counting, 30, defined=COUNTING),
    ]


def _difference(cells: Mapping[str, str]) -> str:
    """Whether what the button Nilai wrote is the score of this sheet; a text stands for "not complete" in both."""
    here, other = cells["jumlah"], cells["python"]
    both = f"AND(ISNUMBER({here}),ISNUMBER({other}))"
    same = f"IF({both},ABS({here}-{other})<0.01,ISNUMBER({here})=ISNUMBER({other}))"
    return f'=IF(LEN({other})=0,"",IF({same},"sama","berbeda"))'


def _name(cells: Mapping[str, str]) -> str:
    name = f"INDEX({column_name(TABLE, 'nama_lembaga')},{cells['posisi']})"
    return f'=IF({cells["posisi"]}="","",TRIM({name}))'


def _counting(cells: Mapping[str, str]) -> str:
    """The partner's name, where no other of its assessments counts more: signed before unsigned, then by date."""
    unsigned = seal_formulas.label("belum")
    signed = f"({pengesahan.SIGNED}<>{unsigned})*1"
    own = f"({cells['pengesahan']}<>{unsigned})*1"
    later = f"ISNUMBER({DATES})*({DATES}>N({cells['tanggal']}))"
    more = f"SUMPRODUCT(({_NAMES}={cells['nama']})*((({signed})>({own}))+(({signed})=({own}))*{later}))"
    return f'=IF({cells["kunci"]}="","",IF({more}=0,{cells["nama"]},""))'
