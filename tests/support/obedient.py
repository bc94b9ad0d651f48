"""An obedient partner: repairs a returned file by what that file itself says, and knows nothing else.

It reads the sheet Hasil Periksa row by row, and of each cell named there the note, the dropdown and the cells
beside it. What the remedy says is done to the letter; a remedy that does not say enough is not made up for.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from validation.periods import MONTHS

RESULT = "Hasil Periksa"
OPEN = "Belum"
_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_SHOWN = re.compile(rf"(?:misalnya|seperti) ({_DAY}|[^;,.]*?(?:\.\d+[^;,.]*)*?)(?:,| atau |;|\.$|\. |$)")
_AFTER = re.compile(rf"(?:sesudah|sejak|mulai) .*?({_DAY})")
_INSTEAD = re.compile(r"(?:menjadi|sama dengan [^:]*): ([^.]+)\.")
_ELSEWHERE = re.compile(r"Tulis (\d+) pada kolom ([^,.]+)")
_CHANGE = re.compile(r"(Tambahkan|Kurangkan) (\d+) (?:pada|dari)")
_NUMBER = re.compile(r"nomornya (\d+)")
#: What asks the partner to judge something that only the partner knows; where it need not change, it stays.
_JUDGE = ("Bila ", "Periksa ")
_SEEN = 200, 30  #: rows and columns that the partner scrolls through
_CHOICE = re.compile(r"Mungkin maksudnya: ([^.]+)\.")


def tasks(path: Path) -> list[dict[str, Any]]:
    """The rows of Hasil Periksa whose cell has not been changed yet, by heading."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(RESULT).to_python()
    heading = next(number for number, row in enumerate(rows) if "Saran" in row)
    found = [dict(zip(map(str, rows[heading]), row, strict=True)) for row in rows[heading + 1 :]]
    return [task for task in found if task["Keadaan"] == OPEN]


def answers(path: Path, least: bool = False) -> dict[tuple[str, str], Any]:
    """What the partner writes, by sheet and cell; with `least` only what must be mended (E)."""
    return _answers(openpyxl.load_workbook(path), tasks(path), least)


def _answers(book: Any, asked: list[dict[str, Any]], least: bool) -> dict[tuple[str, str], Any]:
    found = {}
    for task in (task for task in asked if task["Sel"] and not _left_alone(task, least)):
        sheet = book[task["Lembar"]]
        elsewhere = _ELSEWHERE.search(task["Saran"])
        if elsewhere:
            cells = (cell for row in sheet.iter_rows() for cell in row if cell.value == elsewhere[2])
            beside = sheet.cell(sheet[task["Sel"]].row, next(cells).column)
            found[sheet.title, beside.coordinate] = int(elsewhere[1])
        else:
            found[sheet.title, task["Sel"]] = _answer(task, book, sheet)
    return found


def _left_alone(task: dict[str, Any], least: bool) -> bool:
    return task["Tingkat"][0] == "W" and (least or task["Saran"].startswith(_JUDGE))


def repair(path: Path, target: Path, least: bool = False) -> int:
    """The file at `path` with every answer written into it, saved at `target`; how many cells that were."""
    book = openpyxl.load_workbook(path)
    found = _answers(book, tasks(path), least)
    for (sheet, cell), value in found.items():
        book[sheet][cell] = value
    book.save(target)
    return len(found)


def copy_over(path: Path, template: Path, target: Path) -> int:
    """What was typed in the file, copied into another template of the same kind, saved at `target`; how many cells."""
    source, book = openpyxl.load_workbook(path), openpyxl.load_workbook(template)
    copied = 0
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        for row in source[sheet.title].iter_rows(max_row=_SEEN[0], max_col=_SEEN[1]):
            for cell in row:
                there = sheet[cell.coordinate]
                if cell.value is not None and cell.data_type != "f" and there.value is None:
                    there.value = cell.value
                    copied += 1
    book.save(target)
    return copied


def _answer(task: dict[str, Any], book: Any, sheet: Worksheet) -> Any:
    remedy, cell = task["Saran"], task["Sel"]
    note = sheet[cell].comment.text if sheet[cell].comment else ""
    choices = _choices(book, sheet, cell)
    if meant := _CHOICE.search(remedy):
        return meant[1]
    if (told := _figure(remedy, sheet[cell].value)) is not None:
        return told
    if remedy.startswith("Isi Ya"):
        return "Ya"
    if after := _AFTER.search(remedy):
        return _day(after[1]) + timedelta(days=30)
    if choices and not remedy.startswith("Tulis"):
        return next((choice for choice in choices if str(choice) in remedy), choices[0])
    if instead := _INSTEAD.search(remedy):
        return instead[1]
    if shown := _SHOWN.search(remedy):
        return _typed(shown[1])
    example = note.partition("\nContoh: ")[2]
    if example:
        return _typed(example.strip())
    if "angka" in remedy or "nomor" in remedy or "bilangan" in remedy:
        return 1
    return f"{task['Kolom']} disusun bersama mitra dan diperiksa setiap bulan."


def _figure(remedy: str, now: Any) -> int | None:
    """The number that a remedy tells: one to be written, or by how much the cell has to change."""
    if change := _CHANGE.search(remedy):
        return int(now) + int(change[2]) * (1 if change[1] == "Tambahkan" else -1)
    number = _NUMBER.search(remedy)
    return int(number[1]) if number else None


def _typed(text: str) -> Any:
    """A number where only digits stand, else the text."""
    return int(text) if text.isdigit() else text


def _day(text: str) -> datetime:
    day, month, year = text.split()
    return datetime.combine(date(int(year), MONTHS.index(month) + 1, int(day)), datetime.min.time())


def _choices(book: Any, sheet: Worksheet, cell: str) -> list[Any]:
    """What the dropdown of a cell offers."""
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and cell in rule.sqref:
            (title, area), *_ = book.defined_names[rule.formula1.lstrip("=")].destinations
            cells = book[title][area]
            return [one.value for row in cells for one in row] if isinstance(cells, tuple) else [cells.value]
    return []
