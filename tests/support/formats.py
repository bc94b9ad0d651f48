"""Workbooks of the other formats made byte by byte: .xls and its OLE file, .xlsb, .ods, and text."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from support.hostile import zipped

Cell = tuple[int, bytes]  #: kind of a record, and its body

_FREE, _END, _FAT, _LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_IN_HEADER, _LISTED = 109, 127  #: FAT sectors that the header lists, and a sector of the list
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096


# ---- OLE ---- #


def ole(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """An OLE file with these streams and empty storages at its root."""
    small = {name: content for name, content in streams.items() if len(content) < _CUTOFF}
    pieces: list[bytes] = []
    mini_fat: list[int] = []
    starts = {}
    for name, content in small.items():
        starts[name] = len(mini_fat) if content else _END
        count = -(-len(content) // _MINI)
        mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), _END] if count else []
        pieces.append(content.ljust(count * _MINI, b"\0"))
    body, fat = bytearray(), list[int]()

    def put(content: bytes) -> int:
        if not content:
            return _END
        first, count = len(fat), -(-len(content) // _SECTOR)
        fat.extend([*range(first + 1, first + count), _END])
        body.extend(content.ljust(count * _SECTOR, b"\0"))
        return first

    starts |= {name: put(content) for name, content in streams.items() if name not in small}
    mini = b"".join(pieces)
    root = put(mini)
    mini_start = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    entries = [_entry("Root Entry", 5, child=1, start=root, size=len(mini))]
    kept = [(name, 2, starts[name], len(content)) for name, content in streams.items()]
    kept += [(name, 1, 0, 0) for name in storages]
    for number, (name, kind, start, size) in enumerate(kept, start=1):
        following = number + 1 if number < len(kept) else _FREE
        entries.append(_entry(name, kind, right=following, start=start, size=size))
    directory = put(b"".join(entries))
    tables = -(-len(fat) // (_LISTED - 1)) + 1
    lists = -(-max(tables - _IN_HEADER, 0) // _LISTED)
    places = list(range(len(fat), len(fat) + tables))
    more = [len(fat) + tables + number for number in range(lists)]
    fat += [_FAT] * tables + [_LIST] * lists
    fat += [_FREE] * (tables * _SECTOR // 4 - len(fat))
    listed = b"".join(
        struct.pack(f"<{_LISTED + 1}I", *(places[start : start + _LISTED] + [_FREE] * _LISTED)[:_LISTED], after)
        for start, after in zip(range(_IN_HEADER, tables, _LISTED), [*more[1:], _END], strict=False)
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x2I", 0x3E, 3, 0xFFFE, 9, 6, 0, tables)
    header += struct.pack("<5I", directory, 0, _CUTOFF, mini_start, -(-len(mini_fat) * 4 // _SECTOR))
    header += struct.pack("<2I", more[0] if more else _END, lists)
    header += struct.pack(f"<{_IN_HEADER}I", *(places + [_FREE] * _IN_HEADER)[:_IN_HEADER])
    return header + bytes(body) + struct.pack(f"<{len(fat)}I", *fat) + listed


def _entry(name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le")
    head = label.ljust(64, b"\0") + struct.pack("<H2B3I", len(label) + 2, kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


# ---- .xls ---- #


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def text8(text: str, size: str = "H") -> bytes:
    """A text as BIFF8 has it, its length in so many bytes."""
    return struct.pack(f"<{size}B", len(text), 1) + text.encode("utf-16-le")


def cell8(kind: int, row: int, column: int, body: bytes, form: int = 0) -> bytes:
    return record(kind, struct.pack("<3H", row, column, form) + body)


def number8(row: int, column: int, value: float, form: int = 0) -> bytes:
    return cell8(0x0203, row, column, struct.pack("<d", value), form)


def formula8(row: int, column: int, result: bytes, flags: int = 0) -> bytes:
    return cell8(0x0006, row, column, result + struct.pack("<HIH", flags, 0, 0))


def sheet8(cells: Iterable[bytes]) -> bytes:
    return record(0x0809, struct.pack("<2H", 0x0600, 0x10) + bytes(12)) + b"".join(cells) + record(0x000A)


def workbook8(*sheets: bytes, before: bytes = b"", states: Sequence[int] = (), kinds: Sequence[int] = ()) -> bytes:
    """The stream of a workbook with these sheets, titled Lembar1, Lembar2 and so on; `before`: more of its globals."""
    begin = record(0x0809, struct.pack("<2H", 0x0600, 5) + bytes(12)) + before
    names = [text8(f"Lembar{number}", "B") for number in range(1, len(sheets) + 1)]
    place = len(begin) + sum(4 + 6 + len(name) for name in names) + 4
    listed = b""
    for number, (name, sheet) in enumerate(zip(names, sheets, strict=True)):
        state = states[number] if number < len(states) else 0
        kind = kinds[number] if number < len(kinds) else 0
        listed += record(0x0085, struct.pack("<I2B", place, state, kind) + name)
        place += len(sheet)
    return begin + listed + record(0x000A) + b"".join(sheets)


def strings8(*texts: bytes, count: int | None = None) -> bytes:
    """The shared strings, each made by `text8`."""
    number = len(texts) if count is None else count
    return record(0x00FC, struct.pack("<2I", number, number) + b"".join(texts))


def xls(*cells: bytes, before: bytes = b"", storages: Sequence[str] = (), **streams: bytes) -> bytes:
    """A whole file with one sheet of these cells; more streams by name."""
    return ole({"Workbook": workbook8(sheet8(cells), before=before), **streams}, storages)


# ---- .xlsb ---- #


def record12(kind: int, body: bytes = b"") -> bytes:
    return _varied(kind) + _varied(len(body)) + body


def _varied(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def text12(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell12(kind: int, column: int, body: bytes, form: int = 0) -> bytes:
    return record12(kind, struct.pack("<2I", column, form) + body)


def row12(row: int, flags: int = 0) -> bytes:
    return record12(0, struct.pack("<2IHBB", row, 0, 0, 0, flags) + bytes(5))


def xlsb(*cells: bytes, parts: Mapping[str, bytes] | None = None, state: int = 0, date1904: bool = False) -> bytes:
    """A whole file with one sheet, Lembar1, of these records; more parts by name."""
    sheet = record12(129) + record12(145) + b"".join(cells) + record12(146) + record12(130)
    listed = struct.pack("<2I", state, 1) + text12("rId1") + text12("Lembar1")
    properties = record12(153, struct.pack("<2I", int(date1904), 0) + text12(""))
    book = record12(131) + properties + record12(143) + record12(156, listed) + record12(144) + record12(132)
    members = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": b'<a><b Id="rId1" Type="/worksheet" Target="worksheets/sheet1.bin"/></a>',
        "xl/worksheets/sheet1.bin": sheet,
    }
    return zipped(members | dict(parts or {}))


# ---- .ods ---- #

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = "".join(f' xmlns:{name}="{_OASIS}:{name if name != "draw" else "drawing"}:1.0"'
                  for name in ("table", "office", "text", "draw", "style", "script"))  # fmt: skip
_CALC = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def content(rows: str, styles: str = "", before: str = "", title: str = "Lembar1", of_table: str = "") -> str:
    """The content of a workbook with one sheet of these rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{_SPACES}{_CALC}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{before}"
        f'<table:table table:name="{escape(title)}"{of_table}>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def row(*cells: str, said: str = "") -> str:
    return f"<table:table-row{said}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", said: str = "") -> str:
    """A cell with a text, and what its element says besides."""
    kind = "" if "value-type" in said or not text else ' office:value-type="string"'
    return f"<table:table-cell{kind}{said}>{text and f'<text:p>{text}</text:p>'}</table:table-cell>"


def ods(xml: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    """A whole file with this content."""
    return zipped({"mimetype": MIMETYPE.encode(), "content.xml": xml.encode(), **(parts or {})})


def fods(xml: str) -> bytes:
    """The same in one piece."""
    xml = xml.replace("office:document-content", "office:document")
    return xml.replace("<office:document ", f'<office:document office:mimetype="{MIMETYPE}" ', 1).encode()
