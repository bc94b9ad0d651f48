"""The sheet Rekap Evaluasi: what was achieved of what was agreed, by kind of indicator and one by one (IV.C.3).

An indicator's row without a period is what was agreed; rows with a period are achievements. Children are added
up by those not counted before, so that nobody is counted twice; any other indicator stands where its latest period
says, in whatever order the periods were typed. `kemitraan_xl.realisation` says the same in Python.
"""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import fit_row
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
from kemitraan_xl.book.masukan import filled_rows
from kemitraan_xl.book.place import REACH
from kemitraan_xl.schedule_formulas import period_order
from validation.contract import lists, tables

SHEET: Final = "Rekap Evaluasi"

#: Defined names for the dashboard.
KINDS, ACHIEVED, CHILDREN = "rekap_evaluasi_jenis", "rekap_evaluasi_capaian", "rekap_evaluasi_anak"

_SHOWN: Final = ("kode_mitra", "no_program", "indikator", "jenis", "satuan", "data_dasar", "target")
_WIDTHS: Final = (7, 12, 34, 9, 44, 26, 14, 13, 13, 13, 12)

#: Hidden column behind the list: children of a first report that does not say how many are new; all of them are.
_FIRST: Final = len(_WIDTHS)
_MORE: Final = 60

#: What tells one indicator of a partnership from another, with its column on this sheet.
_KEYS: Final = {"kode_mitra": 1, "no_program": 3, "indikator": 4}

#: Where each row of Indikator stands in time, in a column right of the page; of as many cells as the table's names.
_PERIODS: Final = "rekap_evaluasi_urutan"

#: Hidden too: the latest and the earliest period of every indicator.
_LATEST, _EARLIEST = _FIRST + 1, _FIRST + 2
_ORDER: Final = _EARLIEST + 2

#: A period that is none comes after all others, as in Python.
_NEVER: Final = 10**7

_CHILDREN: Final = lists()["jenis_indikator"]["anak_dilayani"].label


def _indicator(column: str) -> str:
    return column_name("indikator", column)


def write_rekap_evaluasi(book: Induk) -> None:
    """Add the sheet: kinds of indicator above, children by sex and age beside, every indicator below."""
    sheet = new_page(book, SHEET, "Rekap Evaluasi", _WIDTHS)
    top = TOP + 3 + max(len(lists()["jenis_indikator"].items), len(_people()))
    _write_order(book, sheet, top)
    first = _write_indicators(book, sheet, top)
    _write_kinds(book, sheet)
    _write_children(book, sheet, first)


def _write_kinds(book: Induk, sheet: Worksheet) -> None:
    """Per kind: how many were agreed, how many reached their target, and the mean achievement."""
    write_heading(book, sheet, TOP, ("Jenis Indikator", "Disepakati", "Tercapai", "Capaian Rata-rata"), 5)
    for row, item in enumerate(lists()["jenis_indikator"], start=TOP + 1):
        of_kind = f'{KINDS},"{item.label}"'
        sheet.write_string(row, 5, item.label, book.look("sel"))
        formulas = (
            (f"=COUNTIFS({of_kind})", "bulat"),
            (f'=COUNTIFS({of_kind},{ACHIEVED},">=1")', "bulat"),
            (f'=IFERROR(AVERAGEIFS({ACHIEVED},{of_kind}),"")', "persen"),
        )
        for column, (formula, kind) in enumerate(formulas, start=6):
            sheet.write_formula(row, column, formula, book.look("sel", "tengah", kind=kind), "")


def _people() -> list[tuple[str, str]]:
    """What is counted of the children served, with the column that holds it."""
    columns = [column for column in tables()["indikator"].columns if column.name.startswith(("anak_", "usia_"))]
    return [(column.heading, _indicator(column.name)) for column in columns]


def _write_children(book: Induk, sheet: Worksheet, first: str) -> None:
    """Children served: each part added over all periods; those counted for the first time are the children reached.

    `first` holds the children of first reports that do not say how many are new.
    """
    write_heading(book, sheet, TOP, ("Anak yang Dilayani", "Jumlah"), 2)
    for row, (heading, cells) in enumerate(_people(), start=TOP + 1):
        sheet.write_string(row, 2, heading, book.look("sel"))
        formula = f'=SUMIFS({cells},{_indicator("periode")},"?*",{_indicator("jenis")},"{_CHILDREN}")'
        if cells == _indicator("anak_baru"):
            formula += f"+SUM({first})"
        sheet.write_formula(row, 3, formula, book.look("sel", "tengah", kind="bulat"))


def _write_order(book: Induk, sheet: Worksheet, top: int) -> None:
    """Right of the page: a number for the period of every row of Indikator, that of its heading among them."""
    placed = book.placed["indikator"]
    last = top + placed.end + REACH - placed.heading
    for row in range(top, last + 1):
        sheet.write_formula(row, _ORDER, _order(f"INDEX({_indicator('periode')},{row - top + 1})"), None, "")
    name_range(book.workbook, _PERIODS, SHEET, (top, _ORDER), (last, _ORDER))
    # Not hidden: LibreOffice does not save the far rows of a hidden column.
    sheet.set_column(_ORDER, _ORDER, 12)
    sheet.write_string(top - 1, _ORDER, "Urutan Periode", book.look("kepala bantu"))


def _order(cell: str) -> str:
    """Where a period stands in time; a blank before all others, a text that is none after them."""
    return f"=IF(LEN({cell})=0,0,IFERROR({period_order(cell)},{_NEVER}))"


