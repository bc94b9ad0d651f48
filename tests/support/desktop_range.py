"""The cells of the simulated desktop: what xlwings' Windows engine does with `Range`, over openpyxl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes, utils

from support import desktop_com, excel_looks, excel_sheets
from support.desktop_font import Font
from support.excel_cells import MAX_COLUMNS, MAX_ROWS, Box, at, formula_of
from support.excel_model import OpenBook

if TYPE_CHECKING:
    from support.desktop_sheet import Sheet

STEPS = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}


class Range(base_classes.Range):
    def __init__(self, sheet: Sheet, box: Box) -> None:
        if box.row < 1 or box.column < 1 or box.last_row > MAX_ROWS or box.last_column > MAX_COLUMNS:
            raise desktop_com.com_error("Application-defined or object-defined error")
        self.sheet = sheet
        self.box = box

    @property
    def opened(self) -> OpenBook:
        return self.sheet.opened

    @property
    def cells(self) -> Worksheet:
        return self.sheet.cells_of

    @property
    def api(self) -> Range:
        return self

    def AutoFilter(self, field: int) -> None:  # noqa: N802 - COM's name
        """Arrows on the first row, none of which hides anything yet."""
        if field > self.box.columns:
            raise desktop_com.com_error("AutoFilter method of Range class failed")
        self.cells.auto_filter.ref = self.box.address()

    @property
    def coords(self) -> tuple[Sheet, int, int, int, int]:
        return (self.sheet, *self.box)

    @property
    def row(self) -> int:
        return self.box.row

    @property
    def column(self) -> int:
        return self.box.column

    @property
    def shape(self) -> tuple[int, int]:
        return self.box.rows, self.box.columns

    @property
    def address(self) -> str:
        return self.box.address(absolute=True)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        corners = ((self.row, self.column), (self.box.last_row, self.box.last_column))
        row_sign, column_sign = "$" * row_absolute, "$" * col_absolute
        names = [f"{column_sign}{get_column_letter(column)}{row_sign}{row}" for row, column in corners]
        address = ":".join(dict.fromkeys(names))
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{address}" if external else address

    def __len__(self) -> int:
        return self.box.rows * self.box.columns

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = (row - 1) // self.box.columns + 1, (row - 1) % self.box.columns + 1
        return Range(self.sheet, Box(self.row + row - 1, self.column + column - 1))

    def spanned(self, other: Range) -> Range:
        """The smallest block that holds both."""
        return Range(self.sheet, self.box.spanned(other.box))

    # Values and formulas

    @property
    def raw_value(self) -> Any:
        """One value for one cell, else a tuple of rows, as COM's Range.Value."""
        rows = self.opened.values(self.cells, self.box)
        return self._as_com(
            [
                desktop_com.value_of(rows[row - self.row][column - self.column], self._format(row, column))
                for row, column in self.box.places()
            ]
        )

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        rows = data if isinstance(data, list | tuple) else [[data] * self.box.columns] * self.box.rows
        self.opened.write(self.cells, self.box, rows)

    @property
    def formula(self) -> Any:
        return self._as_com([self._formula(row, column) for row, column in self.box.places()])

    @formula.setter
    def formula(self, value: Any) -> None:
        """One text for a block is written as if filled from its first cell: relative references move along."""
        self.raw_value = value
        if isinstance(value, str) and value.startswith("=") and len(self) > 1:
            corner = Box(self.row, self.column)
            self.opened.copy(self.cells, corner, self.cells, self.box, "formulas")

    formula2 = formula

    @property
    def has_array(self) -> bool:
        cell = at(self.cells, self.row, self.column)
        return cell is not None and isinstance(cell.value, ArrayFormula)

    def _as_com(self, values: list[Any]) -> Any:
        width = self.box.columns
        rows = tuple(tuple(values[start : start + width]) for start in range(0, len(values), width))
        return rows[0][0] if len(self) == 1 else rows

    def _format(self, row: int, column: int) -> str:
        cell = at(self.cells, row, column)
        return "General" if cell is None else str(cell.number_format)

    def _formula(self, row: int, column: int) -> str:
        formula = formula_of(at(self.cells, row, column))
        return formula or desktop_com.formula_text(self.opened.value(self.cells, row, column))

    def clear_contents(self) -> None:
        self.opened.clear_contents(self.cells, self.box)

    def clear_formats(self) -> None:
        self.opened.clear_formats(self.cells, self.box)

    def clear(self) -> None:
        self.opened.clear(self.cells, self.box)

    def copy(self, destination: Any = None) -> None:
        """xlwings' Windows engine has no copy_from, hence neither has this one."""
        if destination is None:
            raise NotImplementedError("the clipboard is not simulated; name a destination")
        target = destination.impl
        target.opened.copy(self.cells, self.box, target.cells, target.box)

    # Moving about

    def end(self, direction: str) -> Range:
        """As Ctrl+Arrow: to the end of the filled block, else to the next filled cell, else to the sheet's edge."""
        down, right = STEPS[direction]
        row, column = self.row, self.column
        if self._filled(row, column) and self._filled(row + down, column + right):
            while self._filled(row + down, column + right):
                row, column = row + down, column + right
        else:
            row, column = self._next_filled(row, column, down, right)
        return Range(self.sheet, Box(row, column))

    def _next_filled(self, row: int, column: int, down: int, right: int) -> tuple[int, int]:
        last_row, last_column = self.cells.max_row + 1, self.cells.max_column + 1
        row = min(row, last_row) if down < 0 else row
        column = min(column, last_column) if right < 0 else column
        while 1 <= row + down <= last_row and 1 <= column + right <= last_column:
            row, column = row + down, column + right
            if self._filled(row, column):
                return row, column
        edge_row, edge_column = (MAX_ROWS if down > 0 else 1), (MAX_COLUMNS if right > 0 else 1)
        return edge_row if down else row, edge_column if right else column

    def _filled(self, row: int, column: int) -> bool:
        """A formula that shows an empty text counts as filled, in Excel too."""
        cell = at(self.cells, row, column)
        return cell is not None and cell.value is not None

    def select(self) -> None:
        """Only on the sheet that is shown."""
        if self.opened.book.active is not self.cells:
            raise desktop_com.com_error("Select method of Range class failed")
        excel_sheets.select(self.cells, self.box)

    # Looks

    @property
    def first(self) -> Cell:
        return self.cells.cell(self.row, self.column)

    def restyle(self, change: excel_looks.Change) -> None:
        self.opened.restyle(self.cells, self.box, change)

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def number_format(self) -> str:
        return self._format(self.row, self.column)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.restyle(excel_looks.number_format(value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        fill = self.first.fill
        return utils.hex_to_rgb(f"#{fill.start_color.rgb[-6:]}") if fill.fill_type else None

    @color.setter
    def color(self, value: Any) -> None:
        self.restyle(excel_looks.background(desktop_com.as_hex(value)))

    @property
    def wrap_text(self) -> bool:
        return bool(self.first.alignment.wrap_text)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.restyle(excel_looks.alignment("wrap_text", bool(value)))

    @property
    def horizontal_alignment(self) -> str:
        return self.first.alignment.horizontal or "general"

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.restyle(excel_looks.alignment("horizontal", value))

    @property
    def vertical_alignment(self) -> str:
        return self.first.alignment.vertical or "bottom"

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.restyle(excel_looks.alignment("vertical", value))

    @property
    def column_width(self) -> float:
        """In characters, unlike the server's points."""
        return float(self.cells.column_dimensions[get_column_letter(self.column)].width)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.opened.column_width(self.cells, self.box, value)

    @property
    def row_height(self) -> float | None:
        return self.cells.row_dimensions[self.row].height

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.opened.row_height(self.cells, self.box, value)

    def autofit(self, axis: str | None = None) -> None:
        for name in ("columns", "rows"):
            if axis is None or name.startswith(axis):
                self.opened.autofit(self.cells, self.box, name)

    # Links and names

    @property
    def hyperlink(self) -> str:
        link = self.first.hyperlink
        if link is None:
            raise Exception("The cell doesn't seem to contain a hyperlink!")  # just this is raised by xlwings
        return link.target or ""

    def add_hyperlink(self, address: str, text_to_display: str = "", screen_tip: str = "") -> None:
        self.opened.add_hyperlink(self.cells, self.box, address, text_to_display, screen_tip)

    @property
    def name(self) -> Any:
        refers_to = f"={self.sheet.name}!{self.address}"
        return next((name for name in self.sheet.book.names if name.refers_to.replace("'", "") == refers_to), None)

    @name.setter
    def name(self, value: str) -> None:
        quoted = self.sheet.name.replace("'", "''")
        self.sheet.book.names.add(value, f"='{quoted}'!{self.address}")
