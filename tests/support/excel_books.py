"""One function of a workbook in both simulated hosts, and the saved workbooks compared cell by cell.

What differs shows where a macro leans on one host: reading what it just wrote, an idiom for the last row, the default
place of a new sheet. What is equal is no proof for Excel itself; docs/uji-windows.md has what only a person can see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cellrune
import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from support import desktop_host, excel_sheets
from support.excel_cells import at
from support.remote_host import RemoteHost

Script = Callable[[Any], Any]

#: What of a cell's look is compared.
LOOKS = ("number_format", "font", "fill", "border", "alignment", "protection", "quotePrefix")


@dataclass(frozen=True)
class Run:
    """What came of a function in one host: its result, the saved workbook, what a person saw."""

    result: Any
    saved: Path
    selection: str
    alerts: Sequence[str]


def in_desktop(master: Path, script: Script, saved: Path) -> Run:
    """Runs `script(book)` in the simulated desktop and saves the book."""
    book = desktop_host.open_book(master)
    result = script(book)
    app = book.app
    selection = app.impl.selection.box.address()
    book.save(saved)
    return Run(result, saved, selection, tuple(app.impl.alerts))


def in_server(master: Path, script: Script, saved: Path, include: Sequence[str] = ()) -> Run:
    """Runs `script(book)` as the add-in server does and saves the book; `include` are the sheets sent with values."""
    host = RemoteHost.open(master)
    result = host.run(script, include)
    host.save(saved)
    return Run(result, saved, host.selection, tuple(host.alerts))


def in_both(master: Path, script: Script, folder: Path, include: Sequence[str] = ()) -> tuple[Run, Run]:
    """(desktop, server): the same function on the same workbook in both hosts."""
    desktop = in_desktop(master, script, folder / f"desktop{master.suffix}")
    return desktop, in_server(master, script, folder / f"server{master.suffix}", include)


def recalculated(saved: Path, target: Path, today: dt.date | None = None) -> Path:
    """The workbook with every formula computed, by cellrune, so that it can be opened again and its values read."""
    serial = None if today is None else float(to_excel(today))
    with cellrune.Workbook.open_path(saved) as book:
        book.calculate(today_serial=serial, now_serial=serial)
        target.write_bytes(book.to_bytes())
    return target


def differences(one: Path, other: Path) -> list[str]:
    """Where two saved workbooks differ, one line each: sheets, names, values, formulas, looks, links, widths."""
    if _members(one) == _members(other):
        return []
    left, right = (openpyxl.load_workbook(path, rich_text=True) for path in (one, other))
    found = [
        f"{what}: {mine!r} {theirs!r}"
        for what, mine, theirs in (
            ("sheets", left.sheetnames, right.sheetnames),
            ("active", left.active.title, right.active.title),
            ("names", _names(left), _names(right)),
        )
        if mine != theirs
    ]
    same_looks: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = {}
    for sheet in left.worksheets:
        if sheet.title in right.sheetnames:
            found += _sheet_differences(sheet, right[sheet.title], same_looks)
    return found


def _members(path: Path) -> dict[str, bytes]:
    """The parts of a workbook but for the moment of saving: equal parts spare a reading."""
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


def _names(holder: Any) -> dict[str, str]:
    return {name: defined.attr_text for name, defined in holder.defined_names.items()}


def _sheet_differences(
    one: Worksheet, other: Worksheet, looks: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]]
) -> Iterator[str]:
    mine, theirs = _frame(one), _frame(other)
    yield from (f"{one.title} {part}: {mine[part]!r} {theirs[part]!r}" for part in mine if mine[part] != theirs[part])
    for place in sorted({*one._cells, *other._cells}):
        left, right = at(one, *place), at(other, *place)
        if left is None or right is None:
            if _bare(left) and _bare(right):
                continue
            yield f"{one.title}!{(left or right).coordinate}: {_held(left)!r} {_held(right)!r}"  # type: ignore[union-attr]
            continue
        if _held(left) != _held(right):
            yield f"{one.title}!{left.coordinate}: {_held(left)!r} {_held(right)!r}"
        key = (tuple(left._style or ()), tuple(right._style or ()))
        if key not in looks:
            looks[key] = [look for part in LOOKS for look in _look_differences(part, left, right)]
        yield from (f"{one.title}!{left.coordinate} {look}" for look in looks[key])


def _look_differences(part: str, one: Cell | MergedCell, other: Cell | MergedCell) -> list[str]:
    """What of a font, fill and so on differs; openpyxl compares these only by what they print."""
    left, right = (repr(getattr(cell, part)).splitlines() for cell in (one, other))
    return [f"{part}: {mine} {theirs}" for mine, theirs in zip_longest(left, right) if mine != theirs]


def _frame(sheet: Worksheet) -> dict[str, Any]:
    return {
        "names": _names(sheet),
        "state": sheet.sheet_state,
        "merged": sorted(area.coord for area in sheet.merged_cells.ranges),
        "widths": {letter: dimension.width for letter, dimension in sheet.column_dimensions.items()},
        "heights": {row: dimension.height for row, dimension in sheet.row_dimensions.items() if dimension.height},
        "protected": sheet.protection.sheet,
        "selected": excel_sheets.selected(sheet).address(),
    }


def _bare(cell: Cell | MergedCell | None) -> bool:
    return cell is None or (cell.value is None and not cell.has_style and cell.hyperlink is None)


def _held(cell: Cell | MergedCell | None) -> tuple[Any, ...]:
    """Value, kind and link of a cell in a form that can be compared."""
    if cell is None:
        return ()
    value = (cell.value.ref, cell.value.text) if isinstance(cell.value, ArrayFormula) else cell.value
    link = cell.hyperlink
    return value, cell.data_type, (link.target, link.location, link.tooltip) if link else None
