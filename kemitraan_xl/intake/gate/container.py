"""The zip of a workbook: one checked part at a time.

Nothing is extracted to disk. A part is handed out only when its real length and checksum are those the
zip announces, so what was checked is what gets parsed.
"""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from zlib_ng import zlib_ng

from kemitraan_xl.intake.gate.zipdir import MIB, Member, read_directory
from kemitraan_xl.intake.refusal import Refused

MAX_READ = 64 * MIB  #: of XML that is read of one file; a return has a quarter of one

_SMALL = 1 << 16
_ALIKE = 32  #: parts a process remembers, of those that files made from one template have in common
_UTF8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<[A-Za-z_]")  #: nothing stands before the first element
_START = re.compile(rb"\s*<")
_ESCAPING = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|[\\:\0]")
#: A tag or a text as no program writes it. A cell holds 32,767 characters, in six bytes each at most.
_ENDLESS = re.compile(rb"<[^<>]{65536}|>[^<>]{262144}")
_WINDOW = 16_384  #: bytes without the end of a tag that may belong to one


@dataclass(slots=True)
class Container:
    """The members of one zip by folded name. Made by `open_container`."""

    data: bytes
    members: dict[str, Member]
    _parts: dict[str, bytes] = field(default_factory=dict, repr=False)
    _read: int = 0  #: bytes of all `_parts`

    def __contains__(self, name: str) -> bool:
        return _fold(name) in self.members

    @property
    def names(self) -> list[str]:
        return [member.name for member in self.members.values()]

    def size(self, name: str) -> int:
        """How long a member says that it is; 0 when there is none."""
        member = self.members.get(_fold(name))
        return member.size if member else 0

    def read(self, name: str) -> bytes:
        """One member inflated to its announced length and no further; b"" when there is none."""
        member = self.members.get(_fold(name))
        return content_of(self.data, member) if member else b""

    def xml(self, name: str, alike: bool = False) -> bytes:
        """One XML member as UTF-8 without DOCTYPE, whatever Unicode form it came in; b"" if there is none.

        With `alike` it is looked for among the parts of files read before: the same compressed bytes are the
        same part.
        """
        if name not in self._parts:
            member = self.members.get(_fold(name))
            self._read += member.size if member else 0
            if self._read > MAX_READ:
                raise Refused("bomb", f"lebih dari {MAX_READ // MIB} MiB XML")
            read = _known_xml if alike and member and max(member.packed, member.size) <= _SMALL else _xml
            self._parts[name] = read(*self._packed(member)) if member else b""
        return self._parts[name]

    def _packed(self, member: Member) -> tuple[bytes, bool, int, int]:
        return self.data[member.start : member.start + member.packed], member.deflated, member.size, member.crc


def content_of(data: bytes, member: Member) -> bytes:
    """One member of the zip `data`, inflated to its announced length and no further. Raises Refused."""
    return _content(data[member.start : member.start + member.packed], member.deflated, member.size, member.crc)


def open_container(data: bytes) -> Container:
    """The zip `data`, or Refused: damaged, encrypted, a bomb, or with names that mean harm."""
    members: dict[str, Member] = {}
    for member in read_directory(data):
        if _ESCAPING.search(member.name):
            raise Refused("unsafe", "nama bagian")
        if members.setdefault(_fold(member.name), member) is not member:
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
        label, size, crc = name.encode(), len(part), zlib_ng.crc32(part)
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


def _content(packed: bytes, deflated: bool, size: int, crc: int) -> bytes:
    """A member from its compressed bytes, if it is what the zip announces."""
    part = _inflated(packed, size) if deflated else packed
    if len(part) != size or zlib_ng.crc32(part) != crc:
        raise Refused("damaged")
    return part


def _inflated(packed: bytes, size: int) -> bytes:
    """`packed` inflated; hardly more than `size` bytes of it where it holds more than it announces."""
    try:
        if len(packed) <= _SMALL:  # faster; deflate gains 1,032 times at most, so this ends below 64 MiB
            return zlib_ng.decompress(packed, -zlib_ng.MAX_WBITS, size + 1)
        return zlib_ng.decompressobj(-zlib_ng.MAX_WBITS).decompress(packed, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # its stub takes the class for an instance
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
        if not part.isascii():
            _check_letters(part)
    if not _ROOT.match(part) and b"<!DOCTYPE" in part:
        raise Refused("unsafe", "DOCTYPE")
    if b"\0" in part or not _START.match(part):
        raise Refused("damaged")
    _check_runs(part)
    return part


def _check_letters(part: bytes) -> None:
    """Whether it is UTF-8, a piece at a time: as a whole it may take four times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(part), MIB):
            decoder.decode(part[start : start + MIB], final=start + MIB >= len(part))
    except UnicodeDecodeError:
        raise Refused("damaged") from None


def _check_runs(part: bytes) -> None:
    """Refused when a tag or a text goes on and on. Only where the end of a tag is far to seek is that looked for."""
    far = (part.find(b">", start, start + _WINDOW) < 0 for start in range(0, len(part), _WINDOW))
    if any(far) and _ENDLESS.search(part):
        raise Refused("unsafe", "ejaan XML")


def _transcoded(part: bytes, encoding: str) -> bytes:
    try:
        return _DECLARATION.sub("", part.decode(encoding).removeprefix("\ufeff"), count=1).encode()
    except UnicodeError:
        raise Refused("damaged") from None
