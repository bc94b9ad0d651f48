"""A table of the contract as a sheet a person fills in: headings to the character, rows, help, print set-up.

`write_sheet` stacks every table that stands on one sheet (labelled cells above, the matrix below);
`write_labels` and `write_table` render one table each and tell where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, colour_rows, offer, put
from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.book.place import Labels, Placed, Rows
from validation.contract import Column, Item, Table, lists

Row = Mapping[str, Value]

#: A formula for one row, from the cells of that row by column name: {"dampak": "$E8"} -> "=...".
RowFormula = Callable[[Mapping[str, str]], str]

_LABEL_WIDTHS: Final = (46, 50, 62)
_HEADING_HEIGHT: Final = 32


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
) -> list[Placed]:
    """One sheet with its tables, labelled cells first, ready to print.

    `values` are rows per table name. `links` gives the formula behind a printed line that ends with ":",
    `formulas` that of a computed column, by text and by column name. `facts` are label and value pairs
    printed below the title of a label sheet (version, period).
    """
    parts = [table for table in tables if table.part_of]
    ordered = sorted((table for table in tables if not table.part_of), key=lambda table: table.layout != "label")
    sheet = workbook.add_worksheet(ordered[0].sheet)
    sheet.set_tab_color(TABS[ordered[0].stage])
    mixed = len({table.layout for table in ordered}) > 1
    placed: list[Placed] = []
    row = 0
    for table in ordered:
        own = values.get(table.name, ())
        if table.layout == "label":
            content = own[0] if own else {}
            place: Placed = write_labels(sheet, look, kind, table, row, int(mixed), content, facts)
        else:
            place = write_table(sheet, look, kind, table, row, own, links=links, formulas=formulas)
        placed.append(place)
        row = place.end + 2
    _set_up(sheet, placed)
    return [part for place in placed for part in (*_parts(sheet, look, place, parts, values), place)]


def _parts(
    sheet: Worksheet, look: Look, place: Placed, tables: Iterable[Table], values: Mapping[str, Sequence[Row]]
) -> Iterator[Labels]:
    """The labelled cells that stand in the lines of a matrix; a value handed in takes the formula's place."""
    for table in tables:
        if not isinstance(place, Rows) or table.part_of != place.table.name:
            continue
        cells = {column.name: place.lines[column.heading] for column in table.columns}
        for name, value in next(iter(values.get(table.name, ())), {}).items():
            put(sheet, *cells[name], value, look("baris label", "tepi kanan", kind=table.column(name).kind))
        last = max(row for row, _ in cells.values())
        yield Labels(table, place.sheet, table.columns, cells, place.first, last)


def _set_up(sheet: Worksheet, placed: Sequence[Placed]) -> None:
    """Freeze and repeat the heading row of the matrix; print the official columns only."""
    matrix = next((place for place in placed if isinstance(place, Rows)), None)
    first, last = placed[0].first, placed[-1].end
    if matrix is None:
        sheet.hide_gridlines(2)
        set_up_page(sheet, area=(first, 0, last, 2), portrait=True)
        sheet.ignore_errors({"number_stored_as_text": xl_range(first, 1, last, 1)})
        return
    sheet.freeze_panes(matrix.heading + 1, 2 if matrix.official > 4 else 0)
    set_up_page(sheet, area=(first, 0, last, matrix.official - 1), heading_row=matrix.heading)
    sheet.ignore_errors({"number_stored_as_text": xl_range(first, 0, matrix.reach, len(matrix.columns) - 1)})


# ---- labelled cells ---- #


def write_labels(
    sheet: Worksheet,
    look: Look,
    kind: str,
    table: Table,
    row: int,
    column: int,
    values: Row,
    facts: Sequence[tuple[str, str]],
) -> Labels:
    """One label per row, its input cell directly to the right, its hint beyond; groups under their heading.

    The table begins at (row, column) with its guide, which is not printed; its stamp stands in the row of
    the title, right of the hints.
    """
    if column == 0:
        for offset, width in enumerate(_LABEL_WIDTHS):
            sheet.set_column(offset, offset, width)
    first = row + 1
    sheet.write_string(row, column, table.guide, look("panduan"))
    sheet.write_string(first, column, table.title, look("judul"))
    sheet.set_row(first, 24)
    sheet.write_string(first, column + 3, table.stamp, look("penanda"))
    row = first + 1
    for label, value in facts:
        sheet.write_string(row, column, label, look("label", "catatan"))
        sheet.write_string(row, column + 1, value, look("catatan"))
        row += 1
    cells: dict[str, tuple[int, int]] = {}
    columns = table.columns_in(kind)
    group = ""
    for item in columns:
        if item.group != group:
            group = item.group
            row = _write_group(sheet, look, row + 1, column, group)
        _write_label(sheet, look, item, row, column, values.get(item.name))
        cells[item.name] = (row, column + 1)
        row += 1
    return Labels(table, sheet.get_name(), columns, cells, first, row - 1)


