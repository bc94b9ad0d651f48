"""The computed part of Data Penilaian: a score beside every row, and right of it one row per assessment.

It stands outside the print area. The list of assessments is what Daftar Periksa offers and what Rekap Mitra
takes its scores from. An assessment is a partner and a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import formulas
from kemitraan_xl.book.induk import Induk, column_name, name_range
from kemitraan_xl.book.masukan import known, write_input
from kemitraan_xl.book.place import Rows
from kemitraan_xl.formulas import setting_name
from validation.contract import Table

TABLE: Final = "data_penilaian"

#: Defined names of the list of assessments, one cell per assessment in each.
KEYS: Final = "penilaian_kunci"
DATES: Final = "penilaian_tanggal"
TOTALS: Final = "penilaian_jumlah"
RECOMMENDATIONS: Final = "penilaian_rekomendasi"
LATEST: Final = "penilaian_terakhir"  #: the partner's name, where this is its latest assessment
OFFERED: Final = "daftar_penilaian"  #: the used part of KEYS, what a dropdown shows

#: Defined names of the computed columns beside the typed rows.
ROW_KEYS: Final = "data_penilaian_kunci"
_ROW_SCORES: Final = "data_penilaian_skor"
_ROW_NUMBERS: Final = "data_penilaian_urutan"

_MODE: Final = setting_name("A-1")


@dataclass(frozen=True, slots=True)
class Helper:
    """A computed column: `formula` from the cells of the same row, by name (typed columns and other helpers)."""

    name: str
    heading: str
    formula: Callable[[dict[str, str]], str]
    width: float = 10
    kind: str = ""
    defined: str = ""


def key_of(name: str, day: str) -> str:
    """Excel text of an assessment's key; written without TEXT(), whose codes depend on the language."""
    shown = f'RIGHT("0"&DAY({day}),2)&"/"&RIGHT("0"&MONTH({day}),2)&"/"&YEAR({day})'
    return f'TRIM({name})&" | "&IF(ISNUMBER({day}),{shown},TRIM({day}))'


def write_penilaian(book: Induk, table: Table) -> None:
    """The input sheet with its computed part."""
    sheet, placed = write_input(book, table, {})
    first = placed.heading + 1
    column = _write_helpers(book, sheet, placed, len(placed.columns) + 1, first, placed.end, _row_helpers(book, first))
    name_range(
        book.workbook,
        OFFERED,
        placed.sheet,
        (0, 0),
        (0, 0),
    ) if False else None
    count = max(len(known(book.rows(TABLE), "nama_lembaga")), placed.end - placed.heading) // len(book.pedoman.rows)
    _write_helpers(book, sheet, placed, column + 1, first, first + count + 9, _assessment_helpers(book, first))
    book.workbook.define_name(OFFERED, f"=OFFSET({KEYS},0,0,MAX(1,MAX({_ROW_NUMBERS})),1)")
