"""A blank template of a kind: the texts printed in it, and which of its cells must be filled in first of all.

Whoever has lost a sheet gets it back blank; this tells what would be wrong with it then.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineWorkbook

from kemitraan_xl.book.finish import reference_date
from kemitraan_xl.book.periksa import ONE_ROW
from kemitraan_xl.book.template import SHEETS, build_template
from kemitraan_xl.examine import examine
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.marks import Spot
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.restore import required
from validation.contract import tables
from validation.findings import Finding
from validation.language import HOME


@cache
def _blank(kind: str, bahasa: str = HOME) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "templat.xlsx")
        build_template(kind, path, mitra="", bahasa=bahasa)
        return path.read_bytes()


@cache
def printed(kind: str, bahasa: str) -> frozenset[str]:
    """Every text of a blank template of this kind in this language."""
    book = CalamineWorkbook.from_filelike(BytesIO(_blank(kind, bahasa)))
    grids = [book.get_sheet_by_name(name).to_python() for name in SHEETS[kind]]
    return frozenset(cell for grid in grids for row in grid for cell in row if isinstance(cell, str) and cell)


@cache
def asked(kind: str, sheet: str) -> Sequence[tuple[Spot, str]]:
    """The cells of a blank sheet without which a return of this kind cannot be accepted, each with its remedy."""
    reading = read_bytes(_blank(kind))
    (findings,) = examine([reading], reference_date(), load(), load().choose()).findings
    errors = [finding for finding in findings if finding.level == "E" and finding.sheet == sheet]
    return [pair for finding in errors for pair in _cells(kind, finding, reading)]


def _cells(kind: str, finding: Finding, reading: FileReading) -> Sequence[tuple[Spot, str]]:
    """The cell of a finding; of one that asks for a row, those that the first row must have."""
    if finding.check.key in ONE_ROW:
        (table,) = (table for table in tables().values() if finding.check in table.checks and kind in table.kinds)
        return [(Spot(table.name, check.column, 0), check.remedy) for check in required(table.name, kind)]
    return [
        (Spot(name, column, index), finding.remedy)
        for name, extract in reading.tables.items()
        for column in extract.columns
        for index in range(len(extract.rows))
        if (extract.sheet, extract.cell(column, index)) == (finding.sheet, finding.cell)
    ]
