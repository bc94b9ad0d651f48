"""The reader: every table where a partner left it, every cell under its own address, every oddity by its code.

Sheets are drawn as Markdown tables whose first line is row 1 and whose first column is column A; "." is a blank
cell. What is changed in them is what partners do: insert, delete, move, rename, merge, hide, paste.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from openpyxl.comments import Comment
from support import office

from kemitraan_xl.book.template import build_template
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.intake.reading.identity import MARK, Identity
from kemitraan_xl.intake.reading.locate import forms, letters, split
from kemitraan_xl.intake.reading.reader import read_bytes
from validation.contract import checks_by_key, tables

Row = list[Any]
Sheets = dict[str, list[Row]]

PLAN = """
| Lampiran 2: Matriks Perencanaan Program dari Calon Mitra KPAI |
| .   | Nama Lembaga: | Yayasan Contoh |
| No  | Nama Program | Tujuan dan Hasil yang ingin Dicapai | Kegiatan-kegiatan | Kelompok Sasaran | Lokasi | Waktu | Biaya | Sumber Biaya | MAK/Akun | kmt:rencana_kerja |
| 1   | Pelatihan    | Guru paham    | Lokakarya | Guru  | Bandung | Maret 2026 | 5000000 | Mitra | . | . |
| 2   | Kampanye     | Warga paham   | Siaran    | Warga | Bogor   | April 2026 | 7500000 | .     | . | . |
| 3   | .            | .             | .         | .     | .       | .          | .       | .     | . | . |
| dst | .            | .             | .         | .     | .       | .          | .       | .     | . | . |
"""

IDENTITY = """
| kmt:identitas |
| jenis   | usulan |
| edisi   | 1.0    |
| sidik   | abc    |
| mitra   | M-001  |
| periode | 2026   |
"""


class Formula(str):
    """A cell with a formula; "#..." behind a bar is its cached error."""


def grid(drawn: str) -> list[Row]:
    rows = [[_cell(text.strip()) for text in line.strip(" |").split("|")] for line in drawn.strip().splitlines()]
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def _cell(text: str) -> Any:
    return None if text == "." else float(text) if text.isdigit() else text


def usulan(**changed: list[Row]) -> Sheets:
    """A small proposal that is in order: every table of the contract, two programmes, and what was changed."""
    sheets: Sheets = {}
    for form in forms("usulan"):
        if form.table.part_of:
            continue
        rows = sheets.setdefault(form.table.sheet, [])
        if form.table.layout == "label":
            rows += [[form.table.title, None, form.table.stamp]]
            rows += [[column.heading, None] for column in form.columns]
        else:
            rows += [[form.table.title], list(form.headings)]
    sheets["Sampul"][1][1] = "Yayasan Contoh"
    sheets["Rencana Kerja"] = grid(PLAN)
    sheets["Ref"] = grid(IDENTITY)
    names = {sheet.replace(" ", "_"): sheet for sheet in sheets}
    return sheets | {names.get(name, name.replace("_", " ")): rows for name, rows in changed.items()}


def workbook(sheets: Sheets, shape: Callable[[Any], None] | None = None, **options: Any) -> bytes:
    """The sheets as a file; `shape` may merge and hide before it is closed."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "dd mmmm yyyy", **options})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, Formula):
                    formula, _, value = cell.partition("|")
                    sheet.write_formula(number, column, formula, None, value)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    if shape:
        shape(book)
    book.close()
    return buffer.getvalue()


