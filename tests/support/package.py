"""A workbook as the parts its file holds, with the titles a person sees. For the lint; reads only own files."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

RIBBON = "customUI/customUI14.xml"

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its title, its XML and that of its tables."""

    title: str
    root: Element
    tables: tuple[Element, ...]

    def all(self, tag: str) -> Iterator[Element]:
        """Every element of this name, whichever edition of the format it belongs to."""
        return self.root.iterfind(f".//{{*}}{tag}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula text of the file and what holds it: "cell", "validation", "format", "name" or "table"."""

    place: str
    text: str
    holder: str


@dataclass(frozen=True, slots=True)
class Package:
    """The worksheets, defined names, shared strings, VBA name and ribbon of a workbook."""

    sheets: tuple[Sheet, ...]
    names: tuple[Element, ...]
    strings: tuple[str, ...]
    code_name: str
    ribbon: Element | None

    def text(self, cell: Element) -> str | None:
        """The text of a text cell; None for any other."""
        kind = cell.get("t")
        if kind == "s":
            return self.strings[int(cell.findtext("{*}v", "0"))]
        if kind == "inlineStr":
            return _joined(cell)
        return cell.findtext("{*}v", "") if kind == "str" else None

    def formulas(self) -> Iterator[Formula]:  # noqa: C901 - one place after another where a formula can stand
        """Every formula of every part that can hold one."""
        for name in self.names:
            yield Formula(f"name {name.get('name')}", name.text or "", "name")
        for sheet in self.sheets:
            for cell in sheet.all("c"):
                if text := cell.findtext("{*}f"):
                    yield Formula(f"{sheet.title}!{cell.get('r')}", text, "cell")
            for holder, tag, parts in (
                ("validation", "dataValidation", ("formula1", "formula2")),
                ("format", "cfRule", ("formula", "f")),
            ):
                for rule in sheet.all(tag):
                    for part in parts:
                        for element in rule.iterfind(f".//{{*}}{part}"):
                            if text := "".join(element.itertext()).strip():
                                yield Formula(f"{sheet.title} {holder} {_where(rule)}", text, holder)
            for table in sheet.tables:
                for column in table.iterfind(".//{*}tableColumn"):
                    for element in column.iterfind("{*}calculatedColumnFormula"):
                        place = f"{sheet.title} {table.get('displayName')}[{column.get('name')}]"
                        yield Formula(place, element.text or "", "table")


def _where(rule: Element) -> str:
    return rule.get("sqref") or rule.get("priority") or rule.findtext("{*}sqref") or ""


def read(path: Path) -> Package:
    """The parts of the workbook that a lint needs."""
    with zipfile.ZipFile(path) as zipped:
        book = ElementTree.fromstring(zipped.read("xl/workbook.xml"))
        targets = {relation.get("Id"): target for relation, target in _relations(zipped, "xl/workbook.xml")}
        strings: tuple[str, ...] = ()
        if "xl/sharedStrings.xml" in zipped.namelist():
            shared = ElementTree.fromstring(zipped.read("xl/sharedStrings.xml"))
            strings = tuple(_joined(item) for item in shared.iterfind("{*}si"))
        sheets = tuple(
            _sheet(zipped, entry.get("name", ""), targets[entry.get(_RELATION)])
            for entry in book.iterfind(".//{*}sheet")
            if "/worksheets/" in targets[entry.get(_RELATION)]
        )
        properties = book.find("{*}workbookPr")
        code_name = "" if properties is None else properties.get("codeName", "")
        ribbon = ElementTree.fromstring(zipped.read(RIBBON)) if RIBBON in zipped.namelist() else None
        return Package(sheets, tuple(book.iterfind(".//{*}definedName")), strings, code_name, ribbon)


def _sheet(zipped: zipfile.ZipFile, title: str, part: str) -> Sheet:
    tables = tuple(
        ElementTree.fromstring(zipped.read(target))
        for relation, target in _relations(zipped, part)
        if relation.get("Type", "").endswith("/table")
    )
    return Sheet(title, ElementTree.fromstring(zipped.read(part)), tables)


def _relations(zipped: zipfile.ZipFile, part: str) -> list[tuple[Element, str]]:
    """The relations of a part, each with the name of the member it points to."""
    folder, name = posixpath.split(part)
    listing = f"{folder}/_rels/{name}.rels"
    if listing not in zipped.namelist():
        return []
    return [
        (relation, posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"))
        for relation in ElementTree.fromstring(zipped.read(listing))
    ]


def _joined(element: Element) -> str:
    """The text of a string with or without rich runs, phonetic help left out."""
    return "".join(
        run.text or ""
        for part in element
        for run in ([part] if part.tag.endswith("}t") else part.iterfind("{*}t"))
        if not part.tag.endswith("}rPh")
    )


def unescape(text: str) -> str:
    """`_x000a_` as the character it stands for."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
