"""What a macro wants changed in the open workbook, and the one place that changes it.

A macro reads, works, and returns a plan; nothing is written until all of it is known. So a macro that fails leaves
the workbook as it was, and the same macro runs in Excel on the desktop and through the add-in server, where nothing
that was written can be read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Final

import xlwings as xw

from kemitraan_xl.book.induk import HOME
from kemitraan_xl.book.look import HEADING, LINK, NUMBER_FORMATS
from kemitraan_xl.impossible import Impossible

Cell = str | float | int | date | datetime | None

#: The sheet that lists what a macro did, where no sheet of the workbook is made for it.
REPORT: Final = "Hasil"

#: The format of cells in which a text stays as it is, and that of cells that had none.
_TEXT: Final = NUMBER_FORMATS["teks"]
_PLAIN: Final = "General"

#: What a cell holds at most.
_TEXT_LIMIT: Final = 32_767

#: From this width on, in characters, a column is for long texts. And the colour of text that is no link.
_WIDE: Final = 40
_INK: Final = "#000000"

#: Points that a character takes: the add-in server measures columns in points, the desktop in characters.
_POINTS: Final = 5.25


class CannotWrite(Impossible):
    """Excel took back what was to be written; the workbook is as it was."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours. Every other text is written as text, whatever it begins with."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of one sheet, from `row` and `column` (counted from 1) on; None empties a cell.

    `formats` gives number formats by position within a row; those of other columns stay. Rows of unequal length are
    filled up. A `heading` is dressed as one, as far as it has texts.
    """

    sheet: str
    row: int
    column: int
    values: Sequence[Sequence[Cell | Formula]]
    formats: Mapping[int, str] = field(default_factory=dict)
    heading: bool = False

    @property
    def width(self) -> int:
        return max(map(len, self.values), default=0)


@dataclass(frozen=True, slots=True)
class Copy:
    """A row of a table to be repeated below itself `times` times, with its formulas, lists and looks."""

    sheet: str
    row: int
    first: int
    last: int  #: columns, counted from 1
    times: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a macro did, line by line, for the sheet Hasil, which is made when it is missing.

    `above` stands between the title and the list: figures, and what the list is about.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell | Formula]]
    widths: Sequence[int]  #: of the columns, in characters
    above: Sequence[Sequence[Cell | Formula]] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a macro found: a sentence for the user, the cell to end on, and what is to be written."""

    sentence: str
    show: tuple[str, int, int] | None = None
    blocks: Sequence[Block] = ()
    copies: Sequence[Copy] = ()
    report: Report | None = None


def apply(book: xw.Book, plan: Plan) -> None:
    """Write a plan, whole or not at all, and go to the cell it names. Raises CannotWrite.

    On the add-in server what is refused there stays half-written: so nothing is planned for cells that are locked.
    """
    there = {sheet.name for sheet in book.sheets}
    named = {*(one.sheet for one in plan.blocks), *(one.sheet for one in plan.copies)}
    lacking = sorted(named - there)
    if lacking:
        raise CannotWrite(f"Lembar {lacking[0]} tidak ada dalam buku ini; kembalikan lembar itu, lalu ulangi.")
    with _quietly(book):
        undo: list[Callable[[], object]] = []
        try:
            if plan.report is not None:
                _write_report(book, plan.report, undo)
            for copy in plan.copies:
                _repeat(book, copy, undo)
            for block in plan.blocks:
                _write(book, block, undo)
        except Exception as error:
            for step in reversed(undo):
                step()
            raise CannotWrite(
                "Excel menolak perubahan ini, sehingga isi buku tidak jadi diubah. Periksa apakah buku ini hanya-baca, "
                "strukturnya dilindungi, atau lembarnya dikunci dengan sandi."
            ) from error
        for block in plan.blocks:
            _dress(book, block)
    show = plan.show or ((REPORT, 1, 1) if plan.report else None)
    if show:
        name, row, column = show
        sheet = book.sheets[name]
        sheet.activate()
        sheet.range((row, column)).select()


def is_remote(book: xw.Book) -> bool:
    """Whether the workbook is open in a browser's or another machine's Excel, so that nothing can be read back."""
    return str(book.app.engine.type) == "remote"


@contextmanager
def _quietly(book: xw.Book) -> Iterator[None]:
    """Without redrawing and calculating after every block; as it was before, afterwards."""
    if is_remote(book):
        yield
        return
    app = book.app
    before = app.screen_updating, app.calculation
    app.screen_updating, app.calculation = False, "manual"
    try:
        yield
    finally:
        app.screen_updating, app.calculation = before


def _write(book: xw.Book, block: Block, undo: list[Callable[[], object]]) -> None:
    """One block: formats first, so that a text in a text cell stays text."""
    if not block.values or not block.width:
        return
    sheet = book.sheets[block.sheet]
    cells = _range(sheet, block.row, block.column, len(block.values), block.width)
    before = None if is_remote(book) else _as_it_is(cells)
    values = [
        [_typed(cell, block.formats.get(position, "")) for position, cell in enumerate(_filled(row, block.width))]
        for row in block.values
    ]
    changed: list[int] = []
    try:
        for position, number_format in block.formats.items():
            _range(sheet, block.row, block.column + position, len(block.values), 1).number_format = number_format
            changed.append(position)
        cells.value = values
    except Exception:
        if before:
            _format_again(cells, before[1], changed)
        raise
    if before:
        undo.append(partial(_put_back, cells, *before))


