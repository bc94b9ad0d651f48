"""Files mutated at random, each by its own seed: what a broken program, a bad line or a patient attacker may send.

`mutated(seed)` is one of the bases (the filled template, the same table in every other format, a mail, an archive)
with one to four mutations. Most know the structure of what they change: members of a zip, tags and attributes of
XML, lines of text, so that the result gets past the first check and far into the reader.
"""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from io import BytesIO

from python_calamine import CalamineWorkbook

from support import formats, mails
from support.hostile import CODE, filled, zipped

Members = dict[str, bytes]
Dice = random.Random

_TAG = re.compile(rb"<[^<>]+>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"<>]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_VALUE = re.compile(rb'(?:<t>|<t [^<>]*>|(?<!t="s">)<v>)([^<>]*)<')  #: of a cell, but for the numbers of shared texts
_SHEET = "Rencana Kerja"
_OFTEN = ("sheet1.xml", "sheet4.xml", "sharedStrings.xml", "content.xml", "sheet1.bin")
_TAME = 0.9  #: share of the nasty values that leave the XML whole

#: What a value may be turned into, in a cell as in an attribute.
NASTY = (
    "", " ", "0", "-1", "1", "99999999999999999999", "1e308", "1e999", "-1e999", "NaN", "inf", "0x10", "1,5",
    "1.500.000,00", "A0", "A1048577", "XFD1048576", "XFE1", "A1:XFD1048576", "A1:", ":", "ZZZZ9", "a1", "1A", "R1C1",
    "=1+1", "@SUM(A1)", "+62 812", "cmd|'/c calc'!A0", "#REF!", "#N/A", "TRUE", "true", "s", "e", "str", "inlineStr",
    "d", "b", "n", "2027-02-30", "2027-01-01T25:61:61", "46027", "-46027", "2958466", "31 Februari 2027",
    "Triwulan V 2027", "Januari - Maret", "Rp 5 jt", "Rp -5", "5 triliun juta", "½", "١٢٣", "１２３", "\u202etxt",
    "\u200b", "\ufeff", "\U0001f600" * 50, "é" * 300, "_x0000_", "_xD800_", "_x005F_x0000_", "&amp;", "&#10;",
    "&#xFFFE;", "&#0;", "&lol;", "]]>", "<!--", "../../x", "\\\\192.0.2.1\\x", "rId1", "rId999", "hidden",
    "veryHidden", "1904", "kmt:rencana_kerja", "kmt:", "KMT|1|usulan|1.0||M-001|", "dst", "Jumlah", "x" * 300,
    "x" * 40_000, "9" * 400, "a\nb", "No", "Biaya", "true\0", "%s%n", "${jndi}", "'", '"', ";", "\t",
)  # fmt: skip


# ---- what is mutated ---- #


@cache
def _grid() -> Sequence[Sequence[object]]:
    """The values of Rencana Kerja in the filled template."""
    return CalamineWorkbook.from_filelike(BytesIO(zipped(filled()))).get_sheet_by_name(_SHEET).to_python()


@cache
def _parts() -> Mapping[str, Members]:
    """The bases that are zips, by name, as their members."""
    plan = formats.content("".join(formats.row(*(formats.cell(str(cell)) for cell in row)) for row in _grid()))
    made = {"xlsx": zipped(filled()), "ods": formats.ods(plan.replace("&", "&amp;")), "xlsb": _xlsb()}
    return {name: _members(data) for name, data in made.items()}


@cache
def _whole() -> Mapping[str, bytes]:
    """The bases that are no zips of parts, by name."""
    lines = [";".join(str(cell).replace("\n", " ") for cell in row) for row in _grid()]
    book = zipped(filled())
    letter = mails.mail(mails.part(book, "usulan.xlsx"), mails.part(book[:500], "rusak.xlsx"))
    return {
        "csv": "\r\n".join(lines).encode(),
        "xls": _xls(),
        "eml": letter,
        "mbox": mails.mbox(letter, letter),
        "zip": mails.archive({"usulan.xlsx": book, "dalam.zip": mails.archive({"a/b.xlsx": book})}),
    }


