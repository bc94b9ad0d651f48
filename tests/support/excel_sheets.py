"""The sheets of an open workbook: added, renamed, hidden, deleted, shown, selected in, as far as Excel lets one."""

from __future__ import annotations

import re

from openpyxl.worksheet.views import Selection
from openpyxl.worksheet.worksheet import Worksheet

from support.excel_cells import Box
from support.excel_model import OpenBook

#: At most 31 characters, none of []:*?/\ and no apostrophe at either end.
TITLE = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")


def add(opened: OpenBook, position: int, title: str) -> Worksheet:
    """A new sheet at a position from 0; the sheet that is shown stays."""
    _needs_structure(opened)
    _needs_title(opened, title)
    active = opened.book.active
    sheet = opened.book.create_sheet(title, position)
    activate(opened, active)
    return sheet


def rename(opened: OpenBook, sheet: Worksheet, title: str) -> None:
    _needs_structure(opened)
    if title != sheet.title:
        _needs_title(opened, title, other_than=sheet)
        sheet.title = title


def delete(opened: OpenBook, sheet: Worksheet) -> None:
    _needs_structure(opened)
    _needs_another_visible(opened, sheet)
    active = opened.book.active
    opened.book.remove(sheet)
    activate(opened, _first_visible(opened) if active is sheet else active)


def show(opened: OpenBook, sheet: Worksheet, state: str) -> None:
    """Shows or hides a sheet; `state` as the file has it: "visible", "hidden", "veryHidden"."""
    _needs_structure(opened)
    if state != "visible":
        _needs_another_visible(opened, sheet)
    sheet.sheet_state = state
    if opened.book.active is sheet and state != "visible":
        activate(opened, _first_visible(opened))


def activate(opened: OpenBook, sheet: Worksheet) -> None:
    if sheet.sheet_state != "visible":
        opened.refuse("hidden sheet")
    opened.book.active = opened.book.index(sheet)
    for other in opened.book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def selected(sheet: Worksheet) -> Box:
    """What is selected on a sheet; every sheet keeps its own."""
    return Box.of(str(_selection(sheet).sqref).split(" ")[0])


def select(sheet: Worksheet, box: Box) -> None:
    selection = _selection(sheet)
    selection.activeCell, selection.sqref = Box(box.row, box.column).address(), box.address()


def _selection(sheet: Worksheet) -> Selection:
    """The selection of the active pane, where panes are frozen."""
    view = sheet.sheet_view
    pane = view.pane.activePane if view.pane else None
    found = next((one for one in view.selection if one.pane == pane), None)
    if found is None:
        found = Selection(pane=pane)
        view.selection.append(found)
    return found


def _needs_structure(opened: OpenBook) -> None:
    if opened.book.security is not None and opened.book.security.lockStructure:
        opened.refuse("structure")


def _needs_title(opened: OpenBook, title: str, other_than: Worksheet | None = None) -> None:
    taken = {sheet.title.casefold() for sheet in opened.book.worksheets if sheet is not other_than}
    if not TITLE.fullmatch(title) or title.casefold() in taken:
        opened.refuse("sheet name")


def _needs_another_visible(opened: OpenBook, sheet: Worksheet) -> None:
    if not any(other is not sheet and other.sheet_state == "visible" for other in opened.book.worksheets):
        opened.refuse("last sheet")


def _first_visible(opened: OpenBook) -> Worksheet:
    return next(sheet for sheet in opened.book.worksheets if sheet.sheet_state == "visible")
