"""What worksheet functions take in this process, beside the plain rule that they ask; prints seconds by function.

    python fungsi.py CELLS ROUNDS

For each: one call, a column of CELLS cells, and a loop over the rule itself on values that need no reading.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import Any

from kemitraan_xl import risk, schedule, score
from kemitraan_xl.pedoman.load import load
from udfs import classic
from validation.terbilang import rupiah_in_words
from validation.values import read_rupiah

PEDOMAN = load()
SETTINGS = PEDOMAN.choose()
DAY = date(2026, 11, 24)
CALLS = 200  #: of one cell, for one of them is too short to be measured

Columns = list[list[Any]]
Case = tuple[str, Columns, Callable[..., Any]]


def cases(cells: int) -> list[Case]:
    """Name of a worksheet function, its columns, and the plain rule over the same values."""
    positive, negative = ("Ada", "Ya", "Relevan"), ("Tidak Ada", "Tidak", "Tidak Relevan")
    answers = [positive if n % 3 else negative for n in range(cells)]
    steps = [(n % 5 + 1, n // 5 % 5 + 1, "Keselamatan anak") for n in range(cells)]
    days = [DAY + timedelta(days=n) for n in range(cells)]
    amounts = [1_000 + 137 * n for n in range(cells)]
    texts = [f"Rp {1_000 + 137 * n:,}".replace(",", ".") for n in range(cells)]
    return [
        (
            "KMT_SKOR_ITEM",
            [list(column) for column in zip(*answers, strict=True)],
            lambda *cells: score.score_row(score.Row(*cells), PEDOMAN, SETTINGS),
        ),
        (
            "KMT_TINGKAT_RISIKO",
            [list(column) for column in zip(*steps, strict=True)],
            lambda likely, grave, kind: risk.level(likely, grave, kind, PEDOMAN, SETTINGS),
        ),
        ("KMT_SISA_HARI", [days, [DAY] * cells], schedule.days_left),
        ("KMT_TERBILANG", [amounts], rupiah_in_words),
        ("KMT_BACA_RUPIAH", [texts], read_rupiah),
    ]


def seconds(work: Callable[[], Any], rounds: int) -> list[tuple[float, float]]:
    """Processor and wall seconds of each round."""
    taken = []
    for _ in range(rounds):
        cpu, wall = process_time(), perf_counter()
        work()
        taken.append((process_time() - cpu, perf_counter() - wall))
    return taken


def measured(case: Case, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """The three ways of one case."""
    name, columns, rule = case
    function = vars(classic)[name]  # as Excel on the desktop calls it
    ranges = [[[cell] for cell in column] for column in columns]
    first = [column[:1] for column in ranges]
    assert len(function(*ranges)) == len(columns[0])  # and what is loaded once is no part of it
    once = seconds(lambda: [function(*first) for _ in range(CALLS)], rounds)
    return {
        "one call": [(cpu / CALLS, wall / CALLS) for cpu, wall in once],
        "a column": seconds(lambda: function(*ranges), rounds),
        "the rule alone": seconds(lambda: [rule(*cells) for cells in zip(*columns, strict=True)], rounds),
    }


if __name__ == "__main__":
    print(json.dumps({case[0]: measured(case, int(sys.argv[2])) for case in cases(int(sys.argv[1]))}))
