"""What people and their programs do to an open workbook, by name: the changes of the damage corpus.

Each takes the workbook (openpyxl) and what its row in `tests/data/rusak` says: sheets by title, cells and areas as a
person sees them ("H12", "A6:H9"), rows from 1, columns by letter. Cells move as in a spreadsheet program, merged
ranges with them. Changes that the samples already know (`contoh.damage`) go by their name there: `sample`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidationList

from kemitraan_xl.contoh.damage import CHANGES
from kemitraan_xl.intake.reading.identity import MARK
from kemitraan_xl.intake.reading.locate import STAMP

Area = Sequence[Sequence[Any]]


def sample(book: Any, name: str) -> None:
    CHANGES[name](book)


# ---- rows and columns ---- #


def _shifted(sheet: Any, change: Callable[[], None], move: Callable[[int, int], tuple[int, int]]) -> None:
    """Cells move by `change`, and the corners of merged ranges by `move` (column, row), as openpyxl forgets them."""
    ranges = [area.bounds for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(area.coord)
    change()
    for left, top, right, bottom in ranges:
        (left, top), (right, bottom) = move(left, top), move(right, bottom)
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def insert_rows(book: Any, sheet: str, at: int, count: int = 1) -> None:
    own = book[sheet]
    _shifted(own, lambda: own.insert_rows(at, count), lambda c, r: (c, r + count * (r >= at)))


def insert_column(book: Any, sheet: str, letter: str) -> None:
    own, at = book[sheet], column_index_from_string(letter)
    _shifted(own, lambda: own.insert_cols(at), lambda c, r: (c + (c >= at), r))


def delete_rows(book: Any, sheet: str, at: int, count: int = 1) -> None:
    own = book[sheet]
    _shifted(own, lambda: own.delete_rows(at, count), lambda c, r: (c, r - count * (r >= at + count)))


def delete_column(book: Any, sheet: str, letter: str) -> None:
    own, at = book[sheet], column_index_from_string(letter)
    _shifted(own, lambda: own.delete_cols(at), lambda c, r: (max(c - (c >= at), 1), r))


def move_column(book: Any, sheet: str, letter: str, before: str) -> None:
    """Cut out and put in before another column on its left, from the heading row down."""
    own, old, new = book[sheet], column_index_from_string(letter), column_index_from_string(before)
    for row in own.iter_rows(min_row=_heading(own), max_row=own.max_row):
        values = [cell.value for cell in row[:old]]
        for cell, value in zip(row[new - 1 : old], [values[old - 1], *values[new - 1 : old - 1]], strict=True):
            cell.value = value


def duplicate_column(book: Any, sheet: str, letter: str) -> None:
    """Copied and put in at its right."""
    own, at = book[sheet], column_index_from_string(letter)
    insert_column(book, sheet, get_column_letter(at + 1))
    for row in range(_heading(own), own.max_row + 1):
        own.cell(row, at + 1).value = own.cell(row, at).value


def duplicate_row(book: Any, sheet: str, at: int, below: int) -> None:
    """Copied and put in under row `below`."""
    insert_rows(book, sheet, below + 1)
    for cell in book[sheet][at]:
        book[sheet].cell(below + 1, cell.column).value = cell.value


def sort_rows(book: Any, sheet: str, area: str, by: str) -> None:
    """The rows of an area by one of its columns, largest first."""
    own = book[sheet]
    rows = [[cell.value for cell in row] for row in own[area]]
    key = column_index_from_string(by) - own[area][0][0].column
    for row, values in zip(own[area], sorted(rows, key=lambda row: row[key], reverse=True), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def move_area(book: Any, sheet: str, area: str, rows: int, columns: int) -> None:
    own = book[sheet]
    for merged in list(own.merged_cells.ranges):
        own.unmerge_cells(merged.coord)
    own.move_range(area, rows, columns)


def _heading(sheet: Any) -> int:
    """The row that carries a stamp."""
    return next(cell.row for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(STAMP))


# ---- cells ---- #


def write(book: Any, sheet: str, cell: str, value: Any) -> None:
    """A value as typed; a text that looks like a formula stays text."""
    own = book[sheet][cell]
    own.value = value
    if isinstance(value, str):
        own.data_type = "s"
    elif isinstance(value, date):
        own.number_format = "dd mmmm yyyy"


def formula(book: Any, sheet: str, cell: str, text: str) -> None:
    """A formula that no program has calculated; `paket.result` gives it a result."""
    book[sheet][cell].value = text


def error(book: Any, sheet: str, cell: str, text: str) -> None:
    book[sheet][cell].value, book[sheet][cell].data_type = text, "e"


def clear(book: Any, sheet: str, area: str) -> None:
    for row in book[sheet][area]:
        for cell in row:
            cell.value = None


def number_down(book: Any, sheet: str, first: int, last: int) -> None:
    """The first column numbered on, as after pulling it down."""
    for row in range(first, last + 1):
        book[sheet].cell(row, 1).value = row - first + 31


def column_numbers(book: Any, sheet: str, row: int, count: int) -> None:
    for column in range(1, count + 1):
        book[sheet].cell(row, column).value = f"({column})"


def copy_cells(book: Any, sheet: str, area: str, to: str, target: str = "") -> None:
    """Values of an area pasted from cell `to` on, on the same sheet or another."""
    first = book[target or sheet][to]
    values = [[cell.value for cell in row] for row in book[sheet][area]]
    for number, row in enumerate(values):
        for offset, value in enumerate(row):
            book[target or sheet].cell(first.row + number, first.column + offset).value = value


def merge(book: Any, sheet: str, area: str) -> None:
    book[sheet].merge_cells(area)


def format_area(book: Any, sheet: str, area: str, code: str) -> None:
    """A number format, and the colours and letters of somebody else's table."""
    for row in book[sheet][area]:
        for cell in row:
            cell.number_format, cell.font = code, Font(name="Comic Sans MS", size=9, bold=True)
            cell.fill, cell.protection = PatternFill("solid", fgColor="00FF99"), Protection(locked=False)


