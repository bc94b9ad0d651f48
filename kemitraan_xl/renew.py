"""A new master: all that staff typed in the old one, and the rows of accepted returns, so that nobody retypes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kemitraan_xl.book.master import CALCULATED, build_master
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.earlier import Files, files_of
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.master import Row, quiet, read_master, rows_of
from kemitraan_xl.safe_write import own_files
from kemitraan_xl.verdicts import Return
from validation.activities import activities
from validation.agreed import REPORTS
from validation.check import reader_of
from validation.contract import fold, lists, tables
from validation.values import read_date, read_period

Content = dict[str, list[Row]]

#: Tables of a return that the master keeps row by row, by the name of the master's table; by kind of return.
_ROW_TABLES = {
    "usulan": {
        "rencana_kerja": "rencana_kerja",
        "matriks_risiko": "matriks_risiko",
        "indikator": "indikator",
        "profil_bukti": "bukti",
    },
    "kemajuan": {name: name for name in ("laporan_kemajuan", "indikator", "umpan_balik")},
    "akhir": {name: name for name in ("indikator", "pembelajaran")},
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

    Nothing that staff typed is changed: rows of accepted proposals and reports are added behind it, each marked
    "usulan mitra" with the file and cell it came from, and only once. Reports are checked against the old master and
    the proposals that came along. The files that the old master lists stay in Arsip, what is open in them in Temuan.
    Raises NotAMaster, SourceMissing, OSError.
    """
    content: Content = {name: [] for name, table in tables().items() if "induk" in table.kinds}
    lines = []
    if old is not None:
        for name, rows in read_master(old).content().items():
            content[name] = list(rows)
        lines.append(f"Dibawa dari {old.name}: {sum(map(len, content.values()))} baris.")
    recap = None
    if sources:
        own = own_files(target)
        recap = consolidate(sources, today, progress=progress, started=started, exclude=own, master=old)
        agreed = with_proposals(recap, content, today)
        if agreed:
            recap = consolidate(sources, today, exclude=own, master=old, agreed=agreed)
        before = sum(map(len, content.values()))
        accepted = take_in(recap, content, today)
        added = sum(map(len, content.values())) - before
        lines.append(f"Kiriman diterima: {accepted} dari {len(recap.returns)} berkas, {added} baris baru.")
    earlier = files_of(old) if old else Files()
    build_master(target, content, today=today, recap=recap, earlier=earlier)
    if len(content["kerja_sama"]) > CALCULATED:
        lines.append("Induk sebesar ini ditulis tanpa angka hitungan; semuanya dihitung saat dibuka, lalu simpanlah.")
    lines.append(f"Induk: {target}")
    return lines


def with_proposals(recap: Recap, content: Content, today: date) -> dict[str, pd.DataFrame]:
    """What is agreed once the accepted proposals of these files are in the master, typed, by table.

    Empty unless reports came along with them: such a report is about a partnership that the master does not know yet,
    so that the files have to be consolidated once more, against this.
    """
    accepted = [entry for entry in recap.returns if entry.counted and entry.kind == "usulan"]
    if recap.master is None or not accepted or not any(entry.kind in REPORTS for entry in recap.returns):
        return {}
    joined = {name: list(rows) for name, rows in content.items()}
    for entry in accepted:
        _take_in(entry, joined, today)
    return agreed_frames(FileReading(tables={name: _extract(name, rows) for name, rows in joined.items()}))


def _extract(table: str, rows: Sequence[Row]) -> Extract:
    """Rows of a master that is not written yet, as if they had been read."""
    columns = {column.name: [row.get(column.name) for row in rows] for column in tables()[table].columns}
    return Extract(table, tables()[table].sheet, columns, list(range(len(rows))), {})


def take_in(recap: Recap, content: Content, today: date) -> int:
    """Add the rows of every accepted return to the content of a master, each only once; returns how many returns.

    Proposals come first, so that the reports on them find their partnership. What is there keeps its place.
    """
    accepted = [entry for entry in recap.returns if entry.counted]
    for entry in sorted(accepted, key=lambda entry: entry.kind != "usulan"):
        _take_in(entry, content, today)
    return len(accepted)


def _take_in(entry: Return, content: Content, today: date) -> None:
    """Add one accepted return: its partner to the register if new, then its rows, each only once."""
    cover = entry.reading.tables["sampul"]
    values = dict(rows_of(cover)[0])
    code = _registered(entry, values, content)
    own: dict[str, Any] = {"kode_mitra": code, "nama_mitra": entry.partner}
    if entry.kind == "usulan":
        _take_in_proposal(entry, content, values, own)
    else:
        own["periode"] = _period(entry, values)
    if entry.kind == "akhir":
        _take_in_final(entry, content, values, own, today)
    for source, into in _ROW_TABLES[entry.kind].items():
        extract = entry.reading.tables.get(source)
        for index, row in enumerate(rows_of(extract) if extract else []):
            if extract and _has_content(row, source):
                added = _add(content, into, {**row, **_only(own, into)}, entry, extract, _first_text(source), index)
                if added and into == "rencana_kerja":
                    _derive_activities(content, added, own)


