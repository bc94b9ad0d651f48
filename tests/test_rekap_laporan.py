"""Rekap Laporan of the master: native formulas and schedule.py say the same of the same cooperations.

A master with cooperations of all kinds is built once; it is then looked at on several days and under other settings,
calculated by LibreOffice and by cellrune, and compared row by row with what Python reads out of the same file.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cellrune
import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook
from support import office

from kemitraan_xl.agenda import agenda, archived
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.rekap_laporan import SHEET
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.formulas import setting_name
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.master import read_master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.schedule import URGENCY
from kemitraan_xl.verdicts import Return
from validation.contract import lists
from validation.periods import periods_between

TODAY = date(2026, 11, 24)
COUNT = 40

#: Days and settings under which the same master is judged.
CASES: Mapping[str, tuple[date, Mapping[str, int]]] = {
    "hari ini": (TODAY, {}),
    "akhir Februari": (date(2024, 2, 29), {}),
    "awal": (date(2023, 6, 1), {}),
    "sesudah semua": (date(2031, 1, 1), {}),
    "pengaturan lain": (
        date(2026, 3, 31),
        {"A-33a": 1, "A-33b": 2, "A-33c": 1, "A-33d": 0, "A-34": 60, "A-35a": 33, "A-35b": 0},
    ),
}


def day_near(chance: random.Random, around: date, spread: int) -> date:
    return around + timedelta(days=chance.randint(-spread, spread))


def content() -> dict[str, list[dict[str, Any]]]:
    """Cooperations of every kind: short, long, in order or not, with and without all that can be on record."""
    chance = random.Random(33)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for n in range(1, COUNT + 1):
        code = f"M-{n:03}"
        start = date(2023, 1, 1) + timedelta(days=chance.randint(0, 1400))
        end = start + timedelta(days=chance.choice([-1, 0, 1, 30, 89, 181, 364, 365, 729, 1095]))
        found["mitra"].append({"kode": code, "nama_lembaga": f"Lembaga {n}", "surel": f"m{n}@contoh.example"})
        row: dict[str, Any] = {"nama_lembaga": f"Lembaga {n}", "tanggal_mulai": start, "tanggal_selesai": end}
        row["selang_laporan"] = chance.choice([None, None, 1, 3, 6, 12, 4])
        row["selang_monitoring"] = chance.choice([None, 1, 3, 12])
        row["tahap"] = chance.choice([None, "Analisis dan Telaah", "Pelaksanaan Program dan Kegiatan", "Pengendalian"])
        if n == 1:  # monthly reports over a whole year, whatever chance says of the others
            start, end = date(2025, 10, 1), date(2026, 9, 30)
            row |= {"tanggal_mulai": start, "tanggal_selesai": end, "selang_laporan": 1, "tahap": "Pengendalian"}
        if n % 13 == 0:
            row["tanggal_selesai"] = chance.choice([None, "sampai selesai"])
        for table, rows in {"kerja_sama": [row], **life(chance, start, end)}.items():
            found[table] += [{"kode_mitra": code, **one} for one in rows]
    return found


def life(chance: random.Random, start: date, end: date) -> dict[str, list[dict[str, Any]]]:
    """What may be on record of one cooperation, by table."""
    states = chance.sample(["Berlaku", "Berlaku", "Berakhir", "Rancangan"], chance.choice([0, 1, 1, 2]))
    visits = [start + timedelta(days=chance.randint(-20, 500)) for _ in range(chance.choice([0, 1, 3]))]
    kinds = chance.sample(["Formatif", "Sumatif"], chance.choice([0, 1, 2]))
    periods = [one.text for months in (1, 3, 6, 12) for one in periods_between(start, max(start, end), months)]
    return {
        "naskah": [{"status_naskah": state} for state in states],
        "perpanjangan": [
            {
                "tanggal_keputusan": chance.choice([None, day_near(chance, end, 60), day_near(chance, end, 60)]),
                "keputusan": chance.choice(["Diperpanjang", "Diperpanjang", "Ditutup"]),
                "tanggal_selesai_baru": chance.choice([None, end + timedelta(days=chance.randint(30, 500))]),
            }
            for _ in range(chance.choice([0, 0, 1, 2]))
        ],
        "monitoring": [{"tanggal": visit} for visit in visits],
        "evaluasi": [{"jenis_evaluasi": kind, "tanggal": day_near(chance, end, 300)} for kind in kinds],
        "laporan_kemajuan": [{"periode": text, "no": 1} for text in periods if chance.random() < 0.3],
        "laporan_pelaksanaan": [
            {"bagian_hasil": "Tercapai", "tanggal_diterima": chance.choice([None, day_near(chance, end, 90)])}
            for _ in range(chance.choice([0, 0, 1]))
        ],
    }


def returned_files(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Recap:
    """A consolidation in which some reports came in, some of them to go back."""
    chance, returns, codes = random.Random(7), [], {}
    for number, own in enumerate(row for row in rows["kerja_sama"] for _ in range(3)):
        kind = chance.choice(["kemajuan", "kemajuan", "akhir", "usulan"])
        period = chance.choice(list(periods_between(own["tanggal_mulai"], TODAY, chance.choice([3, 6, 12])))).text
        arrival = Arrival(f"{number}.xlsx", Path(f"{number}.xlsx"), 1, f"{number:064}")
        verdict = chance.choice(["dikembalikan", "dikembalikan", "diterima", "digantikan"])
        reading = FileReading()
        returns.append(Return(arrival, reading, kind, str(own["nama_lembaga"]), period=period, verdict=verdict))
        codes[number] = str(own["kode_mitra"])
    return Recap(TODAY, "uji", returns, {}, codes=codes)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("jadwal") / "induk.xlsx"
    rows = content()
    build_master(target, rows, today=TODAY, recap=returned_files(rows))
    return target


@pytest.fixture(scope="module")
def names(master: Path) -> dict[str, tuple[str, str]]:
    """Sheet and address of every cell that has a name of its own."""
    found = {}
    for name, place in openpyxl.load_workbook(master, read_only=True).defined_names.items():
        sheet, _, cell = str(place.attr_text).rpartition("!")
        found[name] = sheet.strip("'"), cell.replace("$", "")
    return found


Row = tuple[Any, ...]


def sheet_rows(path: Path, sheet: str = SHEET) -> list[list[Any]]:
    """The stored values of a sheet, from its first cell on."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def value(path: Path, place: tuple[str, str]) -> Any:
    row, column = coordinate_to_tuple(place[1])
    return sheet_rows(path, place[0])[row - 1][column - 1]


