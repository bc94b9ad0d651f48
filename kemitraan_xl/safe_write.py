"""Writing a file so that a reader finds either the old one or the whole new one, never a half.

Standard library only. Errors are the system's own (`PermissionError` when the target is open in Excel,
`FileNotFoundError` when its folder does not exist); the command line turns them into one line.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

#: What is written beside a target until it is whole; the name says nothing of the target, which may be long.
_BESIDE: Final = re.compile(r"\.kemitraan-[0-9a-f]{16}\.tmp")
#: Seconds after which such a file belongs to no run any more, by the clock of the disk it is on.
_LEFT: Final = 3600
#: How folders for work on the way begin, and the seconds after which one belongs to no run any more.
_WORK: Final = "kemitraan-kerja-"
_DAY: Final = 86_400
#: Seconds to wait for a program that only looks into the target (virus scanner, indexer, OneDrive), and the
#: errors by which Windows says that one does: access denied, sharing violation, lock violation.
_WAITS: Final = (0.1, 0.2, 0.4, 0.8, 1.0)
_HELD: Final = (5, 32, 33)


def replace_file(target: Path, data: bytes | memoryview) -> None:
    """Put `data` at `target`: written beside it, flushed to disk, then renamed over it in one step.

    The file that was there stays untouched until the rename; nothing is left behind when a step fails. What a
    killed run left beside it goes once it is old. A link is followed. Raises OSError.
    """
    with named(target):
        if open_in_excel(target):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        _write(Path(os.path.realpath(target)) if target.is_symlink() else target, data, 0o666, rename)


def create_file(target: Path, data: bytes, mode: int = 0o666) -> None:
    """Put `data` at `target` where nothing may be yet; of two runs at once the second gets FileExistsError.

    Raises OSError.
    """
    with named(target):
        _write(target, data, mode, _settle)


def open_in_excel(target: Path) -> bool:
    """Whether Excel says, by its lock file, that somebody has the workbook open, on this computer or another."""
    with suppress(OSError):  # a name too long for such a file
        return target.with_name(f"~${target.name}").exists()
    return False


def own_files(target: Path) -> frozenset[Path]:
    """A file this program writes, and what runs that were killed left beside it: nothing that was handed in."""
    with suppress(OSError):
        return frozenset({target, *_leftovers(target.absolute().parent)})
    return frozenset({target})


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder of one's own for what is made on the way, gone afterwards; those of killed runs go after a day."""
    with tempfile.TemporaryDirectory(prefix=_WORK, ignore_cleanup_errors=True) as folder:
        _clear_work(Path(folder).parent)
        yield Path(folder)


def _write(target: Path, data: bytes | memoryview, mode: int, give_name: Callable[[Path, Path], None]) -> None:
    beside = target.with_name(f".kemitraan-{secrets.token_hex(8)}.tmp")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        give_name(beside, target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    conclude(target.parent)


def rename(beside: Path, target: Path) -> None:
    """Give what was written, or set aside, another name in the same folder; waits while a program looks into it."""
    for seconds in _WAITS:
        try:
            beside.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(seconds)
        else:
            return
    beside.replace(target)


def _settle(beside: Path, target: Path) -> None:
    """Give the file its name unless that is taken. Windows never renames over a file; elsewhere a link does not."""
    if os.name == "nt":
        beside.rename(target)
        return
    try:
        target.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        beside.rename(target)
    else:
        beside.unlink()


@contextmanager
def named(target: Path) -> Iterator[None]:
    """Errors are about the file that the user knows, not about the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename = str(target)
        raise


@cache
def _clear_work(folder: Path) -> None:
    """What was on its way may be partners' rows: it does not stay on the disk of whoever ended a run by force."""
    for path in folder.glob(f"{_WORK}*"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > _DAY:
                shutil.rmtree(path)


@cache
def _clear(folder: Path) -> None:
    """Take away, once a run, what killed runs left. Something was just renamed in the folder: its date is now."""
    with suppress(OSError):
        now = folder.stat().st_mtime
        for path in _leftovers(folder):
            if now - path.stat().st_mtime > _LEFT:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _leftovers(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if _BESIDE.fullmatch(entry.name)]


def conclude(folder: Path) -> None:
    """After a rename in `folder`: it lasts, and what killed runs left there goes."""
    flush_folder(folder)
    _clear(folder.absolute())


def flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
