"""A new master: all that staff typed in the old one, and the rows of accepted proposals, so that nobody retypes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kemitraan_xl.book.master import build_master
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.intake.model import Extract
from kemitraan_xl.master import Row, quiet, read_master, rows_of
from kemitraan_xl.verdicts import Return
from validation.check import reader_of
from validation.contract import fold, lists, tables

Content = dict[str, list[Row]]

#: Tables of a proposal that the master keeps row by row, by the name of the master's table.
_ROW_TABLES = {
    "rencana_kerja": "rencana_kerja",
    "matriks_risiko": "matriks_risiko",
    "indikator": "indikator",
    "profil_bukti": "bukti",
}
_CODE = "M-{:03d}"

#: Kinds of columns in which a master keeps what a partner's text was read as.
_READ_KINDS = ("bulat", "angka", "rupiah", "tanggal", "pilihan")


def new_master(
    target: Path,
    old: Path | None,
    sources: Sequence[Path],
    today: date,
    started: Callable[[int], None] = quiet,
    progress: Callable[[int], None] = quiet,
) -> list[str]:
    """Write a new master at `target`; returns what was done, in Indonesian lines.

    Nothing that staff typed is changed: rows of proposals are added behind it, each marked "usulan mitra" with
    the file and cell it came from, and only once. Raises NotAMaster, SourceMissing, OSError.
    """
    content: Content = {name: [] for name, table in tables().items() if "induk" in table.kinds}
    lines = []
    if old is not None:
        for name, rows in read_master(old).content().items():
            content[name] = list(rows)
        lines.append(f"Dibawa dari {old.name}: {sum(map(len, content.values()))} baris.")
    recap = None
    if sources:
        recap = consolidate(sources, today, progress=progress, started=started, exclude=frozenset({target}))
        before = sum(map(len, content.values()))
        accepted = [entry for entry in recap.returns if entry.counted]
        for entry in accepted:
            _take_in(entry, content)
        added = sum(map(len, content.values())) - before
        lines.append(
            f"Usulan diterima: {len(accepted)} dari {len(recap.returns)} berkas, {added} baris baru."
        )
    build_master(target, content, today=today, recap=recap)
    lines.append(f"Induk: {target}")
    return lines


def _take_in(entry: Return, content: Content) -> None:
    """Add one accepted proposal: its partner to the register if new, then its rows, each only once."""
    cover = entry.reading.tables["sampul"]
    values = dict(rows_of(cover)[0])
    code = _registered(entry, values, content)
    own: dict[str, Any] = {"kode_mitra": code, "nama_mitra": entry.partner}
    _add(content, "kerja_sama", {**values, **own}, entry, cover, "nama_lembaga", 0)
    elements = entry.reading.tables.get("kak")
    proposal = {**_only(values, "usulan_kak"), **own, "inisiator": lists()["inisiator"]["mitra"].label}
    if elements:
        proposal |= _elements(rows_of(elements))
    _add(content, "usulan_kak", proposal, entry, cover, "nomor_surat", 0)
    for source, into in _ROW_TABLES.items():
        extract = entry.reading.tables.get(source)
        for index, row in enumerate(rows_of(extract) if extract else []):
            if extract and _has_content(row, source):
                _add(content, into, {**row, **own}, entry, extract, _first_text(source), index)


def _registered(entry: Return, values: Row, content: Content) -> str:
    """The partner's code in the register; a partner not yet in it is added behind the others."""
    register = content["mitra"]
    for row in register:
        if fold(str(row.get("nama_lembaga", ""))) == fold(entry.partner) or (
            entry.code and fold(str(row.get("kode", ""))) == fold(entry.code)
        ):
            return str(row.get("kode", ""))
    used = [int(m.group(1)) for row in register if (m := re.search(r"(\d+)$", str(row.get("kode", ""))))]
    code = entry.code or _CODE.format(max(used, default=0) + 1)
    register.append({**_only(values, "mitra"), "kode": code})
    return code


def _only(values: Row, table: str) -> dict[str, Any]:
    names = {column.name for column in tables()[table].columns}
    return {name: cell for name, cell in values.items() if name in names}


def _elements(rows: Sequence[Row]) -> dict[str, Any]:
    """The ten elements as columns of one row."""
    found = {}
    for row in rows:
        item = lists()["unsur_kak"].find(str(row.get("unsur", "")))
        if item and "uraian" in row:
            found[f"unsur_{item.code}"] = row["uraian"]
    return found


def _has_content(row: Row, table: str) -> bool:
    """Whether a prefilled row holds more than its printed label."""
    return bool(set(row) - {"no", tables()[table].prefilled})


def _first_text(table: str) -> str:
    return next(column.name for column in tables()[table].columns if column.kind == "teks")


def _add(
    content: Content, table: str, row: Row, entry: Return, extract: Extract, column: str, index: int
) -> None:
    source = f"{entry.arrival.name} › {extract.sheet}!{extract.cell(column, index)}"
    if not any(old.get("sumber_sel") == source for old in content[table]):
        origin = lists()["asal_baris"]["usulan_mitra"].label
        content[table].append({**_as_read(row, table), "asal_baris": origin, "sumber_sel": source})


def _as_read(row: Row, table: str) -> Row:
    """The row with numbers, dates and choices as they were read, so that the master can add and count them.

    "Rp 5.000.000" becomes 5000000; the partner's own words stay in the file and cell that `sumber_sel` names.
    """
    columns = {column.name: column for column in tables()[table].columns if column.kind in _READ_KINDS}
    texts = {name: cell for name, cell in row.items() if name in columns and isinstance(cell, str)}
    readings = {name: reader_of(columns[name])(cell).value for name, cell in texts.items()}
    return {**row, **{name: value for name, value in readings.items() if value is not None}}
