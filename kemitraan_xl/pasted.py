"""One table by itself, as it was selected in a sheet: read and checked like the same table of a returned file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from kemitraan_xl.examine import Examined, examine
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.gate.sheetscan import SheetLook
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.reading.locate import Grid, Place, by_headings, forms
from kemitraan_xl.intake.reading.rows import read_rows
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from validation import rules_tahap
from validation.contract import Check, Table, fold
from validation.facts import Facts
from validation.findings import Finding
from validation.rules import ASKED, FILE_RULES, RULES

Rows = Sequence[Sequence[Any]]

#: What a rule may ask for that one table alone does not tell.
_BESIDES: Final = ("agreed", "codes", "periods")


def check_table(
    named: Sequence[Table], rows: Rows, errors: Mapping[str, str], top: int, today: date, settings: Settings
) -> list[Finding]:
    """Every finding about a table that begins with its headings; its cells are counted from row `top` and column A.

    `named` are the tables it may be, of one sheet. `errors` are the cells that hold an error, by address, with its
    text; they are blank in `rows`. What only other tables of the workbook can tell is left out. Raises Impossible
    where the headings fit none.
    """
    place = _located(named, rows, errors, top)
    table = place.form.table
    extract = read_rows(place, len(place.grid.rows))
    computed = {column.heading for column in table.columns if column.computed}  # need not be selected
    faults = [fault for fault in place.faults if fault.key != "ST-03" or fault.column not in computed]
    reading = FileReading({"jenis": place.form.kind}, {table.name: extract}, faults)
    examined = examine([reading], today, load(), settings)
    asked = {finding.check for finding in examined.findings[0]}
    foreign = {check for check in asked if _needs_others(check, table, examined, today, settings)}
    return [finding for finding in examined.findings[0] if finding.check not in foreign]


def _located(named: Sequence[Table], rows: Rows, errors: Mapping[str, str], top: int) -> Place:
    """The table at its headings, as the kind of workbook that knows most of them."""
    look = SheetLook(dict(errors), (), formulas=False, merges=(), hidden_rows=frozenset(), hidden_columns=())
    cells = [["" if cell is None else cell for cell in row] for row in rows]
    sheet = named[0].sheet
    grid = Grid(sheet, fold(sheet), cells, top, 0, look)
    wanted = [form for table in named for kind in table.kinds for form in forms(kind) if form.table is table]
    found = [place for form in wanted for place in by_headings([form], [grid])]
    if not found:
        raise Impossible(f"Judul kolom lembar {sheet} tidak ditemukan; pilih tabelnya beserta baris judulnya.")
    return max(found, key=lambda place: len(place.at))


class _Watched(Facts):
    """Facts that note whether anything beyond the tables at hand is asked for."""

    def __getattribute__(self, name: str) -> Any:
        if name in _BESIDES:
            self.__dict__["missed"] = True
        return super().__getattribute__(name)

    def rows(self, table: str) -> pd.DataFrame:
        if table not in self.frames:
            self.__dict__["missed"] = True
        return super().rows(table)


def _needs_others(check: Check, table: Table, examined: Examined, today: date, settings: Settings) -> bool:
    """Whether a check looks at more than its own table: then it is found out by asking it once more."""
    frame = examined.frames[table.name]
    found = {table.name: frozenset((0,))}
    facts = _Watched(examined.frames, found, {0: examined.readings[0].identity["jenis"]}, today, settings=settings)
    facts.__dict__["missed"] = False
    for rules in (RULES, ASKED):
        if check.key in rules:
            rules[check.key](frame, facts)
    if check.key in FILE_RULES:
        FILE_RULES[check.key](facts)
    stages = RULES.get(check.key)
    return bool(facts.__dict__["missed"]) or (stages is not None and stages.__module__ == rules_tahap.__name__)
