"""What a consolidation costs on a Dask cluster with one and with two workers, beside this computer alone.

    python benchmarks/kluster.py [--files 800] [--rounds 1]

Prints for each the seconds from start to end, the processor seconds of the command itself and of what reads, and the
command's peak memory; then what follows for many more files. Processor seconds are what counts: workers and command
share this computer's processors here, which machines of a cluster do not. docs/skala.md quotes what it prints.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil
from bahan import Bench
from ukur import Run, measure

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.kluster import kluster

MANY = (10_000, 100_000, 1_000_000)
WORKERS = (1, 2)


class Figures(NamedTuple):
    """Of one run."""

    wall: float
    head: float  #: processor seconds of the command
    workers: float  #: processor seconds of the workers and all they started
    mib: int  #: peak memory of the command


def spent(processes: Sequence[int]) -> float:
    """Processor seconds of these processes, all below them, and those that have ended there."""
    total = 0.0
    for number in processes:
        parent = psutil.Process(number)
        for process in (parent, *parent.children(recursive=True)):
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total


def figures(run: Run, processes: Sequence[int]) -> Figures:
    """The command once."""
    before = spent(processes)
    cost = measure(run)
    return Figures(cost.wall, cost.cpu, spent(processes) - before, cost.mib)


def measured(bench: Bench, files: int, rounds: int) -> dict[str, list[Figures]]:
    """Every way in turn, round by round; each begins with nothing kept."""
    found: dict[str, list[Figures]] = {}
    folder = bench.files(files)
    with ExitStack() as stack:
        clusters = {}
        for count in WORKERS:
            place = bench.scratch / f"kluster{count}"
            place.mkdir()
            clusters[count] = stack.enter_context(kluster(place, count))
        for turn in range(rounds):
            ways: dict[str, tuple[list[Any], list[int]]] = {"alone, --pekerja 2": (["--pekerja", 2], [])}
            for count, made in clusters.items():
                ways[f"--dask, workers: {count}"] = (["--dask", made.address], [one.pid for one in made.workers])
            for way, (words, processes) in ways.items():
                target = bench.scratch / "rekap.xlsx"
                run = bench.command("konsolidasi", folder, "--keluaran", target, *words, cache=f"{way}-{turn}")
                found.setdefault(way, []).append(figures(run, processes))
                print(f"  round {turn + 1}: {way:24}", *(f"{one:10.1f}" for one in found[way][-1]), flush=True)
    return found


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch))
        few = measured(bench, asked.files // 4, 1)
    with tempfile.TemporaryDirectory() as scratch:
        found = measured(Bench(Path(scratch)), asked.files, asked.rounds)
    print(f"\n{asked.files} files                 wall s  command cpu s  workers cpu s  command MiB")
    for way, runs in found.items():
        wall, head, workers, mib = (median(column) for column in zip(*runs, strict=True))
        print(f"{way:24}{wall:10.1f}{head:14.1f}{workers:15.1f}{mib:13.0f}")
    tell_growth(few, found, asked.files - asked.files // 4)


def tell_growth(few: dict[str, list[Figures]], found: dict[str, list[Figures]], more: int) -> None:
    """What each further file costs, and what that makes of many: processor seconds and memory, not a promise."""
    way = f"--dask, workers: {WORKERS[-1]}"
    slopes = [(median(b) - median(a)) / more for a, b in zip(zip(*few[way]), zip(*found[way]), strict=True)]  # noqa: B905
    _, head, workers, mib = slopes
    print(f"\neach further file: command {head * 1000:.2f} ms, workers {workers * 1000:.2f} ms, {mib * 1024:.0f} KiB")
    for count in MANY:
        line = f"command {head * count / 60:6.1f} min, workers {workers * count / 60:6.1f} min to be divided"
        print(f"{count:9} files: {line}, memory {mib * count / 1024:6.1f} GiB")


if __name__ == "__main__":
    main()
