"""Filling a cell and helping the person who types in it: values, dropdowns, input messages, courtesy colours.

Help only, never the rule itself: a paste goes over all of it, and the check in Python decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from math import ceil, isfinite
from textwrap import wrap
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.look import OWNER, Look
from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.ref import dropdown, list_of
from kemitraan_xl.marks import CHANGED, Mark
from validation.check import asked_in_every_row
from validation.contract import Column
from validation.language import INDONESIAN, Language, Text, own

Value = str | float | date | None

TITLE_LIMIT: Final = 32
MESSAGE_LIMIT: Final = 255
TEXT_LIMIT: Final = 32_767  #: characters that a cell can hold
_FIRST_DAY: Final = date(1900, 1, 1)  #: what Excel can show as a date

#: Width and height in pixels of a cell note: the whole, one line of it, and the characters on a line.
_NOTE_WIDTH, _NOTE_LINE, _NOTE_CHARACTERS = 340, 18, 48

#: Points per line of text, the most a row can have, and characters of text per unit of column width.
_LINE_HEIGHT: Final = 12.75
_MAX_HEIGHT: Final = 409
_CHARACTERS: Final = 1.08

_CHOOSE: Final = Text("Pilih dari daftar")
_FROM_THE_LIST: Final = Text("Isi sel ini dari daftar yang muncul pada sel, atau kosongkan.")
_EXAMPLE: Final = Text("Contoh: {contoh}")

#: Kinds whose cell must hold an entry of its list; elsewhere a list is only a suggestion.
STRICT_KINDS: Final = ("pilihan", "ya")


def fit_row(sheet: Worksheet, row: int, texts: Iterable[tuple[Value, float]]) -> None:
    """Make a row as high as its longest text needs, given each text and the width of its column.

    LibreOffice does not do so by itself on opening. An estimate, which `finish` leaves free to grow.
    """
    needed = max((_line_count(text, width) for text, width in texts if isinstance(text, str)), default=1)
    if needed > 1:
        sheet.set_row(row, min(_LINE_HEIGHT * needed + 2, _MAX_HEIGHT))


def _line_count(text: str, width: float) -> int:
    """Lines that a text takes in a column, where words go to the next line whole."""
    room = int(width * _CHARACTERS)
    paragraphs = text.split("\n")
    return sum(len(wrap(one, room, break_on_hyphens=False)) or 1 if len(one) > room else 1 for one in paragraphs)


def put(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write a value as what it is. Text always as text: a partner's "=1+1" must not become a formula.

    A text longer than a cell can hold is cut there, and what no cell can hold is written as text.
    """
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        # XlsxWriter takes a text like "<r>...</r>" for markup of its own and would copy it into the file
        markup = value.startswith("<r>") and value.endswith("</r>")
        sheet.write_string(row, column, f"{value} " if markup else value[:TEXT_LIMIT], style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, datetime | date):
        if (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
            sheet.write_string(row, column, value.isoformat(), style)
        else:
            sheet.write_datetime(row, column, value, style)
    elif isfinite(value):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def shown_as(column: Column, value: Value) -> str:
    """The kind whose number format shows a value as it was typed: a date in a column of periods stays a date,
    a bare number in a column of dates a number."""
    if isinstance(value, date):
        return "tanggal"
    return "angka" if column.kind == "tanggal" and isinstance(value, int | float) else column.kind


def mark_styles(mark: Mark | None) -> tuple[str, ...]:
    """The styles of a cell with a finding: a colour, and a frame and type that tell the levels apart without it."""
    return () if mark is None else (f"temuan {_signal(mark)}",)


def _signal(mark: Mark) -> str:
    return "salah" if mark.level == "E" else "kurang"


def annotate(sheet: Worksheet, look: Look, row: int, column: int, mark: Mark | None) -> None:
    """Hang the note of a finding on its cell; its colour goes before all courtesy, and turns once it is changed."""
    if mark is None:
        return
    changed = look.language(CHANGED)
    for formula, signal in ((f'={mark.state}="{changed}"', "baik"), (f'={mark.state}<>"{changed}"', _signal(mark))):
        shown = {"type": "formula", "criteria": formula, "format": look.signal(signal), "stop_if_true": True}
        sheet.conditional_format(row, column, row, column, shown)
    lines = sum(max(1, ceil(len(line) / _NOTE_CHARACTERS)) for line in mark.note.split("\n"))
    options = {"author": OWNER, "width": _NOTE_WIDTH, "height": _NOTE_LINE * (lines + 1), "font_size": 9}
    sheet.write_comment(row, column, mark.note[:TEXT_LIMIT], options)


def offer(sheet: Worksheet, look: Look, column: Column, first: tuple[int, int], last: tuple[int, int]) -> None:
    """The dropdown and the input message of the cells from `first` to `last` (row, column)."""
    options: dict[str, Any] = {"validate": "any"}
    source = dropdown(column)
    if source:
        options = {
            "validate": "list",
            "source": f"={source}",
            "show_error": column.kind in STRICT_KINDS,
            "error_title": look.language(_CHOOSE),
            "error_message": look.language(_FROM_THE_LIST),
        }
    message = input_message(column, look.language)
    if message:
        options |= {"input_title": own(column.heading)[:TITLE_LIMIT], "input_message": message}
    if source or message:
        sheet.data_validation(*first, *last, options)


def input_message(column: Column, spoken: Language = INDONESIAN) -> str:
    """What a person sees beside the cell: the hint, and the example where it still fits."""
    example = spoken(_EXAMPLE).format(contoh=column.example) if column.example else ""
    whole = "\n".join(part for part in (column.hint, example) if part)
    return whole if len(whole) <= MESSAGE_LIMIT else column.hint[:MESSAGE_LIMIT]


def colour_rows(sheet: Worksheet, look: Look, placed: Rows, first: int, *, report: bool) -> None:
    """Courtesy colours from row `first` down: blank but required, rupiah as text, not in the list.

    In a `report` every row is asked for what a master asks of reported rows only.
    """
    inputs = [column.name for column in placed.columns if is_content(placed, column)]
    content = "&".join(placed.local(name, first) for name in inputs)
    names = [column.name for column in placed.columns]
    required = [check for check in placed.table.checks if check.fact == "required" and not check.item]
    for name in dict.fromkeys(check.column for check in required if report or asked_in_every_row(check)):
        if name not in names:
            continue
        cell = placed.local(name, first)
        formula = f"=AND(LEN(TRIM({cell}))=0,LEN(TRIM({content}))>0)"
        _colour(sheet, placed, name, first, formula, look.signal("kurang"))
    for column in placed.columns:
        cell = placed.local(column.name, first)
        if column.kind == "rupiah":
            _colour(sheet, placed, column.name, first, f"=ISTEXT({cell})", look.signal("kurang"))
        if column.kind in STRICT_KINDS and not column.computed:
            formula = f"=AND(LEN(TRIM({cell}))>0,ISNA(MATCH(TRIM({cell}),terima_{list_of(column)},0)))"
            _colour(sheet, placed, column.name, first, formula, look.signal("salah"))


def is_content(placed: Rows, column: Column) -> bool:
    """Whether a value in this column means that the row is used: not its number nor what is printed."""
    return column.name not in ("no", placed.table.prefilled) and not column.computed


def _colour(sheet: Worksheet, placed: Rows, name: str, first: int, formula: str, style: Format) -> None:
    column = placed.at(name)
    options = {"type": "formula", "criteria": formula, "format": style}
    sheet.conditional_format(first, column, placed.reach, column, options)
