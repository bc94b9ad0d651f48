"""One sheet as text, its cells apart by semicolons, commas, tabs or bars (CSV), under whatever name.

Nobody says in such a file how it is written: the letters are told by their mark or their sense, what stands between
the cells by what keeps the rows of one width. Values stay the texts they are, but for plain whole numbers, as a
spreadsheet would have them. Standard library only.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from kemitraan_xl.intake.formats.plain import Book
from kemitraan_xl.intake.gate.sheetscan import MAX_ROWS
from kemitraan_xl.intake.refusal import Refused

TITLE = "CSV"  #: of the one sheet
MAX_PLACES = 2_000_000  #: cells, blank ones among them

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ";\t,|"
_TRIED = 1 << 16  #: characters by which a delimiter is chosen
_TOLD = re.compile(r"sep=([;\t,|])\r?\n", re.IGNORECASE)  #: the first line by which Excel is told
_WHOLE = re.compile(r"-?[1-9]\d{0,14}|0")  #: more digits are no amount but a number of somebody


def read_delimited(data: bytes) -> Book:
    """The sheet. Raises Refused."""
    text = _decoded(data)
    told = _TOLD.match(text)
    delimiter, text = (told[1], text[told.end() :]) if told else (_delimiter(text[:_TRIED]), text)
    if text.count(delimiter) > MAX_PLACES:
        raise Refused("bomb", f"lebih dari {MAX_PLACES} sel")
    book = Book()
    page = book.page(TITLE)
    for row, cells in enumerate(_rows(text, delimiter)):
        if row == MAX_ROWS:
            raise Refused("unsafe", "sel di luar lembar")
        for column, cell in enumerate(cells):
            if _WHOLE.fullmatch(cell):
                page.number(row, column, float(cell))
            else:
                page.text(row, column, cell)
    return book


def _decoded(data: bytes) -> str:
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError:
        if mark:
            raise Refused("damaged") from None
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise Refused("damaged")
    return text


def _delimiter(text: str) -> str:
    """What cuts the most rows into one number of cells, and into the most of them."""
    scores = {delimiter: _score(text, delimiter) for delimiter in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best] == (0, 0):
        raise Refused("foreign", "teks tanpa tabel")
    return best


def _score(text: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(cells) for cells in _rows(text, delimiter) if len(cells) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:  # a quoted cell without end
        raise Refused("unsafe", "isi satu sel") from None
