"""Where fetched mails lie while a command needs them: for nobody else's eyes, and never longer than that.

A run that was killed leaves its mails behind. So one run at a time has them, by a lock that the system takes back
from a dead process, and whoever gets the lock first clears what is there. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kemitraan_xl.intake.cache import cache_folder
from kemitraan_xl.intake.imap.trouble import Trouble

_ROOM, _LOCK = "surel", "kunci"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder that only this user may enter, gone afterwards. Raises Trouble while another run has one."""
    for place in (cache_folder(), _room()):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone() as alone:
        if not alone:
            raise Trouble("busy")
        with tempfile.TemporaryDirectory(dir=_room(), ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def clear_leftovers() -> None:
    """Take away what a killed run left, unless another run is at work."""
    if _room().is_dir():
        with _alone():
            pass


def _room() -> Path:
    return cache_folder() / _ROOM


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run has mails here; then those of killed runs are gone, and nobody else comes meanwhile."""
    handle = os.open(_room() / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        alone = _locked(handle)
        for left in _room().iterdir() if alone else ():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
        yield alone
    finally:
        os.close(handle)  # gives the lock back


def _locked(handle: int) -> bool:
    """Take the lock, which a worker process does not inherit."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
