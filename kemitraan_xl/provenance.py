"""Where a row came from: the first five columns of row-level sheets, and a table's columns under their headings."""

from __future__ import annotations

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.verdicts import Return
from validation.contract import Column, tables

SOURCE = ["Berkas", "Lembar", "Sel", "Mitra", "Periode"]


def sources(recap: Recap, table: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Where each row came from: the file, the sheet by the name it has there, and the cell of `column`."""
    if rows.empty:
        return pd.DataFrame(columns=SOURCE)
    files = rows["_file"].tolist()
    known = {number: _source(recap.returns[number], table, column) for number in set(files)}
    parts = dict(zip(SOURCE, zip(*(known[number] for number in files), strict=True), strict=True))
    cells = zip(parts["Sel"], rows["_row"].tolist(), strict=True)
    parts["Sel"] = tuple(at if not at or at[-1].isdigit() else f"{at}{row}" for at, row in cells)
    return pd.DataFrame(parts, index=rows.index, dtype=object)


def _source(entry: Return, table: str, column: str) -> tuple[str, str, str, str, str]:
    """File, sheet, column letter (or the cell itself), partner and period of a table's rows in a file."""
    extract = entry.reading.tables[table]
    return entry.arrival.name, extract.sheet, extract.letters.get(column, ""), entry.partner, entry.period


def shown_columns(table: str, rows: pd.DataFrame, kind: str = "usulan") -> pd.DataFrame:
    """The official columns of a table in files of a kind, under their headings; helper columns left out."""
    return pd.DataFrame({column.heading: rows[column.name] for column in _official(table, kind)})


def headings(table: str, kind: str = "usulan") -> list[str]:
    """The official headings of a table in files of a kind."""
    return [column.heading for column in _official(table, kind)]


def _official(table: str, kind: str) -> list[Column]:
    return [column for column in tables()[table].columns_in(kind) if not column.helper]


def of_kind(recap: Recap, rows: pd.DataFrame, *kinds: str) -> pd.DataFrame:
    """The rows that come from files of these kinds."""
    return rows[rows["_file"].map(lambda number: recap.returns[number].kind in kinds).astype(bool)]
