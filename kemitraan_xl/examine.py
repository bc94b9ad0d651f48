"""What is right and wrong in the files that were read: stacked into one frame per table, checked once.

readings -> raw frames -> typed frames (with the expected levels) -> findings with their cells
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pandas as pd

from kemitraan_xl import risk
from kemitraan_xl.checklists import add_expected
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.pedoman.model import Pedoman, Settings
from kemitraan_xl.privacy_reading import cleared
from kemitraan_xl.standing import Stacked, add_stages
from validation.check import judge, read_values, show
from validation.contract import checks_by_key, fold, tables
from validation.facts import Facts
from validation.findings import Finding, most_basic

_NO_MASTER: Mapping[str, pd.DataFrame] = {}

#: A file whose identity block is gone still says what it is by the tables it holds.
UNKNOWN = "usulan"


@dataclass(frozen=True)
class Examined:
    """Typed frames by table (column `_file` is the index into the readings) and the findings of every file.

    `readings` hold no child's data any more; what did is `unclean`, by index, and must not be kept.
    """

    frames: Mapping[str, pd.DataFrame]
    findings: Sequence[Sequence[Finding]]
    readings: Sequence[FileReading]
    unclean: frozenset[int]
    codes: Mapping[int, str]  #: the partner's code by index, where the file or the register tells it


def kind_of(reading: FileReading) -> str:
    """The kind of workbook ("usulan", "induk") a reading comes from."""
    return reading.identity.get("jenis") or UNKNOWN


def agreed_frames(master: FileReading) -> dict[str, pd.DataFrame]:
    """What a master holds about its partnerships, typed, by table: the register and every table with a Kode Mitra."""
    kept = {
        name: extract
        for name, extract in master.tables.items()
        if name == "mitra" or any(column.name == "kode_mitra" for column in tables()[name].columns)
    }
    return {name: read_values(tables()[name], raw) for name, raw in stack([FileReading(tables=kept)]).items()}


def examine(
    readings: Sequence[FileReading],
    today: date,
    pedoman: Pedoman,
    settings: Settings,
    agreed: Mapping[str, pd.DataFrame] = _NO_MASTER,
) -> Examined:
    """Every reading checked, all findings at once; refused readings have none.

    Stacking first and checking once costs a fraction of checking file by file. Reports are compared with what
    was `agreed` in the master.
    """
    clear = [cleared(reading) for reading in readings]
    readings = [one.reading for one in clear]
    raw = stack(readings)
    frames = {name: read_values(tables()[name], frame) for name, frame in raw.items()}
    if "matriks_risiko" in frames:
        _add_levels(frames["matriks_risiko"], pedoman, settings)
    if "data_penilaian" in frames:
        add_expected(frames["data_penilaian"], raw["data_penilaian"], readings)
    found: dict[str, set[int]] = defaultdict(set)
    for number, reading in enumerate(readings):
        for name in reading.tables:
            found[name].add(number)
    facts = Facts(
        frames=frames,
        found={name: frozenset(numbers) for name, numbers in found.items()},
        kinds={number: kind_of(reading) for number, reading in enumerate(readings)},
        today=today,
        agreed=agreed,
        codes=_codes(readings, agreed),
        periods={number: reading.identity.get("periode", "") for number, reading in enumerate(readings)},
        settings=settings,
    )
    findings: list[list[Finding]] = [[*one.findings, *_faults(one.reading, pedoman)] for one in clear]
    stacked = Stacked(raw, frames, readings)
    _note(judge(facts, [name for name in frames if name != "kerja_sama"]), stacked, findings)
    if "kerja_sama" in frames:  # its stages rest on what was found elsewhere
        add_stages(stacked, [most_basic(found) for found in findings])
        _note(judge(facts, ["kerja_sama"]), stacked, findings)
    unclean = frozenset(number for number, one in enumerate(clear) if one.findings)
    return Examined(frames, [most_basic(found) for found in findings], readings, unclean, facts.codes)


def _codes(readings: Sequence[FileReading], agreed: Mapping[str, pd.DataFrame]) -> dict[int, str]:
    """The code that KPAI issued, from the file's stamp; when that is gone, from the register by the exact name."""
    register = agreed.get("mitra")
    by_name = {}
    if register is not None:
        named = register[register["kode"].notna() & register["nama_lembaga"].notna()]
        by_name = {fold(name): str(code) for name, code in zip(named["nama_lembaga"], named["kode"], strict=True)}
    codes = {}
    for number, reading in enumerate(readings):
        cover = reading.tables.get("sampul")
        name = cover.columns.get("nama_lembaga", [None])[0] if cover else None
        code = reading.identity.get("mitra") or by_name.get(fold(str(name or "")))
        if code:
            codes[number] = code
    return codes


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


def _note(violations: pd.DataFrame, stacked: Stacked, findings: Sequence[list[Finding]]) -> None:
    """Add the violations to the findings of the files they are in, with their sheets and cells there."""
    for group, rows in violations.groupby(["table", "column", "key"], sort=False):
        name, where, key = map(str, cast("tuple[str, str, str]", group))
        check, column = checks_by_key()[key], tables()[name].column(where) if where else None
        heading = column.heading if column else ""
        read, index = (stacked.raw[name][one].tolist() if column else [] for one in (where, "_index"))
        for file, row, detail in zip(rows["file"].tolist(), rows["row"].tolist(), rows["detail"].tolist(), strict=True):
            extract = stacked.readings[file].tables[name]
            if column is None or row < 0:
                findings[file].append(Finding(check, extract.sheet, "", heading, "", detail))
            elif column.helper or where in extract.columns:  # else ST-03 has said that the file lacks the column
                cell = extract.cell(where, index[row])
                findings[file].append(Finding(check, extract.sheet, cell, heading, show(read[row]), detail))