def resaved(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The same file changed and saved by openpyxl, which stores formulas without their results."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(sheets: Sheets, **options: Any) -> FileReading:
    return read_bytes(workbook(sheets, **options))


def seen(reading: FileReading) -> set[tuple[str, str, str]]:
    """Faults as (code, sheet, cell or what it is about)."""
    assert not reading.refusal
    return {
        (fault.key, fault.sheet, fault.cell or fault.column or fault.value)
        for fault in reading.faults
        if checks_by_key()[fault.key]
    }


def plan(reading: FileReading) -> Extract:
    return reading.tables["rencana_kerja"]


def programmes(reading: FileReading) -> list[tuple[str, str]]:
    """Where each programme stands, and its name."""
    found = plan(reading)
    names = found.columns["nama_program"]
    return [(found.cell("nama_program", index), name) for index, name in enumerate(names)]


BOTH = [("B4", "Pelatihan"), ("B5", "Kampanye")]


def test_a_clean_proposal_has_no_fault() -> None:
    reading = read(usulan())
    assert reading.faults == []
    assert set(reading.tables) == {table.name for table in tables().values() if "usulan" in table.kinds}
    assert reading.identity == {
        "jenis": "usulan",
        "edisi": "1.0",
        "sidik": "abc",
        "mitra": "M-001",
        "periode": "2026",
    }
    assert programmes(reading) == BOTH
    assert plan(reading).columns["no"] == [1, 2]
    assert plan(reading).columns["biaya"] == [5_000_000, 7_500_000]
    assert plan(reading).columns["akun"] == [None, None]
    assert plan(reading).rows == [4, 5]
    assert plan(reading).cell("biaya", 1) == "H5"
    assert reading.tables["sampul"].columns["nama_lembaga"] == ["Yayasan Contoh"]
    assert reading.tables["sampul"].cell("nama_lembaga", 0) == "B2"
    assert reading.tables["kepala_rencana"].columns == {"nama_lembaga": ["Yayasan Contoh"]}
    assert reading.tables["kepala_rencana"].letters == {"nama_lembaga": "C2"}


# ---- rows and columns that were moved ---- #


def with_rows(*at: int) -> list[Row]:
    """The plan with blank rows inserted before these Excel rows, the last first."""
    rows = grid(PLAN)
    for number in sorted(at, reverse=True):
        rows.insert(number - 1, [None] * len(rows[0]))
    return rows


def without_rows(*numbers: int) -> list[Row]:
    return [row for number, row in enumerate(grid(PLAN), start=1) if number not in numbers]


def with_column(letter: str, *cells: Any) -> list[Row]:
    """The plan with a column inserted before this one: its heading, then its cells from row 4 on."""
    _, at = split(f"{letter}1")
    filled = [None, None, *cells]
    return [
        [*row[:at], filled[number] if number < len(filled) else None, *row[at:]]
        for number, row in enumerate(grid(PLAN))
    ]


def with_cells(**cells: Any) -> list[Row]:
    """The plan with some cells replaced, growing as needed."""
    rows = grid(PLAN)
    for name, value in cells.items():
        number, column = split(name)
        while len(rows) < number:
            rows.append([None] * len(rows[0]))
        row = rows[number - 1]
        row += [None] * (column + 1 - len(row))
        row[column] = value
    return rows


def in_order(*headings: str) -> list[Row]:
    """The plan with its first columns in this order."""
    rows = grid(PLAN)
    order = [rows[2].index(heading) for heading in headings]
    order += [column for column in range(len(rows[2])) if column not in order]
    return [*rows[:2], *([row[column] for column in order] for row in rows[2:])]


@pytest.mark.parametrize(
    ("rows", "expected", "faults"),
    [
        pytest.param(with_rows(1, 1, 3), [("B7", "Pelatihan"), ("B8", "Kampanye")], set(), id="rows-above"),
        pytest.param(with_rows(5, 5), [("B4", "Pelatihan"), ("B7", "Kampanye")], set(), id="rows-inside"),
        pytest.param(with_rows(7, 8), BOTH, set(), id="rows-below"),
        pytest.param(without_rows(4), [("B4", "Kampanye")], set(), id="row-deleted"),
        pytest.param(without_rows(6, 7), BOTH, set(), id="end-deleted"),
        pytest.param(with_column("A"), [("C4", "Pelatihan"), ("C5", "Kampanye")], set(), id="column-left"),
        pytest.param(with_column("D"), BOTH, set(), id="blank-column-inside"),
        pytest.param(with_column("D", "Catatan", "penting"), BOTH, {("ST-07", "Rencana Kerja", "D3")}, id="own-column"),
        pytest.param(with_column("D", "Catatan"), BOTH, set(), id="own-column-without-content"),
        pytest.param(
            with_column("D", None, None, "lihat surat"),
            BOTH,
            {("ST-19", "Rencana Kerja", "D5")},
            id="text-in-a-column-without-heading",
        ),
        pytest.param(
            with_cells(L3="Keterangan", L5="cek"), BOTH, {("ST-07", "Rencana Kerja", "L3")}, id="column-right"
        ),
        pytest.param(with_cells(N6="cek"), BOTH, {("ST-19", "Rencana Kerja", "N6")}, id="text-far-right"),
        pytest.param(
            in_order("Biaya", "Nama Program", "No"),
            BOTH,
            {("ST-18", "Rencana Kerja", "Rencana Kerja")},
            id="reordered",
        ),
    ],
)
def test_moved(rows: list[Row], expected: list[tuple[str, str]], faults: set[tuple[str, str, str]]) -> None:
    reading = read(usulan(Rencana_Kerja=rows))
    assert programmes(reading) == expected
    assert plan(reading).columns["biaya"] == [5_000_000, 7_500_000][-len(expected) :]
    assert seen(reading) == faults


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        pytest.param({"B3": "NAMA\nPROGRAM *"}, {}, id="case-line-break-asterisk"),
        pytest.param({"D3": "Kegiatan – kegiatan"}, {("ST-04", "D3")}, id="dash"),
        pytest.param({"D3": "Kegiatan\u00ad-\u200bkegiatan", "E3": "\ufeffKelompok\u00a0Sasaran"}, {}, id="unseen"),
        pytest.param({"D3": "Kegiatan–kegiatan:"}, {}, id="dash-variant-colon"),
        pytest.param({"E3": "Kelompok Sasran"}, {("ST-04", "E3")}, id="misspelt"),
        pytest.param({"F3": "Tempat"}, {("ST-03", "Lokasi"), ("ST-07", "F3")}, id="renamed"),
        pytest.param({"F3": None}, {("ST-03", "Lokasi")}, id="heading-gone"),
        pytest.param({"F3": "Waktu"}, {("ST-03", "Lokasi"), ("ST-05", "G3")}, id="doubled"),
        pytest.param({"K3": None}, {("ST-17", "Rencana Kerja")}, id="stamp-gone"),
        pytest.param({"I3": None, "J3": None, "I4": None}, {}, id="helper-columns-gone"),
        pytest.param(
            {"G3": "Pelaksanaan", "H3": None, "G4": "Waktu", "H4": "Biaya"} | {f"{c}4": None for c in "ABCDEFI"},
            {},
            id="headings-over-two-rows",
        ),
    ],
)
def test_headings(cells: dict[str, Any], faults: Iterable[tuple[str, str]]) -> None:
    reading = read(usulan(Rencana_Kerja=with_cells(**cells)))
    assert seen(reading) == {(code, "Rencana Kerja", where) for code, where in faults}
    assert programmes(reading)[-1] == ("B5", "Kampanye")
    assert plan(reading).columns["biaya"][-1] == 7_500_000


