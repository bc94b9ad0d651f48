"""What an invented partner reported: three quarters of the agreed term and, of some, the final report.

Derived from the partner's own proposal by rule, varied by the partner's code, never by chance. Everything was
reported in the year after the proposal and read early in the one after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from kemitraan_xl.contoh.proposal import Partner, Values, data, partners, proposal, term
from validation.contract import lists
from validation.periods import MONTHS
from validation.values import read_date, read_rupiah, show_rupiah

QUARTERS = (1, 2, 3)

_ROUND = 100_000  #: rupiah to which an invented amount is rounded
_TYPED = 0.15  #: how many of the amounts are written as text

#: What is spent of a programme's cost, and done of its target, in the quarters in which it runs.
_SPENT, _DONE = (0.3, 0.3, 0.25), (0.3, 0.6, 0.9)


def reporters() -> list[Partner]:
    """The partners that report; their proposals were accepted as they stand."""
    return [partner for partner in partners() if partner["kode"] in data("laporan")["pelapor"]]


def finishers() -> list[Partner]:
    """Those of them that have handed in a final report."""
    return [partner for partner in partners() if partner["kode"] in data("laporan")["penutup"]]


def read_on(today: date) -> date:
    """The day on which KPAI consolidates the reports: after the term that was proposed on `today`."""
    return date(today.year + 2, 2, 10)


def period(quarter: int, today: date) -> str:
    """A quarter of the term as it is issued."""
    return f"{today.year + 1}-T{quarter}"


def agreed(partner: Partner, today: date) -> Values:
    """What a report shows from the start: cover, programmes and indicators as the master holds them."""
    values, total = proposal(partner, today)
    start, end = term(today)
    cover = {name: cell for name, cell in values["sampul"][0].items() if name != "nomor_surat"}
    cover |= {"tanggal_mulai": start, "tanggal_selesai": end, "total_biaya": total}
    plan = [
        {
            "no": number,
            "nama_program": row["nama_program"],
            "kegiatan": row["kegiatan"],
            "biaya": read_rupiah(row["biaya"]).value,
        }
        for number, row in enumerate(values["rencana_kerja"], start=1)
    ]
    indicators = [
        {**row, "target": int(row["target"]), "tanggal_disepakati": read_date(row["tanggal_disepakati"]).value}
        for row in values["indikator"]
    ]
    return {"sampul": [cover], "laporan_kemajuan": plan, "indikator": indicators}


def progress(partner: Partner, today: date, quarter: int) -> Values:
    """A progress report of one quarter, filled in without a fault."""
    random = Random(f"{partner['kode']} {quarter}")
    values = agreed(partner, today)
    sent = date(today.year + 1, 3 * quarter + 1, 10)
    values["sampul"][0] |= {"nomor_surat": f"{partner['kode'][-3:]}/LK-{quarter}/{sent.year}", "tanggal_surat": sent}
    for row in values["laporan_kemajuan"]:
        row |= _state(row, today, quarter, random)
    for row in values["indikator"]:
        row |= _achieved(row, _quarters_run(row["no_program"], quarter))
    values["umpan_balik"] = [
        _feedback(source, today, quarter, random) for source in lists()["sumber_umpan_balik"].labels
    ]
    return values


def final(partner: Partner, today: date) -> Values:
    """A final report, filled in without a fault."""
    values = agreed(partner, today)
    plan = values.pop("laporan_kemajuan")
    sent = date(today.year + 2, 1, 20)
    values["sampul"][0] |= {"nomor_surat": f"{partner['kode'][-3:]}/LA/{sent.year}", "tanggal_surat": sent}
    for row in values["indikator"]:
        row |= _achieved(row, len(_DONE), final=True)
    words = {"program": plan[0]["nama_program"]}
    texts = data("laporan")["akhir"]
    values["kepala_laporan_akhir"] = [{"tanggal_laporan": sent, "total_realisasi": sum(row["biaya"] for row in plan)}]
    values["laporan_akhir"] = [{"uraian": texts[item.code].format(**words)} for item in lists()["bagian_laporan_akhir"]]
    values["pembelajaran"] = [_learning(partner, sent)]
    return values


def spent(values: Values) -> int:
    """The rupiah that a progress report says were used; what cannot be read counts as none, as in a spreadsheet."""
    cells = (read_rupiah(row.get("realisasi_biaya")).value for row in values.get("laporan_kemajuan", ()))
    return round(sum(amount for amount in cells if amount))


# ---- the rows ---- #


def _quarters_run(number: int, quarter: int) -> int:
    """In how many quarters a programme has run by the end of this one: the even ones begin a quarter later."""
    return quarter - (number + 1) % 2


def _state(row: Mapping[str, Any], today: date, quarter: int, random: Random) -> dict[str, Any]:
    """Status, time, results and money of one programme in one quarter."""
    run = _quarters_run(row["no"], quarter)
    stage = ("belum", "mulai", "lanjut", "selesai")[run]
    status = {"belum": "belum_dimulai", "selesai": "selesai"}.get(stage, "berjalan")
    words = {part: random.choice(data("laporan")[stage][part]) for part in ("hasil", "kendala", "rekomendasi")}
    found: dict[str, Any] = {part: text.format(program=row["nama_program"]) for part, text in words.items()}
    found |= {"status_kegiatan": lists()["status_kegiatan"][status].label, "realisasi_biaya": 0}
    if run:
        first = 3 * (quarter - 1)
        share = row["biaya"] * _SPENT[run - 1]
        found["waktu_pelaksanaan"] = f"{MONTHS[first]} - {MONTHS[first + 1 + random.randrange(2)]} {today.year + 1}"
        amount = round(share / _ROUND) * _ROUND
        found["realisasi_biaya"] = show_rupiah(amount) if random.random() < _TYPED else amount
    return found


def _achieved(row: Mapping[str, Any], run: int, final: bool = False) -> dict[str, Any]:
    """What an indicator came to; children by sex and age, and how many of them are new (all, in the first quarter)."""
    children = row["jenis"] == lists()["jenis_indikator"]["anak_dilayani"].label
    done = round(row["target"] * _DONE[run - 1]) if run else 0
    if not children:
        return {"realisasi": done}
    before = round(row["target"] * _DONE[run - 2]) if run > 1 else 0
    boys, young, middle = done // 2, done // 5, done // 2
    found = {"realisasi": done, "anak_laki_laki": boys, "anak_perempuan": done - boys}
    found |= {"usia_0_5": young, "usia_6_12": middle, "usia_13_17": done - young - middle, "usia_18": 0}
    return {**found, "anak_baru": 0 if final else done - before}


def _feedback(source: str, today: date, quarter: int, random: Random) -> dict[str, Any]:
    texts = data("laporan")["umpan_balik"]
    return {
        "tanggal": date(today.year + 1, 3 * quarter, 5 + random.randrange(20)),
        "sumber": source,
        "jumlah_responden": 5 + random.randrange(40),
        **{name: random.choice(words) for name, words in texts.items()},
    }


def _learning(partner: Partner, sent: date) -> dict[str, Any]:
    return {
        "judul": f"Belajar bersama {partner['nama']}",
        "jenis": lists()["jenis_pembelajaran"]["a"].label,
        "tingkat_perubahan": lists()["tingkat_perubahan"]["kelompok"].label,
        "uraian": "Kelompok peserta menyusun aturan sendiri dan menjalankannya sampai akhir program.",
        "penulis": "Tim penulis KPAI dan mitra",
        "metode": "Wawancara dan telaah laporan",
        "publikasi": "Ya",
        "izin_kpai": "Kepala Bagian Humas",
        "tanggal_izin_kpai": sent,
        "izin_mitra": partner["narahubung"],
        "tanggal_izin_mitra": sent,
    }
