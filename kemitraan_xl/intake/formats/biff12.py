"""The binary workbook of today's Excel (.xlsb): its parts record by record, into cells and facts.

Own code, because python-calamine drops error cells and comes to grief over damaged files of this format. A record
that is shorter than it must be raises struct.error or IndexError. Standard library only.
"""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from kemitraan_xl.intake.formats.biff import rk
from kemitraan_xl.intake.formats.biff_records import MAX_RECORDS
from kemitraan_xl.intake.formats.plain import REACHING_NAME, Book, Page
from kemitraan_xl.intake.gate.container import Container, open_container
from kemitraan_xl.intake.gate.features import features_of
from kemitraan_xl.intake.gate.package import CONTENT_TYPES, PROPERTIES, saved, sheet_parts
from kemitraan_xl.intake.refusal import Refused

WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_STRINGS, _STYLES, _COMMENTS = "xl/sharedStrings.bin", "xl/styles.bin", "xl/comments"
MAX_PART = 64 << 20  #: bytes of one part
_STATES = ("visible", "hidden", "veryHidden")
_NOTHING = 0xFFFFFFFF  #: the length of a text that is not there

_BOOK_PROPERTIES, _SHEET, _NAME = 153, 156, 39
_FORMAT, _CELL_FORMATS, _CELL_FORMATS_END, _CELL_FORMAT = 44, 617, 618, 47
_STRING, _COMMENT_TEXT = 19, 637
_ROW, _COLUMNS, _MERGE = 0, 60, 176
_FIRST_SHORT, _LAST_SHORT, _SHORTER = 12, 18, 11  #: cells that stand right of the one before, and their usual kind
_HIDDEN_ROW, _HIDDEN_COLUMN, _DIRTY = 0x10, 0x01, 0x02  #: flags

_U16, _U32, _DOUBLE = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d")


def read_xlsb(data: bytes) -> Book:
    """The workbook. Raises Refused."""
    return _Workbook(open_container(data)).read()


class _Workbook:
    """What is said of the whole workbook."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.left = MAX_RECORDS
        self.book = Book()
        self.codes: dict[int, str] = {}  #: number formats that are spelled out
        self.forms: list[int] = []  #: the number format of every cell format
        self.strings: list[str] = []

    def read(self) -> Book:
        book, container = self.book, self.container
        book.features |= features_of("\n".join(container.names).encode() + container.xml(CONTENT_TYPES))
        book.modified = saved(container.xml(PROPERTIES))
        self.strings = [_text(body, 1) for body in self._found(_STRINGS, _STRING)]
        self._read_styles()
        self._read_sheets()
        for name in container.names:
            if name.startswith(_COMMENTS) and name.endswith(".bin"):
                for body in self._found(name, _COMMENT_TEXT):
                    book.comment(_text(body, 1))
        return book

    def _found(self, part: str, wanted: int) -> Iterator[bytes]:
        return (body for kind, body in self.records(part) if kind == wanted)

    def _read_sheets(self) -> None:
        try:
            parts = sheet_parts(self.container.xml(_RELATIONS))
        except ET.ParseError:
            raise Refused("damaged") from None
        for kind, body in self.records(WORKBOOK):
            if kind == _BOOK_PROPERTIES:
                self.book.date1904 = bool(body[0] & 1)
            elif kind == _NAME and REACHING_NAME.search(_text(body, 9)):  # newer functions are called by a name
                self.book.features.add("reaching")
            elif kind == _SHEET:
                relation, place = _text_and_end(body, 8)
                if relation in parts:
                    page = self.book.page(_text(body, place), _STATES[min(_U32.unpack_from(body)[0], 2)])
                    _Sheet(self, page).read(parts[relation])

    def form(self, number: int) -> str | int:
        form = self.forms[number] if number < len(self.forms) else 0
        return self.codes.get(form, form)

    def records(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The records of a part: a kind of one or two bytes, a length of up to four, seven bits in each."""
        if self.container.size(name) > MAX_PART:
            raise Refused("bomb", f"bagian lebih dari {MAX_PART >> 20} MiB")
        part = self.container.read(name)
        place, end = 0, len(part)
        while place < end:
            self.left -= 1
            if self.left < 0:
                raise Refused("bomb", f"lebih dari {MAX_RECORDS} rekaman")
            kind, place = _number(part, place, 2)
            size, place = _number(part, place, 4)
            if place + size > end:
                raise Refused("damaged")
            yield kind, part[place : place + size]
            place += size

    def _read_styles(self) -> None:
        of_cells = False
        for kind, body in self.records(_STYLES):
            if kind == _FORMAT:
                (number,) = _U16.unpack_from(body)
                self.codes[number] = _text(body, 2)
            elif kind in (_CELL_FORMATS, _CELL_FORMATS_END):
                of_cells = kind == _CELL_FORMATS
            elif kind == _CELL_FORMAT and of_cells:
                self.forms += _U16.unpack_from(body, 2)