def test_a_near_heading_says_what_it_was_read_as() -> None:
    (fault,) = read(usulan(Rencana_Kerja=with_cells(E3="Kelompok Sasran"))).faults
    assert (fault.column, fault.value) == ("Kelompok Sasaran", "Kelompok Sasran")


def test_a_missing_column_is_absent() -> None:
    found = plan(read(usulan(Rencana_Kerja=with_cells(F3="Tempat"))))
    assert "lokasi" not in found.columns
    assert found.cell("lokasi", 0) == ""


# ---- which rows are data ---- #


@pytest.mark.parametrize(
    ("cells", "extra", "faults"),
    [
        pytest.param({"B6": "  ", "C6": "\u00a0", "D9": "\u200b "}, [], {}, id="spaces-only"),
        pytest.param({"A8": 31.0, "A9": "32.", "A10": " "}, [], {}, id="more-numbers"),
        pytest.param({"I6": "Mitra"}, [("B6", None)], {}, id="helper-alone-is-data"),
        pytest.param({"H6": 0.0}, [("B6", None)], {}, id="zero-is-data"),
        pytest.param({"A8": 4.0, "B8": "Riset"}, [("B8", "Riset")], {("ST-06", "A7")}, id="after-the-end"),
        pytest.param({"A7": "dst.", "B9": "Riset"}, [("B9", "Riset")], {("ST-06", "A7")}, id="end-with-a-dot"),
        pytest.param({"A7": None, "B8": "Riset"}, [("B8", "Riset")], {}, id="end-overwritten"),
        pytest.param({"B7": "Riset"}, [], {("ST-19", "B7")}, id="content-in-the-end-row"),
        pytest.param({"A8": "Jumlah", "H8": 12_500_000.0}, [], {}, id="sum-in-the-first-column"),
        pytest.param({"B8": "TOTAL BIAYA (Rp):", "H8": 12_500_000.0}, [], {}, id="sum-in-the-second-column"),
        pytest.param({"G8": "Jumlah", "H8": 12_500_000.0}, [], {}, id="sum-beside-the-figure"),
        pytest.param(
            {"A8": 4.0, "B8": "Total Football untuk Anak", "H8": 1.0},
            [("B8", "Total Football untuk Anak")],
            {("ST-06", "A7")},
            id="a-programme-called-total",
        ),
        pytest.param({"A9": "Catatan: mohon ditinjau"}, [], {("ST-19", "A9")}, id="note-in-the-first-column"),
        pytest.param({"C29": "Bogor, Maret 2026"}, [], {("ST-19", "C29")}, id="note-far-below"),
        pytest.param({"C28": "Pendamping"}, [("B28", None)], {("ST-06", "A7")}, id="row-not-so-far-below"),
        pytest.param({"C28": "Bogor, Maret 2026"}, [], {("ST-19", "C28")}, id="place-and-day"),
        pytest.param(
            {"E9": "Bogor, 5 Maret 2026", "B10": "Mengetahui,", "E10": "Ketua Yayasan", "B14": "Sari", "E14": "Budi"},
            [],
            {("ST-19", "E9")},
            id="signature",
        ),
        pytest.param(
            {"A8": 4.0, "B8": "Riset", "H8": 1.0, "B10": "Mengetahui,", "B14": "Sari"},
            [("B8", "Riset")],
            {("ST-06", "A7"), ("ST-19", "B10")},
            id="signature-below-a-late-row",
        ),
        pytest.param(
            {"B9": "Riset", "B10": "Kajian"}, [("B9", "Riset"), ("B10", "Kajian")], {("ST-06", "A7")}, id="names"
        ),
    ],
)
def test_rows(cells: dict[str, Any], extra: list[tuple[str, str | None]], faults: Iterable[tuple[str, str]]) -> None:
    reading = read(usulan(Rencana_Kerja=with_cells(**cells)))
    assert programmes(reading) == BOTH + extra
    assert seen(reading) == {(code, "Rencana Kerja", cell) for code, cell in faults}


