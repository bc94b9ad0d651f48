"""The tests' own tools: the lint and the validator notice seeded faults, the engines agree, the typist types."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from support import engines, functions, lint, office, sdk
from support.package import RIBBON

SHEET, WORKBOOK, TABLE = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/tables/table1.xml"

TAB = """<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs><tab id="tab" label="Tab">
<group id="grup" label="Grup"><button id="satu" label="Satu" imageMso="FileOpen"/><button id="dua" label="Dua"/></group>
</tab></tabs></ribbon></customUI>"""

Change = Callable[[str], str]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with one of everything that the lint looks at."""
    path = tmp_path_factory.mktemp("sound") / "sound.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rencana Kerja")
        sheet.merge_range("A1:C1", "Lampiran 2")
        columns = [{"header": "No"}, {"header": "Biaya (Rp)"}, {"header": "Dua"}]
        sheet.add_table("A3:C6", {"name": "tblRencana", "columns": columns})
        sheet.write_column("A4", [1, 2, 3])
        sheet.write_column("B4", [100, 200, 300])
        sheet.write_formula("C4", "=tblRencana[[#This Row],[Biaya (Rp)]]*2", None, 0)
        sheet.write_formula("B8", "=SUM(Biaya)", None, 0)
        sheet.write_formula("B9", '=_xlfn.IFNA(MATCH("Leak",$A$4:$A$6,0),"(SUM() tblRencana")', None, 0)
        sheet.write_formula("B10", "=TODAY()", None, 0)
        sheet.data_validation("B4:B60", {"validate": "list", "source": ["satu", "dua"], "input_title": "Pilih"})
        for cells in ("A4:A60", "B4:B60"):
            sheet.conditional_format(cells, {"type": "formula", "criteria": "=$A4=1", "format": book.add_format()})
        book.define_name("Biaya", "='Rencana Kerja'!$B$4:$B$6")
        book.set_vba_name("ThisWorkbook")
        sheet.set_vba_name("Sheet1")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(RIBBON, TAB)
    return path


