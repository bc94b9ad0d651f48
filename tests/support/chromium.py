"""Where Chromium is on this machine; the task pane is tested in it."""

from __future__ import annotations

import shutil

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """The program to start, None where there is none."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def available() -> str:
    """What is missing to open the task pane; "" when nothing is."""
    return "" if program() else "Chromium"
