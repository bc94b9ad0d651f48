"""What a machine of a Dask cluster does of a consolidation: some files at a time, in a limited process of its own.

Runs inside `dask worker`, so nothing here keeps anything: what was read goes back, and to no disk.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.intake.pool import in_workers
from kemitraan_xl.intake.remote import is_remote, seen
from kemitraan_xl.intake.work import reading_digest
from kemitraan_xl.pedoman.load import load

Result = TypeVar("Result")


class OtherEdition(Exception):  # noqa: N818 - it is what the user is told
    """This machine has another edition of the program than the one that asks it."""


@cache
def edition() -> str:
    """Whatever what is read depends on: the rules and programs here, Python, and the library that reads."""
    python = ".".join(map(str, sys.version_info[:2]))
    return f"{reading_digest(load().digest)} {python} {version('python-calamine')}"


def able(sources: Sequence[str], dask_worker: Any) -> str:
    """The code of what this machine lacks, "" when it lacks nothing: see TROUBLES in cluster.py.

    It must be able to start processes, and may not put aside on its disk what returns say of children. (Dask hands
    a parameter of this name the worker that runs it.)
    """
    if multiprocessing.current_process().daemon:
        return "processes"
    if dask_worker.memory_manager.memory_limit is not None:
        return "disk"
    sighted = all(seen(source) if is_remote(source) else Path(source).exists() for source in sources)
    return "" if sighted else "blind"


def batch(
    asked: str, arrivals: Sequence[Arrival], work: Callable[[Arrival], Result], refused: Callable[[str], Result]
) -> list[Result]:
    """`work` on some files, as `in_workers` does it. Raises OtherEdition."""
    if asked != edition():
        raise OtherEdition
    return in_workers(arrivals, work, refused, 1, _silent)


def _silent(_: int) -> None:
    """Progress is told by batch, where the batches come back."""
