"""Issuing templates: one for a partner named, or one for every partner in the master's register (R155)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from kemitraan_xl.agenda import agenda, archived, asked_for
from kemitraan_xl.book.sepakat import NEW_IN_A_REPORT
from kemitraan_xl.book.template import build_template
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.master import Master, Row, read_master, settings_of
from kemitraan_xl.pedoman.load import load
from validation.contract import fold, lists, tables
from validation.language import HOME

Prefill = Mapping[str, Sequence[Row]]


def issue_one(
    kind: str,
    partner: str,
    code: str,
    period: str,
    target: Path,
    today: date,
    known: Prefill | None = None,
    bahasa: str = HOME,
) -> Path:
    """Write one template in a language; `known` fills in, by table, what the master knows of the partner."""
    build_template(
        kind, target, mitra=partner, kode=code, periode=period, prefill=known, per_tanggal=today, bahasa=bahasa
    )
    return target


def issue_all(kind: str, master: Path, period: str, folder: Path, today: date, bahasa: str = "") -> list[Path]:
    """One template for every partner with a code and a name in the register of a master, named after both.

    Reports carry what was agreed: the cover, the programmes of Rencana Kerja and the indicators. Each is in the
    partner's own language, or in `bahasa`. Raises NotAMaster.
    """
    known = read_master(master)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for row in known.rows("mitra"):
        code, partner = str(row.get("kode", "")), str(row.get("nama_lembaga", ""))
        if code and partner:
            name = template_name(kind, code, period)
            filled, said = prefilled(kind, known, row), bahasa or spoken_to(row)
            made.append(issue_one(kind, partner, code, period, folder / name, today, filled, said))
    return made


def issue_due(master: Path, folder: Path, today: date) -> list[Path]:
    """The templates that partners need now: a proposal where nothing is agreed yet, and every report that is asked for.

    Reports are asked for while they are due, late or returned. Raises NotAMaster.
    """
    known = read_master(master)
    folder.mkdir(parents=True, exist_ok=True)
    register = {fold(str(row.get("kode", ""))): row for row in known.rows("mitra") if row.get("nama_lembaga")}
    agreed = {fold(str(row.get("kode_mitra", ""))) for row in known.rows("rencana_kerja")}
    wanted = [("usulan", code, "") for code in register if code and code not in agreed]
    settings = settings_of(known.reading, load())
    for one in agenda(agreed_frames(known.reading), settings, today, archived(master)):
        wanted += [(due.kind, fold(one.code), due.period) for due in asked_for(one) if fold(one.code) in register]
    made = []
    for kind, code, period in wanted:
        row = register[code]
        target = folder / template_name(kind, str(row["kode"]), period)
        partner, known_of = str(row["nama_lembaga"]), prefilled(kind, known, row)
        made.append(issue_one(kind, partner, str(row["kode"]), period, target, today, known_of, spoken_to(row)))
    return made


def spoken_to(partner: Row) -> str:
    """The code of the language that the register says for a partner; that of the guideline where it says none."""
    item = lists()["bahasa"].find(str(partner.get("bahasa") or ""))
    return item.code if item else HOME


def template_name(kind: str, code: str, period: str) -> str:
    """The file name of a template issued to a partner."""
    parts = ["templat", kind, code, period]
    return re.sub(r"[^\w.-]+", "-", "_".join(part for part in parts if part)) + ".xlsx"


def prefilled(kind: str, master: Master, partner: Row) -> dict[str, list[Row]]:
    """What a template of this kind shows of a partner from the start, by table.

    A proposal gets what the register says; a report also the partnership's row and what was agreed.
    """
    if kind == "usulan":
        return {"sampul": [_only(partner, "sampul", kind)]}
    own = {name: _rows_of(master, name, partner) for name in ("kerja_sama", "rencana_kerja", "indikator")}
    cover: Row = {**partner, **next(iter(own["kerja_sama"]), {})}
    kept = {name: cell for name, cell in cover.items() if name not in NEW_IN_A_REPORT}
    agreed = [row for row in own["indikator"] if not row.get("periode")]
    filled = {
        "sampul": [_only(kept, "sampul", kind)],
        "indikator": [_only(row, "indikator", "usulan") for row in agreed],
    }
    if kind == "kemajuan":
        filled["laporan_kemajuan"] = [_only(row, "laporan_kemajuan", kind) for row in own["rencana_kerja"]]
    return filled


def _rows_of(master: Master, table: str, partner: Row) -> list[Row]:
    code = fold(str(partner["kode"]))
    return [row for row in master.rows(table) if fold(str(row.get("kode_mitra", ""))) == code]


def _only(row: Row, table: str, kind: str) -> Row:
    """The cells that the table has a column for in a workbook of this kind."""
    names = {column.name for column in tables()[table].columns_in(kind)}
    return {name: cell for name, cell in row.items() if name in names}
