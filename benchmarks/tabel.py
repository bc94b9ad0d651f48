"""Stack, check and summarise: each step on the same readings in memory, beside other ways to do it.

    python benchmarks/tabel.py [--sizes 200 1000] [--rounds 3] [--quick]

Sizes are numbers of files.
"""

from __future__ import annotations

import json

import bahan
import hasil
from ukur import measure as once

PRODUCT = "the product"


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """A row for each step and way; the number of files is the size."""
    rows = []
    for size in bench.of((200, 1000), (20,)):
        cost = once(bench.product("tabel", bench.files(size), 1 if size > 200 else bench.rounds, cache=f"tabel{size}"))
        for name, taken in json.loads(cost.said).items():
            cpu, wall = zip(*taken, strict=True)
            rows.append(hasil.row(name, size, cpu, wall, [cost.mib]))
    return rows


if __name__ == "__main__":
    bahan.main(__doc__, measure)
