"""The report page and the table of the README, made from the kept figures alone.

    python benchmarks/halaman.py

Writes docs/kinerja.md and the table in README.md anew, without measuring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import bab
import konsolidasi
import mulai
import tambah
from hasil import Figure, load
from pesaing import peers
from tabel_md import seconds, shown, sizes, table

ROOT = Path(__file__).parents[1]
TEXT, PAGE, README = Path(__file__).parent / "kinerja.md", ROOT / "docs" / "kinerja.md", ROOT / "README.md"
BEGIN, END = "<!-- benchmarks/halaman.py: begin -->", "<!-- benchmarks/halaman.py: end -->"

Figures = Mapping[str, Figure]


def main() -> None:
    """Write both."""
    figures = load()
    PAGE.write_text(page(figures), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8"), figures), encoding="utf-8")


def page(figures: Figures) -> str:
    """docs/kinerja.md: the text with a table in place of every mark."""

    def filled(mark: re.Match[str]) -> str:
        return "\n".join(bab.TABLES[mark[1]](figures)).strip("\n")

    return re.sub(r"^@(\w+)@$", filled, TEXT.read_text(encoding="utf-8"), flags=re.MULTILINE)


def readme(text: str, figures: Figures) -> str:
    """The README with its table made anew."""
    inside = "\n".join([BEGIN, "", *summary(figures), END])
    return re.sub(f"{BEGIN}.*?{END}", lambda _: inside, text, flags=re.DOTALL)


def summary(figures: Figures) -> list[str]:
    """The largest number of files measured: the command, the peers, the run after one new file, the start."""
    figure = figures["konsolidasi"]
    size = max(sizes(figure))
    rows = []
    for row in sorted(figure.at(size), key=lambda row: row.spread().median):
        ratio, drawn = figure.ratio(row.what, konsolidasi.PRODUCT, size), bool(row.drawn_from)
        name = f"**`{row.what}`**" if row.what == konsolidasi.PRODUCT else peers()[row.what].text
        rows.append((name, seconds(row), seconds(row, "cpu"), shown(ratio, drawn)))
    return table((f"{size:,} files", "seconds", "processor", "times the command"), [*rows, *_further(figures)])


def _further(figures: Figures) -> Iterable[tuple[str, str, str, str]]:
    again, start = figures.get("tambah"), figures.get("mulai")
    if again:
        size = max(sizes(again))
        row = again.find(tambah.NEW, size)
        name = f"`{konsolidasi.PRODUCT}` after one new file among {size:,}"
        if row:
            yield name, seconds(row), seconds(row, "cpu"), shown(again.ratio(tambah.NEW, tambah.FULL, size))
    row = start.find(mulai.HELP, 1) if start else None
    if row:
        yield f"`{mulai.HELP}`", seconds(row), seconds(row, "cpu"), ""


if __name__ == "__main__":
    main()
