"""The summary sheets as frames: what each holds and in which columns, before anything is drawn.

Row-level frames start with Berkas, Lembar, Sel, Mitra, Periode, so that every row names the file and the cell
it came from. Only accepted files are counted; Temuan and Arsip speak of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.grade import assessments
from kemitraan_xl.verdicts import Return
from validation.contract import LEVELS, Table, fold, lists, tables
from validation.facts import Facts
from validation.regions import provinces_in
from validation.rules import RULES
from validation.values import show_rupiah

SOURCE = ["Berkas", "Lembar", "Sel", "Mitra", "Periode"]


def _sources(recap: Recap, table: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Where each row came from: the file, the sheet by the name it has there, and the cell of `column`."""
    where = []
    for number, excel_row in zip(rows["_file"], rows["_row"], strict=True):
        entry = recap.returns[number]
        extract = entry.reading.tables[table]
        letter = extract.letters.get(column, "")
        cell = letter if not letter or letter[-1].isdigit() else f"{letter}{excel_row}"
        where.append((entry.arrival.name, extract.sheet, cell, entry.partner, entry.period))
    return pd.DataFrame(where, columns=SOURCE, index=rows.index)


def _shown(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The table's own columns under their official headings, helper columns left out."""
    official = [column for column in table.columns if not column.helper]
    return pd.DataFrame({column.heading: rows[column.name] for column in official})


def rekap_program(recap: Recap) -> pd.DataFrame:
    """Every row of Rencana Kerja of every accepted file, columns as in Lampiran 2."""
    rows = recap.rows("rencana_kerja")
    if rows.empty:
        return pd.DataFrame(columns=[*SOURCE, *_headings("rencana_kerja"), "Mulai", "Selesai", "Provinsi"])
    provinces = rows["lokasi"].map(_provinces, na_action="ignore")
    extra = {"Mulai": rows["waktu_mulai"], "Selesai": rows["waktu_selesai"], "Provinsi": provinces}
    sources = _sources(recap, "rencana_kerja", rows, "nama_program")
    return pd.concat([sources, _shown(tables()["rencana_kerja"], rows)], axis=1).assign(**extra)


def _headings(table: str) -> list[str]:
    return [column.heading for column in tables()[table].columns if not column.helper]


def _provinces(place: str) -> str:
    return ", ".join(lists()["provinsi"][code].label for code in sorted(provinces_in(place) or ()))


def rekap_biaya(recap: Recap) -> pd.DataFrame:
    """The cost of every programme with its year and source, and their sum in the last row."""
    rows = recap.rows("rencana_kerja")
    columns = [*SOURCE, "No", "Nama Program", "Tahun", "Sumber Biaya", "Biaya"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    cost = pd.DataFrame(
        {
            "No": rows["no"],
            "Nama Program": rows["nama_program"],
            "Tahun": rows["waktu_mulai"].dt.year,
            "Sumber Biaya": rows["sumber_biaya"],
            "Biaya": rows["biaya"],
        }
    )
    listed = pd.concat([_sources(recap, "rencana_kerja", rows, "biaya"), cost], axis=1)
    total = pd.DataFrame({"Berkas": ["Jumlah"], "Biaya": [cost["Biaya"].sum()]})
    return pd.concat([listed, total], ignore_index=True)[columns]


def rekap_risiko(recap: Recap) -> pd.DataFrame:
    """Every risk that a partner proposed, with the size and level that the rules give."""
    rows = recap.rows("matriks_risiko")
    if rows.empty:
        return pd.DataFrame(columns=[*SOURCE, *_headings("matriks_risiko"), "Besaran", "Asal Baris"])
    shown = _shown(tables()["matriks_risiko"], rows)
    shown[tables()["matriks_risiko"].column("tingkat_risiko").heading] = rows["tingkat_aturan"]
    shown["Besaran"] = rows["besaran_aturan"]
    shown["Asal Baris"] = lists()["asal_baris"]["usulan_mitra"].label
    return pd.concat([_sources(recap, "matriks_risiko", rows, "potensi_risiko"), shown], axis=1)


def rekap_evaluasi(recap: Recap) -> pd.DataFrame:
    """The indicators on which evaluation will rest, as proposed (IV.C.3)."""
    rows = recap.rows("indikator")
    if rows.empty:
        return pd.DataFrame(columns=[*SOURCE, *_headings("indikator")])
    return pd.concat([_sources(recap, "indikator", rows, "indikator"), _shown(tables()["indikator"], rows)], axis=1)


def rekap_mitra(recap: Recap) -> pd.DataFrame:
    """One row per accepted proposal: who, where, what scopes and types, how much, which risks."""
    covers = recap.rows("sampul")
    plan, risks = recap.rows("rencana_kerja"), recap.rows("matriks_risiko")
    elements = recap.rows("kak")
    described = elements.loc[elements.get("uraian", pd.Series(dtype=object)).notna(), "_file"]
    files = covers["_file"]
    if covers.empty:
        return pd.DataFrame(columns=SOURCE)
    cost = plan.groupby("_file")["biaya"].sum() if len(plan) else pd.Series(dtype=float)
    frame = pd.DataFrame(
        {
            "Kode Mitra": [recap.returns[number].code for number in files],
            "Kelas Lembaga": covers["kelas_lembaga"],
            "Tingkat": covers["tingkat"],
            "Provinsi": covers["provinsi"],
            "Nomor Surat Usulan": covers["nomor_surat"],
            "Tanggal Surat": covers["tanggal_surat"],
            "Tanggal Mulai": covers["tanggal_mulai"],
            "Tanggal Selesai": covers["tanggal_selesai"],
            "Ruang Lingkup": _joined(covers, "lingkup"),
            "Tipe": _joined(covers, "tipe"),
            "Unsur KAK": files.map(described.value_counts()).fillna(0),
            "Program": files.map(plan["_file"].value_counts()).fillna(0),
            "Biaya": files.map(cost).fillna(0),
        },
        index=covers.index,
    )
    frame = frame.assign(**_scores(recap, [recap.returns[number].partner for number in files]))
    for item in reversed(lists()["tingkat_risiko"].items):
        same = risks.loc[risks["tingkat_aturan"].eq(item.label), "_file"] if len(risks) else risks["_file"]
        frame[f"Risiko {item.label}"] = files.map(same.value_counts()).fillna(0)
    return pd.concat([_sources(recap, "sampul", covers, "nama_lembaga"), frame], axis=1)


def _scores(recap: Recap, names: list[str]) -> dict[str, list[Any]]:
    """The latest assessment of each partner in the master that was read along; no columns without a master."""
    if recap.master is None:
        return {}
    graded = sorted(assessments(recap.master.reading), key=lambda one: str(one[1] or ""))
    latest = {fold(name): (day, result) for name, day, result in graded}
    found = [latest.get(fold(name), (None, None)) for name in names]
    return {
        "Tanggal Penilaian": [day.isoformat() if day else None for day, _ in found],
        "Jumlah Skor": [result.jumlah if result else None for _, result in found],
        "Rekomendasi": [result.rekomendasi if result else None for _, result in found],
    }


def _joined(covers: pd.DataFrame, codes: str) -> list[str]:
    """The codes of the ticked items of a list, joined."""
    items = [item.code for item in lists()[codes]]
    ticked = covers[[f"{codes}_{code}" for code in items]].eq(True).to_numpy()
    return [", ".join(code for code, yes in zip(items, row, strict=True) if yes) for row in ticked]


def rekap_laporan(recap: Recap) -> pd.DataFrame:
    """Where each return stands: one row per partner, kind and period, with the verdict on the newest file."""
    rows = [
        (
            *_source_of(entry),
            _kind(entry),
            entry.verdict,
            _saved(entry),
            _count(entry, "E"),
            _count(entry, "W"),
        )
        for entry in recap.returns
        if entry.verdict in ("diterima", "dikembalikan")
    ]
    columns = [*SOURCE, "Jenis", "Putusan", "Disimpan", "Temuan E", "Temuan W"]
    return pd.DataFrame(rows, columns=columns).sort_values(["Mitra", "Jenis", "Periode"], ignore_index=True)


def _source_of(entry: Return) -> tuple[str, str, str, str, str]:
    extract = entry.reading.tables.get("sampul")
    cell = extract.letters.get("nama_lembaga", "") if extract else ""
    return entry.arrival.name, extract.sheet if extract else "", cell, entry.partner, entry.period


def _kind(entry: Return) -> str:
    return lists()["jenis_berkas"][entry.kind].label if entry.kind else ""


def _saved(entry: Return) -> str:
    return entry.reading.modified[:10]


def _count(entry: Return, level: str) -> int:
    return sum(finding.level == level for finding in entry.findings)


def rekap_selisih(recap: Recap) -> pd.DataFrame:
    """Only what does not tie out in accepted files: sums that differ between two sheets."""
    columns = [*SOURCE, "Hal", "Menurut Sampul", "Menurut Rencana Kerja", "Selisih"]
    covers = recap.rows("sampul")
    if covers.empty:
        return pd.DataFrame(columns=columns)
    facts = Facts(recap.frames, {}, {}, recap.today)
    off = covers[~RULES["RK-11:jumlah"](covers, facts)]
    sums = facts.total("rencana_kerja", "biaya", off)
    values = pd.DataFrame(
        {
            "Hal": "Total Biaya",
            "Menurut Sampul": off["total_biaya"],
            "Menurut Rencana Kerja": sums,
            "Selisih": off["total_biaya"] - sums,
        }
    )
    return pd.concat([_sources(recap, "sampul", off, "total_biaya"), values], axis=1)[columns]


def cakupan(recap: Recap) -> pd.DataFrame:
    """How many accepted partnerships each scope has, in all and by type, level and class; 0 is a gap."""
    covers = recap.rows("sampul")
    rows = []
    for scope in lists()["lingkup"]:
        chosen = covers[covers[f"lingkup_{scope.code}"].eq(True)] if len(covers) else covers
        row: dict[str, Any] = {"Kode": scope.code, "Ruang Lingkup": scope.label, "Jumlah": len(chosen)}
        for item in lists()["tipe"]:
            row[f"Tipe {item.code}"] = int(chosen[f"tipe_{item.code}"].eq(True).sum()) if len(chosen) else 0
        for codes, column in (("tingkat_cakupan", "tingkat"), ("kelas", "kelas_lembaga")):
            for item in lists()[codes]:
                row[item.label] = int(chosen[column].eq(item.label).sum()) if len(chosen) else 0
        rows.append(row)
    return pd.DataFrame(rows)


def temuan(recap: Recap) -> pd.DataFrame:
    """Every finding of the files that stand (accepted or returned), the gravest first."""
    rows = [
        (
            entry.arrival.name,
            finding.sheet,
            finding.cell,
            entry.partner,
            entry.period,
            finding.column,
            finding.level,
            finding.code,
            finding.value,
            finding.message,
            finding.remedy,
        )
        for entry in recap.returns
        if entry.verdict in ("diterima", "dikembalikan")
        for finding in entry.findings
    ]
    columns = [*SOURCE, "Kolom", "Tingkat", "Kode", "Nilai", "Pesan", "Saran"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("Tingkat", key=lambda s: s.map(LEVELS.index), kind="stable", ignore_index=True)


def arsip(recap: Recap) -> pd.DataFrame:
    """One row for every file handed in, and one more for the master that was read along."""
    rows = [
        (
            entry.arrival.name,
            entry.arrival.sha256,
            _kind(entry),
            entry.partner,
            entry.period,
            entry.verdict,
            entry.reason,
        )
        for entry in recap.returns
    ]
    if recap.master:
        kind = lists()["jenis_berkas"]["induk"].label
        note = "Dibaca sebagai induk; bukan kiriman."
        rows.append((recap.master.path.name, recap.master.sha256, kind, "", "", "", note))
    return pd.DataFrame(rows, columns=["Berkas", "SHA-256", "Jenis", "Mitra", "Periode", "Putusan", "Alasan"])


def figures(recap: Recap) -> list[tuple[str, str]]:
    """The summary in lines: files, accepted, returned, rows, findings, total cost, and what it was made by."""
    counts = recap.verdicts()
    standing = [entry for entry in recap.returns if entry.verdict in ("diterima", "dikembalikan")]
    plan = recap.rows("rencana_kerja")
    return [
        ("Berkas masuk", str(len(recap.returns))),
        ("Diterima", str(counts["diterima"])),
        ("Dikembalikan", str(counts["dikembalikan"])),
        ("Baris program", str(len(plan))),
        ("Temuan", str(sum(len(entry.findings) for entry in standing))),
        ("Total biaya", show_rupiah(float(plan["biaya"].sum()) if len(plan) else 0)),
    ]


#: The summary's row-level sheets in order, each with what fills it.
SHEETS: dict[str, Callable[[Recap], pd.DataFrame]] = {
    "Rekap Mitra": rekap_mitra,
    "Rekap Program": rekap_program,
    "Rekap Biaya": rekap_biaya,
    "Rekap Risiko": rekap_risiko,
    "Rekap Laporan": rekap_laporan,
    "Rekap Evaluasi": rekap_evaluasi,
    "Rekap Selisih": rekap_selisih,
    "Cakupan": cakupan,
    "Temuan": temuan,
    "Arsip": arsip,
}
