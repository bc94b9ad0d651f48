"""Writes docs/kerusakan.md: how each kind of damage is noticed and read, beside two simpler ways.

    python docs/alat/kerusakan.py [PYTHON]

PYTHON is an interpreter that has frictionless 5.21.0 with its Excel extra; without it that column is left out. The
corpus is `tests/data/rusak`; what the product must find in it is asserted by tests/test_rusak.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "kerusakan.md"
sys.path.insert(0, str(ROOT / "tests"))

from support import rusak  # noqa: E402 - the tests are no package that is installed

from validation.contract import tables  # noqa: E402

HEADING = 5  #: the row in which the template has its headings, as a script that trusts it would write down
NAME, COST = "Nama Program", "Biaya"
RIGHT, SILENT, STOPS = "right", "wrong, unsaid", "stops"

HEAD = """# Damage: what is noticed, and what is read right

Made by `python docs/alat/kerusakan.py`; do not edit. Each kind is one named change of a filled template, or a file
saved by a real program (`tests/data/rusak/*.toml`, which also says cell by cell what must be found). Beside the product
stand two simpler ways, on the same files:

- pandas: `read_excel` of the sheet Rencana Kerja with its heading row fixed, blank programmes dropped, all files
  concatenated, Biaya to numbers. It notices a damage only by stopping.
- frictionless: the same sheet and row validated against a schema of the headings with Biaya as a number. It
  reads nothing.

*found* and *false* count findings by code, sheet and cell: recall of a kind is found / must, precision is
found / (found + false). Echoes of how a text was read (ST-21) are no complaint and are not counted.
*read* says whether every value of every table (product), or the names and amounts of Rencana Kerja (pandas), came
out as they stand in the file. A file is *noticed* when there is more than a remark about it, or when it cannot be read.
A file with a cell in the last corner (`sel_jauh`) was not given to the other two: it asks for gigabytes. It counts as
noticed by them. The product's own figures are what tests/test_rusak.py asserts row by row: they stand here to compare,
and change only together with the corpus.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of damage and how the three ways fared."""

    kind: rusak.Kind
    outcome: rusak.Outcome
    pandas: str
    frictionless: Sequence[str] | None


def naive(path: Path) -> tuple[list[str], list[float]] | None:
    """Names and amounts as a script of four lines has them; None when it stops."""
    try:
        frame = pd.read_excel(path, sheet_name=tables()[rusak.PLAN].sheet, header=HEADING - 1)
        frame = frame.dropna(subset=[NAME])
        return [str(name) for name in frame[NAME]], [*pd.to_numeric(frame[COST], errors="coerce").fillna(0)]
    except (ValueError, KeyError, TypeError, OverflowError, MemoryError, ImportError):
        return None


def judged(path: Path, wanted: Mapping[str, list[Any]], refused: bool) -> str:
    """What came of the naive way, against what must be read."""
    read = naive(path)
    if read is None:
        return STOPS
    names, costs = (wanted.get(f"{rusak.PLAN}.{column}", []) for column in ("nama_program", "biaya"))
    held = [name for name in names if name], [cost or 0 for cost in costs]
    return RIGHT if read == held and not refused else SILENT


def frictionless(python: str, folder: Path) -> tuple[str, Mapping[str, Sequence[str]]]:
    """Its version, and the errors it finds in every file, by name."""
    columns = sorted(tables()[rusak.PLAN].columns_in("usulan"), key=lambda column: column.helper)
    headings = [*(column.heading for column in columns), tables()[rusak.PLAN].stamp]
    script = Path(__file__).with_name("kerusakan_frictionless.py")
    asked = [python, script, folder, json.dumps(headings)]
    said = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    return said["version"], said["files"]


def lines(python: str) -> tuple[str, list[Line]]:
    """The version of frictionless or "", and a line for every kind that can be made here."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["KEMITRAAN_XL_CACHE"] = f"{scratch}/cache"
        folder = Path(scratch) / "kiriman"
        chosen = [kind for kind in rusak.kinds() if not kind.missing]
        paths = rusak.build(folder, chosen, Path(scratch))
        outcomes, whole = rusak.read_all(paths)
        far = [kind.nama for kind in chosen if kind.putusan == "ditolak"]  # neither way survives a file like this
        for name in far:
            paths[name].unlink()
        version, errors = frictionless(python, folder) if python else ("", {})
        made = []
        for kind in chosen:
            lost = kind.nama in far
            plain = STOPS if lost else judged(paths[kind.nama], rusak.wanted_of(kind, whole), refused=False)
            said = errors.get(kind.nama, ["stops"]) if python else None
            made.append(Line(kind, outcomes[kind.nama], plain, said))
    return version, made


def summary(made: Sequence[Line], version: str) -> Iterable[str]:
    """Recall and precision over files, and how many were read right."""
    ways = {
        "product": [line.outcome.serious for line in made],
        "pandas": [line.pandas == STOPS for line in made],
    }
    if version:
        ways[f"frictionless {version}"] = [bool(line.frictionless) for line in made]
    right = {
        "product": sum(not line.outcome.misread for line in made),
        "pandas": sum(line.pandas == RIGHT for line in made),
    }
    unsaid = {
        "product": sum(bool(line.outcome.misread) and not line.outcome.serious for line in made),
        "pandas": sum(line.pandas == SILENT for line in made),
    }
    yield f"{len(made)} kinds, of which {sum(line.kind.serious for line in made)} must be noticed.\n"
    yield "| way | noticed | recall | precision | read right | read wrong in silence |"
    yield "|---|---:|---:|---:|---:|---:|"
    for way, noticed in ways.items():
        hits = sum(said and line.kind.serious for said, line in zip(noticed, made, strict=True))
        recall = hits / sum(line.kind.serious for line in made)
        precision = f"{hits / sum(noticed):.0%}" if sum(noticed) else "–"
        read = f"{right[way]} | {unsaid[way]}" if way in right else "– | –"
        yield f"| {way} | {sum(noticed)} | {recall:.0%} | {precision} | {read} |"
    if not version:
        yield "\nfrictionless was not asked when this page was made."


def table(made: Sequence[Line]) -> Iterable[str]:
    """Every kind, by the file it stands in."""
    for part in dict.fromkeys(line.kind.bagian for line in made):
        yield f"\n## {part}\n"
        yield "| kind | must | found | false | verdict | read | pandas | frictionless |"
        yield "|---|---:|---:|---:|---|---|---|---|"
        for line in (line for line in made if line.kind.bagian == part):
            found, must = line.outcome.found, line.kind.expected
            read = "right" if not line.outcome.misread else "wrong: " + ", ".join(sorted(line.outcome.misread))
            said = "not asked" if line.frictionless is None else ", ".join(line.frictionless) or "valid"
            yield (
                f"| {line.kind.nama} | {len(must)} | {len(found & must)} | {len(found - must)} | {line.outcome.verdict}"
                f" | {read} | {line.pandas} | {said} |"
            )


def main() -> None:
    """Make the page anew."""
    warnings.simplefilter("ignore")  # what pandas says of its own future
    version, made = lines(sys.argv[1] if len(sys.argv) > 1 else "")
    text = "\n".join([HEAD, *summary(made, version), *table(made)])
    PAGE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
