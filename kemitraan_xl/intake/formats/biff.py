"""The old binary workbook, as Excel 97 to 2003 saves it (.xls): record by record, into cells and facts.

Own code, because python-calamine drops error cells and comes to grief over damaged files of this format. A record
that is shorter than it must be raises struct.error or IndexError. Standard library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from kemitraan_xl.intake.formats.biff_records import Blocks, Records, Texts, short_text, text
from kemitraan_xl.intake.formats.ole import MAGIC, Ole, open_ole
from kemitraan_xl.intake.formats.plain import REACHING_NAME, Book, Page
from kemitraan_xl.intake.refusal import Refused

_STREAM, _OLD_STREAM = "Workbook", "Book"
_VERSION, _PASSWORD = 0x0600, 0x002F
_STATES = ("visible", "hidden", "veryHidden", "hidden")
_SHEET, _MACROS = 0, 1  #: kinds of sheet
_OWN, _ADDED = 0x0401, 0x3A01  #: what stands for its name where a supporting book is this one, or an add-in
_NOWHERE = ("\0", " ")
_NOTE_OBJECT = 0x19
_HIDDEN_ROW, _HIDDEN_COLUMN, _DIRTY = 0x20, 0x01, 0x01  #: flags
#: What a workbook holds besides cells, by the beginning of a storage, and by a record.
_STORAGES = {"_VBA_PROJECT_CUR": "macros", "_SX_DB_CUR": "pivot_caches", "MBD": "embedded_objects"}
_CONTROLS = "Ctls"
_RECORDS = {0x01AD: "query_tables", 0x0803: "connections", 0x0876: "connections"}
_SUMMARY, _SAVED = "\x05SummaryInformation", 13
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

_U16, _DOUBLE = struct.Struct("<H"), struct.Struct("<d")
_CELL, _RK = struct.Struct("<3H"), struct.Struct("<HI")


def read_xls(data: bytes) -> Book:
    """The workbook. Raises Refused."""
    if not data.startswith(MAGIC):
        return _Globals(data).read()
    ole = open_ole(data)
    if _STREAM not in ole.streams and _OLD_STREAM in ole.streams:
        raise Refused("format", ".xls dari Excel 95 atau sebelumnya")
    book = _Globals(ole.read(_STREAM)).read()
    book.features |= {name for path in ole.storages for start, name in _STORAGES.items() if path.startswith(start)}
    if _CONTROLS in ole.streams:
        book.features.add("activex")
    book.modified = _saved(ole)
    return book


def rk(packed: int) -> float:
    """A number as both binary formats pack it into four bytes."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        (number,) = _DOUBLE.unpack(struct.pack("<Q", (packed & ~3) << 32))
    return number / 100 if packed & 1 else number


