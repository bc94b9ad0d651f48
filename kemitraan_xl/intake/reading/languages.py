"""A template in another language, read as if it were in the guideline's: headings first, then entries of lists.

Such a template has the translation of a heading below it, in the same cell, and that of an entry behind it; who fills
it in may also type the translation alone. From here on nobody needs to know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from kemitraan_xl.intake.model import Extract
from kemitraan_xl.intake.reading.locate import Form, Grid, key
from validation.contract import tables
from validation.language import at_home, language, languages, official

_FEW = 2  #: headings in one row that make it a heading row, whatever their translations are


def read_headings(grids: Iterable[Grid]) -> str:
    """Put the official heading where its translation stands below it; returns their language, "" if there is none.

    A translation that was issued once and changed since is known by where it stands: in a row of such headings, or
    as the first text of a row.
    """
    found = ""
    for grid in grids:
        for row in grid.rows:
            pairs = {n: cell for n, cell in enumerate(row) if cell.__class__ is str and "\n" in cell}
            known = {n: _headings()[key(cell)] for n, cell in pairs.items() if key(cell) in _headings()}
            alike = {n: official(cell) for n, cell in pairs.items() if key(official(cell)) in _official()}
            if len(alike) < _FEW:
                alike = {n: text for n, text in alike.items() if not any(map(_filled, row[:n]))}
            for n, text in (alike | {n: text for n, (text, _) in known.items()}).items():
                row[n] = text
            found = next((code for _, code in known.values()), found)
    return found


def _filled(cell: Any) -> bool:
    return cell != ""


def read_entries(extract: Extract, form: Form) -> Extract:
    """The table with the entries of its lists in the guideline's words."""
    for column in form.columns:
        if column.list and column.name in extract.columns:
            cells = extract.columns[column.name]
            extract.columns[column.name] = [at_home(column.list, c) if isinstance(c, str) else c for c in cells]
    return extract


@cache
def _headings() -> Mapping[str, tuple[str, str]]:
    """Every heading with its translation, as compared: the official one alone, and the language."""
    headings = {column.heading for table in tables().values() for column in table.columns}
    others = [language(code) for code in languages()[1:]]
    return {key(one.heading(h)): (h, one.code) for one in others for h in headings if h in one.words}


@cache
def _official() -> frozenset[str]:
    """Every heading that may have a translation, as compared."""
    return frozenset(key(heading) for heading, _ in _headings().values())
