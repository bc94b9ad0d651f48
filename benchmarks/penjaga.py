"""What safety costs: reading many good files through the guard in limited processes, beside plainly reading them.

    python benchmarks/penjaga.py [--files 2000] [--rounds 5] [--folder FOLDER]

Three ways to read the same six sheets of the same files, in turn, each a process of its own:

    plain     python-calamine alone, all values of each sheet, in one process
    guarded   the same values through the guard, in two limited workers: what safety costs
    read      the whole reading stage: tables found, their values and all oddities sent back to the one that asked

Prints processor seconds with those of child processes, the median of the rounds and their spread, and the ratios.
With FOLDER the files of an earlier run are used again, or made there.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
import tempfile
from pathlib import Path
from statistics import median

from konsolidasi import CALAMINE, READ, SHEETS, SUBREAPER, cost, make

GUARDED = """
import sys
from io import BytesIO
from pathlib import Path
from python_calamine import CalamineWorkbook
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.gate.guard import look
from kemitraan_xl.intake.pool import in_workers
SHEETS = sys.argv[2:]
def values(arrival):
    book = CalamineWorkbook.from_filelike(BytesIO(look(arrival.path.read_bytes()).workbook(SHEETS)))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in SHEETS)
if __name__ == "__main__":
    rows = in_workers(collect([Path(sys.argv[1])]), values, str, 2, lambda count: None)
    assert all(isinstance(count, int) for count in rows)
"""
PLAIN, GUARD, STAGE = "plain", "guarded", "read"


def main() -> None:
    """Make the files, run the three in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as scratch:
        work = asked.folder or Path(scratch)
        folder = work / "kiriman"
        if not folder.exists():
            folder.mkdir(parents=True)
            make(folder, asked.files)
        scripts = {PLAIN: CALAMINE, GUARD: GUARDED, STAGE: READ}
        for name, text in scripts.items():
            (work / f"{name}.py").write_text(text, encoding="utf-8")
        seconds: dict[str, list[float]] = {name: [] for name in scripts}
        for _ in range(asked.rounds):
            for name, used in seconds.items():
                words = [sys.executable, str(work / f"{name}.py"), str(folder), *(SHEETS if name != STAGE else ())]
                used.append(cost(words, work / "cache")[0])
    for name, used in seconds.items():
        print(f"{name:8} median {median(used):6.2f} s  ({min(used):.2f} to {max(used):.2f})")
    for name in (GUARD, STAGE):
        ratios = [a / b for a, b in zip(seconds[name], seconds[PLAIN], strict=True)]
        print(f"{name} / {PLAIN}: {median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
