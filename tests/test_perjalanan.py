"""A whole partnership in the workbook alone: typed in LibreOffice from need to extension, read after every step.

One session of LibreOffice types everything of `support.perjalanan` into an empty master. What the sheets show is
compared with a table worked out by hand from the guideline, and with what Python says of the same workbook.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.cell import get_column_letter, range_boundaries
from support import kesepakatan, office
from support.perjalanan import CODE, NAME, STEPS, Step, label

from kemitraan_xl.agenda import agenda
from kemitraan_xl.book.master import build_master
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.examine import Examined, agreed_frames, examine, stack
from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.master import Master, read_master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.realisation import children_reached, indicators, programmes
from kemitraan_xl.standing import Stacked, standings
from kemitraan_xl.verdicts import Return, look_at_masters
from validation.contract import lists

pytestmark = pytest.mark.libreoffice

PEDOMAN = load()
CONDITIONS = [one.code for one in PEDOMAN.syarat]
SENTENCES = {one.sentence: one.code for one in PEDOMAN.syarat}
BLOCK = f"A4:V{3 + len(CONDITIONS)}"
CHOSEN = f"{CODE} – {NAME}"
STAGE = {item.code: item.label for item in lists()["tahap"]}

#: After each step: the stage (BAB II to IV), how many conditions of it are open, and the next three steps.
EXPECTED: Mapping[str, tuple[str, int, tuple[str, ...]]] = {
    "mitra": ("identifikasi", 2, ("identifikasi_kebutuhan", "identifikasi_tujuan", "usulan_surat")),
    "kebutuhan": ("usulan", 4, ("usulan_surat", "usulan_inisiator", "usulan_kerangka")),
    "usulan": ("usulan", 1, ("usulan_matriks", "telaah_kriteria", "telaah_legalitas")),
    "matriks": ("telaah", 5, ("telaah_kriteria", "telaah_legalitas", "telaah_sumber")),
    "telaah": ("telaah", 4, ("telaah_legalitas", "telaah_kritis", "telaah_kelayakan")),
    "bukti": ("telaah", 2, ("telaah_kelayakan", "telaah_bendera", "naskah_prinsip")),
    "penilaian": ("telaah", 1, ("telaah_kelayakan", "naskah_prinsip", "naskah_peran_kpai")),
    "pengesahan": ("naskah", 15, ("naskah_prinsip", "naskah_peran_kpai", "naskah_peran_mitra")),
    "prinsip": ("naskah", 7, ("naskah_bentuk", "naskah_dasar_hukum", "naskah_penanggung_jawab")),
    "rancangan": ("naskah", 1, ("naskah_data", "tanda_tangan_pengesahan", "tanda_tangan_cara")),
    "klausul": ("penandatanganan", 4, ("tanda_tangan_pengesahan", "tanda_tangan_cara", "tanda_tangan_pertukaran")),
    "tanda tangan": ("risiko", 3, ("risiko_ditetapkan", "risiko_anak", "risiko_mitigasi")),
    "risiko": ("pelaksanaan", 3, ("pelaksanaan_kegiatan", "pelaksanaan_indikator", "pelaksanaan_realisasi")),
    "kegiatan": ("pelaksanaan", 1, ("pelaksanaan_realisasi", "pengendalian_monitoring", "pengendalian_laporan")),
    "realisasi": ("pengendalian", 8, ("pengendalian_monitoring", "pengendalian_laporan", "pengendalian_formatif")),
    "semester satu": (
        "pengendalian",
        5,
        ("pengendalian_formatif", "pengendalian_umpan_penerima", "pengendalian_laporan_akhir"),
    ),
    "semester dua": (
        "pengendalian",
        3,
        ("pengendalian_laporan_akhir", "pengendalian_sumatif", "pengendalian_pembelajaran"),
    ),
    "semester tiga": ("perpanjangan", 2, ("perpanjangan_keputusan", "perpanjangan_strategi")),
    "perpanjangan": ("perpanjangan", 0, ()),
}

Due = tuple[str, str, str, str, str]

#: What Rekap Laporan shows of the term 1 January 2025 to 30 June 2026: kind, period, due, limit (14 days of grace,
#: A-33d), status. Semesters (A-33a), a visit every six months (A-33b), a meeting every three (A-33c), the formative
#: evaluation after half of 545 days (A-35a), the decision from 90 days before the end, the final report 30 and the
#: summative evaluation 60 days after it (A-34, A-35b).
DUE: Mapping[str, set[Due]] = {
    "klausul": set(),  # a draft binds nobody
    "tanda tangan": {
        ("kemajuan", "2025-S1", "2025-07-01", "2025-07-15", "belum_jatuh_tempo"),
        ("kemajuan", "2025-S2", "2026-01-01", "2026-01-15", "belum_jatuh_tempo"),
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "belum_jatuh_tempo"),
        ("pemantauan", "", "2025-07-01", "2025-07-15", "belum_jatuh_tempo"),
        ("rapat", "", "2025-04-01", "2025-04-15", "belum_jatuh_tempo"),
        ("formatif", "", "2025-09-30", "2025-10-14", "belum_jatuh_tempo"),
        ("perpanjangan", "", "2026-04-01", "2026-06-30", "belum_jatuh_tempo"),
        ("akhir", "", "2026-07-30", "2026-08-13", "belum_jatuh_tempo"),
        ("sumatif", "", "2026-08-29", "2026-09-12", "belum_jatuh_tempo"),
    },
    "realisasi": {
        ("kemajuan", "2025-S1", "2025-07-01", "2025-07-15", "terlambat"),
        ("kemajuan", "2025-S2", "2026-01-01", "2026-01-15", "belum_jatuh_tempo"),
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "belum_jatuh_tempo"),
        ("pemantauan", "", "2025-07-01", "2025-07-15", "terlambat"),
        ("rapat", "", "2025-10-01", "2025-10-15", "belum_jatuh_tempo"),
        ("formatif", "", "2025-09-30", "2025-10-14", "belum_jatuh_tempo"),
        ("perpanjangan", "", "2026-04-01", "2026-06-30", "belum_jatuh_tempo"),
        ("akhir", "", "2026-07-30", "2026-08-13", "belum_jatuh_tempo"),
        ("sumatif", "", "2026-08-29", "2026-09-12", "belum_jatuh_tempo"),
    },
    "semester satu": {
        ("kemajuan", "2025-S1", "2025-07-01", "2025-07-15", "diterima"),
        ("kemajuan", "2025-S2", "2026-01-01", "2026-01-15", "belum_jatuh_tempo"),
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "belum_jatuh_tempo"),
        ("pemantauan", "", "2025-11-20", "2025-12-04", "belum_jatuh_tempo"),
        ("rapat", "", "2025-10-01", "2025-10-15", "belum_jatuh_tempo"),
        ("formatif", "", "2025-09-30", "2025-10-14", "belum_jatuh_tempo"),
        ("perpanjangan", "", "2026-04-01", "2026-06-30", "belum_jatuh_tempo"),
        ("akhir", "", "2026-07-30", "2026-08-13", "belum_jatuh_tempo"),
        ("sumatif", "", "2026-08-29", "2026-09-12", "belum_jatuh_tempo"),
    },
    "semester tiga": {
        ("kemajuan", "2025-S1", "2025-07-01", "2025-07-15", "diterima"),
        ("kemajuan", "2025-S2", "2026-01-01", "2026-01-15", "diterima"),
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "diterima"),
        ("formatif", "", "2025-09-30", "2025-10-14", "diterima"),
        ("perpanjangan", "", "2026-04-01", "2026-06-30", "terlambat"),
        ("akhir", "", "2026-07-30", "2026-08-13", "diterima"),
        ("sumatif", "", "2026-08-29", "2026-09-12", "diterima"),
    },
    # The new end is 30 June 2027: half of 910 days, two periods more, and all that hangs on the end a year later.
    "perpanjangan": {
        ("kemajuan", "2025-S1", "2025-07-01", "2025-07-15", "diterima"),
        ("kemajuan", "2025-S2", "2026-01-01", "2026-01-15", "diterima"),
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "diterima"),
        ("kemajuan", "2026-S2", "2027-01-01", "2027-01-15", "belum_jatuh_tempo"),
        ("kemajuan", "2027-S1", "2027-07-01", "2027-07-15", "belum_jatuh_tempo"),
        ("pemantauan", "", "2026-11-12", "2026-11-26", "belum_jatuh_tempo"),
        ("rapat", "", "2026-10-01", "2026-10-15", "belum_jatuh_tempo"),
        ("formatif", "", "2026-04-01", "2026-04-15", "diterima"),
        ("perpanjangan", "", "2027-04-01", "2027-06-30", "belum_jatuh_tempo"),
        # The final report and the summative evaluation of the first term do not close the extended one.
        ("akhir", "", "2027-07-30", "2027-08-13", "belum_jatuh_tempo"),
        ("sumatif", "", "2027-08-29", "2027-09-12", "belum_jatuh_tempo"),
    },
}

#: Sums of the three periods, by hand. Programme 1: 15 + 25 + 18 of 60 million; programme 2: 10 + 15 + 15 of 40.
PLANNED, SPENT = 100_000_000, 98_000_000
SPENT_BY_PROGRAMME = {1: 58_000_000, 2: 40_000_000}
#: Certified: (46 - 10) of (50 - 10). Children: 80 + 50 + 40 not counted before, of 200.
ACHIEVED = {"Pendamping bersertifikat": (46, 0.9), "Anak yang didampingi": (170, 0.85)}
CHILDREN = {
    "Anak Laki-laki": 40 + 45 + 52,
    "Anak Perempuan": 40 + 45 + 48,
    "Usia 0 – 5": 30,
    "Usia 6 – 12": 135,
    "Usia 13 – 17": 90,
    "Usia 18 ke atas": 15,
    "Anak Baru": 170,
}

# ---- typing ---- #


@dataclass(frozen=True)
class Places:
    """Where the columns of the master stand, by defined name as the workbook has them."""

    ranges: Mapping[str, tuple[str, int, int]]  #: sheet, column, row of the heading

    def at(self, name: str, below: int = 0) -> dict[str, str]:
        sheet, column, row = self.ranges[name]
        return {"sheet": sheet, "cell": f"{get_column_letter(column)}{row + below}"}

    def cell(self, table: str, column: str, row: int) -> dict[str, str]:
        """The cell of a data row, counted from 1."""
        return self.at(f"{table}_{column}", row)


def places(path: Path) -> Places:
    ranges = {}
    for name, defined in openpyxl.load_workbook(path).defined_names.items():
        sheet, _, cells = str(defined.attr_text).rpartition("!")
        if sheet and "(" not in cells:
            column, row, _, _ = range_boundaries(cells.replace("$", ""))
            ranges[name] = sheet.strip("'"), int(column or 0), int(row or 0)
    return Places(ranges)


def script(known: Places, folder: Path) -> Iterator[dict[str, Any]]:
    """Every step typed, and what the sheets show after it noted."""
    used: dict[str, int] = {}
    for number, step in enumerate(STEPS):
        yield typed(known, "tanggal_beku", spoken(step.day))
        for table, rows in step.rows.items():
            owner = {} if table in ("mitra", "data_penilaian") else {"kode_mitra": CODE}
            for row in rows:
                used[table] = used.get(table, 0) + 1
                for column, text in {**owner, **row}.items():
                    yield {"do": "type", **known.cell(table, column, used[table]), "text": text}
        for table, at, cells in step.more:
            for column, text in cells.items():
                yield {"do": "type", **known.cell(table, column, at), "text": text}
        if number == 0:
            yield typed(known, "kemitraan_dipilih", CHOSEN)
        if step.sign:
            yield from signing(known)
        for sheet, noted in NOTED.items():
            place = noted or next_steps_on_beranda(known)
            yield {"do": "note_values", "sheet": sheet, "cells": place, "out": str(folder / f"{number} {sheet}.json")}


NOTED = {"Jejak": BLOCK, "Beranda": "", "Kerja Sama": "A3:CC4", "Rekap Laporan": "A4:H30"}


def next_steps_on_beranda(known: Places) -> str:
    """The chosen partnership, below it its stage and its next three steps."""
    row = int(known.at("kemitraan_dipilih")["cell"].lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("$"))
    return f"A{row}:D{row + 4}"


def typed(known: Places, name: str, text: str) -> dict[str, Any]:
    """Typing into the cell that has a name of its own."""
    return {"do": "type", **known.at(name), "text": text}


def spoken(day: str) -> str:
    """An ISO day as an Indonesian types it."""
    return "/".join(day.split("-")[::-1])


def signing(known: Places) -> Iterator[dict[str, Any]]:
    """Choose the assessment on Daftar Periksa, copy by hand what it shows beside the signatures."""
    yield typed(known, "penilaian_dipilih", f"{NAME} | 01/11/2024")
    for below, target in ((-2, "sidik_disahkan"), (-1, "skor_disahkan"), (0, "versi_disahkan")):
        shown = known.at("versi_aturan", below)
        source = {"from_sheet": shown["sheet"], "source": shown["cell"]}
        yield {"do": "copy_shown", **known.cell("data_penilaian", target, 1), **source}


@dataclass(frozen=True)
class Walk:
    """The finished workbook and what was noted on the way: by step and sheet."""

    path: Path
    notes: Mapping[str, Mapping[str, list[list[Any]]]]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("perjalanan")
    build_master(folder / "kosong.xlsx", today=date(2024, 7, 1))
    office.type_into(
        folder / "kosong.xlsx", list(script(places(folder / "kosong.xlsx"), folder)), folder / "induk.xlsx"
    )
    notes = {
        step.name: {sheet: json.loads((folder / f"{n} {sheet}.json").read_text()) for sheet in NOTED}
        for n, step in enumerate(STEPS)
    }
    return Walk(folder / "induk.xlsx", notes)


# ---- after every step ---- #


def day(serial: Any) -> str:
    return (date(1899, 12, 30) + timedelta(int(serial))).isoformat()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_stage_and_next_steps(walk: Walk, step: Step) -> None:
    stage, open_now, next_steps = EXPECTED[step.name]
    notes = walk.notes[step.name]
    block = notes["Jejak"]
    lacking = [code for code, row in zip(CONDITIONS, block, strict=True) if row[8] == "Belum"]
    assert tuple(lacking[:3]) == next_steps
    assert all(cell is not None for row in block for cell in row)
    headings, row = notes["Kerja Sama"]
    own = dict(zip(headings, row, strict=True))
    assert own["Kode Mitra"] == CODE
    assert own["Tahap menurut Syarat"] == own["Tahap Sekarang"] == STAGE[stage]
    assert own["Syarat Terbuka pada Tahap Ini"] == open_now
    beranda = notes["Beranda"]
    assert beranda[1][1] == STAGE[stage]
    assert [SENTENCES[row[3]] for row in beranda[2:] if row[3] in SENTENCES] == list(next_steps)


@pytest.mark.parametrize("step", DUE)
def test_due_dates_and_statuses(walk: Walk, step: str) -> None:
    note = walk.notes[step]["Rekap Laporan"]
    codes = {item.label: item.code for name in ("kewajiban", "status_laporan") for item in lists()[name]}
    rows = [row for row in note[3:] if row[0]]
    assert {(codes[row[2]], row[3], day(row[4]), day(row[5]), codes[row[6]]) for row in rows} == DUE[step]
    assert len(rows) == len(DUE[step])


def test_days_on_which_stages_were_completed(shown: openpyxl.Workbook) -> None:
    """The latest date of each stage, as a date."""
    sheet = shown["Jejak"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    found = {code: sheet.cell(4, heads[f"Selesai: {label}"]).value for code, label in STAGE.items()}
    assert {code: value.date().isoformat() for code, value in found.items() if value} == {
        "identifikasi": "2024-08-01",
        "usulan": "2024-09-02",
        "telaah": "2024-11-01",
        "naskah": "2024-12-05",
        "penandatanganan": "2024-12-20",
        "pelaksanaan": "2026-06-29",
        "pengendalian": "2026-06-25",
        "perpanjangan": "2026-06-26",
    }


# ---- at the end ---- #


@pytest.fixture(scope="module")
def shown(walk: Walk) -> openpyxl.Workbook:
    return openpyxl.load_workbook(walk.path, data_only=True)


def table(book: openpyxl.Workbook, sheet: str, first: str) -> list[dict[str, Any]]:
    """The rows below the heading row that begins with or holds this heading, up to the first empty one."""
    rows = list(book[sheet].iter_rows(values_only=True))
    at, left = next((n, row.index(first)) for n, row in enumerate(rows) if first in row)
    found = []
    for row in rows[at + 1 :]:
        if row[left] in (None, ""):
            break
        found.append({str(head): cell for head, cell in zip(rows[at][left:], row[left:], strict=True) if head})
    return found


def test_no_formula_gives_an_error(shown: openpyxl.Workbook) -> None:
    errors = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in shown.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


def test_assessment_is_signed_and_counts(shown: openpyxl.Workbook) -> None:
    (row,) = (row for row in table(shown, "Rekap Mitra", "Kode") if row["Kode"] == CODE)
    assert (row["Jumlah Skor"], row["Rekomendasi"]) == (11, label("rekomendasi", "direkomendasikan"))
    assert row["Pengesahan"] == label("pengesahan", "sah")


def test_costs(shown: openpyxl.Workbook) -> None:
    classes = {row["Kelas Lembaga"]: row["Biaya"] for row in table(shown, "Rekap Biaya", "Kelas Lembaga")}
    assert classes[label("kelas", "2")] == classes["Jumlah"] == PLANNED
    assert {row["No"]: row["Biaya"] for row in table(shown, "Rekap Program", "Baris")} == {1: 60_000_000, 2: 40_000_000}


def test_differences(shown: openpyxl.Workbook) -> None:
    """The final report is two million below what was agreed; everything else ties out."""
    rows = table(shown, "Rekap Selisih", "Kode Mitra")
    assert [(row["Menurut Pembanding"], row["Menurut Laporan"], row["Selisih"]) for row in rows] == [
        (PLANNED, SPENT, SPENT - PLANNED)
    ]


def test_achievements(shown: openpyxl.Workbook) -> None:
    rows = table(shown, "Rekap Evaluasi", "Baris")
    assert {row["Indikator"]: (row["Realisasi"], pytest.approx(row["Capaian"])) for row in rows} == ACHIEVED
    kinds = {row["Jenis Indikator"]: row for row in table(shown, "Rekap Evaluasi", "Jenis Indikator")}
    trained = kinds[label("jenis_indikator", "penguatan_sdm")]
    assert (trained["Disepakati"], trained["Tercapai"]) == (1, 0)
    assert trained["Capaian Rata-rata"] == pytest.approx(0.9)
    people = {row["Anak yang Dilayani"]: row["Jumlah"] for row in table(shown, "Rekap Evaluasi", "Anak yang Dilayani")}
    assert people == CHILDREN


def test_coverage(shown: openpyxl.Workbook) -> None:
    scopes = {row["Ruang Lingkup"]: row for row in table(shown, "Cakupan", "Ruang Lingkup")}
    found = {text.partition(" ")[0]: row["Jumlah"] for text, row in scopes.items() if row["Jumlah"]}
    assert found == {"2a": 1, "4": 1}
    row = next(row for text, row in scopes.items() if text.startswith("2a "))
    assert {heading for heading, count in row.items() if count == 1} == {
        *("Jumlah", "Tipe 3", "Nasional", label("kelas", "2")),
    }


def test_dashboard(shown: openpyxl.Workbook) -> None:
    values = [[cell.value for cell in row] for row in shown["Dasbor"].iter_rows()]
    figures = {(row[0], row[1]) for row in values if isinstance(row[0], str) and row[1] not in (None, "")}
    assert (STAGE["perpanjangan"], 1) in figures
    assert (label("status_laporan", "diterima"), 4) in figures
    assert (label("status_laporan", "belum_jatuh_tempo"), 7) in figures
    assert (label("rekomendasi", "direkomendasikan"), 1) in figures
    assert (NAME, PLANNED / 1_000_000) in figures
    assert (label("jenis_indikator", "anak_dilayani"), 0.85) in figures
    assert ("Staf Humas", 1) in figures
    assert ("Staf Hukum", 1) in figures


# ---- the same through Python ---- #


@pytest.fixture(scope="module")
def master(walk: Walk) -> Master:
    return read_master(walk.path)


@pytest.fixture(scope="module")
def examined(master: Master) -> Examined:
    return examine([master.reading], date.fromisoformat(STEPS[-1].day), PEDOMAN, PEDOMAN.choose())


def test_python_says_the_same_stage(walk: Walk, examined: Examined) -> None:
    stacked = Stacked(stack(examined.readings), examined.frames, examined.readings)
    ((_, standing),) = standings(stacked, examined.findings).items()
    assert (standing.stage, standing.open) == ("perpanjangan", ())
    block = walk.notes["perpanjangan"]["Jejak"]
    assert [float(one.count) for one in standing.conditions] == [row[7] for row in block]
    days = [day(row[9]) if row[9] else None for row in block]
    assert [one.day.isoformat() if one.day else None for one in standing.conditions] == days


@pytest.mark.parametrize("step", ["semester tiga", "perpanjangan"])
def test_python_says_the_same_dates(master: Master, step: str) -> None:
    frames = agreed_frames(master.reading)
    if step == "semester tiga":
        frames["perpanjangan"] = frames["perpanjangan"].iloc[:0]
    on = next(date.fromisoformat(one.day) for one in STEPS if one.name == step)
    (one,) = agenda(frames, PEDOMAN.choose(), on)
    assert (one.code, one.name, one.obstacle) == (CODE, NAME, "")
    found = {(due.kind, due.period, due.due.isoformat(), due.limit.isoformat(), due.status) for due in one.obligations}
    assert found == DUE[step]


def test_python_says_the_same_totals(master: Master) -> None:
    """The three reports as files of their own, joined with what the master agreed."""
    recap = reported(master)
    spent = programmes(recap)
    assert spent.groupby("_no")["realisasi_biaya"].sum().to_dict() == SPENT_BY_PROGRAMME
    last = spent[spent["_periode"].eq("2026-S1")].set_index("_no")
    assert last["serapan"].to_dict() == {1: pytest.approx(58 / 60), 2: 1.0}
    found = indicators(recap)
    end = found[found["_periode"].eq("2026-S1")].set_index("indikator")
    assert {name: (end["sampai_kini"][name], pytest.approx(end["capaian"][name])) for name in end.index} == ACHIEVED
    assert children_reached(recap) == CHILDREN["Anak Baru"]


def reported(master: Master) -> Recap:
    """A recap of one progress report per period, with the rows that were typed into the master."""
    tables = ("laporan_kemajuan", "indikator")
    rows = {name: master.rows(name) for name in tables}
    periods = sorted({str(row["periode"]) for row in rows["laporan_kemajuan"]})
    readings = [
        kesepakatan.reading(
            {name: [row for row in rows[name] if row.get("periode") == period] for name in tables},
            "kemajuan",
            periode=period,
            mitra=CODE,
        )
        for period in periods
    ]
    agreed = agreed_frames(master.reading)
    for name in tables:
        agreed[name] = agreed[name][agreed[name]["periode"].isna()]
    on = date.fromisoformat(STEPS[-1].day)
    found = examine(readings, on, PEDOMAN, PEDOMAN.choose(), agreed)
    returns = [
        Return(Arrival(f"{period}.xlsx", Path(period), 1), reading, "kemajuan", NAME, period=period, verdict="diterima")
        for period, reading in zip(periods, found.readings, strict=True)
    ]
    return Recap(on, "uji", returns, found.frames, agreed=agreed, codes=found.codes)


def test_every_typed_row_is_read(master: Master) -> None:
    typed_rows: dict[str, int] = {}
    for step in STEPS:
        for name, rows in step.rows.items():
            typed_rows[name] = typed_rows.get(name, 0) + len(rows)
    assert {name: len(master.rows(name)) for name in typed_rows} == typed_rows
    assert [str(row["rencana_mulai"])[:10] for row in master.rows("kegiatan")] == ["2025-02-10", "2025-03-03"]


def test_nothing_is_wrong_with_it(walk: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path))
    recap = consolidate([walk.path], date.fromisoformat(STEPS[-1].day))
    look_at_masters(recap.returns)
    (entry,) = recap.returns
    assert [(one.code, one.sheet, one.cell, one.value) for one in entry.findings if one.level == "E"] == []
