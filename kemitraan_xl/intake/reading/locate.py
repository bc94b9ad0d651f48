"""Where the tables of a workbook stand: by their stamps first, by their headings second, never by an address.

A clean template costs a few comparisons; names are folded and compared for likeness only where something is off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from kemitraan_xl.intake.gate.sheetscan import SheetLook
from kemitraan_xl.intake.model import Fault
from validation.contract import Column, Table, fold, former, tables

STAMP = "kmt:"
LONGEST = 200  #: characters; a longer text is no heading and no label
MASTER = "induk"  #: the kind of KPAI's own workbook
NUMBER = "no"  #: the column every form may carry, so that it tells none from another

NEAR = 0.85  #: how alike a name must be to one that is missing, to be read as it
_FEW = 2  #: headings that make a heading row, at the least
_ADDED = re.compile(r"^\(?\d{1,2}[.)] *|[ :]*\([^()]*\)$")
_LOOKALIKE = str.maketrans("асеорхуіѕјкмтвн", "aceopxyisjkmtbh")  #: Cyrillic letters, as fold leaves them
SEARCHED = 10_000  #: rows of a sheet in which names are looked for that do not stand where a stamp says


@cache
def letters(column: int) -> str:
    """Excel's letters for a column counted from 0."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(65 + last)


def key(cell: object) -> str:
    """A heading or label as it is compared: folded, without the colon or asterisk that people add."""
    return fold(cell).rstrip(" :*.") if isinstance(cell, str) and 0 < len(cell) <= LONGEST else ""


@dataclass(slots=True)
class Grid:
    """The values of one sheet: rows of equal length, "" for blank; indexes count from its first filled cell."""

    title: str
    name: str  #: the title as it is compared
    rows: list[list[Any]]
    top: int  #: Excel's number of the first row
    left: int  #: how many columns stand left of the first
    look: SheetLook

    def cell(self, row: int, column: int) -> str:
        """Excel's own address."""
        return f"{letters(self.left + column)}{self.top + row}"

    def blank(self, cell: str) -> None:
        """Empty the cell at this address, if the grid reaches there."""
        number, column = split(cell)
        row, column = number - self.top, column - self.left
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            self.rows[row][column] = ""

    def find(self, text: str) -> tuple[int, int] | None:
        """The first cell that holds exactly this text."""
        for number, row in enumerate(self.rows):
            if text in row:
                return number, row.index(text)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A table as the workbooks of one kind print it, with what is looked up to find it."""

    table: Table
    kind: str
    sheet: str  #: title of its sheet, as it is compared
    columns: tuple[Column, ...]  #: in the order of printing: helper columns last
    headings: list[str]  #: the whole heading row, stamp included
    exact: dict[str, str]  #: column by heading, to the character
    labels: frozenset[str]  #: all of them
    keys: dict[str, str]  #: column by heading or alias, as compared
    official: frozenset[str]  #: columns that must be there
    edition: str = ""  #: the earlier one whose words it has
    later: frozenset[str] = frozenset()  #: columns that edition did not have yet

    @property
    def master(self) -> bool:
        """In a master staff arrange the columns, and computed ones stand right of the stamp."""
        return self.kind == MASTER


@cache
def forms(kind: str, edition: str = "") -> tuple[Form, ...]:
    """The forms that a workbook of this kind holds, in the words of an earlier `edition` if that is one of `former`."""
    return tuple(_form(table, kind, edition) for table in tables().values() if kind in table.kinds)


def _form(table: Table, kind: str, edition: str) -> Form:
    columns = tuple(sorted(table.columns_in(kind), key=lambda column: column.helper))
    told = former().get(edition, ())
    names = {column.name for column in columns}
    own = [row for row in told if row.table == table.name and row.column in names]
    return Form(
        table=table,
        kind=kind,
        sheet=fold(next((row.text for row in told if row.sheet == table.sheet), table.sheet)),
        columns=columns,
        headings=[*(column.heading for column in columns), table.stamp],
        exact={column.heading: column.name for column in columns},
        labels=frozenset(column.heading for column in columns),
        keys={key(name): column.name for column in columns for name in (*column.aliases, column.heading)}
        | {key(row.text): row.column for row in own if row.text},
        official=frozenset(column.name for column in columns if not column.helper),
        edition=edition,
        later=frozenset(row.column for row in own if not row.text),
    )


@dataclass(slots=True, eq=False)
class Place:
    """Where one table stands. Rows and columns are the grid's own; `faults` is what is odd about its headings."""

    form: Form
    grid: Grid
    stamped: bool
    faults: list[Fault] = field(default_factory=list)
    heading: int = 0
    first: int = 0  #: the first row below the headings
    at: dict[str, int] = field(default_factory=dict)  #: grid column by contract column
    unknown: dict[int, str] = field(default_factory=dict)  #: headings that are none of this table's
    whole: bool = False  #: the sheet has no column but the table's
    edge: int = 0  #: columns from here on are of no interest
    inputs: dict[str, tuple[int, int]] = field(default_factory=dict)  #: label table: input cell by column
    inline: dict[str, str] = field(default_factory=dict)  #: value that was typed behind the label, in its cell

    def fault(self, code: str, spot: tuple[int, int] | None, column: str = "", value: str = "") -> None:
        cell = self.grid.cell(*spot) if spot else ""
        self.faults.append(Fault(code, self.grid.title, cell, column, value))

    def lacks(self, column: Column) -> None:
        """A column is not there: it was taken out, or its edition did not have it yet."""
        later = column.name in self.form.later
        self.fault("ST-03:edisi" if later else "ST-03", None, column.heading, self.form.edition if later else "")


