"""Returns in other formats (.xls, .xlsb, .ods, .fods, CSV): the same cells, the same facts, nothing that breaks out."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import olefile
import pytest
import xlsxwriter
from hypothesis import given, settings
from python_calamine import CalamineWorkbook
from support import formats, office, templat
from support.formats import (
    cell,
    cell8,
    cell12,
    content,
    fods,
    formula8,
    number8,
    ods,
    ole,
    record,
    record12,
    row,
    row12,
    sheet8,
    strings8,
    text8,
    text12,
    workbook8,
    xls,
    xlsb,
)
from support.hostile import zipped
from support.rusak_program import save_all

from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.intake.formats.ole import open_ole
from kemitraan_xl.intake.gate.guard import Look, look
from kemitraan_xl.intake.gate.sheetscan import SheetLook
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.intake.refusal import Refused
from kemitraan_xl.reply import write_replies
from validation.contract import tables

FIRST = "Lembar1"
TODAY = date(2026, 11, 24)
DOUBLE = struct.Struct("<d")


def seen(data: bytes) -> Look:
    found = look(data)
    assert not found.refusal
    return found


def facts(data: bytes, title: str = FIRST) -> SheetLook:
    return seen(data).sheet(title)


def cells(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    """Every value by sheet and place, as the reader is given it."""
    found = seen(data)
    titles = [sheet.title for sheet in found.sheets]
    return _cells(CalamineWorkbook.from_filelike(BytesIO(found.workbook(titles))))


def _cells(book: CalamineWorkbook) -> dict[str, dict[tuple[int, int], Any]]:
    read = {}
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        top, left = sheet.start or (0, 0)
        rows = enumerate(sheet.to_python(), start=top)
        read[title] = {(r, c): v for r, line in rows for c, v in enumerate(line, start=left) if v != ""}
    return read


def first(data: bytes) -> dict[tuple[int, int], Any]:
    return cells(data)[FIRST]


# ---- every value as the same workbook has it in .xlsx ---- #

ESCAPE = "_x0041_"
SHEETS = ("Rencana Kerja", "Tersembunyi")
VALUES: Sequence[Any] = (
    "teks", "  spasi  ganda  ", "baris\nkedua", "tab\tulator", "é – ✓ 漢 \U0001f600", ESCAPE, "=1+1", "'petik",
    "0012", "a" * 9_000, "ä" * 5_000, 0, 1, -1, 1.5, 1e15, 123_456_789_012_345, -2.5e-8, 0.1, 0.125, 26_000_000,
    536_870_911, 5.25, 1_000_000.01, True, False, date(2026, 11, 5), date(2000, 2, 29),
    datetime(2027, 1, 1, 13, 30), timedelta(hours=30, minutes=15),
)  # fmt: skip


def _saved(folder: Path, values: Sequence[Any], *, date1904: bool) -> Path:
    """The values, twice, far apart, on a sheet that is seen and on one that is not."""
    folder.mkdir(exist_ok=True)
    path = folder / "asal.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": date1904}) as book:
        forms = {
            date: book.add_format({"num_format": "dd mmmm yyyy"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            timedelta: book.add_format({"num_format": "[h]:mm"}),
        }
        for title in SHEETS:
            page = book.add_worksheet(title)
            for place, column in enumerate((0, 200)):
                for number, value in enumerate(values):
                    _write(page, 7 * number + 300 * place, column, value, forms.get(type(value)))
            page.write_formula(3, 1, "=1/0", None, "#DIV/0!")
            page.write_formula(4, 1, "=NA()", None, "#N/A")
            page.write_formula(5, 1, '="hasil"', None, "hasil")
            page.merge_range("D2:F3", "gabung")
            page.set_row(20, None, None, {"hidden": True})
            page.write(20, 5, "tak tampak")
            page.set_column("H:I", None, None, {"hidden": True})
        page.hide()
    return path


def _write(page: Any, row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, date | timedelta):
        page.write_datetime(row, column, value, form)
    else:
        page.write(row, column, value)


@pytest.mark.libreoffice
def test_a_workbook_reads_the_same_in_every_format(tmp_path: Path) -> None:
    sources = [_saved(tmp_path / name, VALUES, date1904=name == "1904") for name in ("1900", "1904")]
    made = [[path.with_name(f"jadi.{suffix}") for suffix in ("xlsx", "xls", "ods", "fods")] for path in sources]
    office.type_all(
        [office.Job(source, (), path) for source, paths in zip(sources, made, strict=True) for path in paths]
    )
    for date1904, paths in enumerate(made):
        wanted, *others = (path.read_bytes() for path in paths)
        told = facts(wanted, SHEETS[0])
        assert told.errors == {"B4": "#DIV/0!", "B5": "#N/A"}
        for data in others:
            assert cells(data) == cells(wanted)
            assert [(s.title, s.state) for s in seen(data).sheets] == list(
                zip(SHEETS, ("visible", "hidden"), strict=True)
            )
            assert seen(data).date1904 == bool(date1904)
            found = facts(data, SHEETS[0])
            assert (found.errors, found.merges) == (told.errors, told.merges)
            assert (found.hidden_columns, 21 in found.hidden_rows) == (told.hidden_columns, True)


@pytest.mark.sdk
def test_a_binary_workbook_reads_the_same(tmp_path: Path) -> None:
    values = [value for value in VALUES if value != ESCAPE]  # which SheetJS leaves as it is in .xlsx
    source = _saved(tmp_path, values, date1904=False)
    made = [tmp_path / f"jadi.{suffix}" for suffix in ("xlsx", "xlsb")]
    save_all([(source, path, "sheetjs") for path in made], [()] * len(made))
    wanted, data = (path.read_bytes() for path in made)
    assert cells(data) == cells(wanted)
    found, told = facts(data, SHEETS[0]), facts(wanted, SHEETS[0])
    assert found.errors == told.errors != {}
    assert found.merges == told.merges != ()


# ---- .xls, record by record ---- #


def _error(code: int) -> bytes:
    return bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])


RESULT_TEXT, RESULT_TRUE, RESULT_BLANK = (
    b"\0" * 6 + b"\xff\xff",
    b"\1\0\1\0\0\0\xff\xff",
    b"\3" + b"\0" * 5 + b"\xff\xff",
)


def test_every_kind_of_cell_of_an_xls() -> None:
    sst = strings8(
        text8("utama"),
        struct.pack("<HB", 4, 0) + b"lama",  # one byte to a letter
        struct.pack("<HBH", 3, 9, 1) + "kay".encode("utf-16-le") + bytes(4),  # dressed
        struct.pack("<HBI", 3, 5, 6) + "bun".encode("utf-16-le") + bytes(6),  # with its pronunciation
    )
    data = xls(
        *[cell8(0x00FD, 0, n, struct.pack("<I", n)) for n in range(4)],
        cell8(0x0204, 1, 0, text8("label")),
        cell8(0x027E, 1, 1, struct.pack("<i", -7 << 2 | 2)),
        cell8(0x027E, 1, 2, struct.pack("<i", 12345 << 2 | 3)),
        cell8(0x027E, 1, 3, struct.pack("<I", struct.unpack("<Q", DOUBLE.pack(2.5))[0] >> 32)),
        record(0x00BD, struct.pack("<2H", 2, 1) + struct.pack("<HI", 0, 5 << 2 | 2) * 2 + struct.pack("<H", 2)),
        number8(3, 0, 1e300),
        number8(3, 1, float("nan")),
        cell8(0x0205, 4, 0, b"\1\0"),
        cell8(0x0205, 4, 1, b"\x17\1"),
        cell8(0x0201, 4, 2, b""),
        before=sst,
    )
    assert first(data) == {
        (0, 0): "utama", (0, 1): "lama", (0, 2): "kay", (0, 3): "bun", (1, 0): "label", (1, 1): -7, (1, 2): 123.45,
        (1, 3): 2.5, (2, 1): 5, (2, 2): 5, (3, 0): 1e300, (3, 1): "#NUM!", (4, 0): True, (4, 1): "#REF!",
    }  # fmt: skip
    assert facts(data).errors == {"B4": "#NUM!", "B5": "#REF!"}


def test_results_of_formulas_of_an_xls() -> None:
    data = xls(
        formula8(0, 0, DOUBLE.pack(7)),
        formula8(0, 1, RESULT_TEXT) + record(0x04BC, bytes(8)) + record(0x0207, text8("hasil")),
        formula8(0, 2, RESULT_TRUE),
        formula8(0, 3, _error(0x2A)),
        formula8(0, 4, RESULT_BLANK),
        formula8(0, 5, bytes(8)),
        formula8(1, 0, bytes(8), flags=1),
        formula8(1, 1, RESULT_BLANK, flags=1),
        formula8(1, 2, DOUBLE.pack(7), flags=1),
    )
    assert first(data) == {(0, 0): 7, (0, 1): "hasil", (0, 2): True, (0, 3): "#N/A", (0, 5): 0, (1, 2): 7}
    assert facts(data).uncalculated == ("A2", "B2")


def test_a_text_over_several_records_changes_its_width_where_it_goes_on() -> None:
    words = struct.pack("<2I", 2, 2) + struct.pack("<HB", 6, 0) + b"per"
    rest = b"\1" + "sé漢".encode("utf-16-le") + struct.pack("<HB", 2, 1) + "\U0001f600".encode("utf-16-le")[:2]
    last = b"\1" + "\U0001f600".encode("utf-16-le")[2:]
    sst = record(0x00FC, words) + record(0x003C, rest) + record(0x003C, last)
    data = xls(*[cell8(0x00FD, 0, n, struct.pack("<I", n)) for n in range(2)], before=sst)
    assert first(data) == {(0, 0): "persé漢", (0, 1): "\U0001f600"}


def test_days_of_an_xls_go_by_its_number_formats() -> None:
    forms = record(0x041E, struct.pack("<H", 170) + text8("dd/mm/yyyy")) + b"".join(
        record(0x00E0, struct.pack("<2H", 0, number) + bytes(16)) for number in (0, 14, 170, 4)
    )
    data = xls(*[number8(0, n, 45_672, n) for n in range(5)], before=forms)
    day = date(2025, 1, 15)
    assert first(data) == {(0, 0): 45_672, (0, 1): day, (0, 2): day, (0, 3): 45_672, (0, 4): 45_672}
    later = xls(number8(0, 0, 44_210, 1), before=record(0x0022, b"\1\0") + forms)
    assert seen(later).date1904
    assert first(later) == {(0, 0): day}


def test_a_number_beyond_all_days_is_no_day() -> None:
    """A duration of so many days was the end of the reader's process."""
    form = record(0x041E, struct.pack("<H", 170) + text8("[h]:mm"))
    form += record(0x00E0, struct.pack("<2H", 0, 170) + bytes(16))
    assert first(xls(number8(0, 0, 1e300), before=form)) == {(0, 0): 1e300}


