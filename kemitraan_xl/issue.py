"""Issuing templates: one for a partner named, or one for every partner in the master's register (R155)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kemitraan_xl.book.template import build_template
from kemitraan_xl.master import Row, read_master
from validation.contract import tables

#: Periods: a year, a semester, a quarter, a month.
PERIOD = re.compile(r"\d{4}(?:-(?:S[12]|T[1-4]|0[1-9]|1[0-2]))?")


def issue_one(
    kind: str, partner: str, code: str, period: str, target: Path, today: date, known: Row | None = None
) -> Path:
    """Write one template; `known` fills the cover with what the register knows of the partner."""
    names = {column.name for column in tables()["sampul"].columns}
    cover = {name: cell for name, cell in (known or {}).items() if name in names}
    build_template(
        kind, target, mitra=partner, kode=code, periode=period, prefill={"sampul": [cover]}, per_tanggal=today
    )
    return target


def issue_all(kind: str, master: Path, period: str, folder: Path, today: date) -> list[Path]:
    """One template for every partner with a code and a name in the register of a master, named after both."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for row in read_master(master).rows("mitra"):
        code, partner = str(row.get("kode", "")), str(row.get("nama_lembaga", ""))
        if code and partner:
            parts = ["templat", kind, code, period]
            name = re.sub(r"[^\w.-]+", "-", "_".join(part for part in parts if part)) + ".xlsx"
            made.append(issue_one(kind, partner, code, period, folder / name, today, row))
    return made
