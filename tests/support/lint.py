"""What no validator sees, and Excel answers with "We found a problem with some content" or a wrong value.

`lint(path)` gives lines "code: place: what". The limits are Excel's; the rule about functions is the
project's own: only those of Excel 2013 that LibreOffice 7.4 has too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from support import functions
from support.package import LAST_COLUMN, LAST_ROW, Formula, Package, Sheet, read, unescape

TEXT_LIMIT = 32_767
FORMULA_LIMIT = 8_192
LITERAL_LIMIT = 255  # a text inside a formula, and the whole formula of a validation
PROMPT_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}

_ADDRESS = re.compile(r"\$?([A-Z]{1,4})\$?(\d+)")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_QUOTED_SHEET = re.compile(r"'(?:[^']|'')*'!")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_CALL = re.compile(r"([A-Za-z_][\w.]*)\(")


def lint(path: Path) -> list[str]:
    """Every fault of the workbook; an empty list means that the rules below hold."""
    package = read(path)
    found = [fault for rule in SHEET_RULES for sheet in package.sheets for fault in rule(package, sheet)]
    tables = {table.get("displayName", "").upper() for sheet in package.sheets for table in sheet.tables}
    for formula in package.formulas():
        found += [f"{code}: {formula.place}: {what}" for code, what in formula_faults(formula, tables)]
    return [*found, *text_length(package), *names(package), *code_names(package), *ribbon(package)]


# ---- sheets ---------------------------------------------------------------------------------------------- #


def references(package: Package, sheet: Sheet) -> Iterator[str]:
    """An address beyond the last row or column."""
    for element in sheet.root.iter():
        for attribute in ("ref", "sqref", "activeCell", "topLeftCell"):
            for letters, row in _ADDRESS.findall(element.get(attribute, "")):
                if int(row) > LAST_ROW or _column(letters) > LAST_COLUMN:
                    yield f"reference: {sheet.title}: {element.get(attribute)}"


def priorities(package: Package, sheet: Sheet) -> Iterator[str]:
    """Two conditional formats of one sheet with the same priority."""
    used = Counter(rule.get("priority") for rule in sheet.all("cfRule") if rule.get("priority"))
    for priority, times in used.items():
        if times > 1:
            yield f"priority: {sheet.title}: {priority} is used {times} times"


def prompts(package: Package, sheet: Sheet) -> Iterator[str]:
    """A message of a validation, or its title, longer than Excel takes."""
    for rule in sheet.all("dataValidation"):
        where = f"{sheet.title} {rule.get('sqref', '')}"
        for attribute, limit in PROMPT_LIMITS.items():
            length = len(unescape(rule.get(attribute, "")))
            if length > limit:
                yield f"prompt: {where}: {attribute} has {length} characters, {limit} are allowed"


def merges(package: Package, sheet: Sheet) -> Iterator[str]:
    """Merged areas that overlap each other or a table."""
    areas = [element.get("ref", "") for element in sheet.all("mergeCell")]
    areas += [table.get("ref", "") for table in sheet.tables]
    for one, other in combinations(areas, 2):
        left, top, right, bottom = range_boundaries(one)
        left2, top2, right2, bottom2 = range_boundaries(other)
        if left <= right2 and left2 <= right and top <= bottom2 and top2 <= bottom:
            yield f"merge: {sheet.title}: {one} overlaps {other}"


def order(package: Package, sheet: Sheet) -> Iterator[str]:
    """Rows, or cells within a row, that do not rise."""
    last_row = 0
    for row in sheet.all("row"):
        number = int(row.get("r", "0"))
        if number <= last_row:
            yield f"order: {sheet.title}: row {number} after row {last_row}"
        last_row, last_column = number, 0
        for cell in row.iterfind("{*}c"):
            letters, digits = _split(cell.get("r", ""))
            if _column(letters) <= last_column or digits != number:
                yield f"order: {sheet.title}: cell {cell.get('r')} in row {number}"
            last_column = _column(letters)


def table_columns(package: Package, sheet: Sheet) -> Iterator[str]:
    """A table whose column names are not unique, or not the texts of its heading cells."""
    for table in sheet.tables:
        where = f"{sheet.title} {table.get('displayName')}"
        columns = [unescape(column.get("name", "")) for column in table.iterfind(".//{*}tableColumn")]
        for name, times in Counter(column.casefold() for column in columns).items():
            if times > 1:
                yield f"table-column: {where}: {name!r} stands {times} times"
        if table.get("headerRowCount") == "0":
            continue
        left, top, right, _ = range_boundaries(table.get("ref"))
        cells = {cell.get("r"): cell for cell in sheet.all("c") if _split(cell.get("r", ""))[1] == top}
        addresses = [f"{get_column_letter(number)}{top}" for number in range(left, right + 1)]
        headings = [unescape(package.text(cells[address]) or "") if address in cells else "" for address in addresses]
        if headings != columns:
            yield f"table-header: {where}: {columns} but the cells say {headings}"


SHEET_RULES = (references, priorities, prompts, merges, order, table_columns)


# ---- formulas -------------------------------------------------------------------------------------------- #


def formula_faults(formula: Formula, tables: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one formula: (code, what)."""
    text = formula.text
    if text.startswith("="):
        yield "formula", "begins with ="
    if len(text) > FORMULA_LIMIT:
        yield "formula", f"has {len(text)} characters, {FORMULA_LIMIT} are allowed"
    if formula.holder == "validation" and len(text.strip('"')) > LITERAL_LIMIT:
        yield "list-length", f"has {len(text)} characters, {LITERAL_LIMIT} are allowed"
    elif any(len(literal.replace('""', '"')) > LITERAL_LIMIT for literal in _LITERAL.findall(text)):
        yield "formula-text", f"a text has more than {LITERAL_LIMIT} characters"
    bare = _QUOTED_SHEET.sub("", _LITERAL.sub('""', text))
    yield from structured_faults(formula, bare, tables)
    without_columns = _BRACKETS.sub("", _BRACKETS.sub("", bare))
    for written in dict.fromkeys(_CALL.findall(without_columns)):
        if why := functions.fault(written):
            yield "function", why


