"""What a returned file says of a child is taken out of its reading before anything else sees it (II.A.4).

Only the file itself keeps it. Office contacts and document numbers (columns with `office`) are no such data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kemitraan_xl.intake.model import Arrival, Extract, Fault, FileReading
from kemitraan_xl.privacy import MARK, find, find_number, kind_label, mask, mask_name
from validation.contract import checks_by_key, tables
from validation.findings import Finding

CODE = "DT-01"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A reading with marks in place of what may identify a child, and one finding for each such cell.

    Without findings it is the very reading that was looked at.
    """

    reading: FileReading
    findings: Sequence[Finding]


def cleared(reading: FileReading) -> Cleared:
    """A reading as everything after it may know it: cells, stray texts, headings, sheet names and stamps."""
    found: list[Finding] = []
    extracts = {name: _extract(extract, found) for name, extract in reading.tables.items()}
    faults = [_fault(fault, found) for fault in reading.faults]
    stamps = {name: _text(value, "", "", "", found) for name, value in reading.identity.items()}
    titles = {extract.sheet for extract in reading.tables.values()} | {fault.sheet for fault in reading.faults}
    for title in sorted(titles):
        _text(title, mask_name(title), "", "", found)
    if not found:
        return Cleared(reading, ())
    return Cleared(replace(reading, tables=extracts, faults=faults, identity=stamps), found)


def _extract(extract: Extract, found: list[Finding]) -> Extract:
    """A table with marked cells; the very same when there is nothing to mark."""
    sheet, marked = mask_name(extract.sheet), {}
    for column in tables()[extract.table].columns:
        cells = extract.columns.get(column.name, ())
        if column.office or not any(map(_kinds, cells)):
            continue
        hits = {index: kinds for index, cell in enumerate(cells) if (kinds := _kinds(cell))}
        for index, kinds in hits.items():
            found.append(_finding(sheet, extract.cell(column.name, index), column.heading, kinds))
        marked[column.name] = [_marked(cell) if n in hits else cell for n, cell in enumerate(cells)]
    if sheet == extract.sheet and not marked:
        return extract
    return replace(extract, sheet=sheet, columns=extract.columns | marked)


@lru_cache(maxsize=1 << 14)  # the same cells stand in thousands of files
def _kinds(cell: Any) -> tuple[str, ...]:
    """The kinds of data in a cell, each once."""
    if isinstance(cell, str):
        return tuple(dict.fromkeys(hit.kind for hit in find(cell)))
    return ("identitas",) if isinstance(cell, (int, float)) and find_number(cell) else ()


def _marked(cell: Any) -> str:
    return mask(cell) if isinstance(cell, str) else MARK


def _fault(fault: Fault, found: list[Finding]) -> Fault:
    """A fault whose words are marked; what it quotes stands in the cell it names."""
    sheet, column = mask_name(fault.sheet), mask_name(fault.column)
    value, detail = (_text(text, sheet, fault.cell, column, found) for text in (fault.value, fault.detail))
    return replace(fault, sheet=sheet, column=column, value=value, detail=detail)


def _text(text: str, sheet: str, cell: str, column: str, found: list[Finding]) -> str:
    """A short text, marked; a finding goes to `found` if it held such data."""
    masked = mask_name(text)
    if masked != text:
        found.append(_finding(sheet, cell, column, _kinds(text) or _kinds(text.replace("_", " "))))
    return masked


def _finding(sheet: str, cell: str, column: str, kinds: Sequence[str]) -> Finding:
    """Tells the kind of data and the place, never the value."""
    return Finding(checks_by_key()[CODE], sheet, cell, column, "", ", ".join(map(kind_label, kinds)))


def with_safe_names(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The files under names that show no child's data; names that become the same are numbered."""
    masked = [mask_name(arrival.name) for arrival in arrivals]
    taken = {name for name, arrival in zip(masked, arrivals, strict=True) if name == arrival.name}
    return [replace(arrival, name=_free(name, arrival, taken)) for name, arrival in zip(masked, arrivals, strict=True)]


def _free(name: str, arrival: Arrival, taken: set[str]) -> str:
    if name == arrival.name:
        return name
    shown = next(one for one in _numbered(name) if one not in taken)
    taken.add(shown)
    return shown


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1
