"""From the files handed in to all that came with them: mails and archives are opened, and what lies in them is named.

collect -> hash -> may it hold others? -> open in a worker -> an arrival for every part, a row for every mail or archive
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from kemitraan_xl.intake.boxes.unpack import Part, parts_of, refused_parts
from kemitraan_xl.intake.collect import hashed
from kemitraan_xl.intake.model import Arrival, Opened
from kemitraan_xl.intake.names import WITHIN
from kemitraan_xl.intake.pool import Each
from kemitraan_xl.privacy import mask_name


def opened(
    arrivals: Sequence[Arrival], each: Each, progress: Callable[[int], None]
) -> tuple[list[Arrival], list[Opened]]:
    """Every file with those that came in mails and archives, sorted by name; and those mails and archives.

    Nothing is lost: each of `arrivals` is among the first or the second. A mail or archive that cannot be opened is a
    refused file. Names and subjects show no child's data. `progress` is told how many more of them are open.
    """
    known = hashed(arrivals)
    closed = [arrival for arrival in known if arrival.closed]
    listed = each(closed, parts_of, refused_parts, progress)
    parts = dict(zip((arrival.name for arrival in closed), listed, strict=True))
    names = _Names(arrival.name for arrival in known)
    made = [one for arrival in known for one in _with_parts(arrival, parts.get(arrival.name), names)]
    assert len(made) >= len(known)
    files = sorted((one for one in made if isinstance(one, Arrival)), key=lambda arrival: arrival.name)
    return files, [one for one in made if isinstance(one, Opened)]


def _with_parts(arrival: Arrival, parts: Sequence[Part] | None, names: _Names) -> Iterator[Arrival | Opened]:
    """A file as it is, or the mail or archive that it is with everything in it."""
    if not parts:
        yield arrival
        return
    called: dict[tuple[int, ...], str] = {(): arrival.name}
    for part in parts:
        if part.place:
            called[part.place] = names.free(f"{called[part.place[:-1]]}{WITHIN}{mask_name(part.name)}")
        made = replace(
            arrival,
            name=called[part.place],
            size=part.size if part.place else arrival.size,
            sha256=part.sha256 if part.place else arrival.sha256,
            skipped=part.skipped,
            refused=part.refused,
            inside=part.place,
            mail=replace(part.mail, subject=mask_name(part.mail.subject)) if part.mail else None,
        )
        yield Opened(made, part.note) if part.note else made


class _Names:
    """Names that are taken. One that is taken already gets a number."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: Counter[str] = Counter()

    def free(self, name: str) -> str:
        """The name, or the first of "name (2)", "name (3)" and so on that is free."""
        wanted = name
        while wanted in self._taken:
            self._next[name] += 1
            wanted = f"{name} ({self._next[name] + 1})"
        self._taken.add(wanted)
        return wanted
