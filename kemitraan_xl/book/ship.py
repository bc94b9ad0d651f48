"""Writes the master that ships with the project: `python -m kemitraan_xl.book.ship [FOLDER]` (`make workbook`).

It is empty and dated by its edition of the guideline, so that building it again gives the same bytes.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Final

from kemitraan_xl.book.master import build_master
from kemitraan_xl.pedoman.load import load

NAME: Final = "Kemitraan.xlsx"


def ship(folder: Path) -> Path:
    """Write the empty master into `folder`; returns where it is. Raises OSError."""
    target = folder / NAME
    build_master(target, today=date.fromisoformat(load().dated))
    return target


if __name__ == "__main__":
    ship(Path(sys.argv[1] if len(sys.argv) > 1 else "workbook"))
