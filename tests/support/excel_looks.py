"""Changes to how a cell looks, as both simulated hosts make them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import PatternFill

Change = Callable[[Cell], None]


def number_format(code: str) -> Change:
    return lambda cell: setattr(cell, "number_format", code)


def background(color: str | None) -> Change:
    """From "#RRGGBB"; None takes the background away."""
    fill = PatternFill() if color is None else PatternFill("solid", start_color=color.lstrip("#").upper())
    return lambda cell: setattr(cell, "fill", fill)


def font(part: str, value: object) -> Change:
    """One attribute of the font, named as openpyxl names it ("b", "sz"); a colour is "RRGGBB"."""
    return lambda cell: _replace(cell, "font", part, value)


def alignment(part: str, value: object) -> Change:
    return lambda cell: _replace(cell, "alignment", part, value)


def _replace(cell: Cell, kind: str, part: str, value: object) -> None:
    changed = copy(getattr(cell, kind))
    setattr(changed, part, value)
    setattr(cell, kind, changed)


def copied(source: Cell | MergedCell | None) -> Change:
    """All formats of another cell, also of another workbook; none where there is no cell."""

    def change(cell: Cell) -> None:
        if source is None:
            cell.style = "Normal"
        elif source.parent.parent is cell.parent.parent:
            cell._style = copy(source._style)
        else:
            for part in ("font", "fill", "border", "alignment", "protection"):
                setattr(cell, part, copy(getattr(source, part)))
            cell.number_format = source.number_format

    return change