def _xls() -> bytes:
    texts: list[str] = []
    cells = []
    for row, line in enumerate(_grid()):
        for column, value in enumerate(line):
            if isinstance(value, float):
                cells.append(formats.number8(row, column, value))
            elif value != "":
                cells.append(formats.cell8(0x00FD, row, column, struct.pack("<I", len(texts))))
                texts.append(str(value)[:200])
    return formats.xls(*cells, before=formats.strings8(*map(formats.text8, texts)))


def _xlsb() -> bytes:
    records = []
    for row, line in enumerate(_grid()):
        records.append(formats.row12(row))
        for column, value in enumerate(line):
            if isinstance(value, float):
                records.append(formats.cell12(5, column, struct.pack("<d", value)))
            elif value != "":
                records.append(formats.cell12(6, column, formats.text12(str(value))))
    return formats.xlsb(*records)


def _members(data: bytes) -> Members:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ---- one part ---- #


def _retag(dice: Dice, part: bytes) -> bytes:
    """A tag doubled, left out, moved, or put into another's place."""
    tags = list(_TAG.finditer(part))
    if not tags:
        return _flip(dice, part)
    one, other = dice.choice(tags), dice.choice(tags)
    new = dice.choice([b"", one[0] * 2, other[0], one[0] * dice.choice([3, 400]), one[0].lower(), one[0][:-1]])
    return part[: one.start()] + new + part[one.end() :]


def _respell(dice: Dice, part: bytes) -> bytes:
    """One spelling of XML exchanged for another, everywhere."""
    old, new = dice.choice([
        (b'"', b"'"), (b"=", b" = "), (b"<c ", b"<c\n"), (b"<c ", b"<x:c "), (b"</c>", b"</x:c>"), (b"<row", b"<x:row"),
        (b"<v>", b"<v xml:space='preserve'>"), (b"<v>", b"<v><![CDATA["), (b"UTF-8", b"UTF-16"), (b"xmlns", b"xmlnt"),
        (b"<sheetData>", b"<!-- <sheetData> --><sheetData>"), (b't="s"', b't="str"'), (b't="s"', b""),
        (b' r="', b' q="'), (b"<sheetData>", b"<sheetData/><sheetData>"), (b"main", b"strict"), (b"rId", b"rid"),
        (b"\n", b"\r\n"),
    ])  # fmt: skip
    return part.replace(old, new) if dice.random() < 0.7 else part.replace(old, new, 1)


def _value(dice: Dice, part: bytes) -> bytes:
    """One to many texts between tags turned into something nasty."""
    kind = _VALUE if dice.random() < _TAME else _TEXT
    return _exchanged(dice, part, list(kind.finditer(part)))


def _attribute(dice: Dice, part: bytes) -> bytes:
    """One to many values of attributes turned into something nasty."""
    found = list(_ATTRIBUTE.finditer(part))
    return _exchanged(dice, part, [match for match in found if match[1] != b"xmlns"] or found, group=2)


def _exchanged(dice: Dice, part: bytes, found: list[re.Match[bytes]], group: int = 1) -> bytes:
    chosen = dice.sample(found, min(len(found), dice.choice([1, 1, 3, 40])))
    for match in sorted(chosen, key=re.Match.start, reverse=True):
        nasty = dice.choice(NASTY)
        nasty = escape(nasty) if dice.random() < _TAME else nasty
        part = part[: match.start(group)] + nasty.encode() + part[match.end(group) :]
    return part


def _rows(dice: Dice, part: bytes) -> bytes:
    """Rows of a sheet shuffled, doubled or left out."""
    head, *rows = part.split(b"<row ")
    if len(rows) < 2:
        return _retag(dice, part)
    kind = dice.randrange(3)
    if kind == 0:
        dice.shuffle(rows)
    elif kind == 1:
        rows.insert(dice.randrange(len(rows)), dice.choice(rows))
    else:
        del rows[dice.randrange(len(rows) - 1)]
    return b"<row ".join([head, *rows])


