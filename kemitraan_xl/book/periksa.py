"""The sheet Periksa: how complete the file is, live, by formulas alone.

Every line is derived from the checks of a table (required, type, list, bounds, length); nothing is decided
here. Errors (level E) make a sheet KURANG or SALAH, warnings are only counted. What no formula can say is
found by the check in Python when the file has arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import fit_row, is_content
from kemitraan_xl.book.counting import (
    any_of,
    blank,
    data_rows,
    equals,
    failing,
    fault,
    filled,
    first_row,
    total,
)
from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.book.place import Labels, Placed, Rows
from kemitraan_xl.book.ref import tick
from validation.contract import Check, Column, lists
from validation.language import Language, Text

SHEET: Final = "Periksa"
COMPLETE, LACKING, WRONG = Text("LENGKAP"), Text("KURANG"), Text("SALAH")

#: Rules that ask for one tick among the columns of a group; which group and how grave says their row.
ONE_TICK: Final = ("LK-01", "TP-01")

#: Checks that ask for at least one row of a table.
ONE_ROW: Final = ("US-03", "LP-01:baris")

_SHEET, _PLACE, _FIRST = Text("Lembar"), Text("Kolom atau isian"), Text("Sel pertama")
_COUNTS: Final = (Text("Wajib belum diisi"), Text("Isian salah"), Text("Sebaiknya diperiksa"))
_SUMMARY: Final = (_SHEET, Text("Keadaan"), Text("Terisi"), *_COUNTS)
_DETAIL: Final = (_SHEET, _PLACE, _FIRST, *_COUNTS)
_TITLE: Final = Text("Periksa Kelengkapan")
_NOTE: Final = Text(
    "Lembar ini menghitung sendiri dan tidak perlu diisi. {lengkap}: siap dikirim. {kurang}: ada "
    "isian wajib yang kosong. {salah}: ada isian yang keliru. Pemeriksaan lengkap dilakukan KPAI "
    "sesudah berkas diterima."
)
_WHOLE_FILE: Final = Text("Seluruh berkas")
_ONE_ROW: Final = Text("Sekurangnya satu baris")
_BROKEN: Final = Text("Sel berisi galat (#REF!)")
_WIDTHS: Final = (20, 42, 12, 12, 12, 12)
_SIGNALS: Final = {COMPLETE: "baik", LACKING: "kurang", WRONG: "salah"}
_OVERALL_ROW: Final = 3
_HEADING_HEIGHT: Final = 28


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the detail: three counts and where to look, all as Excel text without "="."""

    sheet: str
    label: str
    missing: str = "0"
    wrong: str = "0"
    noted: str = "0"
    row: str = ""  #: number of the first row with a fault
    head: str = ""  #: a cell in the column to jump to


def write_periksa(workbook: Workbook, look: Look, placed: Sequence[Placed]) -> None:
    """Add the sheet for tables already written; the lines of one sheet follow each other."""
    sheet = workbook.add_worksheet(SHEET)
    sheet.set_tab_color(TABS["beranda"])
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    by_sheet = {name: list(group) for name, group in groupby(placed, key=lambda place: place.sheet)}
    spoken = look.language
    lines = {name: [line for place in group for line in lines_of(place, spoken)] for name, group in by_sheet.items()}
    top = _OVERALL_ROW + 2
    detail = top + len(by_sheet) + 3
    _write_head(sheet, look, top, len(by_sheet))
    _write_summary(sheet, look, top, detail, by_sheet, lines)
    last = _write_details(sheet, look, detail, [line for group in lines.values() for line in group])
    sheet.hide_gridlines(2)
    sheet.protect()
    set_up_page(sheet, area=(0, 0, last, len(_WIDTHS) - 1), heading_row=detail, portrait=True, spoken=look.language)


# ---- which lines, from the checks ---- #


def lines_of(place: Placed, spoken: Language) -> Iterator[Line]:
    """The lines of one table, in the order of its columns."""
    if isinstance(place, Rows):
        yield from _row_lines(place, spoken)
    else:
        yield from _label_lines(place)