def shown(path: Path) -> list[Row]:
    """The list on the sheet, as a person reads it, with the sheet that each row leads to."""
    rows = sheet_rows(path)
    headings = next(at for at, row in enumerate(rows) if row[0] == "Kode Mitra")
    return [tuple(row[:8]) for row in rows[headings + 1 :] if row[0]]


def expected(path: Path, today: date, settings: Mapping[str, int]) -> list[Row]:
    known = read_master(path)
    labels = {name: {item.code: item.label for item in lists()[name]} for name in ("kewajiban", "status_laporan")}
    found = agenda(agreed_frames(known.reading), load().choose(settings), today, archived(path))
    owed = [(one, due) for one in found for due in one.obligations]
    return [
        (
            *(one.code, one.name, labels["kewajiban"][due.kind], due.period, due.due, due.limit),
            labels["status_laporan"][due.status],
        )
        for one, due in sorted(owed, key=lambda pair: (URGENCY.index(pair[1].status), pair[1].due))
    ]


def judged(
    path: Path, names: Mapping[str, tuple[str, str]], today: date, settings: Mapping[str, int], target: Path
) -> Path:
    """The master with the day held and the settings typed, as cellrune calculates it."""
    with cellrune.Workbook.open_path(path) as opened:
        opened.set_number(*names["tanggal_beku"], float((today - date(1899, 12, 30)).days))
        for code, chosen in settings.items():
            opened.set_number(*names[setting_name(code)], float(chosen))
        opened.calculate()
        target.write_bytes(opened.to_bytes())
    return target


