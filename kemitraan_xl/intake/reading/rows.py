"""What stands in a located table: which rows are data and which never are, and what is odd about its cells.

A value travels on as None for a blank (also for one of spaces only), an int for a whole number, a date for
midnight, a text for a duration; any other text stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import repeat
from operator import eq
from typing import Any

from kemitraan_xl.intake.model import Extract
from kemitraan_xl.intake.reading.locate import NUMBER, STAMP, Form, Place, corners, key, letters, split
from kemitraan_xl.intake.reading.signature import signature
from validation.contract import Column

GAP = 20  #: blank rows after which what stands below a table is no longer part of it
MOST = 20  #: findings of one kind about cells that are not used; more would bury the others
MOST_CELLS = 500  #: the same for cells that hold an error

_WHOLE = 3  #: filled cells that make a row one of data, and not a note or a signature
_COUNTED = 2  #: cells; a row of more that counts them is none of data

_ALIKE = 64  #: layouts of one table that a process remembers

_EXACT = 2**53  #: beyond it a float is no longer one whole number
_SPACES = " \t\r\n\v\f\u00a0\u2000\u2007\u2009\u202f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_NUMBERED = re.compile(r"\W*\d+\W*")
_TOTAL = re.compile(
    r"(?:sub ?|grand )?(?:jumlah|total)"
    r"(?: (?:jumlah|total|biaya|anggaran|dana|seluruh\w*|keseluruhan|semua|akhir))*[ :=.(]*(?:rp)?[ :=.)]*"
)


def clean(cell: Any) -> Any:
    """A cell as it travels on."""
    kind = cell.__class__
    if kind is str:
        return cell if cell and ("!" <= cell[0] <= "~" or cell.strip(_SPACES)) else None
    if kind is float:
        return int(cell) if cell.is_integer() and -_EXACT < cell < _EXACT else cell
    if kind is datetime:
        return cell.date() if cell.time() == time() else cell
    return str(cell) if kind is time or kind is timedelta else cell


@dataclass(slots=True)
class _Sorted:
    """The rows of a table sorted out. What stands at `stop` and below is no longer the table."""

    stop: int
    kept: dict[int, list[Any]] = field(default_factory=dict)  #: cells of the data rows
    passed: set[int] = field(default_factory=set)  #: totals, end rows and strays
    ends: list[int] = field(default_factory=list)  #: rows of the end text ("dst")


def read_rows(place: Place, stop: int, taken: Collection[int] = ()) -> Extract:
    """The data rows of a table above row `stop`; rows of `taken` hold labels. Faults go to the place."""
    grid = place.grid
    layout = _layout(place.form, tuple(place.at.items()), grid.left)
    found = _sort_rows(place, layout, stop, taken)
    values = zip(*found.kept.values(), strict=True) if found.kept else repeat(())
    extract = Extract(
        table=place.form.table.name,
        sheet=grid.title,
        columns=dict(zip(layout.letters, map(list, values), strict=False)),
        rows=[grid.top + row for row in found.kept],
        letters=layout.letters,
    )
    if not place.whole:
        _flag_columns(place, found, taken)
    if grid.look.errors or grid.look.uncalculated:
        by_column = dict(zip(layout.spots, layout.columns, strict=True))

        def column_of(row: int, column: int) -> Column | None:
            inside = place.first <= row < found.stop and row not in found.passed
            return by_column.get(column) if inside else None

        _flag_cells(place, column_of, found.kept)
    if grid.look.merges:
        _flag_merges(place, found)
    if grid.look.hidden_rows or grid.look.hidden_columns:
        _flag_hidden(place, found, extract)
    return extract


def read_inputs(place: Place) -> Extract:
    """The one entry of a label table. Faults go to the place."""
    grid, table = place.grid, place.form.table
    width = len(grid.rows[0]) if grid.rows else 0
    columns = {
        name: [clean(grid.rows[row][column]) if column < width else None]
        for name, (row, column) in place.inputs.items()
    }
    columns |= {name: [clean(text)] for name, text in place.inline.items()}
    addresses = _input_cells(tuple(place.inputs.items()), grid.top, grid.left)
    extract = Extract(table.name, grid.title, columns, [grid.top], addresses)
    names = {spot: name for name, spot in place.inputs.items()}
    if grid.look.errors or grid.look.uncalculated:
        rows = {row for row, _ in names}
        _flag_cells(place, lambda *spot: table.column(names[spot]) if spot in names else None, rows)
    filled = [spot for spot, name in names.items() if extract.columns[name][0] is not None]
    hidden = [spot for spot in filled if grid.top + spot[0] in grid.look.hidden_rows]
    if hidden:
        place.fault("ST-11", hidden[0], value=str(len(hidden)))
    return extract


# Most files have their cells where others have them: such files share one dictionary, which travels once.


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a table that are there, in the order of printing, and where they are on the grid."""

    columns: tuple[Column, ...]
    letters: dict[str, str]
    headings: tuple[str, ...]
    spots: tuple[int, ...]
    telling: tuple[tuple[int, int], ...]  #: position and grid column of those that tell data from a blank form
    low: int  #: the first grid column of those
    high: int  #: the one after their last


