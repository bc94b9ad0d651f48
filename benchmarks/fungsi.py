"""What a worksheet function costs beside the plain rule it asks: one call, and a column of cells.

    python benchmarks/fungsi.py [--sizes 10000] [--rounds 3] [--quick]

In process, as the desktop calls them; Excel's own share (COM, or the network to the add-in server) is not in it.
"""

from __future__ import annotations

import json

import bahan
import hasil
from ukur import measure as once

ROUNDS = 5


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """Three rows for each function."""
    rows = []
    for cells in bench.of((10_000,), (200,)):
        cost = once(bench.product("fungsi", cells, ROUNDS))
        for name, ways in json.loads(cost.said).items():
            for way, taken in ways.items():
                cpu, wall = zip(*taken, strict=True)
                rows.append(hasil.row(f"{name}: {way}", 1 if way == "one call" else cells, cpu, wall, [cost.mib]))
    return rows


if __name__ == "__main__":
    bahan.main(__doc__, measure)