def test_hidden_and_joined_in_an_xls() -> None:
    stream = workbook8(
        sheet8([
            record(0x007D, struct.pack("<6H", 2, 4, 0, 0, 1, 0)),
            record(0x007D, struct.pack("<6H", 5, 6, 0, 0, 0, 0)),
            record(0x0208, struct.pack("<6HI", 4, 0, 1, 0, 0, 0, 0x20)),
            number8(4, 0, 1), number8(5, 0, 1),
            record(0x00E5, struct.pack("<5H", 1, 0, 1, 0, 3)),
        ]),
        sheet8([]), sheet8([]), sheet8([]),
        states=(0, 1, 2, 0), kinds=(0, 0, 0, 2),
    )  # fmt: skip
    data = ole({"Workbook": stream})
    assert [(s.title, s.state) for s in seen(data).sheets] == [
        ("Lembar1", "visible"), ("Lembar2", "hidden"), ("Lembar3", "veryHidden"),
    ]  # fmt: skip
    assert facts(data) == SheetLook({}, (), False, ("A1:D2",), frozenset({5}), ((3, 5),))


def test_a_chart_within_a_sheet_is_passed_over() -> None:
    chart = record(0x0809, struct.pack("<2H", 0x0600, 0x20) + bytes(12)) + number8(9, 9, 9) + record(0x000A)
    assert first(xls(number8(0, 0, 1), chart, number8(1, 0, 2))) == {(0, 0): 1, (1, 0): 2}


