"""A partner's own values in the file that goes back: each in its place, and what has no place on Isian Lain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kemitraan_xl.blank import printed
from kemitraan_xl.book.cells import TEXT_LIMIT
from kemitraan_xl.book.template import facts
from kemitraan_xl.intake.boxes.unpack import content
from kemitraan_xl.intake.model import Extract
from kemitraan_xl.intake.reading.identity import FIELDS, Identity
from kemitraan_xl.intake.reading.leftover import leftovers
from kemitraan_xl.intake.refusal import Refused
from kemitraan_xl.marks import Spare
from kemitraan_xl.privacy import MARK, find_number, mask
from kemitraan_xl.verdicts import Return
from validation.contract import Column, Table, former, lists, tables
from validation.language import Text

Rows = dict[str, list[dict[str, Any]]]
#: The row of the new file by the row of the table that was read, both counted from 0.
Moved = Mapping[str, Sequence[int]]

_CONTINUED: Final = Text("{judul} (lanjutan)")


def values_of(entry: Return, moved: Moved) -> Rows:
    """The rows of every table as typed, for the template to be filled with; computed cells compute themselves."""
    values: Rows = {}
    for name, extract in entry.reading.tables.items():
        rows: list[dict[str, Any]] = [{} for _ in range(max(moved[name], default=-1) + 1)]
        for column in tables()[name].columns_in(entry.kind):
            for index, cell in enumerate(extract.columns.get(column.name, ())):
                blank_label = cell is None and column.name == tables()[name].prefilled
                if not blank_label and (not column.computed or _contradicts(entry, column, cell)):
                    rows[moved[name][index]][column.name] = cell
        if all(row.get("no") is None for row in rows):  # the template prints its numbers again
            rows = [{column: cell for column, cell in row.items() if column != "no"} for row in rows]
        values[name] = entry.language.rows(tables()[name], rows)
    return values


def _contradicts(entry: Return, column: Column, cell: Any) -> bool:
    """Whether a cell that repeats one of the cover ("Nama Lembaga:") was typed over with something else."""
    cover = entry.reading.tables.get("sampul")
    named = [c for c in tables()["sampul"].columns if f"{c.heading}:" == column.heading]
    shown = [cover.columns.get(c.name) for c in named] if cover else []
    return cell is not None and bool(shown) and [cell] not in shown


def moved_rows(table: Table, extract: Extract) -> Sequence[int]:
    """Where each row goes: a row with a printed label to that label, any other row behind them, in order."""
    size = len(extract.rows)
    typed = extract.columns.get(table.prefilled)
    if typed is None:
        return range(size)
    codes = [item.code for item in lists()[table.column(table.prefilled).list]]
    places: dict[int, int] = {}
    for index, label in enumerate(typed):
        item = lists()[table.column(table.prefilled).list].find(str(label)) if label is not None else None
        place = codes.index(item.code) if item else index if label is None and index < len(codes) else None
        if place is not None and place not in places.values():
            places[index] = place
    free = iter(range(len(codes), len(codes) + size))
    return [places[index] if index in places else next(free) for index in range(size)]


def cut_off(entry: Return) -> Iterator[Spare]:
    """What of a text is too long for one cell."""
    for name, extract in entry.reading.tables.items():
        for column, cells in extract.columns.items():
            for index, cell in enumerate(cells):
                if isinstance(cell, str) and len(cell) > TEXT_LIMIT:
                    heading = tables()[name].column(column).heading
                    for start in range(TEXT_LIMIT, len(cell), TEXT_LIMIT):
                        part = cell[start : start + TEXT_LIMIT]
                        above = entry.language(_CONTINUED).format(judul=heading)
                        yield Spare(extract.sheet, extract.cell(column, index), above, part)


def left_over(entry: Return) -> list[Spare]:
    """Values of the file that no table took up, with what may identify a child masked as everywhere else."""
    try:
        data = content(entry.arrival)
    except (OSError, Refused):
        return []
    stamps = {value for _, value in facts(Identity(**{name: entry.reading.identity.get(name, "") for name in FIELDS}))}
    old = {row.text for row in former().get(entry.reading.identity.get("edisi", ""), ())}
    blank = printed(entry.kind, entry.language.code)
    found = leftovers(data, entry.reading, blank | stamps | old) if _same(data, entry) else []
    return [Spare(mask(item.sheet), mask(item.cell), mask(item.heading), _masked(item.value)) for item in found]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    return MARK if isinstance(value, int | float) and find_number(value) else value


def _same(data: bytes, entry: Return) -> bool:
    return hashlib.sha256(data).hexdigest() == entry.arrival.sha256
