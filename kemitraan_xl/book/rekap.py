"""The sheets Rekap Mitra, Rekap Program, Rekap Biaya and Rekap Risiko: sums over the input sheets, by formulas.

Rows of partners are told by Kode Mitra, assessments by Nama Lembaga. What no register row claims is shown in a
line of its own, so that every total agrees with the input sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book import pengesahan, penilaian
from kemitraan_xl.book.cells import fit_row, put
from kemitraan_xl.book.induk import (
    TOP,
    Induk,
    column_name,
    finish_list,
    finish_page,
    name_range,
    new_page,
    registered_name,
    write_heading,
)
from kemitraan_xl.book.look import aligned
from kemitraan_xl.book.masukan import filled_rows
from validation.contract import lists, tables

MITRA: Final = "Rekap Mitra"
PROGRAM: Final = "Rekap Program"
BIAYA: Final = "Rekap Biaya"
RISIKO: Final = "Rekap Risiko"

#: What stands for the recommendation of a partner without any assessment.
UNRATED: Final = "Belum dinilai"

#: Columns that are printed on every page: code and name.
_KEPT: Final = 2

#: Rows that stand ready for partners and programmes still to come.
_MORE_PARTNERS, _MORE_PROGRAMMES = 60, 100

_COST: Final = column_name("rencana_kerja", "biaya")
_OWNER_OF_COST: Final = column_name("rencana_kerja", "kode_mitra")
_PROGRAMME: Final = column_name("rencana_kerja", "nama_program")
_LEVEL: Final = column_name("matriks_risiko", "tingkat_risiko")
_OWNER_OF_RISK: Final = column_name("matriks_risiko", "kode_mitra")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a computed list; `formula` may use {row} (Excel's number) and {code} (the cell of the code)."""

    heading: str
    formula: str
    width: float = 14
    kind: str = "teks"
    name: str = ""  #: defined name of the column, for other sheets
    total: bool = False


def _when(formula: str) -> str:
    """A formula of a partner's row, blank where there is no partner."""
    return f'=IF({{code}}="","",{formula})'


def partner_fields() -> list[Field]:
    """The columns of Rekap Mitra, one row per row of the register."""

    def register(column: str) -> str:
        cell = f"INDEX({column_name('mitra', column)},{{n}}+1)"
        return f'=IF(LEN({cell})=0,"",{cell})'

    levels = [
        Field(
            f"Risiko {item.label}",
            _when(f'COUNTIFS({_OWNER_OF_RISK},{{code}},{_LEVEL},"{item.label}")'),
            13,
            "bulat",
            total=True,
        )
        for item in reversed(lists()["tingkat_risiko"].items)
    ]
    cooperation = f"MATCH({{code}},{column_name('kerja_sama', 'kode_mitra')},0)"
    stage = f"INDEX({column_name('kerja_sama', 'tahap_sekarang')},{cooperation})"
    counting = f"MATCH(TRIM({{partner}}),{penilaian.COUNTING},0)"
    programmes = f'COUNTIFS({_OWNER_OF_COST},{{code}},{_PROGRAMME},"?*")'
    recommended = f"INDEX({pengesahan.FINAL},{counting})"

    def assessed(heading: str, column: str, width: float, kind: str = "teks", *, name: str) -> Field:
        """A fact of the assessment that counts: the latest signed, else the latest (A-14d)."""
        return Field(heading, _when(f'IFERROR(INDEX({column},{counting}),"")'), width, kind, f"rekap_mitra_{name}")

    return [
        Field("Kode", register("kode"), 11, name="rekap_mitra_kode"),
        Field("Nama Lembaga", register("nama_lembaga"), 36, name="rekap_nama"),
        Field("Kelas Lembaga", register("kelas_lembaga"), 37, name="rekap_kelas"),
        Field("Tahap", _when(f'IFERROR(IF({stage}="","",{stage}),"")'), 35),
        Field("Program", _when(programmes), 10, "bulat", "rekap_program", True),
        Field("Biaya", _when(f"SUMIFS({_COST},{_OWNER_OF_COST},{{code}})"), 20, "rupiah", "rekap_biaya", True),
        *levels,
        assessed("Tanggal Penilaian", penilaian.DATES, 13, "tanggal", name="tanggal"),
        assessed("Jumlah Skor", pengesahan.COUNTED_TOTALS, 10, "angka", name="jumlah"),
        Field(
            "Rekomendasi",
            _when(f'IFERROR(IF({recommended}="",INDEX({penilaian.STATES},{counting}),{recommended}),"{UNRATED}")'),
            26,
            name="rekap_mitra_rekomendasi",
        ),
        assessed("Kelayakan", pengesahan.FEASIBLE, 15, name="kelayakan"),
        assessed("Bendera Kritis", pengesahan.FLAGS, 24, name="bendera"),
        assessed("Jumlah Bendera Kritis", pengesahan.CRITICAL, 9, "bulat", name="bendera_kritis"),
        assessed("Pengesahan", pengesahan.SIGNED, 16, name="pengesahan"),
        Field(
            "Peringkat Biaya",
            '=IF(N({cost})=0,"",RANK({cost},rekap_biaya)+COUNTIF({costs_so_far},{cost})-1)',
            11,
            "bulat",
            "rekap_peringkat",
        ),
    ]


