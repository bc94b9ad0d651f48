"""A table of the archive: its columns, named and typed as DuckDB types them, and rows brought into that shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from validation.contract import Column, lists

#: The type of a column by its kind. A rupiah is the very number that the cell holds, and that is no decimal.
TYPES: Final[Mapping[str, str]] = {
    "teks": "VARCHAR",
    "pilihan": "VARCHAR",
    "ya": "BOOLEAN",
    "bulat": "BIGINT",
    "angka": "DOUBLE",
    "rupiah": "DOUBLE",
    "tanggal": "DATE",
    "masa": "VARCHAR",
    "waktu": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the archive. `kind` is a type of DuckDB, `meaning` Indonesian."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of the archive, with what it is called in the summary or on the sheet."""

    name: str
    title: str
    fields: tuple[Field, ...]


#: By what run a row came here.
RUN: Final = (
    Field("per_tanggal", "DATE", "Tanggal yang dipakai menilai waktu"),
    Field("versi_aturan", "VARCHAR", "Versi aturan yang dipakai memeriksa"),
)


def fields_of(column: Column) -> Iterator[Field]:
    """The columns of the archive that a column of a table becomes."""
    yield Field(column.name, TYPES[column.kind], column.heading)
    if column.kind == "waktu":
        yield Field(f"{column.name}_mulai", "DATE", f"Hari pertama menurut {column.heading}")
        yield Field(f"{column.name}_selesai", "DATE", f"Hari terakhir menurut {column.heading}")


def in_words(column: Column, cells: pd.Series) -> pd.Series:
    """A month as its first day, a band of experience as the guideline words it."""
    bands = {item.code: item.label for item in lists()[column.list]} if column.list else {}
    return cells.map(lambda cell: bands.get(cell, cell), na_action="ignore")


def typed(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of the dataset; blank is NULL, in texts too."""
    blank = pd.Series(None, frame.index, dtype=object)
    return pd.DataFrame(
        {field.name: _cells(frame.get(field.name, blank), field.kind) for field in dataset.fields}, frame.index
    )


def _cells(cells: pd.Series, kind: str) -> pd.Series:
    if kind == "VARCHAR":
        return pd.Series([_text(cell) for cell in cells.tolist()], cells.index, dtype=object)
    if kind == "DATE":
        return pd.to_datetime(cells).astype("datetime64[s]")
    if kind == "BIGINT":
        return pd.to_numeric(cells).astype("Int64")
    return cells.astype("boolean" if kind == "BOOLEAN" else float)


def _text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell or None
    return None if pd.isna(cell) else str(cell)