def _book(length: int, name: bytes = b"") -> bytes:
    return record(0x01AE, struct.pack("<2H", 1, length) + name)


@pytest.mark.parametrize(("data", "feature"), [
    (xls(storages=["_VBA_PROJECT_CUR"]), {"macros"}),
    (xls(storages=["MBD0001F2A3"]), {"embedded_objects"}),
    (xls(storages=["_SX_DB_CUR"]), {"pivot_caches"}),
    (xls(Ctls=b"x"), {"activex"}),
    (xls(before=_book(5, b"\0\1buku")), {"external_links"}),
    (xls(before=_book(0x0401)), set()),
    (xls(before=_book(0x3A01)), set()),
    (xls(before=_book(1, b"\0 ")), set()),
    (xls(record(0x01AD, bytes(4))), {"query_tables"}),
    (xls(before=record(0x0876, bytes(4))), {"connections"}),
    (xls(before=record(0x0018, bytes(14) + b"\0_xlfn.WEBSERVICE")), {"reaching"}),
    (ole({"Workbook": workbook8(sheet8([]), sheet8([]), kinds=(0, 1))}), {"macro_sheets"}),
    (xlsb(parts={"xl/vbaProject.bin": b"x"}), {"macros"}),
    (xlsb(parts={"xl/connections.bin": b""}), {"connections"}),
    (ods(content(""), {"Basic/Standard/Modul.xml": b"<a/>"}), {"macros"}),
    (ods(content('<table:shapes><draw:frame><draw:object-ole/></draw:frame></table:shapes>')), {"embedded_objects"}),
    (ods(content("", before="<table:data-pilot-tables><table:data-pilot-table/></table:data-pilot-tables>")),
     {"pivot_caches"}),
    (ods(content(row(cell("x", ' table:formula="of:=WEBSERVICE(1)"')))), {"reaching"}),
    (ods(content(""), {"META-INF/manifest.xml": b'<a m:full-path="Object 1/" m:media-type="'
                       b'application/vnd.oasis.opendocument.text"/>'}), {"embedded_objects"}),
    (ods(content(""), {"META-INF/manifest.xml": b'<a m:full-path="/" m:media-type="'
                       b'application/vnd.oasis.opendocument.spreadsheet"/>'}), set()),
])  # fmt: skip
def test_what_is_carried_besides_cells_is_reported(data: bytes, feature: set[str]) -> None:
    assert seen(data).features == feature


