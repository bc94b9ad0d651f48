"""The workbook of LibreOffice (.ods, and .fods in one piece): streamed through, into cells and facts.

Own code, because what a cell repeats must be counted before it is written out: python-calamine asks for all memory
there is, and drops error cells. Standard library only.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from kemitraan_xl.intake.formats.opendocument_cell import OASIS, OFFICE, TABLE, Attributes, Cell
from kemitraan_xl.intake.formats.plain import MAX_CELLS, REACHING, Book, Page
from kemitraan_xl.intake.gate.container import open_container
from kemitraan_xl.intake.gate.sheetscan import MAX_COLUMNS
from kemitraan_xl.intake.refusal import Refused

MAX_ELEMENTS = 1_000_000  #: of XML; a full return has some ten thousand
MAX_DEPTH = 200
MAX_MANIFEST = 1 << 20  #: bytes

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_TEXT, _DRAW, _STYLE = (f"{OASIS}{name}:1.0 " for name in ("text", "drawing", "style"))
_HIDDEN = ("collapse", "filter")

#: What a workbook holds besides cells, by an element of its content, by the folder of a member, by a media type.
_FEATURES = {
    f"{_DRAW}object-ole": "embedded_objects",
    f"{_DRAW}plugin": "embedded_objects",
    f"{_DRAW}applet": "embedded_objects",
    f"{TABLE}table-source": "external_links",
    f"{TABLE}dde-link": "external_links",
    f"{TABLE}database-source-sql": "connections",
    f"{TABLE}database-source-table": "connections",
    f"{TABLE}database-source-query": "connections",
    f"{TABLE}data-pilot-table": "pivot_caches",
    f"{OASIS}script:1.0 event-listener": "macros",
}
_FOLDERS = {"Basic/": "macros", "Scripts/": "macros"}
_EMBEDDED = re.compile(
    rb'full-path="[^"<>]{,500}[^/"<>]/?"[^<>]{,500}opendocument\.(?:text|spreadsheet|presentation|graphics)"'
)

_SAVED = re.compile(rb"<dc:date>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
_WITHIN = 1 << 16  #: bytes at the beginning of a file in one piece that say when it was saved
_SPACES = re.compile(r"[ \t\r\n]+")


def read_ods(data: bytes) -> Book:
    """The workbook in a zip. Raises Refused."""
    container = open_container(data)
    if container.size(_MANIFEST) > MAX_MANIFEST:
        raise Refused("bomb", "daftar isi")
    manifest = container.read(_MANIFEST)  # whose DOCTYPE, in old files, is never parsed
    if b"encryption-data" in manifest:
        raise Refused("encrypted")
    book = _Content().read(container.xml(_CONTENT))
    names = container.names
    book.features |= {name for folder, name in _FOLDERS.items() if any(part.startswith(folder) for part in names)}
    if _EMBEDDED.search(manifest):
        book.features.add("embedded_objects")
    book.modified = _saved(container.xml(_META))
    return book


def read_fods(data: bytes) -> Book:
    """The workbook in one XML file. Raises Refused."""
    book = _Content().read(data)
    book.modified = _saved(data[:_WITHIN])
    return book


def _saved(text: bytes) -> str:
    found = _SAVED.search(text)
    return f"{found[1].decode()}Z" if found else ""


class _Content:
    """The content being streamed through. Elements that are no part of a cell are passed over with all in them."""

    def __init__(self) -> None:
        self.book = Book()
        self.page: Page | None = None
        self.style = ""  #: of tables, the one being described
        self.hidden_styles: set[str] = set()
        self.elements = self.depth = self.ignored = 0  #: `ignored`: the depth from which on nothing counts
        self.row = self.column = 0
        self.rows = 0  #: how many rows the present one stands for
        self.hidden = False  #: whether it is
        self.cells: list[tuple[int, Cell]] = []  #: of the present row: first column, cell
        self.cell: Cell | None = None
        self.comment: list[str] | None = None
        self.line: list[str] | None = None  #: pieces of the present paragraph

    def read(self, part: bytes) -> Book:
        """The workbook in this XML. Raises Refused."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(part, True)
        except (expat.ExpatError, ValueError):  # no XML, or no number where one must be
            raise Refused("damaged") from None
        return self.book

    def _refuse_doctype(self, *_: object) -> None:
        raise Refused("unsafe", "DOCTYPE")

    def _start(self, name: str, attributes: Attributes) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MAX_ELEMENTS:
            raise Refused("bomb", f"lebih dari {MAX_ELEMENTS} unsur")
        if self.depth > MAX_DEPTH:
            raise Refused("unsafe", "susunan terlalu dalam")
        if name in _FEATURES:
            self.book.features.add(_FEATURES[name])
        if self.ignored:
            return
        if name in _STARTS:
            _STARTS[name](self, attributes)
        elif name.startswith(_DRAW):
            self.ignored = self.depth

    def _end(self, name: str) -> None:
        if not self.ignored and name in _ENDS:
            _ENDS[name](self)
        elif self.ignored == self.depth:
            self.ignored = 0
        self.depth -= 1

    def _characters(self, text: str) -> None:
        if self.line is not None and not self.ignored:
            text = _SPACES.sub(" ", text)
            self.line.append(text if self.line else text.lstrip(" "))

    # ---- the workbook and its sheets ---- #

    def start_style(self, attributes: Attributes) -> None:
        self.style = attributes.get(f"{_STYLE}name", "")

    def table_style(self, attributes: Attributes) -> None:
        if attributes.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self.style)

    def null_date(self, attributes: Attributes) -> None:
        self.book.date1904 = attributes.get(f"{TABLE}date-value", "").startswith("1904")

    def start_table(self, attributes: Attributes) -> None:
        if self.page:  # a table within a cell or a drawing
            self.ignored = self.depth
            return
        hidden = attributes.get(f"{TABLE}style-name") in self.hidden_styles
        self.page = self.book.page(attributes.get(f"{TABLE}name", ""), "hidden" if hidden else "visible")
        self.row = self.column = 0

    def source(self, _: Attributes) -> None:
        """What follows is a copy of cells in another file."""
        if self.page:
            self.book.pages.pop()
            self.ignored = self.depth - 1
            self.page = None

    def end_table(self) -> None:
        self.page = None

    def table_column(self, attributes: Attributes) -> None:
        count = _count(attributes, "number-columns-repeated")
        if self.page and attributes.get(f"{TABLE}visibility") in _HIDDEN and self.column < MAX_COLUMNS:
            self.page.hide_columns(self.column, self.column + count - 1)
        self.column += count

    # ---- rows and cells ---- #

    def start_row(self, attributes: Attributes) -> None:
        self.rows = _count(attributes, "number-rows-repeated")
        self.hidden = attributes.get(f"{TABLE}visibility") in _HIDDEN
        self.column = 0

    def end_row(self) -> None:
        """What repeats is counted before it is written out."""
        if self.page and self.cells:
            if self.rows * sum(cell.columns for _, cell in self.cells) > MAX_CELLS:
                raise Refused("bomb", f"lebih dari {MAX_CELLS} sel")
            for row in range(self.row, self.row + self.rows):
                for first, cell in self.cells:
                    for column in range(first, first + cell.columns):
                        cell.fill(self.page, row, column)
            if self.hidden:
                self.page.hidden_rows.update(range(self.row, self.row + self.rows))
        self.cells.clear()
        self.row += self.rows

    def start_cell(self, attributes: Attributes) -> None:
        if self.cell:
            self.ignored = self.depth
        else:
            self.cell = Cell(attributes, _count(attributes, "number-columns-repeated"), [])

    def end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if not cell:
            return
        if self.page:
            down, right = (_count(cell.attributes, f"number-{what}-spanned") for what in ("rows", "columns"))
            if down > 1 or right > 1:
                self.page.merge(self.row, self.column, self.row + down - 1, self.column + right - 1)
        if REACHING.search(cell.formula):
            self.book.features.add("reaching")
        if cell.holds_something:
            self.cells.append((self.column, cell))
            if len(self.cells) > MAX_COLUMNS:
                raise Refused("unsafe", "sel di luar lembar")
        self.column += cell.columns

    # ---- texts ---- #

    def start_paragraph(self, _: Attributes) -> None:
        if self.cell:
            self.line = []

    def end_paragraph(self) -> None:
        if self.cell and self.line is not None:
            paragraphs = self.cell.paragraphs if self.comment is None else self.comment
            paragraphs.append("".join(self.line))
        self.line = None

    def spaces(self, attributes: Attributes) -> None:
        if self.line is not None:
            count = _count(attributes, "c", _TEXT)
            self.book.room_for(characters=count)
            self.line.append(" " * count)

    def tab(self, _: Attributes) -> None:
        if self.line is not None:
            self.line.append("\t")

    def line_break(self, _: Attributes) -> None:
        if self.line is not None:
            self.line.append("\n")

    def start_comment(self, _: Attributes) -> None:
        self.comment = []

    def end_comment(self) -> None:
        self.book.comment("\n".join(self.comment or ()))
        self.comment = None


