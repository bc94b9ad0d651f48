"""What was agreed with the sample partners, as a master would hold it, without building one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from kemitraan_xl.contoh.checklist import register
from kemitraan_xl.contoh.proposal import Partner
from kemitraan_xl.contoh.report import agreed
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.intake.model import Extract, FileReading
from validation.contract import tables

Rows = Sequence[Mapping[str, Any]]


def content(partners: Sequence[Partner], today: date) -> dict[str, list[dict[str, Any]]]:
    """Rows by table: the register, one partnership each, its programmes and its indicators."""
    rows: dict[str, list[dict[str, Any]]] = {
        "mitra": register(),
        "kerja_sama": [],
        "rencana_kerja": [],
        "indikator": [],
    }
    for partner in partners:
        values, own = agreed(partner, today), {"kode_mitra": partner["kode"]}
        rows["kerja_sama"].append({**values["sampul"][0], "nama_lembaga": partner["nama"], **own})
        rows["rencana_kerja"] += [{**row, **own} for row in values["laporan_kemajuan"]]
        rows["indikator"] += [{**row, **own} for row in values["indikator"]]
    return rows


def frames(rows: Mapping[str, Rows]) -> dict[str, pd.DataFrame]:
    """The same as the typed frames that reports join."""
    return agreed_frames(reading(rows))


def reading(rows: Mapping[str, Rows], kind: str = "induk", **identity: str) -> FileReading:
    """Rows by table as a reader would hand them over; data rows begin in row 4."""
    extracts = {}
    for name, content in rows.items():
        columns = {c.name: [row.get(c.name) for row in content] for c in tables()[name].columns_in(kind)}
        numbers = list(range(4, 4 + len(content)))
        letters = {column: chr(65 + n % 26) for n, column in enumerate(columns)}
        extracts[name] = Extract(name, tables()[name].sheet, columns, numbers, letters)
    return FileReading({"jenis": kind, **identity}, extracts)