@lru_cache(_ALIKE)
def _layout(form: Form, at: tuple[tuple[str, int], ...], left: int) -> _Layout:
    spot_of = dict(at)
    columns = tuple(column for column in form.columns if column.name in spot_of)
    spots = tuple(spot_of[column.name] for column in columns)
    telling = tuple(
        (position, spots[position])
        for position, column in enumerate(columns)
        if column.name != NUMBER and not column.computed
    )
    return _Layout(
        columns=columns,
        letters={column.name: letters(left + spot) for column, spot in zip(columns, spots, strict=True)},
        headings=tuple(column.heading for column in columns),
        spots=spots,
        telling=telling,
        low=min((spot for _, spot in telling), default=0),
        high=max((spot for _, spot in telling), default=-1) + 1,
    )


@lru_cache(_ALIKE)
def _input_cells(inputs: tuple[tuple[str, tuple[int, int]], ...], top: int, left: int) -> dict[str, str]:
    return {name: f"{letters(left + column)}{top + row}" for name, (row, column) in inputs}


# ---- which rows are data ---- #


def _sort_rows(place: Place, layout: _Layout, stop: int, taken: Collection[int]) -> _Sorted:
    """Data rows hold something besides a number and computed cells; a printed label is enough."""
    rows, spots, low, high = place.grid.rows, layout.spots, layout.low, layout.high
    found = _Sorted(stop)
    _sort_numbers(place, low, high, found)
    strays = False
    last = place.first - 1
    lead = layout.columns[0].name == NUMBER if layout.columns else False
    for row in range(place.first, stop):
        line = rows[row]
        if line[low:high].count("") == high - low or row in taken:
            continue
        cells = [clean(cell) if (cell := line[spot]) != "" else None for spot in spots]
        content = next((spot for position, spot in layout.telling if cells[position] is not None), None)
        if content is None:
            continue
        if not strays and row - last > GAP and _blanks_above(place, row) > GAP:
            strays, found.stop = True, row
        last = row
        if _is_heading(cells, layout.headings):
            place.fault("ST-15", (row, min(spots)), place.form.table.sheet)
            found.stop = min(row, found.stop)
            break
        if strays or row in found.ends:
            told = sum(cells[position] is not None for position, _ in layout.telling)
            _stray(place, row, content, whole=strays and told >= _WHOLE)
        elif _is_total(cells, lead) or (not found.kept and _is_numbering(cells)):
            found.passed.add(row)
        else:
            found.kept[row] = cells
    if found.ends:
        _pass_signature(place, layout, found)
    if found.ends and max(found.kept, default=0) > found.ends[0]:
        # said at the end row itself: at a data cell it would hide what is wrong with the value
        place.fault("ST-06", (found.ends[0], place.at[NUMBER]))
    return found


def _pass_signature(place: Place, layout: _Layout, found: _Sorted) -> None:
    """What ends the sheet below the end row and is a signature is no data."""
    below = [row for row in found.kept if row > found.ends[0]]
    signed = below[len(below) - signature([found.kept[row] for row in below]) :]
    if signed:
        cells = zip(layout.spots, found.kept[signed[0]], strict=True)
        _stray(place, signed[0], next(spot for spot, cell in cells if cell is not None))
    for row in signed:
        del found.kept[row]
        found.passed.add(row)


def _sort_numbers(place: Place, low: int, high: int, found: _Sorted) -> None:
    """Rows with a text for a number: the end row, a total, or a note; their place is never data."""
    if NUMBER not in place.at:
        return
    lead, end = place.at[NUMBER], place.form.table.end
    for row in range(place.first, found.stop):
        cells = place.grid.rows[row]
        text = cells[lead]
        if text.__class__ is not str or not text:
            continue
        name = key(text)
        if end and name == end:
            found.ends.append(row)
            found.passed.add(row)
        elif cells[low:high].count("") == high - low and name:
            found.passed.add(row)
            if not _NUMBERED.fullmatch(name) and not _TOTAL.fullmatch(name):
                _stray(place, row, lead)


