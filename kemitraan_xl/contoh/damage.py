"""What people and their programs do to a returned workbook, by name; and the same file saved by another program.

Each change takes an open workbook and tells where a cell of the written file has gone: sheet and cell before,
sheet and cell after, None for a cell that is no more.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_from_string

from kemitraan_xl.book.finish import repack
from validation.contract import lists, tables

Spot = tuple[str, str]
Moved = Callable[[Spot], Spot | None]

#: The sheet whose formulas stay: nothing on it is read.
_LIVE = "Periksa"
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class _Form:
    """A table as it stands in an open workbook, found by its headings: cells by column name and row from 1."""

    def __init__(self, book: Any, name: str) -> None:
        table = tables()[name]
        columns = table.columns_in("usulan")
        self.sheet = book[table.sheet]
        wanted = {column.heading for column in columns}
        self.heading, texts = next(
            (number, cells)
            for number, cells in enumerate(self.sheet.iter_rows(values_only=True), start=1)
            if wanted <= set(cells)
        )
        self.places = {column.name: texts.index(column.heading) + 1 for column in columns}

    def __call__(self, column: str, number: int) -> Any:
        return self.sheet.cell(self.heading + number, self.places[column])


def stay(spot: Spot) -> Spot | None:
    """Every cell where it was."""
    return spot


def leave_alone(book: Any) -> Moved:  # noqa: ARG001 - the same signature as all changes
    """Only saved once more."""
    return stay


def insert_row(book: Any) -> Moved:
    """A blank row between the first and the second programme."""
    plan = _Form(book, "rencana_kerja")
    added = plan.heading + 2
    plan.sheet.insert_rows(added)

    def moved(spot: Spot) -> Spot | None:
        letters, row = coordinate_from_string(spot[1])
        return (spot[0], f"{letters}{row + 1}") if spot[0] == plan.sheet.title and row >= added else spot

    return moved


def rename_heading_slightly(book: Any) -> Moved:
    """Kelompok Sasaran under a slightly different heading."""
    _Form(book, "rencana_kerja")("kelompok_sasaran", 0).value += "nya"
    return stay


def rename_heading(book: Any) -> Moved:
    """Kegiatan-kegiatan under a heading of the partner's own."""
    _Form(book, "rencana_kerja")("kegiatan", 0).value = "Apa yang akan kami kerjakan"
    return stay


def drop_sheet(book: Any) -> Moved:
    """The sheet Indikator deleted."""
    title = tables()["indikator"].sheet
    del book[title]
    return lambda spot: None if spot[0] == title else spot


def swap_columns(book: Any) -> Moved:
    """Waktu and Biaya in each other's place, headings and all."""
    plan = _Form(book, "rencana_kerja")
    for number in range(plan.sheet.max_row - plan.heading + 1):
        left, right = plan("waktu", number), plan("biaya", number)
        left.value, right.value = right.value, left.value
        left.number_format, right.number_format = right.number_format, left.number_format
    names = plan("waktu", 0).column_letter, plan("biaya", 0).column_letter
    swapped = dict(zip(names, reversed(names), strict=True))

    def moved(spot: Spot) -> Spot | None:
        letters, row = coordinate_from_string(spot[1])
        return (spot[0], f"{swapped.get(letters, letters)}{row}") if spot[0] == plan.sheet.title else spot

    return moved


def leave_error(book: Any) -> Moved:
    """A formula whose target was deleted: #REF! instead of Kelompok Sasaran."""
    cell = _Form(book, "rencana_kerja")("kelompok_sasaran", 2)
    cell.value, cell.data_type = "#REF!", "e"
    return stay


def leave_formula(book: Any) -> Moved:
    """Lokasi copied from the row above by a formula that no program has calculated."""
    plan = _Form(book, "rencana_kerja")
    plan("lokasi", 2).value = f"={plan('lokasi', 1).coordinate}"
    return stay


def merge_cells(book: Any) -> Moved:
    """One Lokasi for two programmes in a merged cell."""
    plan = _Form(book, "rencana_kerja")
    plan.sheet.merge_cells(f"{plan('lokasi', 1).coordinate}:{plan('lokasi', 2).coordinate}")
    return stay


def type_low_level(book: Any) -> Moved:
    """Tingkat Risiko of the second risk typed over its formula."""
    _Form(book, "matriks_risiko")("tingkat_risiko", 2).value = lists()["tingkat_risiko"]["2"].label
    return stay


def rename_and_add_sheet(book: Any) -> Moved:
    """Rencana Kerja under another title, and a sheet of notes."""
    sheet = _Form(book, "rencana_kerja").sheet
    old, sheet.title = sheet.title, "Renja"
    book.create_sheet("Catatan").cell(1, 1, "Mohon dihubungi lewat surel kantor.")
    return lambda spot: (sheet.title, spot[1]) if spot[0] == old else spot


CHANGES: dict[str, Callable[[Any], Moved]] = {
    change.__name__: change
    for change in (
        insert_row,
        rename_heading_slightly,
        rename_heading,
        drop_sheet,
        swap_columns,
        leave_error,
        leave_formula,
        merge_cells,
        type_low_level,
        rename_and_add_sheet,
    )
}


def changed(path: Path, change: Callable[[Any], Moved], today: date) -> tuple[bytes, Moved]:
    """The workbook at `path` after a change, saved by openpyxl with fixed times, and where its cells have gone.

    openpyxl forgets the values of formulas: on the sheets that are read, values take their place.
    """
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f" and sheet.title != _LIVE:
                cell.value = values[sheet.title][cell.coordinate].value
    moved = change(book)
    buffer = BytesIO()
    book.save(buffer)
    return repack(_with_time(buffer.getvalue(), today)), moved


def _with_time(data: bytes, today: date) -> bytes:
    """The same zip, saved at the beginning of `today` by its own account."""
    fixed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(fixed, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _TIME.sub(f"{today}T00:00:00Z".encode(), content)
            target.writestr(member.filename, content)
    return fixed.getvalue()
