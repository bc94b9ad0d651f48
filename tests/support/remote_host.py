"""Excel behind xlwings Server, simulated: what its JavaScript client sends for a workbook, and does with the answer.

`payload` is what `getBookData()` of the client sends; `RemoteHost.apply` is its `dispatchActions()`: one action after
the other, no way back, an unknown one fails. `run` puts xlwings' own remote engine in between, which belongs to the
part under the PolyForm Noncommercial licence and refuses to load without a key. The key "noncommercial" is set here,
for tests only: nothing that is shipped sets it, and the desktop host does without.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from openpyxl.workbook import Workbook

from support import excel_sheets
from support.excel_model import OpenBook
from support.excel_refusals import REFUSALS
from support.remote_actions import ACTIONS, Action
from support.remote_payload import book_data

JsonData = dict[str, Any]


class OfficeError(Exception):
    """What Office.js throws; `code` as in its documentation."""

    def __init__(self, reason: str) -> None:
        message, self.code = REFUSALS[reason]
        super().__init__(message)


class ActionError(Exception):
    """The client gave up in the middle: `index` actions before the failing one were applied and stay applied."""

    def __init__(self, index: int, action: Action, cause: Exception) -> None:
        super().__init__(
            f"Action {index + 1} ({action.get('func')}) failed: {cause}. "
            f"Up to {index + 1} actions may already have been applied, including the failing action."
        )
        self.index = index
        self.code = getattr(cause, "code", None)


class UnknownActionError(Exception):
    """The client has no function of this name."""


class RemoteHost:
    """One workbook open in Excel with the add-in; keeps what is not in the file: alerts, selection, macros called."""

    def __init__(self, opened: OpenBook, name: str = "Book1.xlsx") -> None:
        self.opened = opened
        self.name = opened.path.name if opened.path else name
        self.alerts: list[str] = []
        self.macros: list[list[Any]] = []
        self.calculated = 0
        self.saves = 0
        opened.error = OfficeError

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> RemoteHost:
        return cls(OpenBook.load(path, read_only=read_only))

    @property
    def selection(self) -> str:
        """What is selected on the sheet that is shown."""
        return excel_sheets.selected(self.opened.book.active).address()

    def payload(self, include: Sequence[str] = (), exclude: Sequence[str] = (), args: Sequence[Any] = ()) -> JsonData:
        """The request's body. Sheets that are not included are named, but come without values."""
        data = book_data(self.opened, self.name, self.selection, include, exclude)
        if args:
            data["args"] = list(args)
        return cast(JsonData, json.loads(json.dumps(data, allow_nan=False)))

    def run(self, script: Callable[..., Any], include: Sequence[str] = (), args: Sequence[Any] = ()) -> Any:
        """Runs `script(book, *args)` as the server does and applies its actions; a script that raises applies none."""
        book = remote_book(self.payload(include))
        result = script(book, *args)
        self.apply(book.json()["actions"])
        return result

    def apply(self, actions: Sequence[Action]) -> None:
        """Applies actions in order. Raises ActionError, UnknownActionError; what was applied before stays."""
        actions = json.loads(json.dumps(actions, allow_nan=False))
        for index, action in enumerate(actions):
            do = ACTIONS.get(action["func"])
            if do is None:
                raise UnknownActionError(f"Action {index + 1} has an unknown function: {action['func']}.")
            try:
                do(self, action)
            except (OfficeError, AttributeError, IndexError, KeyError, TypeError, ValueError) as cause:
                raise ActionError(index, action, cause) from cause

    def save(self, path: Path) -> None:
        """Stores the workbook where the test wants it; the add-in itself can only save in place."""
        self.opened.save(path)


def payload(
    book: Workbook,
    values: Workbook | None = None,
    *,
    name: str = "Book1.xlsx",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    args: Sequence[Any] = (),
) -> JsonData:
    """The request's body for an openpyxl workbook; `values` is the same file opened with data_only=True."""
    return RemoteHost(OpenBook(book, values), name).payload(include, exclude, args)


def apply(book: Workbook, actions: Sequence[Action]) -> RemoteHost:
    """Applies actions to an openpyxl workbook."""
    host = RemoteHost(OpenBook(book))
    host.apply(actions)
    return host


def remote_book(data: JsonData) -> Any:
    """xlwings' own book for a payload, as a script of the server gets it."""
    os.environ["XLWINGS_LICENSE_KEY"] = "noncommercial"
    import xlwings as xw
    from xlwings.pro import _xlremote

    if _xlremote.engine.name not in [known.name for known in xw.engines]:
        xw.engines.add(xw.Engine(impl=_xlremote.engine))
    return xw.Book(json=data)
