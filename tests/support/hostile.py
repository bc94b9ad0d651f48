"""Workbooks as an attacker, a broken program or an unlucky partner would send them, made byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


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


def workbook(*sheets: bytes, strings: bytes = b"") -> bytes:
    """A whole file with these sheets."""
    return zipped(parts(*(sheets or (sheet(),)), strings=strings))


def far_in_disguise() -> bytes:
    """First and last cell filled, behind a namespace prefix: slips past a search of bytes, kills its reader."""
    return workbook(sheet(CELL + '<q:row r="1048576"><q:c r="XFD1048576"><q:v>1</q:v></q:c></q:row>'))


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


def ole(stream: str) -> bytes:
    """The look of an OLE file with one stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 64
