"""Writing a summary with one large sheet: Rekap Program, and Rekap Biaya beside it, with so many rows each.

    python benchmarks/tulis.py [--sizes 100000 1000000] [--rounds 3] [--quick]

The peers write the same cells of the same two sheets. What is counted is the writing; the product's also computes
its twelve sheets from the typed rows. A peer that would take more than half a minute is not started: its
line is drawn on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import bahan
import hasil
from hasil import Row, slow
from ukur import Run, rounds
from ukur import measure as once

PRODUCT = "kemitraan, twelve sheets"
PEERS = ("tulis_csv", "tulis_polars", "tulis_xlsxwriter", "tulis_openpyxl", "tulis_pandas")


def measure(bench: bahan.Bench) -> list[Row]:
    """The product and every peer, for each number of rows."""
    rows: list[Row] = []
    for size in bench.of((10_000, 100_000, 1_000_000), (1_000, 10_000)):
        drawn = slow(rows, PEERS, size)
        once(bench.product("tulis", bench.files(20), size, _target(bench), _cells(bench), cache="tulis"))
        rows += hasil.rows(size, rounds(partial(_runs, bench, size, drawn), 1 if size > 10_000 else bench.rounds))
        rows += drawn.values()
    return rows


def _target(bench: bahan.Bench) -> Path:
    return bench.scratch / "tulis.xlsx"


def _cells(bench: bahan.Bench) -> Path:
    """What the peers write."""
    return bench.scratch / "sel.pickle"


def _runs(bench: bahan.Bench, size: int, drawn: Mapping[str, Row], _: int) -> Mapping[str, Run]:
    target, cells = _target(bench), _cells(bench)
    peers = {name: bench.peer(name, cells, target, inner=True) for name in PEERS if name not in drawn}
    return {PRODUCT: bench.product("tulis", bench.files(20), size, target, cache="tulis", inner=True), **peers}


if __name__ == "__main__":
    bahan.main(__doc__, measure)