def _take_in_proposal(entry: Return, content: Content, values: Row, own: dict[str, Any]) -> None:
    """The partnership, once, and the letter with its ten elements."""
    cover = entry.reading.tables["sampul"]
    if not any(fold(str(row.get("kode_mitra", ""))) == fold(own["kode_mitra"]) for row in content["kerja_sama"]):
        _add(content, "kerja_sama", {**values, **own}, entry, cover, "nama_lembaga", 0)
    elements = entry.reading.tables.get("kak")
    proposal = {**_only(values, "usulan_kak"), **own, "inisiator": lists()["inisiator"]["mitra"].label}
    if elements:
        proposal |= _parts(rows_of(elements), "unsur_kak", "unsur")
    _add(content, "usulan_kak", proposal, entry, cover, "nomor_surat", 0)


def _take_in_final(entry: Return, content: Content, values: Row, own: dict[str, Any], today: date) -> None:
    """The final report as one row: its six parts as columns, its sum, and the day it is dated."""
    head, parts = (entry.reading.tables[name] for name in ("kepala_laporan_akhir", "laporan_akhir"))
    told = dict(next(iter(rows_of(head)), {}))
    dated = told.get("tanggal_laporan") or values.get("tanggal_surat") or today
    row = {"kode_mitra": own["kode_mitra"], "periode": own["periode"], "tanggal_diterima": dated}
    if "total_realisasi" in told:
        row["total_realisasi"] = told["total_realisasi"]
    row |= _parts(rows_of(parts), "bagian_laporan_akhir", "bagian")
    _add(content, "laporan_pelaksanaan", row, entry, head, "total_realisasi", 0)


def _period(entry: Return, values: Row) -> str:
    """What a report reports on: its period; of a final report issued without one the year in which the term ends."""
    end = read_date(values.get("tanggal_selesai")).value
    return entry.period or (str(end.year) if end else "")


def _derive_activities(content: Content, programme: Row, own: dict[str, Any]) -> None:
    """The activities of a programme that was taken in, one row each (A-28); its own text stays as it was."""
    time = read_period(programme.get("waktu")).value
    planned = {"rencana_mulai": time[0], "rencana_selesai": time[1]} if time else {}
    for number, activity in enumerate(activities(str(programme.get("kegiatan", ""))), start=1):
        content["kegiatan"].append(
            {
                **own,
                **planned,
                "no_program": programme.get("no"),
                "kegiatan": activity,
                "asal_baris": programme["asal_baris"],
                "sumber_sel": f"{programme['sumber_sel']} ({number})",
            }
        )


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
    register.append({**_only(values, "mitra"), **_language_of(entry), "kode": code})
    return code


def _language_of(entry: Return) -> Row:
    """The language of a partner whose template was not in the guideline's."""
    return {} if entry.language.home else {"bahasa": lists()["bahasa"][entry.language.code].label}


def _only(values: Row, table: str) -> dict[str, Any]:
    names = {column.name for column in tables()[table].columns}
    return {name: cell for name, cell in values.items() if name in names}


def _parts(rows: Sequence[Row], codes: str, column: str) -> dict[str, Any]:
    """The described items of a list (the ten elements, the six parts) as columns of one row."""
    found = {}
    for row in rows:
        item = lists()[codes].find(str(row.get(column, "")))
        if item and "uraian" in row:
            found[f"{column}_{item.code}"] = row["uraian"]
    return found


def _has_content(row: Row, table: str) -> bool:
    """Whether a prefilled row holds more than its printed label."""
    return bool(set(row) - {"no", tables()[table].prefilled})


def _first_text(table: str) -> str:
    return next(column.name for column in tables()[table].columns if column.kind == "teks")


def _add(
    content: Content, table: str, row: Row, entry: Return, extract: Extract, column: str, index: int
) -> Row | None:
    """Add a row with its origin, unless the master has it from this very cell; returns what was added."""
    source = f"{entry.arrival.name} › {extract.sheet}!{extract.cell(column, index)}"
    if any(old.get("sumber_sel") == source for old in content[table]):
        return None
    origin = lists()["asal_baris"]["usulan_mitra"].label
    added = {**as_read(row, table), "asal_baris": origin, "sumber_sel": source}
    content[table].append(added)
    return added


def as_read(row: Row, table: str) -> Row:
    """The row with numbers, dates and choices as they were read, so that the master can add and count them.

    "Rp 5.000.000" becomes 5000000; the partner's own words stay in the file and cell that `sumber_sel` names.
    """
    columns = {column.name: column for column in tables()[table].columns if column.kind in _READ_KINDS}
    texts = {name: cell for name, cell in row.items() if name in columns and isinstance(cell, str)}
    readings = {name: reader_of(columns[name])(cell).value for name, cell in texts.items()}
    return {**row, **{name: value for name, value in readings.items() if value is not None}}