# ---- .xlsb, record by record ---- #


def test_every_kind_of_cell_of_an_xlsb() -> None:
    data = xlsb(
        row12(0),
        cell12(2, 0, struct.pack("<i", 5 << 2 | 2)),
        record12(16, bytes(4) + DOUBLE.pack(1.5)),  # each of these stands right of the one before
        record12(12, bytes(4)),
        record12(17, bytes(4) + text12("pendek")),
        record12(18, bytes(4) + struct.pack("<I", 1)),
        record12(15, bytes(4) + b"\1"),
        record12(14, bytes(4) + b"\x07"),
        row12(2),
        cell12(7, 3, bytes(4)),
        cell12(6, 4, text12("")),
        cell12(62, 5, b"\0" + text12("kaya")),
        cell12(1, 6, b""),
        row12(4, flags=0x10),
        cell12(8, 0, text12("hasil") + b"\2\0"),
        cell12(8, 1, text12("") + b"\2\0"),
        cell12(9, 2, DOUBLE.pack(0) + b"\2\0"),
        cell12(9, 3, DOUBLE.pack(0) + b"\0\0"),
        cell12(10, 4, b"\0"),
        cell12(11, 5, b"\x2a"),
        record12(60, struct.pack("<4IH", 3, 4, 0, 0, 1)),
        record12(176, struct.pack("<4I", 1, 2, 0, 3)),
        parts={"xl/sharedStrings.bin": record12(19, b"\0" + text12("nol")) + record12(19, b"\0" + text12("satu"))},
    )
    assert first(data) == {
        (0, 0): 5, (0, 1): 1.5, (0, 3): "pendek", (0, 4): "satu", (0, 5): True, (0, 6): "#DIV/0!", (2, 3): "nol",
        (2, 5): "kaya", (4, 0): "hasil", (4, 3): 0, (4, 4): False, (4, 5): "#N/A",
    }  # fmt: skip
    assert facts(data) == SheetLook(
        {"G1": "#DIV/0!", "F5": "#N/A"}, ("B5", "C5"), True, ("A2:D3",), frozenset({5}), ((4, 5),)
    )


