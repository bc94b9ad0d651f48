"""From the files of a folder to the summary: every file accounted for, every row traceable, same bytes again."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from kemitraan_xl import cli
from kemitraan_xl.book.summary import ORDER, write_summary
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh import demo, generate
from kemitraan_xl.contoh.proposal import data, partners, proposal
from kemitraan_xl.preview import differences
from kemitraan_xl.recap import SHEETS

TODAY = date(2026, 11, 24)
#: Two clean partners and every partner with a planted fault: the rest of the set is the same again.
FEW = {"M-001", "M-002", "M-041", "M-044", *(row["kode"] for row in data("cacat")["cacat"])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, generate.Expected]:
    target = tmp_path_factory.mktemp("kiriman")
    return target, generate.generate(target, TODAY, [row for row in partners() if row["kode"] in FEW])


@pytest.fixture(scope="module")
def recap(folder: tuple[Path, generate.Expected], tmp_path_factory: pytest.TempPathFactory) -> Recap:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        return consolidate([folder[0]], TODAY)


def test_finds_exactly_what_was_planted(recap: Recap, folder: tuple[Path, generate.Expected]) -> None:
    assert list(demo.differences(recap, folder[1])) == []


def test_the_six_verdicts_add_up_to_the_files(recap: Recap, folder: tuple[Path, generate.Expected]) -> None:
    assert (
        sum(recap.verdicts().values())
        == len([path for path in folder[0].rglob("*") if path.is_file()])
        == len(SHEETS["Arsip"](recap))
    )


def test_rows_of_returned_files_reach_no_rekap(recap: Recap) -> None:
    returned = {entry.arrival.name for entry in recap.returns if entry.verdict != "diterima"}
    for name in ("Rekap Mitra", "Rekap Program", "Rekap Biaya", "Rekap Risiko", "Rekap Evaluasi", "Rekap Selisih"):
        assert not returned & set(SHEETS[name](recap)["Berkas"])


def test_every_row_of_rekap_program_is_in_its_file_at_its_cell(recap: Recap, folder: tuple[Path, Any]) -> None:
    for row in SHEETS["Rekap Program"](recap).to_dict("records"):
        sheet = CalamineWorkbook.from_path(str(folder[0] / row["Berkas"])).get_sheet_by_name(row["Lembar"])
        grid = sheet.to_python(skip_empty_area=False)
        assert row["Sel"][0] == "B"
        assert str(grid[int(row["Sel"][1:]) - 1][1]).strip() == row["Nama Program"]


def test_sum_of_rekap_biaya(recap: Recap, folder: tuple[Path, generate.Expected]) -> None:
    cost = SHEETS["Rekap Biaya"](recap)
    assert cost["Biaya"].iloc[:-1].sum() == cost["Biaya"].iloc[-1] == folder[1].total


def test_summary_is_the_same_bytes_again_and_holds_no_formula(recap: Recap, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_summary(recap, first)
    write_summary(recap, second)
    assert first.read_bytes() == second.read_bytes()
    assert tuple(CalamineWorkbook.from_path(str(first)).sheet_names) == ORDER
    program = pd.read_excel(first, sheet_name="Rekap Program", engine="calamine")
    assert '=HYPERLINK("x")' in set(program["Nama Program"])


def test_preview_of_the_same_recap_shows_no_change(recap: Recap, tmp_path: Path) -> None:
    target = tmp_path / "rekap.xlsx"
    write_summary(recap, target)
    _, *lines = differences(recap, target)
    assert [line for line in lines if line.endswith(" hilang")] == [
        f"{name}: 0 baru, 0 berubah, 0 hilang" for name in SHEETS
    ]
    assert [line for line in lines if "→" in line] == []


def run(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["kemitraan", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    return int(stopped.value.code or 0)


def test_newer_return_replaces_older_and_order_does_not_matter(
    folder: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    source = next(folder[0].rglob("M-001*"))
    values = proposal(partners()[0], TODAY)[0]
    values["sampul"][0]["tanggal_surat"] = TODAY
    again = tmp_path / "kiriman" / "a revisi.xlsx"
    again.parent.mkdir()
    first = partners()[0]
    period = str(TODAY.year + 1)
    build_template(
        "usulan", again, mitra=first["nama"], kode=first["kode"], periode=period, prefill=values, per_tanggal=TODAY
    )
    shutil.copy(source, again.with_name("z lama.xlsx"))
    verdicts = {e.arrival.name: e.verdict for e in consolidate([again.parent], TODAY).returns}
    assert verdicts == {"a revisi.xlsx": "diterima", "z lama.xlsx": "digantikan"}


def test_command_line(
    folder: tuple[Path, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    good = str(next(folder[0].rglob("M-001*")))
    bad = str(next(folder[0].rglob("M-007*")))
    assert run("periksa", good, "--senyap", "--per-tanggal", "2026-11-24") == 0
    capsys.readouterr()
    assert run("periksa", bad, "--senyap", "--format", "json", "--per-tanggal", "2026-11-24") == 1
    (file,) = json.loads(capsys.readouterr().out)["berkas"]
    assert file["putusan"] == "dikembalikan"
    assert ("RK-10", "E", "Rencana Kerja", "H6") in {
        (f["kode"], f["tingkat"], f["lembar"], f["sel"]) for f in file["temuan"]
    }
    assert run("konsolidasi", str(tmp_path / "tiada"), "--keluaran", str(tmp_path / "x.xlsx"), "--senyap") == 2
    assert run("konsolidasi", good, "--keluaran", str(tmp_path / "tiada" / "x.xlsx"), "--senyap") == 2
    assert run("konsolidasi") == 2
    assert run("kamus", "--format", "json") == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("kemitraan: ") for line in lines)


@pytest.mark.parametrize(
    "words",
    [
        ("induk", "--dari", "kosong.xlsx", "--keluaran", "baru.xlsx"),
        ("induk", "--impor", "tiada", "--keluaran", "baru.xlsx"),
        ("templat", "--jenis", "usulan", "--dari", "kosong.xlsx", "--keluaran", "folder"),
        ("templat", "--jenis", "usulan", "--mitra", "A", "--keluaran", "tiada/baru.xlsx"),
        ("nilai", "tiada.xlsx"),
        ("cetak", "kosong.xlsx", "--lembar", "Mitra", "--keluaran", "folder"),
        ("konsolidasi", "kosong.xlsx", "--induk", "kosong.xlsx", "--keluaran", "baru.xlsx", "--senyap"),
        ("bukanperintah",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_one_line(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    Path("kosong.xlsx").touch()
    assert run(*words) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("Membaca")]
    assert len(lines) == 1
    assert lines[0].startswith("kemitraan: ")
    assert not Path("baru.xlsx").exists()