def _row_lines(place: Rows, spoken: Language) -> Iterator[Line]:
    table, first = place.table, place.head(place.columns[0].name)
    rows = f"{data_rows(place)}*{_present(place)}"
    if any(check.key in ONE_ROW for check in table.checks):
        yield Line(place.sheet, spoken(_ONE_ROW), f"N({_entries(place)}=0)", row=f"ROW({first})+1", head=first)
    for column in place.columns:
        cells, head = place.range(column.name), place.head(column.name)
        checks = [check for check in _checks_of(table.checks, column) if not check.item]
        faults = [(check, f"{rows}*({text})") for check in checks if (text := fault(check, column, cells))]
        if faults:
            row = first_row(any_of(text for _, text in faults), head)
            yield _line(place.sheet, _label(column), faults, row, head)
    yield from _item_lines(place, spoken)
    failures = any_of(failing(place.range(column.name)) for column in place.columns)
    broken = total(failing(place.block()))
    yield Line(place.sheet, spoken(_BROKEN), wrong=broken, row=first_row(failures, first), head=first)


def _item_lines(place: Rows, spoken: Language) -> Iterator[Line]:
    """Checks that ask something of one prefilled row, such as each of the ten elements of KAK."""
    table = place.table
    for check in table.checks:
        if not check.item or check.fact != "required":
            continue
        printed = table.column(table.prefilled)
        label = spoken.codes(lists()[printed.list])[check.item].label
        cells, head = place.range(check.column), place.head(check.column)
        named = equals(place.range(printed.name), label)
        absent = f"N({total(named, filled(cells))}=0)"
        counts = {"missing" if check.effective_level == "E" else "noted": absent}
        row = first_row(f"{named}*{blank(cells)}", head)
        yield Line(place.sheet, label, row=row, head=head, **counts)


def _label_lines(place: Labels) -> Iterator[Line]:
    checks = place.table.checks
    for (_, ticks), group in groupby(place.columns, key=lambda column: (column.group, column.kind == "ya")):
        columns = tuple(group)
        if ticks and len(columns) > 1:
            yield _tick_line(place, columns)
            continue
        for column in columns:
            cell = place.cell(column.name)
            found = [(check, fault(check, column, cell)) for check in _checks_of(checks, column)]
            faults = [(check, text) for check, text in found if text]
            if faults:
                yield _line(place.sheet, _label(column), faults, f"ROW({cell})", cell)


def _tick_line(place: Labels, columns: tuple[Column, ...]) -> Line:
    """One line for a group of ticks: foreign entries, and no tick at all where a rule asks for one."""
    cells, head = place.group(columns), place.cell(columns[0].name)
    checks = dict.fromkeys(check for column in columns for check in _checks_of(place.table.checks, column))
    faults = [(check, fault(check, columns[0], cells)) for check in checks if check.fact == "type"]
    foreign = first_row(any_of(text for _, text in faults), head)
    label = columns[0].group.partition(" (")[0]
    line = _line(place.sheet, label, faults, f"MAX(ROW({head}),{foreign})", head)
    asked = {check.effective_level for check in checks if check.code in ONE_TICK}
    none = f"N({total(equals(cells, tick()))}=0)"
    if "E" in asked:
        return replace(line, missing=none)
    return replace(line, noted=f"{line.noted}+{none}") if asked else line


def _label(column: Column) -> str:
    """What a line calls a column: its heading, without the colon of a printed line."""
    return " / ".join(part.rstrip(":") for part in column.heading.split("\n"))


def _line(sheet: str, label: str, faults: Sequence[tuple[Check, str]], row: str, head: str) -> Line:
    def count(texts: list[str]) -> str:
        return total(any_of(texts)) if texts else "0"

    errors = [(check, text) for check, text in faults if check.effective_level == "E"]
    return Line(
        sheet=sheet,
        label=label,
        missing=count([text for check, text in errors if check.fact == "required"]),
        wrong=count([text for check, text in errors if check.fact != "required"]),
        noted=count([text for check, text in faults if check.effective_level == "W"]),
        row=row,
        head=head,
    )


def _used(place: Rows) -> str:
    """The row has content in a column that the partner fills."""
    inputs = [column for column in place.columns if is_content(place, column)]
    return any_of(filled(place.range(column.name)) for column in inputs)


def _present(place: Rows) -> str:
    """The row is asked about: it has content, or a document or element is printed in it."""
    printed = [filled(place.range(place.table.prefilled))] if place.table.prefilled else []
    return any_of([*printed, _used(place)])


def _checks_of(checks: Iterable[Check], column: Column) -> list[Check]:
    return [check for check in checks if check.column and fnmatchcase(column.name, check.column)]


# ---- the sheet ---- #