def structured_faults(formula: Formula, bare: str, tables: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with references to tables. `bare` is the formula without its texts."""
    if formula.holder in ("validation", "format") and "[" in bare:
        yield "structured", "a validation or format cannot refer to a table; give the range a name"
    if re.search(r"\[#This Row\],(?!\[)", bare) or re.search(r"(?<![\w.\[])\[\[?#This Row", bare):
        yield "this-row", "must be Table[[#This Row],[Column]]"
    if "[@" in bare:
        yield "this-row", "[@Column] is what Excel shows, not what a file holds"
    if re.search(r"\w\[#(Headers|All|Data|Totals)\]", bare):
        yield "structured", "LibreOffice 7.4 reads Table[#...] wrongly; write Table[[#...],[Column]]"
    for word in re.findall(r"[A-Za-z_][\w.]*(?![\w.\[(!])", bare):
        if word.upper() in tables:
            yield "structured", f"LibreOffice 7.4 counts the heading of a bare {word}; write {word}[]"


# ---- texts and names ------------------------------------------------------------------------------------- #


def text_length(package: Package) -> Iterator[str]:
    """A cell text longer than a cell may hold."""
    for sheet in package.sheets:
        for cell in sheet.all("c"):
            length = len(package.text(cell) or "")
            if length > TEXT_LIMIT:
                yield f"text-length: {sheet.title}!{cell.get('r')}: {length} characters, {TEXT_LIMIT} are allowed"


def names(package: Package) -> Iterator[str]:
    """A defined name that Excel takes for an address, or cannot take at all."""
    for element in package.names:
        name = element.get("name", "")
        letters, row = _split(name.upper())
        like_cell = 0 < row <= LAST_ROW and 0 < len(letters) <= 3 and _column(letters) <= LAST_COLUMN
        if like_cell or re.fullmatch(r"R\d*C?\d*|C\d*", name, re.IGNORECASE):
            yield f"name: {name}: is read as an address"
        if not re.fullmatch(r"[^\W\d][\w.\\]{0,254}|\\[\w.\\]{0,254}", name):
            yield f"name: {name}: is no name"


# ---- VBA and ribbon --------------------------------------------------------------------------------------- #


def code_names(package: Package) -> Iterator[str]:
    """Names by which VBA knows the workbook and its sheets: all or none, each a name, none used twice."""
    named = {sheet.title: entry.get("codeName", "") for sheet in package.sheets for entry in sheet.all("sheetPr")}
    codes = [package.code_name, *(named.get(sheet.title, "") for sheet in package.sheets)]
    if not any(codes):
        return
    for code, times in Counter(code.casefold() for code in codes).items():
        if not re.fullmatch(r"[^\W\d_]\w{0,30}", code):
            yield f"code-name: {code!r} is no name"
        if times > 1:
            yield f"code-name: {code!r} is used {times} times"


def ribbon(package: Package) -> Iterator[str]:
    """Controls of the ribbon: one id each, none used twice; nothing both given and asked for."""
    controls = [] if package.ribbon is None else list(package.ribbon.iterfind(".//{*}tabs//*"))
    for identity, times in Counter(control.get("id", "").casefold() for control in controls).items():
        if identity and times > 1:
            yield f"ribbon: {identity!r} is used {times} times"
    for control in controls:
        where = f"{control.tag.rpartition('}')[2]} {control.get('id')}"
        if len({"id", "idMso", "idQ"} & control.attrib.keys()) != 1:
            yield f"ribbon: {where}: needs one of id, idMso and idQ"
        for given in ("label", "screentip", "image", "size", "visible", "enabled"):
            if {given, f"get{given.capitalize()}"} <= control.attrib.keys():
                yield f"ribbon: {where}: {given} is both given and asked for"
        if {"image", "imageMso"} <= control.attrib.keys():
            yield f"ribbon: {where}: has two pictures"


# ---- addresses ------------------------------------------------------------------------------------------- #


def _split(address: str) -> tuple[str, int]:
    """("B", 7) of "B7"; ("", 0) when it is no address."""
    match = re.fullmatch(r"([A-Z]+)(\d+)", address)
    return (match[1], int(match[2])) if match else ("", 0)


def _column(letters: str) -> int:
    """The number of a column, also of one that Excel does not have."""
    return column_index_from_string(letters) if len(letters) <= 3 else LAST_COLUMN + 1
