"""Where the time of one consolidation goes: start, read, stack, check, findings, decide, keep, summarise, write.

    python benchmarks/tahap.py [--sizes 200 2000] [--rounds 3] [--quick]

Sizes are numbers of files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

import bahan
import hasil
from hasil import Row
from ukur import Cost, Run, rounds

READ = "read"
WHOLE = "whole"


def measure(bench: bahan.Bench) -> list[Row]:
    """A row for each stage, for each number of files."""
    rows = []
    for size in bench.of((200, 2000), (20,)):
        rows += _stages(size, rounds(partial(_runs, bench, size), bench.rounds)[WHOLE])
    return rows


def _runs(bench: bahan.Bench, size: int, turn: int) -> Mapping[str, Run]:
    return {WHOLE: bench.product("tahap", bench.files(size), bench.scratch / "tahap.xlsx", cache=f"t{size}-{turn}")}


def _stages(size: int, costs: Sequence[Cost]) -> list[Row]:
    """What the program said of its own stages; what it does not know of is the processor time of its readers."""
    told: list[dict[str, list[float]]] = [json.loads(cost.said) for cost in costs]
    rows = []
    for stage in told[0]:
        cpu, wall = ([one[stage][part] for one in told] for part in (0, 1))
        if stage == READ:
            cpu = [
                mine + cost.cpu - sum(used for used, _ in one.values())
                for mine, cost, one in zip(cpu, costs, told, strict=True)
            ]
        rows.append(hasil.row(stage, size, cpu, wall, [cost.mib for cost in costs]))
    return rows


if __name__ == "__main__":
    bahan.main(__doc__, measure)
