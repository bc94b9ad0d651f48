"""What was read from a file before, kept by content, so that an unchanged file is not read again.

One file for each digest of the reading rules, to which readings are only ever added; a line holds the SHA-256
of what was read, a checksum, and the reading as JSON. (A file for each reading would be simpler, but making
thousands of files costs more than reading their contents did.) It may be deleted at any time, and a damaged
line is as good as none. Whoever calls `put` answers for it that the reading holds no child data. Standard
library only.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kemitraan_xl.intake.model import Extract, Fault, FileReading

_PREFIX, _SUFFIX = "bacaan-", ".txt"
_LARGEST = 1 << 29  #: bytes after which it begins anew
_READING, _EXTRACT, _FAULT = ([field.name for field in fields(kind)] for kind in (FileReading, Extract, Fault))
_DATE, _TIME = "$d", "$t"  #: tags; no column is named so


def cache_folder() -> Path:
    """Where the cache is on this machine; the environment variable KEMITRAAN_XL_CACHE overrides it."""
    named = os.environ.get("KEMITRAAN_XL_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "kemitraan-xl"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kemitraan-xl"


class Cache:
    """Readings by SHA-256 under one set of reading rules. Trouble with the disk is never an error here."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.place = folder / f"{_PREFIX}{digest[:16]}{_SUFFIX}"
        self._lines: dict[str, tuple[int, int]] = {}  # where each line begins, and its length
        with suppress(OSError):
            if not self.place.exists() or self.place.stat().st_size > _LARGEST:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _clear(folder)
            self._find_lines()

    def get(self, sha256: str) -> FileReading | None:
        """The reading of the file with this content, or None."""
        start, length = self._lines.get(sha256, (0, 0))
        try:
            with self.place.open("rb", buffering=0) as file:
                file.seek(start)
                key, check, content = file.read(length).rstrip(b"\n").split(b" ", 2)
            if key == sha256.encode() and int(check, 16) == zlib.crc32(content):
                return _reading(json.loads(content, object_hook=_untagged))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            pass
        self._lines.pop(sha256, None)
        return None

    def put(self, sha256: str, reading: FileReading) -> None:
        """Keep a reading, unless it is there already."""
        if sha256 in self._lines:
            return
        content = json.dumps(_plain(reading), default=_tagged, separators=(",", ":")).encode()
        line = b"%s %08x %s" % (sha256.encode(), zlib.crc32(content), content)
        with suppress(OSError), open(self.place, "ab", buffering=0, opener=_privately) as file:
            file.write(b"\n" + line)  # a line that broke off before this one ends here
            self._lines[sha256] = (file.tell() - len(line), len(line))

    def _find_lines(self) -> None:
        start = 0
        with self.place.open("rb") as file:
            for line in file:
                if len(line) > 64:
                    self._lines[line[:64].decode("ascii", "replace")] = (start, len(line))
                start += len(line)


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _clear(folder: Path) -> None:
    """Readings under other rules would never be asked for again."""
    for old in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        old.unlink()


def _plain(reading: FileReading) -> dict[str, Any]:
    plain = {name: getattr(reading, name) for name in _READING}
    plain["tables"] = {key: [getattr(table, name) for name in _EXTRACT] for key, table in reading.tables.items()}
    plain["faults"] = [[getattr(fault, name) for name in _FAULT] for fault in reading.faults]
    return plain


def _reading(plain: dict[str, Any]) -> FileReading:
    plain["tables"] = {key: Extract(*table) for key, table in plain["tables"].items()}
    plain["faults"] = [Fault(*fault) for fault in plain["faults"]]
    return FileReading(**plain)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(f"not a cell value: {type(value).__name__}")


def _untagged(found: dict[str, Any]) -> object:
    if len(found) == 1:
        if _DATE in found:
            return date.fromisoformat(found[_DATE])
        if _TIME in found:
            return datetime.fromisoformat(found[_TIME])
    return found