def _blanks_above(place: Place, row: int) -> int:
    """How many rows right above are blank in all columns of the table; no more than matter are counted."""
    spots = place.at.values()
    count = 0
    while count <= GAP and row - count - 1 >= place.first:
        above = place.grid.rows[row - count - 1]
        if any(clean(above[spot]) is not None for spot in spots):
            break
        count += 1
    return count


def _is_total(cells: list[Any], lead: bool) -> bool:
    """ "Jumlah" or the like in front, and behind it nothing but numbers. `lead`: the first cell is the row's number.

    A form prints the number of a row before anybody makes a sum of it.
    """
    texts = [cell for cell in cells if cell.__class__ is str]
    if len(texts) != 1:
        return False
    numbered = lead and cells[0].__class__ is int
    first = next(cell for cell in cells[numbered:] if cell is not None)
    return first is texts[0] and _TOTAL.fullmatch(key(first)) is not None


def _is_numbering(cells: list[Any]) -> bool:
    """The columns counted below their headings: 1, 2, 3 or (1), (2), (3), as official forms have it."""
    filled = [cell for cell in cells if cell is not None]
    marks = (str(cell).strip("() .") == str(number) for number, cell in enumerate(filled, start=1))
    return len(filled) > _COUNTED and all(marks)


def _is_heading(cells: list[Any], headings: Sequence[str]) -> bool:
    """At least half of the cells (and two) repeat the headings of their columns."""
    hits = sum(map(eq, cells, headings))
    return hits > 1 and 2 * hits >= len(headings)


# ---- what is odd ---- #


def _stray(place: Place, row: int, column: int, *, whole: bool = False) -> None:
    """What is not used; a `whole` row of data far below its table must come back, lest it be missed in every sum."""
    key_ = "ST-19:baris" if whole else "ST-19"
    if sum(fault.key == key_ for fault in place.faults) < MOST:
        value = str(clean(place.grid.rows[row][column]))
        place.fault(key_, (row, column), place.form.table.sheet, value)


def _flag_columns(place: Place, found: _Sorted, taken: Collection[int]) -> None:
    """Columns beside or between those of the table whose content is not used."""
    rows, spots = place.grid.rows, place.at.values()
    torn = any(fault.key == "ST-03" for fault in place.faults)  # their cells still stand there, and it is said
    for column in range(place.edge):
        name = key(rows[place.heading][column])
        inside = min(spots) - 1 <= column <= max(spots) + 1
        if column in spots or name in place.form.keys or (torn and inside and not name):
            continue
        filled = (row for row in range(place.first, found.stop) if row not in taken)
        first = next((row for row in filled if clean(rows[row][column]) is not None), None)
        if first is None or str(rows[first][column]).startswith(STAMP):
            continue
        if column in place.unknown:
            heading = str(rows[place.heading][column])
            place.fault("ST-07", (place.heading, column), heading, heading)
        else:
            _stray(place, first, column)


def _flag_cells(place: Place, column_of: Callable[[int, int], Column | None], data: Collection[int]) -> None:
    """Error cells, and formulas without a result, which would pass for blanks. Computed cells are not used."""
    grid, looked = place.grid, place.grid.look
    flagged = [("ST-08", cell, text) for cell, text in looked.errors.items()]
    flagged += [("ST-09", cell, "") for cell in looked.uncalculated]
    count = 0
    for code, cell, text in flagged:
        number, letter = split(cell)
        spot = number - grid.top, letter - grid.left
        column = column_of(*spot)
        if column is None or count == MOST_CELLS:
            continue
        if not column.computed:
            place.fault(code, spot, column.heading, text)
        elif code == "ST-09" and spot[0] in data:
            place.fault("ST-09:hitungan", spot, column.heading)
        count += 1


def _flag_merges(place: Place, found: _Sorted) -> None:
    grid = place.grid
    count = 0
    for area in grid.look.merges:
        (top, left), (bottom, right) = corners(area)
        over = any(left <= grid.left + spot <= right for spot in place.at.values())
        if count < MOST_CELLS and over and any(top <= grid.top + row <= bottom for row in found.kept):
            count += 1
            place.fault("ST-10", (top - grid.top, left - grid.left), value=area)


def _flag_hidden(place: Place, found: _Sorted, extract: Extract) -> None:
    grid = place.grid
    rows = [row for row in found.kept if grid.top + row in grid.look.hidden_rows]
    columns = [
        place.at[name]
        for name, cells in extract.columns.items()
        if any(first <= grid.left + place.at[name] + 1 <= last for first, last in grid.look.hidden_columns)
        and any(cell is not None for cell in cells)
    ]
    if rows or columns:
        first = (rows[0], min(place.at.values())) if rows else (place.heading, min(columns))
        place.fault("ST-11", first, value=str(len(rows) + len(columns)))
