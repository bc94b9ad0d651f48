"""The summary sheets as frames: what each holds and in which columns, before anything is drawn.

Row-level frames start with Berkas, Lembar, Sel, Mitra, Periode, so that every row names the file and the cell
it came from. Only accepted files are counted; Temuan and Arsip speak of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pandas as pd

from kemitraan_xl.ages import moment
from kemitraan_xl.checklists import counting
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.formulas import short_name
from kemitraan_xl.grade import assessments
from kemitraan_xl.intake.model import Mail
from kemitraan_xl.provenance import SOURCE, headings, shown_columns, sources
from kemitraan_xl.recap_reports import REALISED, rekap_evaluasi, rekap_selisih, report_costs, report_rows
from kemitraan_xl.recap_schedule import kind_label, rekap_laporan
from validation.contract import LEVELS, fold, lists, tables
from validation.regions import provinces_in
from validation.values import show_rupiah


def rekap_program(recap: Recap) -> pd.DataFrame:
    """Every row of Rencana Kerja of every accepted file, columns as in Lampiran 2; below them every reported row."""
    rows = recap.rows("rencana_kerja")
    provinces = rows["lokasi"].map(provinces_shown, na_action="ignore") if len(rows) else None
    planned = (
        shown_columns("rencana_kerja", rows).assign(
            Mulai=rows["waktu_mulai"], Selesai=rows["waktu_selesai"], Provinsi=provinces
        )
        if len(rows)
        else pd.DataFrame(columns=[*headings("rencana_kerja"), "Mulai", "Selesai", "Provinsi"])
    )
    frame = pd.concat([sources(recap, "rencana_kerja", rows, "nama_program"), planned], axis=1)
    reports = report_rows(recap)
    if reports.empty:
        return frame
    both = pd.concat([frame, reports], ignore_index=True)
    return both.assign(No=pd.to_numeric(both["No"]))


def provinces_shown(place: str) -> str:
    """The provinces that a place names, by their names; "" for a place above the provinces or not recognised."""
    return ", ".join(lists()["provinsi"][code].label for code in sorted(provinces_in(place) or ()))


def rekap_biaya(recap: Recap) -> pd.DataFrame:
    """The cost of every programme with its year and source, what reports spent, and the sums in the last row."""
    rows = recap.rows("rencana_kerja")
    columns = [*SOURCE, "No", "Nama Program", "Tahun", "Sumber Biaya", "Biaya"]
    parts = []
    if len(rows):
        cost = pd.DataFrame(
            {
                "No": rows["no"],
                "Nama Program": rows["nama_program"],
                "Tahun": rows["waktu_mulai"].dt.year,
                "Sumber Biaya": rows["sumber_biaya"],
                "Biaya": rows["biaya"],
            }
        )
        parts.append(pd.concat([sources(recap, "rencana_kerja", rows, "biaya"), cost], axis=1))
    spent = report_costs(recap)
    if len(spent):
        columns.append(REALISED)
        parts.append(spent)
    if not parts:
        return pd.DataFrame(columns=columns)
    listed = pd.concat(parts)
    sums = {name: [listed[name].sum()] for name in columns if name in ("Biaya", REALISED) and name in listed}
    return pd.concat([listed, pd.DataFrame({"Berkas": ["Jumlah"], **sums})], ignore_index=True).reindex(columns=columns)


def rekap_risiko(recap: Recap) -> pd.DataFrame:
    """Every risk that a partner proposed, with the size and level that the rules give."""
    rows = recap.rows("matriks_risiko")
    if rows.empty:
        return pd.DataFrame(columns=[*SOURCE, *headings("matriks_risiko"), "Besaran", "Asal Baris"])
    shown = shown_columns("matriks_risiko", rows)
    shown[tables()["matriks_risiko"].column("tingkat_risiko").heading] = rows["tingkat_aturan"]
    shown["Besaran"] = rows["besaran_aturan"]
    shown["Asal Baris"] = lists()["asal_baris"]["usulan_mitra"].label
    return pd.concat([sources(recap, "matriks_risiko", rows, "potensi_risiko"), shown], axis=1)


def partner_covers(recap: Recap) -> pd.DataFrame:
    """The covers that stand for the partners: of every proposal, and of the newest report where there is none."""
    covers = recap.rows("sampul")
    entries = [recap.returns[number] for number in covers["_file"]]
    who = [fold(recap.codes.get(number, "") or recap.returns[number].partner) for number in covers["_file"]]
    proposed = {name for name, entry in zip(who, entries, strict=True) if entry.kind == "usulan"}
    newest = dict(sorted(zip(who, entries, strict=True), key=lambda pair: pair[1].period))
    kept = [
        entry.kind == "usulan" or (name not in proposed and newest[name] is entry)
        for name, entry in zip(who, entries, strict=True)
    ]
    return covers[pd.Series(kept, covers.index, dtype=bool)]


def rekap_mitra(recap: Recap) -> pd.DataFrame:
    """One row per proposal or reporting partner: who, where, what scopes and types, how much, which risks."""
    covers = partner_covers(recap)
    plan, risks = recap.rows("rencana_kerja"), recap.rows("matriks_risiko")
    elements = recap.rows("kak")
    described = elements.loc[elements.get("uraian", pd.Series(dtype=object)).notna(), "_file"]
    files = covers["_file"]
    if covers.empty:
        return pd.DataFrame(columns=SOURCE)
    cost = plan.groupby("_file")["biaya"].sum() if len(plan) else pd.Series(dtype=float)
    agreed = _agreed_plans(recap, files)
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
            "Program": files.map(plan["_file"].value_counts()).fillna(agreed["count"]).fillna(0),
            "Biaya": files.map(cost).fillna(agreed["sum"]).fillna(0),
        },
        index=covers.index,
    )
    frame = frame.assign(**_scores(recap, [recap.returns[number].partner for number in files]))
    for item in reversed(lists()["tingkat_risiko"].items):
        same = risks.loc[risks["tingkat_aturan"].eq(item.label), "_file"] if len(risks) else risks["_file"]
        frame[f"Risiko {item.label}"] = files.map(same.value_counts()).fillna(0)
    return pd.concat([sources(recap, "sampul", covers, "nama_lembaga"), frame], axis=1)


def _agreed_plans(recap: Recap, files: pd.Series) -> pd.DataFrame:
    """How many programmes were agreed with the partner of each file, and at what cost; empty without a master."""
    plan = recap.agreed.get("rencana_kerja")
    if plan is None or plan.empty:
        return pd.DataFrame(columns=["count", "sum"], index=files.index, dtype=float)
    owners = plan["kode_mitra"].map(lambda code: fold(str(code)))
    found = plan.groupby(owners)["biaya"].agg(["size", "sum"]).rename(columns={"size": "count"})
    return found.reindex([fold(recap.codes.get(number, "")) for number in files]).set_axis(files.index)


def _scores(recap: Recap, names: list[str]) -> dict[str, list[Any]]:
    """The assessment of each partner that counts, from the master read along; no columns without a master."""
    if recap.master is None:
        return {}
    counts = counting(assessments(recap.master.reading))
    found = [counts.get(fold(name)) for name in names]
    states = lists()["pengesahan"]
    return {
        "Tanggal Penilaian": [one.day.isoformat() if one and one.day else None for one in found],
        "Jumlah Skor": [one.score if one else None for one in found],
        "Rekomendasi": [one.final if one else None for one in found],
        "Kelayakan": [one.feasible if one else None for one in found],
        "Bendera Kritis": ["; ".join(map(short_name, one.critical)) if one else None for one in found],
        "Pengesahan": [states[one.state].label if one else None for one in found],
    }


def _joined(covers: pd.DataFrame, codes: str) -> list[str]:
    """The codes of the ticked items of a list, joined."""
    items = [item.code for item in lists()[codes]]
    ticked = covers[[f"{codes}_{code}" for code in items]].eq(True).to_numpy()
    return [", ".join(code for code, yes in zip(items, row, strict=True) if yes) for row in ticked]


def cakupan(recap: Recap) -> pd.DataFrame:
    """How many accepted partnerships each scope has, in all and by type, level and class; 0 is a gap."""
    ticks = [f"{codes}_{item.code}" for codes in ("lingkup", "tipe") for item in lists()[codes]]
    covers = partner_covers(recap).filter([*ticks, "tingkat", "kelas_lembaga"])
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
            recap.codes.get(number, ""),
            finding.column,
            finding.level,
            finding.code,
            finding.value,
            finding.message,
            finding.remedy,
        )
        for number, entry in enumerate(recap.returns)
        if entry.verdict in ("diterima", "dikembalikan")
        for finding in entry.findings
    ]
    columns = [*SOURCE, "Kode Mitra", "Kolom", "Tingkat", "Kode", "Nilai", "Pesan", "Saran"]
    level = columns.index("Tingkat")
    rows.sort(key=lambda row: LEVELS.index(row[level]))
    return pd.DataFrame(rows, columns=columns, dtype=object)


def arsip(recap: Recap) -> pd.DataFrame:
    """One row for every file handed in, mail and archive, and one more for the master that was read along."""
    rows = [
        (
            entry.arrival.name,
            entry.arrival.sha256,
            kind_label(entry),
            entry.partner,
            entry.period,
            entry.verdict,
            entry.reason,
            recap.codes.get(number, ""),
            entry.version,
            *_mail(entry.arrival.mail),
        )
        for number, entry in [*enumerate(recap.returns), *((-1, entry) for entry in recap.containers)]
    ]
    rows.sort(key=itemgetter(0))
    if recap.master:
        kind = lists()["jenis_berkas"]["induk"].label
        note = "Dibaca sebagai induk; bukan kiriman."
        rows.append((recap.master.path.name, recap.master.sha256, kind, "", "", "", note, "", "", *_mail(None)))
    columns = ["Berkas", "SHA-256", "Jenis", "Mitra", "Periode", "Putusan", "Alasan", "Kode Mitra", "Versi"]
    return pd.DataFrame(rows, columns=[*columns, "Pengirim", "Tanggal Surel", "Perihal"])


def _mail(mail: Mail | None) -> tuple[str, str, str]:
    """What Arsip says of the mail with which a file came; its time as a clock in Jakarta shows it."""
    if mail is None:
        return "", "", ""
    sent = moment(mail.sent)
    return mail.sender, f"{sent:%Y-%m-%d %H:%M}" if sent else "", mail.subject


def figures(recap: Recap) -> list[tuple[str, str]]:
    """The summary in six lines: files, accepted, returned, rows, findings, money; of reports where no plan is."""
    counts = recap.verdicts()
    standing = [entry for entry in recap.returns if entry.verdict in ("diterima", "dikembalikan")]
    plan, reported = recap.rows("rencana_kerja"), recap.rows("laporan_kemajuan")
    rows, money = ("Baris program", len(plan)), ("Total biaya", plan["biaya"].sum() if len(plan) else 0)
    if plan.empty and len(reported):
        rows, money = ("Baris laporan", len(reported)), ("Total realisasi", reported["realisasi_biaya"].sum())
    return [
        ("Berkas masuk", str(len(recap.returns))),
        ("Diterima", str(counts["diterima"])),
        ("Dikembalikan", str(counts["dikembalikan"])),
        (rows[0], str(rows[1])),
        ("Temuan", str(sum(len(entry.findings) for entry in standing))),
        (money[0], show_rupiah(float(money[1]))),
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
