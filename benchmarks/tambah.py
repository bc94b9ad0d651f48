"""A run after one new file has come: beside the run that reads everything, and the run in which nothing is new.

    python benchmarks/tambah.py [--sizes 200 2000] [--rounds 3] [--quick]

Sizes are numbers of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import bahan
import hasil
from ukur import Run, rounds

FULL, SAME, NEW = "every file read", "no file changed", "one new file"


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """The three in turn, for each number of files."""
    rows = []
    for size in bench.of((200, 2000), (20,)):
        rows += hasil.rows(size, rounds(partial(_runs, bench, size), bench.rounds))
    return rows


def _runs(bench: bahan.Bench, size: int, turn: int) -> Mapping[str, Run]:
    """One after the other on one cache, which is new in every round."""
    cache = f"tambah{size}-{turn}"
    return {
        FULL: bench.consolidation(bench.files(size), cache),
        SAME: bench.consolidation(bench.files(size), cache),
        NEW: bench.consolidation(bench.files(size + 1), cache),
    }


if __name__ == "__main__":
    bahan.main(__doc__, measure)
