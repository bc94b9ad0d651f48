"""Invented partners' returns: written from the current template, some with planted faults, always the same bytes.

What must be found in them is told by the generator's own data, never by the reader or the checks.
"""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from kemitraan_xl.book.finish import repack
from kemitraan_xl.book.template import build_template
from kemitraan_xl.safe_write import replace_file
from validation.contract import lists, tables
from validation.periods import show_month
from validation.values import show_rupiah

Values = dict[str, list[dict[str, Any]]]
Place = tuple[str, str, str]  #: code, sheet, cell

_CODE = re.compile(r"M-(\d+)")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What a consolidation of the generated files must come to."""

    verdicts: Mapping[str, str]  #: by file name
    findings: Mapping[str, frozenset[Place]]  #: levels E and W, by file name
    rows: int  #: programme rows of accepted files
    total: int  #: rupiah of accepted files


@cache
def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module."""
    return tomllib.loads(files("kemitraan_xl.contoh").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def generate(folder: Path, today: date) -> Expected:
    """Write every sample return into `folder`; the term of all proposals begins the month after `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    faults = {row["kode"]: row for row in data("cacat")["cacat"]}
    verdicts: dict[str, str] = {}
    findings: dict[str, frozenset[Place]] = {}
    rows = total = 0
    for partner in data("mitra")["mitra"]:
        code, name = partner["kode"], file_name(partner)
        values, fault = proposal(partner, today), faults.get(partner["kode"], {})
        for change in fault.get("isi", []):
            values[change["tabel"]][change["baris"]][change["kolom"]] = change["nilai"]
        target = folder / name
        build_template("usulan", target, mitra=partner["nama"], kode=code, prefill=values, per_tanggal=today)
        if "ubah" in fault:
            replace_file(target, _changed(target, _CHANGES[fault["ubah"]], today))
        found = frozenset((kode, sheet, cell) for kode, sheet, cell in fault.get("temuan", []))
        returned = fault.get("dikembalikan", False)
        verdicts[name], findings[name] = ("dikembalikan" if returned else "diterima"), found
        if not returned:
            plan = values["rencana_kerja"]
            rows += len(plan)
            total += sum(_amount(row["biaya"]) for row in plan)
    verdicts |= _odd_files(folder)
    return Expected(verdicts, findings, rows, total)


def file_name(partner: Mapping[str, Any]) -> str:
    """How the partner named its file."""
    return f"{partner['kode']} {partner['nama']}.xlsx"


def _number(partner: Mapping[str, Any]) -> int:
    match = _CODE.fullmatch(partner["kode"])
    return int(match[1]) if match else 0


def _amount(typed: Any) -> int:
    return typed if isinstance(typed, int) else int(re.sub(r"\D", "", typed))


def proposal(partner: Mapping[str, Any], today: date) -> Values:
    """All that a partner filled in, by table and column; varied by the partner's number, without chance."""
    number = _number(partner)
    start = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    end = date(start.year + 1, start.month, 1) - timedelta(days=1)
    place = lists()["provinsi"][partner["provinsi"]].label if partner["provinsi"] else "Nasional"
    plan = _plan(number, place, start)
    level = "internasional" if "7" in partner["lingkup"] else "daerah" if partner["provinsi"] else "nasional"
    cover: dict[str, Any] = {
        "kelas_lembaga": lists()["kelas"][partner["kelas"]].label,
        "alamat_lembaga": f"Jalan Contoh Nomor {number}, Kota Rekaan",
        "narahubung": "Sekretaris lembaga",
        "surel": f"kantor{number:03d}@mitra.example",
        "telepon": f"021-5550{number:03d}",
        "nomor_surat": f"{number:03d}/US/{today.year}",
        "tanggal_surat": today - timedelta(days=number % 20 + 1),
        "tanggal_mulai": start,
        "tanggal_selesai": end,
        "total_biaya": sum(_amount(row["biaya"]) for row in plan),
        "tingkat": lists()["tingkat_cakupan"][level].label,
        "provinsi": place if partner["provinsi"] else None,
        "pernyataan": "Ya",
    }
    cover |= {f"lingkup_{code}": "Ya" for code in partner["lingkup"]}
    cover |= {f"tipe_{code}": "Ya" for code in partner["tipe"]}
    text = data("isi")
    return {
        "sampul": [cover],
        "kak": [{"no": i, "uraian": text["unsur"][str(i)]} for i in range(1, 11)],
        "rencana_kerja": plan,
        "matriks_risiko": _risks(number, start),
        "pengalaman_anak": [{"mulai_anak": "0 tahun" if number % 9 == 0 else start.year - number % 14 - 1}],
        "profil_bukti": _documents(number, today),
        "indikator": _indicators(number, plan, today),
    }


def _programme(number: int, position: int) -> dict[str, Any]:
    programmes = data("isi")["program"]
    chosen: dict[str, Any] = programmes[(number + position) % len(programmes)]
    return chosen


def _plan(number: int, place: str, start: date) -> list[dict[str, Any]]:
    rows = []
    for position in range(2 + number % 4):
        programme = _programme(number, position)
        amount = (10 + (number * 7 + position * 13) % 90) * _MILLION
        later = start + timedelta(days=61)  # inside the term, which is a year
        rows.append(
            {
                "no": position + 1,
                "nama_program": programme["nama"],
                "tujuan_hasil": programme["tujuan"],
                "kegiatan": programme["kegiatan"],
                "kelompok_sasaran": programme["sasaran"],
                "lokasi": place,
                "waktu": show_month(later),
                "biaya": show_rupiah(amount) if (number + position) % 3 == 0 else amount,
            }
        )
    return rows


def _risks(number: int, start: date) -> list[dict[str, Any]]:
    risks = data("isi")["risiko"]
    chosen = [risks[0], *(risks[1 + (number + i) % (len(risks) - 1)] for i in range(number % 3))]
    return [
        {
            "no": position,
            "jenis_risiko": lists()["jenis_risiko"][risk["jenis"]].label,
            "potensi_risiko": risk["potensi"],
            "dampak": risk["dampak"],
            "skala_dampak": risk["skala"],
            "kemungkinan": risk["kemungkinan"],
            "tindakan_mitigasi": risk["mitigasi"],
            "kapan": show_month(start),
            "penanggung_jawab": risk["pelaksana"],
            "hasil_akhir": risk["hasil"],
            "status": lists()["status_risiko"]["belum"].label,
        }
        for position, risk in enumerate(chosen, start=1)
    ]


def _documents(number: int, today: date) -> list[dict[str, Any]]:
    issued = date(2010 + number % 10, 1 + number % 12, 1 + number % 28)
    return [
        {"no": 1, "nomor": f"AKTA-{number:03d}", "tanggal_terbit": issued},
        {
            "no": 2,
            "nomor": f"IZIN-{number:03d}",
            "tanggal_terbit": issued,
            "berlaku_sampai": date(today.year + 3, 6, 30),
        },
        {"no": 3, "nomor": f"0{number % 9}.{number:03d}.567.8-901.000", "tanggal_terbit": issued},
        {"no": 4, "nomor": f"SKT-{number:03d}", "tanggal_terbit": issued},
    ]


def _indicators(number: int, plan: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    rows = []
    for position in range(len(plan)):
        programme = _programme(number, position)
        rows.append(
            {
                "no_program": position + 1,
                "indikator": programme["indikator"],
                "jenis": lists()["jenis_indikator"][programme["jenis"]].label,
                "satuan": programme["satuan"],
                "data_dasar": 0,
                "target": 10 + number,
                "tanggal_disepakati": today,
            }
        )
    return rows


# ---- changes to a written workbook, as a person's program would make them ----------------------------- #


def _insert_row(book: Any) -> None:
    """A blank row between the first and the second programme."""
    book["Rencana Kerja"].insert_rows(7)


def _rename_heading(book: Any) -> None:
    """A heading by another, near name."""
    heading = tables()["rencana_kerja"].column("kelompok_sasaran").heading
    cells = (cell for row in book["Rencana Kerja"].iter_rows() for cell in row)
    next(cell for cell in cells if cell.value == heading).value = f"{heading}nya"


def _drop_sheet(book: Any) -> None:
    del book["Indikator"]


_CHANGES: dict[str, Callable[[Any], None]] = {
    "sisip_baris": _insert_row,
    "judul_lain": _rename_heading,
    "hapus_lembar": _drop_sheet,
}


def _changed(path: Path, change: Callable[[Any], None], today: date) -> bytes:
    """The workbook after a change, its formulas replaced by their values, saved with fixed times."""
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = values[sheet.title][cell.coordinate].value
    change(book)
    buffer, fixed = BytesIO(), BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(fixed, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{today}T00:00:00Z".encode(), content)
            target.writestr(member.filename, content)
    return repack(fixed.getvalue())


def _odd_files(folder: Path) -> dict[str, str]:
    """Files that are no returns: a copy, a broken one, an empty one, another format, litter."""
    first = min(folder.glob("M-*.xlsx"))
    replace_file(folder / f"Salinan {first.name}", first.read_bytes())
    replace_file(folder / "terpotong.xlsx", first.read_bytes()[:5000])
    replace_file(folder / "kosong.xlsx", b"")
    replace_file(folder / "surat.xlsx", b"%PDF-1.7\n")
    replace_file(folder / "Thumbs.db", b"\x00")
    return {
        f"Salinan {first.name}": "duplikat",
        "terpotong.xlsx": "ditolak",
        "kosong.xlsx": "ditolak",
        "surat.xlsx": "ditolak",
        "Thumbs.db": "dilewati",
    }
