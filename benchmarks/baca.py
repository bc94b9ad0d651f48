"""Reading small files: the whole stage and its guard beside calamine alone, and beside inflating and scanning.

    python benchmarks/baca.py [--sizes 200 2000] [--rounds 3] [--quick]

Every file is read by every program; sizes are numbers of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import bahan
import hasil
from ukur import Run, rounds

STAGE, GUARDED = "read stage", "guard and calamine in limited processes"
CALAMINE, EXPAT, ZIP = "calamine_saja", "lantai_expat", "lantai_zip"


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """Every way to read, for each number of files."""
    rows = []
    for size in bench.of((200, 2000), (20,)):
        rows += hasil.rows(size, rounds(partial(_runs, bench, bench.files(size)), bench.rounds))
    return rows


def _runs(bench: bahan.Bench, folder: Path, _: int) -> Mapping[str, Run]:
    floors = {name: bench.peer(name, folder) for name in (ZIP, EXPAT, CALAMINE)}
    return floors | {GUARDED: bench.product("penjaga", folder), STAGE: bench.product("baca", folder)}


if __name__ == "__main__":
    bahan.main(__doc__, measure)