def _dress(book: xw.Book, block: Block) -> None:
    """The look of a block that was written: headings in their colour, rows as high as their texts."""
    if not block.values or not block.width:
        return
    sheet = book.sheets[block.sheet]
    if block.heading:
        (texts,) = block.values
        count = sum(text is not None for text in texts)
        told = _range(sheet, block.row, block.column, 1, count)
        told.color, told.font.bold = HEADING, True
        if count < len(texts):
            _range(sheet, block.row, block.column + count, 1, len(texts) - count).color = None
    if len(block.values) > 1:
        _range(sheet, block.row, block.column, len(block.values), block.width).rows.autofit()


def _filled(row: Sequence[Cell | Formula], width: int) -> list[Cell | Formula]:
    return [*row, *[None] * (width - len(row))]


def _typed(cell: Cell | Formula, number_format: str) -> Cell:
    """A cell as it has to be typed. Excel reads what is typed: in a cell that is not for text, "0123" would become a
    number and "=..." a formula, so a text there begins with Excel's sign for text."""
    if isinstance(cell, Formula):
        return cell.text
    if not isinstance(cell, str):
        return cell
    return cell[:_TEXT_LIMIT] if number_format == _TEXT or not cell else f"'{cell[: _TEXT_LIMIT - 1]}"


def _as_it_is(cells: xw.Range) -> tuple[list[list[Cell]], list[str | None]]:
    """What a block holds, ready to be typed again, and the number format of each of its columns."""
    rows, columns = cells.shape
    formats: list[str | None] = [cells[:, column].number_format for column in range(columns)]
    formulas = cells.options(ndim=2).formula
    grid = [[formulas]] if isinstance(formulas, str) else [list(row) for row in formulas]
    values = cells.options(ndim=2).value
    kept: list[list[Cell]] = [
        [_again(grid[row][column], values[row][column], formats[column] or "") for column in range(columns)]
        for row in range(rows)
    ]
    return kept, formats


def _again(formula: object, value: Cell, number_format: str) -> Cell:
    """A formula as its text, everything else as its value: a text that looks like a formula is its own value."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return formula
    return _typed(value, number_format)


def _put_back(cells: xw.Range, values: list[list[Cell]], formats: Sequence[str | None]) -> None:
    _format_again(cells, formats, range(len(formats)))
    cells.value = values


def _format_again(cells: xw.Range, formats: Sequence[str | None], positions: Iterable[int]) -> None:
    """Give columns of a block the number formats they had; one that had several keeps the new one."""
    for position in positions:
        before = formats[position]
        if before:
            cells[:, position].number_format = before


def _write_report(book: xw.Book, report: Report, undo: list[Callable[[], object]]) -> None:
    """The sheet Hasil as this report has it: the way back, the title, what is above, headings, one line per row."""
    names = [sheet.name for sheet in book.sheets]
    if REPORT in names:
        sheet = book.sheets[REPORT]
        if not is_remote(book):
            sheet.api.AutoFilterMode = False  # an earlier list's arrows might hide rows of this one
        used = sheet.used_range.last_cell
        old = (used.row, used.column)
    else:
        sheet = book.sheets.add(REPORT, after=book.sheets[names[-1]])
        undo.append(sheet.delete)
        old = (0, 0)
    width = max(len(report.headings), old[1])
    head: list[list[Cell | Formula]] = [
        [Formula(f'=HYPERLINK("#{HOME}!A1","‹ {HOME}")')],
        [report.title],
        *([*line] for line in report.above),
        [*report.headings],
    ]
    rows = [[*row] for row in report.rows]
    rows += [[] for _ in range(old[0] - len(head) - len(rows))]
    columns = range(len(report.headings))
    texts = [all(isinstance(row[at], str | None) for row in report.rows if at < len(row)) for at in columns]
    formats = {at: _TEXT if text else _PLAIN for at, text in zip(columns, texts, strict=True)}
    plain = dict.fromkeys(range(width), _PLAIN)
    _write(book, Block(REPORT, 1, 1, [_filled(line, width) for line in head], plain), undo)
    _write(book, Block(REPORT, len(head) + 1, 1, [_filled(line, width) for line in rows], formats), undo)
    if old[0]:
        former = _range(sheet, 1, 1, old[0], width)
        former.color, former.font.bold, former.font.color, former.wrap_text = None, False, _INK, False
    for row in (2, len(head)):
        _range(sheet, row, 1, 1, width).font.bold = True
    _range(sheet, len(head), 1, 1, len(report.headings)).color = HEADING
    for position, characters in enumerate(report.widths, start=1):
        points = characters * _POINTS if is_remote(book) else characters
        _range(sheet, 1, position, 1, 1).column_width = points
    if report.rows:
        _dress_list(sheet, report, len(head), is_remote(book))


def _dress_list(sheet: xw.Sheet, report: Report, heading: int, remote: bool) -> None:
    """Links in their colour, long texts wrapped, and arrows to filter by; the add-in server has no such arrows."""
    for position, characters in enumerate(report.widths, start=1):
        cells = _range(sheet, heading + 1, position, len(report.rows), 1)
        if any(isinstance(row[position - 1], Formula) for row in report.rows if position <= len(row)):
            cells.font.color = LINK
        elif characters >= _WIDE:
            cells.wrap_text = True
    if not remote:
        _range(sheet, heading, 1, len(report.rows) + 1, len(report.headings)).api.AutoFilter(1)


def _repeat(book: xw.Book, copy: Copy, undo: list[Callable[[], object]]) -> None:
    sheet = book.sheets[copy.sheet]
    source = _range(sheet, copy.row, copy.first, 1, copy.last - copy.first + 1)
    target = _range(sheet, copy.row + 1, copy.first, copy.times, copy.last - copy.first + 1)
    undo.append(target.clear)
    source.copy(target)


def _range(sheet: xw.Sheet, row: int, column: int, rows: int, columns: int) -> xw.Range:
    return sheet.range((row, column), (row + rows - 1, column + columns - 1))