def number_format(book: Any, sheet: str, cell: str, code: str) -> None:
    book[sheet][cell].number_format = code


def as_text(book: Any, sheet: str, area: str) -> None:
    """Numbers behind an apostrophe: texts."""
    for row in book[sheet][area]:
        for cell in row:
            cell.value, cell.quotePrefix = str(cell.value), True
            cell.data_type = "s"


def unmerge_title(book: Any, sheet: str) -> None:
    for area in list(book[sheet].merged_cells.ranges):
        book[sheet].unmerge_cells(area.coord)


# ---- sheets ---- #


def rename_sheet(book: Any, sheet: str, title: str) -> None:
    """Also to the same name in other letters, which openpyxl takes for a second sheet of one name."""
    renamed = book[sheet]
    renamed.title = "sementara"
    renamed.title = title


def copy_sheet(book: Any, sheet: str, title: str, first: bool = False) -> None:
    """A copy of a sheet at the end, or in front."""
    copied = book.copy_worksheet(book[sheet])
    copied.title = title
    if first:
        book.move_sheet(copied, -len(book.sheetnames) + 1)


def delete_sheet(book: Any, sheet: str) -> None:
    del book[sheet]


def add_sheet(book: Any, title: str, rows: Area = ()) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)


def reverse_sheets(book: Any) -> None:
    book._sheets.reverse()


def hide_sheet(book: Any, sheet: str, state: str) -> None:
    book[sheet].sheet_state = state


def protect(book: Any, sheet: str, password: str = "") -> None:
    book[sheet].protection.sheet = True
    if password:
        book[sheet].protection.password = password


# ---- how it looks ---- #