def write_rekap_mitra(book: Induk) -> None:
    """One row per partner of the register: class, stage, programmes, cost, risks, latest assessment."""
    fields = partner_fields()
    sheet = new_page(book, MITRA, "Rekap Mitra", [field.width for field in fields])
    write_heading(book, sheet, TOP, [field.heading for field in fields])
    fit_row(sheet, TOP, [(field.heading, field.width - 1) for field in fields])
    cost = next(index for index, field in enumerate(fields) if field.name == "rekap_biaya")
    first = TOP + 2
    last = first + filled_rows(book, "mitra", _MORE_PARTNERS) - 1
    for n, row in enumerate(range(first, last + 1), start=1):
        so_far = (xl_rowcol_to_cell(first, cost, True, True), xl_rowcol_to_cell(row, cost, False, True))
        cells = {
            "n": n,
            "code": xl_rowcol_to_cell(row, 0, col_abs=True),
            "partner": xl_rowcol_to_cell(row, 1, col_abs=True),
            "cost": xl_rowcol_to_cell(row, cost, col_abs=True),
            "costs_so_far": ":".join(so_far),
        }
        for column, field in enumerate(fields):
            formula = field.formula.format(**cells)
            style = book.look("sel", *_aligned(field), kind=_shown(field.kind))
            sheet.write_formula(row, column, formula, style, "")
    for column, field in enumerate(fields):
        if field.name:
            name_range(book.workbook, field.name, MITRA, (first, column), (last, column))
    _write_totals(book, sheet, fields, first, last)
    listed = f"SUMPRODUCT((LEN({xl_range_abs(first, 0, last, 0)})>0)*1)"
    more = f"SUMPRODUCT((LEN({column_name('mitra', 'kode')})>0)*1)-1>{listed}"
    none = f'IF({listed}=0,"Belum ada mitra; daftarkan pada lembar Mitra.","")'
    missed = f'=IF({more},"Mitra lebih banyak daripada baris rekap; buat induk baru dari induk ini.",{none})'
    sheet.write_formula(1, 4, missed, book.look("peringatan"), "")
    for row, one in enumerate(book.rows("mitra"), start=first):
        fit_row(sheet, row, [(one.get("nama_lembaga"), fields[1].width)])
    finish_list(sheet, (last, len(fields) - 1), [field.width for field in fields], heading_row=TOP, kept=_KEPT)


def _aligned(field: Field) -> tuple[str, ...]:
    """As in any table; a score, whole or not, stands in the middle too."""
    return ("tengah",) if field.kind == "angka" else aligned(field.kind)


def _shown(kind: str) -> str:
    """Text that a formula gives stays General: a cell formatted as text would show the formula once edited."""
    return "" if kind == "teks" else kind


