"""The summary's frames about reports: rows reported, money spent, indicators achieved, and what does not tie out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.provenance import SOURCE, headings, of_kind, shown_columns, sources
from kemitraan_xl.realisation import indicators, programmes, reported
from validation.agreed import span_of
from validation.contract import fold, lists, tables
from validation.facts import Facts
from validation.rules import RULES

#: Heading of the money spent, as the report itself words it.
REALISED = tables()["laporan_kemajuan"].column("realisasi_biaya").heading

#: What is shown again of Lampiran 2 beside a reported programme.
_AGREED_WORDS = ("tujuan_hasil", "kelompok_sasaran", "lokasi", "waktu")

_OFF = ["Hal", "No", "Pembanding", "Menurut Pembanding", "Menurut Berkas", "Selisih", "Keterangan"]

#: Rupiah below which two sums count as equal.
_TOLERANCE = 1


def report_rows(recap: Recap) -> pd.DataFrame:
    """Every row of accepted progress reports, with what was spent so far and the share of the agreed Biaya."""
    rows = programmes(recap)
    if rows.empty:
        return pd.DataFrame(columns=SOURCE)
    shown = shown_columns("laporan_kemajuan", rows, "kemajuan")
    more = {"Realisasi s.d. Periode Ini": rows["sampai_kini"], "Serapan": rows["serapan"]}
    parts = [sources(recap, "laporan_kemajuan", rows, "hasil"), shown, _agreed_words(recap, rows)]
    return pd.concat(parts, axis=1).assign(**more)


def _agreed_words(recap: Recap, rows: pd.DataFrame) -> pd.DataFrame:
    """What Lampiran 2 says of the programme of every reported row, where a master was read; never its Biaya again."""
    plan = recap.agreed.get("rencana_kerja")
    if plan is None or plan.empty:
        return pd.DataFrame(index=rows.index)
    keys = pd.MultiIndex.from_arrays([plan["kode_mitra"].map(lambda code: fold(str(code))), plan["no"]])
    words = plan.set_axis(keys)[list(_AGREED_WORDS)]
    words = words[~words.index.duplicated()].reindex(pd.MultiIndex.from_arrays([rows["_kode"], rows["_no"]]))
    headings_of = {name: tables()["rencana_kerja"].column(name).heading for name in _AGREED_WORDS}
    return words.set_axis(rows.index).rename(columns=headings_of)


def report_costs(recap: Recap) -> pd.DataFrame:
    """What every reported programme spent in its period, as rows of Rekap Biaya."""
    rows = programmes(recap)
    if rows.empty:
        return pd.DataFrame(columns=SOURCE)
    years = rows["_periode"].map(_year)
    cost = pd.DataFrame(
        {"No": rows["no"], "Nama Program": rows["nama_program"], "Tahun": years, REALISED: rows["realisasi_biaya"]}
    )
    return pd.concat([sources(recap, "laporan_kemajuan", rows, "realisasi_biaya"), cost], axis=1)


def _year(period: str) -> float | None:
    span = span_of(period)
    return span[0].year if span else None


def rekap_evaluasi(recap: Recap) -> pd.DataFrame:
    """The indicators as proposed, and below them as reported, with the share of the way to the target (IV.C.3)."""
    proposed = of_kind(recap, recap.rows("indikator"), "usulan")
    parts = [pd.DataFrame(columns=[*SOURCE, *headings("indikator")])]
    if len(proposed):
        shown = shown_columns("indikator", proposed)
        parts = [pd.concat([sources(recap, "indikator", proposed, "indikator"), shown], axis=1)]
    rows = indicators(recap)
    if len(rows):
        shown = shown_columns("indikator", rows, "kemajuan").assign(
            **{
                "Anak Terhitung": rows["anak_terhitung"],
                "Mungkin Ganda": rows["mungkin_ganda"].map({True: lists()["ya_tidak"]["ya"].label}),
                "Keadaan Terakhir": rows["sampai_kini"],
                "Capaian": rows["capaian"],
            }
        )
        parts.append(pd.concat([sources(recap, "indikator", rows, "realisasi"), shown], axis=1))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def rekap_selisih(recap: Recap) -> pd.DataFrame:
    """Only what does not tie out in accepted files: cover, plan, progress reports and final report."""
    found = (_covers_off(recap), _over_plan(recap), _unfinished(recap), _never_reported(recap), _finals_off(recap))
    parts = [part for part in found if len(part)]
    if not parts:
        return pd.DataFrame(columns=[*SOURCE, *_OFF])
    frame = pd.concat(parts, ignore_index=True).reindex(columns=[*SOURCE, *_OFF])
    return frame.assign(No=pd.to_numeric(frame["No"]))


def _covers_off(recap: Recap) -> pd.DataFrame:
    """Total Biaya on the cover of a proposal against the sum of its Rencana Kerja."""
    covers = of_kind(recap, recap.rows("sampul"), "usulan")
    if covers.empty:
        return pd.DataFrame()
    facts = Facts(recap.frames, {}, {}, recap.today)
    off = covers[~RULES["RK-11:jumlah"](covers, facts)]
    sums = facts.total("rencana_kerja", "biaya", off)
    return _off(recap, "sampul", off, "total_biaya", "Total Biaya pada Sampul", "Jumlah Biaya Rencana Kerja", sums)


def _off(
    recap: Recap, table: str, rows: pd.DataFrame, column: str, subject: str, against: str, expected: pd.Series
) -> pd.DataFrame:
    """Rows whose figure in `column` differs from what was `expected`."""
    values = pd.DataFrame(
        {
            "Hal": subject,
            "No": rows.get("no"),
            "Pembanding": against,
            "Menurut Pembanding": expected,
            "Menurut Berkas": rows[column],
            "Selisih": rows[column] - expected,
        }
    )
    return pd.concat([sources(recap, table, rows, column), values], axis=1)


def _over_plan(recap: Recap) -> pd.DataFrame:
    """Programmes that have spent more than was agreed, up to the period of the row."""
    rows = programmes(recap)
    over = rows[(rows["sampai_kini"] - rows["rencana"]).ge(_TOLERANCE)]
    over = over.assign(realisasi_biaya=over["sampai_kini"])
    subject = "Realisasi biaya melebihi rencana"
    return _off(recap, "laporan_kemajuan", over, "realisasi_biaya", subject, "Biaya yang disepakati", over["rencana"])


def _unfinished(recap: Recap) -> pd.DataFrame:
    """Programmes whose agreed time had passed by the end of the period reported and that are not finished."""
    rows, ends = programmes(recap), _agreed_ends(recap)
    done = lists()["status_kegiatan"]["selesai"].label
    late = [
        index
        for index, code, number, period, state in zip(
            rows.index, rows["_kode"], rows["_no"], rows["_periode"], rows["status_kegiatan"], strict=True
        )
        if state != done and (span := span_of(period)) and (end := ends.get((code, number))) and end <= span[1]
    ]
    found = rows.loc[late]
    notes = [f"Status: {state}." if pd.notna(state) else "Status kosong." for state in found["status_kegiatan"]]
    values = pd.DataFrame(
        {
            "Hal": "Program belum selesai sesudah waktunya",
            "No": found["no"],
            "Pembanding": "Waktu pada Rencana Kerja",
            "Keterangan": notes,
        },
        index=found.index,
    )
    return pd.concat([sources(recap, "laporan_kemajuan", found, "status_kegiatan"), values], axis=1)


def _never_reported(recap: Recap) -> pd.DataFrame:
    """Agreed programmes that no accepted report of their partnership speaks of; their cell is one of the master's."""
    plan, spent = recap.agreed.get("rencana_kerja"), reported(recap, "laporan_kemajuan")
    if recap.master is None or plan is None or spent.empty:
        return pd.DataFrame()
    told, reporting = set(zip(spent["_kode"], spent["_no"], strict=True)), set(spent["_kode"])
    owners = plan["kode_mitra"].map(lambda code: fold(str(code)))
    keys = zip(owners, plan["no"], strict=True)
    silent = [owner in reporting and pd.notna(no) and (owner, no) not in told for owner, no in keys]
    found = plan[pd.Series(silent, plan.index, dtype=bool)]
    extract, file = recap.master.reading.tables["rencana_kerja"], recap.master.path.name
    letter, register = extract.letters.get("nama_program", ""), recap.master.rows("mitra")
    names = {fold(str(row.get("kode", ""))): str(row.get("nama_lembaga", "")) for row in register}
    values = {
        "Berkas": file,
        "Lembar": extract.sheet,
        "Sel": [f"{letter}{row}" for row in found["_row"]],
        "Mitra": found["kode_mitra"].map(lambda code: names.get(fold(str(code)), str(code))),
        "Periode": "",
        "Hal": "Program yang disepakati tanpa laporan",
        "No": found["no"],
        "Pembanding": "Laporan kemajuan mitra ini",
        "Keterangan": found["nama_program"],
    }
    return pd.DataFrame(values, index=found.index)


