"""Sheets and names of the simulated desktop, as xlwings' Windows engine gives them, over openpyxl."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from support import desktop_com, excel_sheets
from support.desktop_range import Range
from support.excel_cells import MAX_COLUMNS, MAX_ROWS, Box
from support.excel_model import OpenBook

if TYPE_CHECKING:
    from support.desktop_host import Book


VISIBLE = {"visible": -1, "hidden": 0, "veryHidden": 2}


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> list[Worksheet]:
        return self.book.opened.book.worksheets

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.opened.book.active)

    def __len__(self) -> int:
        return len(self.api)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, sheet) for sheet in self.api)

    def __call__(self, name_or_index: int | str) -> Sheet:
        for number, sheet in enumerate(self.api, start=1):
            if number == name_or_index or (
                isinstance(name_or_index, str) and sheet.title.casefold() == name_or_index.casefold()
            ):
                return Sheet(self.book, sheet)
        raise desktop_com.com_error("Invalid index.", desktop_com.DISP_E_BADINDEX)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Before the active sheet unless told otherwise (the server's engine puts it last)."""
        place = before.index - 1 if before else after.index if after else self.active.index - 1
        taken = {sheet.title for sheet in self.api}
        title = name or next(f"Sheet{number}" for number in range(1, 256) if f"Sheet{number}" not in taken)
        sheet = Sheet(self.book, excel_sheets.add(self.book.opened, place, title))
        sheet.activate()
        return sheet


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self._book = book
        self.cells_of = sheet

    @property
    def opened(self) -> OpenBook:
        return self._book.opened

    @property
    def api(self) -> Worksheet:
        return self.cells_of

    @property
    def book(self) -> Book:
        return self._book

    @property
    def index(self) -> int:
        return self.opened.book.index(self.cells_of) + 1

    @property
    def name(self) -> str:
        return self.cells_of.title

    @name.setter
    def name(self, value: str) -> None:
        excel_sheets.rename(self.opened, self.cells_of, value)

    @property
    def names(self) -> Names:
        return Names(self._book, self)

    @property
    def visible(self) -> int:
        """Excel's own number, of which only 0 (hidden) is false: a very hidden sheet counts as visible."""
        return VISIBLE[self.cells_of.sheet_state]

    @visible.setter
    def visible(self, value: int) -> None:
        state = "veryHidden" if value == VISIBLE["veryHidden"] else "visible" if value else "hidden"
        excel_sheets.show(self.opened, self.cells_of, state)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        first = self._corner(arg1)
        if arg2 is None:
            return first
        return first.spanned(self._corner(arg2))

    def _corner(self, place: Any) -> Range:
        if isinstance(place, Range):
            return place
        if isinstance(place, tuple):
            if 0 in place:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return Range(self, Box(*place))
        try:
            return Range(self, Box.of(place))
        except ValueError:
            found = Names(self._book, self).find(place).refers_to_range
        if found.sheet.cells_of is not self.cells_of:
            raise desktop_com.com_error("Method 'Range' of object '_Worksheet' failed")
        return found

    @property
    def cells(self) -> Range:
        return Range(self, Box(1, 1, MAX_ROWS, MAX_COLUMNS))

    @property
    def used_range(self) -> Range:
        """With cells that only have a format, unlike the server's; A1 where the sheet is empty."""
        return Range(self, self.opened.used(self.cells_of, formats=True) or Box(1, 1))

    def activate(self) -> None:
        excel_sheets.activate(self.opened, self.cells_of)

    select = activate

    def delete(self) -> None:
        excel_sheets.delete(self.opened, self.cells_of)

    def autofit(self, axis: str | None = None) -> None:
        Range(self, Box(1, 1, self.cells_of.max_row, self.cells_of.max_column)).autofit(axis)

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        self.cells.clear_formats()

    def clear(self) -> None:
        self.cells.clear()


class Names(base_classes.Names):
    """The names of a book (with those of its sheets, as "Sheet!name"), or of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> Names:
        return self

    def __iter__(self) -> Iterator[Name]:
        return iter(self._all())

    def _all(self) -> list[Name]:
        sheets = [self.sheet] if self.sheet else list(self.book.sheets)
        own = [Name(self.book, name) for name in self.book.opened.book.defined_names] if self.sheet is None else []
        return own + [Name(self.book, name, sheet) for sheet in sheets for name in sheet.cells_of.defined_names]

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, name_or_index: int | str) -> Name:
        if isinstance(name_or_index, int):
            return self._all()[name_or_index - 1]
        for name in self:
            if name.name.casefold() == name_or_index.casefold():
                return name
        raise desktop_com.refusal("name")

    def find(self, name: str) -> Name:
        """By its short form: the sheet's own name hides the book's."""
        for found in (*self, *Names(self.book)):
            if found.key.casefold() == name.casefold() and (found.sheet is None or self.sheet is not None):
                return found
        raise desktop_com.refusal("name")

    def contains(self, name_or_index: int | str) -> bool:
        if isinstance(name_or_index, int):
            return 1 <= name_or_index <= len(self)
        return any(name.name.casefold() == name_or_index.casefold() for name in self)

    def add(self, name: str, refers_to: str) -> Name:
        holder = self.sheet.cells_of if self.sheet else self.book.opened.book
        holder.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return Name(self.book, name, self.sheet)


class Name(base_classes.Name):
    def __init__(self, book: Book, key: str, sheet: Sheet | None = None) -> None:
        self.book = book
        self.key = key
        self.sheet = sheet

    @property
    def api(self) -> DefinedName:
        return self._holder[self.key]

    @property
    def _holder(self) -> dict[str, DefinedName]:
        return (self.sheet.cells_of if self.sheet else self.book.opened.book).defined_names

    @property
    def name(self) -> str:
        return f"{self.sheet.name}!{self.key}" if self.sheet else self.key

    @name.setter
    def name(self, value: str) -> None:
        self._holder[value] = DefinedName(value, attr_text=self._holder.pop(self.key).attr_text)
        self.key = value

    @property
    def refers_to(self) -> str:
        return f"={self.api.attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.attr_text = value.removeprefix("=")

    @property
    def refers_to_range(self) -> Range:
        places = list(self.api.destinations) if self.api.type == "RANGE" else []
        if len(places) != 1:
            raise desktop_com.refusal("name")
        title, address = places[0]
        return Range(self.book.sheets(title), Box.of(address))

    def delete(self) -> None:
        del self._holder[self.key]
