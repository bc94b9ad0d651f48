"""Every worksheet function and every macro once, for whichever host registers them.

What is listed here stays plain Python: no xlwings decorator touches it, so tests call it directly and one process
can hold both registrations (`udfs.classic` for Excel with Python, `udfs.server` for the add-in server). Standard
library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from types import MappingProxyType
from typing import Any, Final, TypeVar

#: The group that Excel's function wizard lists all functions under.
CATEGORY: Final = "Kemitraan KPAI"

#: Begins every function's name, so that none is a reserved word of VBA or the address of a cell.
PREFIX: Final = "KMT_"

#: How a host is to hand over every argument: as rows of cells whatever its size, errors as their text.
ARGUMENT: Final[Mapping[str, Any]] = MappingProxyType({"ndim": 2, "err_to_str": True})

#: What stands before every function where the add-in server provides it: =KPAI.KMT_SKOR_ITEM(...).
NAMESPACE: Final = "KPAI"

DESKTOP: Final = "desktop"
SERVER: Final = "server"

_Callable = TypeVar("_Callable", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Example:
    """A call and what it gives, for the documentation: `arguments` in order, a list of rows is a range."""

    arguments: tuple[Any, ...]
    result: Any


@dataclass(frozen=True, slots=True)
class Function:
    """One worksheet function: `fn` takes the values of either host, see `udfs.cells`.

    `help` is one Indonesian paragraph of at most 255 characters (Excel's limit), `arguments` has one for each
    parameter, in order.
    """

    fn: Callable[..., Any]
    name: str
    help: str
    arguments: Mapping[str, str]
    example: Example
    category: str = CATEGORY
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Macro:
    """One command of ribbon, button or task pane: `fn` takes a book and a `udfs.desk.Desk` and returns a plan.

    `tip` is an Indonesian screentip of one sentence. `inbox`: needs a folder of files handed in; `outbox`: makes
    files. Where it is not in `hosts`, `instead` says what stands in for it. `include` names the sheets the server
    has to be sent (none = all), `icon` a built-in picture of Office.
    """

    fn: Callable[..., Any]
    name: str
    label: str
    tip: str
    icon: str
    inbox: bool = False
    outbox: bool = False
    hosts: frozenset[str] = field(default=frozenset((DESKTOP, SERVER)))
    instead: str = ""
    include: tuple[str, ...] = ()


_functions: dict[str, Function] = {}
_macros: dict[str, Macro] = {}

#: What has been registered so far, by name; `load_functions` and `load_macros` see to it that it is all.
FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(_functions)
MACROS: Final[Mapping[str, Macro]] = MappingProxyType(_macros)


def function(
    *,
    help: str,  # noqa: A002  the word that Excel uses for it
    arguments: Mapping[str, str],
    example: tuple[tuple[Any, ...], Any],
    volatile: bool = False,
) -> Callable[[_Callable], _Callable]:
    """Register a worksheet function under its own name in capitals (`kmt_skor_item` -> KMT_SKOR_ITEM).

    Raises ValueError for a name used twice, or arguments that are not those of the function.
    """

    def register(fn: _Callable) -> _Callable:
        name = fn.__name__.upper()
        if name in _functions:
            raise ValueError(f"{name} is registered twice")
        if list(arguments) != list(signature(fn).parameters):
            raise ValueError(f"{name}: arguments do not match its parameters")
        _functions[name] = Function(fn, name, help, dict(arguments), Example(*example), volatile=volatile)
        return fn

    return register


def macro(
    *,
    label: str,
    tip: str,
    icon: str,
    inbox: bool = False,
    outbox: bool = False,
    hosts: Iterable[str] = (DESKTOP, SERVER),
    instead: str = "",
    include: Iterable[str] = (),
) -> Callable[[_Callable], _Callable]:
    """Register a macro under its own name. Raises ValueError for a name used twice."""

    def register(fn: _Callable) -> _Callable:
        name = fn.__name__
        if name in _macros:
            raise ValueError(f"{name} is registered twice")
        _macros[name] = Macro(fn, name, label, tip, icon, inbox, outbox, frozenset(hosts), instead, tuple(include))
        return fn

    return register


def load_functions() -> Mapping[str, Function]:
    """All worksheet functions, by name."""
    import_module("udfs.functions")
    return FUNCTIONS


def load_macros() -> Mapping[str, Macro]:
    """All macros, by name."""
    import_module("udfs.macros")
    return MACROS
