"""Issue of the whole life: three periods of reports of forty partners come to the figures worked out by hand.

Everything sent and everything expected stands in `data/tiga_periode.md`. The files are consolidated beside the master,
and the master is renewed with them; both are then read as a person reads them, from the sheets of the files. In the
master these are the values of its own formulas, as cellrune calculates them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from support import tiga_periode
from support.tiga_periode import MILLION, PERIODS, TODAY, Line

from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.renew import new_master
from validation.contract import lists

Grid = list[list[Any]]
Sheets = Mapping[str, Grid]


@pytest.fixture(scope="module")
def wanted() -> Mapping[str, list[list[Line]]]:
    prefix = "Yang harus keluar: "
    return {title.removeprefix(prefix): tables for title, tables in tiga_periode.sections().items() if prefix in title}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The summary and the renewed master."""
    folder = tmp_path_factory.mktemp("tiga")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(folder / "cache"))
        master = tiga_periode.write_master(folder / "induk.xlsx")
        sent = folder / "kiriman"
        sent.mkdir()
        tiga_periode.send(sent)
        write_summary(consolidate([sent], TODAY, master=master), folder / "rekap.xlsx")
        new_master(folder / "baru.xlsx", master, [sent], TODAY)
        yield folder / "rekap.xlsx", folder / "baru.xlsx"


def _read(path: Path) -> Sheets:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture(scope="module")
def summary(made: tuple[Path, Path]) -> Sheets:
    return _read(made[0])


@pytest.fixture(scope="module")
def master(made: tuple[Path, Path]) -> Sheets:
    return _read(made[1])


def listed(grid: Grid, first: str) -> list[dict[str, Any]]:
    """The rows below the row that has this heading, up to the first without anything under it."""
    at = next(number for number, row in enumerate(grid) if first in row)
    column = grid[at].index(first)
    found = []
    for row in grid[at + 1 :]:
        if row[column] == "":
            break
        found.append(dict(zip(reversed(grid[at]), reversed(row), strict=True)))  # of two equal headings the first
    return found


def panel(sheets: Sheets, title: str) -> dict[str, Any]:
    """A panel of the dashboard: its numbers by their labels."""
    grid = sheets["Dasbor"]
    at = next(number for number, row in enumerate(grid) if row[0] == title)
    rows = []
    for row in grid[at + 1 :]:
        if row[0] == "":
            break
        rows.append((str(row[0]), row[1]))
    return dict(rows)


def numbers(lines: list[Line], label: str, value: str) -> dict[str, float]:
    return {line[label]: float(line[value]) for line in lines}


# ---- the summary ---- #