def _saved(ole: Ole) -> str:
    """When the file says that it was last saved."""
    content = ole.read(_SUMMARY)
    try:
        (start,) = struct.unpack_from("<I", content, 44)
        (count,) = struct.unpack_from("<I", content, start + 4)
        entries = dict(struct.iter_unpack("<2I", content[start + 8 : start + 8 + 8 * min(count, len(content) // 8)]))
        kind, ticks = struct.unpack_from("<IQ", content, start + entries[_SAVED])
        moment = _EPOCH + timedelta(microseconds=ticks // 10)
    except (struct.error, KeyError, OverflowError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if kind == 64 and ticks else ""


class _Globals:
    """What is said of the whole workbook, before its sheets."""

    def __init__(self, stream: bytes) -> None:
        self.book = Book()
        self.records = Records(stream)
        self.sheets: list[tuple[int, Page]] = []
        self.codes: dict[int, str] = {}  #: number formats that are spelled out
        self.forms: list[int] = []  #: the number format of every cell format
        self.strings: list[str] = []

    def read(self) -> Book:
        for kind, blocks in self.records.part(0):
            if kind == _PASSWORD:  # from here on nothing can be read
                raise Refused("encrypted")
            if kind in _GLOBALS:
                _GLOBALS[kind](self, blocks)
            elif kind in _RECORDS:
                self.book.features.add(_RECORDS[kind])
        if len({start for start, _ in self.sheets}) < len(self.sheets):
            raise Refused("unsafe", "lembar bertumpuk")
        for start, page in self.sheets:
            _Sheet(self, page).read(self.records.part(start))
        return self.book

    def form(self, number: int) -> str | int:
        form = self.forms[number] if number < len(self.forms) else 0
        return self.codes.get(form, form)

    def begin(self, blocks: Blocks) -> None:
        if _U16.unpack_from(blocks[0]) != (_VERSION,):
            raise Refused("format", ".xls dari Excel 95 atau sebelumnya")

    def dates(self, blocks: Blocks) -> None:
        self.book.date1904 = _U16.unpack_from(blocks[0]) == (1,)

    def code(self, blocks: Blocks) -> None:
        (number,) = _U16.unpack_from(blocks[0])
        self.codes[number] = text(blocks, 2)

    def cell_format(self, blocks: Blocks) -> None:
        self.forms += _U16.unpack_from(blocks[0], 2)

    def sheet(self, blocks: Blocks) -> None:
        start, state, kind = struct.unpack_from("<I2B", blocks[0])
        if kind == _SHEET:
            self.sheets.append((start, self.book.page(short_text(blocks[0], 6), _STATES[state & 3])))
        elif kind == _MACROS:
            self.book.features.add("macro_sheets")

    def texts(self, blocks: Blocks) -> None:
        (count,) = struct.unpack_from("<I", blocks[0], 4)
        texts = Texts(blocks, 8)
        for _ in range(count):
            self.records.spend()
            self.strings.append(texts.next())

    def name(self, blocks: Blocks) -> None:
        """A function newer than the format is called by a name."""
        if REACHING_NAME.search(blocks[0].replace(b"\0", b"").decode("latin-1")):
            self.book.features.add("reaching")

    def supporting(self, blocks: Blocks) -> None:
        (length,) = _U16.unpack_from(blocks[0], 2)
        if length not in (_OWN, _ADDED) and text(blocks, 2) not in _NOWHERE:
            self.book.features.add("external_links")


_GLOBALS = {
    0x0809: _Globals.begin,
    0x0022: _Globals.dates,
    0x041E: _Globals.code,
    0x00E0: _Globals.cell_format,
    0x0085: _Globals.sheet,
    0x00FC: _Globals.texts,
    0x01AE: _Globals.supporting,
    0x0018: _Globals.name,
    0x0023: _Globals.name,
}


class _Sheet:
    """The cells of one sheet."""

    def __init__(self, book: _Globals, page: Page) -> None:
        self.book = book
        self.page = page
        self.waiting: tuple[int, int] | None = None  #: the cell of a formula whose text comes next
        self.object = 0  #: kind of the drawn thing whose text comes next

    def read(self, records: Iterable[tuple[int, Blocks]]) -> None:
        for kind, blocks in records:
            if kind in _CELLS:
                row, column, form = _CELL.unpack_from(blocks[0])
                _CELLS[kind](self, row, column, form, blocks)
            elif kind in _FACTS:
                _FACTS[kind](self, blocks)
            elif kind in _RECORDS:
                self.book.book.features.add(_RECORDS[kind])

    # ---- cells: row, column, cell format, the record ---- #

    def number(self, row: int, column: int, form: int, blocks: Blocks) -> None:
        self.page.number(row, column, _DOUBLE.unpack_from(blocks[0], 6)[0], self.book.form(form))

    def packed(self, row: int, column: int, form: int, blocks: Blocks) -> None:
        self.page.number(row, column, rk(struct.unpack_from("<I", blocks[0], 6)[0]), self.book.form(form))

    def packed_row(self, row: int, column: int, _form: int, blocks: Blocks) -> None:
        cells = blocks[0][4:-2]
        for place, (form, packed) in enumerate(_RK.iter_unpack(cells[: len(cells) // 6 * 6]), start=column):
            self.page.number(row, place, rk(packed), self.book.form(form))

    def shared_text(self, row: int, column: int, _form: int, blocks: Blocks) -> None:
        (number,) = struct.unpack_from("<I", blocks[0], 6)
        self.page.text(row, column, self.book.strings[number])

    def own_text(self, row: int, column: int, _form: int, blocks: Blocks) -> None:
        self.page.text(row, column, text(blocks, 6))

    def truth_or_error(self, row: int, column: int, _form: int, blocks: Blocks) -> None:
        value, is_error = blocks[0][6], blocks[0][7]
        if is_error:
            self.page.error(row, column, value)
        else:
            self.page.truth(row, column, bool(value))

    def formula(self, row: int, column: int, form: int, blocks: Blocks) -> None:
        """A result: a number, or what the last two bytes say. One due to be calculated that is nothing is none."""
        result, flags = blocks[0][6:14], blocks[0][14]
        kind = result[0] if result[6:] == b"\xff\xff" else -1
        self.waiting = (row, column) if kind == 0 else None
        if kind == 1:
            self.page.truth(row, column, bool(result[2]))
        elif kind == 2:
            self.page.error(row, column, result[2])
        elif flags & _DIRTY and (kind == 3 or result == bytes(8)):
            self.page.uncalculated(row, column)
        elif kind < 0:
            self.page.number(row, column, _DOUBLE.unpack(result)[0], self.book.form(form))

    # ---- what is around them ---- #

    def result(self, blocks: Blocks) -> None:
        if self.waiting:
            row, column = self.waiting
            self.page.text(row, column, text(blocks))
        self.waiting = None

    def row(self, blocks: Blocks) -> None:
        if blocks[0][12] & _HIDDEN_ROW:
            self.page.hidden_rows.update(_U16.unpack_from(blocks[0]))

    def columns(self, blocks: Blocks) -> None:
        first, last, _, _, flags = struct.unpack_from("<5H", blocks[0])
        if flags & _HIDDEN_COLUMN:
            self.page.hide_columns(first, last)

    def merges(self, blocks: Blocks) -> None:
        (count,) = _U16.unpack_from(blocks[0])
        for top, bottom, left, right in struct.iter_unpack("<4H", blocks[0][2 : 2 + 8 * count]):
            self.page.merge(top, left, bottom, right)

    def drawn(self, blocks: Blocks) -> None:
        (self.object,) = _U16.unpack_from(blocks[0], 4)

    def drawn_text(self, blocks: Blocks) -> None:
        (count,) = _U16.unpack_from(blocks[0], 10)
        if self.object == _NOTE_OBJECT:
            continued = blocks[1:]
            self.book.book.comment(Texts(continued, 1).letters(count, continued[0][0]) if count else "")
        self.object = 0


_CELLS = {
    0x0203: _Sheet.number,
    0x027E: _Sheet.packed,
    0x00BD: _Sheet.packed_row,
    0x00FD: _Sheet.shared_text,
    0x0204: _Sheet.own_text,
    0x00D6: _Sheet.own_text,
    0x0205: _Sheet.truth_or_error,
    0x0006: _Sheet.formula,
}
_FACTS = {
    0x0207: _Sheet.result,
    0x0208: _Sheet.row,
    0x007D: _Sheet.columns,
    0x00E5: _Sheet.merges,
    0x005D: _Sheet.drawn,
    0x01B6: _Sheet.drawn_text,
}