def _number(part: bytes, place: int, most: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 7 * most, 7):
        byte = part[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, place


def _text(body: bytes, place: int) -> str:
    return _text_and_end(body, place)[0]


def _text_and_end(body: bytes, place: int) -> tuple[str, int]:
    (count,) = _U32.unpack_from(body, place)
    place += 4
    if count == _NOTHING:
        return "", place
    end = place + 2 * count
    if end > len(body):
        raise Refused("damaged")
    return body[place:end].decode("utf-16-le", "replace"), end


class _Sheet:
    """The cells of one sheet."""

    def __init__(self, book: _Workbook, page: Page) -> None:
        self.book = book
        self.page = page
        self.row = 0
        self.column = -1

    def read(self, part: str) -> None:
        for kind, body in self.book.records(part):
            if kind == _ROW:
                self._row(body)
            elif kind in _CELLS:
                (self.column,) = _U32.unpack_from(body)
                self._cell(kind, body[4:])
            elif _FIRST_SHORT <= kind <= _LAST_SHORT:
                self.column += 1
                self._cell(kind - _SHORTER, body)
            elif kind == _COLUMNS:
                first, last = struct.unpack_from("<2I", body)
                if body[16] & _HIDDEN_COLUMN:
                    self.page.hide_columns(first, last)
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                self.page.merge(top, left, bottom, right)

    def _row(self, body: bytes) -> None:
        (self.row,) = _U32.unpack_from(body)
        self.column = -1
        if body[11] & _HIDDEN_ROW:
            self.page.hidden_rows.add(self.row)

    def _cell(self, kind: int, body: bytes) -> None:
        """`body` from the cell format on: three bytes and a flag, then the value."""
        form = self.book.form(int.from_bytes(body[:3], "little"))
        _CELLS[kind](self, form, body[4:])

    # ---- cells: number format, value ---- #

    def blank(self, form: str | int, body: bytes) -> None:
        """Dress without content."""

    def packed(self, form: str | int, body: bytes) -> None:
        self.page.number(self.row, self.column, rk(_U32.unpack_from(body)[0]), form)

    def error(self, _form: str | int, body: bytes) -> None:
        self.page.error(self.row, self.column, body[0])

    def truth(self, _form: str | int, body: bytes) -> None:
        self.page.truth(self.row, self.column, bool(body[0]))

    def number(self, form: str | int, body: bytes) -> None:
        self.page.number(self.row, self.column, _DOUBLE.unpack_from(body)[0], form)

    def own_text(self, _form: str | int, body: bytes) -> None:
        self.page.text(self.row, self.column, _text(body, 0))

    def rich_text(self, _form: str | int, body: bytes) -> None:
        self.page.text(self.row, self.column, _text(body, 1))

    def shared_text(self, _form: str | int, body: bytes) -> None:
        (number,) = _U32.unpack_from(body)
        self.page.text(self.row, self.column, self.book.strings[number])

    def text_result(self, _form: str | int, body: bytes) -> None:
        """A formula due to be calculated that is nothing has no result."""
        text, end = _text_and_end(body, 0)
        if not text and body[end] & _DIRTY:
            self.page.uncalculated(self.row, self.column)
        else:
            self.page.text(self.row, self.column, text)

    def number_result(self, form: str | int, body: bytes) -> None:
        (value,) = _DOUBLE.unpack_from(body)
        if not value and body[_DOUBLE.size] & _DIRTY:
            self.page.uncalculated(self.row, self.column)
        else:
            self.page.number(self.row, self.column, value, form)


_CELLS = {
    1: _Sheet.blank,
    2: _Sheet.packed,
    3: _Sheet.error,
    4: _Sheet.truth,
    5: _Sheet.number,
    6: _Sheet.own_text,
    7: _Sheet.shared_text,
    8: _Sheet.text_result,
    9: _Sheet.number_result,
    10: _Sheet.truth,
    11: _Sheet.error,
    62: _Sheet.rich_text,
}
