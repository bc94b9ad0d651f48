"""The zip of a workbook: its list of members held to limits, and one checked part at a time.

Nothing is extracted to disk. A part is handed out only when its real length and checksum are those the
zip announces, so what was checked is what gets parsed. Standard library only.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kemitraan_xl.intake.refusal import Refused

MIB = 1 << 20
MAX_FILE = 25 * MIB
MAX_MEMBERS = 2_000
MAX_INFLATED = 256 * MIB
MAX_RATIO = 150  #: inflated bytes for one compressed byte, for members above one MiB

_SMALL = 1 << 16
_ALIKE = 32  #: parts a process remembers, of those that files made from one template have in common
_ENCRYPTED = 0x1
_UNUSUAL = 0x20 | 0x40 | 0x2000  #: patch data, strong encryption, masked headers
_UTF8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<[A-Za-z_]")  #: nothing stands before the first element
_START = re.compile(rb"\s*<")
_ESCAPING = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|[\\:\0]")


class Member(NamedTuple):
    """Where one member stands in the zip, and what the zip announces of it."""

    name: str
    start: int  #: of its compressed bytes
    packed: int  #: how many they are
    deflated: bool
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Container:
    """The members of one zip by folded name. Made by `open_container`."""

    data: bytes
    members: dict[str, Member]
    _parts: dict[str, bytes] = field(default_factory=dict, repr=False)

    def __contains__(self, name: str) -> bool:
        return _fold(name) in self.members

    @property
    def names(self) -> list[str]:
        return [member.name for member in self.members.values()]

    def read(self, name: str) -> bytes:
        """One member inflated to its announced length and no further; b"" when there is none."""
        member = self.members.get(_fold(name))
        return _content(*self._packed(member)) if member else b""

    def xml(self, name: str, alike: bool = False) -> bytes:
        """One XML member as UTF-8 without DOCTYPE, whatever Unicode form it came in; b"" if there is none.

        With `alike` it is looked for among the parts of files read before: the same compressed bytes are the
        same part.
        """
        if name not in self._parts:
            member = self.members.get(_fold(name))
            read = _known_xml if alike and member and max(member.packed, member.size) <= _SMALL else _xml
            self._parts[name] = read(*self._packed(member)) if member else b""
        return self._parts[name]

    def _packed(self, member: Member) -> tuple[bytes, bool, int, int]:
        return self.data[member.start : member.start + member.packed], member.deflated, member.size, member.crc


def open_container(data: bytes) -> Container:
    """The zip directory of `data`, or Refused: damaged, encrypted, a bomb, or with names that mean harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, end = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, IndexError, struct.error):
        raise Refused("damaged") from None
    if len(infos) > MAX_MEMBERS:
        raise Refused("bomb", f"lebih dari {MAX_MEMBERS} bagian")
    _check_sizes(infos)
    members: dict[str, Member] = {}
    for info, start in zip(infos, _starts(data, infos, end), strict=True):
        name = info.orig_filename
        if _ESCAPING.search(name):
            raise Refused("unsafe", "nama bagian")
        deflated = info.compress_type == zipfile.ZIP_DEFLATED
        member = Member(name, start, info.compress_size, deflated, info.file_size, info.CRC)
        if members.setdefault(_fold(name), member) is not member:
            raise Refused("unsafe", "bagian bernama sama")
    return Container(data, members)


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A plain zip of `parts`, stored: a parser of it sees exactly the bytes that were checked.

    The standard library's writer takes as long as the rest of the guard together, hence the two headers here.
    """
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, part in parts:
        label, size, crc = name.encode(), len(part), zlib.crc32(part)
        common = struct.pack("<5H3I2H", 20, 0x800, 0, 0, 33, crc, size, size, len(label), 0)
        body += b"PK\3\4" + common, label, part
        directory += b"PK\1\2\x14\0" + common + struct.pack("<3H2I", 0, 0, 0, 0, offset), label
        offset += 30 + len(label) + size
    index = b"".join(directory)
    count = len(directory) // 2
    end = b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(index), offset, 0)
    return b"".join([*body, index, end])


def _fold(name: str) -> str:
    """Names as Excel compares them: case does not count."""
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).lower()


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    for info in infos:
        if info.flag_bits & _ENCRYPTED:
            raise Refused("encrypted")
        if info.flag_bits & _UNUSUAL or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("unsafe", "cara pemampatan")
        if info.file_size > MIB and info.file_size > MAX_RATIO * info.compress_size:
            raise Refused("bomb", f"lebih dari {MAX_RATIO} kali")
    if sum(info.file_size for info in infos) > MAX_INFLATED:
        raise Refused("bomb", f"lebih dari {MAX_INFLATED // MIB} MiB")


def _starts(data: bytes, infos: list[zipfile.ZipInfo], end: int) -> list[int]:
    """Where the compressed bytes of each begin. No two members share bytes, and none reaches into the directory."""
    starts = [_body(data, info.header_offset) for info in infos]
    spans = [(info.header_offset, start + info.compress_size) for info, start in zip(infos, starts, strict=True)]
    for header, last in sorted(spans, reverse=True):
        if last > end:
            raise Refused("unsafe", "bagian bertumpuk")
        end = header
    return starts


def _body(data: bytes, header: int) -> int:
    """Where the compressed bytes of a member begin, by its own header."""
    if data[header : header + 4] != b"PK\3\4" or header + 30 > len(data):
        raise Refused("damaged")
    name: int
    extra: int
    name, extra = struct.unpack_from("<2H", data, header + 26)
    return header + 30 + name + extra


def _content(packed: bytes, deflated: bool, size: int, crc: int) -> bytes:
    """A member from its compressed bytes, if it is what the zip announces."""
    part = _inflated(packed, size) if deflated else packed
    if len(part) != size or zlib.crc32(part) != crc:
        raise Refused("damaged")
    return part


def _inflated(packed: bytes, size: int) -> bytes:
    """`packed` inflated; hardly more than `size` bytes of it where it holds more than it announces."""
    try:
        if len(packed) <= _SMALL:  # faster; deflate gains 1,032 times at most, so this ends below 64 MiB
            return zlib.decompress(packed, -zlib.MAX_WBITS, size + 1)
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    except zlib.error:
        raise Refused("damaged") from None


def _xml(packed: bytes, deflated: bool, size: int, crc: int) -> bytes:
    part = _content(packed, deflated, size, crc)
    return _utf8(part) if part else part


_known_xml = lru_cache(_ALIKE)(_xml)


def _utf8(part: bytes) -> bytes:
    """XML of a known Unicode form as plain UTF-8.

    With the encoding settled, a DOCTYPE can only be spelled in these very bytes, and only before the first
    element, so the search is exact.
    """
    if part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        part = _transcoded(part, "utf-16")
    elif part[:2] in (b"<\0", b"\0<"):
        part = _transcoded(part, "utf-16-le" if part[0] else "utf-16-be")
    else:
        part = part.removeprefix(codecs.BOM_UTF8)
        declared = _ENCODING.match(part)
        if declared and declared[1].lower() not in _UTF8:
            raise Refused("unsafe", "pengodean teks")
        try:
            _ = part.isascii() or part.decode()
        except UnicodeDecodeError:
            raise Refused("damaged") from None
    if not _ROOT.match(part) and b"<!DOCTYPE" in part:
        raise Refused("unsafe", "DOCTYPE")
    if b"\0" in part or not _START.match(part):
        raise Refused("damaged")
    return part


def _transcoded(part: bytes, encoding: str) -> bytes:
    try:
        return _DECLARATION.sub("", part.decode(encoding).removeprefix("\ufeff"), count=1).encode()
    except UnicodeError:
        raise Refused("damaged") from None