def test_days_and_states_of_an_xlsb() -> None:
    forms = record12(44, struct.pack("<H", 170) + text12("dd/mm/yyyy")) + record12(47, bytes(16))
    forms += record12(617, bytes(4)) + b"".join(
        record12(47, struct.pack("<2H", 0, n) + bytes(12)) for n in (0, 170, 14)
    )
    data = xlsb(
        row12(0), *[cell12(5, n, DOUBLE.pack(44_210), n) for n in range(3)],
        parts={"xl/styles.bin": forms + record12(618)}, state=2, date1904=True,
    )  # fmt: skip
    assert first(data) == {(0, 0): 44_210, (0, 1): date(2025, 1, 15), (0, 2): date(2025, 1, 15)}
    assert (seen(data).sheets[0].state, seen(data).date1904) == ("veryHidden", True)


# ---- .ods, element by element ---- #


def test_every_kind_of_cell_of_an_ods() -> None:
    def value(kind: str, said: str, text: str = "?") -> str:
        return cell(text, f' office:value-type="{kind}" office:{said}')

    data = ods(content(
        row(cell("satu <text:span>dan</text:span>  \n dua"), cell("a</text:p><text:p>b<text:line-break/>c<text:tab/>d"),
            cell('x<text:s text:c="3"/>y<text:s/>z'), value("string", 'string-value="diam"', ""))
        + row(value("float", 'value="-1.5E3"'), value("percentage", 'value="0.25"'), value("currency", 'value="5000"'),
              value("boolean", 'boolean-value="true"'), value("date", 'date-value="2026-11-05"'),
              value("date", 'date-value="2026-11-05T13:30:00"'), value("date", 'date-value="1850-01-01"'),
              value("time", 'time-value="PT09H30M00S"'), value("time", 'time-value="PT30H15M00S"'))
        + row(cell("kiri", ' table:number-columns-repeated="2"'), cell("", ' table:number-columns-repeated="3"'),
              cell("kanan"), said=' table:number-rows-repeated="2"')
        + row(cell("#REF!", ' table:formula="of:=[.#REF!]" office:value-type="string" calcext:value-type="error"'),
              cell("#N/A", ' table:formula="of:=NA()" office:value-type="float" office:value="0"'),
              cell("Err:502", ' table:formula="of:=X()"'), cell("#N/A"), cell("", ' table:formula="of:=1"'),
              cell("", ' table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""'))
    ))  # fmt: skip
    assert first(data) == {
        (0, 0): "satu dan dua", (0, 1): "a\nb\nc\td", (0, 2): "x   y z", (0, 3): "diam", (1, 0): -1500, (1, 1): 0.25,
        (1, 2): 5000, (1, 3): True, (1, 4): date(2026, 11, 5), (1, 5): datetime(2026, 11, 5, 13, 30),
        (1, 6): "1850-01-01", (1, 7): datetime(2026, 1, 1, 9, 30).time(), (1, 8): timedelta(hours=30, minutes=15),
        **{(r, c): "kiri" for r in (2, 3) for c in (0, 1)}, (2, 5): "kanan", (3, 5): "kanan",
        (4, 0): "#REF!", (4, 1): "#N/A", (4, 2): "Err:502", (4, 3): "#N/A",
    }  # fmt: skip
    assert facts(data).errors == {"A5": "#REF!", "B5": "#N/A", "C5": "Err:502"}
    assert facts(data).uncalculated == ("E5",)


def test_hidden_joined_and_noted_in_an_ods() -> None:
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="filter"/>'
    note = "<office:annotation><text:p>Catatan</text:p><text:p>dua</text:p></office:annotation>"
    shape = "<draw:custom-shape><text:p>gambar</text:p></draw:custom-shape>"
    data = ods(content(
        columns
        + row(f'<table:table-cell office:value-type="string">{note}{shape}<text:p>isi</text:p></table:table-cell>')
        + row(cell("b", ' table:number-columns-spanned="3" table:number-rows-spanned="2"'),
              said=' table:visibility="collapse"'),
        styles=f"{hidden}</style:style>", of_table=' table:style-name="ta2"',
        before='<table:null-date table:date-value="1904-01-01"/>',
    ))  # fmt: skip
    assert first(data) == {(0, 0): "isi", (1, 0): "b"}
    assert facts(data) == SheetLook({}, (), False, ("A2:C3",), frozenset({2}), ((3, 3),))
    assert (seen(data).sheets[0].state, seen(data).date1904) == ("hidden", True)
    assert seen(data).features == {"comments"}


