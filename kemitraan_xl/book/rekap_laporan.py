"""The sheet Rekap Laporan: what falls due in every cooperation and where it stands, the most urgent first.

At the left is what a person reads, in the order of urgency. At the right of the page two blocks compute it: one row
per row of Kerja Sama, and one per obligation, which finds its cooperation by a running sum of their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd
from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import schedule_formulas as rules
from kemitraan_xl.agenda import TABLES, agenda
from kemitraan_xl.book.induk import TOP, Induk, finish_list, name_range, new_page, write_heading
from kemitraan_xl.book.look import SIGNALS
from kemitraan_xl.book.masukan import filled_rows
from kemitraan_xl.schedule import URGENCY
from validation.check import read_values
from validation.contract import lists, tables
from validation.periods import FIRST_YEAR

SHEET: Final = "Rekap Laporan"

#: The block on Ref with the kinds of obligation.
KINDS: Final = "daftar_kewajiban"

#: Rows that stand ready for cooperations, and for obligations of each, still to come.
_MORE, _EACH = 30, 12

#: What a person reads: name, heading, width, kind, and the column of the lower block behind it.
_SHOWN: Final = (
    ("kode_mitra", "Kode Mitra", 12, ""),
    ("nama_mitra", "Nama Mitra", 34, ""),
    ("kewajiban", "Kewajiban", 24, ""),
    ("periode", "Periode", 15, ""),
    ("jatuh_tempo", "Jatuh Tempo", 14, "tanggal"),
    ("batas", "Batas", 14, "tanggal"),
    ("status", "Status", 18, ""),
    ("lembar", "Lembar", 20, ""),
)

_SETTINGS: Final = ("A-33a", "A-33b", "A-33c", "A-33d", "A-34", "A-35a", "A-35b")

#: The block of cooperations, in this order; the single obligations stand side by side, twice.
_PARTNERSHIPS: Final = (
    *("kode", "nama", "mulai", "diputuskan", "diperpanjang", "selesai", "hambatan", "jalan", "selang", "kunjungan"),
    *("rapat ke", *rules.SINGLE, *(f"sudah {kind}" for kind in rules.SINGLE), "kembali"),
    *("laporan", "kewajiban", "sebelum"),
)
_OBLIGATIONS: Final = (
    *("mitra ke", "ke", "langkah", "jenis", "bulan", "periode", "jatuh tempo", "batas", "sudah", "kembali"),
    *("gawat", "urutan", "tampil"),
)
_DATES: Final = ("mulai", "diputuskan", "diperpanjang", "selesai", "kunjungan", "jatuh tempo", "batas", *rules.SINGLE)

#: Row of the figures; row of the headings.
_FIGURES, _HEADING = TOP, TOP + 3

#: How a status is coloured: by its place in URGENCY.
_SIGNALS: Final = {"terlambat": "salah", "dikembalikan": "kurang", "jatuh_tempo": "kurang", "diterima": "baik"}


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of formulas side by side, `count` rows from `first` on."""

    names: Sequence[str]
    column: int
    first: int
    count: int

    def cells(self, row: int) -> dict[str, str]:
        return {name: xl_rowcol_to_cell(row, self.column + at, col_abs=True) for at, name in enumerate(self.names)}

    def range(self, first: str, last: str = "") -> str:
        columns = [self.column + self.names.index(name) for name in (first, last or first)]
        return xl_range_abs(self.first, columns[0], self.first + self.count - 1, columns[1])

    @property
    def ranges(self) -> dict[str, str]:
        return {name: self.range(name) for name in self.names}


def kind_rows() -> list[list[str]]:
    """Rows for Ref: every kind of obligation by its label."""
    return [[label] for label in lists()["kewajiban"].labels]