def _write_indicators(book: Induk, sheet: Worksheet, top: int) -> str:
    """Every agreed indicator without the gaps: baseline, target, where it stands, how much of the way that is.

    Returns the range of the hidden column.
    """
    table = tables()["indikator"]
    headings = [table.column(name).heading for name in _SHOWN]
    write_heading(book, sheet, top, ["Baris", headings[0], "Nama Mitra", *headings[1:], "Realisasi", "Capaian"])
    first = top + 1
    last = first + filled_rows(book, "indikator", _MORE) - 1
    agreed = [one for one in book.rows("indikator") if one.get("indikator") and not one.get("periode")]
    partners = book.partner_names()
    for row, one in enumerate(agreed, start=first):
        fit_row(sheet, row, [(one["indikator"], _WIDTHS[4]), (partners.get(one.get("kode_mitra")), _WIDTHS[2])])
    for row in range(first, last + 1):
        before = "1" if row == first else xl_rowcol_to_cell(row - 1, 0)
        sheet.write_formula(row, 0, _next_agreed(before), book.look("sel", "tengah"), "")
        at = xl_rowcol_to_cell(row, 0, col_abs=True)
        for column, name in zip((1, 3, 4, 5, 6, 7, 8), _SHOWN, strict=True):
            cell = f"INDEX({_indicator(name)},{at})"
            formula = f'=IF({at}="","",IF(LEN({cell})=0,"",{cell}))'
            kind = "angka" if name in ("data_dasar", "target") else ""
            align = ("tengah",) if name == "no_program" else ()
            sheet.write_formula(row, column, formula, book.look("sel", *align, kind=kind), "")
        code = xl_rowcol_to_cell(row, 1, col_abs=True)
        partner = f'=IF({code}="","",IFERROR({registered_name(code)},""))'
        sheet.write_formula(row, 2, partner, book.look("sel"), "")
        sheet.write_formula(row, _FIRST, _first_report(row), None, "")
        earliest = f"{_NEVER + 1}-MAX({_reported(row)}*({_NEVER + 1}-{_PERIODS}))"
        for column, number in ((_LATEST, f"MAX({_reported(row)}*{_PERIODS})"), (_EARLIEST, earliest)):
            sheet.write_array_formula(row, column, row, column, f'{{=IF({at}="","",{number})}}', None, "")
        sheet.write_formula(row, 9, _achievement(row), book.look("sel", kind="angka"), "")
        sheet.write_formula(row, 10, _share(row), book.look("sel", "tengah", kind="persen"), "")
    name_range(book.workbook, KINDS, SHEET, (first, 5), (last, 5))
    name_range(book.workbook, ACHIEVED, SHEET, (first, 10), (last, 10))
    sheet.set_column(_FIRST, _EARLIEST, 12, None, {"hidden": True})
    finish_list(sheet, (last, len(_WIDTHS) - 1), _WIDTHS, heading_row=top, kept=3)
    return str(xl_range_abs(first, _FIRST, last, _FIRST))


def _next_agreed(before: str) -> str:
    """The position of the next row of Indikator that was agreed: it names an indicator and no period."""
    name, period = _indicator("indikator"), _indicator("periode")
    rest = [f"INDEX({cells},{before}+1):INDEX({cells},ROWS({cells}))" for cells in (name, period)]
    search = f"{before}+SUMPRODUCT(MATCH(1,(LEN(TRIM({rest[0]}))>0)*(LEN(TRIM({rest[1]}))=0),0))"
    following = [f"LEN(TRIM(INDEX({cells},{before}+1)))" for cells in (name, period)]
    near = f"IF(({following[0]}>0)*({following[1]}=0),{before}+1,{search})"
    return f'=IF({before}="","",IFERROR({near},""))'


def _reported(row: int) -> str:
    """Which rows of Indikator say where this row's indicator stands.

    Compared cell by cell: a criterion of COUNTIFS may not be longer than 255 characters, and reads "*" and "<".
    """
    own = {name: xl_rowcol_to_cell(row, column, col_abs=True) for name, column in _KEYS.items()}
    same = "*".join(f"({_indicator(name)}={cell})" for name, cell in own.items())
    return f"{same}*(LEN({_indicator('periode')})>0)*(LEN({_indicator('realisasi')})>0)"


def _first_report(row: int) -> str:
    """The children of an indicator's first report where Anak Baru is blank there; nobody was counted before it."""
    kind, earliest = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (5, _EARLIEST))
    first = f"SUMPRODUCT(MATCH(1,{_reported(row)}*({_PERIODS}={earliest}),0))"
    new, served = (f"INDEX({_indicator(name)},{first})" for name in ("anak_baru", "realisasi"))
    return f'=IF({kind}="{_CHILDREN}",IFERROR(IF(LEN({new})=0,N({served}),0),0),0)'


def _achievement(row: int) -> str:
    """Where an indicator stands: the new children of all periods, or the value of the latest."""
    at, kind, first, latest = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (0, 5, _FIRST, _LATEST))
    reported = _reported(row)
    children = f"SUMPRODUCT({reported},{_indicator('anak_baru')})+{first}"
    last = f"LOOKUP(2,1/({reported}*({_PERIODS}={latest})),{_indicator('realisasi')})"
    return f'=IF({at}="","",IF(SUMPRODUCT({reported})=0,"",IF({kind}="{_CHILDREN}",{children},{last})))'


def _share(row: int) -> str:
    """The part of the way from baseline to target; for children the part of the target."""
    kind, base, target, value = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (5, 7, 8, 9))
    start = f'IF({kind}="{_CHILDREN}",0,N({base}))'
    return f'=IF({value}="","",IFERROR(({value}-{start})/(N({target})-{start}),""))'
