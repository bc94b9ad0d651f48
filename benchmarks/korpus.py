"""Any folder of spreadsheets, mails and archives through the intake, with all its limits: what becomes of the files.

    python benchmarks/korpus.py FOLDER [--workers 2] [--list CODE]

For a corpus of odd files from elsewhere. Nearly all of them are refused in the end for being no template of KPAI, so
what counts is why: a file that is read whole and then refused as no template has been let in rightly. Prints the
counts, the workers that died, hung or failed, the files that are missing from the result (none), the slowest and the
largest. `--list` names the files refused with one code. Ends with 1 when a file hung, failed or is missing.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from python_calamine import CalamineError, CalamineWorkbook  # noqa: E402
from support.hostile_measure import code_of  # noqa: E402 - the tests are no package that is installed

from kemitraan_xl.intake.boxes.unpack import content  # noqa: E402
from kemitraan_xl.intake.collect import collect  # noqa: E402
from kemitraan_xl.intake.containers import opened  # noqa: E402
from kemitraan_xl.intake.gate.guard import look  # noqa: E402
from kemitraan_xl.intake.gate.zipdir import MAX_FILE  # noqa: E402
from kemitraan_xl.intake.model import Arrival  # noqa: E402
from kemitraan_xl.intake.pool import here, in_workers  # noqa: E402
from kemitraan_xl.intake.refusal import Refused  # noqa: E402
from kemitraan_xl.intake.work import read_arrival  # noqa: E402

BAD = ("slow", "unexpected", "died", "memory")  #: what no limit of the structure has stopped
SHOWN = 8
_MEMORY = re.compile(r"Vm(?:HWM|RSS):\s+(\d+)")  #: the peak, and what is in use


@dataclass(frozen=True, slots=True)
class Read:
    """What one file took, and what became of its sheets."""

    refusal: str
    kind: str = ""
    seconds: float = 0.0
    mib: int = 0  #: at the peak, more than before
    sheets: Counter[str] = field(default_factory=Counter)


def measured(arrival: Arrival) -> Read:
    """One file read in a worker, with its time and the memory it took; then each of its sheets by itself."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is that of this file
    _, before = _memory()
    began = time.process_time()
    _, reading = read_arrival(arrival)
    used = time.process_time() - began
    peak, _ = _memory()
    sheets = Counter(_sheets(arrival)) if arrival.size <= MAX_FILE else Counter()
    return Read(reading.refusal, reading.identity.get("jenis", ""), used, peak - before, sheets)


def _memory() -> tuple[int, int]:
    peak, now = _MEMORY.findall(Path("/proc/self/status").read_text())
    return int(peak) >> 10, int(now) >> 10


def _sheets(arrival: Arrival) -> Iterator[str]:
    """For every sheet whether it can be read, or why not."""
    found = look(content(arrival))
    for sheet in found.sheets if not found.refusal else ():
        if sheet.part:
            try:
                CalamineWorkbook.from_filelike(BytesIO(found.workbook([sheet.title]))).get_sheet_by_name(sheet.title)
                yield "read"
            except Refused as why:
                yield code_of(str(why))
            except CalamineError as why:
                yield f"damaged ({type(why).__name__})"


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", dest="wanted", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["KEMITRAAN_XL_CACHE"] = scratch
        files = collect([asked.folder])
        arrivals, boxes = opened(files, here(asked.workers), lambda _: None)
        asleep = [arrival for arrival in arrivals if not arrival.skipped and not arrival.refused]
        results = in_workers(asleep, measured, Read, asked.workers, lambda _: None)
    known = [*arrivals, *(box.arrival for box in boxes)]
    missing = {arrival.path for arrival in files} - {arrival.path for arrival in known}
    codes = Counter(code_of(read.refusal).partition(":")[0] or f"read: {read.kind}" for read in results)
    print(f"{len(files)} files, {len(boxes)} of them mails or archives; {len(arrivals)} to be judged, "
          f"{len(arrivals) - len(asleep)} set aside unopened")  # fmt: skip
    print(*(f"  {count:6} {code}" for code, count in codes.most_common()), sep="\n")
    sheets = sum((read.sheets for read in results), Counter())
    print("sheets:", *(f"  {count:6} {said}" for said, count in sheets.most_common()), sep="\n")
    pairs = list(zip(asleep, results, strict=True))
    for title, order in (("slowest", lambda pair: pair[1].seconds), ("largest", lambda pair: pair[1].mib)):
        print(f"{title}:")
        for arrival, read in sorted(pairs, key=order, reverse=True)[:SHOWN]:
            print(f"  {read.seconds:6.2f} s {read.mib:5} MiB  {arrival.name}  {code_of(read.refusal)}")
    for arrival, read in pairs:
        code = code_of(read.refusal)
        left = ", ".join(said for said in read.sheets if asked.wanted and said.startswith(asked.wanted))
        if code.partition(":")[0] in (*BAD, asked.wanted) or left:
            print(f"{code}  {arrival.name}  {left}")
    print(f"died, hung or failed: {sum(codes[code] for code in BAD)}; missing: {len(missing)}")
    raise SystemExit(bool(missing or codes["slow"] or codes["unexpected"]))


if __name__ == "__main__":
    main()