def write_rekap_laporan(book: Induk) -> None:
    """Add the sheet; it reads Kerja Sama, Naskah, Perpanjangan and all that was handed in or done."""
    sheet = new_page(book, SHEET, "Rekap Laporan", [width for _, _, width, _ in _SHOWN])
    first = _HEADING + 1
    cooperations = filled_rows(book, "kerja_sama", _MORE)
    left = Block([name for name, *_ in _SHOWN], 0, first, _room(book))
    upper = Block(_PARTNERSHIPS, len(_SHOWN) + 4, first, cooperations)
    lower = Block(_OBLIGATIONS, upper.column + len(_PARTNERSHIPS) + 1, first, left.count)
    _write_settings(book, sheet, len(_SHOWN) + 1)
    _write_partnerships(book, sheet, upper)
    _write_obligations(book, sheet, lower, upper)
    _write_list(book, sheet, left, upper, lower)
    _write_figures(book, sheet, upper, lower)
    last = first + left.count - 1, len(_SHOWN) - 1
    finish_list(sheet, last, [width for _, _, width, _ in _SHOWN], heading_row=_HEADING, kept=2)


def _room(book: Induk) -> int:
    """Rows for all that the rows handed in can come to, and for cooperations still to come."""
    frames = {}
    for name in TABLES:
        raw = pd.DataFrame(list(book.rows(name)), dtype=object).assign(_file=0, _row=0)
        frames[name] = read_values(tables()[name], raw.where(raw.notna(), None))
    settings = book.pedoman.choose_typed({str(row["kode"]): row["nilai"] for row in book.rows("pengaturan")})
    # Long before any term, when nothing has been done yet and so everything is still to come.
    known = agenda(frames, settings, date(FIRST_YEAR, 1, 1))
    return sum(max(len(one.obligations), _EACH) for one in known) + _MORE * _EACH


def _write_settings(book: Induk, sheet: Worksheet, column: int) -> None:
    """The numbers chosen in Pengaturan, each once and sound."""
    settings = {setting.code: setting for setting in book.pedoman.settings}
    for row, code in enumerate(_SETTINGS, start=_HEADING + 1):
        sheet.write_string(row, column, code, book.look("kepala bantu"))
        sheet.write_formula(row, column + 1, rules.number_setting(settings[code]), book.look("sel", kind="bulat"), "")
        name_range(book.workbook, rules.number_name(code), SHEET, (row, column + 1), (row, column + 1))


def _write_partnerships(book: Induk, sheet: Worksheet, block: Block) -> None:
    _write_helper_headings(book, sheet, block)
    for n in range(1, block.count + 1):
        row = block.first + n - 1
        above = block.cells(row - 1)
        before = "0" if n == 1 else f"{above['sebelum']}+{above['kewajiban']}"
        _write_row(book, sheet, block, row, rules.partnership(n, block.cells(row), before))


def _write_obligations(book: Induk, sheet: Worksheet, block: Block, upper: Block) -> None:
    _write_helper_headings(book, sheet, block)
    singles = (rules.SINGLE[0], rules.SINGLE[-1])
    met = [f"sudah {kind}" for kind in singles]
    columns = {**upper.ranges, "jatuh": upper.range(*singles), "sudah": upper.range(*met)}
    columns["urutan"] = block.range("urutan")
    for n in range(1, block.count + 1):
        row = block.first + n - 1
        _write_row(book, sheet, block, row, rules.obligation(n, block.cells(row), columns))


def _write_helper_headings(book: Induk, sheet: Worksheet, block: Block) -> None:
    for at, name in enumerate(block.names, start=block.column):
        sheet.write_string(_HEADING, at, name.capitalize(), book.look("kepala bantu"))
        sheet.set_column(at, at, 12)


def _write_row(book: Induk, sheet: Worksheet, block: Block, row: int, formulas: Mapping[str, str]) -> None:
    for at, name in enumerate(block.names, start=block.column):
        style = book.look("lajur", kind="tanggal" if name in _DATES else "")
        if formulas[name].startswith("{"):
            sheet.write_array_formula(row, at, row, at, formulas[name], style, "")
        else:
            sheet.write_formula(row, at, formulas[name], style, "")


# ---- what a person reads ---- #


