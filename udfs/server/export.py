"""The registry as xlwings Server wants it: worksheet functions and macros, each under the name Excel calls it by.

Both work in threads, so that a long check never keeps others waiting.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import xlwings as xw
from fastapi.concurrency import run_in_threadpool
from xlwings.server import arg, func, ret, script

from kemitraan_xl.impossible import Impossible
from udfs import macros
from udfs.cells import in_cell
from udfs.registry import ARGUMENT, Function, Macro
from udfs.server.gate import UNKNOWN_PLACE, House, current
from udfs.server.incidents import note
from udfs.server.tasks import Task


class Unknown(Impossible, AttributeError):  # noqa: N818 - it is what the user is told
    """A name that nothing is exported under."""


def missing(name: str) -> Any:  # noqa: ARG001  Python hands it over
    """What a module of exports answers for any other name (its `__getattr__`). Raises Unknown."""
    raise Unknown(UNKNOWN_PLACE)


def functions(registered: Iterable[Function]) -> dict[str, Callable[..., Any]]:
    """Worksheet functions by their Python names."""
    return {one.fn.__name__: _function(one) for one in registered}


def _function(one: Function) -> Callable[..., Any]:
    @functools.wraps(one.fn)
    async def call(*args: Any) -> Any:
        return await run_in_threadpool(in_cell, one.fn, *args)

    call.__annotations__ = {}  # converters come from the registry alone, the same for both hosts
    call.__doc__ = one.help
    call.__signature__ = inspect.signature(one.fn)  # type: ignore[attr-defined]  # functools.wraps has no types for it
    exported: Any = ret()(call)
    for name, help_text in one.arguments.items():
        exported = arg(name, doc=help_text, **ARGUMENT)(exported)
    return func(name=one.name, volatile=one.volatile)(exported)


def scripts(registered: Iterable[Macro]) -> dict[str, Callable[..., Any]]:
    """The macros that exist on the server, by name; each takes the id of the task it works for."""
    return {one.name: _script(one) for one in registered if "server" in one.hosts}


def _script(macro: Macro) -> Callable[..., Any]:
    async def call(book: xw.Book, tugas: Any) -> None:
        house = current.get()
        task = house.tasks.begin(tugas, macro.name)
        await run_in_threadpool(_work, house, task, book)

    call.__name__ = call.__qualname__ = macro.name
    call.__annotations__ = {"book": xw.Book, "tugas": Any}
    return script(name=macro.label, include=list(macro.include) or None)(call)


def _work(house: House, task: Task, book: xw.Book) -> None:
    """Run a task's macro on the book that was sent; its task keeps what came of it. Raises Impossible, Incident."""
    try:
        house.tasks.end(task, "selesai", macros.run(task.macro, book, task.desk()))
    except Impossible as reason:
        house.tasks.end(task, "gagal", str(reason))
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the user is told a number
        incident = note(error)
        house.tasks.end(task, "gagal", str(incident))
        raise incident from None


def is_script(module: object, name: str) -> bool:
    """Whether a name of the module of exports is a macro, so that nothing else in it can be called."""
    return hasattr(inspect.getattr_static(module, name, None), "__xlscript__")