def test_a_second_table_below_the_first_is_not_read() -> None:
    rows = grid(PLAN) + grid(PLAN)[2:]
    reading = read(usulan(Rencana_Kerja=rows))
    assert programmes(reading) == BOTH
    assert seen(reading) == {("ST-15", "Rencana Kerja", "A8")}


def test_prefilled_rows_are_kept_by_their_label() -> None:
    rows = grid("""
        | No | Unsur          | Uraian     | kmt:kak |
        | 1  | Latar belakang | Latar kami | .       |
        | 2  | Pembiayaan kerjasama | .    | .       |
        | 3  | .              | .          | .       |
    """)
    found = read(usulan(KAK=rows)).tables["kak"]
    assert found.rows == [2, 3]
    assert found.columns["uraian"] == ["Latar kami", None]


def test_computed_cells_make_no_row() -> None:
    sheets = usulan()
    headings = sheets["Matriks Risiko"][1]
    level = headings.index("Tingkat Risiko")
    sheets["Matriks Risiko"] += [[1.0] + [None] * (level - 1) + ["Rendah"]]
    assert read(sheets).tables["matriks_risiko"].rows == []


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (" Bandung \n", " Bandung \n"),
        ("'- butir satu", "'- butir satu"),
        ("=1+1", "=1+1"),
        (12.5, 12.5),
        (2026.0, 2026),
        (True, True),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 8, 30), datetime(2026, 3, 1, 8, 30)),
        (datetime(2026, 3, 1).time(), "00:00:00"),
    ],
)
def test_values(typed: Any, value: Any) -> None:
    found = plan(read(usulan(Rencana_Kerja=with_cells(G4=typed)))).columns["waktu"][0]
    assert found == value
    assert type(found) is type(value)


def test_the_date_system_of_1904() -> None:
    reading = read(usulan(Rencana_Kerja=with_cells(G4=date(2026, 3, 1))), date_1904=True)
    assert plan(reading).columns["waktu"][0] == date(2026, 3, 1)
    assert seen(reading) == {("ST-20", "", "")}


# ---- sheets ---- #


def renamed(sheets: Sheets, old: str, new: str) -> Sheets:
    return {new if title == old else title: rows for title, rows in sheets.items()}


def unstamped(sheets: Sheets) -> Sheets:
    return {
        title: [[None if str(cell).startswith("kmt:") else cell for cell in row] for row in rows]
        for title, rows in sheets.items()
    }


def test_a_renamed_sheet() -> None:
    reading = read(renamed(usulan(), "Rencana Kerja", "Lampiran 2"))
    assert programmes(reading) == BOTH
    assert plan(reading).sheet == "Lampiran 2"
    assert seen(reading) == {("ST-12", "Lampiran 2", "Rencana Kerja")}


def test_what_one_cannot_see_makes_no_other_sheet() -> None:
    sheets = usulan()
    sheets["\ufeffRencana\u00a0Ker\u00adja\u200b"] = sheets.pop("Rencana Kerja")
    assert seen(read(sheets)) == set()


