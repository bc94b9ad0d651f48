"""The tables of the report page, a function for each mark in `kinerja.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import baca
import konsolidasi
import lembar
import tabel
import tambah
import tulis
from hasil import Figure, Row
from pesaing import peers
from sasaran import targets
from tabel_md import compared, memory, number, seconds, shown, sizes, table

Figures = Mapping[str, Figure]


def about(figures: Figures) -> list[str]:
    """When and where it was measured, and how busy the machine was."""
    first = next(iter(figures.values()))
    loads = ", ".join(f"{name} {figure.load:g}" for name, figure in figures.items())
    return [
        f"Measured on {max(figure.date for figure in figures.values())}: {first.machine}. Programs that wanted",
        f"a processor in the minute before each figure: {loads}.",
        "Where that is above 1, others had a share of the cores: seconds are too high then, the processor's least, and",
        "a ratio of wall clocks favours whoever uses one core only.",
    ]


def target_table(figures: Figures) -> list[str]:
    """Every bar with what was measured."""
    rows = []
    for target in targets():
        ratio = target.measured(figures)
        verdict = "not measured" if ratio is None else "held" if target.held(ratio) else "**missed**"
        drawn = target.drawn(figures)
        goal = f"{target.goal:g}" if target.goal else ""
        cells = (target.text, f"{target.size:,}", target.measure, target.bar, goal, shown(ratio, drawn), verdict)
        rows.append(cells)
    return table(("against", "files", "measure", "bar", "goal", "measured", ""), rows)


def end_to_end(figures: Figures) -> Iterable[str]:
    """The command and the peers, for each number of files."""
    figure, product = figures["konsolidasi"], konsolidasi.PRODUCT
    for size in sizes(figure):
        found = sorted(figure.at(size), key=lambda row: (row.what != product, row.spread().median))
        rows = [
            (
                f"`{row.what}`",
                seconds(row),
                seconds(row, "cpu"),
                memory(row),
                shown(figure.ratio(row.what, product, size), bool(row.drawn_from)),
                shown(figure.ratio(row.what, product, size, "cpu"), bool(row.drawn_from)),
            )
            for row in found
        ]
        headings = ("program", "seconds", "processor", "memory", "ratio of seconds", "ratio of processor")
        yield from (f"{size:,} files:", "", *table(headings, rows))


def peer_table(_: Figures) -> list[str]:
    """What the peers are, and what they drop."""
    known = peers()
    rows = [(f"`{name}`", known[name].text, ", ".join(known[name].drops)) for name in konsolidasi.PEERS]
    return table(("script", "is", "drops"), rows)


def reading(figures: Figures) -> list[str]:
    """All ways to read, times calamine alone."""
    return compared(figures.get("baca"), "files", baca.CALAMINE, "calamine alone", "cpu")


def stages(figures: Figures) -> list[str]:
    """Each stage and its share."""
    figure, rows = figures.get("tahap"), []
    for size in sizes(figure):
        assert figure
        whole = sum(row.spread().median for row in figure.at(size))
        rows += [
            (f"{size:,}", row.what, seconds(row), seconds(row, "cpu"), f"{row.spread().median / whole:.0%}")
            for row in figure.at(size)
        ]
    return table(("files", "stage", "seconds", "processor", "share of seconds"), rows)


def tables(figures: Figures) -> list[str]:
    """Each way of each step, times the product's."""
    figure, rows = figures.get("tabel"), []
    for size in sizes(figure):
        assert figure
        for row in figure.at(size):
            step, _, way = row.what.partition(": ")
            ratio = figure.ratio(row.what, f"{step}: {tabel.PRODUCT}", size, "cpu")
            rows.append((f"{size:,}", step, way, seconds(row, "cpu"), shown(ratio)))
    return table(("files", "step", "way", "processor", "times the product"), rows)


def growth(figures: Figures) -> list[str]:
    """Time and memory for each number of files."""
    figure = figures.get("tumbuh")
    rows = [
        (
            f"{row.size:,}",
            seconds(row),
            seconds(row, "cpu"),
            number(1000 * row.spread("cpu").median / row.size),
            *map(number, (max(row.mib), row.worker, row.together)),
        )
        for row in (figure.of(konsolidasi.PRODUCT) if figure else ())
    ]
    headings = ("files", "seconds", "processor", "processor, ms a file", "memory", "of a reader", "all together")
    return table(headings, rows)


def incremental(figures: Figures) -> list[str]:
    """The three runs, times the full one."""
    return compared(figures.get("tambah"), "files", tambah.FULL, "the full run")


def writing(figures: Figures) -> list[str]:
    """All writers, times the product."""
    return compared(figures.get("tulis"), "rows", tulis.PRODUCT, "the product")


def large(figures: Figures) -> list[str]:
    """What the product says to so many rows, and all readers, times calamine."""
    figure = figures.get("lembar")
    rows = figure.of(lembar.PRODUCT) if figure else []
    answers = [f"- {row.size:,} rows: " + (f"refused {row.said}" if row.said else "read and checked") for row in rows]
    return [*answers, "", *compared(figure, "rows", "lembar_calamine", "calamine", "cpu")]


def start(figures: Figures) -> list[str]:
    """Every start."""
    found: list[Row] = list(figures["mulai"].rows) if "mulai" in figures else []
    rows = [(f"`{row.what}`", seconds(row), seconds(row, "cpu"), memory(row)) for row in found]
    return table(("program", "seconds", "processor", "memory"), rows)


def functions(figures: Figures) -> list[str]:
    """One call and a column, for each function."""
    figure, rows = figures.get("fungsi"), []
    for what in dict.fromkeys(row.what.partition(": ")[0] for row in figure.rows) if figure else ():
        assert figure
        once, cells, rule = (figure.of(f"{what}: {way}")[-1] for way in ("one call", "a column", "the rule alone"))
        ratio = figure.ratio(cells.what, rule.what, cells.size, "cpu")
        each = number(1e6 * cells.spread("cpu").median / cells.size)
        rows.append((f"`{what}`", number(1000 * once.spread("cpu").median), f"{cells.size:,}", each, shown(ratio)))
    return table(("function", "one call, ms", "cells of a column", "microseconds a cell", "times the rule alone"), rows)


def server(figures: Figures) -> list[str]:
    """The server, times the plain call."""
    figure = figures.get("server")
    rows = [
        (
            f"{row.size:,}",
            row.what,
            number(1000 * row.spread().median),
            shown(figure.ratio(row.what, "KMT_BACA_RUPIAH: plain Python", row.size)),
        )
        for row in (figure.rows if figure else ())
        if figure
    ]
    return table(("cells", "way", "milliseconds", "times the plain call"), rows)


#: Mark in the text, and what stands there.
TABLES = {
    "about": about,
    "targets": target_table,
    "end_to_end": end_to_end,
    "peers": peer_table,
    "reading": reading,
    "stages": stages,
    "tables": tables,
    "growth": growth,
    "incremental": incremental,
    "writing": writing,
    "large": large,
    "start": start,
    "functions": functions,
    "server": server,
}
