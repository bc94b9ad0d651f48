"""Stack, check and summarise on the readings of a folder, each beside other ways; prints seconds by step and way.

    python tabel.py FOLDER ROUNDS

All ways of a step begin with the same readings in memory, and run in turn. The others check what scripts check that
people write (`pembanding/_panda.py`), and sum up with the pivot that a person would make.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "pembanding"))

from _panda import checker

from kemitraan_xl import examine
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.recap import SHEETS
from validation.contract import tables

DAY = date(2026, 11, 24)
PRODUCT = "the product"
CHECKED = ("kak", "rencana_kerja", "matriks_risiko", "indikator")

Ways = Mapping[str, Callable[[], object]]


def main() -> None:
    """See above."""
    recap = consolidate([Path(sys.argv[1])], DAY)
    readings = [entry.reading for entry in recap.returns]
    per_file = [frames_of(reading) for reading in readings]
    together = {sheet: pd.concat([frames[sheet] for frames in per_file], ignore_index=True) for sheet in per_file[0]}
    check, pedoman = checker(), load()
    steps: Mapping[str, Ways] = {
        "stack": {
            PRODUCT: lambda: examine.stack(readings),
            "a frame for each file, and concat": lambda: stacked_by_concat(readings),
        },
        "check": {
            PRODUCT: lambda: examine.examine(readings, DAY, pedoman, pedoman.choose()),
            "pandera once, no cells": lambda: check(together),
            "pandera for each file, no cells": lambda: [check(frames) for frames in per_file],
        },
        "summarise": {
            PRODUCT: lambda: [fill(recap) for fill in SHEETS.values()],
            "two pivots and one concat": lambda: pivots(recap.frames["rencana_kerja"], recap.frames["matriks_risiko"]),
        },
    }
    told = {f"{step}: {way}": taken for step, ways in steps.items() for way, taken in timed(ways).items()}
    print(json.dumps(told))


def timed(ways: Ways) -> dict[str, list[tuple[float, float]]]:
    """Processor and wall seconds of every round, the ways in turn."""
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(int(sys.argv[2])):
        for way, work in ways.items():
            cpu, wall = process_time(), perf_counter()
            work()
            taken[way].append((process_time() - cpu, perf_counter() - wall))
    return taken


def frames_of(reading: FileReading) -> dict[str, pd.DataFrame]:
    """The tables of one file by sheet, with the headings that a script sees."""
    return {
        tables()[name].sheet: pd.DataFrame(
            {column.heading: reading.tables[name].columns.get(column.name) for column in tables()[name].columns}
        )
        for name in CHECKED
    }


def stacked_by_concat(readings: Sequence[FileReading]) -> dict[str, pd.DataFrame]:
    """What `stack` gives, by the shortest way."""
    return {
        name: pd.concat([pd.DataFrame(one.tables[name].columns).assign(_file=n) for n, one in enumerate(readings)])
        for name in readings[0].tables
    }


def pivots(plan: pd.DataFrame, risks: pd.DataFrame) -> object:
    """Cost by file and source, risks by file and level, and the rows of the plan with their file."""
    cost = plan.pivot_table(values="biaya", index="_file", columns="sumber_biaya", aggfunc="sum", dropna=False)
    levels = risks.pivot_table(values="_row", index="_file", columns="tingkat_aturan", aggfunc="count")
    return cost, levels, pd.concat([plan], keys=["Rencana Kerja"])


if __name__ == "__main__":
    main()
