"""Growth: time and memory of `kemitraan konsolidasi` against the number of files, every file read.

    python benchmarks/tumbuh.py [--sizes 200 2000 10000] [--quick]

Once for each size, with the memory watched: the peak of the largest process, of the largest reading process, and of
all together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import bahan
import hasil
from konsolidasi import PRODUCT
from ukur import Run, rounds


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """A row for each number of files."""
    rows = []
    for size in bench.of((200, 1000, 2000, 5000, 10_000), (10, 20, 40)):
        rows += hasil.rows(size, rounds(partial(_runs, bench, size), 1))
    return rows


def _runs(bench: bahan.Bench, size: int, _: int) -> Mapping[str, Run]:
    return {PRODUCT: bench.consolidation(bench.files(size), f"tumbuh{size}", watch=True)}


if __name__ == "__main__":
    bahan.main(__doc__, measure)
