"""What an invented partner filled in: values by table and column, varied by the partner's code, never by chance.

Identity is written by hand in `mitra.toml`; programmes, risks and terms of reference are put together from
building blocks, typed the many ways people type amounts, dates and periods.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from validation.contract import lists
from validation.periods import MONTHS, show_date
from validation.values import show_rupiah

Partner = Mapping[str, Any]
Change = Mapping[str, Any]
Values = dict[str, list[dict[str, Any]]]

_MILLION = 1_000_000


@cache
def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module."""
    return tomllib.loads(files("kemitraan_xl.contoh").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def partners() -> list[Partner]:
    """Every invented partner."""
    found: list[Partner] = data("mitra")["mitra"]
    return found


def letter_date(partner: Partner, today: date) -> date:
    """Tanggal Surat of the partner's proposal."""
    return today - timedelta(days=partner["kirim"])


def term(today: date) -> tuple[date, date]:
    """The proposed term: the whole year after the present one, so that no time in it has passed yet."""
    return date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)


def proposal(partner: Partner, today: date, changes: Sequence[Change] = ()) -> tuple[Values, int]:
    """All that a partner filled in, by table and column, and what its Biaya adds up to in rupiah.

    `changes` are planted values (`cacat.toml`). A planted Biaya goes into the partner's own total as `jumlah`,
    the way a sum in a spreadsheet passes over text.
    """
    random = Random(partner["kode"])
    plan, amounts, indicators = _plan(partner, today, random)
    for change in changes:
        if change["kolom"] == "biaya":
            amounts[change["baris"] - 1] = change["jumlah"]
    total = sum(amounts)
    values: Values = {
        "sampul": [_cover(partner, today, total, random)],
        "kak": _elements(partner, today, plan, total, random),
        "rencana_kerja": plan,
        "matriks_risiko": _risks(today, random),
        "pengalaman_anak": [{"mulai_anak": partner["mulai"]}],
        "profil_bukti": _documents(partner, today, random),
        "indikator": indicators,
    }
    _plant(values, changes, today)
    return values, total


def _plant(values: Values, changes: Iterable[Change], today: date) -> None:
    for change in changes:
        value = change["nilai"]
        if isinstance(value, str):
            value = value.replace("{tahun}", str(today.year + 1)).replace("{lalu}", str(today.year - 1))
        values[change["tabel"]][change["baris"] - 1][change["kolom"]] = value


# ---- the sheets ---- #


def _cover(partner: Partner, today: date, total: int, random: Random) -> dict[str, Any]:
    start, end = term(today)
    letter = letter_date(partner, today)
    province = partner["provinsi"]
    level = partner.get("tingkat") or ("daerah" if province else "nasional")
    cover = {
        "kelas_lembaga": lists()["kelas"][partner["kelas"]].label,
        "alamat_lembaga": partner["alamat"],
        "narahubung": partner["narahubung"],
        "surel": f"sekretariat@{partner['situs']}.example",
        "telepon": f"021-5550{partner['kode'][-3:]}",
        "nomor_surat": f"{partner['kode'][-3:]}/{random.choice(('US', 'KS', 'SEK'))}/{letter.year}",
        "tanggal_surat": _day_typed(letter, random),
        "tanggal_mulai": _day_typed(start, random),
        "tanggal_selesai": _day_typed(end, random),
        "total_biaya": _amount_typed(total, random),
        "tingkat": lists()["tingkat_cakupan"][level].label,
        "provinsi": lists()["provinsi"][province].label if province else None,
        "pernyataan": "Ya",
    }
    cover |= {f"lingkup_{code}": "Ya" for code in partner["lingkup"]}
    return cover | {f"tipe_{code}": "Ya" for code in partner["tipe"]}


def _elements(
    partner: Partner, today: date, plan: Sequence[Mapping[str, Any]], total: int, random: Random
) -> list[dict[str, Any]]:
    start, end = term(today)
    words = {
        "nama": partner["nama"],
        "tempat": partner["tempat"][0],
        "program": plan[0]["nama_program"],
        "jumlah": len(plan),
        "mulai": show_date(start),
        "selesai": show_date(end),
        "total": show_rupiah(total),
    }
    wordings = data("kak")["unsur"]
    return [{"uraian": random.choice(wordings[item.code]).format(**words)} for item in lists()["unsur_kak"]]


def _plan(
    partner: Partner, today: date, random: Random
) -> tuple[list[dict[str, Any]], list[int], list[dict[str, Any]]]:
    """Rows of Lampiran 2, what each costs, and an indicator for each."""
    fitting = [block for block in data("program")["program"] if set(block["tema"]) & set(partner["tema"])]
    rows, amounts, indicators = [], [], []
    for number, block in enumerate(random.sample(fitting, min(partner["program"], len(fitting))), start=1):
        lowest, highest = block["juta"]
        amount = random.randrange(2 * lowest, 2 * highest) * _MILLION // 2
        rows.append(
            {
                "nama_program": block["nama"],
                "tujuan_hasil": f"{block['tujuan']}\nHasil: {block['hasil']}",
                "kegiatan": _activities(block["kegiatan"], random),
                "kelompok_sasaran": block["sasaran"],
                "lokasi": partner["tempat"][(number - 1) % len(partner["tempat"])],
                "waktu": _time_typed(today.year + 1, random),
                "biaya": _amount_typed(amount, random),
            }
        )
        amounts.append(amount)
        indicators.append(_indicator(number, block, today, random))
    return rows, amounts, indicators


