"""Figures as cells and tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hasil import Figure, Row, Spread
from pesaing import peers


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table with an empty line after it; "Not measured." without rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    rule = "|" + "---|" * len(headings)
    return [f"| {' | '.join(headings)} |", rule, *lines, ""] if lines else ["Not measured.", ""]


def number(value: float) -> str:
    """Three digits, and a comma between thousands."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def shown(spread: Spread | None, drawn: bool = False) -> str:
    """The median with its spread, where there was more than one round."""
    if spread is None:
        return ""
    if drawn:
        return f"about {number(spread.median)}"
    several = spread.least != spread.most
    return number(spread.median) + (f" ({number(spread.least)} to {number(spread.most)})" if several else "")


def seconds(row: Row, measure: str = "wall") -> str:
    """What a row took; for one that was not measured, from which sizes its line is drawn on."""
    took = shown(row.spread(measure), bool(row.drawn_from))
    sizes = " and ".join(f"{size:,}" for size in row.drawn_from)
    return f"{took}, from {sizes}" if sizes and measure == "wall" else took


def memory(row: Row) -> str:
    """The peak of all rounds."""
    return f"{'about ' if row.drawn_from else ''}{max(row.mib):,}"


def sizes(figure: Figure | None) -> list[int]:
    """The sizes that were measured, from the least."""
    return sorted({row.size for row in figure.rows}) if figure else []


def compared(figure: Figure | None, unit: str, base: str, name: str, measure: str = "wall") -> list[str]:
    """Every program at every size, the quickest first: how many times what `base` takes, and which duties it drops."""
    known = peers()
    rows = [
        (
            f"{size:,}",
            f"`{row.what}`" if row.what in known else row.what,
            seconds(row),
            seconds(row, "cpu"),
            memory(row),
            shown(figure.ratio(row.what, base, size, measure), bool(row.drawn_from)),
            ", ".join(known[row.what].drops) if row.what in known else "",
        )
        for size in sizes(figure)
        if figure
        for row in sorted(figure.at(size), key=lambda row: row.spread(measure).median)
    ]
    what = "processor" if measure == "cpu" else "seconds"
    return table((unit, "program", "seconds", "processor", "memory", f"{what}, times {name}", "drops"), rows)
