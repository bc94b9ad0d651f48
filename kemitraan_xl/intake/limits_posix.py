"""The limits of a worker on Linux and macOS: memory, processor time, no image of its memory when it dies.

macOS does not hold a process to its memory; there the wall clock of the parent is what ends a file that asks for
too much. Standard library only.
"""

from __future__ import annotations

import ctypes
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

_KEPT = 64 << 20  #: bytes of freed memory that a worker keeps for its next file
_TRIM_THRESHOLD = -1  #: parameter of mallopt


def confine(memory: int) -> None:
    """No core file, and `memory` bytes on top of what this process begins with."""
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)
        _keep_freed_memory()


def limit_time(seconds: float) -> None:
    """Processor time from now on: it stops even a worker whose parent is gone."""
    _lower(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 1)


def _lower(which: int, soft: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _keep_freed_memory() -> None:
    """Every file needs as much memory as the one before it: giving it back in between costs a twentieth."""
    with suppress(AttributeError):  # not every C library has it
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _KEPT)
