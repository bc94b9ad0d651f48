"""Start-up: what a command or a module takes before it does anything, beside a Python that does nothing.

    python benchmarks/mulai.py [--rounds 3] [--quick]

What may be imported is held by tests; this is what it costs.
"""

from __future__ import annotations

from collections.abc import Mapping

import bahan
import hasil
from ukur import Run, rounds

NOTHING = "python -c pass"
HELP, DICTIONARY, CHECK = "kemitraan --help", "kemitraan kamus", "kemitraan periksa, one file"
MODULES = ("udfs.functions", "udfs.classic")
TIMES = 3  #: as many rounds as elsewhere, for each is short


def measure(bench: bahan.Bench) -> list[hasil.Row]:
    """One row for each start."""
    one = next(bench.files(1).iterdir())

    def runs(turn: int) -> Mapping[str, Run]:
        return {
            NOTHING: bench.python("-c", "pass"),
            HELP: bench.command("--help"),
            DICTIONARY: bench.command("kamus"),
            CHECK: bench.command("periksa", one, "--senyap", cache=f"mulai{turn}"),
            **{f"import {module}": bench.python("-c", f"import {module}") for module in MODULES},
        }

    return hasil.rows(1, rounds(runs, TIMES * bench.rounds))


if __name__ == "__main__":
    bahan.main(__doc__, measure)