def test_a_copy_of_another_file_is_no_sheet() -> None:
    linked = f'<table:table table:name="lain"><table:table-source/>{row(cell("x"))}</table:table>'
    data = ods(content(row(cell("a")), before=linked))
    assert cells(data) == {FIRST: {(0, 0): "a"}}
    assert seen(data).features == {"external_links"}


# ---- text ---- #

LINES = 'Nama Program;Biaya;Lokasi\r\nPelatihan;5000000;"Bogor; Depok"\r\n\r\nKajian – é;0012;1.500,5\r\n'
READ = {
    (0, 0): "Nama Program", (0, 1): "Biaya", (0, 2): "Lokasi", (1, 0): "Pelatihan", (1, 1): 5_000_000,
    (1, 2): "Bogor; Depok", (3, 0): "Kajian – é", (3, 1): "0012", (3, 2): "1.500,5",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_letters(encoding: str) -> None:
    assert cells(LINES.encode(encoding)) == {"CSV": READ}


@pytest.mark.parametrize("mark", ["\t", ",", "|"])
def test_text_with_other_marks_between_its_cells(mark: str) -> None:
    lines = LINES.replace("Bogor; Depok", "Bogor").replace("1.500,5", "-3").replace(";", mark)
    assert cells(lines.encode()) == {"CSV": READ | {(1, 2): "Bogor", (3, 2): -3}}


def test_text_that_says_its_mark_itself() -> None:
    assert cells(b"sep=,\r\na;b,c\r\n") == {"CSV": {(0, 0): "a;b", (0, 1): "c"}}


def test_long_numbers_of_a_text_stay_texts() -> None:
    assert cells(b"a;9999999999999999;123456789012345;-0;=1+1\n")["CSV"] == {
        (0, 0): "a", (0, 1): "9999999999999999", (0, 2): 123_456_789_012_345, (0, 3): "-0", (0, 4): "=1+1",
    }  # fmt: skip


# ---- a return, from end to end ---- #

PLAN = tables()["rencana_kerja"]
NIK = "3273014502150003"
PROGRAMMES = (
    ("1", *templat.PROGRAM.values()),
    ("2", "Kampanye", "Warga tahu", "Siaran", "Warga", "Bogor", "Mei 2026", "7500000"),
)


@pytest.fixture
def returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recap]:
    """What is made of files with these contents, by name."""
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "kiriman"
    folder.mkdir()

    def run(**files: bytes) -> Recap:
        for name, data in files.items():
            (folder / name.replace("_", ".")).write_bytes(data)
        return consolidate([folder], TODAY)

    return run


def _grid(*programmes: Sequence[Any]) -> list[list[str]]:
    """Rencana Kerja as its sheet prints it, without any stamp."""
    headings = [column.heading for column in PLAN.columns_in("usulan")]
    rows = [[str(value).replace("\n", " ") for value in programme] for programme in programmes]
    return [["Rencana Kerja Kemitraan"], headings, *rows]


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    return "\r\n".join(";".join(line) for line in rows).encode("cp1252")


def _office(rows: Sequence[Sequence[str]]) -> str:
    return content("".join(row(*map(cell, line)) for line in rows), title="Rencana Kerja")


def test_one_sheet_as_text_comes_back_as_a_template_with_its_rows(
    returns: Callable[..., Recap], tmp_path: Path
) -> None:
    recap = returns(usulan_xls=_text(_grid(*PROGRAMMES)))
    (entry,) = recap.returns
    assert (entry.verdict, entry.kind) == ("dikembalikan", "usulan")
    codes = {(finding.check.key, finding.sheet) for finding in entry.findings}
    assert {("ST-25:teks", ""), ("ST-01", "Sampul"), ("ST-12", "CSV"), ("ST-17", "CSV")} <= codes
    (back,) = (path for path in write_replies(recap, tmp_path / "kembali") if path.suffix == ".xlsx")
    again = read_bytes(back.read_bytes()).tables["rencana_kerja"].columns
    assert again["nama_program"] == ["Pelatihan pendamping", "Kampanye"]
    assert again["biaya"] == [5_000_000, 7_500_000]


def test_a_cell_of_a_text_has_the_address_it_has_in_a_spreadsheet(returns: Callable[..., Recap]) -> None:
    late = (*PROGRAMMES[1][:7], "lima juta ribu")
    (entry,) = returns(usulan_csv=_text(_grid(PROGRAMMES[0], late))).returns
    assert [f.cell for f in entry.findings if f.code == "RK-10"] == ["H4"]