def _write_group(sheet: Worksheet, look: Look, row: int, column: int, group: str) -> int:
    for offset, text in enumerate((group, "", "")):
        put(sheet, row, column + offset, text, look("kelompok"))
    return row + 1


def _write_label(sheet: Worksheet, look: Look, item: Column, row: int, column: int, value: Value) -> None:
    entry = _entry_of(item)
    align = "tengah" if item.kind == "ya" else "kiri"
    sheet.write_string(row, column, item.heading, look("label", *(("anak",) if entry and entry.parent else ())))
    put(sheet, row, column + 1, value, look("sel", "isian", align, kind=item.kind))
    hint = item.hint or (entry.note if entry else "")
    if hint:
        sheet.write_string(row, column + 2, hint, look("panduan" if column else "catatan"))
    offer(sheet, item, (row, column + 1), (row, column + 1))


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
    values: Sequence[Row],
    *,
    links: Mapping[str, str],
    formulas: Mapping[str, RowFormula],
) -> Rows:
    """The official form: title and lines as printed, headings, numbered rows, end row.

    Its guide stands above and is not printed; helper columns and the stamp stand right of the print area.
    """
    columns = tuple(sorted(table.columns_in(kind), key=lambda column: column.helper))
    official = sum(not column.helper for column in columns)
    sheet.write_string(row, 0, table.guide, look("panduan"))
    sheet.write_string(row + 1, 0, table.title, look("lampiran"))
    lines = _write_lines(sheet, look, table, row + 2, official, links)
    contents = _contents(table, columns, values)
    heading = row + 2 + len(table.lines)
    last = heading + len(contents)
    end = last + 1 if table.end else last
    placed = Rows(table, sheet.get_name(), columns, official, row + 1, heading, end, lines)
    _write_headings(sheet, look, placed)
    for offset, content in enumerate(contents, start=1):
        _write_row(sheet, look, placed, heading + offset, content, formulas)
    if table.end:
        _write_row(sheet, look, placed, placed.end, {columns[0].name: table.end}, {})
    for index, column in enumerate(columns):
        if column.name not in ("no", table.prefilled) and not column.computed:
            offer(sheet, column, (heading + 1, index), (placed.reach, index))
    colour_rows(sheet, look, placed, heading + 1)
    return placed


def _write_lines(
    sheet: Worksheet, look: Look, table: Table, row: int, official: int, links: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """The lines printed above the headings. One that ends with ":" is a label with its cell at the right."""
    last = official - 1
    cells = {}
    for row, line in enumerate(table.lines, start=row):
        sheet.set_row(row, 20)
        if line.endswith(":"):
            style = look("baris label", "tepi kanan")
            put(sheet, row, 0, None, look("baris label", "tepi kiri"))
            sheet.write_string(row, 1, line, look("baris label", "tebal"))
            sheet.merge_range(row, 2, row, last, "", style)
            sheet.write_formula(row, 2, links[line], style, "")
            cells[line] = (row, 2)
        else:
            sheet.merge_range(row, 0, row, last, line, look("baris judul"))
    return cells


def _contents(table: Table, columns: Sequence[Column], values: Sequence[Row]) -> list[dict[str, Value]]:
    """What every row of the form holds: its number, its prefilled label, and the values handed in."""
    printed = lists()[table.column(table.prefilled).list].labels if table.prefilled else ()
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
    sheet.write_string(placed.heading, len(placed.columns), placed.table.stamp, look("penanda"))


def _write_row(
    sheet: Worksheet,
    look: Look,
    placed: Rows,
    row: int,
    content: Mapping[str, Value],
    formulas: Mapping[str, RowFormula],
) -> None:
    cells = {column.name: placed.local(column.name, row) for column in placed.columns}
    for index, column in enumerate(placed.columns):
        value = content.get(column.name)
        fixed = ("tetap",) if column.name == placed.table.prefilled and value else ()
        align = ("tengah",) if index == 0 or column.kind == "ya" else ()
        style = look("sel", *fixed, *align, kind=column.kind)
        if column.computed and column.name in formulas and value is None:
            sheet.write_formula(row, index, formulas[column.name](cells), look("sel", "tetap"), "")
        else:
            put(sheet, row, index, value, style)