def _flip(dice: Dice, part: bytes) -> bytes:
    """Some bytes changed."""
    if not part:
        return bytes(dice.randrange(99))
    changed = bytearray(part)
    for _ in range(dice.choice([1, 1, 4, 60])):
        at = dice.randrange(len(changed))
        changed[at] = dice.choice([0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256), changed[at] ^ 1 << dice.randrange(8)])
    return bytes(changed)


def _number(dice: Dice, part: bytes) -> bytes:
    """A number of two, four or eight bytes overwritten by one at some limit."""
    size, limits = dice.choice([("H", (0, 0x7FFF, 0xFFFF)), ("I", (0, 0x7FFFFFFF, 0xFFFFFFFF)), ("Q", (0, 1 << 40))])
    room = len(part) - struct.calcsize(size)
    if room < 1:
        return _flip(dice, part)
    changed = bytearray(part)
    struct.pack_into(f"<{size}", changed, dice.randrange(room), dice.choice(limits))
    return bytes(changed)


def _cut(dice: Dice, part: bytes) -> bytes:
    return part[: dice.randrange(len(part) + 1)]


def _swap(dice: Dice, part: bytes) -> bytes:
    """Two pieces of the same length in each other's place, one piece doubled, or one left out."""
    size = dice.randrange(1, 1 + min(2000, len(part) // 3 + 1))
    one, other = sorted(dice.randrange(len(part) + 1) for _ in range(2))
    first, last = part[one : one + size], part[other : other + size]
    kind = dice.randrange(3)
    if kind == 0:
        return part[:one] + last + part[one + size : other] + first + part[other + size :]
    return part[:other] + (first if kind == 1 else b"") + part[other + (0 if kind == 1 else size) :]


_XML = (_retag, _respell, *[_value] * 5, *[_attribute] * 4, _rows, _rows, _flip, _cut, _swap)
_BYTES = (_flip, _number, _number, _cut, _swap)


# ---- the whole file ---- #


def _within(dice: Dice, members: Members) -> None:
    """One part changed; those that are read are chosen more often."""
    often = [name for name in members if name.endswith(_OFTEN)]
    name = dice.choice([*members, *often * 4])
    kinds = _XML if members[name].lstrip()[:1] == b"<" else _BYTES
    members[name] = dice.choice(kinds)(dice, members[name])


def _among(dice: Dice, members: Members) -> None:
    """A part left out, renamed, doubled, or put into another's place, perhaps from another format."""
    names = list(members)
    one, other = dice.choice(names), dice.choice(names)
    kind = dice.randrange(5)
    if kind == 0 and len(members) > 1:
        del members[one]
    elif kind == 1:
        members[one + dice.choice(["", "x", ".bak", "/../a"])] = members.pop(one)
    elif kind == 2:
        members[one.upper()] = members[other]
    elif kind == 3:
        members[one] = members[other]
    else:
        members |= dict([dice.choice(list(_parts()[dice.choice(list(_parts()))].items()))])


def mutated(seed: int) -> tuple[str, bytes]:
    """The file of a seed: the name of its base, and its bytes."""
    dice = random.Random(seed)
    kinds = {**_parts(), **_whole()}
    base = dice.choice(["xlsx"] * 12 + list(kinds))
    count = dice.choice([1, 1, 2, 4])
    if base not in _parts():
        data = _whole()[base]
        for _ in range(count):
            data = dice.choice(_BYTES if base != "csv" else (*_BYTES, _line, _line, _line))(dice, data)
        return base, data
    code = f"F-{seed:06}".encode()  # a partner of its own, so that it is no version of another
    members = {name: part.replace(CODE, code) for name, part in _parts()[base].items()}
    for _ in range(count):
        dice.choice(_CHANGES)(dice, members)
    data = zipped(members)
    return base, dice.choice(_BYTES)(dice, data) if dice.random() < 0.08 else data


def _line(dice: Dice, text: bytes) -> bytes:
    """A field of a line turned into something nasty."""
    lines = [line.split(b";") for line in text.split(b"\r\n")]
    line = dice.choice(lines)
    line[dice.randrange(len(line))] = dice.choice(NASTY).encode()
    return b"\r\n".join(b";".join(line) for line in lines)


_CHANGES: tuple[Callable[[Dice, Members], None], ...] = (*[_within] * 9, _among)
