"""One look over the bytes of a sheet: what a value reader would not say, or would choke on.

Value readers turn error cells and never-calculated formulas into blanks, and lay a sheet out as one dense
rectangle, so that two legal cells in far corners ask for more memory than there is. Here the bytes are
searched for exactly those; XML is parsed only where the spelling is unusual. What is built on purpose to
slip through such a search costs its worker process, not the run. Standard library only.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from kemitraan_xl.intake.refusal import Refused

MAX_AREA = 8_000_000  #: cells of the rectangle that holds all content of one sheet
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  #: the grid of the file format
MAX_MERGES = 10_000
MAX_TEXT = 64 << 20  #: bytes of shared text once it is written out in every cell that uses it

#: A cell not begun as <c r="AB1234". Without one a sheet stays below MAX_AREA: 702 columns, 9,999 rows.
_FAR_CELL = re.compile(rb'<c(?! r="[A-Z]{1,2}\d{1,4}")')
#: Tags that place content: row or c, letters, digits, "/" of a blank one. The second is for numbered cells.
_TAG = re.compile(rb'<(row|c)(?=[ />])(?:[^>]*?\sr="([A-Za-z]*)(\d+)")?[^>]*?(/?)>')
_CONTENT = re.compile(rb'<(c) (?:[^>]*\s)??r="([A-Za-z]+)(\d+)"[^>]*(?<!/)()>')
_UNNUMBERED = re.compile(rb'<(?:row|c)(?=[ />])(?![^>]*\sr=")')
_ROW = re.compile(rb'<row (?:[^>]*?\s)??r="(\d+)"')
#: Attributes not spelled name="value": other quotes, space around the equals sign, tabs and line ends.
_SPELLING = re.compile(rb"""=(?:'|\s+["']|(?<=\s=)["'])""")
_BROKEN_TAG = re.compile(rb"<[^<>]*[\t\r\n]")
_ERROR = re.compile(rb'<c ([^>/]*\bt="e"[^>/]*)>(.*?)</c>', re.DOTALL)
_ERROR_TYPE = re.compile(rb'(<c [^>]*)\bt="e"')
_FORMULA = re.compile(rb"<f(?: [^>]*?)?(?:/>|>[^<]*</f>)\s*(<v\b[^>]*(?:/>|>([^<]*)</v>))?")
_VALUE = re.compile(rb"<v\b[^>]*>([^<]*)</v>")
_REFERENCE = re.compile(rb'\br="([A-Z]+\d+)"')
_SHARED = re.compile(rb'\bt="s"[^>]*>\s*<v\b[^>]*>(\d{1,9})</v>')
_MERGE = re.compile(rb"""<mergeCell [^>]*?ref=["']([A-Z]+\d+(?::[A-Z]+\d+)?)["']""")
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\br="(\d{1,7})")[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<col (?=[^>]*\bmin="(\d{1,5})")(?=[^>]*\bmax="(\d{1,5})")[^>]*hidden="(?:1|true)"')
_NO_MERGES = b"<mergeCells/>"


@dataclass(frozen=True, slots=True)
class SheetLook:
    """What one sheet holds besides its values; cells as "H12", rows and columns by Excel's own number."""

    errors: dict[str, str]  #: error cells and their text, "#REF!" and the like
    uncalculated: tuple[str, ...]  #: formulas that were saved without a result
    formulas: bool
    merges: tuple[str, ...]  #: "A1:D1"
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]  #: first and last of each hidden run


def scan_sheet(part: bytes) -> tuple[SheetLook, bytes]:
    """The look at one sheet (checked UTF-8 XML), and its bytes as a value reader may have them.

    Error cells are handed on as text, because readers drop the old errors and fail on the newer ones, and an empty
    list of merged cells comes first, because calamine parses a sheet once more up to where it finds one.
    Refused when the content spans too large a rectangle, leaves the grid, or a row stands there twice.
    """
    start, end = _body(part)
    near = start >= 0 and not _FAR_CELL.search(part, start, end)
    if start < 0 or (not near and _unusual(part, start, end)):
        part = _respelled(part)
        start, end = max(_body(part), (0, 0))
    rows = _ROW.findall(part, start, end)
    if len(set(rows)) != len(rows):
        raise Refused("unsafe", "baris ganda")
    if not near:
        _check_area(part, start, end)
    errors = _errors(part, start, end) if _holds(part, b"e", b't="e"', start, end) else {}
    formulas = _holds(part, b"f", b"<f", start, end)
    look = SheetLook(
        errors=errors,
        uncalculated=tuple(_uncalculated(part, start, end)) if formulas else (),
        formulas=formulas,
        merges=_merges(part, end),
        hidden_rows=_hidden_rows(part, start, end),
        hidden_columns=_hidden_columns(part, start),
    )
    if start:
        part = part[:start] + _NO_MERGES + part[start:]
    return look, _ERROR_TYPE.sub(rb'\1t="str"', part) if errors else part


