"""Printed products: the dossier of one partner, its forms, and the quarterly summary."""

from __future__ import annotations

import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support.known import known_of

from kemitraan_xl import products
from kemitraan_xl.book.berkas import FORM_SHEETS, build_dossier
from kemitraan_xl.book.triwulan import build_quarter
from kemitraan_xl.contoh.checklist import checklists, register
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.known import Known
from kemitraan_xl.printing import together, visible_sheets
from kemitraan_xl.quarter import last_quarter, summarise
from validation.periods import Period

TODAY = date(2026, 11, 24)
CODE, OTHER = "M-001", "M-002"
NIK = "3171012505100001"


@pytest.fixture(scope="module")
def known() -> Known:
    """Two partners; the first has begun its work and is late with its report for the second quarter."""
    partners = [row for row in register() if row["kode"] in (CODE, OTHER)]
    name = str(partners[0]["nama_lembaga"])
    return known_of(
        {
            "mitra": partners,
            "kerja_sama": [
                {
                    "kode_mitra": CODE,
                    "nama_lembaga": name,
                    "tahap": "Pelaksanaan Program dan Kegiatan",
                    "tanggal_mulai": date(2026, 1, 1),
                    "tanggal_selesai": date(2026, 12, 31),
                    "selang_laporan": 3,
                    "lingkup_1": "Ya",
                }
            ],
            "data_penilaian": [row for row in checklists(TODAY) if row["nama_lembaga"] == name],
            "rencana_kerja": [
                {"kode_mitra": CODE, "no": 1, "nama_program": "Kelas rekaan", "waktu": "2026", "biaya": 5_000_000},
                {"kode_mitra": OTHER, "no": 1, "nama_program": "Milik lembaga lain", "biaya": 7_000_000},
            ],
            "matriks_risiko": [
                {"kode_mitra": CODE, "no": 1, "jenis_risiko": "Sosial", "potensi_risiko": "Rekaan", **scale}
                for scale in ({"skala_dampak": 5, "kemungkinan": 5}, {"skala_dampak": 1, "kemungkinan": 5})
            ],
            "usulan_kak": [{"kode_mitra": CODE, "unsur_1": "panjang " * 600}],
            "laporan_kemajuan": [
                {"kode_mitra": CODE, "no": 1, "periode": "2026-T1", "realisasi_biaya": 1_000_000},
                {"kode_mitra": CODE, "no": 1, "periode": "2026-T3", "realisasi_biaya": 3_000_000},
            ],
            "monitoring": [{"kode_mitra": CODE, "tanggal": date(2026, 8, 3), "kendala": f"anak dengan NIK {NIK}"}],
        },
        TODAY,
    )


