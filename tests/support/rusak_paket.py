"""Changes of the damage corpus that openpyxl cannot make: in the parts of the file itself.

Each takes the members of the file by name, and changes them where they stand.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import date
from html import escape

Members = dict[str, bytes]

_TYPES, _BOOK = "[Content_Types].xml", "xl/workbook.xml"
_PROPERTIES = "docProps/core.xml"
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MS = "http://schemas.microsoft.com/office"
_SHEET = "application/vnd.openxmlformats-officedocument"


def members(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def dated(parts: Members, today: date) -> None:
    """Last saved at the beginning of a day, by the file's own account."""
    parts[_PROPERTIES] = _TIME.sub(f"{today}T00:00:00Z".encode(), parts[_PROPERTIES])


def result(parts: Members, sheet: str, cell: str, value: str | int, kind: str = "n") -> None:
    """The result of a formula, as a program that calculates stores it; kind "e" is an error, "str" a text."""
    name = _part(parts, sheet)
    found = re.search(rb'<c r="%s"([^>]*)>(<f>.*?</f>)<v(?: ?/>|></v>)' % cell.encode(), parts[name])
    assert found, f"{cell} holds no formula"
    shown = escape(str(value)).encode()
    new = b'<c r="%s"%s t="%s">%s<v>%s</v>' % (cell.encode(), found[1], kind.encode(), found[2], shown)
    parts[name] = parts[name].replace(found[0], new)


def rich_text(parts: Members, sheet: str, cell: str, *runs: str) -> None:
    """A text whose words look different from each other."""
    made = "".join(f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(run)}</t></r>' for run in runs)
    _replace_cell(parts, sheet, cell, f't="inlineStr"><is>{made}</is>')


def threaded_comment(parts: Members, sheet: str, cell: str, text: str) -> None:
    """A conversation beside a cell, with the old note that Excel keeps for older programs."""
    who, what = "{00000000-0000-0000-0000-000000000001}", "{00000000-0000-0000-0000-000000000002}"
    threads = f"{_MS}/spreadsheetml/2018/threadedcomments"
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="{threads}">'
        f'<person displayName="Sekretaris" id="{who}" userId="a" providerId="None"/></personList>'
    ).encode()
    parts["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{threads}"><threadedComment ref="{cell}" dT="2026-11-01T00:00:00.00"'
        f' personId="{who}" id="{what}"><text>{escape(text)}</text></threadedComment></ThreadedComments>'
    ).encode()
    parts["xl/comments9.xml"] = (
        '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors>'
        f'<author>tc={what}</author></authors><commentList><comment ref="{cell}" authorId="0"><text><t>'
        f"[Threaded comment] {escape(text)}</t></text></comment></commentList></comments>"
    ).encode()
    _announce(parts, "xl/persons/person.xml", "application/vnd.ms-excel.person+xml")
    _announce(parts, "xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml")
    _announce(parts, "xl/comments9.xml", f"{_SHEET}.spreadsheetml.comments+xml")
    name = _part(parts, sheet)
    _relate(parts, name, f"{_MS}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")
    _relate(parts, name, f"{_OFFICE}/comments", "../comments9.xml")
    _relate(parts, _BOOK, f"{_MS}/2017/10/relationships/person", "persons/person.xml")


def picture(parts: Members, sheet: str) -> None:
    """A logo of one red dot, over the first cells."""
    draw = "http://schemas.openxmlformats.org/drawingml/2006"
    parts["xl/media/image9.png"] = _red_dot()
    parts["xl/drawings/drawing9.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{draw}/spreadsheetDrawing" xmlns:a="{draw}/main" xmlns:r="{_OFFICE}"><xdr:oneCellAnchor>'
        "<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="360000" cy="360000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/><xdr:cNvPicPr/>'
        '</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        '<xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor></xdr:wsDr>"
    ).encode()
    _announce(parts, "xl/media/image9.png", "image/png")
    _announce(parts, "xl/drawings/drawing9.xml", f"{_SHEET}.drawing+xml")
    _relate(parts, "xl/drawings/drawing9.xml", f"{_OFFICE}/image", "../media/image9.png")
    name = _part(parts, sheet)
    made = _relate(parts, name, f"{_OFFICE}/drawing", "../drawings/drawing9.xml")
    tag = f'<drawing xmlns:r="{_OFFICE}" r:id="{made}"/>'.encode()
    ends = map(parts[name].find, (b"<legacyDrawing", b"<tableParts", b"</worksheet>"))
    at = min(place for place in ends if place > 0)
    parts[name] = parts[name][:at] + tag + parts[name][at:]


def active_part(parts: Members, name: str, kind: str) -> None:
    """A part of the sort that is never run and never followed, with something in it."""
    parts[name] = b"<x/>" if name.endswith(".xml") else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    _announce(parts, name, kind)


def drop_part(parts: Members, name: str) -> None:
    """A member that another program left out, with what points to it."""
    del parts[name]
    parts[_TYPES] = re.sub(rb'<Override [^>]*PartName="/%s"[^>]*/>' % re.escape(name).encode(), b"", parts[_TYPES])
    for other in [other for other in parts if other.endswith(".rels")]:
        short = re.escape(name.rpartition("/")[2]).encode()
        parts[other] = re.sub(rb'<Relationship [^>]*Target="[^"]*%s"[^>]*/>' % short, b"", parts[other])


def _part(parts: Members, sheet: str) -> str:
    """The name of the member that holds a sheet."""
    made = re.search(rf'<sheet [^>]*name="{re.escape(escape(sheet))}"[^>]*r:id="(\w+)"', parts[_BOOK].decode())
    assert made, f"no sheet {sheet}"
    related = parts["xl/_rels/workbook.xml.rels"].decode()
    tag = next(tag for tag in re.findall(r"<Relationship [^>]*/>", related) if f'Id="{made[1]}"' in tag)
    target = re.search(r'Target="/?(?:xl/)?([^"]+)"', tag)
    assert target
    return f"xl/{target[1]}"


def _replace_cell(parts: Members, sheet: str, cell: str, inner: str) -> None:
    name = _part(parts, sheet)
    changed, count = re.subn(
        rb'<c r="%s"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)' % cell.encode(),
        lambda found: b'<c r="%s"%s %s</c>' % (cell.encode(), found[1], inner.encode()),
        parts[name],
    )
    assert count == 1, f"{cell} is not there"
    parts[name] = changed


def _announce(parts: Members, name: str, kind: str) -> None:
    tag = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", tag)


def _relate(parts: Members, name: str, kind: str, target: str) -> str:
    """One more relation of a part; its id."""
    folder, _, file = name.rpartition("/")
    listing = f"{folder}/_rels/{file}.rels"
    empty = f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
    old = parts.get(listing, empty)
    made = f"rIdX{old.count(b'<Relationship ')}"
    tag = f'<Relationship Id="{made}" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    parts[listing] = old.replace(b"</Relationships>", tag)
    return made


def _red_dot() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")