def test_data_of_a_child_in_a_text_is_masked(returns: Callable[..., Recap], tmp_path: Path) -> None:
    named = (*PROGRAMMES[1][:4], f"Anak dengan NIK {NIK}", *PROGRAMMES[1][5:])
    recap = returns(usulan_csv=_text(_grid(named, (*PROGRAMMES[1][:4], NIK, *PROGRAMMES[1][5:]))))
    (entry,) = recap.returns
    assert [(f.sheet, f.cell) for f in entry.findings if f.code == "DT-01"] == [("CSV", "E3"), ("CSV", "E4")]
    write_replies(recap, tmp_path / "kembali")
    shown = [repr(entry), repr([*recap.frames["rencana_kerja"].itertuples()])]
    kept = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    kept += [path.read_bytes() for path in (tmp_path / "kembali").iterdir() if path.suffix == ".eml"]
    kept += [repr(cells(path.read_bytes())).encode() for path in (tmp_path / "kembali").glob("*.xlsx")]
    assert not any(NIK in text for text in shown)
    assert not any(NIK.encode() in text for text in kept)


def test_the_format_is_remarked_and_makes_no_other_return(returns: Callable[..., Recap]) -> None:
    xml = _office(_grid(*PROGRAMMES))
    kept, copy = returns(a_ods=ods(xml), b_fods=fods(xml)).returns
    remarks = [[f.value for f in entry.findings if f.code == "ST-25"] for entry in (kept, copy)]
    assert remarks == [[".ods"], [".fods"]]
    assert (kept.verdict, copy.verdict) == ("dikembalikan", "duplikat")


# ---- what is not read, and why ---- #


@pytest.mark.parametrize(("data", "kind"), [
    (b"Kepada Yth.\nSekretaris KPAI\ndi Jakarta\n", "foreign"),
    (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml"),
    (b'<?xml version="1.0"?><surat>a;b</surat>', "xml"),
    (b"<html><table><tr><td>a;b", "html"),
    (zipped({"Index/Document.iwa": b"x"}), "iwork"),
    (ole({"WordDocument": b"x", "Workbook": b"x"}), "word"),
    (ole({"Lain": b"x"}), "unknown"),
    (ole({"EncryptedPackage": b"x"}), "encrypted"),
    (ole({"Workbook": b""}), "damaged"),
    (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}), "opendocument"),
    (ods(content("").replace("table:table", "table:lain")), "damaged"),
])  # fmt: skip
def test_what_is_no_workbook_is_said_so(data: bytes, kind: str) -> None:
    found = look(data)
    assert (found.kind, bool(found.refusal)) == (kind, True)


# ---- the file around an .xls ---- #


@pytest.mark.parametrize("sizes", [(), (1,), (0, 64, 65, 4095, 4096, 4097, 70_000), (7_400_000, 3)])
def test_streams_are_those_that_another_program_finds(sizes: Sequence[int]) -> None:
    streams = {f"aliran {n}": bytes([n + 1]) * size for n, size in enumerate(sizes)}
    data = ole(streams, ["gudang"])
    found = open_ole(data)
    assert {path: found.read(path) for path in found.streams} == streams
    assert found.storages == {"gudang"}
    with olefile.OleFileIO(data) as other:
        assert {"/".join(path): other.openstream(path).read() for path in other.listdir()} == streams
    assert found.read("tidak ada") == b""


# ---- nothing breaks out, whatever is changed ---- #

_BYTES = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=12)


def _changed(data: bytes, changes: Sequence[tuple[int, int]], cut: int) -> bytes:
    changed = bytearray(data[: max(1, len(data) - cut)])
    for place, value in changes:
        changed[place % len(changed)] = value
    return bytes(changed)


def _read_whole(data: bytes) -> None:
    """The guard and the reader on one file: a refusal is an answer, an exception is none."""
    read_bytes(data)
    found = look(data)
    for sheet in found.sheets:
        try:
            CalamineWorkbook.from_filelike(BytesIO(found.workbook([sheet.title]))).get_sheet_by_name(sheet.title)
        except Refused:
            continue


