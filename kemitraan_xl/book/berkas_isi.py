"""Pages of a printed product that show rows as they are: as a list where it can be read, else one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Final

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, fit_row, put, shown_as
from kemitraan_xl.book.look import TABS, Look, aligned, set_up_page
from kemitraan_xl.book.sheets import Row
from validation.contract import Column, Table

#: Columns that a page of one partner need not repeat, and those that only say where a row came from.
_UNSAID: Final = ("kode_mitra", "nama_mitra", "nama_lembaga", "asal_baris", "sumber_sel")

#: Widths of a label and what it says on an upright page, and lines of one text that fit in one row.
LABEL, TEXT = 32, 74
_LINES: Final = 28

#: Characters across a list, the kinds of column that cannot be narrower, and how much narrower others may be.
_LIST_WIDTH: Final = 155
_FIXED: Final = ("rupiah", "tanggal", "bulat")
_NARROWEST: Final = 0.75


def write_rows(workbook: Workbook, look: Look, table: Table, rows: Sequence[Row], title: str) -> None:
    """The rows of a table on a sheet of its own, with the columns in which something stands."""
    columns = [column for column in table.columns if _told(column, rows)]
    sheet = workbook.add_worksheet(title)
    sheet.set_tab_color(TABS[table.stage])
    sheet.hide_gridlines(2)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, table.title, look("judul"))
    widths = _widths(columns)
    if sum(widths) > _LIST_WIDTH or _long(columns, widths, rows):
        _write_records(sheet, look, columns, rows)
    else:
        _write_list(sheet, look, columns, widths, rows)


def _widths(columns: Sequence[Column]) -> list[float]:
    """Widths for a page: wider than on the screen where it has room, texts narrower where it has too little."""
    whole = sum(column.width for column in columns)
    if whole <= _LIST_WIDTH:
        return [column.width * min(_LIST_WIDTH / whole, 2) for column in columns]
    fixed = sum(column.width for column in columns if column.kind in _FIXED)
    share = max(_NARROWEST, (_LIST_WIDTH - fixed) / (whole - fixed))
    return [column.width * (1 if column.kind in _FIXED else share) for column in columns]


def _told(column: Column, rows: Sequence[Row]) -> bool:
    return column.name not in _UNSAID and any(row.get(column.name) not in (None, "") for row in rows)


def _long(columns: Sequence[Column], widths: Sequence[float], rows: Sequence[Row]) -> bool:
    """Whether a text takes more lines in its column than a row can show."""
    texts = (
        (str(row.get(column.name) or ""), width) for row in rows for column, width in zip(columns, widths, strict=True)
    )
    return any(len(wrap(text, int(width))) > _LINES for text, width in texts)


def _write_list(
    sheet: Worksheet, look: Look, columns: Sequence[Column], widths: Sequence[float], rows: Sequence[Row]
) -> None:
    """One line per row."""
    _write_headings(sheet, look, 1, [column.heading for column in columns], widths)
    for row, content in enumerate(rows, start=2):
        values = [content.get(column.name) for column in columns]
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            put(sheet, row, at, value, look("sel", *aligned(column.kind), kind=shown_as(column, value)))
        fit_row(sheet, row, zip(values, widths, strict=True))
    set_up_page(sheet, area=(0, 0, len(rows) + 1, len(columns) - 1), heading_row=1)


def _write_headings(sheet: Worksheet, look: Look, row: int, headings: Sequence[str], widths: Sequence[float]) -> None:
    sheet.set_row(row, 24)
    for at, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(row, at, heading, look("kepala"))
    fit_row(sheet, row, ((heading, width - 2) for heading, width in zip(headings, widths, strict=True)))


def _write_records(sheet: Worksheet, look: Look, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Every row as labels with what they say; blanks are left out, long texts go on in the next line."""
    sheet.set_column(0, 0, LABEL)
    sheet.set_column(1, 1, TEXT)
    at = 1
    for number, content in enumerate(rows, start=1):
        if len(rows) > 1:
            put(sheet, at, 0, f"{number} dari {len(rows)}", look("kelompok"))
            put(sheet, at, 1, None, look("kelompok"))
            at += 1
        for column in columns:
            if content.get(column.name) not in (None, ""):
                at = write_fact(sheet, look, at, column, content[column.name])
        at += 1
    set_up_page(sheet, area=(0, 0, at - 2, 1), portrait=True)


def write_fact(sheet: Worksheet, look: Look, row: int, column: Column, value: Value) -> int:
    """A column's heading and what stands there; returns the row behind."""
    style = look("sel", "kiri", kind=shown_as(column, value))
    parts = pieces(value) if isinstance(value, str) else [value]
    for number, part in enumerate(parts):
        put(sheet, row, 0, column.heading if number == 0 else None, look("sel", "tebal"))
        put(sheet, row, 1, part, style)
        fit_row(sheet, row, [(column.heading, LABEL - 2), (part, TEXT)])
        row += 1
    return row


def pieces(text: str) -> list[Value]:
    """A text in parts, none of which takes more lines than a row can show."""
    lines = [line for paragraph in text.split("\n") for line in wrap(paragraph, TEXT) or [""]]
    if len(lines) <= _LINES:
        return [text]
    return ["\n".join(lines[at : at + _LINES]) for at in range(0, len(lines), _LINES)]


def write_texts(
    workbook: Workbook,
    look: Look,
    name: str,
    title: str,
    headings: Mapping[str, float],
    rows: Sequence[Sequence[str]],
) -> None:
    """A list of texts on a sheet of its own; `headings` with the widths of their columns."""
    sheet = workbook.add_worksheet(name)
    sheet.set_tab_color(TABS["rekap"])
    sheet.hide_gridlines(2)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, title, look("judul"))
    _write_headings(sheet, look, 1, [*headings], [*headings.values()])
    for row, texts in enumerate(rows, start=2):
        for at, text in enumerate(texts):
            put(sheet, row, at, text, look("sel"))
        fit_row(sheet, row, zip(texts, headings.values(), strict=True))
    set_up_page(sheet, area=(0, 0, len(rows) + 1, len(headings) - 1), heading_row=1)
