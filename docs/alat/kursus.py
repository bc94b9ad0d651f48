"""Writes the answer keys into docs/kursus.md, from the faults that the sample set plants.

    python docs/alat/kursus.py

The keys come from kemitraan_xl/contoh, never from the reader or the checks. Takes a minute: the files are made on the
spot, because a cell's address depends on what a partner wrote. tests/test_kursus.py holds the page to the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from kemitraan_xl.contoh.generate import Expected, Place, generate
from kemitraan_xl.contoh.generate_reports import generate_reports
from validation.contract import LEVELS, lists

PAGE = Path(__file__).parents[1] / "kursus.md"
TODAY = date(2026, 11, 24)
KEY = re.compile(r"(<!-- kunci: (.+?) -->\n).*?(<!-- akhir kunci -->)", re.DOTALL)
HEAD = "| berkas | putusan | yang harus ditemukan |\n|---|---|---|\n"


def filled(text: str, expected: dict[str, Expected]) -> str:
    """The page with every answer key made anew; `expected` by the folder that files are named in."""
    return KEY.sub(lambda found: found[1] + _key(found[2].split(), expected) + found[3], text)


def _key(folders: list[str], expected: dict[str, Expected]) -> str:
    """How many files of these folders get which verdict, and the files about which something must be said."""
    files = [
        (name, verdict, [place for place in told.findings.get(name, ()) if place[3] != "I"])
        for folder in folders
        for room, _, within in [folder.partition("/")]
        for told in [expected[room]]
        for name, verdict in told.verdicts.items()
        if name.startswith(f"{within}/" if within else "")
    ]
    codes = [item.code for item in lists()["putusan"]]
    counts = {code: sum(verdict == code for _, verdict, _ in files) for code in codes}
    total = f"{len(files)} berkas: {', '.join(f'{count} {code}' for code, count in counts.items() if count)}."
    rows = sorted((name, verdict, _told(places)) for name, verdict, places in files if places or verdict != "diterima")
    lines = [f"| `{name}` | {verdict} | {said} |\n" for name, verdict, said in rows]
    return f"\n{total}\n\n{HEAD}{''.join(lines)}\n"


def _told(places: list[Place]) -> str:
    return "<br>".join(_lines(sorted(places, key=lambda place: (LEVELS.index(place[3]), place)))) or "–"


def _lines(places: list[Place]) -> Iterator[str]:
    for code, sheet, cell, level in places:
        yield f"{level} {code} {sheet} {cell}".rstrip()


def planned() -> dict[str, Expected]:
    """What must be found in the sample files, made in a folder of the moment."""
    with TemporaryDirectory() as folder:
        return {
            "kiriman": generate(Path(folder, "kiriman"), TODAY),
            "laporan": generate_reports(Path(folder, "laporan"), TODAY),
        }


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), planned()), encoding="utf-8")
