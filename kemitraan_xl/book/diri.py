"""What is wrong with the rows that a master is built from, as rows of its own sheet Temuan."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from kemitraan_xl.book.catatan import HERE, Link, Text
from kemitraan_xl.book.induk import Induk
from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.sheets import Row
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.master import settings_of
from validation.findings import Finding


def finding_rows(book: Induk, today: date) -> list[list[Text]]:
    """The findings about what was typed, the gravest first, each with the way to its cell in this workbook."""
    from kemitraan_xl.examine import examine  # needed only here, and slow to load
    from kemitraan_xl.standing import owners_of

    reading = _reading(book)
    if not any(extract.rows for name, extract in reading.tables.items() if name != "pengaturan"):
        return []
    (findings,) = examine([reading], today, book.pedoman, settings_of(reading, book.pedoman)).findings
    owners = owners_of(reading)
    return [finding_row(finding, owners.get((finding.sheet, finding.cell), "")) for finding in findings]


def finding_row(finding: Finding, owner: str) -> list[Text]:
    """A finding about this workbook with the code of the partner whose row it is in; columns as in `catatan.TEMUAN`."""
    cell: Text = Link(finding.cell, finding.sheet, finding.cell) if finding.cell else ""
    about = (owner, finding.column, finding.level, finding.code, finding.value, finding.message, finding.remedy)
    return [HERE, finding.sheet, cell, *about]


def _reading(book: Induk) -> FileReading:
    """The workbook being built as if it had been read: rows by the place where they were written."""
    tables = {name: _extract(placed, book.content.get(name, ())) for name, placed in book.placed.items()}
    return FileReading(identity={"jenis": "induk", "edisi": book.pedoman.edition}, tables=tables)


def _extract(placed: Rows, rows: Any) -> Extract:
    used: list[tuple[int, Row]] = [(index, row) for index, row in enumerate(rows) if row]
    names = [column.name for column in placed.columns if not column.computed]
    return Extract(
        table=placed.table.name,
        sheet=placed.sheet,
        columns={name: [row.get(name) for _, row in used] for name in names},
        rows=[placed.heading + 2 + index for index, _ in used],
        letters={name: xl_col_to_name(placed.at(name)) for name in names},
    )
