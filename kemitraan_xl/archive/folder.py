"""The folder of an archive: files that belong together and take the place of the earlier ones all at once.

A reader finds either set, never a mixture. Between the two renames of an exchange the folder is not there at all; the
earlier set then stands beside it under the name ending in ".lama", from where the next run fetches it back.
Standard library only.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import conclude, flush_folder, named, own_files, rename

#: The file that says what an archive holds, by which it is known for one.
MANIFEST: Final = "arsip.json"

#: What systems leave in folders that people look at.
_LITTER: Final = frozenset(("thumbs.db", "desktop.ini", ".ds_store"))


def ready(folder: Path) -> None:
    """See to it that an archive can be put at `folder`, fetching back one that a killed run has left aside.

    Raises Impossible where anything else is in the way, OSError.
    """
    folder = _real(folder)
    if not folder.parent.is_dir():
        raise Impossible(f"Folder {folder.parent} tidak ada.")
    for place in filter(Path.exists, (folder, _aside(folder))):
        if not place.is_dir():
            raise Impossible(f"{place} bukan folder.")
        if stranger := _stranger(place):
            raise Impossible(f"Folder {place} berisi yang bukan arsip ({stranger}); pilih yang baru atau yang kosong.")
    with named(folder):
        if not os.access(folder.parent, os.W_OK | os.X_OK):
            raise PermissionError
        if not folder.exists() and _aside(folder).exists():
            rename(_aside(folder), folder)


def own_places(folder: Path) -> frozenset[Path]:
    """The archive, and what runs that were killed left beside it: nothing that was handed in."""
    return own_files(folder) | {_aside(_real(folder))}


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well it is at `folder`, else all is as before.

    Raises OSError, about `folder`; Impossible when something else was put there meanwhile.
    """
    folder = _real(folder)
    with named(folder):
        beside = _unfinished(folder)
        beside.mkdir()
    try:
        yield beside
        with named(folder):
            _flush(beside)
            ready(folder)
            _exchange(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def manifest(folder: Path) -> dict[str, Any]:
    """What the archive at `folder` says that it holds; empty when there is none."""
    with suppress(OSError, ValueError):
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("berkas"), dict):
            return found
    return {}


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Say what the archive in `folder` holds: the last file that is put there."""
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def _real(folder: Path) -> Path:
    """A link is followed and stays."""
    return Path(os.path.realpath(folder))


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lama")


def _unfinished(folder: Path) -> Path:
    """A place for what no reader should take for an archive; what a killed run leaves there goes in time."""
    return folder.with_name(f".kemitraan-{secrets.token_hex(8)}.tmp")


def _stranger(place: Path) -> str | None:
    """Something at `place` that no archive has there."""
    files = manifest(place).get("berkas")
    known = {MANIFEST, *files} if files else set()
    found = (path for path in sorted(place.rglob("*")) if path.is_symlink() or not path.is_dir())
    names = (path.relative_to(place).as_posix() for path in found if path.name.lower() not in _LITTER)
    return next((name for name in names if name not in known), None)


def _flush(folder: Path) -> None:
    """Everything below `folder` on the disk, the files first."""
    for path in sorted(folder.rglob("*"), key=Path.is_dir):
        if path.is_dir():
            flush_folder(path)
        else:
            handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    flush_folder(folder)


def _exchange(beside: Path, folder: Path) -> None:
    old = _aside(folder)
    _take_away(old)  # of a run that was killed after it had put the new set there
    if folder.exists():
        shutil.copymode(folder, beside)
        rename(folder, old)
    try:
        rename(beside, folder)
    except BaseException:
        with suppress(OSError):
            old.rename(folder)
        raise
    conclude(folder.parent)
    _take_away(old)


def _take_away(old: Path) -> None:
    """Under another name first: half of an archive must not be found under its own."""
    with suppress(OSError):
        rename(old, gone := _unfinished(old))
        shutil.rmtree(gone)
