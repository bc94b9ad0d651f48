"""What a file really is, seen before any parser touches it, and whether it may be read at all.

`look` goes by content, never by name. It costs a fraction of reading: each part is inflated once, only when
it is asked for, and searched as bytes. What a value reader gets is not the file but `Look.workbook`: the
checked parts in a plain zip of our own, so that nothing unchecked is ever parsed. Standard library only.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import chain

from kemitraan_xl.intake.container import MAX_FILE, MIB, Container, open_container, pack
from kemitraan_xl.intake.refusal import Refused
from kemitraan_xl.intake.sheetscan import SheetLook, check_text, scan_sheet

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_CONTENT_TYPES = "[Content_Types].xml"
_STYLES = "xl/styles.xml"

#: What a workbook may carry besides cells, by a text in part names or content types. None of it is ever run.
FEATURES = {
    "macros": b"vbaproject",
    "macro_sheets": b"macrosheet",
    "external_links": b"externallink",
    "embedded_objects": b"/embeddings/",
    "activex": b"activex",
    "connections": b"connections.xml",
    "query_tables": b"querytable",
    "pivot_caches": b"pivotcache",
    "comments": b"comments",
    "threaded_comments": b"threadedcomment",
}

#: Returns made from one template list the same sheets: how many lists a process remembers, of how many bytes.
_ALIKE, _ALIKE_SIZE = 32, 1 << 16

#: What a reader of values needs around the parts of a workbook, in words of our own.
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: What of the styles does not tell a date from a number.
_DRESS = re.compile(rb"<(fonts|fills|borders|cellStyleXfs|cellStyles|dxfs|colors)(?=[ >]).*?</\1>", re.DOTALL)

#: kind, refusal and its detail, by the first bytes of a file.
_MAGIC: tuple[tuple[bytes, str, str, str], ...] = (
    (b"%PDF", "pdf", "foreign", "PDF"),
    (b"{\\rtf", "rtf", "foreign", "dokumen RTF"),
    (b"\x89PNG", "image", "foreign", "gambar"),
    (b"\xff\xd8\xff", "image", "foreign", "gambar"),
    (b"GIF8", "image", "foreign", "gambar"),
    (b"Rar!", "archive", "container", "arsip"),
    (b"7z\xbc\xaf", "archive", "container", "arsip"),
    (b"\x1f\x8b", "archive", "container", "arsip"),
    (b"BZh", "archive", "container", "arsip"),
    (b"\xfd7zXZ", "archive", "container", "arsip"),
    (b"PK\x05\x06", "archive", "container", "arsip"),
    (b"\x09\x08\x10\x00", "xls", "format", ".xls"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The same for OLE files, by the name of a stream inside.
_STREAMS: tuple[tuple[str, str, str, str], ...] = (
    ("EncryptedPackage", "encrypted", "encrypted", ""),
    ("__properties_version1.0", "mail", "container", "surel"),
    ("WordDocument", "word", "foreign", "dokumen Word"),
    ("PowerPoint Document", "slides", "foreign", "presentasi"),
    ("Workbook", "xls", "format", ".xls"),
    ("Book", "xls", "format", ".xls"),
)
#: The same for zips that are no workbook, by a member.
_MEMBERS: tuple[tuple[str, str, str, str], ...] = (
    ("xl/workbook.bin", "xlsb", "format", ".xlsb"),
    ("word/document.xml", "word", "foreign", "dokumen Word"),
    ("ppt/presentation.xml", "slides", "foreign", "presentasi"),
    (_CONTENT_TYPES, "damaged", "damaged", ""),
)
_HEADERS = rb"(?:[\w-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*"
#: The same for text, by how it begins.
_TEXTS: tuple[tuple[bytes, str, str, str], ...] = (
    (rb"(?s)\s*<\?xml.*urn:schemas-microsoft-com:office:spreadsheet", "xml", "format", "XML Spreadsheet"),
    (rb"(?i)\s*<(?:!doctype html|html|head|table|meta)", "html", "foreign", "halaman web"),
    (rb"(?i)" + _HEADERS + rb"(?:mime-version|from|received):", "mail", "container", "surel"),
)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>([^<]*)<")


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

    kind: str  #: "xlsx", or what the file is instead
    refusal: str = ""
    features: frozenset[str] = frozenset()  #: keys of FEATURES
    sheets: tuple[Sheet, ...] = ()
    date1904: bool = False
    _container: Container = field(default_factory=lambda: Container(b"", {}), repr=False)
    _scanned: dict[str, tuple[SheetLook, bytes]] = field(default_factory=dict, repr=False)

    def part(self, name: str) -> bytes:
        """Any XML part, checked, as UTF-8; b"" when the workbook has none of that name."""
        return self._container.xml(name)

    @property
    def modified(self) -> str:
        """When the file says it was last saved (ISO text), or ""."""
        found = _MODIFIED.search(self.part("docProps/core.xml"))
        return found[1].decode().strip() if found else ""

    def sheet(self, title: str) -> SheetLook:
        """The look at one sheet of cells. Raises KeyError for a title that is none."""
        return self._scan(title)[0]

    def workbook(self, titles: Iterable[str]) -> bytes:
        """The workbook with only these sheets in it, every byte checked: what a value reader is given."""
        titles = tuple(titles)
        sheets = [self._scan(title)[1] for title in titles]
        styles, strings = self._container.xml(_STYLES, alike=True), self._container.xml(_STRINGS)
        check_text(sheets, strings)
        parts = [*_frame(titles, self.date1904), (_STYLES, _undressed(styles)), (_STRINGS, strings)]
        parts += [(_part_name(number), sheet) for number, sheet in enumerate(sheets, start=1)]
        return pack((name, part) for name, part in parts if part)

    def _scan(self, title: str) -> tuple[SheetLook, bytes]:
        if title not in self._scanned:
            self._scanned[title] = scan_sheet(self._container.xml(self._part_of(title)))
        return self._scanned[title]

    def _part_of(self, title: str) -> str:
        for sheet in self.sheets:
            if sheet.title == title and sheet.part:
                return sheet.part
        raise KeyError(title)


def look(data: bytes) -> Look:
    """What `data`, the content of one file, is, and why it may not be read if so. Never raises."""
    try:
        _sniffed(data)
        return _workbook_look(open_container(data))
    except _Other as other:
        return Look(kind=other.kind, refusal=str(other))
    except Refused as refused:
        return Look(kind=refused.code, refusal=str(refused))


class _Other(Refused):
    """Refused for being something else."""

    def __init__(self, kind: str, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.kind = kind


def _sniffed(data: bytes) -> None:
    """Returns for what begins like a zip; anything else is refused by what it is."""
    if not data:
        raise _Other("empty", "empty", "")
    if len(data) > MAX_FILE:
        raise _Other("large", "large", f"{MAX_FILE // MIB} MiB")
    if data.startswith(b"PK\3\4"):
        return
    raise _Other(*_named(data))


def _named(data: bytes) -> Sequence[str]:
    """What a file that is no zip is: kind, refusal, detail."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    is_ole = data.startswith(_OLE)
    is_text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or not _BINARY.search(head)
    named = chain(
        (other for stream, *other in _STREAMS if is_ole and stream.encode("utf-16-le") in data),
        (other for magic, *other in _MAGIC if data.startswith(magic)),
        (other for pattern, *other in _TEXTS if re.match(pattern, head)),
        [("text", "foreign", "teks atau CSV")] if is_text else [],
        [("damaged", "damaged", "")] if not head.strip(b"\0") else [],
        [("unknown", "foreign", "tidak dikenal")],
    )
    return next(named)


