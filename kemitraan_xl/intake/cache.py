"""What was read from a file before, kept by content, so that an unchanged file is not read again.

One file for each reading, named by the SHA-256 of what was read, in a folder named by the digest of the rules
that read it: a checksum, then JSON. The whole may be deleted at any time; a damaged entry is as good as none.
Whoever calls `put` answers for it that the reading holds no child data. Standard library only.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import zlib
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kemitraan_xl.intake.model import Extract, Fault, FileReading

_PREFIX = "bacaan-"
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
        self.folder = folder / f"{_PREFIX}{digest[:16]}"
        with suppress(OSError):
            if not self.folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _drop_old_rules(folder)
                self.folder.mkdir(mode=0o700)
            self.folder.chmod(0o700)

    def get(self, sha256: str) -> FileReading | None:
        """The reading of the file with this content, or None."""
        try:
            check, content = self._place(sha256).read_bytes().split(b"\n", 1)
            if int(check, 16) != zlib.crc32(content):
                return None
            return _reading(json.loads(content, object_hook=_untagged))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, sha256: str, reading: FileReading) -> None:
        """Keep a reading; written beside and moved into place."""
        place = self._place(sha256)
        content = json.dumps(_plain(reading), default=_tagged, separators=(",", ":")).encode()
        with suppress(OSError):
            place.parent.mkdir(mode=0o700, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(b"%08x\n" % zlib.crc32(content) + content)
            Path(beside).replace(place)

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]


def _drop_old_rules(folder: Path) -> None:
    """Readings under other rules would never be asked for again."""
    for old in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(old, ignore_errors=True)


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
