"""The parts of a plain .xlsx around its sheets, in words of our own: what a reader of values needs, and no more."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from html import escape

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
COMMENTS = "xl/comments1.xml"
PROPERTIES = "docProps/core.xml"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

#: Returns made from one template list the same sheets: how many lists a process remembers.
_ALIKE = 32

_MODIFIED = re.compile(rb"<dcterms:modified[^<>]*>([^<]{,40})<")


def saved(properties: bytes) -> str:
    """When a workbook says that it was last saved (ISO text), from its properties; "" where it does not."""
    found = _MODIFIED.search(properties)
    return found[1].decode().strip() if found else ""


def sheet_parts(relations: bytes) -> dict[str, str]:
    """Part names of the sheets of cells by relation id. Raises ParseError."""
    parts = {}
    for relation in ET.fromstring(relations) if relations else ():
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            parts[relation.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return parts


def part_name(number: int) -> str:
    """The part of a sheet, by its place counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


@lru_cache(_ALIKE)
def frame(titles: tuple[str, ...], date1904: bool, hidden: tuple[str, ...] = ()) -> tuple[tuple[str, bytes], ...]:
    """The parts that say which sheets a workbook has, for these and nothing else; `hidden`: the state of each."""
    states = [f' state="{state}"' for state in hidden] or [""] * len(titles)
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, (title, state) in enumerate(zip(titles, states, strict=True), start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="/{part_name(number)}"/>'
        for number in range(1, len(titles) + 1)
    )
    book = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{WORKBOOK}"/>'
    return (
        (CONTENT_TYPES, f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode()),
        ("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{book}</Relationships>'.encode()),
        (RELATIONS, f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}</Relationships>'.encode()),
        (
            WORKBOOK,
            f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{date1904:d}"/>'
            f"<sheets>{listed}</sheets></workbook>".encode(),
        ),
    )
