"""The cells that either host hands to a worksheet function, as the rules read them, and answers as cells again.

Excel with Python on the PC (COM) sends floats, datetimes with a time zone, and a number for an argument left out; the
add-in server sends serial numbers for dates, "" or None for blanks, and a mapping for an error. A value that cannot
be used is a sentence in its own cell (`CellFault`); a call that makes no sense is a ValueError, one Indonesian
sentence. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from validation.contract import CodeList, fold
from validation.periods import FIRST_YEAR, LAST_YEAR
from validation.values import Reading, read_choice, read_date, read_number, read_text, read_tick

#: How COM hands over an argument that the formula leaves out.
_MISSING: Final = -2147352572

#: Errors as Excel writes them, and the numbers by which COM may hand them over.
_ERRORS: Final = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
_ERROR_TEXTS: Final = frozenset((*_ERRORS.values(), "#SPILL!", "#CALC!", "#BUSY!", "#GETTING_DATA", "#FIELD!"))

#: Begins the sentence in a cell whose value cannot be used.
FAULT: Final = "Galat: "

_EPOCH: Final = datetime(1899, 12, 30)  # day 0 of a spreadsheet's serial numbers
_LAST_SERIAL: Final = (datetime(LAST_YEAR, 12, 31) - _EPOCH).days

Row = list[Any]
Rows = list[Row]


class CellFault(ValueError):  # noqa: N818 - it is what the cell says
    """A cell whose value cannot be used; the sentence is shown instead of a result."""


class ErrorCell(str):
    """The text of a cell that holds an error ("#N/A")."""

    __slots__ = ()


# ---- what was handed over ---- #


def plain(cell: Any) -> Any:
    """A cell as None, bool, int, float, str, date or datetime, or an ErrorCell; whole numbers as int."""
    kind = cell.__class__  # nearly all cells of a long range are one of three
    if kind is str:
        return ErrorCell(cell) if cell in _ERROR_TEXTS else cell if cell.strip() else None
    if kind is float:
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else _finite(cell)
    return None if cell is None else _seldom(cell)


def _seldom(cell: Any) -> Any:
    match cell:
        case bool():
            return cell
        case int() if cell in _ERRORS or cell == _MISSING:
            return ErrorCell(_ERRORS[cell]) if cell in _ERRORS else None
        case float() | Decimal() | str():  # of a type of its own; a cell formatted as currency
            return plain(str(cell) if isinstance(cell, str) else float(cell))
        case datetime():
            naive = datetime(*cell.timetuple()[:6])
            return naive.date() if naive.time() == time() else naive
        case int() | date():
            return cell
        case Mapping():
            return _of_office(cell)
        case _:
            return ErrorCell("#VALUE!")


def _finite(number: float) -> Any:
    return number if number - number == 0 else ErrorCell("#NUM!")


def _of_office(cell: Mapping[str, Any]) -> Any:
    """What Office.js sends for an error, or for a number with its format."""
    basic = cell.get("basicValue")
    if cell.get("type") == "Error" or isinstance(basic, Mapping):
        return ErrorCell(basic if isinstance(basic, str) and basic in _ERROR_TEXTS else "#VALUE!")
    return plain(basic)


def rows(value: Any) -> Rows:
    """An argument as rows of equal length: a range as it stands, a single value as one cell."""
    if not isinstance(value, list | tuple):
        return [[plain(value)]]
    lines = [line if isinstance(line, list | tuple) else None for line in value]
    if None in lines:
        return [[plain(cell) for cell in value]]
    found = [[plain(cell) for cell in line or ()] for line in lines]
    width = max(map(len, found), default=0)
    return [line + [None] * (width - len(line)) for line in found] if width else [[None]]


def single(value: Any) -> Any:
    """The cell of an argument that must be one cell. Raises CellFault for an error, ValueError for a range."""
    found = rows(value)
    if len(found) > 1 or len(found[0]) > 1:
        raise ValueError("Argumen ini harus satu sel, bukan rentang.")
    return sound(found[0][0])


def sound(cell: Any) -> Any:
    """A cell that is no error. Raises CellFault."""
    if isinstance(cell, ErrorCell):
        raise CellFault(f"sel berisi {cell}")
    return cell


def column(value: Any) -> Row:
    """The cells of a range of one row or one column."""
    found = rows(value)
    if len(found) > 1 and len(found[0]) > 1:
        raise ValueError("Rentang ini harus satu kolom.")
    return list(chain.from_iterable(found))


# ---- answers ---- #


def each(answer: Callable[..., Any], *values: Any) -> Any:
    """The answer for every cell, in the shape of the arguments; single cells go with all cells of the others.

    A value that cannot be used gives its sentence. Raises ValueError when ranges do not fit each other.
    """
    grids = [rows(value) for value in values]
    height, width = max(map(len, grids)), max(len(grid[0]) for grid in grids)
    if any(len(grid) not in (1, height) or len(grid[0]) not in (1, width) for grid in grids):
        raise ValueError("Rentang yang dipilih tidak sama ukurannya.")
    lines = zip(*(grid if len(grid) == height else grid * height for grid in grids), strict=True)
    known: dict[Any, Any] = {}
    found = [
        [
            _once(answer, cells, known)
            for cells in zip(*(line if len(line) == width else line * width for line in across), strict=True)
        ]
        for across in lines
    ]
    return found if any(isinstance(value, list | tuple) for value in values) else found[0][0]


def _once(answer: Callable[..., Any], cells: tuple[Any, ...], known: dict[Any, Any]) -> Any:
    """The answer for these cells, worked out the first time they are met: columns repeat themselves."""
    key = cells, tuple(map(type, cells))
    if key not in known:
        known[key] = told(lambda: answer(*map(sound, cells)))
    return known[key]


def told(answer: Callable[[], Any]) -> Any:
    """The answer, an empty text for None, or the sentence why a value cannot be used."""
    try:
        found = answer()
    except CellFault as fault:
        return f"{FAULT}{fault}"
    return "" if found is None else found


def in_cell(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a worksheet function gives, for a host to show; a call that makes no sense gives its sentence too."""
    try:
        return function(*arguments)
    except ValueError as error:
        return f"{FAULT}{error}"