def _agreed_ends(recap: Recap) -> dict[tuple[str, float], Any]:
    """Last day of every agreed programme by partnership and number, where its Waktu could be read."""
    plan = recap.agreed.get("rencana_kerja")
    if plan is None:
        return {}
    rows = zip(plan["kode_mitra"], plan["no"], plan["waktu_selesai"], strict=True)
    return {(fold(str(code)), number): end.date() for code, number, end in rows if pd.notna(end)}


def _finals_off(recap: Recap) -> pd.DataFrame:
    """Total spending in final reports against the progress reports, and against the agreed cost (IV.D.2)."""
    finals = recap.rows("kepala_laporan_akhir")
    if finals.empty:
        return pd.DataFrame()
    codes = finals["_file"].map(lambda number: fold(recap.codes.get(number, "")))
    subject, parts = "Total realisasi pada laporan akhir", []
    for against, sums in _sums(recap):
        expected = codes.map(sums)
        off = (finals["total_realisasi"] - expected).abs().ge(_TOLERANCE)
        parts.append(
            _off(recap, "kepala_laporan_akhir", finals[off], "total_realisasi", subject, against, expected[off])
        )
    return pd.concat(parts) if parts else pd.DataFrame()


def _sums(recap: Recap) -> Iterator[tuple[str, dict[Any, Any]]]:
    """What a final report is compared with: the sums by partnership."""
    spent = reported(recap, "laporan_kemajuan")
    if len(spent):
        yield "Jumlah realisasi laporan kemajuan", spent.groupby("_kode")["realisasi_biaya"].sum().to_dict()
    plan = recap.agreed.get("rencana_kerja")
    if plan is not None and len(plan):
        owners = plan["kode_mitra"].map(lambda code: fold(str(code)))
        yield "Jumlah Biaya yang disepakati", plan.groupby(owners)["biaya"].sum().to_dict()