def _write_head(sheet: Worksheet, look: Look, top: int, count: int) -> None:
    sheet.set_row(0, 24)
    spoken = look.language
    sheet.write_string(0, 0, spoken(_TITLE), look("judul"))
    words = {"lengkap": spoken(COMPLETE), "kurang": spoken(LACKING), "salah": spoken(WRONG)}
    note = spoken(_NOTE).format_map(words)
    sheet.merge_range(1, 0, 1, len(_WIDTHS) - 1, note, look("catatan"))
    sheet.set_row(1, 28)
    states = xl_range_abs(top + 1, 1, top + count, 1)
    formula = f'"{spoken(COMPLETE)}"'
    for state in map(spoken, (LACKING, WRONG)):
        formula = f'IF(COUNTIF({states},"{state}")>0,"{state}",{formula})'
    sheet.write_string(_OVERALL_ROW, 0, spoken(_WHOLE_FILE), look("sel", "tebal"))
    sheet.write_formula(_OVERALL_ROW, 1, f"={formula}", look("sel", "tebal", "tengah"), "")
    _colour_states(sheet, look, _OVERALL_ROW, top + count)


def _colour_states(sheet: Worksheet, look: Look, first: int, last: int) -> None:
    for state, signal in _SIGNALS.items():
        word = f'"{look.language(state)}"'
        options = {"type": "cell", "criteria": "==", "value": word, "format": look.signal(signal)}
        sheet.conditional_format(first, 1, last, 1, options)


def _write_summary(
    sheet: Worksheet,
    look: Look,
    top: int,
    detail: int,
    by_sheet: dict[str, list[Placed]],
    lines: dict[str, list[Line]],
) -> None:
    sheet.set_row(top, _HEADING_HEIGHT)
    for column, heading in enumerate(map(look.language, _SUMMARY)):
        sheet.write_string(top, column, heading, look("kepala"))
    complete, lacking, faulty = map(look.language, (COMPLETE, LACKING, WRONG))
    first = detail + 1
    for row, (name, places) in enumerate(by_sheet.items(), start=top + 1):
        last = first + len(lines[name]) - 1
        missing, wrong = (xl_rowcol_to_cell(row, column) for column in (3, 4))
        state = f'=IF({wrong}>0,"{faulty}",IF({missing}>0,"{lacking}","{complete}"))'
        sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", look("sel", "tautan"), name)
        sheet.write_formula(row, 1, state, look("sel", "tebal", "tengah"), "")
        own = [_entries(place) for place in places if not place.table.part_of]
        sheet.write_formula(row, 2, f"={'+'.join(own)}", look("sel", "hitungan"))
        for column in (3, 4, 5):
            formula = f"=SUM({xl_range_abs(first, column, last, column)})"
            sheet.write_formula(row, column, formula, look("sel", "hitungan"))
        first = last + 1


def _entries(place: Placed) -> str:
    """How much of a table is filled: rows of a matrix, cells of a label table."""
    if isinstance(place, Rows):
        return total(data_rows(place), _used(place))
    return total(filled(place.group(place.columns)))


def _write_details(sheet: Worksheet, look: Look, top: int, lines: Sequence[Line]) -> int:
    """The detail with its heading in row `top`; a hidden column keeps the number of the first faulty row."""
    hidden = len(_DETAIL)
    sheet.set_column(hidden, hidden, 8, None, {"hidden": True})
    sheet.set_row(top, _HEADING_HEIGHT)
    for column, heading in enumerate(map(look.language, _DETAIL)):
        sheet.write_string(top, column, heading, look("kepala"))
    for row, line in enumerate(lines, start=top + 1):
        sheet.write_string(row, 0, line.sheet, look("sel"))
        sheet.write_string(row, 1, line.label, look("sel"))
        fit_row(sheet, row, [(line.label, _WIDTHS[1])])
        for column, formula in ((3, line.missing), (4, line.wrong), (5, line.noted)):
            sheet.write_formula(row, column, f"={formula}", look("sel", "hitungan"))
        counts = xl_range_abs(row, 3, row, 5)
        # A fault without a row of its own (an element that was deleted) leads to the heading.
        address = f"ADDRESS(MAX({xl_rowcol_to_cell(row, hidden)},ROW({line.head})),COLUMN({line.head}),4)"
        target = f'"#{quote_sheetname(line.sheet)}!"&{address}'
        link = f'=IF(SUM({counts})=0,"",HYPERLINK({target},{address}))'
        sheet.write_formula(row, hidden, f"={line.row}")
        sheet.write_formula(row, 2, link, look("sel", "tautan", "tengah"), "")
    last = top + len(lines)
    for column, signal in ((3, "kurang"), (4, "salah")):
        options = {"type": "cell", "criteria": ">", "value": 0, "format": look.signal(signal)}
        sheet.conditional_format(top + 1, column, last, column, options)
    return last