def _write_totals(book: Induk, sheet: Worksheet, fields: Sequence[Field], first: int, last: int) -> None:
    """The row under the headings: sums of what adds up."""
    for column, field in enumerate(fields):
        style = book.look("sel", "tebal", "tetap", *_aligned(field), kind=_shown(field.kind))
        if field.total:
            sheet.write_formula(first - 1, column, f"=SUM({xl_range_abs(first, column, last, column)})", style)
        else:
            put(sheet, first - 1, column, "Jumlah" if column == 0 else None, style)


# ---- programmes ---- #


def write_rekap_program(book: Induk) -> None:
    """Every row of Rencana Kerja that names a programme, without the gaps, partner first."""
    table = tables()["rencana_kerja"]
    shown = [column for column in table.columns if column.name in ("kode_mitra", "nama_mitra")]
    shown += [column for column in table.columns if not column.helper]
    widths = [7, *(column.width for column in shown)]
    sheet = new_page(book, PROGRAM, "Rekap Program", widths)
    write_heading(book, sheet, TOP, ["Baris", *(column.heading for column in shown)])
    first = TOP + 1
    last = first + filled_rows(book, "rencana_kerja", _MORE_PROGRAMMES) - 1
    names = book.partner_names()
    filled = (one for one in book.rows(table.name) if one.get("nama_program"))
    for row, one in enumerate(filled, start=first):
        texts = {**one, "nama_mitra": names.get(one.get("kode_mitra"))}
        fit_row(sheet, row, [(texts.get(column.name), column.width) for column in shown])
    for row in range(first, last + 1):
        before = "1" if row == first else xl_rowcol_to_cell(row - 1, 0)
        sheet.write_formula(row, 0, _next_programme(before), book.look("sel", "tengah"), "")
        at, code = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (0, 1))
        for column, source in enumerate(shown, start=1):
            cell = f"INDEX({column_name(table.name, source.name)},{at})"
            formula = f'=IF({at}="","",IF(LEN({cell})=0,"",{cell}))'
            if source.name == "nama_mitra":
                formula = f'=IF({code}="","",IFERROR({registered_name(code)},""))'
            kind = "rupiah" if source.kind == "rupiah" else ""
            sheet.write_formula(row, column, formula, book.look("sel", *aligned(source.kind), kind=kind), "")
    none = f'=IF({xl_rowcol_to_cell(first, 0)}="","Belum ada program; isi lembar Rencana Kerja atau impor usulan.","")'
    sheet.write_formula(1, 5, none, book.look("peringatan"), "")
    finish_list(sheet, (last, len(shown)), widths, heading_row=TOP, kept=_KEPT + 1)


def _next_programme(before: str) -> str:
    """The position of the next row with a programme: mostly the very next, so the search is seldom needed."""
    following = f"INDEX({_PROGRAMME},{before}+1)"
    rest = f"{following}:INDEX({_PROGRAMME},ROWS({_PROGRAMME}))"
    search = f"{before}+SUMPRODUCT(MATCH(1,(LEN(TRIM({rest}))>0)*1,0))"
    return f'=IF({before}="","",IFERROR(IF(LEN(TRIM({following}))>0,{before}+1,{search}),""))'


# ---- cost ---- #


def write_rekap_biaya(book: Induk) -> None:
    """Cost by source and by class, each adding up to all of Rencana Kerja."""
    sheet = new_page(book, BIAYA, "Rekap Biaya", (34, 12, 22, 3, 34, 12, 22))
    source = column_name("rencana_kerja", "sumber_biaya")
    by_source = [
        (
            item.label,
            f'COUNTIFS({source},"{item.label}",{_PROGRAMME},"?*")',
            f'SUMIFS({_COST},{source},"{item.label}")',
        )
        for item in lists()["sumber_biaya"]
    ]
    by_class = [
        (
            item.label,
            f'SUMIFS(rekap_program,rekap_kelas,"{item.label}")',
            f'SUMIFS(rekap_biaya,rekap_kelas,"{item.label}")',
        )
        for item in lists()["kelas"]
    ]
    last = _write_split(book, sheet, 0, "Sumber Biaya", by_source)
    last = max(last, _write_split(book, sheet, 4, "Kelas Lembaga", by_class))
    texts = f"SUMPRODUCT(ISTEXT({_COST})*(LEN(TRIM({_COST}))>0))-1"
    note = f'=IF({texts}>0,{texts}&" sel Biaya berisi teks dan tidak ikut terjumlah; tulis sebagai angka.","")'
    sheet.write_formula(last + 2, 0, note, book.look("peringatan"), "")
    finish_page(sheet, (last + 2, 6))


