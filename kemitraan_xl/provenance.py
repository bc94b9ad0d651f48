"""Where a row came from: the first five columns of row-level sheets, and a table's columns under their headings."""

from __future__ import annotations

import pandas as pd

from kemitraan_xl.consolidate import Recap
from validation.contract import Column, tables

SOURCE = ["Berkas", "Lembar", "Sel", "Mitra", "Periode"]


def sources(recap: Recap, table: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Where each row came from: the file, the sheet by the name it has there, and the cell of `column`."""
    if rows.empty:
        return pd.DataFrame(columns=SOURCE)
    where = []
    for number, excel_row in zip(rows["_file"], rows["_row"], strict=True):
        entry = recap.returns[number]
        extract = entry.reading.tables[table]
        letter = extract.letters.get(column, "")
        cell = letter if not letter or letter[-1].isdigit() else f"{letter}{excel_row}"
        where.append((entry.arrival.name, extract.sheet, cell, entry.partner, entry.period))
    return pd.DataFrame(where, columns=SOURCE, index=rows.index)


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
