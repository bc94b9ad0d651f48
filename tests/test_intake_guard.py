"""The door of the intake: what is let in, what is set aside and for which reason, and what the look reports."""

from __future__ import annotations

import os
import time
import unicodedata
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support import hostile
from support.formats import ole
from support.hostile import CELL, MAIN, parts, sheet, workbook, zipped

from kemitraan_xl.intake.collect import SourceMissing, collect, hashed
from kemitraan_xl.intake.gate import sheetscan, zipdir
from kemitraan_xl.intake.gate.guard import Look, look
from kemitraan_xl.intake.gate.sheetscan import SheetLook
from kemitraan_xl.intake.reading.locate import letters
from kemitraan_xl.intake.refusal import Refused, reason

FIRST = "Lembar1"
BARE = sheet().partition(b"\n")[2]  # without the XML declaration


def seen(*sheets: bytes, strings: bytes = b"") -> Look:
    found = look(workbook(*sheets, strings=strings))
    assert not found.refusal
    return found


def first_sheet(rows: str = CELL, before: str = "", after: str = "") -> SheetLook:
    return seen(sheet(rows, before, after)).sheet(FIRST)


def values(found: Look, *titles: str) -> list[Any]:
    book = CalamineWorkbook.from_filelike(BytesIO(found.workbook(titles)))
    return [book.get_sheet_by_name(title).to_python() for title in titles]


# ---- what a file is ---- #

FILES = {
    "empty": (b"", "empty"),
    "zeros": (b"\0" * 5000, "damaged"),
    "pdf": (b"%PDF-1.7\n...", "pdf"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "image"),
    "html": (b"\xef\xbb\xbf\n<HTML><body><table>", "html"),
    "spreadsheetml": (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml"),
    "mail": (b"Subject: Usulan\r\n lanjutan\r\nFrom: a@contoh.id\r\nMIME-Version: 1.0\r\n\r\n", "mail"),
    "outlook": (ole({"__properties_version1.0": b""}), "mail"),
    "encrypted": (ole({"EncryptedPackage": b""}), "encrypted"),
    "xls": (ole({"Workbook": b""}), "damaged"),
    "doc": (ole({"WordDocument": b""}), "word"),
    "docx": (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}), "word"),
    "xlsb": (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}), "damaged"),
    "ods": (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "damaged"),
    "zip in zip": (zipped({"kiriman.zip": zipped({"usulan.xlsx": workbook()})}), "archive"),
    "noise": (bytes(range(256)) * 8, "unknown"),
    "one letter": (b"P", "foreign"),
    "no sheets": (zipped(parts()), "damaged"),
    "no parts for its sheets": (zipped({k: v for k, v in parts(sheet()).items() if "sheet1" not in k}), "damaged"),
    "password on members": (hostile.encrypted_flag(), "encrypted"),
    "second sheet1.xml": (hostile.two_of_one_name("xl/worksheets/sheet1.xml"), "unsafe"),
    "second Sheet1.XML": (hostile.two_of_one_name("xl/worksheets/Sheet1.XML"), "unsafe"),
    "way out": (zipped(parts(sheet()) | {"../../lain.xml": b"<a/>"}), "unsafe"),
    "absolute": (zipped(parts(sheet()) | {"/tmp/lain.xml": b"<a/>"}), "unsafe"),
    "drive": (zipped(parts(sheet()) | {"C:/lain.xml": b"<a/>"}), "unsafe"),
    "backslash": (zipped(parts(sheet()) | {"..\\lain.xml": b"<a/>"}), "unsafe"),
    "overlapping": (hostile.overlapping(), "unsafe"),
    "bzip2": (zipped(parts(sheet()), zipfile.ZIP_BZIP2), "unsafe"),
    "zip bomb": (zipped(parts(sheet()) | {"xl/media/a.bin": b"\0" * (2 << 20)}), "bomb"),
    "too many members": (zipped(parts(sheet()) | {f"x{n}": b"" for n in range(2000)}), "bomb"),
    "doctype": (zipped(parts(sheet()) | {"xl/workbook.xml": b"<!DOCTYPE a><workbook/>"}), "unsafe"),
    "broken xml": (zipped(parts(sheet()) | {"xl/workbook.xml": b"<workbook><sheets>"}), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "kind"), FILES.values(), ids=FILES)
