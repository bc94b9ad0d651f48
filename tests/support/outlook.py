"""Outlook mails (.msg) made byte by byte: an OLE file with streams named by MAPI properties, as [MS-OXMSG] has them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

Tree = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_BY_VALUE, _BY_LINK, _MAIL, _OBJECT = 1, 4, 5, 6


@dataclass(frozen=True)
class Attachment:
    """What hangs on a mail: bytes, a mail of its own, or nothing but a link or an object."""

    name: str
    content: bytes | Tree | None = None
    kind: str = ""  #: MIME type
    flags: int = 0
    method: int = 0

    def tree(self) -> Tree:
        method = self.method or (_MAIL if isinstance(self.content, Mapping) else _BY_VALUE)
        texts = {name: text for name, text in (("3707", self.name), ("370E", self.kind)) if text}
        tree = _object(8, {0x37050003: method, 0x37140003: self.flags}, texts)
        if isinstance(self.content, bytes):
            tree["__substg1.0_37010102"] = self.content
        elif self.content is not None:
            tree["__substg1.0_3701000D"] = self.content
        return tree


@dataclass(frozen=True)
class Letter:
    """A mail as Outlook holds it."""

    sender: str = "kantor@pelita.example"
    subject: str = "Usulan kemitraan"
    sent: datetime | None = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
    attachments: Sequence[Attachment] = ()
    more: Mapping[str, bytes] = field(default_factory=dict)  #: further streams
    wide: bool = True  #: whether texts are in Unicode

    def tree(self, header: int = 32) -> Tree:
        ticks = int((self.sent - _EPOCH).total_seconds() * 10_000_000) if self.sent else 0
        texts = {"0037": self.subject, "5D01": self.sender, "001A": "IPM.Note"}
        tree = _object(header, {0x00390040: ticks}, texts, self.wide)
        for number, attachment in enumerate(self.attachments):
            tree[f"__attach_version1.0_#{number:08X}"] = attachment.tree()
        return tree | dict(self.more)

    def within(self) -> Tree:
        """The same as it lies in another mail."""
        return self.tree(header=24)


def msg(letter: Letter) -> bytes:
    """The .msg file of a mail."""
    return compound(letter.tree())


def _object(
    header: int, numbers: Mapping[int, int], texts: Mapping[str, str], wide: bool = True
) -> dict[str, bytes | Tree]:
    """A mail or attachment: its numbers in one stream, its texts in one each, listed in the first."""
    kind, coding = ("001F", "utf-16-le") if wide else ("001E", "cp1252")
    listed = [*numbers.items(), *((int(name + kind, 16), len(text.encode(coding))) for name, text in texts.items())]
    properties = bytes(header) + b"".join(struct.pack("<IIQ", tag, 6, value) for tag, value in listed)
    streams = {f"__substg1.0_{name}{kind}": text.encode(coding) for name, text in texts.items()}
    return {"__properties_version1.0": properties, **streams}


# ---- the OLE file around it ---- #


@dataclass(slots=True)
class _Entry:
    """One line of the directory. A storage has no content."""

    name: str
    content: bytes | None = None
    child: int = _FREE
    after: int = _FREE

    def packed(self, kind: int, start: int, size: int) -> bytes:
        name = f"{self.name}\0".encode("utf-16-le")
        return struct.pack("<64sHBB3I36xIQ", name, len(name), kind, 1, _FREE, self.after, self.child, start, size)


def compound(tree: Tree) -> bytes:
    """An OLE file with these streams and storages."""
    root = _Entry("Root Entry")
    entries = [root]
    root.child = _add(entries, tree)
    sectors: list[bytes] = []
    following: list[int] = []
    small = bytearray()
    small_following: list[int] = []
    lines = []
    for entry in entries[1:]:
        size = len(entry.content or b"")
        start = _END if entry.content is not None else 0
        if size >= _CUTOFF:
            start = _put(sectors, following, entry.content or b"")
        elif size:
            small += (entry.content or b"").ljust(-(-size // _MINI) * _MINI, b"\0")
            start = _follow(small_following, -(-size // _MINI))
        lines.append(entry.packed(_STORAGE if entry.content is None else _STREAM, start, size))
    lines.insert(0, root.packed(_ROOT, _put(sectors, following, bytes(small)), len(small)))
    mini_fat = struct.pack(f"<{len(small_following)}I", *small_following)
    mini_start = _put(sectors, following, mini_fat, b"\xff")
    directory = _put(sectors, following, b"".join(lines))
    return _file(sectors, following, directory, mini_start, -(-len(mini_fat) // _SECTOR))


def _add(entries: list[_Entry], tree: Tree) -> int:
    """The entries of one storage, each the right neighbour of the one before; returns the first."""
    numbers = []
    for name, content in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        numbers.append(len(entries))
        entry = _Entry(name, content if isinstance(content, bytes) else None)
        entries.append(entry)
        if not isinstance(content, bytes):
            entry.child = _add(entries, content)
    for number, after in pairwise(numbers):
        entries[number].after = after
    return numbers[0] if numbers else _FREE


def _follow(following: list[int], count: int) -> int:
    start = len(following)
    following += [*range(start + 1, start + count), _END]
    return start


def _put(sectors: list[bytes], following: list[int], content: bytes, fill: bytes = b"\0") -> int:
    count = -(-len(content) // _SECTOR)
    padded = content.ljust(count * _SECTOR, fill)
    sectors += [padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR)]
    return _follow(following, count)


def _file(sectors: list[bytes], following: list[int], directory: int, mini_start: int, mini_count: int) -> bytes:
    count = 1
    while count * (_SECTOR // 4) < len(following) + count:
        count += 1
    first = len(sectors)
    assert count <= 109, "no list of FAT sectors beyond the header"
    table = [*following, *[_FAT] * count]
    table += [_FREE] * (count * _SECTOR // 4 - len(table))
    fats = [*range(first, first + count), *[_FREE] * (109 - count)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, count, directory, 0, _CUTOFF, mini_start, mini_count, _END, 0)
    head += struct.pack("<109I", *fats)
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)