def _count(attributes: Attributes, name: str, space: str = TABLE) -> int:
    """How often something repeats; once where it is not said. Raises ValueError."""
    count = int(attributes.get(space + name, "1"))
    if count < 1:
        raise ValueError(name)
    return count


_STARTS = {
    f"{_STYLE}style": _Content.start_style,
    f"{_STYLE}table-properties": _Content.table_style,
    f"{TABLE}null-date": _Content.null_date,
    f"{TABLE}table": _Content.start_table,
    f"{TABLE}table-source": _Content.source,
    f"{TABLE}table-column": _Content.table_column,
    f"{TABLE}table-row": _Content.start_row,
    f"{TABLE}table-cell": _Content.start_cell,
    f"{TABLE}covered-table-cell": _Content.start_cell,
    f"{_TEXT}p": _Content.start_paragraph,
    f"{_TEXT}s": _Content.spaces,
    f"{_TEXT}tab": _Content.tab,
    f"{_TEXT}line-break": _Content.line_break,
    f"{OFFICE}annotation": _Content.start_comment,
}
_ENDS = {
    f"{TABLE}table": _Content.end_table,
    f"{TABLE}table-row": _Content.end_row,
    f"{TABLE}table-cell": _Content.end_cell,
    f"{TABLE}covered-table-cell": _Content.end_cell,
    f"{_TEXT}p": _Content.end_paragraph,
    f"{OFFICE}annotation": _Content.end_comment,
}