def _write_split(book: Induk, sheet: Worksheet, column: int, title: str, rows: Sequence[tuple[str, str, str]]) -> int:
    """A block of label, number of programmes and cost; the rest that no label claims; the total of all rows."""
    write_heading(book, sheet, TOP, (title, "Program", "Biaya"), column)
    row = TOP + 1
    for label, count, cost in rows:
        sheet.write_string(row, column, label, book.look("sel"))
        sheet.write_formula(row, column + 1, f"={count}", book.look("sel", kind="bulat"))
        sheet.write_formula(row, column + 2, f"={cost}", book.look("sel", kind="rupiah"))
        row += 1
    total = row + 1
    for offset, kind, whole in (
        (1, "bulat", f"SUMPRODUCT((LEN(TRIM({_PROGRAMME}))>0)*1)-1"),
        (2, "rupiah", f"SUM({_COST})"),
    ):
        claimed = xl_range_abs(TOP + 1, column + offset, row - 1, column + offset)
        below = xl_rowcol_to_cell(total, column + offset)
        sheet.write_formula(row, column + offset, f"={below}-SUM({claimed})", book.look("sel", kind=kind))
        sheet.write_formula(total, column + offset, f"={whole}", book.look("sel", "tebal", "tetap", kind=kind))
    sheet.write_string(row, column, "Belum ditentukan", book.look("sel"))
    sheet.write_string(total, column, "Jumlah", book.look("sel", "tebal", "tetap"))
    return total


# ---- risk ---- #


def write_rekap_risiko(book: Induk) -> None:
    """How many risks there are, by kind and level, and how far their mitigation is."""
    levels = [item.label for item in reversed(lists()["tingkat_risiko"].items)]
    states = [item.label for item in lists()["status_risiko"]]
    sheet = new_page(book, RISIKO, "Rekap Risiko", (30, *(12 for _ in (*levels, "")), 3, *(12 for _ in states)))
    kinds = [(item.label, column_name("matriks_risiko", "jenis_risiko")) for item in lists()["jenis_risiko"]]
    write_heading(book, sheet, TOP, ("Jenis Risiko", *levels, "Jumlah"))
    gap = len(levels) + 3
    write_heading(book, sheet, TOP, states, gap)
    for row, (label, kind) in enumerate(kinds, start=TOP + 1):
        sheet.write_string(row, 0, label, book.look("sel"))
        for column, level in enumerate(levels, start=1):
            formula = f'=COUNTIFS({kind},"{label}",{_LEVEL},"{level}")'
            sheet.write_formula(row, column, formula, book.look("sel", "tengah", kind="bulat"))
        formula = f"=SUM({xl_range_abs(row, 1, row, len(levels))})"
        sheet.write_formula(row, len(levels) + 1, formula, book.look("sel", "tebal", "tengah", kind="bulat"))
        for column, state in enumerate(states, start=gap):
            formula = f'=COUNTIFS({kind},"{label}",{column_name("matriks_risiko", "status")},"{state}")'
            sheet.write_formula(row, column, formula, book.look("sel", "tengah", kind="bulat"))
    total = TOP + 1 + len(kinds)
    sheet.write_string(total, 0, "Jumlah", book.look("sel", "tebal", "tetap"))
    for column in (*range(1, len(levels) + 2), *range(gap, gap + len(states))):
        formula = f"=SUM({xl_range_abs(TOP + 1, column, total - 1, column)})"
        sheet.write_formula(total, column, formula, book.look("sel", "tebal", "tetap", "tengah", kind="bulat"))
    finish_page(sheet, (total, gap + len(states) - 1))
