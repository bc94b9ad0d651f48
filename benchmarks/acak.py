"""Ten thousand files mutated at random through whole consolidations: none may end the run, hang it, or be lost.

    python benchmarks/acak.py [--files 10000] [--first 1] [--batch 500]

Each file has a seed (`tests/support/acak.py`); a run with the same seeds has the same files. Every batch is a folder
that is consolidated as a user would. Prints how many files got which verdict and why, the workers that died, and
every seed that needs a look. Ends with 1 when a batch raised, a file hung or failed unexpectedly, or was lost.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support import acak  # noqa: E402 - the tests are no package that is installed
from support.hostile_measure import code_of  # noqa: E402

from kemitraan_xl.book.summary import write_summary  # noqa: E402
from kemitraan_xl.consolidate import Recap, consolidate  # noqa: E402

TODAY = date(2026, 11, 24)
BAD = ("slow", "unexpected")  #: refusals by the process and not by a limit of the structure
LOOK = (*BAD, "died", "memory")


def run(seeds: Sequence[int], folder: Path) -> Recap:
    """The files of `seeds` in one consolidation, with its summary."""
    folder.mkdir()
    for seed in seeds:
        base, data = acak.mutated(seed)
        (folder / f"{seed:06}.{base}").write_bytes(data)
    recap = consolidate([folder], TODAY)
    write_summary(recap, folder.with_suffix(".xlsx"))
    return recap


def guilty(seeds: Sequence[int], scratch: Path) -> list[int]:
    """The seeds that make a consolidation raise, found by halving."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        try:
            run(seeds, Path(folder, "kiriman"))
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            if len(seeds) == 1:
                traceback.print_exc()
                return list(seeds)
            half = len(seeds) // 2
            return guilty(seeds[:half], scratch) + guilty(seeds[half:], scratch)
    return []


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--batch", type=int, default=500)
    asked = parser.parse_args()
    verdicts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    raised: list[int] = []
    looks: dict[str, list[str]] = {}
    lost = 0
    began = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["KEMITRAAN_XL_CACHE"] = f"{scratch}/cache"
        for start in range(asked.first, asked.first + asked.files, asked.batch):
            seeds = range(start, min(start + asked.batch, asked.first + asked.files))
            try:
                recap = run(seeds, Path(scratch, str(start)))
            except Exception:  # noqa: BLE001 - found out below
                raised += guilty(seeds, Path(scratch))
                continue
            named = [entry.arrival.name.partition(" › ")[0] for entry in [*recap.returns, *recap.containers]]
            lost += len(seeds) - len({name.partition(".")[0] for name in named})
            for entry in recap.returns:
                verdicts[entry.verdict] += 1
                code = code_of(entry.reason).partition(":")[0] if entry.verdict == "ditolak" else ""
                reasons[code] += bool(code)
                if code in LOOK:
                    looks.setdefault(code, []).append(f"{entry.arrival.name}: {entry.reason}")
            print(f"{seeds[-1]} seeds", flush=True)
    wall, used = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{asked.files} files in {wall:.0f} s ({used:.0f} s of the parent's processor)")
    print(f"verdicts of files and parts: {dict(verdicts)}")
    print(f"refused: {dict(reasons.most_common())}")
    for code, names in looks.items():
        print(f"{code}: {len(names)}", *names[:20], sep="\n  ")
    bad = len(raised) + lost + sum(reasons[code] for code in BAD)
    print(f"consolidations that raised: {raised}; files lost: {lost}; hung: {reasons['slow']}")
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
