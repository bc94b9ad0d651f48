"""The targets of the project against what was measured: `sasaran.toml` beside the figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hasil import Figure, Spread, spread


@dataclass(frozen=True)
class Target:
    """One row of the table; `least` or `most` is the bar. Without `other` it is about growth, see `measured`."""

    text: str
    figure: str
    one: str
    size: int
    measure: str
    other: str = ""
    least: float = 0
    most: float = 0
    goal: float = 0

    @property
    def bar(self) -> str:
        return f"at least {self.least:g}" if self.least else f"at most {self.most:g}"

    def measured(self, figures: Mapping[str, Figure]) -> Spread | None:
        """The ratio, round by round; None where it was not measured.

        For growth: what each further file takes beyond `size`, divided by what each takes from the smallest number of
        files measured up to there.
        """
        figure = figures.get(self.figure)
        if figure is None:
            return None
        if self.other:
            return figure.ratio(self.one, self.other, self.size, self.measure)
        rows = figure.of(self.one)
        middle = next((row for row in rows if row.size == self.size), None)
        if middle is None or middle in (rows[0], rows[-1]):
            return None
        low, mid, high = (row.spread(self.measure).median for row in (rows[0], middle, rows[-1]))
        return spread([(high - mid) / (rows[-1].size - middle.size) / ((mid - low) / (middle.size - rows[0].size))])

    def drawn(self, figures: Mapping[str, Figure]) -> bool:
        """Whether the ratio is that of a line drawn on."""
        row = figures[self.figure].find(self.one, self.size) if self.figure in figures else None
        return bool(row and row.drawn_from)

    def held(self, ratio: Spread) -> bool:
        return ratio.median >= self.least if self.least else ratio.median <= self.most


def targets() -> list[Target]:
    """Every target, in the order of the page."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return [Target(**row) for row in tomllib.loads(text)["sasaran"]]
