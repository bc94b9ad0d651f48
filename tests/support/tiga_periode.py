"""Three periods of reports of forty partners, from `tests/data/tiga_periode.md`: a master, and the files sent in.

Building a template takes a second or more, so one is built for every period, filled in as the usual report; each
partner's file is that one with the cells of this partner typed in, as a person would.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.template import build_template
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.reading.reader import read_bytes
from validation.contract import lists

DATA = Path(__file__).parents[1] / "data" / "tiga_periode.md"
TODAY = date(2026, 10, 10)
MILLION = 1_000_000
PERIODS = ("2026-T1", "2026-T2", "2026-T3")

#: What a partner calls its reports: by name they do not come in the order of the periods.
_NAMES = dict(zip(PERIODS, ("pertama", "kedua", "ketiga"), strict=True))

#: Not sent as a file: nothing at all, or a report on paper that staff typed in.
ABSENT, ON_PAPER = "–", "P"
_REPLACING, _TWICE, _USUAL = "C", "D", "L"

_CODE, _NAME, _SECOND = "M-000", "Lembaga 00", "Indikator lain"  #: what the template of a period says of no partner
_PROGRAMMES = (
    {"no": 1, "nama_program": "Pelatihan", "kegiatan": "Lokakarya", "waktu": "Januari - Desember 2026", "biaya": 100},
    {"no": 2, "nama_program": "Pendampingan", "kegiatan": "Kunjungan", "waktu": "2026", "biaya": 50},
)
_TICKS = ("lingkup_1a", "tipe_1", "lingkup_3", "tipe_3")
_AGES = {"usia_0_5": "0 – 5", "usia_6_12": "6 – 12", "usia_13_17": "13 – 17"}

Line = Mapping[str, str]
Changes = dict[tuple[str, int, str], Any]  #: by table, row counted from 1, and column


def sections() -> dict[str, list[list[Line]]]:
    """The tables of the file by section, in order; a row by its headings."""
    found: dict[str, list[list[Line]]] = defaultdict(list)
    title = ""
    headings: list[str] = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            title = line[3:]
        if not line.startswith("|"):
            headings = []
        elif not headings:
            headings = cells
            found[title].append([])
        elif not re.fullmatch(r"[-|]+", line):
            found[title][-1].append(dict(zip(headings, cells, strict=True)))
    return found


def named(line: Line) -> str:
    """The name of a partner, which has the number of its code."""
    return f"Lembaga {line['Kode'][-2:]}"


# ---- what was agreed ---- #


def _cover(line: Line) -> dict[str, Any]:
    ticked = _TICKS[:2] if int(line["Kode"][-2:]) <= 20 else _TICKS[2:]
    return {
        "nama_lembaga": named(line),
        "kelas_lembaga": line["Kelas"],
        "tanggal_mulai": date(2026, 1, 1),
        "tanggal_selesai": date(2026, 12, 31),
        "tingkat": line["Tingkat"],
        "provinsi": "Jawa Barat",
        **{name: "Ya" if name in ticked else None for name in _TICKS},
    }


def _programmes(code: str) -> list[dict[str, Any]]:
    rows = [{**row, "biaya": int(str(row["biaya"])) * MILLION} for row in _PROGRAMMES]
    if code == "M-036":
        rows[0]["waktu"] = "Januari - Juni 2026"
    return rows


def _indicators(second: Line) -> list[dict[str, Any]]:
    children = {"no_program": 1, "indikator": "Anak didampingi", "satuan": "anak", "data_dasar": 0, "target": 40}
    children["jenis"] = lists()["jenis_indikator"]["anak_dilayani"].label
    other = {"no_program": 2, "indikator": _SECOND, "jenis": second["Jenis"], "satuan": second["Satuan"]}
    return [children, other | {"data_dasar": int(second["Data Dasar"]), "target": int(second["Target"])}]


def _second(line: Line) -> Line:
    (kinds,) = sections()["Indikator lain"]
    return next(kind for kind in kinds if kind["Indikator Lain"] == line["Indikator Lain"])


def write_master(target: Path) -> Path:
    """The master before any report came in, but for what staff typed from paper."""
    content: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sections()["Yang dikirim"][0]:
        own, cover = {"kode_mitra": line["Kode"]}, _cover(line)
        total = 140 if line["Kode"] == "M-037" else 150
        register = {name: cover[name] for name in ("nama_lembaga", "kelas_lembaga")}
        content["mitra"].append({"kode": line["Kode"], **register})
        state = {"total_biaya": total * MILLION, "selang_laporan": 3, "tahap": lists()["tahap"]["pelaksanaan"].label}
        content["kerja_sama"].append({**cover, **own, **state})
        content["rencana_kerja"] += [{**row, **own} for row in _programmes(line["Kode"])]
        content["indikator"] += [{**row, **own} for row in _indicators(_second(line))]
        content["laporan_kemajuan"] += [
            {**own, "periode": period, **_reported(_PROGRAMMES[0], "30", "Berjalan")}
            for period in PERIODS
            if line[period] == ON_PAPER
        ]
    build_master(target, content, today=TODAY)
    return target


# ---- what was sent ---- #


def _reported(row: Mapping[str, Any], spent: str, state: str) -> dict[str, Any]:
    told = {"hasil": "Terlaksana sesuai rencana.", "kendala": "Tidak ada", "rekomendasi": "Tidak ada"}
    agreed = {name: row[name] for name in ("no", "nama_program", "kegiatan")}
    money = {"biaya": row["biaya"] * MILLION, "realisasi_biaya": int(spent) * MILLION}
    return {**agreed, **money, **told, "status_kegiatan": state}


def send(folder: Path) -> None:
    """Write the files of all partners and periods into `folder`, named after both."""
    ((usual,), (sent, signs)) = (sections()[title] for title in ("Laporan yang lazim", "Yang dikirim"))
    for report in usual:
        sender = _Sender(report, folder / "templat.xlsx")
        for line in sent:
            sign = line[report["Periode"]]
            if sign not in (ABSENT, ON_PAPER):
                sender.send(line, [row for row in signs if row["Tanda"] == sign], folder, sign)
    (folder / "templat.xlsx").unlink()


class _Sender:
    """The template of one period, open, to be filled in for one partner after the other."""

    def __init__(self, report: Line, template: Path) -> None:
        self.report = report
        build_template(
            "kemajuan",
            template,
            mitra=_NAME,
            kode=_CODE,
            periode=report["Periode"],
            prefill=self._usual(),
            per_tanggal=TODAY,
        )
        self.reading: FileReading = read_bytes(template.read_bytes())
        self.book: Workbook = openpyxl.load_workbook(template)
        self.stamps = [
            cell
            for sheet in self.book
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and _CODE in cell.value
        ]

    def _usual(self) -> dict[str, list[dict[str, Any]]]:
        report = self.report
        blank = {"Kode": _CODE, "Kelas": "", "Tingkat": ""}
        spent = [_reported(row, report[f"Biaya {row['no']}"], report[f"Status {row['no']}"]) for row in _PROGRAMMES]
        children = {"realisasi": report["Anak"], "anak_baru": report["Baru"]}
        children |= {"anak_laki_laki": report["Laki-laki"], "anak_perempuan": report["Perempuan"]}
        children |= {name: report[heading] for name, heading in _AGES.items()} | {"usia_18": "0"}
        first, second = _indicators({"Jenis": "", "Satuan": "", "Data Dasar": "0", "Target": "0"})
        achieved = [first | {name: int(cell) for name, cell in children.items()}, second | {"realisasi": 0}]
        cover = _cover(blank) | {"total_biaya": 150 * MILLION}
        cover |= {"tanggal_surat": date.fromisoformat(report["Tanggal Surat"])}
        return {"sampul": [cover], "laporan_kemajuan": spent, "indikator": achieved}

    def send(self, line: Line, signs: Sequence[Line], folder: Path, sign: str) -> None:
        own = {("sampul", 1, name): cell for name, cell in _cover(line).items()}
        other = _indicators(_second(line))[1] | {"realisasi": int(self.report[line["Indikator Lain"]])}
        own |= {("indikator", 2, name): cell for name, cell in other.items()}
        path = folder / f"{line['Kode']} laporan {_NAMES[self.report['Periode']]}.xlsx"
        if sign == _REPLACING:
            old = path.with_name(f"lama {path.name}")
            self._save(own | {("laporan_kemajuan", 1, "realisasi_biaya"): 99 * MILLION}, line["Kode"], old)
        self._save(own | _changes(signs), line["Kode"], path)
        if sign == _TWICE:
            shutil.copy(path, path.with_name(f"salinan {path.name}"))

    def _save(self, changes: Changes, code: str, path: Path) -> None:
        """The open template with these cells, as a file; then as it was before."""
        typed = [(self._cell(*place), cell) for place, cell in changes.items()]
        typed += [(cell, str(cell.value).replace(_CODE, code)) for cell in self.stamps]
        before = [(cell, cell.value) for cell, _ in typed]
        for cell, value in typed:
            cell.value = value
        self.book.save(path)
        for cell, value in before:
            cell.value = value

    def _cell(self, table: str, row: int, column: str) -> Any:
        extract = self.reading.tables[table]
        return self.book[extract.sheet][extract.cell(column, row - 1)]


def _changes(signs: Sequence[Line]) -> Changes:
    """What a sign says is otherwise than usual; a programme taken out is a row without a single cell."""
    found: Changes = {}
    for sign in signs:
        if not sign["Tabel"]:
            continue
        place = (sign["Tabel"], int(sign["Baris"]))
        if sign["Kolom"] == "(dihapus)":
            found |= {(*place, name): None for name in _reported(_PROGRAMMES[0], "0", "")}
        else:
            found[(*place, sign["Kolom"])] = _value(sign)
    return found


def _value(sign: Line) -> Any:
    text = sign["Isian"]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return int(text) * MILLION if text.isdigit() else text or None