def _xls_stream() -> bytes:
    forms = record(0x041E, struct.pack("<H", 170) + text8("dd/mm/yyyy"))
    forms += record(0x00E0, struct.pack("<2H", 0, 170) + bytes(16))
    return workbook8(
        sheet8([
            record(0x0208, struct.pack("<6HI", 4, 0, 1, 0, 0, 0, 0x20)), number8(0, 0, 45_672),
            cell8(0x00FD, 0, 1, struct.pack("<I", 1)), cell8(0x0204, 1, 0, text8("label")),
            record(0x00BD, struct.pack("<2H", 2, 1) + struct.pack("<HI", 0, 22) * 3 + struct.pack("<H", 3)),
            formula8(3, 0, RESULT_TEXT) + record(0x0207, text8("hasil")), cell8(0x0205, 4, 0, b"\x17\1"),
            record(0x005D, struct.pack("<4H", 0x15, 18, 0x19, 1)),
            record(0x01B6, struct.pack("<5H", 0, 0, 0, 0, 0) + struct.pack("<2H", 3, 0)) + record(0x003C, b"\0abc"),
            record(0x00E5, struct.pack("<5H", 1, 0, 1, 0, 3)),
        ]),
        before=forms + strings8(text8("satu"), struct.pack("<HBH", 3, 9, 1) + "dua".encode("utf-16-le") + bytes(4))
        + _book(5, b"\0\1buku"),
    )  # fmt: skip


def _xlsb_parts() -> dict[str, bytes]:
    data = xlsb(
        row12(0), cell12(2, 0, bytes(4)), record12(17, bytes(4) + text12("b")), cell12(7, 4, bytes(4)),
        cell12(9, 5, bytes(8) + b"\2\0"), record12(60, struct.pack("<4IH", 3, 4, 0, 0, 1)),
        record12(176, struct.pack("<4I", 1, 2, 0, 3)),
        parts={"xl/sharedStrings.bin": record12(19, b"\0" + text12("nol")),
               "xl/styles.bin": record12(617) + record12(47, bytes(16)) + record12(618),
               "xl/comments1.bin": record12(637, b"\0" + text12("catatan"))},
    )  # fmt: skip
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_XLS, _XLSB = _xls_stream(), _xlsb_parts()
_ODS = content(
    '<table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
    + row(cell("a", ' table:number-columns-repeated="2"'), cell("b<text:s text:c='3'/>", ' table:formula="of:=1"'),
          '<table:table-cell><office:annotation><text:p>c</text:p></office:annotation></table:table-cell>')
    + row(cell("", ' office:value-type="date" office:date-value="2026-11-05"'), said=' table:number-rows-repeated="3"')
).encode()  # fmt: skip
#: How a file is made of changed bytes, and the bytes that are changed.
CHANGED: Mapping[str, tuple[Callable[[bytes], bytes], bytes]] = {
    "xls": (bytes, ole({"Workbook": _XLS, "\x05SummaryInformation": bytes(100)}, ["MBD1"])),
    "xls stream": (lambda stream: ole({"Workbook": stream}), _XLS),
    "xlsb": (bytes, zipped(_XLSB)),
    "xlsb sheet": (lambda part: zipped(_XLSB | {"xl/worksheets/sheet1.bin": part}), _XLSB["xl/worksheets/sheet1.bin"]),
    "xlsb book": (lambda part: zipped(_XLSB | {"xl/workbook.bin": part}), _XLSB["xl/workbook.bin"]),
    "xlsb texts": (lambda part: zipped(_XLSB | {"xl/sharedStrings.bin": part}), _XLSB["xl/sharedStrings.bin"]),
    "ods": (bytes, ods(_ODS.decode())),
    "ods content": (lambda part: zipped({"mimetype": formats.MIMETYPE.encode(), "content.xml": part}), _ODS),
    "fods": (bytes, fods(content(row(cell("a"), cell("b"))))),
    "csv": (bytes, LINES.encode() * 3),
}


@pytest.mark.parametrize("name", CHANGED)
@given(changes=_BYTES, cut=st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_changed_bytes_are_read_or_refused(name: str, changes: Sequence[tuple[int, int]], cut: int) -> None:
    made, start = CHANGED[name]
    _read_whole(made(_changed(start, changes, cut)))


@given(
    head=st.sampled_from([b"", b"\x09\x08\x10\0\0\6", b"\xff\xfe", b"sep=;\n", b'<?xml version="1.0"?>']),
    rest=st.binary(),
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(head: bytes, rest: bytes) -> None:
    _read_whole(head + rest)
