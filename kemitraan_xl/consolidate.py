"""The straight line from the files handed in to the recap: collect, read, check, decide.

A pure function of the files and a date: full rebuild, no state but a cache that may be deleted at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kemitraan_xl.examine import examine
from kemitraan_xl.intake.cache import Cache, cache_folder
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.work import read_files, reading_digest
from kemitraan_xl.master import Master, quiet, read_master, settings_of
from kemitraan_xl.pedoman.load import load, rule_version
from kemitraan_xl.verdicts import Return, decide
from validation.contract import lists

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Recap:
    """Every file with its verdict, and the typed rows of all tables (`_file` is the index into `returns`)."""

    today: date
    rule_version: str
    returns: Sequence[Return]
    frames: Mapping[str, pd.DataFrame]
    master: Master | None = None

    def verdicts(self) -> Counter[str]:
        """How many files got each verdict; the six counts equal the files."""
        counts = Counter(entry.verdict for entry in self.returns)
        return Counter({item.code: counts[item.code] for item in lists()["putusan"]})

    def rows(self, table: str) -> pd.DataFrame:
        """A table's typed rows from accepted files only: nothing of a returned file reaches a Rekap sheet."""
        frame = self.frames.get(table, pd.DataFrame({"_file": []}))
        counted = {number for number, entry in enumerate(self.returns) if entry.counted}
        return frame[frame["_file"].isin(counted)]

    @property
    def errors(self) -> bool:
        return any(entry.verdict in ("dikembalikan", "ditolak") for entry in self.returns)


def consolidate(
    sources: Sequence[Path],
    today: date,
    workers: int = 2,
    progress: Progress = quiet,
    exclude: frozenset[Path] = frozenset(),
    started: Progress = quiet,
    master: Path | None = None,
) -> Recap:
    """Every partner return handed in: read, checked, decided and ready to be summed up.

    `started` is told the number of files, `progress` how many more are done. `master` is only read: its
    assessments stand beside the partners they judge. Raises SourceMissing, NotAMaster.
    """
    pedoman = load()
    known = read_master(master) if master else None
    settings = settings_of(known.reading, pedoman) if known else pedoman.choose()
    cache = Cache(cache_folder(), reading_digest(pedoman.digest))
    arrivals = collect(sources, exclude | {cache_folder()})
    started(len(arrivals))
    pairs = read_files(arrivals, cache, workers, progress)
    examined = examine([reading for _, reading in pairs], today, pedoman, settings)
    returns = decide(pairs, examined)
    for entry in returns:
        if entry.verdict not in ("ditolak", "dilewati") and entry.arrival.sha256:
            cache.put(entry.arrival.sha256, entry.reading)
    recap = Recap(today, rule_version(pedoman, settings), returns, examined.frames, known)
    assert sum(recap.verdicts().values()) == len(arrivals)
    return recap