def test_files_and_their_verdicts(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    ((lines,), told) = wanted["berkas"], panel(summary, "Berkas menurut putusan")
    assert told == numbers(lines, "Putusan", "Berkas")
    assert sum(told.values()) == len(listed(summary["Arsip"], "SHA-256")) - 1  # the master stands there too


def test_timeliness(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    lines = wanted["status laporan"][0]
    rows = listed(summary["Rekap Laporan"], "Mitra")
    kinds = lists()["jenis_berkas"]
    told = Counter(
        (row["Periode"] if row["Jenis"] == kinds["kemajuan"].label else "Akhir", row["Status"]) for row in rows
    )
    columns = (*PERIODS, "2026-T4", "Akhir")
    assert {(name, line["Status"]): told[name, line["Status"]] for name in columns for line in lines} == {
        (name, line["Status"]): int(line[name]) for name in columns for line in lines
    }
    assert panel(summary, "Laporan menurut status") == numbers(lines, "Status", "Seluruhnya")


def test_rupiah_used(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    (lines,) = wanted["rupiah"]
    expected = numbers(lines, "Hal", "Juta")
    costs = listed(summary["Rekap Biaya"], "Berkas")
    assert costs[-1]["Realisasi Biaya"] == expected["Realisasi dari berkas"] * MILLION
    for period in PERIODS:
        spent = sum(row["Realisasi Biaya"] for row in costs if row["Periode"] == period)
        assert spent == expected[f"Realisasi {period}"] * MILLION
    partners: Counter[str] = Counter()
    for row in costs[:-1]:
        partners[row["Mitra"]] += row["Realisasi Biaya"]
    named = {name for name in expected if name.startswith("Lembaga")}
    assert {name: partners[name] / MILLION for name in named} == {name: expected[name] for name in named}
    assert next(iter(panel(summary, "10 realisasi biaya terbesar").items())) == ("Lembaga 20", 135)
    told = panel(summary, "Biaya yang disepakati dan realisasinya")
    assert list(told.values()) == [expected["Disepakati"], expected["Realisasi seluruhnya"]]


def test_programmes_reported(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    expected = numbers(wanted["program yang dilaporkan"][0], "Status", "Baris")
    assert panel(summary, "Program yang dilaporkan menurut status") == expected
    assert len(listed(summary["Rekap Program"], "Berkas")) == sum(expected.values())


def test_children_are_counted_once(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    expected = numbers(wanted["anak"][0], "Hal", "Anak")
    told = panel(summary, "Anak yang terjangkau menurut periode")
    assert told == {period: expected[f"Terjangkau {period}"] for period in PERIODS}
    rows = listed(summary["Rekap Evaluasi"], "Berkas")
    assert sum(row["Anak Terhitung"] or 0 for row in rows) == expected["Terjangkau"]
    twice = [(row["Mitra"], row["Periode"]) for row in rows if row["Mungkin Ganda"]]
    assert twice == [("Lembaga 27", "2026-T2")]
    assert len(twice) == expected["Mungkin Ganda"]


def test_achievement_by_kind(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    expected = numbers(wanted["capaian"][0], "Jenis", "Capaian")
    assert panel(summary, "Capaian rata-rata menurut jenis indikator") == pytest.approx(expected, abs=1e-6)


def test_only_what_does_not_tie_out(summary: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    rows = listed(summary["Rekap Selisih"], "Hal")
    told = [
        (row["Mitra"], row["Periode"], str(row["No"]).removesuffix(".0"), row["Hal"], row["Selisih"]) for row in rows
    ]
    assert sorted(told, key=str) == sorted(
        (
            (
                line["Mitra"],
                line["Periode"],
                line["No"],
                line["Hal"],
                float(line["Selisih"]) * MILLION if line["Selisih"] else "",
            )
            for line in wanted["selisih pada rekap"][0]
        ),
        key=str,
    )


def test_coverage(summary: Sheets, master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    told = {row["Kode"]: row for row in listed(summary["Cakupan"], "Kode")}
    grid = master["Cakupan"]
    at = next(number for number, row in enumerate(grid) if row[0] == "Ruang Lingkup")
    counted = {str(row[0]).split("  ")[0]: dict(zip(grid[at], row, strict=True)) for row in grid[at + 1 :]}
    for line in wanted["cakupan"][0]:
        scope, subject = line["Lingkup"], line["Hal"]
        assert told[scope][subject] == int(line["Rekap"]), line
        assert counted[scope][subject] == int(line["Induk"]), line


# ---- the master, by its own formulas ---- #


def test_timeliness_in_the_master(master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    reports, everything = wanted["status laporan"]
    kinds = [lists()["kewajiban"][code].label for code in ("kemajuan", "akhir")]
    rows = listed(master["Rekap Laporan"], "Kode Mitra")
    told = Counter(row["Status"] for row in rows if row["Kewajiban"] in kinds)
    assert dict(told) == numbers(reports, "Status", "Seluruhnya")
    assert panel(master, "Kewajiban menurut status") == numbers(everything, "Status", "Seluruh Kewajiban")


def test_rupiah_in_the_master(master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    expected = numbers(wanted["rupiah"][0], "Hal", "Juta")
    told = panel(master, "Biaya yang disepakati dan realisasinya")
    assert list(told.values()) == [expected["Disepakati"], expected["Realisasi seluruhnya"]]


def test_achievement_in_the_master(master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    (lines,) = wanted["capaian"]
    rows = {row["Jenis Indikator"]: row for row in listed(master["Rekap Evaluasi"], "Jenis Indikator")}
    for line in lines:
        row = rows[line["Jenis"]]
        assert (row["Disepakati"], row["Tercapai"]) == (int(line["Disepakati"]), int(line["Tercapai"])), line
        assert row["Capaian Rata-rata"] == pytest.approx(float(line["Capaian"]), abs=1e-6), line
    told = panel(master, "Capaian rata-rata menurut jenis indikator")
    assert told == pytest.approx(numbers(lines, "Jenis", "Capaian"), abs=1e-6)


def test_children_in_the_master(master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    expected = numbers(wanted["anak"][0], "Hal", "Anak")
    told = {row["Anak yang Dilayani"]: row["Jumlah"] for row in listed(master["Rekap Evaluasi"], "Anak yang Dilayani")}
    parts = {name: number for name, number in expected.items() if name.startswith(("Anak ", "Usia "))}
    assert {name: told[name] for name in parts} == parts
    assert told["Anak Baru"] == expected["Terjangkau"]


def test_only_what_does_not_tie_out_in_the_master(master: Sheets, wanted: Mapping[str, list[list[Line]]]) -> None:
    rows = listed(master["Rekap Selisih"], "Kode Mitra")
    told = [(row["Kode Mitra"], str(row["No"]).removesuffix(".0"), row["Hal"], row["Selisih"]) for row in rows]
    size = {"Program tanpa laporan (banyak laporan)": 1}
    assert sorted(told) == sorted(
        (line["Kode"], line["No"], line["Hal"], float(line["Selisih"]) * size.get(line["Hal"], MILLION))
        for line in wanted["selisih pada induk"][0]
    )
