"""What xlwings Server's client does with each action of an answer: the counterpart of its JavaScript callbacks.

Only the actions that a macro of ours may cause; `support.remote_host` fails on any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from support import excel_looks, excel_sheets
from support.excel_cells import Box

if TYPE_CHECKING:
    from support.remote_host import RemoteHost

Action = dict[str, Any]

#: Points in a character of the workbook's standard font, roughly: the server's engine counts widths in points.
POINTS_PER_CHARACTER = 5.25


def sheet_of(host: RemoteHost, action: Action) -> Worksheet:
    return host.opened.book.worksheets[action["sheet_position"]]


def place_of(host: RemoteHost, action: Action) -> tuple[Worksheet, Box]:
    box = Box(action["start_row"] + 1, action["start_column"] + 1, action["row_count"], action["column_count"])
    return sheet_of(host, action), box


def set_values(host: RemoteHost, action: Action) -> None:
    host.opened.write(*place_of(host, action), action["values"])


def set_formula(host: RemoteHost, action: Action) -> None:
    """One text for a block is filled from its first cell, relative references moving along."""
    sheet, box = place_of(host, action)
    formulas = action["values"]
    if isinstance(formulas, list):
        host.opened.write(sheet, box, formulas)
        return
    host.opened.write(sheet, box, [[formulas] * box.columns] * box.rows)
    host.opened.copy(sheet, Box(box.row, box.column), sheet, box, "formulas")


def clear_contents(host: RemoteHost, action: Action) -> None:
    host.opened.clear_contents(*place_of(host, action))


def clear_formats(host: RemoteHost, action: Action) -> None:
    host.opened.clear_formats(*place_of(host, action))


def clear(host: RemoteHost, action: Action) -> None:
    host.opened.clear(*place_of(host, action))


def copy_range(host: RemoteHost, action: Action) -> None:
    position, address = action["args"]
    host.opened.copy(*place_of(host, action), host.opened.book.worksheets[position], Box.of(address))


def copy_from_range(host: RemoteHost, action: Action) -> None:
    position, address, what, skip_blanks, transpose = action["args"]
    if skip_blanks or transpose:
        raise ValueError("skip_blanks and transpose are not simulated")
    source = host.opened.book.worksheets[position]
    host.opened.copy(source, Box.of(address), *place_of(host, action), what)


def restyle(host: RemoteHost, action: Action, change: excel_looks.Change) -> None:
    host.opened.restyle(*place_of(host, action), change)


def set_number_format(host: RemoteHost, action: Action) -> None:
    restyle(host, action, excel_looks.number_format(action["args"][0]))


def set_range_color(host: RemoteHost, action: Action) -> None:
    restyle(host, action, excel_looks.background(action["args"][0]))


FONT_PARTS = {"bold": "b", "italic": "i", "size": "sz", "name": "name", "color": "color"}


def set_font_property(host: RemoteHost, action: Action) -> None:
    name, value = action["args"]
    restyle(host, action, excel_looks.font(FONT_PARTS[name], value.lstrip("#") if name == "color" else value))


def set_wrap_text(host: RemoteHost, action: Action) -> None:
    restyle(host, action, excel_looks.alignment("wrap_text", action["args"][0]))


def set_horizontal_alignment(host: RemoteHost, action: Action) -> None:
    restyle(host, action, excel_looks.alignment("horizontal", action["args"][0].lower()))


def set_vertical_alignment(host: RemoteHost, action: Action) -> None:
    restyle(host, action, excel_looks.alignment("vertical", action["args"][0].lower()))


def set_column_width(host: RemoteHost, action: Action) -> None:
    host.opened.column_width(*place_of(host, action), round(action["args"][0] / POINTS_PER_CHARACTER, 2))


def set_row_height(host: RemoteHost, action: Action) -> None:
    host.opened.row_height(*place_of(host, action), action["args"][0])


def set_autofit(host: RemoteHost, action: Action) -> None:
    host.opened.autofit(*place_of(host, action), action["args"][0])


def set_sheet_autofit(host: RemoteHost, action: Action) -> None:
    sheet = sheet_of(host, action)
    host.opened.autofit(sheet, Box(1, 1, sheet.max_row, sheet.max_column), action["args"][0])


def add_hyperlink(host: RemoteHost, action: Action) -> None:
    address, text, tip = (str(arg) for arg in action["args"])
    host.opened.add_hyperlink(*place_of(host, action), address, text, tip)


def add_sheet(host: RemoteHost, action: Action) -> None:
    """Adds it without showing it: the desktop shows it."""
    position, title = action["args"]
    excel_sheets.add(host.opened, position, title)


def set_sheet_name(host: RemoteHost, action: Action) -> None:
    excel_sheets.rename(host.opened, sheet_of(host, action), action["args"][0])


def set_sheet_visibility(host: RemoteHost, action: Action) -> None:
    excel_sheets.show(host.opened, sheet_of(host, action), "visible" if action["args"][0] == "Visible" else "hidden")


def delete_sheet(host: RemoteHost, action: Action) -> None:
    excel_sheets.delete(host.opened, sheet_of(host, action))


def activate_sheet(host: RemoteHost, action: Action) -> None:
    excel_sheets.activate(host.opened, host.opened.book.worksheets[int(action["args"][0])])


def clear_sheet_contents(host: RemoteHost, action: Action) -> None:
    sheet = sheet_of(host, action)
    host.opened.clear_contents(sheet, Box(1, 1, sheet.max_row, sheet.max_column))


def select_range(host: RemoteHost, action: Action) -> None:
    """Selecting cells of another sheet shows that sheet: the desktop refuses it instead."""
    sheet, box = place_of(host, action)
    excel_sheets.activate(host.opened, sheet)
    excel_sheets.select(sheet, box)


def set_range_name(host: RemoteHost, action: Action) -> None:
    sheet, box = place_of(host, action)
    quoted = sheet.title.replace("'", "''")
    define(host.opened.book, action["args"][0], f"'{quoted}'!{box.address(absolute=True)}")


def add_name(host: RemoteHost, action: Action) -> None:
    name, refers_to = action["args"]
    holder = host.opened.book if action["sheet_position"] is None else sheet_of(host, action)
    define(holder, name, refers_to.removeprefix("="))


def define(holder: Workbook | Worksheet, name: str, text: str) -> None:
    if name in holder.defined_names:
        raise ValueError(f"the name {name} exists already")
    holder.defined_names[name] = DefinedName(name, attr_text=text)


def set_name_refers_to(host: RemoteHost, action: Action) -> None:
    name, book_scope, position, refers_to = action["args"]
    holder = host.opened.book if book_scope else host.opened.book.worksheets[position]
    holder.defined_names[name].attr_text = refers_to.removeprefix("=")


def delete_name(host: RemoteHost, action: Action) -> None:
    _, _, name, _, book_scope, position = action["args"]
    holder = host.opened.book if book_scope else host.opened.book.worksheets[position]
    del holder.defined_names[name]


def alert(host: RemoteHost, action: Action) -> None:
    host.alerts.append(action["args"][0])


def run_macro(host: RemoteHost, action: Action) -> None:
    host.macros.append(action["args"])


def save(host: RemoteHost, action: Action) -> None:  # noqa: ARG001  # every action is called alike
    if host.opened.read_only:
        host.opened.refuse("read-only")
    host.saves += 1


def calculate(host: RemoteHost, action: Action) -> None:  # noqa: ARG001
    host.calculated += 1


def nothing(host: RemoteHost, action: Action) -> None:
    """Screen updating and the mode of calculation leave no trace in a saved workbook."""


ACTIONS: dict[str, Callable[[RemoteHost, Action], None]] = {
    "setValues": set_values,
    "setFormula": set_formula,
    "rangeClearContents": clear_contents,
    "rangeClearFormats": clear_formats,
    "rangeClear": clear,
    "copyRange": copy_range,
    "copyFromRange": copy_from_range,
    "setNumberFormat": set_number_format,
    "setRangeColor": set_range_color,
    "setFontProperty": set_font_property,
    "setWrapText": set_wrap_text,
    "setHorizontalAlignment": set_horizontal_alignment,
    "setVerticalAlignment": set_vertical_alignment,
    "setColumnWidth": set_column_width,
    "setRowHeight": set_row_height,
    "setAutofit": set_autofit,
    "setSheetAutofit": set_sheet_autofit,
    "addHyperlink": add_hyperlink,
    "addSheet": add_sheet,
    "setSheetName": set_sheet_name,
    "setSheetVisibility": set_sheet_visibility,
    "sheetDelete": delete_sheet,
    "sheetClearContents": clear_sheet_contents,
    "activateSheet": activate_sheet,
    "rangeSelect": select_range,
    "setRangeName": set_range_name,
    "namesAdd": add_name,
    "setNameRefersTo": set_name_refers_to,
    "nameDelete": delete_name,
    "alert": alert,
    "runMacro": run_macro,
    "save": save,
    "calculate": calculate,
    "setCalculation": nothing,
    "setScreenUpdating": nothing,
}
