"""Where a table stands on a sheet: by its stamp first, by its headings second, never by a fixed address.

A grid is the sheet as rows of cells from A1 on, so that index + 1 is always Excel's own row or column number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from kemitraan_xl.intake.model import Fault
from validation.contract import Column, Table, fold

Grid = Sequence[Sequence[Any]]

#: How alike a heading must be to one that is missing, to be read as it.
_NEAR = 0.85
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@dataclass(slots=True)
class Found:
    """A table on a sheet: its heading row (from 0) and the grid column of every contract column found."""

    row: int
    columns: dict[str, int]
    stamped: bool
    faults: list[Fault] = field(default_factory=list)
    right: int = 0  #: the last grid column that belongs to the table


def letters(column: int) -> str:
    """Excel's letters for a grid column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """A cell by grid row and column, counted from 0, as Excel names it."""
    return f"{letters(column)}{row + 1}"


def numbers(cell: str) -> tuple[int, int]:
    """Grid row and column (from 0) of an address."""
    match = _ADDRESS.match(cell)
    if match is None:
        raise ValueError(cell)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def heading(text: object) -> str:
    """A heading or label as it is compared: without the colon or asterisk that people add."""
    return fold(text).rstrip(":* ") if isinstance(text, str) else ""


@cache
def _known(table: Table, kind: str) -> dict[str, Column]:
    """The columns of a table by every heading they may carry."""
    named: dict[str, Column] = {}
    for column in table.columns_in(kind):
        for name in (column.heading, *column.aliases):
            named.setdefault(heading(name), column)
    return named


@cache
def official(table: Table, kind: str) -> tuple[Column, ...]:
    """The columns that must be there; helper columns may be absent."""
    return tuple(column for column in table.columns_in(kind) if not column.helper)


def heading_rows(grid: Grid, table: Table, kind: str) -> list[int]:
    """Rows that hold at least half (and two) of the table's official headings."""
    named = _known(table, kind)
    needed = max(2, (len(official(table, kind)) + 1) // 2)
    rows = []
    for number, cells in enumerate(grid):
        if sum(isinstance(cell, str) for cell in cells) >= needed:
            recognised = {named[text].name for cell in cells if (text := heading(cell)) in named}
            if len(recognised) >= needed:
                rows.append(number)
    return rows


def find_table(grid: Grid, table: Table, kind: str, stamps: Iterable[tuple[int, int]]) -> Found | None:
    """The table on this sheet with what is odd about its headings, or None. `stamps` are its stamp's places."""
    places = sorted(stamps)
    rows = heading_rows(grid, table, kind)
    if not places and not rows:
        return None
    row = next((number for number, _ in places if number in rows), rows[0] if rows else places[0][0])
    edge = max((column for number, column in places if number == row), default=len(grid[row]))
    found = Found(row, {}, bool(places), right=edge)
    _name_columns(grid, table, kind, found, edge)
    for other in rows:
        if other != row:
            found.faults.append(Fault("ST-15", "", address(other, 0), table.title or table.sheet))
    return found


def _name_columns(grid: Grid, table: Table, kind: str, found: Found, edge: int) -> None:
    named = _known(table, kind)
    unknown: dict[int, str] = {}
    for place, cell in enumerate(grid[found.row][:edge]):
        text = heading(cell)
        column = named.get(text)
        if column is None:
            if text and not text.startswith("kmt"):
                unknown[place] = str(cell)
        elif column.name in found.columns:
            found.faults.append(Fault("ST-05", "", address(found.row, place), column.heading))
        else:
            found.columns[column.name] = place
    _read_near_names(table, kind, found, unknown)
    for column in official(table, kind):
        if column.name not in found.columns:
            found.faults.append(Fault("ST-03", "", "", column.heading))
    order = [found.columns[c.name] for c in official(table, kind) if c.name in found.columns]
    if order != sorted(order):
        found.faults.append(Fault("ST-18", "", address(found.row, min(order)), table.title or table.sheet))
    for place, text in unknown.items():
        if any(_filled(row, place) for row in grid[found.row + 1 :]):
            found.faults.append(Fault("ST-07", "", address(found.row, place), text, text))


def _read_near_names(table: Table, kind: str, found: Found, unknown: dict[int, str]) -> None:
    """A heading spelled almost like a missing one is read as it, and said so."""
    for column in table.columns_in(kind):
        if column.name in found.columns or not unknown:
            continue
        texts = {heading(text): place for place, text in unknown.items()}
        near = get_close_matches(heading(column.heading), texts, n=1, cutoff=_NEAR)
        if near:
            place = texts[near[0]]
            found.columns[column.name] = place
            cell = address(found.row, place)
            found.faults.append(Fault("ST-04", "", cell, column.heading, unknown.pop(place)))


def _filled(row: Sequence[Any], place: int) -> bool:
    return place < len(row) and row[place] is not None


def find_labels(grid: Grid, table: Table, kind: str, merged: dict[tuple[int, int], int]) -> LabelsFound | None:
    """A label table: the cell at the right of each label. `merged` gives the last column of merged label cells.

    `columns` holds the grid column of every value cell and `value_rows` its row; `row` has no meaning.
    """
    places: dict[str, tuple[int, int]] = {}
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) < 200:
                places.setdefault(heading(cell), (row, column))
    wanted: tuple[Column, ...] = table.columns_in(kind)
    exact = {c.name: places[heading(c.heading)] for c in wanted if heading(c.heading) in places}
    if len(exact) < min(2, len(wanted)):
        return None
    found = LabelsFound(0, {}, stamped=True)
    taken = set(exact.values())
    free = {text: place for text, place in places.items() if place not in taken}
    for asked in wanted:
        place = exact.get(asked.name)
        if place is None:
            near = get_close_matches(heading(asked.heading), free, n=1, cutoff=_NEAR)
            if not near:
                found.faults.append(Fault("ST-03", "", "", asked.heading))
                continue
            place = free[near[0]]
            found.faults.append(Fault("ST-04", "", address(*place), asked.heading, near[0]))
        found.columns[asked.name] = merged.get(place, place[1]) + 1
        found.value_rows[asked.name] = place[0]
    return found


@dataclass(slots=True)
class LabelsFound(Found):
    """A label table: `value_rows` gives the grid row of every value cell."""

    value_rows: dict[str, int] = field(default_factory=dict)
