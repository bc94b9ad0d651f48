"""One look over the bytes of a sheet: what a value reader would not say, or would choke on.

Value readers turn error cells and never-calculated formulas into blanks, and lay a sheet out as one dense
rectangle, so that two legal cells in far corners ask for more memory than there is. Here the bytes are
searched for exactly those; where the spelling is unusual they are spelled anew first. Each search takes time
in proportion to the bytes, whatever they are: none goes on past the next "<". Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from kemitraan_xl.intake.gate.respell import respelled
from kemitraan_xl.intake.refusal import Refused

MAX_AREA = 2_000_000  #: cells of the rectangles that hold all content of each sheet that is read
NEAR_AREA = 26 * 9_999  #: cells of a sheet in which all is near, at most; the seven of a return keep to MAX_AREA
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  #: the grid of the file format
MAX_TAGS = 4_000_000  #: rows and cells, with the blank ones
MAX_MERGES = 10_000
MAX_ODD = 100_000  #: cells of one sheet with an error, or with a formula that was never calculated
MAX_TEXT = 32 << 20  #: bytes of shared text once it is written out in every cell that uses it

#: A cell begun the usual way, and near. A sheet with no other stays below NEAR_AREA.
_NEAR_CELL = re.compile(rb'<c r="([A-Z]\d{1,4})"')
#: The same tags behind a prefix of any namespace, which a value reader does not look at.
_PREFIXED = re.compile(rb":(?:c|row|sheetData)[\s/>]")
#: Cells with content, and where they stand, if all are numbered; and all tags of rows and cells, if not.
_CONTENT = re.compile(rb'<c (?>(?:[^<>]*?\s)??r="([A-Za-z]+)(\d+)")[^<>]*+(?<!/)>')
_TAG = re.compile(rb"<(row|c)((?: [^<>]*)?+/?)>")
_PLACE = re.compile(rb'\sr="([A-Za-z]*)(\d+)"')
_UNNUMBERED = re.compile(rb'<(?:row|c)(?=[ />])(?![^<>]*\sr=")')
_ROW = re.compile(rb'<row (?:[^<>]*?\s)??r="0*(\d+)"')
_CELL = re.compile(rb'<c (?:[^<>]*?\s)??r="([A-Za-z]+\d+)"')
#: Attributes not spelled name="value": other quotes, space around the equals sign, tabs and line ends.
_SPELLING = re.compile(rb"""=(?:'|\s+["']|(?<=\s=)["'])""")
_BROKEN_TAG = re.compile(rb"<[^<>]*[\t\r\n]")
_ERROR = re.compile(rb'<c ((?>[^<>/]*?\bt="e")[^<>/]*+)>([^<]*(?:<(?!/c>)[^<]*){0,9})</c>')
_ERROR_TYPE = re.compile(rb'(<c [^<>]*)\bt="e"')
_FORMULA = re.compile(rb"<f(?: [^<>]*?)?(?:/>|>[^<]*</f>)\s*(<v\b[^<>]*(?:/>|>([^<]*)</v>))?")
#: DDE (program|document!item), and the functions that fetch what stands elsewhere.
_REACHING = re.compile(rb"<f(?: [^<>]*)?>(?:[^<|]*\|[^<!]*!|[^<]*?(?:_xlfn\.(?:WEBSERVICE|IMAGE)|RTD)\()")
_VALUE = re.compile(rb"<v\b[^<>]*>([^<]*)</v>")
_REFERENCE = re.compile(rb'\br="([A-Z]+\d+)"')
_SHARED = re.compile(rb"""<c (?>(?:[^<>]*?\s)?t\s*=\s*["']s["'])[^<>]*+>(?:\s*<v\b[^<>]*>(\d{1,9})</v>)?""")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_MERGE = re.compile(rb"""<mergeCell [^<>]*?ref=["']([A-Z]+\d+(?::[A-Z]+\d+)?)["']""")
_HIDDEN_ROW = re.compile(rb'<row (?=[^<>]*\br="(\d{1,7})")[^<>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<col (?=[^<>]*\bmin="(\d{1,5})")(?=[^<>]*\bmax="(\d{1,5})")[^<>]*hidden="(?:1|true)"')
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
    reaching: bool = False  #: a formula asks another program or the web


