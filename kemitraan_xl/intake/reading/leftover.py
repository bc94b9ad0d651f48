"""What a returned file holds beyond what was read from it: values that would be lost when it goes back.

Printed text of the template is no value, nor are the numbers of blank rows. Only for files that the reader has
read whole before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from kemitraan_xl.intake.gate.guard import look
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.intake.reading.locate import NUMBER, STAMP, letters, split
from kemitraan_xl.intake.reading.rows import clean
from kemitraan_xl.intake.refusal import Refused
from kemitraan_xl.marks import RESULT, SPARE, Spare
from kemitraan_xl.privacy import mask_name
from validation.contract import fold

#: Sheets on which no partner is asked for anything.
_PRINTED = frozenset(map(fold, ("Petunjuk", "Periksa", "Ref", RESULT)))
#: Faults that name the heading above values that were not used, or was read as another.
_HEADINGS = ("ST-04", "ST-05", "ST-07")
_MOST = 20_000  #: cells; a file with more beside its tables is no template any more


def leftovers(data: bytes, reading: FileReading, printed: Collection[str]) -> list[Spare]:
    """Every value in the file that is in no table of `reading`; `printed` are the texts of a blank template.

    Sheets go by the names they have in the reading; one that cannot be parsed has no values. What an earlier
    Isian Lain lists comes as it is listed there.
    """
    looked = look(data)
    texts = frozenset(map(fold, printed))
    found: list[Spare] = []
    for sheet in looked.sheets:
        if sheet.part and fold(sheet.title) not in _PRINTED:
            try:
                book = CalamineWorkbook.from_filelike(BytesIO(looked.workbook([sheet.title])))
                grid = book.get_sheet_by_name(sheet.title)
            except (Refused, CalamineError):
                continue
            if fold(sheet.title) == fold(SPARE):
                found += _listed(grid.to_python())
            else:
                found += _unread(mask_name(sheet.title), _cells(grid), reading, texts)
    return found[:_MOST]


def _cells(grid: CalamineSheet) -> Iterator[tuple[int, str, Any]]:
    """Excel's row, Excel's column and the value of every filled cell."""
    top, left = grid.start or (0, 0)
    for number, row in enumerate(grid.to_python(), start=top + 1):
        for column, cell in enumerate(row, start=left):
            value = clean(cell)
            if value is not None:
                yield number, letters(column), value


def _unread(
    title: str, cells: Iterator[tuple[int, str, Any]], reading: FileReading, printed: Collection[str]
) -> Iterator[Spare]:
    extracts = [extract for extract in reading.tables.values() if extract.sheet == title]
    used = {cell for extract in extracts for cell in _read(extract)}
    numbers = {extract.letters.get(NUMBER, "") for extract in extracts}
    heads = [fault for fault in reading.faults if fault.sheet == title and fault.key in _HEADINGS and fault.cell]
    above = {letters(split(fault.cell)[1]): (split(fault.cell)[0], fault.value or fault.column) for fault in heads}
    used |= {fault.cell for fault in heads}
    for row, column, value in cells:
        cell = f"{column}{row}"
        number = column in numbers and isinstance(value, int)
        text = isinstance(value, str) and (value.startswith(STAMP) or fold(value) in printed)
        if cell in used or number or text:
            continue
        top, heading = above.get(column, (row, ""))
        yield Spare(title, cell, heading if row > top else "", value)


def _read(extract: Extract) -> Iterator[str]:
    """The address of every cell that is in the table."""
    for column in extract.columns:
        yield from (extract.cell(column, index) for index in range(len(extract.rows)))


def _listed(rows: list[list[Any]]) -> Iterator[Spare]:
    """The values of an earlier Isian Lain: below its heading row, four columns."""
    width = 4
    listed = [[clean(cell) for cell in row[:width]] for row in rows]
    heading = next((number for number, row in enumerate(listed) if len(row) == width and None not in row), len(listed))
    for row in listed[heading + 1 :]:
        if len(row) == width and row[-1] is not None:
            sheet, cell, above = ("" if part is None else str(part) for part in row[:-1])
            yield Spare(sheet, cell, above, row[-1])
