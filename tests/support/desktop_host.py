"""Excel on the desktop, simulated: an xlwings engine over openpyxl that behaves as xlwings does over COM.

Writes are seen at once, `end` jumps as Ctrl+Arrow does, numbers come as floats, dates as datetimes, errors as COM's
integers, currency cells as Decimals, and what Excel refuses is raised as pywin32's com_error 1004. Built on xlwings'
BSD part only (base_classes), so it needs no licence key. What the Windows engine does not offer (copy_from) or what no
macro of ours uses (charts, shapes, tables) raises NotImplementedError, as in base_classes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import xlwings as xw
from xlwings import base_classes

from support import desktop_com, excel_sheets, office
from support.desktop_range import Range
from support.desktop_sheet import Names, Sheets
from support.excel_model import OpenBook


class Engine:
    """What xlwings asks an engine: its name and how values pass between Python and cells (as in _xlwindows)."""

    name, type = "openpyxl", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, options: dict[str, Any]) -> Any:  # noqa: ARG004
        if pd.isna(value):
            return ""
        if isinstance(value, np.generic):
            return value.item()
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, dt.datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            if isinstance(value, int) and value in desktop_com.ERRORS:
                return desktop_com.ERRORS[value] if err_to_str else None
            return number_builder(value) if number_builder is not None and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self) -> None:
        self._apps: list[App] = []

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:  # noqa: ARG002
        self._apps.insert(0, App(self))
        return self._apps[0]


class App(base_classes.App):
    """Excel itself; `alerts` and `macros` keep what a person would have seen or VBA been asked to run."""

    screen_updating = True
    display_alerts = True
    enable_events = True
    interactive = True
    visible = True
    cut_copy_mode = False
    calculation = "automatic"
    version = "16.0"

    def __init__(self, apps: Apps) -> None:
        self._apps = apps
        self._books = Books(self)
        self.alerts: list[str] = []
        self.macros: list[tuple[str, tuple[Any, ...]]] = []
        self.status_bars: list[str] = []
        self.calculated = 0
        self._status_bar: str | None = None

    @property
    def engine(self) -> Engine:
        return engine

    @property
    def pid(self) -> int:
        return id(self)

    @property
    def books(self) -> Books:
        return self._books

    @property
    def api(self) -> App:
        return self

    @property
    def status_bar(self) -> str | bool:
        """What the bar says; False when Excel says what it likes."""
        return self._status_bar or False

    @status_bar.setter
    def status_bar(self, value: str | bool | None) -> None:
        self._status_bar = str(value) if value else None
        if value:
            self.status_bars.append(str(value))

    @property
    def selection(self) -> Range | None:
        """What is selected on the sheet that is shown; None when no book is open."""
        if not len(self.books):
            return None
        sheet = self.books.active.sheets.active
        return Range(sheet, excel_sheets.selected(sheet.cells_of))

    def alert(self, prompt: str, title: str | None, buttons: str | None, mode: str | None, callback: str | None) -> str:  # noqa: ARG002
        self.alerts.append(prompt)
        return "yes" if buttons and buttons.startswith("yes") else "ok"

    def run(self, macro: str, args: tuple[Any, ...]) -> None:
        self.macros.append((macro, args))

    def calculate(self) -> None:
        self.calculated += 1

    def activate(self, steal_focus: bool | None = None) -> None:
        """Nothing: there is no window."""

    def kill(self) -> None:
        self._apps._apps.remove(self)


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app
        self._books: list[Book] = []

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books)

    def __call__(self, name_or_index: int | str) -> Book:
        if isinstance(name_or_index, int):
            return self._books[name_or_index - 1]
        for book in self._books:
            if book.name.casefold() == name_or_index.casefold():
                return book
        raise KeyError(name_or_index)

    @property
    def active(self) -> Book:
        return self._books[-1]

    def open(self, fullname: str, update_links: Any = None, read_only: bool | None = None, *rest: Any) -> Book:
        """Opens a file beside the others; xlwings itself finds one that is open already."""
        if any(option is not None for option in (update_links, *rest)):
            raise NotImplementedError("only fullname and read_only are simulated")
        return self._enter(OpenBook.load(Path(fullname), read_only=bool(read_only)))

    def add(self) -> Book:
        return self._enter(OpenBook(openpyxl.Workbook()))

    def _enter(self, opened: OpenBook) -> Book:
        opened.error = desktop_com.refusal
        self._books.append(Book(opened, self))
        return self._books[-1]


class Book(base_classes.Book):
    def __init__(self, opened: OpenBook, books: Books) -> None:
        self.opened = opened
        self._books = books

    @property
    def api(self) -> OpenBook:
        return self.opened

    @property
    def name(self) -> str:
        return self.opened.path.name if self.opened.path else f"Book{self._books._books.index(self) + 1}"

    @property
    def fullname(self) -> str:
        return str(self.opened.path) if self.opened.path else self.name

    @property
    def app(self) -> App:
        return self._books.app

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password is not None:
            raise NotImplementedError("passwords are not simulated")
        self.opened.save(Path(path) if path else None)

    def to_pdf(self, path: str, quality: str | None = None) -> None:  # noqa: ARG002
        """The visible sheets as LibreOffice prints them, since there is no Excel here."""
        with TemporaryDirectory() as folder:
            copy = Path(folder, f"cetak{Path(self.name).suffix or '.xlsx'}")
            self.opened.book.save(copy)
            Path(path).write_bytes(office.to_pdf(copy, Path(folder)).read_bytes())

    def close(self) -> None:
        self._books._books.remove(self)

    def activate(self) -> None:
        self._books._books.remove(self)
        self._books._books.append(self)


engine = Engine()


def open_book(path: Path, *, read_only: bool = False) -> xw.Book:
    """Starts the simulated Excel afresh with one book open, which is also what `xw.Book.caller()` gives."""
    if engine.name not in [known.name for known in xw.engines]:
        xw.engines.add(xw.Engine(impl=engine))
    xw.engines[engine.name].activate()
    engine.apps._apps.clear()
    app = engine.apps.add()
    book = xw.Book(impl=app.books.open(str(path), None, read_only))
    book.set_mock_caller()
    return book
