"""Rows for the input sheets of the open master: which cells they take, without touching what staff typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import xlwings as xw
from xlsxwriter.utility import xl_rowcol_to_cell

from kemitraan_xl.book.induk import column_name
from kemitraan_xl.book.look import NUMBER_FORMATS
from kemitraan_xl.book.masukan import ready_name
from kemitraan_xl.master import Row
from udfs.plan import Block, Cell, Copy
from udfs.sheets import named
from udfs.snapshot import block
from validation.contract import Column, tables


@dataclass(frozen=True, slots=True)
class Placed:
    """One new row: where it begins, and the partner and source it is shown with."""

    sheet: str
    cell: str
    about: Sequence[Cell]


@dataclass(slots=True)
class Filling:
    """What puts new rows into the open workbook, and where each comes to stand."""

    blocks: list[Block] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)


def new_rows(book: xw.Book, added: Mapping[str, Sequence[Row]]) -> Filling:
    """Place the rows of each table below its last filled row; a table that has no ready rows left gets more."""
    found = Filling()
    for name, rows in added.items():
        _place(book, name, rows, found)
    return found


def _place(book: xw.Book, name: str, rows: Sequence[Row], found: Filling) -> None:
    at = {column.name: named(book, column_name(name, column.name)) for column in _columns(name)}
    heading = next(iter(at.values()))
    sheet = heading.sheet.name
    typed = {one.column: column for column in _columns(name) if not column.computed for one in [at[column.name]]}
    last = _last_filled(heading, typed)
    ready = max(named(book, ready_name(name)).row, last)
    first, end = last + 1, last + len(rows)
    if end > ready:
        left, right = min(one.column for one in at.values()), max(one.column for one in at.values())
        found.copies.append(Copy(sheet, ready, left, right, end - ready))
    for run in _runs(sorted(typed)):
        columns = [typed[number] for number in run]
        values = [[row.get(column.name) for column in columns] for row in rows]
        kinds = [NUMBER_FORMATS.get(column.kind, "") for column in columns]
        texts = {position: kind for position, kind in enumerate(kinds) if kind == NUMBER_FORMATS["teks"]}
        found.blocks.append(Block(sheet, first, run[0], values, texts))
    for row, values_of in enumerate(rows, start=first):
        about = [values_of.get(key) for key in ("kode_mitra", "nama_mitra", "sumber_sel")]
        if name == "mitra":
            about = [values_of.get("kode"), values_of.get("nama_lembaga"), None]
        found.placed.append(Placed(sheet, xl_rowcol_to_cell(row - 1, min(typed) - 1), about))


def _last_filled(heading: xw.Range, columns: Collection[int]) -> int:
    """The last row in which somebody typed into one of the columns, also below a gap; else that of the heading."""
    top, left, cells = block(heading.sheet)
    filled = (
        row
        for row, line in enumerate(cells, start=top)
        if row > heading.row
        and any(line[column - left] not in (None, "") for column in columns if 0 <= column - left < len(line))
    )
    return max(filled, default=heading.row)


def _columns(name: str) -> list[Column]:
    return list(tables()[name].columns_in("induk"))


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Neighbouring columns together: 1, 2, 4 -> [1, 2], [4]."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]
