"""One large sheet: a proposal whose Rencana Kerja has so many rows, read by the product and by others.

    python benchmarks/lembar.py [--sizes 10000 100000 1000000] [--rounds 3] [--quick]

`kemitraan periksa` reads, checks and reports it, as far as its limits on a return allow: its reason to refuse one is
kept. The reader without limits is the same program with them lifted, for comparison. A program that would take more
than half a minute is not started: its line is drawn on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import bahan
import hasil
from hasil import Row, slow
from ukur import Run, rounds

PRODUCT, READER = "kemitraan periksa", "its reader, without limits"
FLOORS = ("lantai_zip", "lantai_expat")
PEERS = (
    "lembar_calamine",
    "lembar_fastexcel",
    "lembar_polars",
    "lembar_pandas_calamine",
    "lembar_openpyxl",
    "lembar_pandas_openpyxl",
)


def measure(bench: bahan.Bench) -> list[Row]:
    """The product and every peer, for each number of rows."""
    rows: list[Row] = []
    for size in bench.of((10_000, 100_000, 1_000_000), (1_000, 5_000)):
        drawn = slow(rows, (READER, *PEERS), size)
        costs = rounds(partial(_runs, bench, size, drawn), 1 if size > 10_000 else bench.rounds)
        refused = costs[PRODUCT][0].said.partition(": ditolak ")[2]
        rows += [replace(row, said=refused if row.what == PRODUCT else "") for row in hasil.rows(size, costs)]
        rows += drawn.values()
    return rows


def _runs(bench: bahan.Bench, size: int, drawn: Mapping[str, Row], turn: int) -> Mapping[str, Run]:
    folder = bench.large(size)
    check = ("periksa", folder, "--senyap", "--per-tanggal", bahan.TODAY)
    found = {PRODUCT: bench.command(*check, cache=f"lembar{size}-{turn}"), READER: bench.product("lembar", folder)}
    found |= {name: bench.peer(name, folder) for name in (*FLOORS, *PEERS)}
    return {name: run for name, run in found.items() if name not in drawn}


if __name__ == "__main__":
    bahan.main(__doc__, measure)