# ---- one cell as a rule wants it ---- #


def value_of(reading: Reading, what: str) -> Any:
    """What was read, None for a blank. Raises CellFault with the readings that were possible."""
    if reading.status == "ambiguous":
        raise CellFault(f"{what} dapat dibaca sebagai {reading.echo}")
    if reading.status == "unreadable":
        raise CellFault(f"{what} tidak terbaca" + (f"; mungkin maksudnya {reading.echo}" if reading.echo else ""))
    return reading.value


def as_number(cell: Any, what: str) -> Any:
    """A number, also one that was typed as text."""
    return value_of(read_number(cell), what)


def as_date(cell: Any, what: str) -> date | None:
    """A day: a date, a serial number, or a text such as "5 Januari 2026"."""
    if cell.__class__ is date and FIRST_YEAR <= cell.year <= LAST_YEAR:
        return cell  # the usual case, without reading
    found: date | None = value_of(read_date(dated(cell)), what)
    return found


def needed_date(cell: Any, what: str) -> date:
    """A day that must be there. Raises CellFault for a blank."""
    day = as_date(cell, what)
    if day is None:
        raise CellFault(f"{what} belum diisi")
    return day


def dated(cell: Any) -> Any:
    """A serial number as the date it stands for; a year and everything else as it is."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or FIRST_YEAR <= cell <= LAST_YEAR:
        return cell
    return (_EPOCH + timedelta(days=int(cell))).date() if 1 <= cell < _LAST_SERIAL + 1 else cell


def as_choice(cell: Any, codes: CodeList) -> str | None:
    """The label of a list's item, named by label, alias or code; None for a blank."""
    found: str | None = value_of(read_choice(cell, codes), f'{codes.title} "{shown(cell)}"')
    return found


def as_step(cell: Any, codes: CodeList) -> Any:
    """A step of a scale by its number or its name."""
    item = codes.find(cell) if isinstance(cell, str) else None
    return int(item.code) if item else as_number(cell, codes.title)


def as_tick(value: Any) -> bool:
    """A switch: Ya or Tidak, TRUE or FALSE; off when left out."""
    return bool(value_of(read_tick(single(value)), "Ya atau Tidak"))


def as_text(cell: Any) -> str:
    """A cell in words; "" for a blank."""
    return str(read_text(cell).value or "")


def shown(cell: Any) -> str:
    """A cell as a sentence quotes it: short."""
    text = as_text(cell)
    return text if len(text) <= 40 else f"{text[:39]}…"


# ---- ranges with a meaning ---- #


def settings_in(value: Any) -> Settings:
    """The settings in the columns Kode and Nilai of Pengaturan; the defaults when left out. Raises ValueError.

    As in the workbook, a value that is not offered counts as the default.
    """
    found = rows(value)
    pedoman = load()
    if found == [[None]]:
        return pedoman.choose()
    places = _places(found[0], ("Kode", "Nilai")) or ((0, 1) if len(found[0]) == 2 else None)
    typed = {as_text(line[places[0]]): line[places[1]] for line in found} if places else {}
    known = {setting.code for setting in pedoman.settings}
    if not known & typed.keys():
        raise ValueError("Rentang pengaturan harus memuat kolom Kode dan Nilai dari lembar Pengaturan.")
    return pedoman.choose_typed(typed)


def records(value: Any, headings: Sequence[str], sheet: str) -> Iterable[Row]:
    """The rows below a heading row, of the columns with these headings. Raises ValueError where one is missing."""
    found = rows(value)
    places = _places(found[0], headings)
    if not places:
        raise ValueError(f"Pilih tabel lembar {sheet} beserta baris judulnya: {', '.join(headings)}.")
    return ([line[place] for place in places] for line in found[1:])


def _places(line: Row, headings: Sequence[str]) -> tuple[int, ...] | None:
    """Where these headings stand in a row; None when one is missing."""
    there = [fold(cell) if isinstance(cell, str) else "" for cell in line]
    wanted = [fold(heading) for heading in headings]
    return tuple(map(there.index, wanted)) if set(wanted) <= set(there) else None