def check_text(parts: Sequence[bytes], strings: bytes) -> None:
    """Refused when the shared strings, written out in every cell of `parts` that uses them, grow too large.

    A cheap bound settles ordinary files; only a text-heavy one is counted exactly.
    """
    most_cells = sum(part.count(b't="s"') for part in parts)
    if most_cells * len(strings) <= MAX_TEXT:
        return
    if most_cells * max(map(len, strings.split(b"<si"))) <= MAX_TEXT:
        return
    sizes = [len(item) for item in re.split(rb"<si[ />]", strings)[1:]]
    total = 0
    for part in parts:
        for match in _SHARED.finditer(part):
            index = int(match[1])
            total += sizes[index] if index < len(sizes) else 0
            if total > MAX_TEXT:
                raise Refused("bomb", f"teks lebih dari {MAX_TEXT >> 20} MiB")


def _body(part: bytes) -> tuple[int, int]:
    """Where the rows begin and end; (-1, -1) when there are none spelled the usual way."""
    start = part.find(b"<sheetData")
    end = part.rfind(b"</sheetData>")
    if end < 0 and start >= 0:
        end = part.find(b">", start)
    return (start, end) if end >= 0 else (-1, -1)


def _holds(part: bytes, letter: bytes, text: bytes, start: int, end: int) -> bool:
    """Whether `text` occurs; its rarest letter is looked for first, which is ten times as fast."""
    return part.find(letter, start, end) >= 0 and part.find(text, start, end) >= 0


def _unusual(part: bytes, start: int, end: int) -> bool:
    """Whether a search for `name="value"` could miss something between the rows."""
    if _SPELLING.search(part, start, end):
        return True
    if _holds(part, b"!", b"<!", start, end):
        return True
    return any(part.find(c, start, end) >= 0 for c in (b"\n", b"\t", b"\r")) and bool(
        _BROKEN_TAG.search(part, start, end)
    )


def _respelled(part: bytes) -> bytes:
    """The same XML, every attribute as `name="value"`, without comments, CDATA and the sheet's own prefix."""
    try:
        plain = ET.canonicalize(part.decode()).encode()
    except (ET.ParseError, ValueError):
        raise Refused("damaged") from None
    prefix = re.match(rb"<([^\s<>:]+:)worksheet", plain)
    if prefix:
        plain = plain.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
    return plain


def _check_area(part: bytes, start: int, end: int) -> None:
    """The rectangle of all cells with content, exactly; blank formatted cells do not count.

    A row or cell that leaves out its number stands right after the one before it.
    """
    numbers: dict[bytes, int] = {}
    row = column = bottom = right = 0
    top, left, corner = MAX_ROWS, MAX_COLUMNS, ""
    tags = _TAG if _UNNUMBERED.search(part, start, end) else _CONTENT
    for tag in tags.finditer(part, start, end):
        kind, letters, digits, blank = tag.groups()
        if kind == b"row":
            row, column = int(digits[:8]) if digits else row + 1, 0
            continue
        if letters:
            row, column = int(digits[:8]), numbers.get(letters) or numbers.setdefault(letters, _column(letters))
        else:
            column += 1
        if blank:
            continue
        if row > bottom or column > right:
            corner = f"{(letters or b'').decode()}{row}"
        top, bottom, left, right = min(top, row), max(bottom, row), min(left, column), max(right, column)
    if not bottom:
        return
    if bottom > MAX_ROWS or right > MAX_COLUMNS:
        raise Refused("unsafe", "sel di luar lembar")
    if (bottom - top + 1) * (right - left + 1) > MAX_AREA:
        raise Refused("far", f"sel {corner}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():  # a fourth letter is beyond the grid whatever follows
        number = number * 26 + letter - 64
    return number


def _errors(part: bytes, start: int, end: int) -> dict[str, str]:
    found = {}
    for attributes, content in _ERROR.findall(part, start, end):
        cell, value = _REFERENCE.search(attributes), _VALUE.search(content)
        if cell:
            found[cell[1].decode()] = unescape(value[1].decode()) if value else ""
    return found


def _uncalculated(part: bytes, start: int, end: int) -> Iterable[str]:
    """Formula cells without a result. An empty text result (`t="str"` with an empty value) is a result."""
    for match in _FORMULA.finditer(part, start, end):
        if match[2]:
            continue
        cell = part[part.rfind(b"<c ", start, match.start()) : match.start()]
        if match[1] and b't="str"' in cell:
            continue
        if reference := _REFERENCE.search(cell):
            yield reference[1].decode()


def _merges(part: bytes, end: int) -> tuple[str, ...]:
    if part.find(b"<mergeCell ", end) < 0:
        return ()
    found = _MERGE.findall(part, end)
    if len(found) > MAX_MERGES:
        raise Refused("unsafe", "terlalu banyak sel gabungan")
    return tuple(ref.decode() for ref in found)


def _hidden_rows(part: bytes, start: int, end: int) -> frozenset[int]:
    if not _holds(part, b"d", b"hidden", start, end):
        return frozenset()
    return frozenset(map(int, _HIDDEN_ROW.findall(part, start, end)))


def _hidden_columns(part: bytes, start: int) -> tuple[tuple[int, int], ...]:
    if part.find(b'hidden="', 0, start) < 0:
        return ()
    return tuple((int(first), int(last)) for first, last in _HIDDEN_COLUMN.findall(part, 0, start))
