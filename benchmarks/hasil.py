"""What was measured: kept as one JSON file for each figure, and read back as medians, spreads and ratios.

The files hold every round, so that a page can be made again without measuring.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from ukur import Cost

SLOW = 30.0  #: seconds that a slow program may take
FOLDER = Path(__file__).parent / "hasil"


class Spread(NamedTuple):
    """The median of some rounds, and the least and the most."""

    median: float
    least: float
    most: float


@dataclass(frozen=True)
class Row:
    """What one program took on `size` files, rows or cells, a figure for each round.

    `worker` and `together` are 0 where the memory was not watched. With `drawn_from` it was not measured: its line
    through the sizes named there is drawn on.
    """

    what: str
    size: int
    cpu: Sequence[float]
    wall: Sequence[float]
    mib: Sequence[int]
    worker: int = 0
    together: int = 0
    drawn_from: Sequence[int] = ()
    said: str = ""  #: what the program answered, where that is a result

    def spread(self, measure: str = "wall") -> Spread:
        """Of `cpu`, `wall` or `mib`."""
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

    def at(self, size: int) -> list[Row]:
        """The rows of a size, in the order of the programs."""
        return [row for row in self.rows if row.size == size]

    def ratio(self, one: str, other: str, size: int, measure: str = "wall") -> Spread | None:
        """How many times as much `one` takes as `other`, round by round; None where either was not measured.

        The rounds of a slow program that was measured less often stand beside the first ones of the other.
        """
        first, second = self.find(one, size), self.find(other, size)
        if first is None or second is None:
            return None
        return spread([a / b for a, b in zip(getattr(first, measure), getattr(second, measure), strict=False)])


def spread(values: Sequence[float]) -> Spread:
    """Of the rounds."""
    return Spread(median(values), min(values), max(values))


def row(what: str, size: int, cpu: Sequence[float], wall: Sequence[float], mib: Sequence[int]) -> Row:
    """A row with no more digits than mean anything."""
    return Row(what, size, [_short(seconds) for seconds in cpu], [_short(seconds) for seconds in wall], mib)


def rows(size: int, costs: Mapping[str, Sequence[Cost]]) -> list[Row]:
    """What `ukur.rounds` gave, for files or rows of that number."""
    return [
        replace(
            row(name, size, [cost.cpu for cost in taken], [cost.wall for cost in taken], [cost.mib for cost in taken]),
            worker=max(cost.worker for cost in taken),
            together=max(cost.together for cost in taken),
        )
        for name, taken in costs.items()
    ]


def drawn_on(measured: Sequence[Row], size: int) -> Row | None:
    """What a program would take on more: the straight line through its least and its largest size.

    Through one size alone: as much for each file. None for a program that was never measured.
    """
    known = sorted((row for row in measured if not row.drawn_from), key=lambda row: row.size)
    if not known:
        return None
    least, most = known[0], known[-1]

    def at(measure: str) -> float:
        high, low = most.spread(measure).median, least.spread(measure).median if least is not most else 0.0
        slope = (high - low) / (most.size - (least.size if least is not most else 0))
        return _short(high + slope * (size - most.size))

    sizes = list(dict.fromkeys([least.size, most.size]))
    return Row(most.what, size, [at("cpu")], [at("wall")], [round(at("mib"))], drawn_from=sizes)


def slow(measured: Sequence[Row], names: Sequence[str], size: int) -> dict[str, Row]:
    """The programs that would take more than SLOW seconds, with their lines drawn on."""
    lines = {name: drawn_on([row for row in measured if row.what == name], size) for name in names}
    return {name: row for name, row in lines.items() if row and row.wall[0] > SLOW}


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
    """Keep a figure in place of an older one."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = asdict(figure)
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in kept.pop("rows"))  # a line for each, to compare
    text = f'{json.dumps(kept, ensure_ascii=False)[:-1]}, "rows": [\n  {rows}\n]}}\n'
    (folder / f"{figure.name}.json").write_text(text, encoding="utf-8")


def load(folder: Path = FOLDER) -> dict[str, Figure]:
    """Every figure that was measured, by name."""
    found: dict[str, Figure] = {}
    for path in sorted(folder.glob("*.json")):
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Figure(**(kept | {"rows": [Row(**row) for row in kept["rows"]]}))
    return found
