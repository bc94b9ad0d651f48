"""The hostile set: what is wrong with the zip itself."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Mapping

from kemitraan_xl.intake.gate.container import MAX_READ
from kemitraan_xl.intake.gate.zipdir import MAX_FILE, MAX_INFLATED, MAX_MEMBERS, MAX_RATIO, MIB
from support.hostile import (
    PLAN,
    Row,
    assembled,
    filled,
    overlapping,
    parts,
    patched,
    pressed,
    sheet,
    two_of_one_name,
    zipped,
)

_DAMAGED = ("damaged", "")
_MANY = ("bomb", f"lebih dari {MAX_MEMBERS} bagian")
_RATIO = ("bomb", f"lebih dari {MAX_RATIO} kali")
_LARGE = ("bomb", f"lebih dari {MAX_INFLATED // MIB} MiB")
_XML = ("bomb", f"lebih dari {MAX_READ // MIB} MiB XML")
_PACKING = ("unsafe", "cara pemampatan")
_OVERLAP = ("unsafe", "bagian bertumpuk")
_TWICE = ("unsafe", "bagian bernama sama")
_NAME = ("unsafe", "nama bagian")
_IMAGE = "xl/media/gambar.bin"
_OTHER = "xl/worksheets/sheet3.xml"


def _with(name: str, content: bytes = b"<a/>") -> bytes:
    return zipped(filled({name: content}))


def _endless_directory() -> bytes:
    """As many entries as fit into a file that is not too large; they all mean the same member."""
    local = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    entry = b"PK\1\2\x14\0" + local[4:30] + struct.pack("<3H2I", 0, 0, 0, 0, 0) + b"a"
    index = entry * ((MAX_FILE - len(local) - 22) // len(entry))
    return local + index + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 9, 9, len(index), len(local), 0)


def _many_large() -> bytes:
    """Members that each keep to the ratio and together unfold to more than is allowed."""
    dice = random.Random(5)
    block = b"".join(dice.randbytes(100) + bytes(8000) for _ in range(11_500))
    packed = _deflated(block)
    return assembled((f"xl/media/{number}.bin", packed, len(block), _checksum(block)) for number in range(3))


def _many_rows() -> bytes:
    """Two sheets that each keep to all limits, and together are more XML than is read."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(1000, 700_000))
    sheets = {name: filled()[name].replace(b"</sheetData>", rows.encode() + b"</sheetData>") for name in (PLAN, _OTHER)}
    return pressed(filled(sheets), zlib.Z_DEFAULT_STRATEGY)


