"""The pictures of the report page, from the kept figures. Runs in the environment of the peers.

    .cache/bench/bin/python benchmarks/gambar.py FIGURES PICTURES

matplotlib is there, and no dependency of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

import konsolidasi
import matplotlib as mpl
import numpy as np
from hasil import Figure, load
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from sasaran import targets

PRODUCT, PEER, FAINT, BAR = "#0b6e4f", "#7a8794", "#d5dbe0", "#c8553d"
STAGES = ("#7a8794", "#0b6e4f", "#9bc53d", "#e0a030", "#c8553d", "#8e5aa8", "#a9b4be", "#5b8fb9", "#1f4e79")
#: The same figures give the same bytes.
STYLE = {"svg.hashsalt": "kemitraan", "font.family": "sans-serif", "font.size": 10}


def peers(figure: Figure, axes: Axes) -> None:
    """How many times as long each peer takes, for the largest number of files; hatched where drawn on. Red: the bar."""
    size = max(row.size for row in figure.rows)
    found = [row for row in figure.at(size) if row.what != konsolidasi.PRODUCT]
    ratios = [(figure.ratio(row.what, konsolidasi.PRODUCT, size), row) for row in found]
    bars = sorted(((ratio.median, row.what, bool(row.drawn_from)) for ratio, row in ratios if ratio), reverse=True)
    for place, (ratio, _, drawn) in enumerate(bars):
        axes.barh(place, ratio, color=FAINT if drawn else PEER, hatch="//" if drawn else "", edgecolor=PEER)
        axes.text(ratio * 1.04, place, f"{ratio:.3g}", va="center", bbox={"color": "white", "pad": 1}, zorder=3)
    axes.set_yticks(range(len(bars)), [what for _, what, _ in bars])
    for target in targets():
        if (target.other, target.size) == (konsolidasi.PRODUCT, size):
            place = [what for _, what, _ in bars].index(target.one)
            axes.plot([target.least] * 2, [place - 0.4, place + 0.4], color=BAR, linewidth=2)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlim(min(0.8, bars[-1][0] * 0.9), bars[0][0] * 2)
    axes.axvline(1, color=PRODUCT, linewidth=2)
    axes.set_xlabel(f"seconds for {size:,} files, times kemitraan konsolidasi (green)")


def growth(figure: Figure, time: Axes, memory: Axes) -> None:
    """Time and memory against the number of files, each with the straight line that fits best."""
    rows = figure.of(konsolidasi.PRODUCT)
    sizes = np.array([row.size for row in rows])
    for axes, label, lines in (
        (time, "seconds", {"wall": (PRODUCT, "wall clock"), "cpu": (STAGES[3], "processor, all processes")}),
        (memory, "MiB", {"mib": (PRODUCT, "largest process"), "together": (STAGES[3], "all together"),
                         "worker": (PEER, "a reading process")}),
    ):  # fmt: skip
        for measure, (colour, name) in lines.items():
            values = np.array([float(np.median(getattr(row, measure))) for row in rows])
            slope, start = np.polyfit(sizes, values, 1)
            axes.plot(sizes, values, "o", color=colour, label=name)
            axes.plot([0, sizes[-1]], [start, start + slope * sizes[-1]], "-", color=colour, linewidth=1)
        axes.set_xlabel("files")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)


def stages(figure: Figure, axes: Axes) -> None:
    """The share of each stage in the seconds of a run."""
    sizes = sorted({row.size for row in figure.rows})
    for place, size in enumerate(sizes):
        rows = figure.at(size)
        whole, at = sum(row.spread().median for row in rows), 0.0
        for row, colour in zip(rows, STAGES, strict=True):
            share = 100 * row.spread().median / whole
            axes.barh(place, share, left=at, color=colour, label=row.what if not place else None)
            if share > 4:
                axes.text(at + share / 2, place, f"{share:.0f}", ha="center", va="center", color="white")
            at += share
    axes.set_yticks(range(len(sizes)), [f"{size:,} files" for size in sizes])
    axes.set_xlabel("% of the seconds of a run")
    axes.set_xlim(0, 100)
    axes.legend(frameon=False, ncols=5, loc="lower center", bbox_to_anchor=(0.5, 1))


def main() -> None:
    """Draw every picture whose figure was measured."""
    figures, target = load(Path(sys.argv[1])), Path(sys.argv[2])
    mpl.use("svg")
    mpl.rcParams.update(STYLE)
    for name, (width, height), panels, draw in (
        ("konsolidasi", (8, 4.2), 1, peers),
        ("tumbuh", (9, 3.6), 2, growth),
        ("tahap", (8, 2.6), 1, stages),
    ):
        if name in figures:
            picture, axes = plt.subplots(1, panels, figsize=(width, height), squeeze=False, layout="constrained")
            draw(figures[name], *axes[0])
            for one in axes[0]:
                one.spines[["top", "right"]].set_visible(False)
            file = {"konsolidasi": "pembanding"}.get(name, name)
            picture.savefig(target / f"kinerja-{file}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