def _write_list(book: Induk, sheet: Worksheet, block: Block, upper: Block, lower: Block) -> None:
    write_heading(book, sheet, _HEADING, [heading for _, heading, *_ in _SHOWN])
    column = lower.ranges
    for row in range(block.first, block.first + block.count):
        at = lower.cells(row)["tampil"]
        partner, kind = f"INDEX({column['mitra ke']},{at})", f"INDEX({column['jenis']},{at})"
        obligation = f"INDEX({KINDS},{kind})"
        formulas = {
            "kode_mitra": f"INDEX({upper.range('kode')},{partner})",
            "nama_mitra": f"INDEX({upper.range('nama')},{partner})",
            "kewajiban": obligation,
            "periode": f"INDEX({column['periode']},{at})",
            "jatuh_tempo": f"INDEX({column['jatuh tempo']},{at})",
            "batas": f"INDEX({column['batas']},{at})",
            "status": rules.status(f"INDEX({column['gawat']},{at})"),
            "lembar": f"HYPERLINK({_place(kind)})",
        }
        for offset, (name, _, _, shown) in enumerate(_SHOWN):
            extra = {"lembar": "tautan", "periode": "tengah", "jatuh_tempo": "tengah", "batas": "tengah"}.get(name)
            styles = ("sel", extra) if extra else ("sel",)
            formula = f'=IF({at}="","",{formulas[name]})'
            sheet.write_formula(row, offset, formula, book.look(*styles, kind=shown), "")
    for offset, (name, *_) in enumerate(_SHOWN[:-1]):
        last = block.first + block.count - 1
        name_range(book.workbook, f"rekap_laporan_{name}", SHEET, (block.first, offset), (last, offset))
    _colour(book, sheet, block)


def _place(kind: str) -> str:
    """Where an obligation is recorded, and the name of that sheet, as the two arguments of HYPERLINK."""
    sheets = [lists()["lembar_induk"][item.links[0]].label for item in lists()["kewajiban"]]
    places = ",".join(f'"#{quote_sheetname(name)}!A1"' for name in sheets)
    names = ",".join(f'"{name}"' for name in sheets)
    return f"CHOOSE({kind},{places}),CHOOSE({kind},{names})"


def _colour(book: Induk, sheet: Worksheet, block: Block) -> None:
    """The status in the colours of the workbook's signals."""
    at = block.names.index("status")
    cell = xl_rowcol_to_cell(block.first, at, col_abs=True)
    for code, signal in _SIGNALS.items():
        assert signal in SIGNALS
        rule = {
            "type": "formula",
            "criteria": f'={cell}="{lists()["status_laporan"][code].label}"',
            "format": book.look.signal(signal),
        }
        sheet.conditional_format(block.first, at, block.first + block.count - 1, at, rule)


def _write_figures(book: Induk, sheet: Worksheet, upper: Block, lower: Block) -> None:
    """The day that all is judged by, how many obligations have each status, and who has no schedule yet."""
    statuses = [lists()["status_laporan"][code].label for code in URGENCY]
    write_heading(book, sheet, _FIGURES, ("Per Tanggal", "Kerja Sama Tanpa Jadwal", *statuses))
    figures = [(f"={rules.TODAY}", "tanggal"), (f'=COUNTIF({upper.range("hambatan")},"?*")', "bulat")]
    figures += [(f"=COUNTIF({lower.range('gawat')},{rank})", "bulat") for rank in range(1, len(URGENCY) + 1)]
    for column, (formula, kind) in enumerate(figures):
        sheet.write_formula(_FIGURES + 1, column, formula, book.look("sel", "tengah", kind=kind), "")
    for column, code in enumerate(URGENCY, start=2):
        name_range(book.workbook, f"jumlah_laporan_{code}", SHEET, (_FIGURES + 1, column), (_FIGURES + 1, column))
    short = f"SUM({upper.range('kewajiban')})>{lower.count}"
    missed = f'SUMPRODUCT((LEN(kerja_sama_kode_mitra)>0)*1)-1>COUNTIF({upper.range("kode")},"?*")'
    more = '"Kewajiban lebih banyak daripada baris rekap; buat induk baru dari induk ini."'
    place = xl_col_to_name(upper.column + upper.names.index("hambatan"))
    why = f'IF({_first_cell(1)}>0,"Alasan kerja sama tanpa jadwal tertulis pada lajur {place}.","")'
    none = f'IF(COUNTIF({upper.range("kode")},"?*")=0,"Belum ada kerja sama; catat pada lembar Kerja Sama.",{why})'
    sheet.write_formula(_FIGURES + 2, 0, f"=IF(OR({short},{missed}),{more},{none})", book.look("peringatan"), "")


def _first_cell(column: int) -> str:
    """The cell of a figure."""
    return str(xl_rowcol_to_cell(_FIGURES + 1, column))