def changed(source: Path, target: Path, part: str, change: Change) -> Path:
    """A copy of the workbook with one part changed; the change must change something."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            after = change(text) if name == part else text
            assert name != part or after != text
            new.writestr(name, after)
    return target


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


def rows_swapped(text: str) -> str:
    head, four = text.split('<row r="4"')
    row4, five = four.split('<row r="5"')
    row5, rest = five.split('<row r="6"')
    return f'{head}<row r="5"{row5}<row r="4"{row4}<row r="6"{rest}'


LINTED: list[tuple[str, str, Change]] = [
    ("reference", SHEET, swap('sqref="B4:B60"', 'sqref="B4:B20000000"')),
    ("reference", SHEET, swap('sqref="B4:B60"', 'sqref="XFE4"')),
    ("priority", SHEET, swap('priority="2"', 'priority="1"')),
    ("prompt", SHEET, swap('promptTitle="Pilih"', f'promptTitle="{"x" * 33}"')),
    ("prompt", SHEET, swap('promptTitle="Pilih"', f'prompt="{"x" * 256}"')),
    ("list-length", SHEET, swap("satu,dua", "x" * 256)),
    ("structured", SHEET, swap('"satu,dua"', "tblRencana[No]")),
    ("merge", SHEET, swap('<mergeCell ref="A1:C1"/>', '<mergeCell ref="A1:C1"/><mergeCell ref="B1:D2"/>')),
    ("merge", SHEET, swap('<mergeCell ref="A1:C1"/>', '<mergeCell ref="A1:C3"/>')),
    ("order", SHEET, rows_swapped),
    ("order", SHEET, swap('<c r="B4"', '<c r="A4"')),
    ("table-column", TABLE, swap('name="Dua"', 'name="no"')),
    ("table-header", TABLE, swap('name="Dua"', 'name="Tiga"')),
    ("this-row", SHEET, swap("[[#This Row],[Biaya (Rp)]]", "[[#This Row],Biaya]")),
    ("this-row", SHEET, swap("tblRencana[[#This Row],[Biaya (Rp)]]", "[@Biaya]")),
    ("structured", SHEET, swap("SUM(Biaya)", "ROWS(tblRencana)")),
    ("structured", SHEET, swap("SUM(Biaya)", "COUNTA(tblRencana[#Headers])")),
    ("function", SHEET, swap("_xlfn.IFNA", "IFNA")),
    ("function", SHEET, swap("_xlfn.IFNA", "_xlfn.XLOOKUP")),
    ("function", SHEET, swap("SUM(Biaya)", "_xlfn.TEXTJOIN(Biaya)")),
    ("formula", SHEET, swap("SUM(Biaya)", "=SUM(Biaya)")),
    ("formula", SHEET, swap("SUM(Biaya)", "1" + "+1" * 4096)),
    ("formula-text", SHEET, swap('"Leak"', f'"{"x" * 256}"')),
    ("name", WORKBOOK, swap('name="Biaya"', 'name="AB12"')),
    ("name", WORKBOOK, swap('name="Biaya"', 'name="R1C1"')),
    ("name", WORKBOOK, swap('name="Biaya"', 'name="Total Biaya"')),
    ("text-length", "xl/sharedStrings.xml", swap("<t>Lampiran 2</t>", f"<t>{'x' * 32768}</t>")),
    ("code-name", SHEET, swap('codeName="Sheet1"', 'codeName="ThisWorkbook"')),
    ("code-name", SHEET, swap('codeName="Sheet1"', 'codeName="1 Rencana"')),
    ("code-name", SHEET, swap(' codeName="Sheet1"', "")),
    ("ribbon", RIBBON, swap('id="satu"', 'id="dua"')),
    ("ribbon", RIBBON, swap('id="satu"', 'id="satu" idMso="FileOpen"')),
    ("ribbon", RIBBON, swap(' id="satu"', "")),
    ("ribbon", RIBBON, swap('label="Satu"', 'label="Satu" getLabel="Nama"')),
    ("ribbon", RIBBON, swap('imageMso="FileOpen"', 'imageMso="FileOpen" image="gambar"')),
]


def test_lint_is_content_with_a_sound_workbook(sound: Path) -> None:
    assert lint.lint(sound) == []


@pytest.mark.parametrize(("code", "part", "change"), LINTED)
def test_lint_notices(sound: Path, tmp_path: Path, code: str, part: str, change: Change) -> None:
    found = lint.lint(changed(sound, tmp_path / "fault.xlsx", part, change))
    assert code in {line.partition(":")[0] for line in found}, found


@pytest.mark.sdk
def test_validator_is_content_with_a_sound_workbook(sound: Path) -> None:
    assert sdk.errors(sound) == []


@pytest.mark.sdk
@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, swap('type="list"', 'type="daftar"')),
        (WORKBOOK, swap('name="Rencana Kerja"', f'name="{"x" * 32}"')),
        (TABLE, swap("<table ", "<tabel ")),
    ],
)
def test_validator_notices(sound: Path, tmp_path: Path, part: str, change: Change) -> None:
    assert sdk.errors(changed(sound, tmp_path / "fault.xlsx", part, change))


def test_functions_have_one_spelling() -> None:
    assert not functions.PLAIN & functions.PREFIXED
    assert functions.fault("SUMPRODUCT") == functions.fault("_xlfn.IFNA") == ""
    assert functions.fault("_xlfn.SUM")


@pytest.mark.libreoffice
def test_three_engines_agree(sound: Path) -> None:
    today = dt.date.today()
    by_cellrune = engines.values_cellrune(sound, today)
    assert by_cellrune["Rencana Kerja", "C4"] == 200
    assert by_cellrune["Rencana Kerja", "B8"] == 600
    assert by_cellrune["Rencana Kerja", "B9"] == "(SUM() tblRencana"
    assert len(by_cellrune) == 4
    assert engines.differences(by_cellrune, engines.values_formulon(sound, today)) == []
    assert engines.differences(by_cellrune, engines.values_libreoffice(sound)) == []


def test_differences_are_noticed() -> None:
    one: engines.Values = {("A", "A1"): 1.0, ("A", "A2"): True, ("A", "A3"): "x"}
    assert engines.differences(one, {**one, ("A", "A1"): 1 + 1e-12}) == []
    assert len(engines.differences(one, {("A", "A1"): 1.001, ("A", "A2"): 1.0})) == 3


@pytest.mark.libreoffice
def test_typist_does_what_a_person_does(sound: Path, tmp_path: Path) -> None:
    here = {"sheet": "Rencana Kerja"}
    out = tmp_path / "typed.xlsx"
    office.type_into(
        sound,
        [
            here | {"do": "type", "cell": "B4", "text": "1.500.000,00"},
            here | {"do": "type", "cell": "E4", "text": "5 Januari 2025"},
            here | {"do": "text", "cell": "E5", "text": "=bukan rumus"},
            here | {"do": "number", "cell": "E6", "value": 2.5},
            here | {"do": "set_date", "cell": "E7", "date": "2025-03-31"},
            here | {"do": "paste", "source": "A4:B4", "to": "G4"},
            here | {"do": "move_range", "source": "E6", "to": "F6"},
            here | {"do": "insert_rows", "at": 2, "count": 3},
            here | {"do": "delete_rows", "at": 2},
            here | {"do": "insert_columns", "at": "A"},
            here | {"do": "insert_columns", "at": "A"},
            here | {"do": "delete_columns", "at": "A"},
            here | {"do": "hide_rows", "at": 7},
            here | {"do": "merge", "cells": "K1:L2"},
            here | {"do": "rename_sheet", "to": "Rencana"},
        ],
        out,
    )
    sheet = openpyxl.load_workbook(out, data_only=True)["Rencana"]
    # Everything stands two rows lower and one column further right than it was typed.
    assert [sheet[cell].value for cell in ("C6", "C10")] == [1_500_000, 1_500_500]
    assert sheet["F6"].value == dt.datetime(2025, 1, 5)
    assert [sheet[cell].value for cell in ("F7", "G8")] == ["=bukan rumus", 2.5]
    assert sheet["F9"].value == dt.datetime(2025, 3, 31)
    assert [sheet[cell].value for cell in ("H6", "I6")] == [1, 1_500_000]
    assert sheet.row_dimensions[7].hidden
    assert "K1:L2" in {str(area) for area in sheet.merged_cells.ranges}


@pytest.mark.libreoffice
def test_typist_refuses_what_a_person_cannot_do(sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "typed.xlsx"
    with pytest.raises(office.OfficeError, match="action 1"):
        office.type_into(sound, [{"do": "type", "sheet": "Tidak Ada", "cell": "A1", "text": "x"}], out)
    assert not out.exists()


@pytest.mark.libreoffice
def test_a_file_that_is_none_is_an_error_not_silence(tmp_path: Path) -> None:
    broken = tmp_path / "rusak.xlsx"
    broken.write_bytes(b"PK\x03\x04 bukan buku kerja")
    with pytest.raises(office.OfficeError):
        office.recalculate(broken, tmp_path / "out")


@pytest.mark.libreoffice
def test_pages_become_pictures(sound: Path, tmp_path: Path) -> None:
    pages = office.to_png(sound, tmp_path)
    assert [page.read_bytes()[:4] for page in pages] == [b"\x89PNG"]
