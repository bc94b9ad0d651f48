"""Excel for Windows with Python on the PC: the module that Kemitraan.xlam loads.

Each worksheet function of the registry stands here under its Excel name, as xlwings wants it; the buttons and the
ribbon call `jalankan`. Only the free part of xlwings is used (BSD, no licence key).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import xlwings as xw

from kemitraan_xl.impossible import Impossible
from udfs.cells import in_cell
from udfs.registry import ARGUMENT, Function, load_functions

_excel: Any = None  #: what registers functions; only Windows has it, and the stand-in for it in tests
try:
    _excel = import_module("xlwings.udfs")
except ImportError:
    if sys.platform == "win32":
        raise

#: Title of the messages that a macro ends with.
_TITLE: Final = "Kemitraan KPAI"


def _registered(functions: Iterable[Function]) -> dict[str, Callable[..., Any]]:
    """Every worksheet function by its Excel name, with help and argument options for xlwings."""
    return {one.name: _entry(one) for one in functions}


def _entry(one: Function) -> Callable[..., Any]:
    """A function as Excel calls it: what it cannot do is a sentence in the cell, where xlwings would print a trace."""

    @wraps(one.fn)
    def call(*cells: Any) -> Any:
        return in_cell(one.fn, *cells)

    call.__name__ = call.__qualname__ = one.name
    call.__doc__, call.__annotations__ = one.help, {}
    if _excel is None:
        return call
    for name, text in one.arguments.items():
        _excel.xlarg(name, doc=text, **ARGUMENT)(call)
    _excel.xlfunc(category=one.category, volatile=one.volatile)(call)
    return call


def jalankan(name: str, masuk: str = "", keluar: str = "") -> None:
    """Run a macro on the workbook whose button was pressed, and say what came of it.

    `masuk` and `keluar` are the folders the user chose, as hexadecimal UTF-16 (VBA sources are ASCII), "" for none.
    """
    from udfs.desk import Desk
    from udfs.macros import run

    book = xw.Book.caller()
    app = book.app

    def progress(text: str) -> None:
        app.status_bar = text

    try:
        try:
            sentence = run(name, book, Desk(date.today(), _folder(masuk), _folder(keluar), progress))
        except Impossible as reason:
            sentence = str(reason)
        progress(sentence)
        app.alert(sentence, _TITLE)
    finally:
        app.status_bar = False  # Excel's own again


def _folder(text: str) -> Path | None:
    return Path(bytes.fromhex(text).decode("utf-16-be")) if text else None


globals().update(_registered(load_functions().values()))
