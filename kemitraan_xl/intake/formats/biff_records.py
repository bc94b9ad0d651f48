"""The records and texts of an old binary workbook (BIFF8), each held to the bytes that are there.

Standard library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from kemitraan_xl.intake.refusal import Refused

MAX_RECORDS = 1_500_000  #: records and texts of one file; a full return has some ten thousand
BOF, EOF = 0x0809, 0x000A

_CONTINUE = 0x003C
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08  #: flags of a text
_HEAD = struct.Struct("<2H")
_U8, _U16, _U32 = struct.Struct("B"), struct.Struct("<H"), struct.Struct("<I")

Blocks = Sequence[bytes]  #: a record and those that continue it


class Records:
    """The records of one stream, counted over all that is read of it."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._left = MAX_RECORDS

    def spend(self) -> None:
        """One more of what is counted."""
        self._left -= 1
        if self._left < 0:
            raise Refused("bomb", f"lebih dari {MAX_RECORDS} rekaman")

    def part(self, start: int) -> Iterator[tuple[int, Blocks]]:
        """The records from a BOF at `start` up to its own EOF; parts within it (charts) are passed over."""
        depth = 0
        for kind, blocks in self._all(start):
            if kind == BOF:
                depth += 1
                if depth > 1:
                    continue
            elif not depth:
                raise Refused("damaged")
            elif kind == EOF:
                depth -= 1
                if not depth:
                    return
            if depth == 1:
                yield kind, blocks
        raise Refused("damaged")

    def _all(self, start: int) -> Iterator[tuple[int, Blocks]]:
        stream, place, last = self._stream, start, len(self._stream) - _HEAD.size
        kind, blocks = -1, [b""]
        while place <= last:
            self.spend()
            code, size = _HEAD.unpack_from(stream, place)
            place += _HEAD.size
            if place + size > len(stream):
                raise Refused("damaged")
            if code == _CONTINUE:
                blocks.append(stream[place : place + size])
            else:
                if kind >= 0:
                    yield kind, blocks
                kind, blocks = code, [stream[place : place + size]]
            place += size
        if kind >= 0:
            yield kind, blocks


class Texts:
    """Texts one after the other in a record and those that continue it."""

    def __init__(self, blocks: Blocks, at: int = 0) -> None:
        self._blocks = blocks
        self._block = 0
        self._at = at

    def next(self, size: struct.Struct = _U16) -> str:
        """The next text; `size` is how its length is written. What dresses it is passed over."""
        count = self._number(size)
        flags = self._number(_U8)
        runs = self._number(_U16) if flags & _RICH else 0
        extra = self._number(_U32) if flags & _EXTENDED else 0
        text = self.letters(count, flags)
        self._skip(4 * runs + extra)
        return text

    def letters(self, count: int, flags: int) -> str:
        """So many letters; a block that continues them begins with their width."""
        pieces = []
        while count:
            if self._at >= len(self._blocks[self._block]):
                self._turn()
                flags = self._number(_U8)
            width = 2 if flags & _WIDE else 1
            block = self._blocks[self._block]
            taken = min(count, (len(block) - self._at) // width)
            if not taken:
                raise Refused("damaged")
            piece = block[self._at : self._at + taken * width]
            pieces.append(piece if width == 2 else piece.decode("latin-1").encode("utf-16-le"))
            self._at += taken * width
            count -= taken
        return b"".join(pieces).decode("utf-16-le", "replace")

    def _turn(self) -> None:
        self._block += 1
        self._at = 0
        if self._block >= len(self._blocks):
            raise Refused("damaged")

    def _number(self, size: struct.Struct) -> int:
        content = self._blocks[self._block][self._at : self._at + size.size]
        if not content:
            self._turn()
            return self._number(size)
        number: int
        (number,) = size.unpack(content)
        self._at += size.size
        return number

    def _skip(self, count: int) -> None:
        while count > (left := len(self._blocks[self._block]) - self._at):
            count -= left
            self._turn()
        self._at += count


def short_text(block: bytes, at: int) -> str:
    """A text whose length is one byte."""
    return Texts([block], at).next(_U8)


def text(blocks: Blocks, at: int = 0) -> str:
    """A text whose length is two bytes."""
    return Texts(blocks, at).next()
