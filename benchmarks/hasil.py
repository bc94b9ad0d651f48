"""What was measured: kept as one JSON file for each figure, and read back as medians, spreads and ratios.

The files hold every round, so that a page can be made again without measuring.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from ukur import Cost

FOLDER = Path(__file__).parent / "hasil"


class Spread(NamedTuple):
    """The median of some rounds, and the least and the most."""

    median: float
    least: float
    most: float


@dataclass(frozen=True)
class Row:
    """What one program took on `size` files, rows or cells, a figure for each round.

    `worker` and `together` are 0 where the memory was not watched; `said` is what the program printed last.
    """

    what: str
    size: int
    cpu: Sequence[float]
    wall: Sequence[float]
    mib: Sequence[int]
    worker: int = 0
    together: int = 0
    said: str = ""

    def spread(self, measure: str = "wall") -> Spread:
        return spread(getattr(self, measure))


@dataclass(frozen=True)
class Figure:
    """All rows of one command."""

    name: str
    rows: Sequence[Row]
    date: str = ""
    machine: str = ""
    load: float = 0.0  #: programs that wanted a processor in the minute before it began
    quick: bool = False

    def find(self, what: str, size: int) -> Row | None:
        return next((row for row in self.rows if (row.what, row.size) == (what, size)), None)

    def of(self, what: str) -> list[Row]:
        """The rows of a program, by size."""
        return sorted((row for row in self.rows if row.what == what), key=lambda row: row.size)

    def ratio(self, one: str, other: str, size: int, measure: str = "wall") -> Spread | None:
        """How many times as much `one` takes as `other`, round by round; None where either was not measured.

        The rounds of a slow program that was measured less often stand beside the first ones of the other.
        """
        first, second = self.find(one, size), self.find(other, size)
        if first is None or second is None:
            return None
        return spread([a / b for a, b in zip(getattr(first, measure), getattr(second, measure), strict=False)])


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


def rows(size: int, costs: Mapping[str, Sequence[Cost]]) -> list[Row]:
    """What `ukur.rounds` gave, for files or rows of that number."""
    return [
        Row(
            name,
            size,
            [_short(cost.cpu) for cost in taken],
            [_short(cost.wall) for cost in taken],
            [cost.mib for cost in taken],
            max(cost.worker for cost in taken),
            max(cost.together for cost in taken),
            taken[-1].said,
        )
        for name, taken in costs.items()
    ]


def _short(seconds: float) -> float:
    """Four digits; more would be noise."""
    return float(f"{seconds:.4g}")


def machine() -> str:
    """What the figures depend on most."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"


def figure(name: str, rows: Sequence[Row], load: float, quick: bool) -> Figure:
    """The rows with when and where they were measured."""
    return Figure(name, rows, date.today().isoformat(), machine(), load, quick)


def save(figure: Figure, folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(figure), ensure_ascii=False, indent=1)
    (folder / f"{figure.name}.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path = FOLDER) -> dict[str, Figure]:
    """Every figure that was measured, by name."""
    found: dict[str, Figure] = {}
    for path in sorted(folder.glob("*.json")):
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Figure(**(kept | {"rows": [Row(**row) for row in kept["rows"]]}))
    return found
