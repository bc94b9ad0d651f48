"""What a file really is, seen before any parser touches it, and whether it may be read at all.

`look` goes by content, never by name. It costs a fraction of reading: each part is inflated once, only when
it is asked for, and searched as bytes. What a value reader gets is not the file but `Look.workbook`: the
checked parts in a plain zip of our own, so that nothing unchecked is ever parsed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kemitraan_xl.intake.formats.sniff import XLSX, ZIP, Other, sniffed, zipped
from kemitraan_xl.intake.formats.translate import translated
from kemitraan_xl.intake.gate.container import Container, open_container, pack
from kemitraan_xl.intake.gate.features import features_of
from kemitraan_xl.intake.gate.package import (
    CONTENT_TYPES,
    PROPERTIES,
    RELATIONS,
    STRINGS,
    STYLES,
    WORKBOOK,
    frame,
    part_name,
    saved,
    sheet_parts,
)
from kemitraan_xl.intake.gate.sheetscan import MAX_AREA, NEAR_AREA, SheetLook, check_text, exact_area, scan_sheet
from kemitraan_xl.intake.gate.zipdir import MIB
from kemitraan_xl.intake.refusal import Refused

#: Returns made from one template list the same sheets: how many lists a process remembers, of how many bytes.
_ALIKE, _ALIKE_SIZE = 32, 1 << 16

MAX_LISTS = 4 * MIB  #: of what lists the sheets and parts of a workbook, and of its names
MAX_SHEETS = 255
MAX_FORMATS = 65_490  #: of cells, in one workbook, as the file format has it

#: What of the styles does not tell a date from a number.
_DRESS = (b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellStyles", b"dxfs", b"colors")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab as the workbook lists it."""

    title: str
    part: str  #: name of its part in the zip; "" for anything that is not a sheet of cells
    state: str  #: "visible", "hidden" or "veryHidden"


@dataclass(frozen=True, slots=True)
class Look:
    """What `look` saw. With a `refusal` (Indonesian, one line) there is nothing else to ask.

    `sheet`, `part` and `workbook` check what they are asked for when they are asked, and raise Refused.
    """

    kind: str  #: what the file is: "xlsx", another format that is read as one, or why it is refused
    refusal: str = ""
    features: frozenset[str] = frozenset()  #: keys of FEATURES
    sheets: tuple[Sheet, ...] = ()
    date1904: bool = False
    _container: Container = field(default_factory=lambda: Container(b"", {}), repr=False)
    _scanned: dict[str, tuple[SheetLook, bytes, int]] = field(default_factory=dict, repr=False)

    def part(self, name: str) -> bytes:
        """Any XML part, checked, as UTF-8; b"" when the workbook has none of that name."""
        return self._container.xml(name)

    @property
    def modified(self) -> str:
        """When the file says it was last saved (ISO text), or ""."""
        return saved(self.part(PROPERTIES))

    def sheet(self, title: str) -> SheetLook:
        """The look at one sheet of cells. Raises KeyError for a title that is none."""
        return self._scan(title)[0]

    def workbook(self, titles: Iterable[str]) -> bytes:
        """The workbook with only these sheets in it, every byte checked: what a value reader is given."""
        titles = tuple(titles)
        sheets = [self._scan(title)[1] for title in titles]
        styles, strings = self._container.xml(STYLES, alike=True), self._container.xml(STRINGS)
        check_text(sheets, strings)
        parts = [*frame(titles, self.date1904), (STYLES, _undressed(styles)), (STRINGS, strings)]
        parts += [(part_name(number), sheet) for number, sheet in enumerate(sheets, start=1)]
        return pack((name, part) for name, part in parts if part)

    def _scan(self, title: str) -> tuple[SheetLook, bytes, int]:
        if title not in self._scanned:
            self._scanned[title] = scan_sheet(self._container.xml(self._part_of(title)))
            if self._area > MAX_AREA:
                self._measure()
                if self._area > MAX_AREA:
                    del self._scanned[title]
                    raise Refused("bomb", f"lebih dari {MAX_AREA} sel")
        return self._scanned[title]

    @property
    def _area(self) -> int:
        return sum(area for *_, area in self._scanned.values())

    def _measure(self) -> None:
        """The area of sheets of which it is only known that all is near: it rarely comes to that."""
        for title, (seen, part, area) in self._scanned.items():
            self._scanned[title] = seen, part, exact_area(part) if area == NEAR_AREA else area

    def _part_of(self, title: str) -> str:
        for sheet in self.sheets:
            if sheet.title == title and sheet.part:
                return sheet.part
        raise KeyError(title)