# ---- the matrix: one heading row, data below ---- #


def by_stamp(form: Form, grid: Grid) -> Place | None:
    """The table at its stamp on this sheet, or at its headings when the stamp was moved away from them."""
    spot = grid.find(form.table.stamp)
    if spot is None:
        return None
    row, _ = spot
    if grid.rows[row] == form.headings:
        at = {column.name: place for place, column in enumerate(form.columns)}
        return Place(form, grid, True, heading=row, first=row + 1, at=at, whole=True)
    place = _read_headings(form, grid, row, stamped=True)
    if len(place.at) >= _FEW:
        return place
    found = max(by_headings([form], [grid]), key=fullness, default=None)
    if found:
        found.stamped = True
    return found


def by_headings(wanted: Sequence[Form], grids: Iterable[Grid]) -> Iterator[Place]:
    """Every heading row of the wanted tables, whether stamped or not; a row belongs to the form it fills best.

    On the table's own sheet two headings are enough. Elsewhere half of them must be there, the number not
    counted, for lists with a few everyday headings stand in many workbooks.
    """
    names: dict[str, list[Form]] = {}
    for form in wanted:
        for name in form.keys:
            names.setdefault(name, []).append(form)
    for grid in grids:
        for row, cells in enumerate(grid.rows[:SEARCHED]):
            hits: dict[Form, int] = {}
            for cell in cells:
                for form in names.get(key(cell), ()) if cell.__class__ is str and cell else ():
                    hits[form] = hits.get(form, 0) + 1
            places = [_read_headings(form, grid, row) for form, count in hits.items() if count >= _FEW]
            enough = [place for place in places if _is_heading_row(place)]
            if enough:
                yield max(enough, key=fullness)


def _is_heading_row(place: Place) -> bool:
    form = place.form
    if place.grid.name == form.sheet:
        return len(place.at.keys() & form.official) >= _FEW
    telling = form.official - {NUMBER}
    return len(place.at.keys() & telling) >= max(_FEW, -(-len(telling) // 2))


def fullness(place: Place) -> tuple[float, bool]:
    """The share of its form's headings, then whether the sheet has its form's title."""
    form = place.form
    return len(place.at.keys() & form.official) / len(form.official), place.grid.name == form.sheet


def _read_headings(form: Form, grid: Grid, row: int, stamped: bool = False) -> Place:
    """The columns of a heading row, with a fault for each that is missing, doubled, misspelt or displaced."""
    cells = grid.rows[row]
    edge = cells.index(form.table.stamp) if form.master and form.table.stamp in cells else len(cells)
    place = Place(form, grid, stamped, heading=row, first=row + 1, edge=edge)
    for column, cell in enumerate(cells):
        text = key(cell)
        name = form.keys.get(text)
        if name and name not in place.at:
            place.at[name] = column
        elif name and column < edge:
            place.fault("ST-05", (row, column), form.table.column(name).heading)
        elif text and column < edge and not text.startswith(STAMP):
            place.unknown[column] = text
    _read_near_headings(place)
    _read_second_row(place)
    for asked in form.columns:
        if asked.name in form.official and asked.name not in place.at:
            place.lacks(asked)
    order = [place.at[asked.name] for asked in form.columns if asked.name in place.at]
    if order != sorted(order) and not form.master:
        place.fault("ST-18", None, form.table.sheet)
    return place


def missing(place: Place) -> dict[str, Column]:
    """Columns not found yet, by every name they go by."""
    form = place.form
    found = place.at.keys() | place.inputs.keys()
    return {text: form.table.column(name) for text, name in form.keys.items() if name not in found}


def _read_near_headings(place: Place) -> None:
    for column, text in list(place.unknown.items()):
        absent = missing(place)
        bare = _bare(text)
        near = [bare] if bare in absent else get_close_matches(text, absent, n=1, cutoff=NEAR)
        if near:
            meant = absent[near[0]]
            place.at[meant.name] = column
            del place.unknown[column]
            spot = (place.heading, column)
            place.fault("ST-04", spot, meant.heading, place.grid.rows[place.heading][column])


def _bare(text: str) -> str:
    """A heading without its own number and what is added in brackets ("3. Biaya (Rp)"), in Latin letters."""
    return _ADDED.sub("", text).translate(_LOOKALIKE)


def _read_second_row(place: Place) -> None:
    """Headings split over two rows: what is missing in one may stand right below or above."""
    for row in (place.heading + 1, place.heading - 1):
        absent = missing(place)
        if not absent or not 0 <= row < len(place.grid.rows):
            continue
        for column, cell in enumerate(place.grid.rows[row]):
            meant = absent.get(key(cell))
            if meant and column not in place.at.values() and meant.name not in place.at:
                place.at[meant.name] = column
                place.unknown.pop(column, None)
                place.first = max(place.first, row + 1)


# ---- addresses ---- #


def corners(area: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of an area ("B3:D4"), each split."""
    first, _, last = area.partition(":")
    return split(first), split(last or first)


def split(cell: str) -> tuple[int, int]:
    """Excel's own row number, and the column counted from 0, of a cell ("H12")."""
    name = cell.rstrip("0123456789")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(name) :]), column - 1
