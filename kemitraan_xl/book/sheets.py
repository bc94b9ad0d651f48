"""A table of the contract as a sheet a person fills in: headings to the character, rows, help, print set-up.

`write_sheet` stacks every table that stands on one sheet (labelled cells above, the matrix below);
`write_labels` and `write_table` render one table each and tell where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, annotate, colour_rows, fit_row, mark_styles, offer, put, shown_as
from kemitraan_xl.book.look import TABS, Look, aligned, set_up_page
from kemitraan_xl.book.place import Labels, Placed, Rows
from kemitraan_xl.book.sepakat import agreed_columns
from kemitraan_xl.marks import Mark, Spot
from validation.agreed import REPORTS
from validation.contract import Column, Item, Table, lists
from validation.language import official

Row = Mapping[str, Value]

#: A formula for one row, from the cells of that row by column name: {"dampak": "$E8"} -> "=...".
RowFormula = Callable[[Mapping[str, str]], str]

#: The marks of a file that nobody has checked yet.
_UNMARKED: Final[Mapping[Spot, Mark]] = {}

_LABEL_WIDTHS: Final = (42, 36, 32)
_TITLE_ROOM: Final = 72  #: characters of a title above labels that stand on one line
_INDENT: Final = 4  #: how much narrower a label is that stands under another
_HEADING_HEIGHT: Final = 32
_LINE_HEIGHT: Final = 20


def write_sheet(
    workbook: Workbook,
    look: Look,
    kind: str,
    tables: Sequence[Table],
    *,
    values: Mapping[str, Sequence[Row]],
    links: Mapping[str, str],
    formulas: Mapping[str, RowFormula],
    facts: Sequence[tuple[str, str]] = (),
    identity: str = "",
    marks: Mapping[Spot, Mark] = _UNMARKED,
) -> list[Placed]:
    """One sheet with its tables, labelled cells first, ready to print.

    `values` are rows per table name. `links` gives the formula behind a labelled cell inside a form, by its
    label; `formulas` that of a computed column, by its name. `facts` are label and value pairs printed below
    the title of a label sheet (version, period); `identity` is the same for a reader, beside its stamp. `marks`
    are the findings to be shown in cells.
    """
    whole = [table for table in tables if not table.part_of]
    ordered = sorted(whole, key=lambda table: table.layout != "label")
    sheet = workbook.add_worksheet(ordered[0].sheet)
    sheet.set_tab_color(TABS[ordered[0].stage])
    beside = max((len(table.columns_in(kind)) for table in ordered if table.layout != "label"), default=0)
    placed: list[Placed] = []
    row = 0
    for table in ordered:
        if table.layout == "label":
            content = _first(values, table)
            placed.append(write_labels(sheet, look, kind, table, row, content, facts, identity, marks, beside=beside))
        else:
            heads = [part for part in tables if part.part_of == table.name]
            placed += write_table(sheet, look, kind, table, row, heads, values, marks, links=links, formulas=formulas)
        row = placed[-1].end + 2
    _set_up(sheet, look, placed)
    return placed


def _first(values: Mapping[str, Sequence[Row]], table: Table) -> Row:
    """What is handed in for a table of labelled cells."""
    return next(iter(values.get(table.name, ())), {})


def _set_up(sheet: Worksheet, look: Look, placed: Sequence[Placed]) -> None:
    """Freeze and repeat the heading row of the matrix; print the official columns only."""
    matrix = next((place for place in placed if isinstance(place, Rows)), None)
    first, last = min(place.first for place in placed), placed[-1].end
    if matrix is None:
        sheet.hide_gridlines(2)
        set_up_page(sheet, area=(first, 0, last, 2), portrait=True, spoken=look.language)
        sheet.ignore_errors({"number_stored_as_text": xl_range(first, 1, last, 1)})
        return
    sheet.freeze_panes(matrix.heading + 1, 2 if matrix.official > 4 else 0)
    area = (first, 0, last, matrix.official - 1)
    set_up_page(sheet, area=area, heading_row=matrix.heading, spoken=look.language)
    sheet.ignore_errors({"number_stored_as_text": xl_range(first, 0, matrix.reach, len(matrix.columns) - 1)})


# ---- labelled cells ---- #


def write_labels(
    sheet: Worksheet,
    look: Look,
    kind: str,
    table: Table,
    row: int,
    values: Row,
    facts: Sequence[tuple[str, str]],
    identity: str,
    marks: Mapping[Spot, Mark],
    *,
    beside: int = 0,
) -> Labels:
    """One label per row, its input cell directly to the right, its hint beyond; groups under their heading.

    The table begins in `row` with its guide, which is not printed; its stamp and the workbook's identity stand
    in the row of the title, right of everything printed. `beside` is how many columns a matrix on the same
    sheet has: its widths rule, and labels then begin in its second column, because the first holds only numbers.
    """
    column = int(beside > 0)
    if not beside:
        for offset, width in enumerate(_LABEL_WIDTHS):
            sheet.set_column(offset, offset, width)
    first = row + 1
    sheet.write_string(row, column, table.guide, look("panduan"))
    beyond = beside or len(_LABEL_WIDTHS)
    if len(table.title) > _TITLE_ROOM and not beside:
        sheet.merge_range(first, 0, first, beyond - 1, table.title, look("judul", "dua baris"))
        sheet.set_row(first, 40)
    else:
        sheet.write_string(first, column, table.title, look("judul"))
        sheet.set_row(first, 24)
    sheet.write_string(first, beyond, table.stamp, look("penanda"))
    if identity:
        sheet.write_string(first, beyond + 1, identity, look("penanda", "terpotong"))
    row = first + 1
    for label, value in facts:
        sheet.write_string(row, column, label, look("label", "catatan"))
        sheet.write_string(row, column + 1, value, look("catatan"))
        row += 1
    cells: dict[str, tuple[int, int]] = {}
    columns, agreed = table.columns_in(kind), agreed_columns(table, kind)
    group = ""
    for item in columns:
        if item.group != group:
            group = item.group
            row = _write_group(sheet, look, row + 1, column, group)
        mark = marks.get(Spot(table.name, item.name, 0))
        given = item.name in agreed and bool(values.get(item.name))
        _write_label(sheet, look, item, row, column, values.get(item.name), mark, "disepakati" if given else "isian")
        cells[item.name] = (row, column + 1)
        row += 1
    return Labels(table, sheet.get_name(), columns, cells, first, row - 1)


def _write_group(sheet: Worksheet, look: Look, row: int, column: int, group: str) -> int:
    for offset, text in enumerate((group, "", "")):
        put(sheet, row, column + offset, text, look("kelompok"))
    return row + 1


def _write_label(
    sheet: Worksheet, look: Look, item: Column, row: int, column: int, value: Value, mark: Mark | None, ground: str
) -> None:
    entry = _entry_of(item)
    align = "tengah" if item.kind == "ya" else "kiri"
    child = entry is not None and bool(entry.parent)
    sheet.write_string(row, column, item.heading, look("label", *(("anak",) if child else ())))
    style = look("sel", ground, align, *mark_styles(mark), kind=shown_as(item, value))
    put(sheet, row, column + 1, value, style)
    annotate(sheet, look, row, column + 1, mark)
    hint = item.hint or (look.language.of(entry.note) if entry else "")
    if hint:
        sheet.write_string(row, column + 2, hint, look("panduan" if column else "catatan"))
    offer(sheet, look, item, (row, column + 1), (row, column + 1))
    if column == 0:
        label, *others = _LABEL_WIDTHS
        fit_row(sheet, row, zip((item.heading, value, hint), (label - _INDENT * child, *others), strict=True))
    elif not look.language.home:
        fit_row(sheet, row, [(item.heading, _LABEL_WIDTHS[0])])


def _entry_of(column: Column) -> Item | None:
    """The list entry behind a tick such as `lingkup_1a`, for its note and its place under a parent."""
    name, _, code = column.name.partition("_")
    codes = lists().get(name, ()) if column.kind == "ya" else ()
    return next((item for item in codes if item.code == code), None)


# ---- the matrix ---- #


def write_table(
    sheet: Worksheet,
    look: Look,
    kind: str,
    table: Table,
    row: int,
    heads: Sequence[Table],
    values: Mapping[str, Sequence[Row]],
    marks: Mapping[Spot, Mark],
    *,
    links: Mapping[str, str],
    formulas: Mapping[str, RowFormula],
) -> list[Placed]:
    """The official form: title and lines as printed, headings, numbered rows, end row.

    Its guide stands above and is not printed; helper columns and the stamp stand right of the print area.
    `heads` are tables of labelled cells printed between the lines and the headings; they come back first.
    """
    columns = tuple(sorted(table.columns_in(kind), key=lambda column: column.helper))
    official = sum(not column.helper for column in columns)
    sheet.write_string(row, 0, table.guide, look("panduan"))
    sheet.write_string(row + 1, 0, table.title, look("lampiran"))
    heading = row + 2
    for line in table.lines:
        sheet.set_row(heading, _LINE_HEIGHT)
        sheet.merge_range(heading, 0, heading, official - 1, line, look("baris judul"))
        heading += 1
    labels: list[Placed] = []
    for head in heads:
        labels.append(_write_head(sheet, look, head, heading, official - 1, _first(values, head), links, marks))
        heading += len(head.columns)
    contents = _contents(look, table, columns, values.get(table.name, ()))
    last = heading + len(contents)
    placed = Rows(table, sheet.get_name(), columns, official, row + 1, heading, last + bool(table.end))
    _write_headings(sheet, look, placed)
    for offset, content in enumerate(contents, start=1):
        _write_row(sheet, look, placed, heading + offset, content, formulas, marks, agreed_columns(table, kind))
    if table.end:
        _write_row(sheet, look, placed, placed.end, {columns[0].name: table.end}, {}, {}, frozenset())
    for index, column in enumerate(columns):
        if column.name not in ("no", table.prefilled) and not column.computed:
            offer(sheet, look, column, (heading + 1, index), (placed.reach, index))
    colour_rows(sheet, look, placed, heading + 1, report=kind in REPORTS)
    return [*labels, placed]


def _write_head(
    sheet: Worksheet,
    look: Look,
    head: Table,
    row: int,
    last: int,
    content: Row,
    links: Mapping[str, str],
    marks: Mapping[Spot, Mark],
) -> Labels:
    """Labelled cells in a form ("Nama Lembaga:" of Lampiran 2): label in the second column, then its cell.

    A cell without a value handed in shows what `links` gives for its label.
    """
    cells = {column.name: (row + offset, 2) for offset, column in enumerate(head.columns)}
    for column in head.columns:
        at = cells[column.name][0]
        mark = marks.get(Spot(head.name, column.name, 0))
        shown = "tanggal" if isinstance(content.get(column.name), date) else ""
        style = look("baris label", "tepi kanan", *mark_styles(mark), kind=shown)
        lines = column.heading.split("\n")
        sheet.set_row(at, _LINE_HEIGHT * len(lines))
        put(sheet, at, 0, None, look("baris label", "tepi kiri"))
        sheet.write_string(at, 1, column.heading, look("baris label", "tebal", *["dua baris"][: len(lines) - 1]))
        sheet.merge_range(at, 2, at, last, "", style)
        if column.name in content:
            put(sheet, at, 2, content[column.name], style)
        else:
            sheet.write_formula(at, 2, links[official(column.heading)], style, "")
        annotate(sheet, look, at, 2, mark)
    return Labels(head, sheet.get_name(), head.columns, cells, row, row + len(head.columns) - 1)


def _contents(look: Look, table: Table, columns: Sequence[Column], values: Sequence[Row]) -> list[dict[str, Value]]:
    """What every row of the form holds: its number, its prefilled label, and the values handed in."""
    fixed = lists()[table.column(table.prefilled).list] if table.prefilled else None
    printed = look.language.codes(fixed).labels if fixed else ()
    numbered = any(column.name == "no" for column in columns)
    contents: list[dict[str, Value]] = []
    for index in range(max(table.rows, len(values), len(printed))):
        content: dict[str, Value] = {"no": index + 1} if numbered else {}
        if index < len(printed):
            content[table.prefilled] = printed[index]
        contents.append(content | dict(values[index] if index < len(values) else {}))
    return contents


def _write_headings(sheet: Worksheet, look: Look, placed: Rows) -> None:
    sheet.set_row(placed.heading, _HEADING_HEIGHT)
    for index, column in enumerate(placed.columns):
        sheet.set_column(index, index, column.width, look("lajur", kind=column.kind))
        style = look("kepala bantu" if column.helper else "kepala")
        sheet.write_string(placed.heading, index, column.heading, style)
    if not look.language.home:
        fit_row(sheet, placed.heading, ((column.heading, column.width - 1) for column in placed.columns))
    sheet.write_string(placed.heading, len(placed.columns), placed.table.stamp, look("penanda"))


def _write_row(
    sheet: Worksheet,
    look: Look,
    placed: Rows,
    row: int,
    content: Mapping[str, Value],
    formulas: Mapping[str, RowFormula],
    marks: Mapping[Spot, Mark],
    agreed: frozenset[str],
) -> None:
    """One row of the matrix; what it holds in `agreed` columns does not look as if it were to be filled in."""
    used = any(content.get(name) for name in agreed - {"no"})
    cells = {column.name: placed.local(column.name, row) for column in placed.columns}
    fit_row(sheet, row, ((content.get(column.name), column.width) for column in placed.columns))
    for index, column in enumerate(placed.columns):
        value = content.get(column.name)
        fixed = ("tetap",) if column.name == placed.table.prefilled and value else ()
        if used and value not in (None, "") and column.name in agreed:
            fixed = ("disepakati",)
        align = aligned(column.kind)
        mark = marks.get(Spot(placed.table.name, column.name, row - placed.heading - 1))
        style = look("sel", *fixed, *align, *mark_styles(mark), kind=shown_as(column, value))
        annotate(sheet, look, row, index, mark)
        if column.computed and column.name in formulas:
            computed = look("sel", "tetap", *align, *mark_styles(mark))
            sheet.write_formula(row, index, formulas[column.name](cells), computed, "")
        else:
            put(sheet, row, index, value, style)