def test_a_file_is_told_by_its_content(data: bytes, kind: str) -> None:
    found = look(data)
    assert found.kind == kind
    assert found.refusal
    assert found.sheets == ()


def test_a_file_cut_anywhere_is_refused() -> None:
    data = workbook(sheet(), sheet())
    for length in range(len(data)):
        assert look(data[:length]).refusal, length


def test_a_file_above_the_limit_is_refused_unseen() -> None:
    assert look(b"PK\3\4" + bytes(zipdir.MAX_FILE)).kind == "large"


def test_mail_headers_are_matched_in_linear_time() -> None:
    before = time.process_time()
    look(b"a: b\r\n" * 600)
    assert time.process_time() - before < 1


# ---- what becomes of each part ---- #

PARTS = {
    "doctype": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + BARE, "unsafe"),
    "doctype after a comment": (b"<!-- --><!DOCTYPE a>" + BARE, "unsafe"),
    "doctype in utf-16": (("<!DOCTYPE a>" + BARE.decode()).encode("utf-16"), "unsafe"),
    "doctype in utf-16 without mark": (("<!DOCTYPE a>" + BARE.decode()).encode("utf-16-be"), "unsafe"),
    "utf-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-', "unsafe"),
    "latin-1": (b'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet/>', "unsafe"),
    "not utf-8": (b"<worksheet>\xff</worksheet>", "damaged"),
    "half a utf-16 letter": (sheet().decode().encode("utf-16")[:-1], "damaged"),
    "no xml": (b"12345", "damaged"),
    "broken after an odd spelling": (b"<x:worksheet xmlns:x='a'><x:sheetData>", "damaged"),
    "far corners": (sheet(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "far"),
    "far, single quotes": (sheet(CELL + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "far"),
    "far, space around =": (sheet(CELL + '<row r="9"><c r\n=\t"XFD1048576"><v>1</v></c></row>'), "far"),
    "far, other attributes first": (sheet(CELL + '<row r="9"><c s="1" r="XFD1048576"><v>1</v></c></row>'), "far"),
    "far, lower case": (sheet(CELL + '<row r="9"><c r="xfd1048576"><v>1</v></c></row>'), "far"),
    "far, not in its row": (sheet(CELL + '<row r="2"><c r="ZZ1048576"><v>1</v></c></row>'), "far"),
    "far by unnumbered cells": (
        sheet('<row r="9999">' + "<c><v>1</v></c>" * 900 + '</row><row r="1"><c><v>1</v></c></row>'), "far",
    ),
    "far by an unnumbered row": (
        sheet(CELL + '<row r="1048575"/><row>' + "<c><v>1</v></c>" * 9 + "</row>"), "far",
    ),
    "below the grid": (sheet(CELL + '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), "unsafe"),
    "right of the grid": (sheet(CELL + '<row r="2"><c r="XFE2"><v>1</v></c></row>'), "unsafe"),
    "endless number": (sheet(CELL + f'<row r="2"><c r="A{"9" * 5000}"><v>1</v></c></row>'), "unsafe"),
    "same row twice": (sheet(CELL + CELL), "unsafe"),
    "same cell twice": (
        sheet('<row r="1"><c r="A1"><v>1</v></c><c s="1" r="A1"><v>2</v></c></row>'), "unsafe",
    ),
    "merges without end": (
        sheet(after="<mergeCells>" + '<mergeCell ref="B2:C3"/>' * 10_001 + "</mergeCells>"), "unsafe",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("part", "code"), PARTS.values(), ids=PARTS)
def test_a_dangerous_sheet_is_refused_before_it_is_parsed(part: bytes, code: str) -> None:
    found = look(workbook(part))
    with pytest.raises(Refused) as refused:
        found.workbook([FIRST])
    assert refused.value.code == code


@pytest.mark.parametrize(("code", "data"), [
    ("damaged", hostile.lying_about_size(40_000, 50_000)),
    ("damaged", hostile.lying_about_size(40_000, 30_000)),
    ("damaged", hostile.lying_about_size(90 << 20, 8_000_000)),
    ("bomb", hostile.one_text_everywhere(32_767, 3_000)),
])  # fmt: skip
def test_nothing_grows_beyond_what_was_announced(code: str, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        look(data).workbook([FIRST])
    assert refused.value.code == code


def test_a_damaged_part_is_told_by_its_checksum() -> None:
    data = bytearray(zipped(parts(sheet()), zipfile.ZIP_STORED))
    data[data.index(b"<v>1</v>") + 3] = ord("2")
    with pytest.raises(Refused) as refused:
        look(bytes(data)).sheet(FIRST)
    assert refused.value.code == "damaged"


def test_a_sheet_nobody_asks_for_harms_nobody() -> None:
    found = look(workbook(sheet(), sheet(CELL + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>')))
    assert values(found, FIRST) == [[[1.0]]]
    with pytest.raises(Refused):
        found.sheet("Lembar2")


def test_long_texts_below_the_limit_are_read() -> None:
    cells = sheetscan.MAX_TEXT // 32_800
    found = look(hostile.one_text_everywhere(32_767, cells))
    assert len(values(found, FIRST)[0]) == cells


def test_unused_long_text_does_not_count() -> None:
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("pendek", "x" * 100_000))
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2001))
    found = look(workbook(sheet(rows), strings=f'<sst xmlns="{MAIN}">{texts}</sst>'.encode()))
    assert values(found, FIRST)[0] == [["pendek"]] * 2000


ODD = {
    "utf-16": sheet().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "utf-16-le without mark": BARE.decode().encode("utf-16-le"),
    "utf-8 with mark": b"\xef\xbb\xbf" + sheet(),
    "prefix": BARE.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x="),
    "single quotes": sheet().replace(b'r="', b"r='").replace(b'1">', b"1'>"),
    "comment": sheet("<!-- <c r='XFD1048576'><v>9</v></c> -->" + CELL.replace('"', "'")),
    "far but blank": sheet(CELL + '<row r="300000"><c r="A300000" s="1"/><c r="XFD300000" s="1"/></row>'),
    "two letters": sheet(CELL + '<row r="2"><c r="ZZ9999" s="1"/></row>'),
    "doctype in a comment": sheet(after="<!-- <!DOCTYPE a> -->"),
}  # fmt: skip


@pytest.mark.parametrize("part", ODD.values(), ids=ODD)
def test_odd_but_honest_sheets_are_read(part: bytes) -> None:
    assert values(seen(part), FIRST)[0][0][0] == 1.0


SPELLINGS = {
    "plain": '<c r="{0}">',
    "style first": '<c s="1" r="{0}">',
    "single quotes": "<c r='{0}'>",
    "spaces": '<c r = "{0}" >',
    "prefix": '<q:c r="{0}">',
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@given(cells=st.sets(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=1, max_size=9))
def test_the_area_is_that_of_all_content_however_it_is_spelled(spelling: str, cells: set[tuple[int, int]]) -> None:
    end = "</q:c>" if "q:" in spelling else "</c>"
    rows: dict[int, list[str]] = {}
    for row, column in sorted(cells):
        start = spelling.format(f"{letters(column - 1)}{row}")
        rows.setdefault(row, []).append(f"{start}<v>1</v>{end}")
    part = sheet("".join(f'<row r="{row}">{"".join(made)}</row>' for row, made in rows.items()))
    _, plain, area = sheetscan.scan_sheet(part)
    heights, widths = ([place[axis] for place in cells] for axis in (0, 1))
    rectangle = (max(heights) - min(heights) + 1) * (max(widths) - min(widths) + 1)
    assert sheetscan.exact_area(plain) == rectangle
    assert area in (rectangle, sheetscan.NEAR_AREA)
    assert area >= rectangle


# ---- what the look reports ---- #


def test_error_cells_are_named_and_arrive_as_text() -> None:
    rows = (
        '<row r="7"><c r="A7" t="e"><v>#REF!</v></c><c r="B7" s="2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C7" t="e"><v>#SPILL!</v></c><c r="D7"><v>4</v></c></row>'
    )
    found = seen(sheet(rows))
    assert found.sheet(FIRST).errors == {"A7": "#REF!", "B7": "#DIV/0!", "C7": "#SPILL!"}
    assert values(found, FIRST)[0] == [["#REF!", "#DIV/0!", "#SPILL!", 4.0]]


@pytest.mark.parametrize(("cell", "named"), [
    ('<c r="C3"><f>A1+1</f></c>', True),
    ('<c r="C3"><f>A1+1</f><v></v></c>', True),
    ('<c r="C3"><f>A1+1</f><v/></c>', True),
    ('<c r="C3" t="str"><f>A1</f></c>', True),
    ('<c r="C3"><f t="shared" si="0"/></c>', True),
    ('<c r="C3">\n<f>A1+1</f>\n</c>', True),
    ('<c r="C3" t="str"><f>A1</f><v></v></c>', False),
    ('<c r="C3" t="str"><f>A1</f><v/></c>', False),
    ('<c r="C3"><f t="shared" si="0"/><v>2</v></c>', False),
    ('<c r="C3"><f aca="false">A1+1</f><v>2</v></c>', False),
    ('<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', False),
])  # fmt: skip
def test_a_formula_saved_without_a_result_is_named(cell: str, named: bool) -> None:
    found = first_sheet(f'<row r="3"><c r="A3"><v>1</v></c>{cell}</row>')
    assert found.formulas
    assert found.uncalculated == (("C3",) if named else ())


def test_merged_and_hidden_are_reported() -> None:
    found = first_sheet(
        '<row r="1" hidden="0"><c r="A1"><v>1</v></c></row><row r="5" spans="1:3" hidden="1"><c r="A5"/></row>'
        '<row r="6" customFormat="false" hidden="true"/>',
        before='<cols><col min="1" max="2" width="9"/><col hidden="1" min="4" max="6"/></cols>',
        after='<mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="B5:B9"/></mergeCells>',
    )
    assert found.merges == ("A1:D1", "B5:B9")
    assert found.hidden_rows == {5, 6}
    assert found.hidden_columns == ((4, 6),)


def test_a_plain_sheet_reports_nothing() -> None:
    assert first_sheet() == SheetLook({}, (), False, (), frozenset(), ())
    assert seen(sheet("")).sheet(FIRST) == SheetLook({}, (), False, (), frozenset(), ())
    assert seen(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()).sheet(FIRST).errors == {}


@pytest.mark.parametrize(("member", "feature"), [
    ("xl/vbaProject.bin", "macros"),
    ("xl/macrosheets/sheet1.xml", "macro_sheets"),
    ("xl/externalLinks/externalLink1.xml", "external_links"),
    ("xl/embeddings/oleObject1.bin", "embedded_objects"),
    ("xl/activeX/activeX1.bin", "activex"),
    ("xl/connections.xml", "connections"),
    ("xl/pivotCache/pivotCacheDefinition1.xml", "pivot_caches"),
    ("xl/comments1.xml", "comments"),
    ("xl/threadedComments/threadedComment1.xml", "threaded_comments"),
])  # fmt: skip
def test_what_a_workbook_carries_besides_cells_is_reported(member: str, feature: str) -> None:
    assert feature in look(zipped(parts(sheet()) | {member: b"<a/>"})).features
    assert look(workbook()).features == frozenset()


def test_a_macro_under_another_name_is_told_by_its_content_type() -> None:
    declared = b'<Types><Override PartName="/a.png" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    members = parts(sheet()) | {"[Content_Types].xml": declared, "a.png": b"x"}
    assert look(zipped(members)).features == {"macros"}


def test_sheets_their_states_and_the_date_system() -> None:
    found = look(zipped(parts(sheet(), sheet(), state="veryHidden", date1904="1")))
    assert [(tab.title, tab.state) for tab in found.sheets] == [("Lembar1", "veryHidden"), ("Lembar2", "veryHidden")]
    assert found.date1904
    assert not look(workbook()).date1904


def test_a_workbook_of_a_real_writer_reads_the_same_through_the_guard(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2025, 3, 1, 8)})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title in ("Sampul", "Rencana Kerja"):
            page = book.add_worksheet(title)
            for row in range(40):
                page.write_row(row, 0, [row, f"{title} {row}", row / 7, row % 2 == 0])
                page.write_datetime(row, 30, datetime(2025, 1, 1 + row % 28), day)
                page.write_formula(row, 31, f"=A{row + 1}*2", None, row * 2)
    found = look(path.read_bytes())
    direct = CalamineWorkbook.from_path(str(path))
    titles = [tab.title for tab in found.sheets]
    assert titles == direct.sheet_names
    assert values(found, *titles) == [direct.get_sheet_by_name(title).to_python() for title in titles]
    assert found.modified == "2025-03-01T08:00:00Z"


# ---- the files of a folder ---- #


def names(*sources: Path, exclude: frozenset[Path] = frozenset()) -> list[str]:
    return [arrival.name for arrival in collect(sources, exclude)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "kiriman"
    for name in ("b.xlsx", "a.xlsx", "sub/a.xlsx", "sub/dalam/c.xlsx"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    return root


def test_files_are_listed_once_in_a_fixed_order(folder: Path) -> None:
    expected = ["a.xlsx", "b.xlsx", "sub/a.xlsx", "sub/dalam/c.xlsx"]
    assert names(folder) == expected
    assert names(folder, folder / "sub" / "a.xlsx", folder / "sub") == expected
    assert names(folder / "b.xlsx") == ["b.xlsx"]


def test_equal_names_get_the_folder_before_them(folder: Path) -> None:
    assert names(folder / "sub", folder / "a.xlsx") == ["dalam/c.xlsx", "kiriman/a.xlsx", "sub/a.xlsx"]


def test_names_that_look_equal_are_told_apart(folder: Path) -> None:
    for form in ("NFC", "NFD"):
        (folder / unicodedata.normalize(form, "é.xlsx")).write_bytes(b"")
    (folder / "x\u202excod.xlsx").write_bytes(b"")
    found = names(folder)
    assert len(set(found)) == len(found) == 7
    assert all(unicodedata.is_normalized("NFC", name) and "\u202e" not in name for name in found)


def test_litter_is_listed_with_its_reason(folder: Path) -> None:
    litter = {
        "~$a.xlsx": "lock", ".~lock.a.xlsx#": "lock", "._a.xlsx": "system", "Thumbs.db": "system",
        "desktop.ini": "system", ".DS_Store": "system", ".rahasia.xlsx": "hidden",
    }  # fmt: skip
    for name in litter:
        (folder / name).write_bytes(b"")
    (folder / ".git").mkdir()
    (folder / ".git" / "x").write_bytes(b"")
    found = {arrival.name: arrival.skipped for arrival in collect([folder])}
    assert {name: found[name] for name in litter} == {name: reason(code) for name, code in litter.items()}
    assert found[".git/"] == reason("hidden")
    assert len(found) == 4 + len(litter) + 1


@pytest.mark.skipif(os.name == "nt", reason="needs pipes and symbolic links")
def test_links_and_pipes_are_refused_not_opened(folder: Path) -> None:
    (folder / "tautan.xlsx").symlink_to(folder / "a.xlsx")
    (folder / "lingkar").symlink_to(folder)
    os.mkfifo(folder / "pipa.xlsx")
    refused = {arrival.name: arrival.refused for arrival in hashed(collect([folder])) if arrival.refused}
    assert refused == {
        "tautan.xlsx": reason("link"), "lingkar": reason("link"), "pipa.xlsx": reason("special"),
    }  # fmt: skip
    assert names(folder / "tautan.xlsx") == ["tautan.xlsx"]


def test_our_own_files_are_passed_over(folder: Path) -> None:
    assert names(folder, exclude=frozenset({folder / "b.xlsx", folder / "sub"})) == ["a.xlsx"]
    assert names(folder / "sub" / "dalam", exclude=frozenset({folder / "sub"})) == []


def test_a_missing_source_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        collect([tmp_path / "tidak ada"])


def test_hashes_are_those_of_the_content(folder: Path) -> None:
    (folder / "kosong.xlsx").write_bytes(b"")
    found = {arrival.name: arrival.sha256 for arrival in hashed(collect([folder]))}
    assert found["kosong.xlsx"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert len(set(found.values())) == 5