def hide_rows(book: Any, sheet: str, first: int, last: int) -> None:
    for row in range(first, last + 1):
        book[sheet].row_dimensions[row].hidden = True


def hide_column(book: Any, sheet: str, letter: str) -> None:
    book[sheet].column_dimensions[letter].hidden = True


def filter_rows(book: Any, sheet: str, area: str, keep: int) -> None:
    """An automatic filter left on that shows only row `keep`."""
    book[sheet].auto_filter.ref = area
    book[sheet].auto_filter.add_filter_column(1, [book[sheet].cell(keep, 2).value])
    first, last = book[sheet][area][0][0].row + 1, book[sheet][area][-1][0].row
    for row in set(range(first, last + 1)) - {keep}:
        book[sheet].row_dimensions[row].hidden = True


def freeze(book: Any, sheet: str, cell: str) -> None:
    book[sheet].freeze_panes = cell


def colour_rule(book: Any, sheet: str, area: str) -> None:
    rule = CellIsRule("greaterThan", ["1000000"], fill=PatternFill(bgColor="FFC7CE"))
    book[sheet].conditional_formatting.add(area, rule)


def chart(book: Any, sheet: str, at: str, values: str) -> None:
    made, area = BarChart(), book[sheet][values]
    made.add_data(Reference(book[sheet], area[0][0].column, area[0][0].row, area[-1][-1].column, area[-1][-1].row))
    book[sheet].add_chart(made, at)


def link(book: Any, sheet: str, cell: str, to: str) -> None:
    book[sheet][cell].hyperlink = to


def note(book: Any, sheet: str, cell: str, text: str) -> None:
    book[sheet][cell].comment = Comment(text, "Sekretaris")


def drop_dropdowns(book: Any) -> None:
    for sheet in book:
        sheet.data_validations = DataValidationList()


# ---- stamps, names, identity ---- #


def drop_stamp(book: Any, sheet: str) -> None:
    for row in book[sheet].iter_rows():
        for cell in row:
            if str(cell.value).startswith(STAMP) and not str(cell.value).startswith(MARK):
                cell.value = None


def drop_stamps(book: Any) -> None:
    for sheet in book.sheetnames:
        drop_stamp(book, sheet)


def drop_identity(book: Any, *sheets: str) -> None:
    """The cells that say whose file it is, from the mark on down."""
    for title in sheets:
        for row in book[title].iter_rows():
            for cell in row:
                if str(cell.value).startswith(MARK):
                    cell.value = None


def replace_identity(book: Any, old: str, new: str) -> None:
    """Another wording in the line and in the block: edition, kind or period."""
    for title in ("Sampul", "Ref"):
        for row in book[title].iter_rows(max_row=12):
            for cell in row:
                whole = str(cell.value).startswith(MARK) and old in str(cell.value)
                if whole or (title == "Ref" and cell.value == old):
                    cell.value = str(cell.value).replace(old, new)


def rename_partner(book: Any, name: str) -> None:
    """A file without a code is known by its name, so it needs one of its own."""
    book["Sampul"]["B8"].value = book["Rencana Kerja"]["C4"].value = name


def drop_names(book: Any) -> None:
    book.defined_names.clear()


def add_name(book: Any, name: str, text: str, hidden: bool = False) -> None:
    book.defined_names[name] = DefinedName(name, attr_text=text, hidden=hidden)


def break_names(book: Any) -> None:
    """Every name points nowhere, as after its sheet was deleted."""
    for name in list(book.defined_names):
        changed = copy(book.defined_names[name])
        changed.attr_text = "#REF!"
        book.defined_names[name] = changed


def dates_1904(book: Any) -> None:
    book.epoch = CALENDAR_MAC_1904


def capitals(book: Any, sheet: str, row: int) -> None:
    for cell in book[sheet][row]:
        if isinstance(cell.value, str) and not cell.value.startswith(STAMP):
            cell.value = cell.value.upper()
