"""The product writes a summary whose Rekap Program has ROWS rows; prints {"cpu": seconds, "wall": seconds} of that.

    python tulis.py FOLDER ROWS SUMMARY.xlsx [CELLS]

The rows are those of the proposals in FOLDER, over and over. With CELLS, what the two largest sheets hold is kept
there instead, so that others can write the same: {sheet: [headings, columns]}.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.recap import SHEETS

KEPT = ("Rekap Program", "Rekap Biaya")


def enlarged(folder: Path, rows: int) -> Recap:
    """A recap with that many programmes."""
    recap = consolidate([folder], date(2026, 11, 24))
    plan = recap.frames["rencana_kerja"]
    plan = plan[plan["nama_program"].notna()]
    more = plan.loc[plan.index.repeat(-(-rows // len(plan)))[:rows]].reset_index(drop=True)
    return replace(recap, frames={**recap.frames, "rencana_kerja": more})


def keep(recap: Recap, path: Path) -> None:
    """What the sheets hold, as plain lists."""
    held = {}
    for name in KEPT:
        frame = SHEETS[name](recap)
        cells = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in frame]
        held[name] = ([str(column) for column in frame], cells)
    path.write_bytes(pickle.dumps(held))


def main() -> None:
    """See above."""
    recap = enlarged(Path(sys.argv[1]), int(sys.argv[2]))
    if len(sys.argv) > 4:
        keep(recap, Path(sys.argv[4]))
        return
    cpu, wall = time.process_time(), time.perf_counter()
    write_summary(recap, Path(sys.argv[3]))
    print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}))


if __name__ == "__main__":
    main()
