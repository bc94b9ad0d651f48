"""What the writing peers share: the cells that they write, and the clock that starts when those are at hand."""

from __future__ import annotations

import gc
import json
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

#: Of each sheet the headings, and the columns as lists of text, datetimes, numbers and None.
Sheets = dict[str, tuple[list[str], list[Sequence[object]]]]


def write(work: Callable[[Sheets, Path], object]) -> None:
    """Hand the cells over, and print what writing took."""
    gc.disable()  # as the product does while it works
    sheets: Sheets = pickle.loads(Path(sys.argv[1]).read_bytes())
    cpu, wall = time.process_time(), time.perf_counter()
    work(sheets, Path(sys.argv[2]))
    print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}))
