"""What the formulas of a workbook give, by three engines, in one form that can be compared.

Each function returns {(sheet, cell): value} for every cell that holds a formula. Values are float, bool, str
or an error's name ("#N/A"); dates are serial numbers, an empty text is "". None of the three trusts the
values stored in the file.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import cellrune
import formulon
import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from support import office

Value = float | bool | str
Values = dict[tuple[str, str], Value]


def on_day(master: Path, today: dt.date, target: Path) -> Path:
    """The master with the day held on Beranda, so that every engine judges time by the same day."""
    (place,) = openpyxl.load_workbook(master).defined_names["tanggal_beku"].destinations
    sheet, cell = place[0], place[1].replace("$", "")
    with cellrune.Workbook.open_path(master) as book:
        book.set_number(sheet, cell, float(to_excel(today)))
        book.calculate()
        target.write_bytes(book.to_bytes())
    return target


def values_cellrune(path: Path, today: dt.date | None = None) -> Values:
    """By cellrune. `today` is what TODAY() gives. A cell it cannot do comes as "unavailable: CODE"."""
    serial = None if today is None else float(to_excel(today))
    found: Values = {}
    with cellrune.Workbook.open_path(path) as book:
        book.calculate(today_serial=serial, now_serial=serial)
        for sheet in book.summary()["sheets"]:
            if sheet["used_range"] is None:
                continue
            start, _, end = sheet["used_range"].partition(":")
            offset: int | None = 0
            while offset is not None:
                page = book.read_range(sheet["name"], start, end or start, offset=offset, omit_empty=True)
                offset = page["next_offset"]
                for cell in page["cells"]:
                    if cell["calculated"] is not None:
                        found[sheet["name"], cell["address"]] = _cellrune_value(cell["calculated"])
    return found


def _cellrune_value(result: cellrune.CalculationResult) -> Value:
    if result["kind"] == "unavailable":
        return f"unavailable: {result['code']}"
    value = result["value"]
    if value["kind"] == "blank":
        return ""
    if value["kind"] == "unsupported":
        return "unavailable: unsupported"
    return value["value"]


def values_formulon(path: Path, today: dt.date | None = None) -> Values:
    """By formulon. `today` is what TODAY() gives. Its start alone takes some seconds."""
    found: Values = {}
    with formulon.Workbook.load(path.read_bytes()) as book:
        if today is not None:
            book.set_pinned_now(today.year, today.month, today.day)
        book.recalc()
        for index in range(book.sheet_count()):
            name = book.sheet_name(index)
            for cell in book.iter_cells(index):
                if cell.formula:
                    address = f"{get_column_letter(cell.col + 1)}{cell.row + 1}"
                    found[name, address] = _formulon_value(cell.value)
    return found


def _formulon_value(value: formulon.Value) -> Value:
    if value.error_code is not None:
        return formulon.error_display_name(value.error_code)
    plain = value.to_python()
    if plain is None:
        return ""
    return plain if isinstance(plain, float | bool | str) else f"unavailable: {value.kind.name}"


def values_libreoffice(path: Path) -> Values:
    """By LibreOffice, which takes the system's date for TODAY()."""
    with tempfile.TemporaryDirectory() as folder:
        recalculated = office.recalculate(path, Path(folder))
        book = openpyxl.load_workbook(recalculated, data_only=True)
    return {(name, address): _openpyxl_value(book[name][address].value) for name, address in formula_cells(path)}


def _openpyxl_value(value: object) -> Value:
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return float(to_excel(value))
    return float(value) if type(value) is int else value  # type: ignore[return-value]


def formula_cells(path: Path) -> list[tuple[str, str]]:
    """Where the formulas stand, by sheet and address; an array formula in every cell that it fills."""
    book = openpyxl.load_workbook(path)
    return [
        (sheet.title, place.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        for filled in (sheet[cell.value.ref] if isinstance(cell.value, ArrayFormula) else cell,)
        for line in (filled if isinstance(filled, tuple) else ((filled,),))
        for place in line
    ]


def differences(one: Values, other: Values, tolerance: float = 1e-9) -> list[str]:
    """Where two engines disagree, one line a cell; numbers may differ by `tolerance`, relative above 1."""
    found = []
    for key in sorted(one.keys() | other.keys()):
        left, right = one.get(key), other.get(key)
        if left == right and type(left) is type(right):
            continue
        if type(left) is float and type(right) is float and abs(left - right) <= tolerance * max(1, abs(left)):
            continue
        found.append(f"{key[0]}!{key[1]}: {left!r} {right!r}")
    return found
