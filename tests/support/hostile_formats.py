"""The hostile set: the other formats (.xls, .xlsb, .ods, text), made to grow, to loop, or to be read for ever."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from support.formats import (
    MIMETYPE,
    cell,
    cell8,
    cell12,
    content,
    fods,
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
from support.hostile import Row, pressed

_DAMAGED, _ENCRYPTED = ("damaged", ""), ("encrypted", "")
_RECORDS, _CELLS = ("bomb", "lebih dari 1500000 rekaman"), ("bomb", "lebih dari 200000 sel")
_TEXT, _OUTSIDE, _DEEP = (
    ("bomb", "teks lebih dari 32 MiB"),
    ("unsafe", "sel di luar lembar"),
    ("unsafe", "susunan terlalu dalam"),
)
_LONG = "x" * 32_767
_RK = struct.pack("<HI", 0, 6)
_PART = "xl/worksheets/sheet1.bin"


def _patched(data: bytes, at: int, *numbers: int) -> bytes:
    return data[:at] + struct.pack(f"<{len(numbers)}I", *numbers) + data[at + 4 * len(numbers) :]


def _plain(size: int = 5000) -> bytes:
    return ole({"Workbook": bytes(size)})


def _looping() -> bytes:
    """The second sector of the only stream is followed by itself."""
    data = _plain()
    fat = (1 + struct.unpack_from("<I", data, 76)[0]) * 512
    return _patched(data, fat + 4, 1)


def _endless_list() -> bytes:
    """As many FAT sectors as there are numbers, listed in a sector that is followed by itself."""
    data = _patched(_plain(), 44, 0xFFFFFFF0)
    return _patched(_patched(data, 68, 0, 0x2000000), 512, *[0xFFFFFFFF] * 127, 0)


def _directory(change: Callable[[bytearray], None]) -> bytes:
    """The directory of an OLE file with something done to it, in place."""
    data = bytearray(_plain())
    start = (1 + struct.unpack_from("<I", data, 48)[0]) * 512
    entries = data[start : start + 512]
    change(entries)
    data[start : start + 512] = entries
    return bytes(data)


def _hung_twice(entries: bytearray) -> None:
    struct.pack_into("<I", entries, 128 + 68, 1)


def _too_long(entries: bytearray) -> None:
    struct.pack_into("<Q", entries, 128 + 120, 0xFFFFFFF0)


def _packed_row(row: int, count: int) -> bytes:
    return record(0x00BD, struct.pack("<2H", row, 0) + _RK * count + struct.pack("<H", count - 1))


def _shared(row: int, column: int, number: int) -> bytes:
    return cell8(0x00FD, row, column, struct.pack("<I", number))


def _stacked() -> bytes:
    """Two sheets that are one and the same."""
    stream = bytearray(workbook8(sheet8([number8(0, 0, 1)]), sheet8([])))
    first = stream.find(record(0x0085, b"")[:2]) + 4
    second = stream.find(record(0x0085, b"")[:2], first + 8) + 4
    stream[second : second + 4] = stream[first : first + 4]
    return ole({"Workbook": bytes(stream)})


def _binary(records: Callable[[], bytes], **parts: bytes) -> Callable[[], bytes]:
    """A sheet of these records, packed so badly that no limit on the ratio ever sees it."""
    return lambda: _squeezed(xlsb(parts={_PART: records(), **parts}))


def _squeezed(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pressed({name: archive.read(name) for name in archive.namelist()})


def _open(rows: str, **more: str) -> Callable[[], bytes]:
    return lambda: ods(content(rows, **more))


def _many(rows: str) -> Callable[[], bytes]:
    """The same, packed so badly that no limit on the ratio ever sees it."""
    return lambda: pressed({"mimetype": MIMETYPE.encode(), "content.xml": content(rows).encode()})


def _times(rows: int, columns: int) -> str:
    return row(cell("x", f' table:number-columns-repeated="{columns}"'), said=f' table:number-rows-repeated="{rows}"')


FILES: Mapping[str, Row] = {
    # the OLE file around a workbook
    "ole_chain_in_a_circle": Row(_looping, _DAMAGED),
    "ole_list_in_a_circle": Row(_endless_list, _DAMAGED),
    "ole_entry_in_two_places": Row(lambda: _directory(_hung_twice), _DAMAGED),
    "ole_stream_of_four_gib": Row(lambda: _directory(_too_long), _DAMAGED),
    "ole_many_streams": Row(lambda: ole({f"s{n}": b"" for n in range(21_000)}), ("bomb", "lebih dari 20000 bagian")),
    "ole_cut_short": Row(lambda: _plain()[:700], _DAMAGED),
    # .xls
    "xls_password": Row(lambda: xls(number8(0, 0, 1), before=record(0x002F, bytes(54))), _ENCRYPTED),
    "xls_of_excel_95": Row(
        lambda: ole({"Book": record(0x0809, struct.pack("<2H", 0x0500, 5) + bytes(4)) + record(0x000A)}),
        ("format", ".xls dari Excel 95 atau sebelumnya"),
    ),
    "xls_records_without_end": Row(lambda: xls(record(0x0001) * 2_000_000), _RECORDS),
    "xls_texts_without_end": Row(lambda: xls(
        before=record(0x00FC, struct.pack("<2I", 9, 0xFFFFFFF0) + b"\0\0\0" * 2_700)
        + record(0x003C, b"\0\0\0" * 2_700) * 600), _RECORDS),
    "xls_numbers_without_end": Row(lambda: xls(*[_packed_row(n, 256) for n in range(800)]), _CELLS),
    "xls_far_corners": Row(lambda: xls(number8(0, 0, 1), number8(65_535, 255, 1)), ("template", "")),
    "xls_column_beyond_the_grid": Row(lambda: xls(number8(0, 16_384, 1)), _OUTSIDE),
    "xls_one_text_in_every_cell": Row(
        lambda: xls(*[_shared(n, 0, 0) for n in range(3_000)], before=strings8(text8("x" * 4_000))),
        ("template", ""),
    ),
    "xls_text_that_is_not_there": Row(lambda: xls(_shared(0, 0, 7), before=strings8(text8("a"))), _DAMAGED),
    "xls_text_longer_than_its_record": Row(lambda: xls(before=strings8(struct.pack("<HB", 9, 1) + b"a")), _DAMAGED),
    "xls_record_longer_than_the_file": Row(
        lambda: ole({"Workbook": workbook8(sheet8([]))[:-4] + struct.pack("<2H", 0x0203, 9_000)}), _DAMAGED
    ),
    "xls_cell_shorter_than_a_cell": Row(lambda: xls(record(0x0203, bytes(9))), _DAMAGED),
    "xls_sheet_beyond_the_end": Row(lambda: ole({"Workbook": workbook8(sheet8([]))[:-24]}), _DAMAGED),
    "xls_two_sheets_in_one": Row(_stacked, ("unsafe", "lembar bertumpuk")),
    "xls_sheets_without_end": Row(
        lambda: ole({"Workbook": workbook8(*[sheet8([])] * 300)}), ("bomb", "lebih dari 255 lembar")
    ),
    "xls_joined_cells_without_end": Row(
        lambda: xls(record(0x00E5, struct.pack("<H", 1_000) + struct.pack("<4H", 1, 2, 3, 4) * 1_000) * 11),
        ("unsafe", "terlalu banyak sel gabungan"),
    ),
    # .xlsb
    "xlsb_records_without_end": Row(_binary(lambda: record12(7_000) * 2_000_000), _RECORDS),
    "xlsb_cells_without_end": Row(
        _binary(lambda: b"".join(row12(n) + cell12(2, 0, bytes(4)) + record12(13, bytes(8)) * 999 for n in range(600))),
        _CELLS,
    ),
    "xlsb_hidden_columns_without_end": Row(
        _binary(lambda: record12(60, struct.pack("<4IH", 0, 1, 0, 0, 1)) * 500_000), ("unsafe", "kolom di luar lembar")
    ),
    "xlsb_notes_without_end": Row(
        _binary(lambda: b"", **{f"xl/comments{n}.bin": record12(637, b"\0" + text12(_LONG * 300)) for n in range(5)}),
        _TEXT,
    ),
    "xlsb_part_too_large": Row(_binary(lambda: record12(7_000, bytes(1 << 26))), ("bomb", "bagian lebih dari 64 MiB")),
    "xlsb_row_beyond_the_grid": Row(lambda: xlsb(row12(1 << 20), cell12(2, 0, bytes(4))), _OUTSIDE),
    "xlsb_column_beyond_the_grid": Row(lambda: xlsb(row12(0), cell12(2, 16_384, bytes(4))), _OUTSIDE),
    "xlsb_text_of_eight_gib": Row(lambda: xlsb(row12(0), cell12(6, 0, struct.pack("<I", 0xFFFFFFF0))), _DAMAGED),
    "xlsb_record_longer_than_its_part": Row(lambda: xlsb(parts={_PART: b"\x05\xff\xff\xff\x7f"}), _DAMAGED),
    "xlsb_record_cut_in_its_head": Row(lambda: xlsb(parts={_PART: b"\x91\x01\x00\x80"}), _DAMAGED),
    "xlsb_text_that_is_not_there": Row(lambda: xlsb(row12(0), cell12(7, 0, bytes(4))), _DAMAGED),
    "xlsb_doctype": Row(
        lambda: xlsb(parts={"xl/_rels/workbook.bin.rels": b"<!DOCTYPE a><a/>"}), ("unsafe", "DOCTYPE")
    ),
    "xlsb_long_text_in_many_parts": Row(
        lambda: _squeezed(xlsb(parts={"xl/sharedStrings.bin": b"".join(
            record12(19, b"\0" + text12(f"{n}{_LONG}")) for n in range(900))})), ("template", "")),
    # .ods and .fods
    "ods_cells_repeated": Row(_open(_times(1_000_000, 16_000)), _CELLS),
    "ods_rows_repeated": Row(_open(_times(50_000, 1) * 5), _CELLS),
    "ods_beyond_all_numbers": Row(_open(_times(int("9" * 300), 1)), _CELLS),
    "ods_repeated_not_a_number": Row(_open(_times(1, 1).replace('"1"', '"satu"')), _DAMAGED),
    "ods_spaces": Row(_open(row(cell("<text:s text:c='2000000000'/>"))), _TEXT),
    "ods_spaces_in_many_cells": Row(_open(row(cell("<text:s text:c='20000'/>")) * 2_000), _TEXT),
    "ods_below_the_grid": Row(
        _open(row(cell(), said=' table:number-rows-repeated="1048576"') + row(cell("x"))), _OUTSIDE
    ),
    "ods_right_of_the_grid": Row(_open(row(cell("", ' table:number-columns-repeated="16384"'), cell("x"))), _OUTSIDE),
    "ods_far_corners": Row(
        _open(row(cell("x")) + row(cell(), said=' table:number-rows-repeated="1048574"')
              + row(cell("", ' table:number-columns-repeated="16383"'), cell("x"))), ("template", "")),
    "ods_joined_with_the_world": Row(_open(row(cell("x", ' table:number-rows-spanned="99999999"'))), _OUTSIDE),
    "ods_row_without_end": Row(_many(row(cell("x") * 20_000)), _OUTSIDE),
    "ods_hidden_columns_without_end": Row(
        _open("<table:table-column table:visibility='filter'/>" * 16_385), ("template", "")
    ),
    "ods_deep": Row(_open(row("<text:span>" * 300 + "</text:span>" * 300)), _DEEP),
    "ods_elements_without_end": Row(_many("<text:s/>" * 1_100_000), ("bomb", "lebih dari 1000000 unsur")),
    "ods_sheets_without_end": Row(
        lambda: ods(content("", before='<table:table table:name="a"/>' * 300)), ("bomb", "lebih dari 255 lembar")
    ),
    "ods_doctype": Row(
        lambda: ods(content(row(cell("x"))).replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1)), ("unsafe", "DOCTYPE")
    ),
    "ods_password": Row(
        lambda: ods("", {"META-INF/manifest.xml": b"<a><manifest:encryption-data/></a>"}), _ENCRYPTED
    ),
    "ods_without_content": Row(lambda: ods(""), _DAMAGED),
    "ods_broken": Row(lambda: ods(content("<table:table-row>")), _DAMAGED),
    "fods_of_laughs": Row(
        lambda: fods(content(row(cell("&b;"))).replace("?>", "?><!DOCTYPE a [<!ENTITY b 'ha'>]>", 1)),
        ("unsafe", "DOCTYPE"),
    ),
    # text
    "csv_cells_without_end": Row(lambda: b"a;b\n" + b";" * 24_000_000, ("bomb", "lebih dari 2000000 sel")),
    "csv_filled_cells_without_end": Row(lambda: b"ab;cd\n" * 300_000, _CELLS),
    "csv_rows_without_end": Row(lambda: b"a;b\n" + b"\n" * 2_000_000, _OUTSIDE),
    "csv_row_beyond_the_grid": Row(lambda: b"a;b\n" + b";" * 17_000 + b"x", _OUTSIDE),
    "csv_quote_without_end": Row(lambda: b'a;b\n"' + b"x;\n" * 200_000, ("unsafe", "isi satu sel")),
    "csv_nul": Row(lambda: b"a;b\n" * 2_000 + b"\0", _DAMAGED),
    "csv_half_a_letter": Row(lambda: "a;b".encode("utf-16")[:-1], _DAMAGED),
}  # fmt: skip
