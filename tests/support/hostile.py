"""Workbooks as an attacker, a broken program or an unlucky partner would send them, made byte by byte."""

from __future__ import annotations

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support import templat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
CODE = b"M-001"  #: of the partner in the filled template
PLAN = "xl/worksheets/sheet4.xml"  #: the part of the filled template with Rencana Kerja
ROW = 900  #: of that sheet, far below its table, for what is added to it


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the hostile set: what makes it, and what must become of it."""

    make: Callable[[], bytes]
    refusal: tuple[str, str] = ("", "")  #: code and detail
    findings: tuple[str, ...] = ()  #: keys of structure findings, sorted


def sheet(rows: str = CELL, before: str = "", after: str = "") -> bytes:
    """One worksheet part with these rows."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    ).encode()


def parts(*sheets: bytes, strings: bytes = b"", state: str = "visible", date1904: str = "0") -> dict[str, bytes]:
    """The smallest package with these sheets, titled Lembar1, Lembar2 and so on."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Lembar{n}" sheetId="{n}" state="{state}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    made = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{date1904}"/>'
            f"<sheets>{listed}</sheets></workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
        ).encode(),
    }
    made |= {f"xl/worksheets/sheet{n}.xml": part for n, part in zip(numbers, sheets, strict=True)}
    return made | ({"xl/sharedStrings.xml": strings} if strings else {})


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return buffer.getvalue()


@cache
def _template() -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = templat.build(Path(folder, "templat.xlsx"), {**templat.WHOLE, "matriks_risiko": []})
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def filled(changes: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The parts of a proposal in which nothing is wrong, with these parts added or exchanged."""
    return {**_template(), **(changes or {})}


def plan(rows: str = "", before: str = "", after: str = "") -> bytes:
    """That proposal with more in its Rencana Kerja: more rows, something before its columns or after its rows."""
    part = filled()[PLAN].replace(b"<cols>", before.encode() + b"<cols>")
    return zipped(filled({PLAN: part.replace(b"</sheetData>", f"{rows}</sheetData>{after}".encode())}))


def placed(*cells: str) -> bytes:
    """That proposal with these cells in a row far below the table; {} is the number of the row."""
    return plan(f'<row r="{ROW}">' + "".join(cell.replace("{}", str(ROW)) for cell in cells) + "</row>")


def spelled(part: str, old: str, new: str) -> bytes:
    """That proposal with one text of one part exchanged, as often as it stands there."""
    content = filled()[part]
    assert old.encode() in content, old
    return zipped(filled({part: content.replace(old.encode(), new.encode())}))


def pressed(members: Mapping[str, bytes], strategy: int = zlib.Z_HUFFMAN_ONLY) -> bytes:
    """A zip whose members are packed so badly that no limit on the ratio ever sees them."""
    listed: list[tuple[str, bytes, int, bytes]] = []
    for name, part in members.items():
        packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
        listed.append((name, packer.compress(part) + packer.flush(), len(part), struct.pack("<I", zlib.crc32(part))))
    return assembled(listed)


def torn(part: str, old: str, new: Callable[[], str], strategy: int = zlib.Z_HUFFMAN_ONLY) -> Callable[[], bytes]:
    """What makes that proposal with something else, perhaps much, at one place of one part; see `pressed`."""

    def make() -> bytes:
        before, found, after = filled()[part].partition(old.encode())
        assert found, old
        return pressed(filled({part: before + new().encode() + after}), strategy)

    return make


def assembled(members: Iterable[tuple[str, bytes, int, bytes]]) -> bytes:
    """A zip of members that are packed already: name, deflated bytes, length and checksum as announced."""
    directory: list[bytes] = []
    pieces: list[bytes] = []
    for name, packed, size, crc in members:
        label = name.encode()
        common = struct.pack("<5H", 20, 0x800, 8, 0, 33) + crc + struct.pack("<2I2H", len(packed), size, len(label), 0)
        directory.append(b"PK\1\2\x14\0" + common + struct.pack("<3H2I", 0, 0, 0, 0, sum(map(len, pieces))) + label)
        pieces.append(b"PK\3\4" + common + label + packed)
    body, index, count = b"".join(pieces), b"".join(directory), len(directory)
    return body + index + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(index), len(body), 0)


def patched(data: bytes, name: str, field: str, value: int, everywhere: bool = True) -> bytes:
    """A zip with one number of one member's headers changed: in its directory, and before its bytes."""
    at, size = {"flags": (8, "H"), "method": (10, "H"), "crc": (16, "I"), "packed": (20, "I"), "size": (24, "I")}[field]
    changed = bytearray(data)
    for magic, fixed, shift in ((b"PK\1\2", 46, 0), (b"PK\3\4", 30, 2)):
        for found in re.finditer(re.escape(magic), data):
            start = found.start() + fixed
            if data[start : start + len(name)] == name.encode() and (not shift or everywhere):
                struct.pack_into(f"<{size}", changed, found.start() + at - shift, value)
    return bytes(changed)


def workbook(*sheets: bytes, strings: bytes = b"") -> bytes:
    """A whole file with these sheets."""
    return zipped(parts(*(sheets or (sheet(),)), strings=strings))


def far() -> bytes:
    """First and last cell filled: kills a reader that lays out what is between them."""
    return workbook(sheet(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def one_text_everywhere(length: int, cells: int) -> bytes:
    """One long shared string in a great many cells: small on disk, gigabytes when written out."""
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * length}</t></si></sst>'.encode()
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    return workbook(sheet(rows), strings=strings)


def two_of_one_name(other: str) -> bytes:
    """A second member under a name that Excel takes for the same."""
    name = "xl/worksheets/sheet1.xml"
    return zipped(parts(sheet()) | {"x" * len(name): sheet()}).replace(b"x" * len(name), other.encode())


def overlapping() -> bytes:
    """Two members of the directory that share their bytes."""
    data = bytearray(workbook(sheet(), sheet()))
    places = [info.header_offset for info in zipfile.ZipFile(io.BytesIO(data)).infolist()]
    entry = data.rfind(b"PK\1\2")
    struct.pack_into("<I", data, entry + 42, places[-2])
    return bytes(data)


def lying_about_size(real: int, announced: int) -> bytes:
    """A sheet that inflates to `real` bytes and is announced as `announced`."""
    content = b"<a>" + b" " * real
    packed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packed.compress(content) + packed.flush()
    wrong = bytearray(zipped(parts(sheet()) | {"xl/worksheets/sheet1.xml": body}, zipfile.ZIP_STORED))
    for magic, method, sizes in ((b"PK\3\4", 8, 18), (b"PK\1\2", 10, 20)):
        at = wrong.rfind(magic)
        struct.pack_into("<H", wrong, at + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<2I", wrong, at + sizes, len(body), announced)
    return bytes(wrong)


def encrypted_flag() -> bytes:
    """A zip whose members say that they need a password."""
    data = bytearray(workbook())
    at = data.find(b"PK\1\2")
    data[at + 8] |= 1
    return bytes(data)