@pytest.fixture(scope="module")
def dossier(known: Known, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    path = tmp_path_factory.mktemp("berkas") / "berkas.xlsx"
    return path, build_dossier(path, known, CODE)


def test_the_dossier_holds_what_is_filled_in_and_nothing_of_others(
    known: Known, dossier: tuple[Path, list[str]]
) -> None:
    path, sheets = dossier
    assert sheets[0] == products.DOSSIER
    assert {"Usulan KAK", "Monitoring", "Laporan Kemajuan", *FORM_SHEETS} < set(sheets)
    assert not {"Bukti", "Sengketa"} & set(sheets)
    with zipfile.ZipFile(path) as package:
        strings = package.read("xl/sharedStrings.xml").decode()
        assert "Milik lembaga lain" not in strings
        assert str(known.partner(OTHER)["nama_lembaga"]) not in strings
        assert NIK not in "".join(package.read(name).decode(errors="replace") for name in package.namelist())


def test_the_forms_of_a_dossier_are_the_guidelines(known: Known, dossier: tuple[Path, list[str]]) -> None:
    name = known.partner(CODE)["nama_lembaga"]
    book = openpyxl.load_workbook(dossier[0], data_only=True)
    plan, risks, checklist = (book[sheet] for sheet in ("Rencana Kerja", "Matriks Risiko", "Daftar Periksa"))
    assert [plan["B4"].value, plan["C4"].value] == ["Nama Lembaga:", name]
    assert [plan.cell(row, 1).value for row in range(6, 10)] == [1, 2, 3, "dst"]
    assert plan["B6"].value == "Kelas rekaan"
    assert risks["C3"].value == name
    assert [risks.cell(row, 7).value for row in (5, 6)] == ["Sangat Tinggi", "Rendah"]
    (total,) = (
        cell.value
        for row in checklist
        for cell in row
        if checklist.cell(cell.row, 1).value == "Jumlah Skor" and cell.column == 7
    )
    assert isinstance(total, int | float)


def test_a_long_text_goes_on_in_the_next_row(dossier: tuple[Path, list[str]]) -> None:
    sheet = openpyxl.load_workbook(dossier[0])["Usulan KAK"]
    told = [str(row[1].value) for row in sheet.iter_rows() if row[1].value]
    assert sum(text.count("panjang") for text in told) == 600
    assert max(text.count("\n") for text in told) < 30


def test_the_figures_of_a_quarter_by_hand(known: Known) -> None:
    summary = summarise(known, Period(2026, 3, 3))
    numbers = {figure.label.split()[0]: (figure.now, figure.before) for figure in summary.figures}
    assert numbers["Laporan"] == (1, 0)
    assert numbers["Realisasi"] == (3_000_000, 0)
    assert numbers["Kunjungan"] == (1, 0)
    # Reports for the first and third quarter are there; that for the second was due on 1 July, late from 15 July on.
    assert [(one.due.period, one.new) for one in summary.late if one.due.kind == "kemajuan"] == [("2026-T2", True)]
    assert [one.level for one in summary.risks] == ["Sangat Tinggi"]
    assert summary.ending == []
    assert dict(summary.spent)["2026-T1"] == 1


@pytest.mark.parametrize(("day", "wanted"), [(date(2027, 1, 1), "2026-T4"), (date(2026, 11, 24), "2026-T3")])
def test_the_last_quarter_is_over(day: date, wanted: str) -> None:
    assert last_quarter(day).text == wanted


def test_a_master_of_nothing_has_a_quarter_that_says_so(tmp_path: Path) -> None:
    sheets = build_quarter(tmp_path / "t.xlsx", summarise(known_of({}, TODAY), Period(2026, 3, 3)), "")
    assert visible_sheets(tmp_path / "t.xlsx") == sheets


# ---- printing ---- #


def printed(
    known: Known, monkeypatch: pytest.MonkeyPatch, folder: Path, names: list[str], *codes: str, period: str = ""
) -> list[Path]:
    monkeypatch.setattr(products, "know", lambda *_: known)
    return products.print_products(Path("Induk.xlsx"), names, codes, period, folder, TODAY, together)


@pytest.mark.libreoffice
def test_dossier_and_summary_are_printed_with_pages_numbered_through(
    known: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [products.DOSSIER, products.QUARTER]
    quarter, dossier = printed(known, monkeypatch, tmp_path, names, CODE.lower())
    assert [quarter.name, dossier.name] == ["Induk-Ringkasan-Triwulan-2026-T3.pdf", "Induk-Berkas-Mitra-M-001.pdf"]
    for path, least in ((quarter, 2), (dossier, 8)):
        said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        pages = re.findall(r"Halaman (\d+) dari (\d+)", said)
        assert [int(number) for number, _ in pages] == list(range(1, len(pages) + 1))
        assert {int(count) for _, count in pages} == {said.count("\f")}
        assert len(pages) >= least


@pytest.mark.parametrize(
    ("names", "codes", "period"),
    [
        ([products.DOSSIER], [], ""),
        ([products.DOSSIER], ["M-999"], ""),
        (["Sengketa"], [CODE], ""),
        ([products.QUARTER], [], "2026-S1"),
        ([products.QUARTER], [], "2027-T1"),
    ],
    ids=["tanpa mitra", "mitra lain", "tanpa isian", "bukan triwulan", "belum mulai"],
)
def test_what_cannot_be_printed_leaves_nothing(
    names: list[str], codes: list[str], period: str, known: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Impossible):
        printed(known, monkeypatch, tmp_path / "hasil", names, *codes, period=period)
    assert not (tmp_path / "hasil").exists()
