"""What the archive holds, typed: every accepted row of every table of partner files, every finding, every file.

The columns are those of the contract, never written down a second time: a table brings its own, findings and files
those of the sheets Temuan and Arsip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.provenance import sources
from kemitraan_xl.recap import arsip, provinces_shown, temuan
from validation.contract import Column, Table, fold, lists, tables

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


_SOURCE: Final = (
    Field("berkas", "VARCHAR", "Nama berkas seperti pada Arsip"),
    Field("lembar", "VARCHAR", "Lembar dalam berkas itu"),
    Field("sel", "VARCHAR", "Sel pertama baris itu"),
    Field("mitra", "VARCHAR", "Nama lembaga seperti pada Sampul"),
    Field("periode", "VARCHAR", "Periode berkas"),
    Field("kode_mitra", "VARCHAR", "Kode yang diterbitkan KPAI, bila diketahui"),
)
_KIND: Final = Field("jenis_berkas", "VARCHAR", "usulan, kemajuan, atau akhir")
_RUN: Final = (
    Field("per_tanggal", "DATE", "Tanggal yang dipakai menilai waktu"),
    Field("versi_aturan", "VARCHAR", "Versi aturan yang dipakai memeriksa"),
)

#: What the rules add to the rows of a table, each with what gives it from them.
_ADDED: Final[Mapping[str, Mapping[Field, Callable[[pd.DataFrame], pd.Series]]]] = {
    "matriks_risiko": {
        Field("besaran_aturan", "BIGINT", "Besaran risiko menurut pedoman"): lambda rows: rows["besaran_aturan"],
        Field("tingkat_aturan", "VARCHAR", "Tingkat risiko menurut pedoman"): lambda rows: rows["tingkat_aturan"],
    },
    "rencana_kerja": {
        Field("provinsi", "VARCHAR", "Provinsi yang dikenali pada Lokasi, dipisahkan koma"): lambda rows: rows[
            "lokasi"
        ].map(provinces_shown, na_action="ignore"),
    },
}


def contents(recap: Recap) -> Iterator[tuple[Dataset, pd.DataFrame]]:
    """Every dataset with its rows, their columns in the order of its fields and of their type."""
    for table in tables().values():
        if _partner_kinds(table):
            yield _of_table(recap, table)
    kinds = {entry.arrival.name: entry.kind for entry in recap.returns}
    found = temuan(recap)
    yield _of_sheet(recap, "temuan", found.assign(**{"Jenis Berkas": found["Berkas"].map(kinds)}))
    files = arsip(recap)
    files = files.rename(columns={"Jenis": "Jenis Berkas"}).assign(**{"Jenis Berkas": files["Jenis"].map(_kind_of)})
    yield _of_sheet(recap, "arsip", files)


def datasets() -> list[Dataset]:
    """Every dataset of the archive: the same whatever was handed in."""
    return [dataset for dataset, _ in contents(Recap(date.min, "", (), {}))]


def _partner_kinds(table: Table) -> list[str]:
    return [kind for kind in table.kinds if kind != "induk"]


def _kind_of(label: str) -> str:
    item = lists()["jenis_berkas"].find(label)
    return item.code if item else fold(label)


# ---- rows of a table ---- #


def _of_table(recap: Recap, table: Table) -> tuple[Dataset, pd.DataFrame]:
    """The rows of accepted files, in the order of the files and of their sheets."""
    columns = list(dict.fromkeys(column for kind in _partner_kinds(table) for column in table.columns_in(kind)))
    added = _ADDED.get(table.name, {})
    own = [field for column in columns for field in _fields(column)]
    dataset = Dataset(table.name, table.title, (*_SOURCE, _KIND, *own, *added, *_RUN))
    rows = recap.rows(table.name)
    if rows.empty:
        return dataset, _of_run(recap, dataset, pd.DataFrame())
    frame = sources(recap, table.name, rows, table.columns[0].name).rename(columns=_slug)
    frame["kode_mitra"] = rows["_file"].map(dict(recap.codes))
    frame["jenis_berkas"] = [recap.returns[number].kind for number in rows["_file"]]
    cells = {field.name: rows[field.name] for field in own}
    cells |= {column.name: _in_words(column, rows[column.name]) for column in columns if column.kind == "masa"}
    cells |= {field.name: give(rows) for field, give in added.items()}
    return dataset, _of_run(recap, dataset, pd.concat([frame, pd.DataFrame(cells)], axis=1))


def _fields(column: Column) -> Iterable[Field]:
    yield Field(column.name, TYPES[column.kind], column.heading)
    if column.kind == "waktu":
        yield Field(f"{column.name}_mulai", "DATE", f"Hari pertama menurut {column.heading}")
        yield Field(f"{column.name}_selesai", "DATE", f"Hari terakhir menurut {column.heading}")


def _in_words(column: Column, cells: pd.Series) -> pd.Series:
    """A month as its first day, a band of experience as the guideline words it."""
    bands = {item.code: item.label for item in lists()[column.list]} if column.list else {}
    return cells.map(lambda cell: bands.get(cell, cell), na_action="ignore")


# ---- sheets of the summary ---- #


def _of_sheet(recap: Recap, name: str, sheet: pd.DataFrame) -> tuple[Dataset, pd.DataFrame]:
    """A sheet that speaks of all files; all of it is text but the date."""
    fields = [Field(_slug(heading), "VARCHAR", heading) for heading in sheet.columns]
    dataset = Dataset(name, f"Lembar {name.capitalize()} pada rekap", (*fields, *_RUN))
    return dataset, _of_run(recap, dataset, sheet.rename(columns=_slug))


def _slug(heading: str) -> str:
    """A heading as the name of a column: "SHA-256" is sha_256."""
    return re.sub(r"\W+", "_", heading.lower()).strip("_")


# ---- types ---- #


def _of_run(recap: Recap, dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    return typed(dataset, frame.assign(per_tanggal=recap.today, versi_aturan=recap.rule_version))


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
