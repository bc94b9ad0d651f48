"""The straight line from the files handed in to the recap: collect, read, check, decide.

A pure function of the files and a date: full rebuild, no state but a cache that may be deleted at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from kemitraan_xl import collector
from kemitraan_xl.examine import agreed_frames, examine, kind_of
from kemitraan_xl.intake.cache import Cache, cache_folder
from kemitraan_xl.intake.collect import collect, hashed
from kemitraan_xl.intake.containers import opened
from kemitraan_xl.intake.model import FileReading, Source
from kemitraan_xl.intake.pool import Each, here
from kemitraan_xl.intake.work import read_files, reading_digest
from kemitraan_xl.master import Master, quiet, read_master, settings_of
from kemitraan_xl.pedoman.load import load, rule_version
from kemitraan_xl.pedoman.model import Pedoman, Settings
from kemitraan_xl.privacy_reading import with_safe_names
from kemitraan_xl.verdicts import Return, decide
from validation.contract import lists

Progress = Callable[[int], None]

CONTAINER = "wadah"  #: kind of a mail or archive


@dataclass(frozen=True)
class Recap:
    """Every file with its verdict, and the typed rows of all tables (`_file` is the index into `returns`)."""

    today: date
    rule_version: str
    returns: Sequence[Return]
    frames: Mapping[str, pd.DataFrame]
    master: Master | None = None
    agreed: Mapping[str, pd.DataFrame] = field(default_factory=dict)  #: typed rows of the master, by table
    codes: Mapping[int, str] = field(default_factory=dict)  #: the partner's code, by index into `returns`
    containers: Sequence[Return] = ()  #: the mails and archives in which files came; no verdict, none of the six counts

    def verdicts(self) -> Counter[str]:
        """How many files got each verdict; the six counts equal the files."""
        counts = Counter(entry.verdict for entry in self.returns)
        return Counter({item.code: counts[item.code] for item in lists()["putusan"]})

    @property
    def listed(self) -> list[Return]:
        """Every file, and before those that came in a mail or archive that one: by name."""
        return sorted([*self.containers, *self.returns], key=lambda entry: entry.arrival.name)

    def rows(self, table: str) -> pd.DataFrame:
        """A table's typed rows from accepted files only: nothing of a returned file reaches a Rekap sheet."""
        frame = self.frames.get(table, pd.DataFrame({"_file": []}))
        counted = {number for number, entry in enumerate(self.returns) if entry.counted}
        mine = frame["_file"].isin(counted)
        return frame if mine.all() else frame[mine]

    @property
    def errors(self) -> bool:
        sent_back = any(entry.verdict in ("dikembalikan", "ditolak") for entry in self.returns)
        return sent_back or any(entry.kind == "induk" and entry.errors for entry in self.returns)


@collector.paused()
def consolidate(
    sources: Sequence[Source],
    today: date,
    workers: int = 2,
    progress: Progress = quiet,
    exclude: frozenset[Path] = frozenset(),
    started: Progress = quiet,
    master: Path | None = None,
    agreed: Mapping[str, pd.DataFrame] | None = None,
    elsewhere: Each | None = None,
) -> Recap:
    """Every partner return handed in: read, checked, decided and ready to be summed up.

    `started` is told the number of files, `progress` how many more are done. `master` is only read: its
    assessments stand beside the partners they judge, and reports join its agreed rows; with `agreed` they join
    those (typed, by table) instead. All that touches the files is done `elsewhere`, when that is given, in place of
    `workers` processes here. Raises SourceMissing, NotAMaster.
    """
    pedoman = load()
    known = read_master(master) if master else None
    if agreed is None:
        agreed = agreed_frames(known.reading) if known else {}
    cache = Cache(cache_folder(), reading_digest(pedoman.digest))
    each = elsewhere or here(workers)
    found = hashed(with_safe_names(collect(sources, exclude | {cache_folder()})), elsewhere)
    arrivals, boxes = opened(found, each, quiet)
    started(len(arrivals))
    pairs = read_files(arrivals, cache, each, progress)
    readings = [reading for _, reading in pairs]
    settings = _settings(known, readings, pedoman)
    examined = examine(readings, today, pedoman, settings, agreed)
    returns = decide([arrival for arrival, _ in pairs], examined)
    for number, entry in enumerate(returns):
        used = entry.verdict not in ("ditolak", "dilewati") and entry.arrival.sha256
        if used and number not in examined.unclean:
            cache.put(entry.arrival.sha256, entry.reading)
    containers = [Return(box.arrival, FileReading(), kind=CONTAINER, reason=box.note) for box in boxes]
    version = rule_version(pedoman, settings)
    recap = Recap(today, version, returns, examined.frames, known, agreed, examined.codes, containers)
    assert sum(recap.verdicts().values()) == len(arrivals)
    return recap


def _settings(known: Master | None, readings: Sequence[FileReading], pedoman: Pedoman) -> Settings:
    """The readings of the guideline that a master chose: the one read along, or the only file handed in."""
    if known:
        return settings_of(known.reading, pedoman)
    alone = len(readings) == 1 and kind_of(readings[0]) == "induk"
    return settings_of(readings[0], pedoman) if alone else pedoman.choose()
