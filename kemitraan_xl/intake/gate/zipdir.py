"""The directory of a zip, held to limits while it is read: what members there are, and where their bytes stand.

The standard library's reader lists a directory of half a million members before anybody can object, and takes
longer than inflating a small part. Of its leniences none is needed for a file below MAX_FILE: nothing may stand
before the zip, and none of its numbers needs 64 bits. Standard library only.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from kemitraan_xl.intake.refusal import Refused

MIB = 1 << 20
MAX_FILE = 25 * MIB
MAX_MEMBERS = 2_000
MAX_INFLATED = 256 * MIB  #: of all members together, by what the directory says
MAX_RATIO = 150  #: inflated bytes for one compressed byte, for members above one MiB

_END = struct.Struct("<12x2I2x")
_END_MAGIC, _ENTRY_MAGIC, _BODY_MAGIC = b"PK\5\6", b"PK\1\2", b"PK\3\4"
_END_ROOM = _END.size + 0xFFFF  #: the end record and the longest comment behind it
_ENTRY = struct.Struct("<4s4x2H4x3I3H8xI")
_BODY = struct.Struct("<26x2H")

_ENCRYPTED = 0x1
_ODD = _ENCRYPTED | 0x20 | 0x40 | 0x2000  #: with patch data, strong encryption, masked headers
_UNICODE = 0x800
_DEFLATED = 8
_METHODS = (0, _DEFLATED)  #: stored, deflated


class Member(NamedTuple):
    """Where one member stands in the zip, and what the zip announces of it."""

    name: str
    start: int  #: of its compressed bytes
    packed: int  #: how many they are
    deflated: bool
    size: int
    crc: int


def read_directory(data: bytes) -> list[Member]:
    """The members of `data` as the directory lists them, or Refused: damaged, encrypted, a bomb, or meaning harm."""
    try:
        return _members(data)
    except (struct.error, UnicodeDecodeError):
        raise Refused("damaged") from None


def _members(data: bytes) -> list[Member]:
    end = data.rfind(_END_MAGIC, -_END_ROOM)
    if end < 0:
        raise Refused("damaged")
    size, begin = _END.unpack_from(data, end)
    if begin + size != end:
        raise Refused("damaged")
    total = 0
    members: list[Member] = []
    spans: list[tuple[int, int]] = []
    at = begin
    while at < end:
        if len(members) == MAX_MEMBERS:
            raise Refused("bomb", f"lebih dari {MAX_MEMBERS} bagian")
        magic, flags, method, crc, packed, inflated, name, extra, comment, header = _ENTRY.unpack_from(data, at)
        if magic != _ENTRY_MAGIC:
            raise Refused("damaged")
        if flags & _ODD or method not in _METHODS:
            _refuse_packing(flags)
        if inflated > MIB and inflated > MAX_RATIO * packed:
            raise Refused("bomb", f"lebih dari {MAX_RATIO} kali")
        total += inflated
        start = _body(data, header)
        spans.append((header, start + packed))
        spelled = data[at + _ENTRY.size : at + _ENTRY.size + name].decode("utf-8" if flags & _UNICODE else "cp437")
        members.append(Member(spelled, start, packed, method == _DEFLATED, inflated, crc))
        at += _ENTRY.size + name + extra + comment
    if at != end:
        raise Refused("damaged")
    if total > MAX_INFLATED:
        raise Refused("bomb", f"lebih dari {MAX_INFLATED // MIB} MiB")
    _check_spans(spans, begin)
    return members


def _refuse_packing(flags: int) -> None:
    if flags & _ENCRYPTED:
        raise Refused("encrypted")
    raise Refused("unsafe", "cara pemampatan")


def _check_spans(spans: list[tuple[int, int]], begin: int) -> None:
    """No two members share bytes, and none reaches into the directory."""
    limit = begin
    for header, last in sorted(spans, reverse=True):
        if last > limit:
            raise Refused("unsafe", "bagian bertumpuk")
        limit = header


def _body(data: bytes, header: int) -> int:
    """Where the compressed bytes of a member begin, by its own header."""
    if data[header : header + 4] != _BODY_MAGIC:
        raise Refused("damaged")
    name: int
    extra: int
    name, extra = _BODY.unpack_from(data, header)
    return header + 30 + name + extra
