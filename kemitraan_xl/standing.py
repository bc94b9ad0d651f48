"""Where the partnerships of a master stand: its typed rows and findings handed to the pure rules of `stages`.

`tahap_aturan` and `tahap_kurang` go beside every row of Kerja Sama, so that the check KS-04 only compares.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kemitraan_xl import stages
from kemitraan_xl.checklists import Checklist, checklists, counting
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.master import settings_of
from kemitraan_xl.pedoman.load import RECAP, load
from kemitraan_xl.pedoman.model import Pedoman
from validation.contract import Column, fold, lists, tables
from validation.findings import Finding
from validation.schema import status

#: What stands for a cell that holds something the reader could not read: it is not blank.
_UNREAD = "tidak terbaca"

#: A partnership: the file, and the folded code of its partner.
Key = tuple[int, str]


@dataclass(frozen=True)
class Stacked:
    """Frames of every table as typed and as read, of all files together, and the files they came from."""

    raw: Mapping[str, pd.DataFrame]
    frames: Mapping[str, pd.DataFrame]
    readings: Sequence[FileReading]


def standings(stacked: Stacked, findings: Sequence[Sequence[Finding]]) -> dict[Key, stages.Standing]:
    """Every partnership that Kerja Sama names. `findings` are those of each file."""
    pedoman = load()
    rows = _rows_by_partner(stacked, pedoman)
    errors = {number: _errors(stacked, number, found) for number, found in enumerate(findings)}
    known = stacked.frames["kerja_sama"]
    keys = dict.fromkeys((int(file), fold(str(code))) for file, code in zip(known["_file"], _codes(known), strict=True))
    settings = {file: settings_of(stacked.readings[file], pedoman) for file, _ in keys}
    return {
        key: stages.stand(rows[key], errors[key[0]].get(key[1], {}), pedoman.syarat, settings[key[0]])
        for key in keys
        if key[1]
    }


def add_stages(stacked: Stacked, findings: Sequence[Sequence[Finding]]) -> None:
    """Beside every row of Kerja Sama: the stage its conditions give, and what the stage staff wrote still lacks."""
    frame = stacked.frames["kerja_sama"]
    known = standings(stacked, findings)
    codes = {item.label: item.code for item in lists()["tahap"]}
    given, lacking = [], []
    for file, code, claimed in zip(frame["_file"], _codes(frame), frame["tahap"], strict=True):
        standing = known.get((int(file), fold(str(code))))
        given.append(lists()["tahap"][standing.stage].label if standing else None)
        skipped = standing.before(codes[claimed]) if standing and claimed in codes else ()
        lacking.append(f"{len(skipped)} syarat; pertama: {skipped[0].syarat.sentence}" if skipped else None)
    frame["tahap_aturan"] = pd.Series(given, frame.index, dtype=object)
    frame["tahap_kurang"] = pd.Series(lacking, frame.index, dtype=object)


def _codes(frame: pd.DataFrame, key: str = "kode_mitra") -> pd.Series:
    return frame[key].fillna("").astype(str)


def _rows_by_partner(stacked: Stacked, pedoman: Pedoman) -> defaultdict[Key, dict[str, list[stages.Row]]]:
    """The rows of every partnership, of the tables that conditions ask about."""
    asked = {one.table: one.key for one in pedoman.syarat if one.table != RECAP} | {"usulan_kak": "kode_mitra"}
    found: defaultdict[Key, dict[str, list[stages.Row]]] = defaultdict(dict)
    for table, key in asked.items():
        frame = stacked.frames.get(table)
        if frame is None:
            continue
        columns = tables()[table].columns
        for record in frame.to_dict("records"):
            owner = int(record["_file"]), fold(str(record[key] or ""))
            found[owner].setdefault(table, []).append({column.name: _cell(record, column) for column in columns})
    for owner, recap in _assessed(stacked).items():
        found[owner][RECAP] = [recap]
    return found


def _cell(record: Mapping[Any, Any], column: Column) -> stages.Cell:
    """A typed cell; what could not be read is not blank."""
    value = record[column.name]
    if value is None or pd.isna(value):
        return None if record[status(column.name)] == "blank" else _UNREAD
    if isinstance(value, pd.Timestamp):
        return value.date()
    cell: stages.Cell = value
    return cell


def _assessed(stacked: Stacked) -> dict[Key, stages.Row]:
    """What the assessment that counts comes to, for every partner of the register that has one."""
    frame, register = stacked.frames.get("data_penilaian"), stacked.frames.get("mitra")
    if frame is None or register is None:
        return {}
    found: dict[Key, stages.Row] = {}
    for number, rows in frame.groupby("_file"):
        file = int(str(number))
        reading = stacked.readings[file]
        raw = stacked.raw["data_penilaian"].loc[rows.index]
        known = counting(checklists(rows, raw, reading))
        own = register[register["_file"].eq(file)]
        for code, name in zip(_codes(own, "kode"), _codes(own, "nama_lembaga"), strict=True):
            if fold(name) in known:
                found[file, fold(code)] = _outcome(known[fold(name)])
    return found


def _outcome(one: Checklist) -> stages.Row:
    flags = len(one.critical) if one.result.lengkap else None
    return {"kelayakan": one.feasible or None, "bendera_kritis": flags, "tanggal": one.day}


def _errors(stacked: Stacked, number: int, findings: Sequence[Finding]) -> dict[str, dict[str, int]]:
    """How many findings of level E are open about each partner of one file, by folded code and table."""
    owners = owners_of(stacked.readings[number])
    names = {table.sheet: name for name, table in tables().items() if "induk" in table.kinds}
    counted = Counter(
        (fold(owners[finding.sheet, finding.cell]), names[finding.sheet])
        for finding in findings
        if finding.level == "E" and finding.sheet in names and owners.get((finding.sheet, finding.cell))
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (code, table), count in counted.items():
        found[code][table] = count
    return found


def owners_of(reading: FileReading) -> dict[tuple[str, str], str]:
    """Whose row every cell of a master stands in: the partner's code by sheet and cell."""
    owners = {}
    for name, extract in reading.tables.items():
        key = "kode" if name == "mitra" else "kode_mitra"
        for index, code in enumerate(extract.columns.get(key, ())):
            for column in extract.letters if code is not None else ():
                owners[extract.sheet, extract.cell(column, index)] = str(code)
    return owners
