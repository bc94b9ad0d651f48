"""The sample partners' returns as they are read, without a file, and what a consolidation makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.contoh.proposal import Partner, Values, data, partners, proposal
from kemitraan_xl.contoh.report import QUARTERS, final, finishers, period, progress, reporters
from kemitraan_xl.examine import examine
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.verdicts import decide
from support.fixtures import Filled, reading
from validation.contract import lists, tables

TODAY: Final = date(2026, 11, 24)
LATER: Final = date(2028, 2, 10)  #: when all reports have come in
Given = Mapping[str, FileReading]  #: what was handed in, by name


def proposals() -> dict[str, FileReading]:
    """Every partner's proposal, some with planted faults, and the first of them twice."""
    faults = {row["kode"]: row.get("isi", ()) for row in data("cacat")["cacat"]}
    found = {
        f"usulan/{one['kode']}.xlsx": _read(
            "usulan", one, str(TODAY.year + 1), proposal(one, TODAY, faults.get(one["kode"], ()))[0]
        )
        for one in partners()
    }
    return {**found, "usulan/salinan.xlsx": next(iter(found.values()))}


def progress_reports(quarter: int) -> dict[str, FileReading]:
    """The reports on a quarter; the last reporter's has no results and goes back."""
    name = period(quarter, TODAY)
    values = {one["kode"]: progress(one, TODAY, quarter) for one in reporters()}
    for row in values[reporters()[-1]["kode"]]["laporan_kemajuan"]:
        row["hasil"] = None
    return {f"{name}/{one['kode']}.xlsx": _read("kemajuan", one, name, values[one["kode"]]) for one in reporters()}


def everything() -> dict[str, FileReading]:
    """Proposals, the reports on all quarters, and the final reports."""
    found = proposals()
    for quarter in QUARTERS:
        found |= progress_reports(quarter)
    year = str(TODAY.year + 1)
    return found | {f"akhir/{one['kode']}.xlsx": _read("akhir", one, year, final(one, TODAY)) for one in finishers()}


def consolidated(given: Given, today: date = LATER) -> Recap:
    """What becomes of these files, by the path of real ones once they are read."""
    pedoman = load()
    arrivals = [
        Arrival(name, Path(name), 1, hashlib.sha256(repr(one).encode()).hexdigest()) for name, one in given.items()
    ]
    examined = examine(list(given.values()), today, pedoman, pedoman.choose())
    returns = decide(arrivals, examined)
    return Recap(today, "1.0-uji", returns, examined.frames, codes=examined.codes)


def _read(kind: str, partner: Partner, period: str, values: Values) -> FileReading:
    rows: Values = {name: [] for name, table in tables().items() if kind in table.kinds} | values
    rows["sampul"][0]["nama_lembaga"] = partner["nama"]
    if kind == "usulan":
        rows["kepala_rencana"] = [{"nama_lembaga": partner["nama"]}]
    for name, filled in rows.items():
        table = tables()[name]
        labels = lists()[table.column(table.prefilled).list].labels if table.prefilled else ()
        for number, row in enumerate(filled, start=1):
            row |= {table.prefilled: labels[number - 1]} if number <= len(labels) else {}
            row |= {"no": number} if table.columns[0].name == "no" and "no" not in row else {}
    return reading(Filled(kind, rows, partner["kode"], period))
