"""The sheet Rekap Selisih: only what does not tie out between plan, reports and final report (IV.C.1, IV.D).

Every partnership and every programme is a candidate with two figures, in hidden columns at the right; the
list in front shows those whose figures differ, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import (
    TOP,
    Induk,
    column_name,
    finish_list,
    name_range,
    new_page,
    registered_name,
    write_heading,
)
from kemitraan_xl.book.look import NUMBER_FORMATS
from kemitraan_xl.book.masukan import filled_rows
from kemitraan_xl.book.place import REACH
from kemitraan_xl.formulas import quoted
from kemitraan_xl.schedule_formulas import period_end
from validation.contract import lists

SHEET: Final = "Rekap Selisih"

_HEADINGS: Final = (
    "Kode Mitra",
    "Nama Mitra",
    "No",
    "Hal",
    "Pembanding",
    "Menurut Pembanding",
    "Menurut Laporan",
    "Selisih",
)
_WIDTHS: Final = (12, 36, 6, 46, 42, 20, 18, 16)

#: Rows of the list, and spare candidates for partnerships and programmes still to come.
_SHOWN, _MORE_PARTNERSHIPS, _MORE_PROGRAMMES = 200, 20, 50

#: Defined names of the hidden columns: which candidate comes as number so-and-so, and its cells.
_ORDER: Final = "selisih_urutan"
_CELLS: Final = tuple(f"selisih_{name}" for name in ("kode", "nama", "no", "hal", "pembanding", "acuan", "nilai"))

#: Rupiah below which two sums count as equal.
_TOLERANCE: Final = 1

#: The last day that each row of Laporan Kemajuan reports on, in a column right of the page; blank where there is none.
_REPORTED: Final = "selisih_akhir_periode"

#: When two figures are listed: they differ; what was reported is more.
_DIFFERS: Final = f"ABS({{actual}}-{{expected}})>={_TOLERANCE}"
_OVER: Final = f"{{actual}}-{{expected}}>={_TOLERANCE}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures that should be equal. The formulas use {kode} and {no}; `asked` says when they are compared,
    `listed` when {expected} and {actual} tell that something is wrong."""

    subject: str
    against: str
    asked: str
    expected: str
    actual: str
    listed: str = _DIFFERS
    days: bool = False  #: both figures are days, each the latest of several


def _sum(table: str, column: str, *also: str) -> str:
    owner = column_name(table, "kode_mitra")
    return f"SUMIFS({column_name(table, column)},{','.join([owner, '{kode}', *also])})"


def _count(table: str, *also: str) -> str:
    return f"COUNTIFS({','.join([column_name(table, 'kode_mitra'), '{kode}', *also])})"


_COVER: Final = "N(INDEX(kerja_sama_total_biaya,MATCH({kode},kerja_sama_kode_mitra,0)))"
_OF_NUMBER: Final = (column_name("laporan_kemajuan", "no"), "{no}")
_FINAL: Final = _count("laporan_pelaksanaan", column_name("laporan_pelaksanaan", "total_realisasi"), '">=0"')


def _latest(table: str, number: str, days: str) -> str:
    """The latest of the days beside the rows of one programme; 0 where there is none."""
    own = f"({column_name(table, 'kode_mitra')}={{kode}})*({column_name(table, number)}={{no}})"
    return f"MAX({own}*IF(ISNUMBER({days}),{days},0))"


#: Whether the last report on a programme says that it is finished.
_FINISHED: Final = (
    *(*_OF_NUMBER, _REPORTED, "{actual}", column_name("laporan_kemajuan", "status_kegiatan")),
    quoted(lists()["status_kegiatan"]["selesai"].label),
)

