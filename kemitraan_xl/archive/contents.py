"""What the archive holds, typed: every accepted row of every table of partner files, every finding, every file.

The columns are those of the contract, never written down a second time: a table brings its own, findings and files
those of the sheets Temuan and Arsip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

import pandas as pd

from kemitraan_xl.archive.staff import of_master
from kemitraan_xl.archive.table import RUN, Dataset, Field, fields_of, in_words, typed
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.provenance import sources
from kemitraan_xl.recap import arsip, provinces_shown, temuan
from validation.contract import Table, fold, lists, tables

_SOURCE: Final = (
    Field("berkas", "VARCHAR", "Nama berkas seperti pada Arsip"),
    Field("lembar", "VARCHAR", "Lembar dalam berkas itu"),
    Field("sel", "VARCHAR", "Sel pertama baris itu"),
    Field("mitra", "VARCHAR", "Nama lembaga seperti pada Sampul"),
    Field("periode", "VARCHAR", "Periode berkas"),
    Field("kode_mitra", "VARCHAR", "Kode yang diterbitkan KPAI, bila diketahui"),
)
_KIND: Final = Field("jenis_berkas", "VARCHAR", "usulan, kemajuan, atau akhir")
#: By which the rows of partner files may be laid into folders, by the name a user gives it.
PARTITIONS: Final[Mapping[str, Field]] = {
    "tahun": Field(
        "tahun_berkas", "BIGINT", "Tahun periode berkas, atau tahun Tanggal Mulai pada Sampul; 0 bila tidak ada"
    ),
    "provinsi": Field("provinsi_berkas", "VARCHAR", "Provinsi pada Sampul berkas itu, atau Tanpa Provinsi"),
}
#: Never NULL: not every reader knows how folders say that.
_NO_YEAR, _NO_PROVINCE = 0, "Tanpa Provinsi"

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
    for dataset, frame in of_master(recap):
        yield dataset, _of_run(recap, dataset, frame)
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
    own = [field for column in columns for field in fields_of(column)]
    dataset = Dataset(table.name, table.title, (*_SOURCE, _KIND, *PARTITIONS.values(), *own, *added, *RUN))
    rows = recap.rows(table.name)
    if rows.empty:
        return dataset, _of_run(recap, dataset, pd.DataFrame())
    frame = sources(recap, table.name, rows, table.columns[0].name).rename(columns=_slug)
    frame["kode_mitra"] = rows["_file"].map(dict(recap.codes))
    frame["jenis_berkas"] = [recap.returns[number].kind for number in rows["_file"]]
    covers = _of_covers(recap)
    for place, field in enumerate(PARTITIONS.values()):
        frame[field.name] = [covers.get(number, (_NO_YEAR, _NO_PROVINCE))[place] for number in rows["_file"]]
    cells = {field.name: rows[field.name] for field in own}
    cells |= {column.name: in_words(column, rows[column.name]) for column in columns if column.kind == "masa"}
    cells |= {field.name: give(rows) for field, give in added.items()}
    return dataset, _of_run(recap, dataset, pd.concat([frame, pd.DataFrame(cells)], axis=1))


def _of_covers(recap: Recap) -> dict[int, tuple[int, str]]:
    """The year and the province of each file with a cover, by index into `returns`."""
    found = {}
    for row in recap.rows("sampul").to_dict("records"):
        number, province = int(row["_file"]), lists()["provinsi"].find(str(row["provinsi"]))
        year = recap.returns[number].period[:4] or str(row["tanggal_mulai"])[:4]
        found[number] = (
            int(year) if year.isdecimal() else _NO_YEAR,
            province.label if province else _NO_PROVINCE,
        )
    return found


# ---- sheets of the summary ---- #


def _of_sheet(recap: Recap, name: str, sheet: pd.DataFrame) -> tuple[Dataset, pd.DataFrame]:
    """A sheet that speaks of all files; all of it is text but the date."""
    fields = [Field(_slug(heading), "VARCHAR", heading) for heading in sheet.columns]
    dataset = Dataset(name, f"Lembar {name.capitalize()} pada rekap", (*fields, *RUN))
    return dataset, _of_run(recap, dataset, sheet.rename(columns=_slug))


def _slug(heading: str) -> str:
    """A heading as the name of a column: "SHA-256" is sha_256."""
    return re.sub(r"\W+", "_", heading.lower()).strip("_")


# ---- types ---- #


def _of_run(recap: Recap, dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    return typed(dataset, frame.assign(per_tanggal=recap.today, versi_aturan=recap.rule_version))
