"""Writing a file so that a reader finds either the old one or the whole new one, never a half.

Standard library only. Errors are the system's own (`PermissionError` when the target is open in Excel,
`FileNotFoundError` when its folder does not exist); the command line turns them into one line.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace_file(target: Path, data: bytes) -> None:
    """Put `data` at `target`: written beside it, flushed to disk, then renamed over it in one step.

    The file that was there stays untouched until the rename; nothing is left behind when a step fails.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):
            error.filename = str(target)  # the name the user knows
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
