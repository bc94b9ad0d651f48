"""A workbook of another format on its way to a plain .xlsx: what each sheet holds, and the one writer of it.

Every translator fills a `Book`; what one file may ask of memory and time is held to limits here, once for all of
them. Rows and columns are counted from 0, as the old formats do.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from html import escape

from kemitraan_xl.intake.gate.container import pack
from kemitraan_xl.intake.gate.package import (
    COMMENTS,
    CONTENT_TYPES,
    MAIN,
    PROPERTIES,
    STRINGS,
    STYLES,
    frame,
    part_name,
)
from kemitraan_xl.intake.gate.sheetscan import MAX_COLUMNS, MAX_MERGES, MAX_ROWS, MAX_TEXT
from kemitraan_xl.intake.reading.locate import letters
from kemitraan_xl.intake.refusal import Refused

MAX_CELLS = 200_000  #: cells with content; a full return has some ten thousand
MAX_SHEETS = 255

#: Number formats; a built-in one goes by its number.
MOMENT, DURATION = "yyyy\\-mm\\-dd\\ hh:mm:ss", "[h]:mm:ss"
#: What Excel calls its errors, by the code of the binary formats.
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_UNKNOWN_ERROR = "#N/A"
_LAST_DAY = 1e7  #: serial numbers from here on are no days; the last of 9999 is 2,958,465

#: Functions that ask the web or another program: in a formula, and by the name that newer ones go by in binary files.
REACHING = re.compile(r"\b(?:WEBSERVICE|RTD|IMAGE|DDE)\(", re.IGNORECASE)
REACHING_NAME = re.compile(r"_xlfn\.(?:\w+\.)?(?:WEBSERVICE|IMAGE)\b", re.IGNORECASE)

#: What XML cannot hold as it is, and what a reader would take for an escape of such a character.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_NO_LETTER = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLE = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_TERMS = "http://purl.org/dc/terms/"


class Book:
    """One workbook as a translator finds it."""

    def __init__(self, *, date1904: bool = False) -> None:
        self.date1904 = date1904
        self.pages: list[Page] = []
        self.features: set[str] = set()  #: as the guard calls them
        self.modified = ""  #: when it was last saved (ISO text)
        self._comments: list[str] = []
        self._texts: dict[str, int] = {}
        self._forms: dict[str | int, int] = {0: 0}
        self._cells = self._size = 0

    def page(self, title: str, state: str = "visible") -> Page:
        """One more sheet."""
        if len(self.pages) == MAX_SHEETS:
            raise Refused("bomb", f"lebih dari {MAX_SHEETS} lembar")
        self.pages.append(Page(self, title, state))
        return self.pages[-1]

    def room_for(self, cells: int = 0, characters: int = 0) -> None:
        """Refused when the workbook grows too large with these; ask before they are made."""
        self._cells += cells
        self._size += characters
        if self._cells > MAX_CELLS:
            raise Refused("bomb", f"lebih dari {MAX_CELLS} sel")
        if self._size > MAX_TEXT:
            raise Refused("bomb", f"teks lebih dari {MAX_TEXT >> 20} MiB")

    def text(self, text: str) -> int:
        """The number of a text, which is kept once."""
        number = self._texts.get(text)
        if number is None:
            self.room_for(characters=len(text))
            number = self._texts[text] = len(self._texts)
        return number

    def comment(self, text: str) -> None:
        """A note beside a cell."""
        self.room_for(characters=len(text))
        self._comments.append(text)

    def form(self, form: str | int) -> int:
        """The number of a number format."""
        return self._forms.setdefault(form, len(self._forms))

    def xlsx(self) -> bytes:
        """The whole workbook as a plain .xlsx."""
        titles = tuple(_NOT_IN_TITLE.sub("\ufffd", page.title) for page in self.pages)
        parts = dict(frame(titles, self.date1904, tuple(page.state for page in self.pages)))
        parts |= {part_name(number): page.part() for number, page in enumerate(self.pages, start=1)}
        parts[STYLES] = self._styles()
        parts[STRINGS] = f'<sst xmlns="{MAIN}">{"".join(map(_item, self._texts))}</sst>'.encode()
        if self.modified:
            saved = f"<dcterms:modified>{escape(self.modified)}</dcterms:modified>"
            parts[PROPERTIES] = f'<properties xmlns:dcterms="{_TERMS}">{saved}</properties>'.encode()
        if self._comments:
            listed = "".join(f"<comment><text><t>{_escaped(text)}</t></text></comment>" for text in self._comments)
            parts[COMMENTS] = f'<comments xmlns="{MAIN}">{listed}</comments>'.encode()
            override = f'<Override PartName="/{COMMENTS}" ContentType="{_COMMENT_TYPE}"/></Types>'.encode()
            parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"/>", b">") + override
        return pack(parts.items())

    def _styles(self) -> bytes:
        custom = {form: 200 + number for form, number in self._forms.items() if isinstance(form, str)}
        codes = "".join(f'<numFmt numFmtId="{n}" formatCode="{_escaped(form)}"/>' for form, n in custom.items())
        used = "".join(f'<xf numFmtId="{form if isinstance(form, int) else custom[form]}"/>' for form in self._forms)
        return f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'.encode()


class Page:
    """One sheet. A cell put a second time takes the place of the first, as in the programs that read such files."""

    def __init__(self, book: Book, title: str, state: str) -> None:
        self.title = title
        self.state = state
        self.hidden_rows: set[int] = set()
        self._book = book
        self._merges: list[str] = []
        self._columns: list[str] = []
        self._rows: defaultdict[int, dict[int, str]] = defaultdict(dict)

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        return self._book.date1904

    def number(self, row: int, column: int, value: float, form: str | int = 0) -> None:
        """A number, or a day as its serial number with the format of a date."""
        if math.isfinite(value):
            dress = self._book.form(form if abs(value) < _LAST_DAY else 0)  # calamine panics over a day without end
            self._put(row, column, f' s="{dress}"><v>{value!r}</v></c>')
        else:
            self.error(row, column, "#NUM!")

    def text(self, row: int, column: int, value: str) -> None:
        """A text that stays text; an empty one is a blank cell."""
        if value:
            self._put(row, column, f' t="s"><v>{self._book.text(value)}</v></c>')

    def truth(self, row: int, column: int, value: bool) -> None:
        """A logical value."""
        self._put(row, column, f' t="b"><v>{value:d}</v></c>')

    def error(self, row: int, column: int, code: int | str) -> None:
        """An error, by its name or by its code in the binary formats."""
        name = code if isinstance(code, str) else ERRORS.get(code, _UNKNOWN_ERROR)
        self._put(row, column, f' t="e"><v>{_escaped(name)}</v></c>')

    def uncalculated(self, row: int, column: int) -> None:
        """A formula that was saved without a result."""
        self._put(row, column, "><f>0</f></c>")

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Joined cells."""
        self._check(max(top, bottom), max(left, right))
        self._merges.append(f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}")
        if len(self._merges) > MAX_MERGES:
            raise Refused("unsafe", "terlalu banyak sel gabungan")

    def hide_columns(self, first: int, last: int) -> None:
        """A run of hidden columns."""
        self._columns.append(f'<col min="{first + 1}" max="{min(last + 1, MAX_COLUMNS)}" hidden="1"/>')
        if len(self._columns) > MAX_COLUMNS:
            raise Refused("unsafe", "kolom di luar lembar")

    def _check(self, row: int, column: int) -> None:
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise Refused("unsafe", "sel di luar lembar")

    def _put(self, row: int, column: int, rest: str) -> None:
        self._check(row, column)
        self._book.room_for(cells=1)
        self._rows[row][column] = rest

    def part(self) -> bytes:
        """The sheet as XML. Of hidden rows only those with content matter."""
        columns = "".join(self._columns)
        rows = (self._row(row, self._rows[row]) for row in sorted(self._rows))
        merges = "".join(f'<mergeCell ref="{area}"/>' for area in self._merges)
        return (
            f'<worksheet xmlns="{MAIN}">{columns and f"<cols>{columns}</cols>"}<sheetData>{"".join(rows)}</sheetData>'
            f"{merges and f'<mergeCells>{merges}</mergeCells>'}</worksheet>"
        ).encode()

    def _row(self, row: int, cells: dict[int, str]) -> str:
        hidden = ' hidden="1"' if row in self.hidden_rows else ""
        content = "".join(f'<c r="{letters(column)}{row + 1}"{cells[column]}' for column in sorted(cells))
        return f'<row r="{row + 1}"{hidden}>{content}</row>'


def _item(text: str) -> str:
    return f'<si><t xml:space="preserve">{_escaped(text)}</t></si>'


def _escaped(text: str) -> str:
    text = escape(_NO_LETTER.sub("\ufffd", text))
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
