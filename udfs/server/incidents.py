"""An error nobody expected: a number for the user, and for whoever looks after the server the place in the program.

What was in the cells never reaches the log: only types of errors and lines of code are written down, since an error's
own text may quote a cell, and a cell may name a child.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import Final

log: Final = logging.getLogger("kemitraan.server")

#: Of a file's path, so much as tells modules apart.
_PARTS: Final = 3
#: Of the calls that led to an error, the innermost.
_FRAMES: Final = 8


class Incident(Exception):  # noqa: N818 - it is what the user is told
    """Something went wrong that is no fault of the user; the text gives the number under which it is in the log."""


def note(error: BaseException) -> Incident:
    """Write down where an error happened, under a new number; what to tell the user."""
    number = secrets.token_hex(3).upper()
    log.error("Kesalahan %s: %s", number, "; ".join(_places(error)))
    return Incident(
        f"Terjadi kesalahan yang tidak terduga (nomor {number}). Ulangi sekali lagi; bila terjadi lagi, sampaikan "
        "nomor itu kepada admin."
    )


def _places(error: BaseException | None) -> list[str]:
    """The error and what led to it, each with its lines of code; no texts."""
    told = []
    while error is not None:
        frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES:])
        path = " < ".join(
            f"{'/'.join(Path(frame.filename).parts[-_PARTS:])}:{frame.lineno} {frame.name}" for frame in frames
        )
        told.append(f"{type(error).__name__} at {path or '?'}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
