"""End to end, from a folder of returns to the summary workbook: the command, and scripts that people would write.

    python benchmarks/konsolidasi.py [--sizes 20 200 2000] [--rounds 3] [--quick]

A peer that would take more than a minute on so many files is not started: its line is drawn on, and the row says so.
One that would take more than half a minute in all rounds together is measured once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import bahan
import hasil
from hasil import Row
from ukur import Run, rounds

PRODUCT = "kemitraan konsolidasi"
PEERS = (
    "polars_fastexcel",
    "polars_glob",
    "pandas_calamine",
    "pandas_calamine_pandera",
    "openpyxl_baris",
    "pandas_calamine_pandera_berkas",
    "pyexcel_buku",
    "pandas_openpyxl",
    "frictionless_validate",
    "pandas_openpyxl_pandera",
    "petl_cat",
)
MOST = 60.0  #: seconds


def measure(bench: bahan.Bench) -> list[Row]:
    """The command and every peer, for each number of files."""
    rows: list[Row] = []
    for size in bench.of((20, 200, 2000), (10, 20)):
        expected = {name: hasil.drawn_on([row for row in rows if row.what == name], size) for name in PEERS}
        turns = {name: _turns(row, bench.rounds) for name, row in expected.items()}
        rows += hasil.rows(size, rounds(partial(_runs, bench, size, turns), bench.rounds))
        rows += [row for name, row in expected.items() if row and not turns[name]]
    return rows


def _runs(bench: bahan.Bench, size: int, turns: Mapping[str, int], turn: int) -> Mapping[str, Run]:
    folder = bench.files(size)
    peers = {name: bench.peer(name, folder, bench.scratch / f"{name}.xlsx") for name in PEERS if turn < turns[name]}
    return {PRODUCT: bench.consolidation(folder, f"{size}-{turn}"), **peers}


def _turns(expected: Row | None, rounds: int) -> int:
    """In how many rounds a peer is worth its time."""
    if expected is None:
        return 1
    seconds = expected.wall[0]
    return rounds if seconds * rounds <= MOST / 2 else int(seconds <= MOST)


if __name__ == "__main__":
    bahan.main(__doc__, measure)