def _activities(activities: Sequence[str], random: Random) -> str:
    marks = random.choice((("a. ", "b. ", "c. ", "d. "), ("- ",) * 4, ("",) * 4))
    return "\n".join(f"{mark}{activity}" for mark, activity in zip(marks, activities, strict=False))


def _indicator(number: int, block: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    target = block["target"]
    return {
        "no_program": number,
        "indikator": block["indikator"],
        "jenis": lists()["jenis_indikator"][block["jenis"]].label,
        "satuan": block["satuan"],
        "data_dasar": 0,
        "target": str(target) if random.random() < 0.2 else target,
        "tanggal_disepakati": _day_typed(today, random),
    }


def _risks(today: date, random: Random) -> list[dict[str, Any]]:
    """One or two risks to the safety of children first, then a few others."""
    blocks = data("risiko")["risiko"]
    safety = [block for block in blocks if block["jenis"] == "keselamatan_anak"]
    others = [block for block in blocks if block["jenis"] != "keselamatan_anak"]
    chosen = random.sample(safety, random.randint(1, 2)) + random.sample(others, random.randint(1, 4))
    return [
        {
            "jenis_risiko": lists()["jenis_risiko"][block["jenis"]].label,
            "potensi_risiko": block["potensi"],
            "dampak": block["dampak"],
            "skala_dampak": _step_typed("skala_dampak", block["skala"], random),
            "kemungkinan": _step_typed("skala_kemungkinan", block["kemungkinan"], random),
            "tindakan_mitigasi": block["mitigasi"],
            "kapan": _time_typed(today.year + 1, random),
            "penanggung_jawab": block["pelaksana"],
            "hasil_akhir": block["hasil"],
            "status": lists()["status_risiko"]["belum"].label,
        }
        for block in chosen
    ]


def _documents(partner: Partner, today: date, random: Random) -> list[dict[str, Any]]:
    """The four legality documents; numbers in forms that no office issues."""
    serial = partner["kode"][-3:]
    issued = date(2008 + random.randrange(10), 1 + random.randrange(12), 1 + random.randrange(28))
    until = date(today.year + 2 + random.randrange(3), 6, 30)
    return [
        {"nomor": f"AKTA-CONTOH-{serial}", "tanggal_terbit": _day_typed(issued, random)},
        {
            "nomor": f"IZIN-CONTOH-{serial}",
            "tanggal_terbit": _day_typed(issued, random),
            "berlaku_sampai": _day_typed(until, random),
        },
        {"nomor": f"00.000.{serial}.1-000.000", "tanggal_terbit": issued, "berlaku_sampai": "Tanpa masa berlaku"},
        {"nomor": f"SKT-CONTOH-{serial}", "tanggal_terbit": issued, "berlaku_sampai": until},
    ]


# ---- how people type ---- #


def _amount_typed(amount: int, random: Random) -> Any:
    """A number, or one of the ways people write rupiah; all can be read in one way only."""
    forms = (
        amount,
        amount,
        amount,
        show_rupiah(amount),
        f"{show_rupiah(amount)},00",
        f"{show_rupiah(amount).removeprefix('Rp ')},-",
        f"Rp. {show_rupiah(amount).removeprefix('Rp ')}",
        f"{amount / _MILLION:g} juta".replace(".", ","),
    )
    return random.choice(forms)


def _day_typed(day: date, random: Random) -> Any:
    return random.choice((day, day, show_date(day), day.isoformat()))


def _time_typed(year: int, random: Random) -> str:
    """A time inside the year, as text: a period, a day, or the year itself."""
    first = random.randrange(10)
    last = first + random.randint(1, 2)
    forms = (
        f"{MONTHS[first]} - {MONTHS[last]} {year}",
        f"{MONTHS[first][:3]} s.d. {MONTHS[last][:3]} {year}",
        f"{MONTHS[first]} {year} sampai {MONTHS[last]} {year}",
        f"Triwulan {('I', 'II', 'III', 'IV')[first % 4]} {year}",
        f"Semester {1 + first % 2} {year}",
        f"{MONTHS[first]} {year}",
        show_date(date(year, first + 1, 5 + first)),
        str(year),
    )
    return random.choice(forms)


def _step_typed(scale: str, step: int, random: Random) -> Any:
    """A step of a risk scale: mostly its number, now and then its name."""
    return lists()[scale][str(step)].label if random.random() < 0.15 else step
