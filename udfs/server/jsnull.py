"""Array functions without the detour through Pyodide that xlwings takes for every single cell.

For each cell that comes from Excel, xlwings 0.37.8 asks `is_jsnull`, which tries to import `pyodide.ffi` anew. Outside
the browser that import fails every time, and searching for it takes ten times as long as all the rest of the call.
tests/test_server.py says when xlwings has stopped doing so and this module can go.
"""

from __future__ import annotations

from typing import Any

from xlwings import utils
from xlwings.conversion import standard

#: What xlwings asks, as it came.
original = utils.is_jsnull


def mend() -> None:
    """Answer the question without an import: there is no Pyodide in a server."""
    utils.is_jsnull = never
    standard.is_jsnull = never


def never(value: Any) -> bool:  # noqa: ARG001  the question is asked of every cell
    """No value is JavaScript's null."""
    return False