def agree(found: Sequence[Row], wanted: Sequence[Row]) -> None:
    assert sorted(row[:7] for row in found) == sorted(wanted)
    assert [(row[6], row[4]) for row in found] == [(row[6], row[4]) for row in wanted]  # the most urgent first


def test_the_cooperations_are_of_every_kind(master: Path) -> None:
    rows = expected(master, TODAY, {})
    assert {row[2] for row in rows} == set(lists()["kewajiban"].labels)
    assert {row[6] for row in rows} == set(lists()["status_laporan"].labels)
    assert {row[3][4:6] for row in rows if row[3]} >= {"", "-S", "-T", "-0", "-1"}
    found = agenda(agreed_frames(read_master(master).reading), load().choose(), TODAY)
    assert {one.obstacle for one in found} == {"", *(item.code for item in lists()["hambatan_jadwal"])}


@pytest.mark.parametrize("case", CASES)
def test_cellrune_and_python_agree(
    master: Path, names: Mapping[str, tuple[str, str]], tmp_path: Path, case: str
) -> None:
    today, settings = CASES[case]
    held = judged(master, names, today, settings, tmp_path / "hitung.xlsx")
    agree(shown(held), expected(master, today, settings))


@pytest.mark.libreoffice
@pytest.mark.parametrize("case", ["akhir Februari", "pengaturan lain"])
def test_libreoffice_and_python_agree(
    master: Path, names: Mapping[str, tuple[str, str]], tmp_path: Path, case: str
) -> None:
    today, settings = CASES[case]
    held = judged(master, names, today, settings, tmp_path / "beku.xlsx")
    agree(shown(office.recalculate(held, tmp_path / "lo")), expected(master, today, settings))


def test_stored_values_are_those_of_the_day_it_was_built_for(
    master: Path, names: Mapping[str, tuple[str, str]]
) -> None:
    agree(shown(master), expected(master, TODAY, {}))
    assert value(master, names["hari_ini"]) == TODAY


def test_figures_count_the_list(master: Path, names: Mapping[str, tuple[str, str]]) -> None:
    wanted = expected(master, TODAY, {})
    for status in URGENCY:
        label = lists()["status_laporan"][status].label
        assert value(master, names[f"jumlah_laporan_{status}"]) == sum(row[6] == label for row in wanted)


def test_every_row_leads_to_the_sheet_that_records_it(master: Path) -> None:
    places = {row[2]: row[7] for row in shown(master)}
    assert places == {item.label: lists()["lembar_induk"][item.links[0]].label for item in lists()["kewajiban"]}


def test_documents_warn_before_they_end(tmp_path: Path) -> None:
    target = tmp_path / "masa.xlsx"
    left = {-1: "Sudah berakhir", 30: "Berakhir dalam 30 hari", 90: "Berakhir dalam 90 hari", 91: ""}
    days = [TODAY + timedelta(days=days) for days in left]
    own = {"kode_mitra": "M-001"}
    rows: dict[str, Any] = {
        "bukti": [{**own, "dokumen": "NPWP", "berlaku_sampai": day} for day in days],
        "naskah": [
            *({**own, "status_naskah": "Berlaku", "tanggal_selesai": day} for day in days),
            {**own, "status_naskah": "Digantikan", "tanggal_selesai": TODAY},
        ],
    }
    build_master(target, rows, today=TODAY)

    def warned(name: str) -> list[tuple[Any, str]]:
        headings, *body = sheet_rows(target, name)[2:]
        places = [headings.index(heading) for heading in ("Sisa Hari", "Peringatan Masa Berlaku")]
        return [(row[places[0]], row[places[1]]) for row in body if row[places[0]] != ""]

    assert warned("Bukti") == list(left.items())
    assert warned("Naskah") == [*left.items(), (0, "")]
