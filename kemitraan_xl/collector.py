"""Python's garbage collector out of the way while many small objects are made that all stay. Standard library only."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No collections meanwhile; as a decorator, while the function runs.

    With thousands of readings in memory each collection walks over all of them and finds nothing to free.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