def scan_sheet(part: bytes) -> tuple[SheetLook, bytes, int]:
    """The look at one sheet (checked UTF-8 XML), its bytes as a value reader may have them, and its area at most.

    Error cells are handed on as text, because readers drop the old errors and fail on the newer ones, and an empty
    list of merged cells comes first, because calamine parses a sheet once more up to where it finds one.
    Refused when the content spans too large a rectangle, leaves the grid, or a row or a cell stands there twice.
    """
    start, end = _body(part)
    usual = start >= 0 and not _PREFIXED.search(part)
    _check_tags(part, start, end)
    cells = _NEAR_CELL.findall(part, start, end) if usual else []
    near = usual and len(cells) == part.count(b"<c", start, end)
    if not usual or (not near and _unusual(part, start, end)):
        part = respelled(part)
        start, end = max(_body(part), (0, 0))
        _check_tags(part, start, end)
    _check_twice("baris", _ROW.findall(part, start, end))
    _check_twice("sel", cells if near else _CELL.findall(part, start, end))
    area = NEAR_AREA if near else exact_area(part)
    errors = _errors(part, start, end) if _holds(part, b"e", b't="e"', start, end) else {}
    formulas = _holds(part, b"f", b"<f", start, end)
    look = SheetLook(
        errors=errors,
        uncalculated=tuple(_uncalculated(part, start, end)) if formulas else (),
        formulas=formulas,
        merges=_merges(part, end),
        hidden_rows=_hidden_rows(part, start, end),
        hidden_columns=_hidden_columns(part, start),
        reaching=formulas and _reaching(part, start, end),
    )
    if start:
        part = part[:start] + _NO_MERGES + part[start:]
    return look, _ERROR_TYPE.sub(rb'\1t="str"', part) if errors else part, area


def check_text(parts: Sequence[bytes], strings: bytes) -> None:
    """Refused when the shared strings, written out in every cell of `parts` that uses them, grow too large.

    Ordinary files are settled by a bound: as many cells as there is room for, each with the longest text. Whether
    a text is longer than that is seen from where texts end.
    """
    cells = sum(map(len, parts)) // len(b'<c t="s"><v>0</v></c>')
    step = MAX_TEXT // (cells + 1) // 2
    windows = range(0, len(strings) - step, step) if step else range(1)
    if all(strings.find(b"</si>", at, at + step) >= 0 for at in windows):
        return
    starts = [match.start() for match in _STRING.finditer(strings)]
    ends = [match.end() for match in _STRING_END.finditer(strings)]
    sizes = [end - start for start, end in pairwise([*starts[:1], *ends, len(strings)])]
    numbered = len(starts) == len(ends)  # none is inside another, or without an end
    longest = max(sizes, default=len(strings))
    total = 0
    for part in parts:
        for match in _SHARED.finditer(part):
            index = int(match[1]) if match[1] and numbered else len(sizes)  # it may be any of them
            total += sizes[index] if index < len(sizes) else longest
            if total > MAX_TEXT:
                raise Refused("bomb", f"teks lebih dari {MAX_TEXT >> 20} MiB")


def exact_area(part: bytes) -> int:
    """Cells of the rectangle of all cells with content; blank formatted ones do not count."""
    start, end = max(_body(part), (0, 0))
    if _UNNUMBERED.search(part, start, end):
        return _counted_area(part, start, end)
    found = _Rectangle()
    columns: dict[bytes, int] = {}
    last = b""
    for match in _CONTENT.finditer(part, start, end):
        letters, digits = match.groups()
        if digits != last or letters not in columns:
            last = digits
            column = columns.get(letters) or columns.setdefault(letters, _column(letters))
            found.take(int(digits[:8]), column, letters)
    return found.area


