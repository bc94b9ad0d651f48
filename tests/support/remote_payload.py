"""What xlwings Server's client tells about an open workbook: the JSON that `getBookData()` sends with every script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from support.excel_cells import Box, Shown
from support.excel_model import OpenBook

#: The client's own version must be that of the xlwings it was taken from; Office.js clients are not compared.
VERSION = "0.37.8"

VISIBILITY = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}


def book_data(
    opened: OpenBook, name: str, selection: str, include: Sequence[str], exclude: Sequence[str]
) -> dict[str, Any]:
    """The whole book, or the sheets included: of the others only name and visibility are told."""
    if include and exclude:
        raise ValueError("Either use 'include' or 'exclude', but not both!")
    book = opened.book
    left_out = {title for title in book.sheetnames if (include and title not in include) or title in exclude}
    return {
        "client": "Office.js",
        "version": VERSION,
        "book": {
            "name": name,
            "active_sheet_index": book.index(book.active),
            "selection": selection,
            "calculation": "Automatic",
        },
        "sheets": [_sheet(opened, sheet, left_out=sheet.title in left_out) for sheet in book.worksheets],
        "names": list(_names(opened, left_out)),
    }


def _sheet(opened: OpenBook, sheet: Worksheet, *, left_out: bool) -> dict[str, Any]:
    used = None if left_out else opened.used(sheet, formats=False)
    window = Box(1, 1, used.last_row, used.last_column) if used else Box(1, 1)
    values = [[]] if left_out else [[_json(value) for value in row] for row in opened.values(sheet, window)]
    return {
        "name": sheet.title,
        "visibility": VISIBILITY[sheet.sheet_state],
        "show_gridlines": bool(sheet.sheet_view.showGridLines),
        "print_area": None,
        "notes": [],
        "notes_supported": True,
        "used_range_address": used.address() if used else None,
        "used_range_row_count": used.rows if used else 0,
        "used_range_column_count": used.columns if used else 0,
        "values": values,
        "pictures": [],
        "shapes": [],
        "charts": [],
        "tables": [] if left_out else [_table(table) for table in sheet.tables.values()],
        "pivot_tables": [],
    }


def _json(value: Shown) -> float | bool | str:
    """As JavaScript has it: nothing is an empty text, a date ISO text with Z, whole numbers have no decimals."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _table(table: Table) -> dict[str, Any]:
    box = Box.of(table.ref)
    head = int(table.headerRowCount is None or table.headerRowCount > 0)
    total = int(bool(table.totalsRowCount))
    style = table.tableStyleInfo
    return {
        "name": table.displayName,
        "range_address": table.ref,
        "row_count": box.rows,
        "column_count": box.columns,
        "columns": [column.name for column in table.tableColumns],
        "header_row_range_address": box._replace(rows=1).address() if head else None,
        "data_body_range_address": box._replace(row=box.row + head, rows=box.rows - head - total).address(),
        "total_row_range_address": box._replace(row=box.last_row, rows=1).address() if total else None,
        "show_headers": bool(head),
        "show_totals": bool(total),
        "table_style": style.name if style else None,
        "show_autofilter": table.autoFilter is not None,
        "show_table_style_first_column": bool(style and style.showFirstColumn),
        "show_table_style_last_column": bool(style and style.showLastColumn),
        "show_table_style_row_stripes": bool(style and style.showRowStripes),
        "show_table_style_column_stripes": bool(style and style.showColumnStripes),
    }


def _names(opened: OpenBook, left_out: set[str]) -> Iterator[dict[str, Any]]:
    titles = opened.book.sheetnames
    for key, name in opened.book.defined_names.items():
        yield _name(titles, key, name, None)
    for sheet in opened.book.worksheets:
        for key, name in () if sheet.title in left_out else sheet.defined_names.items():
            yield _name(titles, key, name, sheet)


def _name(titles: Sequence[str], key: str, name: DefinedName, scope: Worksheet | None) -> dict[str, Any]:
    places = list(name.destinations) if name.type == "RANGE" else []
    place = places[0] if len(places) == 1 and places[0][0] in titles else None
    return {
        "name": key,
        "refers_to": f"={name.attr_text}",
        "type": "Range" if places else "String",
        "sheet_index": titles.index(place[0]) if place else None,
        "address": place[1].replace("$", "") if place else None,
        "scope_sheet_name": scope.title if scope else None,
        "scope_sheet_index": titles.index(scope.title) if scope else None,
        "book_scope": scope is None,
    }
