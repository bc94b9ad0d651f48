"""Makes the files that are measured: proposals as partners return them, on the project's own template.

    python benchmarks/kiriman.py FOLDER FIRST END        proposals of these numbers, about 40 kB each
    python benchmarks/kiriman.py FILE.xlsx ROWS          one proposal whose Rencana Kerja has that many rows

The proposals are copies of a few different ones, each with a partner's name and code of its own.
"""

from __future__ import annotations

import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from kemitraan_xl.book.template import build_template
from kemitraan_xl.contoh.proposal import partners, proposal

TODAY = date(2026, 11, 24)
BASES = 10  #: different proposals
NAME, CODE = b"@NAMA@", b"@KODE@"
PLAN = "xl/worksheets/sheet4.xml"  #: Rencana Kerja
FILLED = re.compile(rb'<row r="(\d+)"[^>]*><c r="A\d+" s="\d+"><v>\d+</v></c><c r="B\d+" s="(\d+)" t="s">.*?</row>')

Parts = dict[str, bytes]


def base(number: int) -> Parts:
    """The parts of one of the different proposals, with marks where the partner's name and code belong."""
    values, _ = proposal(partners()[number], TODAY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dasar.xlsx")
        build_template("usulan", path, mitra=NAME.decode(), kode=CODE.decode(), prefill=values, per_tanggal=TODAY)
        with zipfile.ZipFile(path) as book:
            return {member: book.read(member) for member in book.namelist()}


def write(path: Path, parts: Parts, number: int) -> None:
    """One proposal of a partner of its own; equal arguments give equal bytes."""
    with zipfile.ZipFile(path, "w") as target:
        for member, part in parts.items():
            entry = zipfile.ZipInfo(member, (TODAY.year, TODAY.month, TODAY.day, 0, 0, 0))
            part = part.replace(NAME, b"Lembaga Rekaan %05d" % number).replace(CODE, b"B-%05d" % number)
            target.writestr(entry, part, zipfile.ZIP_DEFLATED)


def write_many(folder: Path, numbers: range) -> None:
    """A proposal for every number; two processes make them."""
    with ProcessPoolExecutor(2) as pool:
        bases = list(pool.map(base, range(BASES)))
        paths = [folder / f"u{number:05d}.xlsx" for number in numbers]
        list(pool.map(write, paths, (bases[number % BASES] for number in numbers), numbers, chunksize=50))


def write_large(path: Path, rows: int) -> None:
    """A proposal whose Rencana Kerja has `rows` rows: the filled ones over and over, each programme named anew."""
    parts = base(0)
    sheet = parts[PLAN]
    filled = list(FILLED.finditer(sheet))
    first = int(filled[0][1])
    head, tail = sheet[: filled[0].start()], sheet[sheet.index(b"</sheetData>") :]
    parts[PLAN] = b"".join([head, *_rows(filled, first, rows), tail])
    write(path, parts, 0)


def _rows(filled: list[re.Match[bytes]], first: int, count: int) -> Iterator[bytes]:
    """The text of the rows; XML has no other way to say which row a cell is in than in each of them."""
    patterns = []
    for row in filled:
        text = re.sub(rb'(<row r="|<c r="[A-Z]+)%s"' % row[1], rb'\g<1>%(row)d"', row[0].replace(b"%", b"%%"))
        text = re.sub(rb"<v>\d+</v>", b"<v>%(number)d</v>", text, count=1)
        name = b'<c r="B%%(row)d" s="%s" t="inlineStr"><is><t>Program %%(number)d</t></is></c>' % row[2]
        patterns.append(re.sub(rb'<c r="B.*?</c>', name.replace(b"\\", rb"\\"), text, count=1))
    for number in range(count):
        yield patterns[number % len(patterns)] % {b"row": first + number, b"number": number + 1}


if __name__ == "__main__":
    where = Path(sys.argv[1])
    if where.suffix == ".xlsx":
        write_large(where, int(sys.argv[2]))
    else:
        write_many(where, range(int(sys.argv[2]), int(sys.argv[3])))