#: Asked once for every partnership.
PARTNERSHIP: Final = (
    Comparison(
        "Total Biaya pada Kerja Sama",
        "Jumlah Biaya pada Rencana Kerja",
        f"AND({_COVER}>0,{_count('rencana_kerja')}>0)",
        _sum("rencana_kerja", "biaya"),
        _COVER,
    ),
    Comparison(
        "Total realisasi pada laporan akhir",
        "Jumlah realisasi pada laporan kemajuan",
        f"AND({_FINAL}>0,{_count('laporan_kemajuan')}>0)",
        _sum("laporan_kemajuan", "realisasi_biaya"),
        _sum("laporan_pelaksanaan", "total_realisasi"),
    ),
    Comparison(
        "Total realisasi pada laporan akhir",
        "Jumlah Biaya yang disepakati",
        f"{_FINAL}>0",
        _sum("rencana_kerja", "biaya"),
        _sum("laporan_pelaksanaan", "total_realisasi"),
    ),
)

#: Asked once for every programme of Rencana Kerja.
PROGRAMME: Final = (
    Comparison(
        "Realisasi biaya program melebihi rencana",
        "Biaya yang disepakati",
        "LEN({no})>0",
        _sum("rencana_kerja", "biaya", column_name("rencana_kerja", "no"), "{no}"),
        _sum("laporan_kemajuan", "realisasi_biaya", *_OF_NUMBER),
        listed=_OVER,
    ),
    Comparison(
        "Program tanpa laporan (banyak laporan)",
        "Laporan kemajuan mitra ini ada",
        f"AND({_count('laporan_kemajuan')}>0,{_count('laporan_kemajuan', *_OF_NUMBER)}=0)",
        "1",
        _count("laporan_kemajuan", *_OF_NUMBER),
    ),
    Comparison(
        "Program belum selesai sesudah waktunya (hari)",
        "Rencana Selesai kegiatannya yang terakhir",
        "N({no})>0",
        _latest("kegiatan", "no_program", column_name("kegiatan", "rencana_selesai")),
        _latest("laporan_kemajuan", "no", _REPORTED),
        listed=f"AND({{expected}}>0,{{actual}}>={{expected}},{_count('laporan_kemajuan', *_FINISHED)}=0)",
        days=True,
    ),
)


def write_rekap_selisih(book: Induk) -> None:
    """Add the sheet; an empty list says that everything ties out."""
    sheet = new_page(book, SHEET, "Rekap Selisih", _WIDTHS)
    write_heading(book, sheet, TOP, _HEADINGS)
    first, last = TOP + 1, TOP + _SHOWN
    _write_candidates(book, sheet, first)
    _write_reported_days(book, sheet, first)
    for row in range(first, last + 1):
        at = f"MATCH({row - first + 1},{_ORDER},0)"
        for column, cells in enumerate(_CELLS):
            kind = "jumlah" if column >= 5 else ""  # rupiah, or reports where Hal says so
            align = ("tengah",) if column == 2 else ()
            formula = f'=IFERROR(INDEX({cells},{at}),"")'
            sheet.write_formula(row, column, formula, book.look("sel", *align, kind=kind), "")
        expected, actual = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (5, 6))
        formula = f'=IF({actual}="","",{actual}-{expected})'
        sheet.write_formula(row, 7, formula, book.look("sel", "tebal", kind="jumlah"), "")
    _show_days(book, sheet, first, last)
    found = f"MAX({_ORDER})"
    many = f'IF({found}>{_SHOWN},"Ada "&{found}&" selisih; yang tampak {_SHOWN} pertama.",{found}&" selisih.")'
    said = f'=IF({found}=0,"Rencana dan laporan sudah sama; tidak ada selisih.",{many})'
    sheet.write_formula(1, 4, said, book.look("tebal"), "")
    finish_list(sheet, (last, len(_HEADINGS) - 1), _WIDTHS, heading_row=TOP, kept=2)


def _show_days(book: Induk, sheet: Worksheet, first: int, last: int) -> None:
    """The two figures as dates wherever they are days."""
    dated = book.workbook.add_format({"num_format": NUMBER_FORMATS["tanggal"]})
    subjects = ",".join(f'$D{first + 1}="{one.subject}"' for one in PROGRAMME if one.days)
    sheet.conditional_format(first, 5, last, 6, {"type": "formula", "criteria": f"=OR({subjects})", "format": dated})