def look(data: bytes) -> Look:
    """What `data`, the content of one file, is, and why it may not be read if so. Never raises."""
    try:
        kind = sniffed(data)
        container = open_container(data) if kind == ZIP else None
        kind = zipped(container) if container else kind
        return _workbook_look(container) if container and kind == XLSX else _translated_look(kind, data)
    except Other as other:
        return Look(kind=other.kind, refusal=str(other))
    except Refused as refused:
        return Look(kind=refused.code, refusal=str(refused))


def _translated_look(kind: str, data: bytes) -> Look:
    """The look at a workbook of another format, once it is a plain one."""
    book = translated(kind, data)
    found = _workbook_look(open_container(book.xlsx()))
    return replace(found, kind=kind, features=found.features | book.features)


def _workbook_look(container: Container) -> Look:
    listed = "\n".join(container.names).encode() + container.xml(CONTENT_TYPES, alike=True)
    book, relations = container.xml(WORKBOOK, alike=True), container.xml(RELATIONS, alike=True)
    if len(listed) + len(book) + len(relations) > MAX_LISTS:
        raise Refused("bomb", f"daftar isi lebih dari {MAX_LISTS // MIB} MiB")
    small = len(book) + len(relations) <= _ALIKE_SIZE
    try:
        sheets, date1904 = (_listed_sheets if small else _listed_sheets.__wrapped__)(book, relations)
    except ET.ParseError:
        raise Refused("damaged") from None
    if not any(sheet.part in container for sheet in sheets if sheet.part):
        raise Refused("damaged")
    if len(sheets) > MAX_SHEETS:
        raise Refused("bomb", f"lebih dari {MAX_SHEETS} lembar")
    parts, titles = [sheet.part.lower() for sheet in sheets if sheet.part], {sheet.title.lower() for sheet in sheets}
    if len(set(parts)) != len(parts) or len(titles) != len(sheets):
        raise Refused("unsafe", "lembar ganda")
    return Look(
        kind="xlsx",
        features=features_of(listed),
        sheets=sheets,
        date1904=date1904,
        _container=container,
    )


@lru_cache(_ALIKE)
def _listed_sheets(workbook: bytes, relations: bytes) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets of a workbook, and whether it counts its days from 1904."""
    book = ET.fromstring(workbook)
    targets = sheet_parts(relations)
    properties = book.find("{*}workbookPr")
    sheets = tuple(_sheet(element, targets) for element in book.findall("{*}sheets/{*}sheet"))
    return sheets, properties is not None and properties.get("date1904") in ("1", "true")


def _sheet(element: ET.Element, targets: dict[str, str]) -> Sheet:
    relation = next((value for key, value in element.items() if key.endswith("}id")), "")
    return Sheet(
        title=element.get("name", ""),
        part=targets.get(relation, ""),
        state=element.get("state", "visible"),
    )


# ---- what a value reader is given ---- #


def _undressed(styles: bytes) -> bytes:
    """The styles without fonts, colours and borders, as far as they are spelled the usual way."""
    if len(styles) <= _ALIKE_SIZE:
        return styles if b"<!" in styles else _stripped(styles)
    if styles.count(b"<xf ") > 2 * MAX_FORMATS:  # each may stand once more as a named style
        raise Refused("bomb", f"lebih dari {MAX_FORMATS} format sel")
    return styles


@lru_cache(_ALIKE)
def _stripped(styles: bytes) -> bytes:
    for name in _DRESS:
        start, end = re.search(rb"<%s[ >]" % name, styles), styles.find(b"</%s>" % name)
        if start and start.end() <= end:
            styles = styles[: start.start()] + styles[end + len(name) + 3 :]
    return styles