def test_a_renamed_sheet_without_stamp() -> None:
    sheets = renamed(usulan(Rencana_Kerja=with_cells(K3=None)), "Rencana Kerja", "Program")
    reading = read(sheets)
    assert programmes(reading) == BOTH
    assert seen(reading) == {("ST-12", "Program", "Rencana Kerja"), ("ST-17", "Program", "Rencana Kerja")}


def test_a_missing_sheet_is_named_once() -> None:
    sheets = usulan()
    del sheets["Profil dan Bukti"], sheets["Indikator"]
    reading = read(sheets)
    assert {fault.key for fault in reading.faults} == {"ST-01"}
    assert sorted(fault.column for fault in reading.faults) == ["Indikator", "Profil dan Bukti"]
    assert {fault.cell for fault in reading.faults} == {""}


def test_other_sheets() -> None:
    sheets = usulan(Petunjuk=[["Baca dahulu"]], Periksa=[["KURANG"]], Catatan=[["Rapat"]], Kosong=[[None, "  "]])
    assert seen(read(sheets)) == {("ST-13", "Catatan", "Catatan")}


def test_a_copied_sheet() -> None:
    copied = renamed({"Rencana Kerja": grid(PLAN)}, "Rencana Kerja", "Rencana Kerja (2)")
    reading = read({**copied, **usulan()})
    assert plan(reading).sheet == "Rencana Kerja"
    assert seen(reading) == {("ST-15", "Rencana Kerja (2)", "A3")}


def test_stamps_and_identity_gone() -> None:
    sheets = unstamped(usulan())
    del sheets["Ref"]
    reading = read(sheets)
    assert reading.identity == {"jenis": "usulan"}
    assert programmes(reading) == BOTH
    assert reading.tables["sampul"].columns["nama_lembaga"] == ["Yayasan Contoh"]
    assert {fault.key for fault in reading.faults} == {"ST-17"}
    assert {fault.sheet for fault in reading.faults} == set(sheets)


LINE = Identity("usulan", "1.0", "abc", "M-002", "2027").line


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LINE, "M-002"),
        (None, "M-001"),
        (LINE[:-1], "M-001"),
        (LINE.replace("periode", "masa"), "M-001"),
        (LINE.replace('"M-002"', "2"), "M-001"),
        (f"{MARK} " + "[" * 30_000, "M-001"),
    ],
)
def test_the_line_on_sampul_spares_the_hidden_sheet_unless_it_is_damaged(line: str | None, code: str) -> None:
    sheets = usulan()
    sheets["Sampul"][0].append(line)
    reading = read(sheets)
    assert reading.identity["mitra"] == code
    assert reading.faults == []


def test_the_hidden_sheet_is_not_parsed_when_the_line_is_there() -> None:
    sheets = usulan(Ref=[[None]] * 2 + [[Formula("=1/0|#DIV/0!")]])
    sheets["Sampul"][0].append(LINE)
    assert read(sheets).identity["mitra"] == "M-002"
    del sheets["Ref"]
    assert read(sheets).identity == {
        "jenis": "usulan",
        "edisi": "1.0",
        "sidik": "abc",
        "mitra": "M-002",
        "periode": "2027",
    }


def test_the_identity_block_may_stand_anywhere() -> None:
    sheets = usulan()
    block = [[None, None, *row] for row in sheets.pop("Ref")]
    reading = read({"Data": [[None]] * 30 + block, **sheets})
    assert reading.identity["mitra"] == "M-001"
    assert seen(reading) == {("ST-13", "Data", "Data")}


@pytest.mark.parametrize(
    "rows",
    [
        [["Nama", "Umur"], ["Budi", 20.0]],
        [["No", "Uraian", "Jumlah"], [1.0, "Kertas", 5.0]],
        [["Nama Lembaga", "Yayasan Contoh"]],
        [],
    ],
)
def test_no_template_of_ours(rows: list[Row]) -> None:
    reading = read({"Sheet1": rows, "Rekap Program": grid(PLAN)})
    assert reading.refusal
    assert not reading.tables
    assert not reading.faults


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"bukan buku kerja", b"%PDF-1.7"])
def test_no_workbook(data: bytes) -> None:
    assert read_bytes(data).refusal


# ---- labelled cells ---- #


