"""From the files handed in to what was read from each: known content from the cache, the rest in workers.

collect -> hash -> in the cache? -> read in a worker -> one pair for every file, in the same order
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from kemitraan_xl.intake.boxes.unpack import content
from kemitraan_xl.intake.cache import Cache
from kemitraan_xl.intake.collect import hashed
from kemitraan_xl.intake.gate.zipdir import MAX_FILE
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.intake.pool import SECONDS, Each, in_workers
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.intake.refusal import Refused, reason
from validation.language import catalogue


def reading_digest(rules: str) -> str:
    """What a kept reading depends on: rules, words of other languages, programs of this room, the child-data guard."""
    digest = hashlib.sha256(rules.encode())
    room = Path(__file__).parent
    for path in (*catalogue(), *sorted(room.rglob("*.py")), *sorted(room.parent.glob("privacy*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


#: The SHA-256 of what was read, and the reading.
Result = tuple[str, FileReading]
Read = Callable[[Arrival], Result]


def read_arrival(arrival: Arrival) -> Result:
    """One file looked at and read: what a worker does.

    The SHA-256 is that of the very bytes that were read, "" when the file was too large to take in.
    """
    try:
        data = content(arrival)
    except OSError:
        return unread(reason("unreadable"))
    except Refused as why:
        return unread(str(why))
    return hashlib.sha256(data).hexdigest() if len(data) <= MAX_FILE else "", read_bytes(data)


def unread(why: str) -> Result:
    """The result for a file that could not be read at all."""
    return "", FileReading(refusal=why)


def read_all(
    arrivals: Sequence[Arrival],
    workers: int,
    progress: Callable[[int], None],
    read: Read = read_arrival,
    seconds: float = SECONDS,
) -> list[Result]:
    """Every arrival read, whatever the cache holds, in limited processes; see `in_workers`."""
    return in_workers(arrivals, read, unread, workers, progress, seconds)


def read_files(
    arrivals: Sequence[Arrival],
    cache: Cache,
    each: Each,
    progress: Callable[[int], None],
    read: Read = read_arrival,
) -> list[tuple[Arrival, FileReading]]:
    """Every arrival, now with its SHA-256, and its reading, in the order given.

    A file that is skipped or refused has an empty reading. Files with the same content are read once and
    share one reading; a file that changes meanwhile is refused. `progress` is told how many more files are
    done. Nothing is put into the cache here: that waits until the check has found no child data.
    """
    known = hashed(arrivals)
    readings: dict[str, FileReading] = {}
    for arrival in known:
        if arrival.sha256 and arrival.sha256 not in readings and (kept := cache.get(arrival.sha256)):
            readings[arrival.sha256] = kept
    fresh = list({a.sha256: a for a in known if a.sha256 and a.sha256 not in readings}.values())
    progress(len(known) - len(fresh))
    for arrival, (sha256, reading) in zip(fresh, each(fresh, read, unread, progress), strict=True):
        changed = sha256 not in ("", arrival.sha256)
        readings[arrival.sha256] = FileReading(refusal=reason("changed")) if changed else reading
    return [(arrival, readings.get(arrival.sha256) or FileReading()) for arrival in known]