def _shared_kernel() -> bytes:
    """Fifty members that share the bytes of one, each announced as a whole (Fifield)."""
    kernel = bytes(MIB)
    one = assembled((f"n{number:02}", _deflated(kernel), MIB, _checksum(kernel)) for number in range(50))
    begin = one.index(b"PK\1\2")
    body, index = one[: begin // 50], bytearray(one[begin:-22])
    for number in range(50):
        struct.pack_into("<I", index, number * 49 + 42, 0)
    return body + bytes(index) + _end(one, begin=len(body))[-22:]


def _lying(spaces: int, announced: int) -> bytes:
    """The template with so many spaces in a sheet, which is announced as so long."""
    template = filled({PLAN: filled()[PLAN].replace(b"</sheetData>", b" " * spaces + b"</sheetData>")})
    return assembled(
        (name, _deflated(part), announced if name == PLAN else len(part), _checksum(part))
        for name, part in template.items()
    )


def _deflated(part: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush()


def _checksum(part: bytes) -> bytes:
    return struct.pack("<I", zlib.crc32(part))


def _end(data: bytes, **numbers: int) -> bytes:
    """The same zip with numbers of its end record changed."""
    changed = bytearray(data)
    for name, value in numbers.items():
        at, kind = {"count": (10, "H"), "size": (12, "I"), "begin": (16, "I"), "comment": (20, "H")}[name]
        struct.pack_into(f"<{kind}", changed, len(data) - 22 + at, value)
    return bytes(changed)


def _wide() -> bytes:
    """Lengths that stand in a field of 64 bits, where they are beyond all measure."""
    extra = struct.pack("<2H2Q", 1, 16, 1 << 40, 1 << 40)
    data = zipped(filled())
    at, end = data.rfind(b"PK\1\2"), len(data) - 22
    entry = bytearray(data[at:end])
    struct.pack_into("<2I", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    size = struct.unpack_from("<I", data, end + 12)[0] + len(extra)
    return _end(data[:at] + bytes(entry) + extra + data[end:], size=size)


def _fake_end() -> bytes:
    """A second end record inside the comment of the first, which would show another directory."""
    data = zipped(filled())
    return _end(data, comment=22) + _end(data, size=0)[-22:]


FILES: Mapping[str, Row] = {
    "empty": Row(bytes, ("empty", "")),
    "only_zeros": Row(lambda: bytes(5000), _DAMAGED),
    "cut_in_half": Row(lambda: zipped(filled())[: len(zipped(filled())) // 2], _DAMAGED),
    "cut_in_the_directory": Row(lambda: zipped(filled())[:-40], _DAMAGED),
    "larger_than_the_limit": Row(lambda: b"PK\3\4" + bytes(MAX_FILE), ("large", f"{MAX_FILE // MIB} MiB")),
    "too_many_members": Row(lambda: zipped(filled({f"x{n}": b"" for n in range(MAX_MEMBERS)})), _MANY),
    "endless_directory": Row(_endless_directory, _MANY),
    "bomb_of_zeros": Row(lambda: _with(_IMAGE, bytes(8 * MIB)), _RATIO),
    "bomb_of_one_text": Row(lambda: _with("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * (100 * MIB)), _RATIO),
    "bomb_of_spaces": Row(lambda: _with(PLAN, filled()[PLAN].replace(b"</sheetData>", b" " * (100 * MIB))), _RATIO),
    "bomb_of_rows": Row(lambda: _with(PLAN, sheet('<row r="1"/>' * 2_000_000)), _RATIO),
    "members_that_add_up": Row(_many_large, _LARGE),
    "sheets_that_add_up": Row(_many_rows, _XML),
    "announced_too_small": Row(lambda: _lying(0, 9_000), _DAMAGED),
    "announced_too_large": Row(lambda: _lying(0, 90_000), _DAMAGED),
    "bomb_announced_small": Row(lambda: _lying(90 * MIB, MIB), _DAMAGED),
    "wrong_checksum": Row(lambda: patched(zipped(filled()), PLAN, "crc", 1), _DAMAGED),
    "deflate_that_is_none": Row(
        lambda: assembled((n, b"\xff" * 60, len(p), _checksum(p)) for n, p in filled().items()), _DAMAGED
    ),
    "deflate_without_end": Row(
        lambda: assembled((n, _deflated(p)[:-9], len(p), _checksum(p)) for n, p in filled().items()), _DAMAGED
    ),
    "overlapping_members": Row(overlapping, _OVERLAP),
    "shared_kernel": Row(_shared_kernel, _OVERLAP),
    "member_into_the_directory": Row(lambda: patched(zipped(filled()), "docProps/app.xml", "packed", 3000), _OVERLAP),
    "two_of_one_name": Row(lambda: two_of_one_name("xl/worksheets/sheet1.xml"), _TWICE),
    "two_of_one_name_in_capitals": Row(lambda: two_of_one_name("xl/worksheets/Sheet1.XML"), _TWICE),
    "two_of_one_accented_name": Row(lambda: zipped(filled({"xl/\u00e9.xml": b"", "xl/e\u0301.xml": b""})), _TWICE),
    "way_out": Row(lambda: _with("../../lain.xml"), _NAME),
    "way_out_in_the_middle": Row(lambda: _with("xl/../../lain.xml"), _NAME),
    "absolute_name": Row(lambda: _with("/tmp/lain.xml"), _NAME),
    "name_with_a_drive": Row(lambda: _with("C:/lain.xml"), _NAME),
    "name_with_backslashes": Row(lambda: _with("..\\lain.xml"), _NAME),
    "name_with_a_null": Row(lambda: _with("xl/a.xml?.bin").replace(b"a.xml?.bin", b"a.xml\0.bin"), _NAME),
    "packed_as_bzip2": Row(lambda: zipped(filled(), zipfile.ZIP_BZIP2), _PACKING),
    "packed_as_lzma": Row(lambda: zipped(filled(), zipfile.ZIP_LZMA), _PACKING),
    "packed_as_nobody_knows": Row(lambda: patched(zipped(filled()), PLAN, "method", 99), _PACKING),
    "strong_encryption": Row(lambda: patched(zipped(filled()), PLAN, "flags", 0x40), _PACKING),
    "masked_headers": Row(lambda: patched(zipped(filled()), PLAN, "flags", 0x2000), _PACKING),
    "member_with_a_password": Row(lambda: patched(zipped(filled()), PLAN, "flags", 1), ("encrypted", "")),
    "lengths_of_64_bits": Row(_wide, _LARGE),
    "directory_of_64_bits": Row(lambda: _end(zipped(filled()), size=0xFFFFFFFF, begin=0xFFFFFFFF), _DAMAGED),
    "program_before_the_zip": Row(lambda: b"MZ\x90\0" + zipped(filled()), ("foreign", "tidak dikenal")),
    "two_zips_in_one": Row(lambda: zipped(parts(sheet())) + zipped(filled()), _DAMAGED),
    "directory_inside_the_comment": Row(_fake_end, _DAMAGED),
    "wrong_count_of_members": Row(lambda: _end(zipped(filled()), count=3)),
    "picture_that_unfolds": Row(lambda: _with(_IMAGE, bytes(MIB))),
}