def test_labels_anywhere() -> None:
    sheets = usulan()
    sheets["Sampul"] = [[], [], *([None, *row] for row in reversed(sheets["Sampul"]))]
    reading = read(sheets)
    row = len(sheets["Sampul"]) - 1
    assert reading.faults == []
    assert reading.tables["sampul"].columns["nama_lembaga"] == ["Yayasan Contoh"]
    assert reading.tables["sampul"].letters["nama_lembaga"] == f"C{row}"


@pytest.mark.parametrize(
    ("label", "beside", "value", "cell", "faults"),
    [
        ("NAMA LEMBAGA :", "Yayasan A", "Yayasan A", "B2", set()),
        ("Nama Lembga", "Yayasan A", "Yayasan A", "B2", {("ST-04", "Sampul", "A2")}),
        ("Nama Lembaga: Yayasan B", None, " Yayasan B", "A2", set()),
        ("Nama Lembaga", None, None, "B2", set()),
    ],
)
def test_label_spellings(
    label: str, beside: str | None, value: str | None, cell: str, faults: set[tuple[str, str, str]]
) -> None:
    sheets = usulan()
    sheets["Sampul"][1] = [label, beside]
    reading = read(sheets)
    assert reading.tables["sampul"].columns["nama_lembaga"] == [value]
    assert reading.tables["sampul"].letters["nama_lembaga"] == cell
    assert seen(reading) == faults


def test_missing_and_doubled_labels() -> None:
    sheets = usulan()
    del sheets["Sampul"][2]
    sheets["Sampul"] += [["Nama Lembaga", "Yayasan Lain"]]
    reading = read(sheets)
    assert reading.tables["sampul"].columns["nama_lembaga"] == ["Yayasan Contoh"]
    assert "kelas_lembaga" not in reading.tables["sampul"].columns
    last = len(sheets["Sampul"])
    assert seen(reading) == {("ST-03", "Sampul", "Kelas Lembaga"), ("ST-05", "Sampul", f"A{last}")}


def test_a_label_pasted_over_an_input_cell_is_its_value() -> None:
    sheets = usulan()
    (row,) = (row for row in sheets["Sampul"] if row[0] == "Kelas Lembaga")
    (other,) = (row for row in sheets["Sampul"] if row[0] == "Nama Lembaga")
    row[1:] = ["Nama Lembaga", "petunjuk"]
    reading = read(sheets)
    columns = reading.tables["sampul"].columns
    assert (columns["kelas_lembaga"], columns["nama_lembaga"]) == (["Nama Lembaga"], [other[1]])
    assert reading.faults == []


def test_a_group_title_is_no_label() -> None:
    sheets = usulan()
    at = [row[0] for row in sheets["Sampul"]].index("Pernyataan")
    sheets["Sampul"][at:at] = [["Pernyataan"]]
    reading = read(sheets)
    assert reading.tables["sampul"].letters["pernyataan"] == f"B{at + 2}"
    assert reading.faults == []


def test_the_value_of_a_merged_label_stands_right_of_it() -> None:
    sheets = usulan()
    sheets["Sampul"][1] = ["Nama Lembaga", None, None, "Yayasan C"]

    def merge(book: Any) -> None:
        book.get_worksheet_by_name("Sampul").merge_range("A2:C2", "Nama Lembaga")

    found = read_bytes(workbook(sheets, merge)).tables["sampul"]
    assert (found.columns["nama_lembaga"], found.letters["nama_lembaga"]) == (["Yayasan C"], "D2")


def test_a_value_that_slid_away_is_not_guessed() -> None:
    sheets = usulan()
    sheets["Sampul"][1] = ["Nama Lembaga", None, "Yayasan C"]
    found = read(sheets).tables["sampul"]
    assert (found.columns["nama_lembaga"], found.letters["nama_lembaga"]) == ([None], "B2")


def test_a_label_of_the_same_sheet_as_a_table() -> None:
    rows = grid("""
        | .  | Mulai Bekerja dengan Anak | 2015 | kmt:pengalaman_anak |
        | No | Dokumen        | Nomor | Tanggal Terbit | Berlaku Sampai | Keterangan | kmt:profil_bukti |
        | 1  | Akte Pendirian | 12    | .              | .              | .          | . |
    """)
    reading = read(usulan(Profil_dan_Bukti=rows))
    assert reading.tables["pengalaman_anak"].columns == {"mulai_anak": [2015]}
    assert reading.tables["pengalaman_anak"].letters == {"mulai_anak": "C1"}
    assert reading.tables["profil_bukti"].columns["nomor"] == [12]
    assert reading.faults == []


# ---- cells that a value reader passes over ---- #


