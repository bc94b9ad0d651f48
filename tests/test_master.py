"""The master workbook: its sheets, Lampiran 3 to the character, and what its formulas come to."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import cellrune
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from support import engines, office, sdk
from support.lint import lint

from kemitraan_xl.book import hasil
from kemitraan_xl.book.dasbor import panels
from kemitraan_xl.book.master import CALCULATED, build_master
from kemitraan_xl.grade import grade
from kemitraan_xl.master import read_master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.score import Assessment, Row, assess
from udfs.build.ship import MASTER
from validation.contract import lists, tables

TODAY = date(2026, 11, 24)

#: Every sheet of the list of sheets, and those of them that hold a table staff fill in.
SHEETS = list(lists()["lembar_induk"].labels)
INPUT = {table.sheet for table in tables().values() if "induk" in table.kinds}

PARTNER, OTHER = "Yayasan Pelita Tunas", "PT Cahaya Nusantara"


@dataclass(frozen=True)
class Checklist:
    """An assessment: who, when, since when with children, and the kisi-kisi that are not there."""

    partner: str
    day: date
    start: str | date
    absent: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.partner} | {self.day:%d/%m/%Y}"

    def rows(self) -> list[dict[str, Any]]:
        rows = [
            {
                "nama_lembaga": self.partner,
                "tanggal_penilaian": self.day,
                "ruang_lingkup": "1; 8a",
                "no": int(kriteria.code),
                "kisi_kisi": kisi.label,
                "kelengkapan": "Tidak Ada" if kisi.code in self.absent else "Ada",
                "masih_berlaku": "Ya" if kisi.has_term else "Tanpa Masa Berlaku",
                "relevansi": "Tidak Relevan" if kisi.code == "2.2" in self.absent else "Relevan",
            }
            for kriteria in load().kriteria
            for kisi in kriteria.rows
        ]
        rows[0]["mulai_anak"] = self.start
        return rows

    def expected(self) -> Assessment:
        codes = {kisi.label: kisi.code for kisi in load().rows}
        rows = {
            codes[row["kisi_kisi"]]: Row(row["kelengkapan"], row["masih_berlaku"], row["relevansi"])
            for row in self.rows()
        }
        return assess(rows, self.start, self.day, "2", load(), load().choose())


CHECKLISTS = (
    Checklist(PARTNER, date(2026, 1, 5), date(2019, 3, 1)),
    Checklist(OTHER, date(2026, 2, 5), "0 tahun", ("1.1", "1.2", "2.2")),
    Checklist(PARTNER, date(2026, 3, 9), "> 10 tahun", ("1.1", "1.2", "1.3", "1.4", "3.1")),
)

CONTENT: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "mitra": [
        {"kode": "M-001", "nama_lembaga": PARTNER, "kelas_lembaga": "Organisasi Non-Pemerintah"},
        {"kode": "M-002", "nama_lembaga": OTHER, "kelas_lembaga": "Sektor Swasta"},
        {"kode": "M-003", "nama_lembaga": "Asosiasi Psikolog Bahari", "kelas_lembaga": "Lembaga Profesi"},
    ],
    "kerja_sama": [
        {
            "nama_lembaga": PARTNER,
            "kode_mitra": "M-001",
            "tahap": "Analisis dan Telaah",
            "tugas_a": "Ya",
            "pic_humas": "Ani",
        }
    ],
    "rencana_kerja": [
        {
            "no": 1,
            "nama_program": "Pelatihan pendamping",
            "biaya": 150_000_000,
            "sumber_biaya": "Mitra",
            "kode_mitra": "M-001",
            "asal_baris": "usulan mitra",
            "sumber_sel": "usulan.xlsx › Rencana Kerja!B5",
        },
        {"no": 2, "nama_program": "=1+1", "biaya": 50_000_000, "kode_mitra": "M-001"},
        {},
        {"no": 1, "nama_program": "Literasi digital", "biaya": 75_000_000, "kode_mitra": "M-002"},
        {"no": 1, "nama_program": "Tanpa mitra", "biaya": 1_000_000},
    ],
    "matriks_risiko": [
        # Kemungkinan 1, dampak 4: besaran 8, Rendah, raised to Tinggi for children.
        {"jenis_risiko": "Keselamatan anak", "potensi_risiko": "a", "skala_dampak": 4, "kemungkinan": 1}
        | {"kode_mitra": "M-001"},
        {"jenis_risiko": "Ekonomi", "potensi_risiko": "b", "skala_dampak": 3, "kemungkinan": 4, "kode_mitra": "M-001"},
        {"jenis_risiko": "Bencana", "potensi_risiko": "c", "skala_dampak": 3, "kemungkinan": 4, "kode_mitra": "M-002"},
        {"jenis_risiko": "Sosial", "potensi_risiko": "d", "skala_dampak": 1, "kemungkinan": 5, "kode_mitra": "M-002"},
        {"jenis_risiko": "Politik", "potensi_risiko": "e"},
    ],
    "data_penilaian": [row for checklist in CHECKLISTS for row in checklist.rows()],
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("induk") / "isi.xlsx"
    build_master(target, CONTENT, today=TODAY)
    return target


@pytest.fixture(scope="module")
def empty(built: Path) -> Path:
    return built / MASTER


@pytest.fixture(scope="module")
def stored(filled: Path) -> Workbook:
    """The filled master as a preview sees it: stored values, nothing recalculated."""
    return openpyxl.load_workbook(filled, data_only=True)


def table(sheet: Any, heading_row: int) -> list[dict[str, Any]]:
    """The rows below a heading row, by heading; rows without anything but zeros are left out."""
    headings, *rows = sheet.iter_rows(min_row=heading_row, values_only=True)
    found = [dict(zip(headings, row, strict=True)) for row in rows]
    return [row for row in found if any(row.values())]


# ---- the workbook ---- #


def test_sheets_in_order_with_ref_hidden(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    assert book.sheetnames == SHEETS
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["Ref"]


def test_only_computed_sheets_are_protected(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    assert {sheet.title for sheet in book if not sheet.protection.sheet} == INPUT | {"Ref"}
    assert not any(sheet.protection.password for sheet in book)


def test_every_sheet_leads_back_to_beranda(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    for sheet in book.worksheets[1:-1]:
        assert sheet["A1"].hyperlink is not None, sheet.title
        assert sheet["A1"].hyperlink.location == "Beranda!A1"
    targets = {link.location for link in (cell.hyperlink for row in book["Beranda"] for cell in row) if link}
    assert {target.rpartition("!")[0].strip("'") for target in targets} == set(SHEETS[1:-1])


def test_same_arguments_same_bytes(filled: Path, tmp_path: Path) -> None:
    again = tmp_path / "lagi.xlsx"
    build_master(again, CONTENT, today=TODAY)
    assert again.read_bytes() == filled.read_bytes()


@pytest.mark.sdk
def test_valid_for_the_open_xml_sdk(filled: Path, empty: Path) -> None:
    assert sdk.errors(filled) == []
    assert sdk.errors(empty) == []


def test_own_lint(filled: Path) -> None:
    assert lint(filled) == []


@pytest.mark.libreoffice
def test_stored_values_are_what_two_engines_compute(filled: Path, stored: Workbook, tmp_path: Path) -> None:
    held = engines.on_day(filled, TODAY, tmp_path / "beku.xlsx")
    first, second = engines.values_cellrune(held), engines.values_libreoffice(held)
    assert engines.differences(first, second) == []
    assert [key for key, value in first.items() if isinstance(value, str) and value.startswith("#")] == []
    for (sheet, address), value in first.items():
        kept = stored[sheet][address].value
        if not isinstance(kept, (date, time)):
            assert (kept or "") == (value or ""), (sheet, address)


# ---- Lampiran 3 ---- #

PRINTED = [
    ["Lampiran 3: Daftar Periksa Calon Mitra KPAI"],
    ["Nama Lembaga", "Ruang Lingkup"],
    ["Alamat Lembaga", "Tanggal Penilaian"],
    ["No", "Kriteria Lembaga", "Kisi-kisi", "Kelengkapan", "Masih Berlaku", "Relevansi", "Skor"],
    ["1", "Aspek Legalitas", "Akte Pendirian", "0 – 4"],
    ["Izin Operasional"],
    ["NPWP"],
    ["Surat Terdaftar"],
    ["2", "Rekam Jejak", "Rekam Jejak", "0 – 2"],
    ["Reputasi Lembaga (berita media)"],
    ["3", "Visi dan Misi Lembaga", "Visi", "0 – 2"],
    ["Misi"],
    ["4", "Keberpihakan pada Anak", "Program Kegiatan", "0 – 2"],
    ["Matriks Usulan Kerjasama"],
    ["5", "Lama Pengalaman Bekerja dengan Anak", "0 tahun", "0 – 1"],
    ["< 5 tahun"],
    ["5 – 10 tahun"],
    ["> 10 tahun"],
    ["Jumlah Skor"],
    ["Standard Rekomendasi", "Skor 9 – 11", "Direkomendasikan"],
    ["Skor 6 – 8", "Dapat Direkomendasikan"],
    ["Skor 0 – 5", "Tidak Direkomendasikan"],
    ["Rekomendasi"],
    ["Keterangan"],
    ["Pengesahan", "Staf Penilai (_____)", "Mengetahui (_____)"],
    [],  # below the form: fingerprint and state of a chosen assessment, in small print
]


def test_an_empty_daftar_periksa_is_lampiran_3_to_the_character(empty: Path) -> None:
    sheet = openpyxl.load_workbook(empty, data_only=True)["Daftar Periksa"]
    area = sheet[sheet.print_area.rpartition("!")[2]]
    assert [[cell.value for cell in row if cell.value] for row in area] == PRINTED


def chosen_cell(path: Path) -> str:
    place = openpyxl.load_workbook(path).defined_names["penilaian_dipilih"].attr_text
    return place.rpartition("!")[2].replace("$", "")


def assert_shows(sheet: Any, checklist: Checklist) -> None:
    """The form holds the answers of this assessment, and comes to what score.py says."""
    expected = checklist.expected()
    assert sheet["C3"].value == checklist.partner
    assert sheet["F4"].value.date() == checklist.day
    shown = [[cell.value for cell in row] for row in sheet["C6:F15"]]
    wanted = [
        [row[name] for name in ("kisi_kisi", "kelengkapan", "masih_berlaku", "relevansi")] for row in checklist.rows()
    ]
    assert shown == wanted
    assert [sheet[cell].value for cell in ("G7", "G11", "G13", "G15", "G17")] == list(expected.kriteria.values())
    assert sheet["G20"].value == expected.jumlah
    assert sheet["C24"].value == expected.rekomendasi
    lines = [line for line in (sheet["C25"].value or "").split("\n") if line]
    bad = any(up.flag.code == "temuan_kritis" for up in expected.bendera)  # how it was settled is told besides
    assert lines[: len(lines) - bad] == [up.flag.label for up in expected.bendera]


def test_expected_totals_by_hand() -> None:
    assert [checklist.expected().jumlah for checklist in CHECKLISTS] == [11, 7, 6]


def test_it_opens_with_the_first_assessment(stored: Workbook) -> None:
    assert_shows(stored["Daftar Periksa"], CHECKLISTS[0])


@pytest.mark.parametrize("checklist", CHECKLISTS[1:], ids=lambda checklist: checklist.key)
def test_choosing_an_assessment_shows_it_by_cellrune(filled: Path, tmp_path: Path, checklist: Checklist) -> None:
    target = tmp_path / "dipilih.xlsx"
    with cellrune.Workbook.open_path(filled) as book:
        book.set_text("Daftar Periksa", chosen_cell(filled), checklist.key)
        book.calculate(today_serial=float(to_excel(TODAY)))
        target.write_bytes(book.to_bytes())
    assert_shows(openpyxl.load_workbook(target, data_only=True)["Daftar Periksa"], checklist)


@pytest.mark.libreoffice
@pytest.mark.parametrize("checklist", CHECKLISTS[1:], ids=lambda checklist: checklist.key)
def test_choosing_an_assessment_shows_it_in_libreoffice(filled: Path, tmp_path: Path, checklist: Checklist) -> None:
    target = tmp_path / "dipilih.xlsx"
    typed = {"do": "text", "sheet": "Daftar Periksa", "cell": chosen_cell(filled), "text": checklist.key}
    office.type_into(filled, [typed], target)
    assert_shows(openpyxl.load_workbook(target, data_only=True)["Daftar Periksa"], checklist)


@pytest.mark.libreoffice
def test_a_row_inserted_among_the_answers_is_still_found(filled: Path, tmp_path: Path) -> None:
    """A new row has no formulas beside it; the form reads what is typed, not the formulas."""
    target = tmp_path / "sisip.xlsx"
    script: list[dict[str, Any]] = [
        {"do": "insert_rows", "sheet": "Data Penilaian", "at": 6},
        {"do": "paste", "sheet": "Data Penilaian", "source": "A5:N5", "to": "A6"},
        {"do": "text", "sheet": "Data Penilaian", "cell": "F5", "text": ""},
    ]
    office.type_into(filled, script, target)
    assert_shows(openpyxl.load_workbook(target, data_only=True)["Daftar Periksa"], CHECKLISTS[0])


# ---- sums ---- #


def test_heat_map_counts(stored: Workbook) -> None:
    counts = [[cell.value for cell in row] for row in stored["Peta Risiko"]["C5:G9"]]
    assert counts == [[1, 0, 0, 0, 0], [0, 0, 2, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
    sizes = [[cell.value for cell in row] for row in stored["Peta Risiko"]["J5:N9"]]
    assert sizes == [list(row) for row in reversed(load().risiko.cells)]


def test_levels_of_risk(stored: Workbook) -> None:
    levels = [row["Tingkat Risiko"] for row in table(stored["Matriks Risiko"], 4)]
    assert [level for level in levels if level] == ["Tinggi", "Tinggi", "Tinggi", "Rendah"]


def test_rekap_mitra_by_hand(stored: Workbook) -> None:
    columns = ("Kode", "Program", "Biaya", "Risiko Tinggi", "Risiko Rendah", "Jumlah Skor", "Rekomendasi")
    rows = [tuple(row[name] for name in columns) for row in table(stored["Rekap Mitra"], 3)]
    assert rows == [
        ("Jumlah", 3, 275_000_000, 3, 1, None, None),
        ("M-001", 2, 200_000_000, 2, 0, 6, "Dapat Direkomendasikan"),
        ("M-002", 1, 75_000_000, 1, 1, 7, "Dapat Direkomendasikan"),
        ("M-003", 0, 0, 0, 0, None, "Belum dinilai"),
    ]


def test_rekap_program_has_every_programme_once_without_gaps(stored: Workbook) -> None:
    rows = table(stored["Rekap Program"], 3)
    assert [row["Nama Program"] for row in rows] == ["Pelatihan pendamping", "=1+1", "Literasi digital", "Tanpa mitra"]
    assert [row["Nama Mitra"] or "" for row in rows] == [PARTNER, PARTNER, OTHER, ""]  # as the register has them


def test_nothing_stands_in_the_way_of_a_title(filled: Path) -> None:
    """The title of a Rekap sheet, some 24 characters wide, goes over several columns; no other text begins there."""
    book = openpyxl.load_workbook(filled)
    for name in hasil.SHEETS:
        left = 0.0
        for cell in book[name][2][1:10]:
            left += book[name].column_dimensions[get_column_letter(cell.column - 1)].width
            assert cell.value is None or left > 24, f"{name}!{cell.coordinate}"


def test_rekap_biaya_adds_up_to_all_rows(stored: Workbook) -> None:
    sheet = stored["Rekap Biaya"]
    for label, cost in ((1, 3), (5, 7)):
        rows = {row[label - 1]: row[cost - 1] for row in sheet.iter_rows(min_row=4, values_only=True) if row[label - 1]}
        total = rows.pop("Jumlah")
        assert total == 276_000_000 == sum(rows.values())
        assert rows["Belum ditentukan"] == (126_000_000 if label == 1 else 1_000_000)


def test_dasbor_ranks_by_cost_and_has_charts(filled: Path, stored: Workbook) -> None:
    cells = [row[:2] for row in stored["Dasbor"].iter_rows(values_only=True)]
    start = next(index for index, row in enumerate(cells) if row[1] == "juta rupiah")
    assert ("Ani", 1) in cells, "the person in charge at Humas and her load"
    assert cells[start + 1 : start + 3] == [(PARTNER, 200), (OTHER, 75)]
    assert len(openpyxl.load_workbook(filled)["Dasbor"]._charts) == len(panels())


def test_next_three_steps(stored: Workbook) -> None:
    sheet = stored["Beranda"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Langkah 1")
    steps = [sheet.cell(row + step, 2).value for step in range(3)]
    # Nothing is typed about the need, and no scope is ticked: the first three conditions of the first stage.
    assert steps == ["Kebutuhan", "Kebutuhan", "Kerja Sama"]


# ---- carried over ---- #


def test_what_was_handed_in_comes_back_from_the_master(filled: Path) -> None:
    read = read_master(filled).content()
    for name, rows in CONTENT.items():
        assert list(read[name]) == [row for row in rows if row], name


def test_settings_are_carried_and_change_the_score(tmp_path: Path) -> None:
    """Proporsional: the third of the columns that is not fulfilled in five rows takes 5/3 of a point (A-1b)."""
    target = tmp_path / "induk.xlsx"
    chosen = [
        {"kode": "A-1", "nilai": "proporsional", "ditetapkan_oleh": "Rapat pleno"},
        {"kode": "A-33a", "nilai": "3"},
        {"kode": "A-6", "nilai": "tidak ada"},
    ]
    build_master(target, {"data_penilaian": CHECKLISTS[2].rows(), "pengaturan": chosen}, today=TODAY)
    rows = {row["kode"]: row for row in read_master(target).content()["pengaturan"]}
    assert (rows["A-1"]["nilai"], rows["A-1"]["ditetapkan_oleh"]) == ("proporsional", "Rapat pleno")
    assert rows["A-33a"]["nilai"] == 3
    assert rows["A-6"]["nilai"] == "bawah"
    sheet = openpyxl.load_workbook(target, data_only=True)["Daftar Periksa"]
    assert sheet["G7"].value == pytest.approx(4 - 4 / 3)
    assert sheet["G20"].value == 9  # 11 - 5/3 = 9.33, rounded down


def test_nilai_follows_the_settings_of_the_master(tmp_path: Path) -> None:
    """One legality row without its validity: 0 under `ketat`, two thirds under `proporsional` (A-1)."""
    totals = {}
    for mode in ("ketat", "proporsional"):
        target = tmp_path / f"{mode}.xlsx"
        row = {"nama_lembaga": "Yayasan Contoh", "tanggal_penilaian": TODAY, "kisi_kisi": "NPWP"}
        answers = {"kelengkapan": "Ada", "masih_berlaku": "Tidak", "relevansi": "Relevan"}
        others = [
            {**row, "kisi_kisi": item.label, **answers, "masih_berlaku": "Ya", "mulai_anak": 2000}
            for item in lists()["kisi_kisi"]
            if item.label != "NPWP"
        ]
        content: dict[str, Any] = {
            "data_penilaian": [*others, {**row, **answers}],
            "pengaturan": [{"kode": "A-1", "nilai": mode}],
        }
        build_master(target, content, today=TODAY)
        (one,) = grade([target])[0]["penilaian"]
        totals[mode] = one["kriteria"]["1"]
    assert totals["ketat"] == 3
    assert totals["proporsional"] == pytest.approx(3 + 2 / 3)


def test_a_master_too_large_to_calculate_is_calculated_when_it_is_opened(tmp_path: Path) -> None:
    """Memory for calculating grows by nine megabytes a partnership, see docs/keputusan/0004."""
    codes = [f"M-{number:03}" for number in range(1, CALCULATED + 2)]
    content = {
        "mitra": [{"kode": code, "nama_lembaga": f"Lembaga {code}"} for code in codes],
        "kerja_sama": [{"kode_mitra": code} for code in codes],
    }
    target = tmp_path / "besar.xlsx"
    build_master(target, content, today=TODAY)
    with zipfile.ZipFile(target) as parts:
        assert b'fullCalcOnLoad="1"' in parts.read("xl/workbook.xml")
    assert [row["kode_mitra"] for row in read_master(target).rows("kerja_sama")] == codes
    assert not openpyxl.load_workbook(target, data_only=True)["Jejak"]["A4"].value
