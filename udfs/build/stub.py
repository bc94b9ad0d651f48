"""Stands in for pywin32, so that xlwings' own code for worksheet functions on the desktop runs without Windows.

Only what that code needs while it is loaded and while it calls a function or writes the VBA wrappers: no Excel is
started and none is reached. Whatever else is asked of it says so. After `install()`, `xlwings.udfs` can be imported:

    stub.install()
    from xlwings import udfs
    udfs.call_udf("module", "FUNCTION", (1.0, stub.MISSING))
"""

from __future__ import annotations

import ctypes
import sys
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from types import ModuleType
from typing import Any, Final, NoReturn

#: How COM hands over an argument that the formula leaves out.
MISSING: Final = -2147352572


class ComError(Exception):
    """What pywin32 raises when Excel refuses: (hresult, text, (code, source, description, ...), argument)."""

    def __init__(
        self, hresult: int, strerror: str, excepinfo: tuple[Any, ...] | None = None, argerror: Any = None
    ) -> None:
        super().__init__(hresult, strerror, excepinfo, argerror)
        self.hresult = hresult
        self.strerror = strerror
        self.excepinfo = excepinfo
        self.argerror = argerror


class Time(datetime):
    """pywin32's date: a datetime that always has a time zone."""


class _TimeZoneInfo:
    @staticmethod
    def utc() -> tzinfo:
        return UTC


class _Dispatched:
    """The kinds of COM objects that xlwings tells apart."""


class _CDispatch(_Dispatched):
    pass


class _DispatchBaseClass(_Dispatched):
    pass


class _CoClassBaseClass(_Dispatched):
    pass


def _dispatch(*_: object) -> NoReturn:
    raise NotImplementedError("there is no Excel to be reached without Windows")


class _Library:
    """A loaded DLL: its functions can be named and given types; calling one does nothing."""

    def __init__(self, name: str | None = None) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        function = _Library(name)
        setattr(self, name, function)
        return function

    def __call__(self, *_: object) -> int:
        return 0


#: What each module of pywin32 offers, as far as xlwings looks.
_MODULES: Final[dict[str, dict[str, Any]]] = {
    "pywintypes": {"com_error": ComError, "TimeType": Time},
    "pythoncom": {
        "CoInitialize": lambda: None,
        "IID_IDispatch": "IDispatch",
        "IID_IEnumVARIANT": "IEnumVARIANT",
        "TypeIIDs": {"IDispatch": _CDispatch},
        "__file__": "",
    },
    "win32api": {},
    "win32con": {},
    "win32event": {},
    "win32gui": {},
    "win32process": {},
    "win32timezone": {"TimeZoneInfo": _TimeZoneInfo},
    "win32com": {},
    "win32com.client": {
        "CDispatch": _CDispatch,
        "CoClassBaseClass": _CoClassBaseClass,
        "DispatchBaseClass": _DispatchBaseClass,
        "Dispatch": _dispatch,
        "DispatchEx": _dispatch,
    },
    "win32com.server": {},
    "win32com.server.dispatcher": {},
    "win32com.server.policy": {},
    "win32com.server.util": {},
}

#: Names that Windows' Python adds to ctypes; needed only while xlwings' module is loaded.
_CTYPES: Final = {"windll": _Library(), "oledll": _Library(), "PyDLL": _Library}


def install() -> None:
    """Puts the stand-ins in place and gives xlwings its engine for Windows. Does nothing the second time.

    Meant for a process of its own: other libraries too ask whether pywin32 is there.
    """
    if "xlwings._xlwindows" in sys.modules:
        return
    for name, contents in _MODULES.items():
        module = ModuleType(name)
        module.__dict__.update(contents)
        module.__path__ = []
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    import xlwings

    missing = object()
    before = {name: getattr(ctypes, name, missing) for name in _CTYPES}
    for name, value in _CTYPES.items():
        setattr(ctypes, name, value)
    try:
        windows = import_module("xlwings._xlwindows")
    finally:
        for name, value in before.items():
            delattr(ctypes, name) if value is missing else setattr(ctypes, name, value)
    xlwings.engines.add(xlwings.Engine(impl=windows.engine))