def _counted_area(part: bytes, start: int, end: int) -> int:
    """The same where a row or cell leaves out its number: it stands right after the one before it."""
    found = _Rectangle()
    row = column = 0
    for tag in _TAG.finditer(part, start, end):
        kind, said = tag.groups()
        place = _PLACE.search(said) if said else None
        letters, digits = place.groups() if place else (b"", b"")
        if kind == b"row":
            row, column = int(digits[:8]) if digits else row + 1, 0
            continue
        row, column = (int(digits[:8]), _column(letters)) if letters else (row, column + 1)
        if not said.endswith(b"/"):
            found.take(row, column, letters)
    return found.area


@dataclass(slots=True)
class _Rectangle:
    """What holds all the cells taken so far. Refused as soon as it is too large."""

    top: int = MAX_ROWS
    bottom: int = 0
    left: int = MAX_COLUMNS
    right: int = 0
    corner: str = ""  #: the cell that made it as large as it is

    @property
    def area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom else 0

    def take(self, row: int, column: int, letters: bytes) -> None:
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refused("unsafe", "sel di luar lembar")
        if row > self.bottom or column > self.right:
            self.corner = f"{letters.decode()}{row}"
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        if self.area > MAX_AREA:
            raise Refused("far", f"sel {self.corner}")


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


def _check_tags(part: bytes, start: int, end: int) -> None:
    if end - start > MAX_TAGS and part.count(b"<row", start, end) + part.count(b"<c", start, end) > MAX_TAGS:
        raise Refused("bomb", f"lebih dari {MAX_TAGS} sel")


def _check_twice(what: str, named: Sequence[bytes]) -> None:
    if len(set(named)) != len(named):
        raise Refused("unsafe", f"{what} ganda")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():  # a fourth letter is beyond the grid whatever follows
        number = number * 26 + letter - 64
    return number


def _errors(part: bytes, start: int, end: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ERROR.finditer(part, start, end):
        cell, value = _REFERENCE.search(match[1]), _VALUE.search(match[2])
        if cell:
            found[cell[1].decode()] = unescape(value[1].decode()) if value else ""
        if len(found) > MAX_ODD:
            raise Refused("unsafe", "terlalu banyak sel galat")
    return found


def _uncalculated(part: bytes, start: int, end: int) -> Iterable[str]:
    """Formula cells without a result. An empty text result (`t="str"` with an empty value) is a result."""
    count, last = 0, start
    for match in _FORMULA.finditer(part, start, end):
        cell = part[part.rfind(b"<c ", last, match.start()) : match.start()]
        last = match.end()
        if match[2] or (match[1] and b't="str"' in cell):
            continue
        if reference := _REFERENCE.search(cell):
            yield reference[1].decode()
        count += 1
        if count > MAX_ODD:
            raise Refused("unsafe", "terlalu banyak rumus tanpa hasil")


def _reaching(part: bytes, start: int, end: int) -> bool:
    marks = (b"|", b"_xlfn.", b"RTD(")
    return any(part.find(mark, start, end) >= 0 for mark in marks) and bool(_REACHING.search(part, start, end))


def _merges(part: bytes, end: int) -> tuple[str, ...]:
    if part.find(b"<mergeCell ", end) < 0:
        return ()
    if part.count(b"<mergeCell ", end) > MAX_MERGES:
        raise Refused("unsafe", "terlalu banyak sel gabungan")
    return tuple(ref.decode() for ref in _MERGE.findall(part, end))


def _hidden_rows(part: bytes, start: int, end: int) -> frozenset[int]:
    if not _holds(part, b"d", b"hidden", start, end):
        return frozenset()
    return frozenset(map(int, _HIDDEN_ROW.findall(part, start, end)))


def _hidden_columns(part: bytes, start: int) -> tuple[tuple[int, int], ...]:
    if part.find(b'hidden="', 0, start) < 0:
        return ()
    if part.count(b"<col ", 0, start) > MAX_COLUMNS:
        raise Refused("unsafe", "kolom di luar lembar")
    return tuple((int(first), int(last)) for first, last in _HIDDEN_COLUMN.findall(part, 0, start))