def test_error_cells() -> None:
    rows = with_cells(H4=Formula("=1/0|#DIV/0!"), B6=Formula("=Hilang!A1|#REF!"), M9=Formula("=1/0|#DIV/0!"))
    reading = read(usulan(Rencana_Kerja=rows))
    assert plan(reading).columns["biaya"] == [None, 7_500_000]
    assert programmes(reading) == BOTH
    assert seen(reading) == {("ST-08", "Rencana Kerja", "H4"), ("ST-08", "Rencana Kerja", "B6")}
    assert {fault.value for fault in reading.faults} == {"#DIV/0!", "#REF!"}


def test_formulas_without_a_result() -> None:
    sheets = usulan()
    level = letters(sheets["Matriks Risiko"][1].index("Tingkat Risiko"))
    sheets["Matriks Risiko"] += [[1.0, "Ekonomi"], [2.0]]

    def change(book: Any) -> None:
        book["Rencana Kerja"]["H4"] = "=2+3"
        book["Rencana Kerja"]["A8"], book["Rencana Kerja"]["H8"] = "Jumlah", "=SUM(H4:H5)"
        book["Matriks Risiko"][f"{level}3"] = book["Matriks Risiko"][f"{level}4"] = "=1"
        book["Sampul"]["B2"] = '="Yayasan"'

    reading = read_bytes(resaved(workbook(sheets), change))
    assert plan(reading).columns["biaya"] == [None, 7_500_000]
    assert seen(reading) == {
        ("ST-09", "Rencana Kerja", "H4"),
        ("ST-09:hitungan", "Matriks Risiko", f"{level}3"),
        ("ST-09", "Sampul", "B2"),
    }


def test_merged_cells_in_data() -> None:
    def merge(book: Any) -> None:
        sheet = book.get_worksheet_by_name("Rencana Kerja")
        sheet.merge_range("F4:F5", "Bandung")
        sheet.merge_range("C2:H2", "Yayasan Contoh")
        sheet.merge_range("A8:G8", "Jumlah")

    reading = read_bytes(workbook(usulan(Rencana_Kerja=with_cells(F5=None)), merge))
    assert plan(reading).columns["lokasi"] == ["Bandung", None]
    assert seen(reading) == {("ST-10", "Rencana Kerja", "F4")}
    assert [fault.value for fault in reading.faults] == ["F4:F5"]


def test_hidden_data() -> None:
    def hide(book: Any) -> None:
        sheet = book.get_worksheet_by_name("Rencana Kerja")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column("F:F", None, None, {"hidden": True})
        sheet.set_column("J:J", None, None, {"hidden": True})

    reading = read_bytes(workbook(usulan(), hide))
    assert programmes(reading) == BOTH
    assert seen(reading) == {("ST-11", "Rencana Kerja", "A5")}
    assert [fault.value for fault in reading.faults] == ["2"]


def test_what_is_never_run_and_comments() -> None:
    def change(book: Any) -> None:
        book["Sampul"]["A1"].comment = Comment("periksa lagi", "staf")
        book["KAK"]["A1"].comment = Comment("dan ini", "staf")

    reading = read_bytes(resaved(workbook(usulan()), change))
    assert seen(reading) == {("ST-16", "", "2")}


def test_active_content_is_named_in_one_sentence() -> None:
    buffer = io.BytesIO(workbook(usulan()))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    (fault,) = read_bytes(buffer.getvalue()).faults
    assert (fault.key, fault.value) == ("ST-14", "makro dan tautan ke berkas lain")


# ---- a master ---- #


def induk() -> Sheets:
    sheets = {
        form.table.sheet: [[form.table.title], list(form.headings)]
        for form in forms("induk")
        if form.table.layout == "tabel"
    }
    sheets["Ref"] = [["kmt:identitas"], ["jenis", "induk"]]
    return sheets


def test_a_master() -> None:
    sheets = induk() | {"Daftar Periksa": [["Lampiran 3"]], "Rekap Mitra": [["Nama Lembaga"]]}
    first = sheets["Data Penilaian"][1].index("Kisi-kisi")
    sheets["Data Penilaian"] += [["Yayasan Contoh"] + [None] * (first - 1) + ["Visi"] for _ in range(3_000)]
    reading = read(sheets)
    assert reading.faults == []
    assert len(reading.tables["data_penilaian"].rows) == 3_000
    assert reading.tables["data_penilaian"].columns["kisi_kisi"][-1] == "Visi"