def _workbook_look(container: Container) -> Look:
    if _WORKBOOK not in container:
        _refuse_other_zip(container)
    listed = "\n".join(container.names).encode() + container.xml(_CONTENT_TYPES, alike=True)
    book, relations = container.xml(_WORKBOOK, alike=True), container.xml(_RELATIONS, alike=True)
    small = len(book) + len(relations) <= _ALIKE_SIZE
    try:
        sheets, date1904 = (_listed_sheets if small else _listed_sheets.__wrapped__)(book, relations)
    except ET.ParseError:
        raise Refused("damaged") from None
    if not any(sheet.part in container for sheet in sheets if sheet.part):
        raise Refused("damaged")
    return Look(
        kind="xlsx",
        features=_features(listed),
        sheets=sheets,
        date1904=date1904,
        _container=container,
    )


def _refuse_other_zip(container: Container) -> None:
    kept = container.read("mimetype")
    if kept.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise _Other("ods", "format", ".ods")
    if kept.startswith(b"application/vnd.oasis.opendocument"):
        raise _Other("opendocument", "foreign", "dokumen OpenDocument")
    for member, *other in _MEMBERS:
        if member in container:
            raise _Other(*other)
    raise _Other("archive", "container", "arsip")


@lru_cache(_ALIKE)
def _features(listed: bytes) -> frozenset[str]:
    """Keys of FEATURES, from the names of all parts and the content types."""
    listed = listed.lower()
    return frozenset(name for name, text in FEATURES.items() if text in listed)


@lru_cache(_ALIKE)
def _listed_sheets(workbook: bytes, relations: bytes) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets of a workbook, and whether it counts its days from 1904."""
    book = ET.fromstring(workbook)
    targets = _targets(relations)
    properties = book.find("{*}workbookPr")
    sheets = tuple(_sheet(element, targets) for element in book.findall("{*}sheets/{*}sheet"))
    return sheets, properties is not None and properties.get("date1904") in ("1", "true")


def _targets(relations: bytes) -> dict[str, str]:
    """Part names of the sheets of cells by relation id."""
    targets = {}
    for relation in ET.fromstring(relations) if relations else ():
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            targets[relation.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return targets


def _sheet(element: ET.Element, targets: dict[str, str]) -> Sheet:
    relation = next((value for key, value in element.items() if key.endswith("}id")), "")
    return Sheet(
        title=element.get("name", ""),
        part=targets.get(relation, ""),
        state=element.get("state", "visible"),
    )


# ---- what a value reader is given ---- #


def _part_name(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


@lru_cache(_ALIKE)
def _frame(titles: tuple[str, ...], date1904: bool) -> tuple[tuple[str, bytes], ...]:
    """The parts that say which sheets a workbook has, for these sheets and nothing else."""
    sheets = "".join(
        f'<sheet name="{escape(title)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="/{_part_name(number)}"/>'
        for number in range(1, len(titles) + 1)
    )
    book = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{_WORKBOOK}"/>'
    return (
        (_CONTENT_TYPES, f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode()),
        ("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{book}</Relationships>'.encode()),
        (_RELATIONS, f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}</Relationships>'.encode()),
        (
            _WORKBOOK,
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{date1904:d}"/>'
            f"<sheets>{sheets}</sheets></workbook>".encode(),
        ),
    )


@lru_cache(_ALIKE)
def _undressed(styles: bytes) -> bytes:
    """The styles without fonts, colours and borders, as far as they are spelled the usual way."""
    return styles if len(styles) > _ALIKE_SIZE or b"<!" in styles else _DRESS.sub(b"", styles)
