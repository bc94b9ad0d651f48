"""What a worksheet function costs beside the plain rule it asks.

    python benchmarks/fungsi.py [--cells 10000] [--rounds 5]

Prints, for several functions, processor seconds of one call and of one call on a column of cells, and the ratio of
the latter to a loop over the rule itself on values that need no reading: medians of the rounds. Then the start:
seconds of importing the functions, and of importing the desktop module. Excel's own share (COM, or the network to the
add-in server) is not in these numbers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import process_time
from typing import Any

from kemitraan_xl import risk, schedule, score
from kemitraan_xl.pedoman.load import load
from udfs.functions.bacaan import kmt_baca_rupiah, kmt_terbilang
from udfs.functions.masa import kmt_sisa_hari
from udfs.functions.penilaian import kmt_skor_item
from udfs.functions.risiko import kmt_tingkat_risiko
from validation.terbilang import rupiah_in_words
from validation.values import read_rupiah

PEDOMAN = load()
SETTINGS = PEDOMAN.choose()
DAY = date(2026, 11, 24)

Columns = list[list[Any]]


def cases(cells: int) -> list[tuple[str, Callable[..., Any], Columns, Callable[..., Any]]]:
    """Name, worksheet function, its columns, and the plain rule over the same values."""
    positive, negative = ("Ada", "Ya", "Relevan"), ("Tidak Ada", "Tidak", "Tidak Relevan")
    answers = [positive if n % 3 else negative for n in range(cells)]
    steps = [(n % 5 + 1, n // 5 % 5 + 1, "Keselamatan anak") for n in range(cells)]
    days = [DAY + timedelta(days=n) for n in range(cells)]
    amounts = [1_000 + 137 * n for n in range(cells)]
    texts = [f"Rp {1_000 + 137 * n:,}".replace(",", ".") for n in range(cells)]
    return [
        (
            "KMT_SKOR_ITEM",
            kmt_skor_item,
            [list(column) for column in zip(*answers, strict=True)],
            lambda *cells: score.score_row(score.Row(*cells), PEDOMAN, SETTINGS),
        ),
        (
            "KMT_TINGKAT_RISIKO",
            kmt_tingkat_risiko,
            [list(column) for column in zip(*steps, strict=True)],
            lambda likely, grave, kind: risk.level(likely, grave, kind, PEDOMAN, SETTINGS),
        ),
        ("KMT_SISA_HARI", kmt_sisa_hari, [days, [DAY] * cells], schedule.days_left),
        ("KMT_TERBILANG", kmt_terbilang, [amounts], rupiah_in_words),
        ("KMT_BACA_RUPIAH", kmt_baca_rupiah, [texts], read_rupiah),
    ]


def seconds(work: Callable[[], Any], rounds: int) -> float:
    """The median processor time of several rounds."""
    taken = []
    for _ in range(rounds):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return median(taken)


def start_of(module: str) -> float:
    """Processor seconds that importing a module takes in a fresh interpreter, without the interpreter's own start."""
    code = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Cost of the worksheet functions.")
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(f"{'function':20} {'one call':>12} {asked.cells:>8} cells {'the rule':>12} {'ratio':>7}")
    for name, function, columns, rule in cases(asked.cells):
        ranges = [[[cell] for cell in column] for column in columns]
        first = [column[0] for column in columns]
        function(*first)  # what is loaded once is no part of it
        once = seconds(lambda function=function, first=first: function(*first), asked.rounds)  # type: ignore[misc]
        many = seconds(lambda function=function, ranges=ranges: function(*ranges), asked.rounds)  # type: ignore[misc]
        plain = seconds(
            lambda rule=rule, columns=columns: [rule(*cells) for cells in zip(*columns, strict=True)],  # type: ignore[misc]
            asked.rounds,
        )
        print(f"{name:20} {once * 1000:9.3f} ms {many:12.3f} s {plain:10.3f} s {many / plain:7.1f}")
    for module in ("udfs.functions", "udfs.classic"):
        print(f"import {module:16} {median(start_of(module) for _ in range(asked.rounds)):9.3f} s")


if __name__ == "__main__":
    main()
