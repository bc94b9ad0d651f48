"""The template as every peer sees it: the sheets that hold something, and the row of their headings, from 0."""

from __future__ import annotations

import sys
from pathlib import Path

HEADINGS = {
    "Sampul": 0,
    "KAK": 2,
    "Rencana Kerja": 4,
    "Matriks Risiko": 2,
    "Profil dan Bukti": 6,
    "Indikator": 2,
}


def files() -> list[Path]:
    """The files of the folder that is the first word of the command line."""
    return sorted(Path(sys.argv[1]).glob("*.xlsx"))


def target() -> Path:
    """Where the result goes: the second word."""
    return Path(sys.argv[2])
