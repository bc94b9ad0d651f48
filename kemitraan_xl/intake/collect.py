"""Every file handed in, each exactly once, under the name that Arsip shows for it.

Nothing is opened here but folders. What cannot be a return (lock files, Thumbs.db) is listed too, with the
reason, so that the files of a folder and the rows of Arsip always add up. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.boxes.unpack import HEAD, may_hold
from kemitraan_xl.intake.model import Arrival, Fetched, Source
from kemitraan_xl.intake.names import litter, shown
from kemitraan_xl.intake.pool import Each
from kemitraan_xl.intake.refusal import reason


class SourceMissing(Impossible):
    """A file or folder named by the user does not exist or cannot be entered; the text is one Indonesian line."""


@dataclass(frozen=True, slots=True)
class _Found:
    folder: Path  #: the source folder, absolute; of what was fetched, where it comes from
    inner: str  #: path below it with "/" between folders
    entry: Arrival


def collect(sources: Sequence[Source], exclude: frozenset[Path] = frozenset()) -> list[Arrival]:
    """The files of `sources` (any mix of files, folders with theirs, and what was fetched), sorted by name.

    `exclude` names files and folders of our own (the summary being written, the cache) that are passed over
    without a word, so that a second run sees what the first one saw. Symbolic links inside a folder are not
    followed. Raises SourceMissing.
    """
    excluded = {os.path.realpath(path) for path in exclude}
    found: dict[str, _Found] = {}
    for source in sources:
        for item in _fetched(source) if isinstance(source, Fetched) else _walk(source, excluded):
            place = str(item.entry.path)
            if place not in found or item.inner.count("/") > found[place].inner.count("/"):
                found[place] = item
    return sorted(_named(list(found.values())), key=lambda arrival: arrival.name)


def hashed(arrivals: Sequence[Arrival], each: Each | None = None) -> list[Arrival]:
    """The same files with the SHA-256 of their content, and whether they may hold others.

    One that cannot be opened is refused. `each` looks at the files in place of this process, which is quick.
    """
    fresh = [number for number, a in enumerate(arrivals) if not (a.skipped or a.refused or a.sha256)]
    some = [arrivals[number] for number in fresh]
    looks = each(some, _look, _unseen, lambda _: None) if each else map(_look, some)
    known = list(arrivals)
    for number, (sha256, closed, refused) in zip(fresh, looks, strict=True):
        known[number] = replace(arrivals[number], sha256=sha256, closed=closed, refused=refused)
    return known


#: SHA-256, whether it may hold others, and why it could not be opened.
_Look = tuple[str, bool, str]


def _look(arrival: Arrival) -> _Look:
    try:
        with arrival.path.open("rb") as file:
            closed = may_hold(file.read(HEAD))
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest(), closed, ""
    except OSError:
        return _unseen(reason("unreadable"))


def _unseen(why: str) -> _Look:
    return "", False, why


def _fetched(source: Fetched) -> Iterator[_Found]:
    return (_Found(Path(source.origin), arrival.name, arrival) for arrival in source.arrivals)


def _walk(source: Path, excluded: set[str]) -> Iterator[_Found]:
    path = Path(os.path.realpath(source))
    try:
        status = path.stat()
    except OSError:
        raise SourceMissing(f"Sumber tidak ditemukan: {source}") from None
    if any(str(place) in excluded for place in (path, *path.parents)):
        return
    if stat.S_ISDIR(status.st_mode):
        if not os.access(path, os.R_OK | os.X_OK):
            raise SourceMissing(f"Folder tidak dapat dibuka: {source}")
        yield from _walk_folder(path, path, excluded)
    else:
        yield _Found(path.parent, source.name, _arrival(path, source.name, status))


def _walk_folder(root: Path, folder: Path, excluded: set[str]) -> Iterator[_Found]:
    inner = folder.relative_to(root).as_posix()
    prefix = "" if inner == "." else f"{inner}/"
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield _Found(root, prefix, Arrival(prefix, folder, 0, refused=reason("unreadable")))
        return
    for entry in entries:
        if entry.path in excluded:
            continue
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            found = _arrival(path, entry.name, entry.stat(follow_symlinks=False))
            yield _Found(root, prefix + entry.name, found)
        elif entry.name.startswith("."):
            yield _Found(root, f"{prefix}{entry.name}/", Arrival("", path, 0, skipped=reason("hidden")))
        else:
            yield from _walk_folder(root, path, excluded)


def _arrival(path: Path, name: str, status: os.stat_result) -> Arrival:
    size, mode = status.st_size, status.st_mode
    if unwanted := litter(name):
        return Arrival(name, path, size, skipped=unwanted)
    if stat.S_ISLNK(mode):
        return Arrival(name, path, size, refused=reason("link"))
    if not stat.S_ISREG(mode):
        return Arrival(name, path, size, refused=reason("special"))
    return Arrival(name, path, size)


def _named(found: list[_Found]) -> list[Arrival]:
    """Names are as short as uniqueness allows: only those that collide get the folders before them."""
    names = [shown(item.inner) for item in found]
    deepest = max((len(item.folder.parts) for item in found), default=0)
    for depth in range(1, deepest + 1):
        count = Counter(names)
        if len(count) == len(names):
            break
        for index, item in enumerate(found):
            if count[names[index]] > 1:
                names[index] = shown("/".join((*item.folder.parts[-depth:], item.inner)))
    return [replace(item.entry, name=name) for item, name in zip(found, _numbered(names, found), strict=True)]


def _numbered(names: list[str], found: list[_Found]) -> list[str]:
    """Names that differ only in characters one cannot see get a number, in the order of their paths."""
    seen: Counter[str] = Counter()
    numbered = list(names)
    for index in sorted(range(len(names)), key=lambda index: str(found[index].entry.path)):
        seen[names[index]] += 1
        if seen[names[index]] > 1:
            numbered[index] = f"{names[index]} ({seen[names[index]]})"
    return numbered
