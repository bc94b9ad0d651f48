"""The streams of an OLE file (old Office files, .msg), every chain of sectors followed within the limits of the file.

Own code, for olefile follows the list of FAT sectors as far as the header says and compares every stream with every
other: a file made for it keeps it busy for hours. Here no chain visits a sector twice. Standard library only.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from kemitraan_xl.intake.refusal import Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_ENTRIES = 20_000  #: streams and storages; a mail with hundreds of attachments has a few thousand
MAX_PATH = 1_000  #: characters of the storages around a stream, thirty one inside the other

#: Sector shift and mini sector shift; FAT sectors, directory, cutoff, mini FAT, its sectors, DIFAT, its sectors.
_HEADER = struct.Struct("<30x2H10x2I4x5I")
_FAT = struct.Struct("<109I")  #: the first sectors of the FAT; it ends the header
_ENTRY = struct.Struct("<64sHBx3I36xIQ")
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_SHIFTS = (9, 12)  #: sectors of 512 and of 4,096 bytes
_MINI_SHIFT = 6
_NONE = 0xFFFFFFFA  #: from here on a number is no sector but a sign


class _Entry(NamedTuple):
    raw: bytes
    length: int
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def name(self) -> str:
        return self.raw[: max(self.length - 2, 0)].decode("utf-16-le", "replace")


@dataclass(frozen=True, slots=True)
class _Sectors:
    """Equal pieces of `data`, and which one follows which."""

    data: bytes
    offset: int  #: of sector 0
    size: int
    following: array[int]

    def chain(self, start: int) -> Iterator[bytes]:
        """The sectors from `start` on. Refused when one comes back or lies outside."""
        seen = bytearray(len(self.following))
        while start < _NONE:
            if start >= len(seen) or seen[start]:
                raise Refused("damaged")
            seen[start] = 1
            yield self.piece(start)
            start = self.following[start]

    def piece(self, number: int) -> bytes:
        at = self.offset + number * self.size
        return self.data[at : at + self.size]

    def read(self, start: int, size: int) -> bytes:
        """The first `size` bytes of a chain."""
        content = b"".join(islice(self.chain(start), -(-size // self.size)))
        if len(content) < size:
            raise Refused("damaged")
        return content[:size]


@dataclass(frozen=True, slots=True)
class Ole:
    """The streams of one file by path ("Workbook", "Folder/Stream"). Made by `open_ole`."""

    streams: dict[str, tuple[int, int]]  #: first sector and size
    storages: frozenset[str]
    _sectors: _Sectors
    _mini: _Sectors
    _cutoff: int

    def read(self, path: str) -> bytes:
        """A whole stream, b"" when there is none. Raises Refused when its sectors do not hold it."""
        start, size = self.streams.get(path, (_NONE, 0))
        return (self._mini if size < self._cutoff else self._sectors).read(start, size)


def open_ole(data: bytes) -> Ole:
    """The directory of an OLE file. Raises Refused."""
    try:
        shift, mini_shift, fats, directory, cutoff, mini_fat, mini_fats, difat, _ = _HEADER.unpack_from(data)
        listed = _FAT.unpack_from(data, _HEADER.size)
    except struct.error:
        raise Refused("damaged") from None
    if not data.startswith(MAGIC) or shift not in _SHIFTS or mini_shift != _MINI_SHIFT:
        raise Refused("damaged")
    sectors = _fat(_Sectors(data, 1 << shift, 1 << shift, array("I")), listed, fats, difat)
    entries = _entries(sectors, directory)
    root = entries[0]
    content = sectors.read(root.start, root.size) if root.size else b""
    following = _numbers(sectors.read(mini_fat, mini_fats * sectors.size) if mini_fats and content else b"")
    streams, storages = _tree(entries)
    return Ole(streams, storages, sectors, _Sectors(content, 0, 1 << _MINI_SHIFT, following), cutoff)


def _numbers(content: bytes) -> array[int]:
    numbers = array("I", content[: len(content) // 4 * 4])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _fat(bare: _Sectors, listed: tuple[int, ...], count: int, difat: int) -> _Sectors:
    """The sectors with their FAT, whose own sectors are listed in the header and, for large files, in a chain."""
    most = len(bare.data) // bare.size
    numbers = [number for number in listed if number < _NONE]
    seen: set[int] = set()
    while difat < _NONE and len(numbers) < count:
        if difat in seen or difat >= most:
            raise Refused("damaged")
        seen.add(difat)
        *more, difat = _numbers(bare.piece(difat)) or (_NONE,)
        numbers += [number for number in more if number < _NONE]
    numbers = numbers[:count]
    if len(set(numbers)) != len(numbers) or any(number >= most for number in numbers):
        raise Refused("damaged")
    following = _numbers(b"".join(map(bare.piece, numbers)))
    return _Sectors(bare.data, bare.offset, bare.size, following[:most])


def _entries(sectors: _Sectors, directory: int) -> list[_Entry]:
    content = b"".join(islice(sectors.chain(directory), MAX_ENTRIES * _ENTRY.size // sectors.size + 1))
    if len(content) > MAX_ENTRIES * _ENTRY.size:
        raise Refused("bomb", f"lebih dari {MAX_ENTRIES} bagian")
    entries = [_Entry(*found) for found in _ENTRY.iter_unpack(content[: len(content) // _ENTRY.size * _ENTRY.size])]
    if not entries or entries[0].kind != _ROOT:
        raise Refused("damaged")
    if sectors.size == 1 << _SHIFTS[0]:  # the upper half of a size is not used, and not always zero
        entries = [entry._replace(size=entry.size & 0xFFFFFFFF) for entry in entries]
    return entries


def _tree(entries: list[_Entry]) -> tuple[dict[str, tuple[int, int]], frozenset[str]]:
    """Streams and storages by path. An entry that hangs in two places, or outside the list, is damage."""
    streams: dict[str, tuple[int, int]] = {}
    storages: set[str] = set()
    seen: set[int] = set()
    waiting = [("", entries[0].child)]
    while waiting:
        folder, number = waiting.pop()
        if number >= _NONE:
            continue
        if number in seen or number >= len(entries):
            raise Refused("damaged")
        if len(folder) > MAX_PATH:
            raise Refused("unsafe", "susunan terlalu dalam")
        seen.add(number)
        entry = entries[number]
        path = f"{folder}{entry.name}"
        waiting += [(folder, entry.left), (folder, entry.right)]
        if entry.kind == _STREAM:
            streams.setdefault(path, (entry.start, entry.size))
        elif entry.kind == _STORAGE:
            storages.add(path)
            waiting.append((f"{path}/", entry.child))
    return streams, frozenset(storages)
