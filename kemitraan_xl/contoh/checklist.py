"""What KPAI's staff typed about the invented partners in the master: the register and the checklists of Lampiran 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kemitraan_xl.contoh.daur import assessed_on
from kemitraan_xl.contoh.proposal import Partner, data, partners
from kemitraan_xl.pedoman.load import load, rule_version
from kemitraan_xl.seal import fingerprint
from validation.contract import lists

Row = dict[str, Any]

_ANSWERS = ("kelengkapan", "masih_berlaku", "relevansi")
_NO_EXPERIENCE = "0 tahun"
_SIGNERS = {"staf_penilai": "Ratna Wulandari", "mengetahui": "Bagus Prasetyo"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a checklist must come to, worked out by hand: `total` is None while it is not complete."""

    total: int | None
    recommendation: str  #: code of the list `rekomendasi`, "" while not complete
    flags: frozenset[str]


def register() -> list[Row]:
    """The rows of the sheet Mitra: every partner that KPAI has given a code."""
    return [
        {
            "kode": partner["kode"],
            "nama_lembaga": partner["nama"],
            "kelas_lembaga": lists()["kelas"][partner["kelas"]].label,
            "alamat_lembaga": partner["alamat"],
            "narahubung": partner["narahubung"],
            "surel": f"sekretariat@{partner['situs']}.example",
            "telepon": f"021-5550{partner['kode'][-3:]}",
        }
        for partner in partners()
    ]


def checklists(today: date) -> list[Row]:
    """The rows of the sheet Data Penilaian: ten for every partner, assessed on `today` or before."""
    return [row for partner in partners() for row in _checklist(partner, assessed_on(partner, today))]


def outcomes() -> dict[str, Outcome]:
    """What every partner's checklist must come to, by the partner's name."""
    return {partner["nama"]: _outcome(partner) for partner in partners()}


def _outcome(partner: Partner) -> Outcome:
    shape = _shape(partner)
    points = shape.get("jumlah")
    total = None if points is None else points + (partner["mulai"] != _NO_EXPERIENCE)
    return Outcome(total, shape.get("rekomendasi", ""), frozenset(shape.get("bendera", ())))


def _shape(partner: Partner) -> Mapping[str, Any]:
    shape: Mapping[str, Any] = data("penilaian")["bentuk"][partner["penilaian"]]
    return shape


def _checklist(partner: Partner, today: date) -> list[Row]:
    scopes = "; ".join(f"{code} {lists()['lingkup'][code].label}" for code in partner["lingkup"])
    rows = []
    for item in lists()["kisi_kisi"]:
        row: Row = {
            "nama_lembaga": partner["nama"],
            "alamat_lembaga": partner["alamat"],
            "ruang_lingkup": scopes,
            "tanggal_penilaian": today,
            "no": int(item.parent),
            "kisi_kisi": item.label,
            **_SIGNERS,
        }
        rows.append(row | _answers(item.code, _shape(partner)))
    rows[0]["mulai_anak"] = partner["mulai"]
    rows[0] |= _signed(partner, rows, today)
    return rows


def _signed(partner: Partner, rows: Sequence[Row], today: date) -> Row:
    """What stands in the first row of a checklist signed on `today`; nothing while it is not to be signed."""
    shape, total = _shape(partner), _outcome(partner).total
    if total is None or not shape.get("disahkan", True):
        return {}
    first = rows[0]
    lowered = lists()["rekomendasi"][shape["akhir"]].label if "akhir" in shape else None
    head = [first[name] for name in ("nama_lembaga", "tanggal_penilaian", "ruang_lingkup", "mulai_anak")]
    answers = [[row[name] for name in ("kisi_kisi", *_ANSWERS)] + [None] for row in rows]
    return {
        "rekomendasi_akhir": lowered,
        "keterangan": shape.get("keterangan", "").replace("{tahun}", str(today.year + 1)) or None,
        "jabatan_penilai": "Analis Kemitraan",
        "jabatan_mengetahui": "Kepala Bagian Kemitraan",
        "tanggal_disahkan": today,
        "sidik_disahkan": fingerprint([*head, lowered], answers),
        "skor_disahkan": total,
        "versi_disahkan": rule_version(load(), load().choose()),
    }


def _answers(item: str, shape: Mapping[str, Any]) -> Row:
    """The three answers to a kisi-kisi and the reason, as labels; "" is not assessed yet."""
    usual = data("penilaian")["usual"]
    codes = {name: usual[name] for name in _ANSWERS}
    if item in usual["bermasa"]:
        codes["masih_berlaku"] = "ya"
    different: Mapping[str, Any] = next((row for row in shape.get("beda", ()) if row["kisi"] == item), {})
    codes |= {name: different[name] for name in _ANSWERS if name in different}
    if codes["kelengkapan"] == "tidak_dipersyaratkan":
        codes |= {"masih_berlaku": "", "relevansi": ""}
    labels = {name: lists()[name][code].label if code else None for name, code in codes.items()}
    return {**labels, "alasan": different.get("alasan")}
