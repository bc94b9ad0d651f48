"""Reading the master workbook: what staff typed in it, by table, as it stands. No command writes into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.model import Arrival, Extract, FileReading
from kemitraan_xl.intake.work import read_all
from kemitraan_xl.pedoman.model import Pedoman, Settings
from validation.contract import tables

Row = Mapping[str, Any]


class NotAMaster(Impossible):
    """The file named as the master cannot be read, or is something else."""


@dataclass(frozen=True)
class Master:
    """A master as it was read. `sha256` goes into Arsip, so that a recap says which master it knew."""

    path: Path
    sha256: str
    reading: FileReading

    def rows(self, table: str) -> list[Row]:
        """The typed rows of a table by column name; blanks left out. Empty when the master has no such table."""
        extract = self.reading.tables.get(table)
        return rows_of(extract) if extract else []

    def content(self) -> dict[str, Sequence[Row]]:
        """All that staff typed: every input table of a master with its rows, computed columns left out."""
        return {name: self.rows(name) for name, table in tables().items() if "induk" in table.kinds}


def settings_of(reading: FileReading, pedoman: Pedoman) -> Settings:
    """How staff chose to read the guideline's ambiguities in this master; the default where they chose nothing."""
    extract = reading.tables.get("pengaturan")
    rows = rows_of(extract) if extract else []
    return pedoman.choose_typed({str(row.get("kode")): row.get("nilai") for row in rows})


def quiet(count: int) -> None:
    """Progress for whoever shows none."""


def rows_of(extract: Extract) -> list[Row]:
    """An extract's rows as mappings, without blanks and without what the workbook computes itself."""
    computed = {column.name for column in tables()[extract.table].columns if column.computed}
    names = [name for name in extract.columns if name not in computed]
    return [
        {name: cell for name in names if (cell := extract.columns[name][index]) is not None}
        for index in range(len(extract.rows))
    ]


def read_master(path: Path) -> Master:
    """Read a master in a limited process of its own. Raises NotAMaster."""
    if not path.is_file():
        raise NotAMaster(f"Induk {path} tidak ditemukan.")
    arrival = Arrival(name=path.name, path=path, size=path.stat().st_size)
    ((sha256, reading),) = read_all([arrival], 1, quiet)
    if reading.refusal:
        raise NotAMaster(f"Induk {path.name} tidak dapat dibaca: {reading.refusal}")
    if reading.identity.get("jenis") != "induk":
        raise NotAMaster(f"{path.name} bukan buku kerja induk.")
    return Master(path, sha256, reading)
