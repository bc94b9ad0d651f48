"""Tables of labels: one label to a row, its input cell at the right, wherever on the sheet they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from kemitraan_xl.intake.reading.locate import NEAR, SEARCHED, Form, Grid, Place, corners, key, missing

Spot = tuple[int, int]  #: row and column of a grid

_ALIKE = 16  #: lists of merged cells that a process remembers: files made from one template have the same
_TRIED = 400  #: texts of one sheet that are compared for likeness with missing labels


def stands_out(form: Form, grid: Grid) -> bool:
    """Whether a sheet that does not have the table's title is its sheet: it has its stamp, or half of its labels."""
    count = sum(len(form.labels.intersection(row)) for row in grid.rows)
    return 2 * count >= len(form.labels) or grid.find(form.table.stamp) is not None


def read_labels(form: Form, grid: Grid, end: int, skip: Collection[int] = ()) -> Place:
    """The input cells of a label table above row `end`; rows of `skip` (headings of other tables) hold no label.

    A table that is part of another has no stamp of its own and counts as stamped.
    """
    stamped = bool(form.table.part_of) or grid.find(form.table.stamp) is not None
    place = Place(form, grid, stamped)
    spots: dict[str, list[Spot]] = {}
    for row, cells in enumerate(grid.rows[:end]):
        labels = form.labels.intersection(cells)
        for text in labels:
            column = cells.index(text)
            if row not in skip and not (len(labels) > 1 and _pasted_over(form, cells[:column])):
                spots.setdefault(form.exact[text], []).append((row, column))
    ends = _merged_to(grid.look.merges, grid.top, grid.left)
    for name, found in spots.items():
        if len(found) == 1:
            place.inputs[name] = _beside(found[0], ends)
        else:
            _choose(place, name, found, ends)
    if len(place.inputs) < len(form.columns):
        _read_other_spellings(place, _texts(place, end, skip), ends)
    if form.table.part_of:  # its printed line holds nothing else, so a column put in between hides no value
        place.inputs = {name: _first_filled(grid, spot) for name, spot in place.inputs.items()}
    return place


def _pasted_over(form: Form, before: Sequence[Any]) -> bool:
    """Whether a label stands right of another one: somebody put it into an input cell, so it is a value."""
    return next((cell for cell in reversed(before) if cell != ""), "") in form.labels


def _first_filled(grid: Grid, spot: Spot) -> Spot:
    """The first cell with content from `spot` on to the right, or `spot` itself."""
    row, column = spot
    filled = (place for place, cell in enumerate(grid.rows[row][column:], column) if cell != "")
    return row, next(filled, column)


def _beside(label: Spot, ends: dict[Spot, int]) -> Spot:
    """The cell at the right of a label, or of the merged cells it fills."""
    row, column = label
    return row, ends.get(label, column) + 1


@lru_cache(_ALIKE)
def _merged_to(merges: tuple[str, ...], top: int, left: int) -> dict[Spot, int]:
    """The last column of every merged range of a grid that begins there, by its first cell."""
    ends = {}
    for area in merges:
        (row, column), (_, last) = corners(area)
        ends[row - top, column - left] = last - left
    return ends


def _choose(place: Place, name: str, labels: list[Spot], ends: dict[Spot, int]) -> None:
    """Of several cells with the same label (one may be a group's title) the first with something beside it counts."""
    inputs = [_beside(label, ends) for label in labels]
    filled = [spot for spot in inputs if place.grid.rows[spot[0]][spot[1] : spot[1] + 1] not in ([], [""])]
    place.inputs[name] = filled[0] if filled else inputs[-1]
    for spot in filled[1:]:
        place.fault("ST-05", labels[inputs.index(spot)], place.form.table.column(name).heading)


def _texts(place: Place, end: int, skip: Collection[int]) -> list[tuple[Spot, str]]:
    """Every text that is not a label to the character."""
    return [
        ((row, column), cell)
        for row in range(min(end, SEARCHED))
        if row not in skip
        for column, cell in enumerate(place.grid.rows[row])
        if cell.__class__ is str and cell and cell not in place.form.exact
    ]


def _read_other_spellings(place: Place, texts: list[tuple[Spot, str]], ends: dict[Spot, int]) -> None:
    """Labels in another spelling, then with the value typed behind their colon, then of nearly the same name."""
    form = place.form
    free: dict[str, Spot] = {}
    for spot, text in texts:
        name = form.keys.get(key(text))
        if name and name not in place.inputs:
            place.inputs[name] = _beside(spot, ends)
        elif name is None:
            free.setdefault(key(text), spot)
    absent = missing(place)
    for spot, text in texts:
        label, colon, value = text.partition(":")
        meant = absent.get(key(label)) if colon and value.strip() else None
        if meant and meant.name not in place.inputs:
            place.inputs[meant.name], place.inline[meant.name] = spot, value
    tried = dict(list(free.items())[:_TRIED])
    for text, meant in missing(place).items():
        near = get_close_matches(text, tried, n=1, cutoff=NEAR)
        if near and meant.name not in place.inputs:
            spot = tried.pop(near[0])
            place.inputs[meant.name] = _beside(spot, ends)
            place.fault("ST-04", spot, meant.heading, place.grid.rows[spot[0]][spot[1]])
    for column in form.columns:
        if column.name not in place.inputs:
            place.lacks(column)
