"""The partner template: printed as the guideline prints it, and open to a partner's hand.

Headings are typed here from the guideline on purpose; everywhere else they come from `validation/tables`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from support import engines, lint, office, sdk
from support.templat import NAME, PROGRAM, SHEETS, TODAY, WHOLE, build, find

from kemitraan_xl.book import look, template
from kemitraan_xl.book.cells import MESSAGE_LIMIT, input_message
from kemitraan_xl.book.place import REACH
from kemitraan_xl.intake.reading.identity import read_line
from kemitraan_xl.safe_write import replace_file
from validation.contract import lists, tables

HEADINGS = {
    "KAK": "No · Unsur · Uraian",
    "Rencana Kerja": "No · Nama Program · Tujuan dan Hasil yang ingin Dicapai · Kegiatan-kegiatan · "
    "Kelompok Sasaran · Lokasi · Waktu · Biaya",
    "Matriks Risiko": "No · Jenis Risiko · Potensi Risiko · Dampak · Skala Dampak · Kemungkinan · Tingkat Risiko · "
    "Tindakan Mitigasi · Kapan · Penanggung Jawab · Hasil Akhir · Status",
    "Profil dan Bukti": "No · Dokumen · Nomor · Tanggal Terbit · Berlaku Sampai · Keterangan",
    "Indikator": "No Program · Indikator · Jenis · Satuan · Data Dasar · Target · Tanggal Disepakati",
}
STAMPS = {
    "Sampul": {"kmt:sampul", "kmt:identitas"},
    "KAK": {"kmt:kak"},
    "Rencana Kerja": {"kmt:rencana_kerja"},
    "Matriks Risiko": {"kmt:matriks_risiko"},
    "Profil dan Bukti": {"kmt:pengalaman_anak", "kmt:profil_bukti"},
    "Indikator": {"kmt:indikator"},
}
LABELS = """Nama Lembaga|Kelas Lembaga|Alamat Lembaga|Narahubung|Surel|Telepon|Nomor Surat Usulan|Tanggal Surat
Tanggal Mulai|Tanggal Selesai|Total Biaya (Rp)|Tingkat|Provinsi|Pernyataan""".replace("\n", "|").split("|")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("templat") / "kosong.xlsx")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("templat") / "lengkap.xlsx", WHOLE)


@pytest.fixture(scope="module")
def book(empty: Path) -> Workbook:
    return openpyxl.load_workbook(empty)


def heading_row(sheet: Worksheet) -> int:
    return find(sheet, HEADINGS[sheet.title].partition(" · ")[0])[0]


# ---- as the guideline prints it ---- #


def test_sheets_stand_in_order_and_only_ref_is_hidden(book: Workbook) -> None:
    assert book.sheetnames == [*SHEETS, "Ref"]
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["Ref"]


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_are_the_guidelines_to_the_character(book: Workbook, name: str) -> None:
    sheet = book[name]
    headings = HEADINGS[name].split(" · ")
    row = heading_row(sheet)
    assert [sheet.cell(row, column).value for column in range(1, len(headings) + 1)] == headings


def test_lampiran_2_is_printed_as_in_the_guideline(book: Workbook) -> None:
    sheet = book["Rencana Kerja"]
    lines = [[cell.value for cell in row] for row in sheet["A2:H5"]]
    assert lines[0][0] == "Lampiran 2: Matriks Perencanaan Program dari Calon Mitra KPAI"
    assert lines[1][0] == "Rencana Kerja Kemitraan"
    assert lines[2][1] == "Nama Lembaga:"
    assert lines[3] == HEADINGS["Rencana Kerja"].split(" · ")
    assert [sheet.cell(row, 1).value for row in range(6, 37)] == [*range(1, 31), "dst"]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A3:H3", "C4:H4"}
    assert sheet.print_area == "'Rencana Kerja'!$A$2:$H$36"
    assert sheet.print_title_rows == "$5:$5"
    assert [sheet.cell(5, column).value for column in (9, 10)] == ["Sumber Biaya", "MAK/Akun"]


def test_nama_lembaga_of_lampiran_2_follows_sampul(empty: Path) -> None:
    sheet = openpyxl.load_workbook(empty, data_only=True)["Rencana Kerja"]
    assert sheet["C4"].value == NAME


@pytest.mark.parametrize("name", SHEETS)
def test_pages_are_a4_one_page_wide_with_header_and_footer(book: Workbook, name: str) -> None:
    sheet = book[name]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == ("portrait" if name in ("Sampul", "Periksa") else "landscape")
    assert (sheet.page_setup.fitToWidth or 1) == 1
    assert look.OWNER in sheet.oddHeader.left.text
    assert "Halaman &P dari &N" in sheet.oddFooter.right.text


def test_sampul_has_one_label_per_row_with_its_cell_at_the_right(book: Workbook) -> None:
    sheet = book["Sampul"]
    wanted = [*LABELS, *lists()["lingkup"].labels, *lists()["tipe"].labels]
    column = [cell.value for cell in sheet["A"]]
    assert [text for text in column if text in wanted] == wanted
    assert sheet.cell(find(sheet, "Nama Lembaga")[0], 2).value == NAME


# ---- what a reader relies on ---- #


def test_every_table_has_its_stamp_right_of_what_is_printed(book: Workbook) -> None:
    for name, stamps in STAMPS.items():
        cells = [cell for row in book[name].iter_rows() for cell in row if str(cell.value).startswith("kmt:")]
        assert {cell.value.partition(" ")[0] for cell in cells} == stamps
        last = range_boundaries(str(book[name].print_area).rpartition("!")[2])[2]
        assert all(cell.column > last for cell in cells)
    sheet = book["Rencana Kerja"]
    assert find(sheet, "kmt:rencana_kerja") == (heading_row(sheet), 11)


def test_identity_is_written_in_ref(book: Workbook) -> None:
    sheet = book["Ref"]
    assert sheet["A1"].value == "kmt:identitas"
    identity = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(2, 7)}
    assert list(identity) == ["jenis", "edisi", "sidik", "mitra", "periode"]
    assert (identity["jenis"], identity["mitra"], identity["periode"]) == ("usulan", "M-001", "2026")
    assert re.fullmatch("[0-9a-f]{64}", identity["sidik"])
    assert read_line(book["Sampul"]["E2"].value) == identity


def test_names_resolve_and_hold_the_lists(book: Workbook) -> None:
    assert book.defined_names
    for name, defined in book.defined_names.items():
        [(title, address)] = list(defined.destinations)
        cells = book[title][address.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        held = [cell.value for row in rows for cell in row]
        assert None not in held, name
        if name.startswith("daftar_") and name != "daftar_ya":
            assert tuple(held) == lists()[name.removeprefix("daftar_")].labels
    assert book.defined_names["daftar_ya"]


# ---- open to a partner's hand ---- #


def test_only_computed_sheets_are_protected_and_none_by_password(book: Workbook) -> None:
    protected = {sheet.title for sheet in book if sheet.protection.sheet}
    assert protected == {"Petunjuk", "Periksa"}
    assert not any(sheet.protection.password for sheet in book)


def dropdowns(book: Workbook) -> Iterator[tuple[Worksheet, Any]]:
    for sheet in book:
        yield from ((sheet, rule) for rule in sheet.data_validations.dataValidation if rule.type == "list")


def test_dropdowns_come_from_named_ranges_and_reach_far_below_the_form(book: Workbook) -> None:
    found = list(dropdowns(book))
    assert {sheet.title for sheet, _ in found} >= {"Sampul", "Rencana Kerja", "Matriks Risiko", "Indikator"}
    for sheet, rule in found:
        assert rule.formula1 in book.defined_names
        for area in rule.sqref.ranges:
            if sheet.title in HEADINGS and area.min_row > heading_row(sheet):
                assert area.max_row >= heading_row(sheet) + REACH


def test_narrative_cells_are_text_and_wrap(book: Workbook) -> None:
    for column in "BCDEFG":
        cell = book["Rencana Kerja"][f"{column}6"]
        assert cell.number_format == "@"
        assert cell.alignment.wrap_text
        assert cell.alignment.vertical == "top"


def test_hints_fit_into_excels_input_message() -> None:
    for table in tables().values():
        for column in table.columns:
            assert len(column.hint) <= MESSAGE_LIMIT, (table.name, column.name)
            assert input_message(column).startswith(column.hint)


def test_tingkat_risiko_is_computed_from_the_scale(whole: Path) -> None:
    values = engines.values_cellrune(whole, TODAY)
    assert [values["Matriks Risiko", f"G{row}"] for row in (4, 5)] == ["Tinggi", ""]


# ---- what comes from outside stays what it is ---- #

DANGEROUS = ["=1+1", "+1", "-butir satu", "@sum", '=HYPERLINK("x")', "{=1}", "http://contoh.example", "\tx", "007"]


def test_text_handed_in_stays_text(tmp_path: Path) -> None:
    rows = [{**PROGRAM, "nama_program": text, "biaya": text} for text in DANGEROUS]
    sheet = openpyxl.load_workbook(build(tmp_path / "t.xlsx", {"rencana_kerja": rows}))["Rencana Kerja"]
    for row, text in enumerate(DANGEROUS, start=6):
        for column in "BH":
            cell = sheet[f"{column}{row}"]
            assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_more_rows_than_numbered_push_dst_down(tmp_path: Path) -> None:
    rows = [{**PROGRAM, "nama_program": f"Program {number}"} for number in range(1, 36)]
    sheet = openpyxl.load_workbook(build(tmp_path / "t.xlsx", {"rencana_kerja": rows}))["Rencana Kerja"]
    assert [sheet["A40"].value, sheet["B40"].value, sheet["A41"].value] == [35, "Program 35", "dst"]


def test_a_name_typed_in_lampiran_2_takes_the_formulas_place(tmp_path: Path) -> None:
    path = build(tmp_path / "t.xlsx", {"kepala_rencana": [{"nama_lembaga": "=Pelita"}]})
    cell = openpyxl.load_workbook(path)["Rencana Kerja"]["C4"]
    assert (cell.value, cell.data_type) == ("=Pelita", "s")


@pytest.mark.libreoffice
def test_text_typed_below_the_form_stays_text(empty: Path, tmp_path: Path) -> None:
    dash = {"do": "type", "sheet": "Rencana Kerja", "cell": "D90", "text": "-1+2"}
    office.type_into(empty, [dash], tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx")["Rencana Kerja"]["D90"].value == "-1+2"


# ---- the file ---- #


def test_equal_arguments_give_equal_bytes(empty: Path, tmp_path: Path) -> None:
    assert build(tmp_path / "lagi.xlsx").read_bytes() == empty.read_bytes()


def test_dates_in_the_file_are_those_asked_for(empty: Path) -> None:
    with zipfile.ZipFile(empty) as packed:
        assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = packed.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-24T00:00:00Z"}


def test_rows_keep_their_height_and_may_grow(empty: Path) -> None:
    with zipfile.ZipFile(empty) as packed:
        rows = re.findall(r"<row [^>]*>", packed.read("xl/worksheets/sheet1.xml").decode())
    assert any(' ht="' in row for row in rows)
    assert not any("customHeight" in row for row in rows)


def test_without_a_date_source_date_epoch_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767571200")  # 2026-01-05
    template.build_template("usulan", tmp_path / "t.xlsx", mitra=NAME)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as packed:
        assert b"2026-01-05T00:00:00Z" in packed.read("docProps/core.xml")


def test_a_failed_build_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    target.write_bytes(b"lama")
    with pytest.raises(TypeError):
        build(target, {"rencana_kerja": [{"biaya": object()}]})
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]
    assert target.read_bytes() == b"lama"


def test_replace_file_leaves_no_trace_when_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_file(tmp_path / "folder", b"x")
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "tiada" / "t.xlsx", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_nothing_that_excel_would_repair(empty: Path, whole: Path) -> None:
    assert lint.lint(empty) == []
    assert lint.lint(whole) == []


@pytest.mark.sdk
def test_open_xml_sdk_finds_nothing(empty: Path, whole: Path) -> None:
    assert sdk.errors(empty) == []
    assert sdk.errors(whole) == []


# ---- the look ---- #


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


PAIRS = [
    *((look.INK, back) for back in (look.PAPER, look.HEADING, look.HELPER, look.INPUT)),
    *((ink, look.PAPER) for ink in (look.MUTED, look.BRAND, look.LINK)),
    (look.MUTED, look.HELPER),
    *((ink, back) for back, ink in look.SIGNALS.values()),
]


@pytest.mark.parametrize(("ink", "back"), PAIRS)
def test_text_can_be_read_on_its_background(ink: str, back: str) -> None:
    light, dark = sorted((luminance(ink), luminance(back)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