def test_a_master_may_be_arranged_and_computes_right_of_its_stamps() -> None:
    sheets = induk()
    headings = sheets["Mitra"][1]
    headings[:2] = headings[1::-1]
    sheets["Mitra"][1] = [*headings, None, "Nama Lembaga", "Jumlah Kerja Sama"]
    sheets["Mitra"] += [["Yayasan Contoh", "M-001", *[None] * (len(headings) - 1), "Yayasan Contoh", 2.0]]
    reading = read(sheets)
    assert reading.faults == []
    assert reading.tables["mitra"].letters["kode"] == "B"
    assert reading.tables["mitra"].columns["nama_lembaga"] == ["Yayasan Contoh"]


def test_a_master_without_stamps_keeps_its_lists_apart() -> None:
    sheets = unstamped(induk())
    sheets["Mitra"] += [["M-001", "Yayasan Contoh"]]
    del sheets["Ref"]
    reading = read(sheets)
    assert reading.identity == {"jenis": "induk"}
    assert {name: extract.sheet for name, extract in reading.tables.items()} == {
        form.table.name: form.table.sheet for form in forms("induk")
    }
    assert reading.tables["mitra"].columns["kode"] == ["M-001"]


# ---- the real template ---- #


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("templat") / "usulan.xlsx"
    rows: list[dict[str, str | float | date | None]] = [{"no": 1, "nama_program": "Pelatihan", "biaya": 5_000_000}]
    build_template(
        "usulan",
        path,
        mitra="Yayasan Contoh",
        kode="M-001",
        periode="2026",
        prefill={"rencana_kerja": rows, "sampul": [{"tanggal_surat": date(2026, 1, 5), "lingkup_1": "Ya"}]},
        per_tanggal=date(2026, 1, 5),
    )
    return path


def test_the_template_as_issued(template: Path) -> None:
    reading = read_bytes(template.read_bytes())
    assert reading.faults == []
    assert (reading.identity["jenis"], reading.identity["mitra"], reading.identity["periode"]) == (
        "usulan",
        "M-001",
        "2026",
    )
    assert reading.modified.startswith("2026-01-05")
    assert plan(reading).columns["nama_program"] == ["Pelatihan"]
    assert plan(reading).columns["biaya"] == [5_000_000]
    assert reading.tables["sampul"].columns["tanggal_surat"] == [date(2026, 1, 5)]
    assert reading.tables["sampul"].columns["lingkup_1"] == ["Ya"]
    assert reading.tables["kepala_rencana"].columns["nama_lembaga"] == ["Yayasan Contoh"]
    assert len(reading.tables["kak"].rows) == 10
    assert reading.tables["matriks_risiko"].rows == []


@pytest.mark.libreoffice
def test_the_template_saved_by_libreoffice(template: Path, tmp_path: Path) -> None:
    saved = office.recalculate(template, tmp_path)
    issued, returned = read_bytes(template.read_bytes()), read_bytes(saved.read_bytes())
    assert returned.faults == []
    assert returned.tables == issued.tables
    assert returned.identity == issued.identity


# ---- any sequence of insertions and moves ---- #

INSERTIONS = st.lists(st.tuples(st.sampled_from(["row", "column"]), st.integers(0, 12)), max_size=6)


@settings(max_examples=40)
@given(INSERTIONS, st.permutations(range(10)))
def test_every_value_keeps_its_column_and_its_address(insertions: list[tuple[str, int]], order: list[int]) -> None:
    form = next(form for form in forms("usulan") if form.table.name == "rencana_kerja")
    headings = [form.headings[column] for column in order] + [form.table.stamp]
    data = [[f"{form.headings[column]} {row}" for column in order] + [None] for row in range(3)]
    rows: list[Row] = [["Lampiran 2"] + [None] * 10, headings, *data]
    for what, at in insertions:
        if what == "row":
            rows.insert(min(at, len(rows)), [None] * len(rows[0]))
        else:
            rows = [[*row[:at], None, *row[at:]] for row in rows]
    reading = read(usulan(Rencana_Kerja=rows))
    where = {
        cell: f"{letters(column)}{number}"
        for number, row in enumerate(rows, start=1)
        for column, cell in enumerate(row)
    }
    found = plan(reading)
    assert {fault.key for fault in reading.faults} <= {"ST-03", "ST-18"}  # ST-03: the line "Nama Lembaga:"
    for column in form.columns:
        assert found.columns[column.name] == [f"{column.heading} {row}" for row in range(3)]
        assert [found.cell(column.name, i) for i in range(3)] == [where[f"{column.heading} {row}"] for row in range(3)]
