"""What is right and wrong in the files that were read: stacked into one frame per table, checked once.

readings -> raw frames -> typed frames (with the expected levels) -> findings with their cells
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kemitraan_xl import risk
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.pedoman.model import Pedoman, Settings
from validation.check import judge, read_values, show
from validation.contract import checks_by_key, tables
from validation.facts import Facts
from validation.findings import Finding, most_basic

#: A file whose identity block is gone still says what it is by the tables it holds.
UNKNOWN = "usulan"


@dataclass(frozen=True)
class Examined:
    """Typed frames by table (column `_file` is the index into the readings) and the findings of every file."""

    frames: Mapping[str, pd.DataFrame]
    findings: Sequence[Sequence[Finding]]


def kind_of(reading: FileReading) -> str:
    """The kind of workbook ("usulan", "induk") a reading comes from."""
    return reading.identity.get("jenis") or UNKNOWN


def examine(readings: Sequence[FileReading], today: date, pedoman: Pedoman, settings: Settings) -> Examined:
    """Every reading checked, all findings at once; refused readings have none.

    Stacking first and checking once costs a fraction of checking file by file.
    """
    raw = stack(readings)
    frames = {name: read_values(tables()[name], frame) for name, frame in raw.items()}
    if "matriks_risiko" in frames:
        _add_levels(frames["matriks_risiko"], pedoman, settings)
    found: dict[str, set[int]] = defaultdict(set)
    for number, reading in enumerate(readings):
        for name in reading.tables:
            found[name].add(number)
    facts = Facts(
        frames=frames,
        found={name: frozenset(numbers) for name, numbers in found.items()},
        kinds={number: kind_of(reading) for number, reading in enumerate(readings)},
        today=today,
    )
    findings: list[list[Finding]] = [_faults(reading, pedoman) for reading in readings]
    violations: Iterable[Any] = judge(facts).itertuples(index=False)
    for row in violations:
        if not _in_missing_column(row, readings[row.file]):
            findings[row.file].append(_finding(row, readings[row.file], raw[row.table]))
    return Examined(frames, [most_basic(found) for found in findings])


def stack(readings: Sequence[FileReading]) -> dict[str, pd.DataFrame]:
    """One raw frame per table over all files: `_file`, `_row` (Excel's own), `_index` (row within its file)."""
    raw = {}
    for name, table in tables().items():
        parts = [(n, reading.tables[name]) for n, reading in enumerate(readings) if name in reading.tables]
        if not parts:
            continue
        columns: dict[str, list[Any]] = {"_file": [], "_row": [], "_index": []}
        cells: dict[str, list[Any]] = {column.name: [] for column in table.columns}
        for number, extract in parts:
            size = len(extract.rows)
            columns["_file"] += [number] * size
            columns["_row"] += extract.rows
            columns["_index"] += range(size)
            for column, values in cells.items():
                values += extract.columns.get(column) or [None] * size
        raw[name] = pd.DataFrame(
            {key: pd.Series(values, dtype="int64") for key, values in columns.items()}
            | {key: pd.Series(values, dtype=object) for key, values in cells.items()}
        )
    return raw


def _add_levels(frame: pd.DataFrame, pedoman: Pedoman, settings: Settings) -> None:
    """The size and level that the rules give (`besaran_aturan`, `tingkat_aturan`): a partner's are never trusted."""
    asked = list(zip(frame["kemungkinan"], frame["skala_dampak"], frame["jenis_risiko"], strict=True))
    known = {key: risk.level(*key, pedoman, settings) for key in set(asked)}
    frame["besaran_aturan"] = [level.size if (level := known[key]) else None for key in asked]
    frame["tingkat_aturan"] = [level.level if (level := known[key]) else None for key in asked]


def _faults(reading: FileReading, pedoman: Pedoman) -> list[Finding]:
    """What the reader saw wrong with the file's structure, and an edition other than the present one."""
    found = [
        Finding(checks_by_key()[fault.key], fault.sheet, fault.cell, fault.column, fault.value, fault.detail)
        for fault in reading.faults
    ]
    edition = reading.identity.get("edisi", "")
    if edition and edition != pedoman.edition:
        found.append(Finding(checks_by_key()["ST-02"], "", "", "", edition, pedoman.edition))
    return found


def _in_missing_column(row: Any, reading: FileReading) -> bool:
    """Whether the violation is about a cell of an official column that the file lacks: ST-03 has said so."""
    if row.row < 0 or row.column in reading.tables[row.table].columns:
        return False
    return not tables()[row.table].column(row.column).helper


def _finding(row: Any, reading: FileReading, raw: pd.DataFrame) -> Finding:
    """A violation with its sheet and cell in the file it came from."""
    table = tables()[row.table]
    check = checks_by_key()[row.key]
    extract = reading.tables[row.table]
    heading = table.column(row.column).heading if row.column else ""
    if row.row < 0:
        return Finding(check, extract.sheet, "", heading, "", row.detail)
    there: Any = raw.loc[row.row]
    cell = extract.cell(row.column, there["_index"])
    return Finding(check, extract.sheet, cell, heading, show(there[row.column]), row.detail)