def _write_candidates(book: Induk, sheet: Worksheet, first: int) -> None:
    """The hidden columns: code, name, number, subject, against, expected, actual, and the running count."""
    left = len(_HEADINGS) + 1
    sheet.set_column(left, left + len(_CELLS), 12, None, {"hidden": True})
    rows = _candidates(book)
    last = first + len(rows) - 1
    for row, (comparison, table, position) in enumerate(rows, start=first):
        _write_candidate(sheet, row, left, comparison, table, position, first)
    for offset, name in enumerate((*_CELLS, _ORDER)):
        name_range(book.workbook, name, SHEET, (first, left + offset), (last, left + offset))


def _candidates(book: Induk) -> list[tuple[Comparison, str, int]]:
    """Comparison, table and position in that table, partnership by partnership and programme by programme."""
    asked: Sequence[tuple[Sequence[Comparison], str, int]] = (
        (PARTNERSHIP, "kerja_sama", _MORE_PARTNERSHIPS),
        (PROGRAMME, "rencana_kerja", _MORE_PROGRAMMES),
    )
    return [
        (comparison, table, position)
        for comparisons, table, spare in asked
        for position in range(2, filled_rows(book, table, spare) + 2)
        for comparison in comparisons
    ]


def _write_candidate(
    sheet: Worksheet, row: int, left: int, comparison: Comparison, table: str, position: int, first: int
) -> None:
    kode, no, expected, actual = (xl_rowcol_to_cell(row, left + offset, col_abs=True) for offset in (0, 2, 5, 6))
    fill = partial(str.format, kode=kode, no=no)
    when = f'IF({kode}="","",IF({fill(comparison.asked)},{{figure}},""))'
    own = f"INDEX({column_name(table, 'kode_mitra')},{position})"
    number = f"INDEX({column_name(table, 'no')},{position})" if table == "rencana_kerja" else '""'
    off = fill(comparison.listed, expected=expected, actual=actual)
    order = xl_col_to_name(left + len(_CELLS), col_abs=True)
    before = f"{order}${first}:{order}{row}" if row > first else '""'
    formulas = (
        f'IF(LEN({own})=0,"",{own})',
        f'IF({kode}="","",IFERROR({registered_name(kode)},""))',
        f'IF({kode}="","",{number})',
        f'"{comparison.subject}"',
        f'"{comparison.against}"',
        when.format(figure=fill(comparison.expected)),
        when.format(figure=fill(comparison.actual)),
        f'IF({expected}="","",IF({off},MAX({before})+1,""))' if row > first else f'IF({expected}="","",IF({off},1,""))',
    )
    for offset, formula in enumerate(formulas):
        if comparison.days and offset in (5, 6):
            place = row, left + offset
            sheet.write_array_formula(*place, *place, f"{{={formula}}}", None, "")
        else:
            sheet.write_formula(row, left + offset, f"={formula}", None, "")


def _write_reported_days(book: Induk, sheet: Worksheet, first: int) -> None:
    """Right of the page: the last day of the period of every row of Laporan Kemajuan, its heading among them."""
    placed, column = book.placed["laporan_kemajuan"], len(_HEADINGS) + len(_CELLS) + 3
    last = first + placed.end + REACH - placed.heading
    period = column_name("laporan_kemajuan", "periode")
    for row in range(first, last + 1):
        formula = f'=IFERROR({period_end(f"INDEX({period},{row - first + 1})")},"")'
        sheet.write_formula(row, column, formula, book.look("hari"), "")
    name_range(book.workbook, _REPORTED, SHEET, (first, column), (last, column))
    # Not hidden: LibreOffice does not save the far rows of a hidden column.
    sheet.set_column(column, column, 12)
    sheet.write_string(TOP, column, "Akhir Periode", book.look("kepala bantu"))
