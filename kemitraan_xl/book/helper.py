"""Computed columns beside typed rows: what each is called, how it is worked out, by which name others find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Gives a formula from the cells of its row by name; "n" is the number of the row, counted from 1.
CellFormula = Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Helper:
    """A computed column; `formula` gives the text from the cells of the same row by name."""

    name: str
    heading: str
    formula: CellFormula
    width: float = 10
    kind: str = ""
    defined: str = ""
