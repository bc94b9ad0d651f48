"""Puts the add-in and its settings in place for the current Windows user, and takes away what it put there.

The add-in goes to Excel's startup folder of the user (docs/keputusan/0010), the settings to
%USERPROFILE%\\.kemitraan\\kemitraan.conf, where the VBA of xlwings looks for them. Beside them stands a record of what
was put there. Standard library only; everything but `Folders.of_user` runs on any system.
"""

from __future__ import annotations

import csv
import hashlib
import json
import locale
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import replace_file

ADDIN: Final = "Kemitraan.xlam"
INTERPRETER: Final = "INTERPRETER_WIN"

#: Settings that are the user's own business once they chose otherwise; the others have to be ours.
PREFERENCES: Final = {"USE UDF SERVER": "True", "ADD_WORKBOOK_TO_PYTHONPATH": "False"}


@dataclass(frozen=True, slots=True)
class Folders:
    """Where Excel starts add-ins from, and where the settings of this project stand."""

    startup: Path
    settings: Path

    @classmethod
    def of_user(cls) -> Folders:
        """Those of the current Windows user. Raises Impossible on any other system."""
        if sys.platform != "win32":
            raise Impossible(
                "Add-in hanya untuk Excel di Windows. Di sini pakai perintah kemitraan, atau Excel lewat server."
            )
        return cls.within(os.environ)

    @classmethod
    def within(cls, variables: Mapping[str, str]) -> Folders:
        """Those that the environment variables of a Windows user name."""
        home = Path(variables.get("USERPROFILE") or Path.home())
        roaming = Path(variables.get("APPDATA") or home / "AppData" / "Roaming")
        return cls(roaming / "Microsoft" / "Excel" / "XLSTART", home / ".kemitraan")

    @property
    def addin(self) -> Path:
        """The add-in, once installed."""
        return self.startup / ADDIN

    @property
    def conf(self) -> Path:
        """The settings that xlwings reads."""
        return self.settings / "kemitraan.conf"

    @property
    def record(self) -> Path:
        """What was put there by `install`."""
        return self.settings / "pasang.json"


@dataclass(frozen=True, slots=True)
class _Record:
    """What `install` puts in place: SHA-256 of add-ins, settings as written, and the user's values they replaced.

    It is written before them, and what an earlier version put there stays in it: wherever a run is cut off, the next
    one knows the old and the new for its own.
    """

    sha256: Sequence[str] = ()
    settings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


def wanted_settings(python: Path) -> dict[str, str]:
    """The settings under which Excel finds this installation."""
    return {INTERPRETER: str(python), "UDF MODULES": "udfs.classic", **PREFERENCES}


def install(folders: Folders, python: Path, addin: bytes) -> list[str]:
    """Put the add-in and its settings in place, all or nothing; says in Indonesian what was done.

    A second run changes nothing. Settings of the user's own stay. Raises Impossible, for instance while Excel holds
    the add-in open, and OSError.
    """
    lines, record = _read_conf(folders.conf), _read_record(folders.record)
    current = {key: value for line in lines if (entry := entry_of(line)) for key, value in [entry]}
    put, before, kept = dict[str, str](), dict[str, str](), list[str]()
    sha256 = hashlib.sha256(addin).hexdigest()
    for key, value in wanted_settings(python).items():
        standing = current.get(key)
        ours = standing in record.settings.get(key, ())
        if standing not in (None, value) and not ours and key in PREFERENCES:
            kept.append(key)
        elif standing != value or ours:
            put[key] = value
            earlier = record.before.get(key) if ours or standing is None else standing
            if earlier is not None:
                before[key] = earlier
    values = {key: _with(record.settings.get(key, ()), value) for key, value in put.items()}
    after = _Record(_with(record.sha256, sha256), values, before)
    done = _swap(
        {
            folders.record: json.dumps(asdict(after), ensure_ascii=True, indent=1).encode(),
            folders.addin: addin,
            folders.conf: _written(lines, put, folders.conf),
        }
    )
    remarks = [f"Setelan {key} dibiarkan seperti yang Anda tulis: {current[key]}" for key in kept]
    if not done:
        return ["Kemitraan KPAI sudah terpasang dan mutakhir; tidak ada yang diubah.", *remarks]
    named = {folders.addin: "Add-in", folders.conf: "Setelan"}
    return [*(f"{named[path]}: {path}" for path in done if path in named), *remarks]


def uninstall(folders: Folders) -> list[str]:
    """Take away what `install` put in place, all or nothing; says in Indonesian what was done.

    What the user changed since then stays, and settings that were replaced come back. Raises Impossible, OSError.
    """
    record = _read_record(folders.record)
    if not record.sha256:
        stranger = folders.addin.exists()
        return [
            f"{folders.addin} tidak dipasang dengan perintah ini dan dibiarkan; hapus sendiri bila tidak dipakai."
            if stranger
            else "Kemitraan KPAI tidak terpasang; tidak ada yang dihapus."
        ]
    remarks = []
    changes: dict[Path, bytes | None] = {}
    if folders.addin.exists():
        if hashlib.sha256(folders.addin.read_bytes()).hexdigest() in record.sha256:
            changes[folders.addin] = None
        else:
            remarks.append(f"{folders.addin} sudah diubah sejak dipasang dan dibiarkan.")
    if folders.conf.exists():
        left = _without(_read_conf(folders.conf), record)
        changes[folders.conf] = _written(left, {}, folders.conf) if any(map(str.strip, left)) else None
    _swap({**changes, folders.record: None})  # the record last: until then it is known what is still to be taken away
    with suppress(OSError):
        folders.settings.rmdir()  # unless something else is kept there
    return [*remarks, "Kemitraan KPAI sudah dicopot. Setelan lain milik Anda dibiarkan."]


def settings_of(conf: Path) -> dict[str, str]:
    """The settings in force, as the VBA of xlwings reads them: the first line of a name counts. Raises Impossible."""
    found: dict[str, str] = {}
    for line in _read_conf(conf):
        if entry := entry_of(line):
            found.setdefault(*entry)
    return found


def malformed(conf: Path) -> list[str]:
    """The lines that are no setting; each makes VBA misread the lines after it. Raises Impossible."""
    return [line for line in _read_conf(conf) if line.strip() and not entry_of(line)]


def entry_of(line: str) -> tuple[str, str] | None:
    """Name (in capitals, since VBA does not tell them apart) and value of a line; None for anything else."""
    cells = next(csv.reader([line]), [])
    return (cells[0].strip().upper(), cells[1].strip()) if len(cells) == 2 else None


def _without(lines: list[str], record: _Record) -> list[str]:
    """The lines without those that were put there, and with the user's own again that they replaced."""
    left = []
    for line in lines:
        key, value = entry_of(line) or ("", "")
        if value not in record.settings.get(key, ()):
            left.append(line)
        elif key in record.before:
            left.append(_line(key, record.before[key]))
    return left


def _written(lines: list[str], settings: Mapping[str, str], conf: Path) -> bytes:
    """The settings file with `settings` in it: each in the place of the line that had it, else at the end."""
    todo, result = dict(settings), []
    for line in lines:
        key, _ = entry_of(line) or ("", "")
        if key not in settings:
            result.append(line)
        elif key in todo:
            result.append(_line(key, todo.pop(key)))
    result += [_line(key, value) for key, value in todo.items()]
    try:
        return "".join(f"{line}\r\n" for line in result).encode(locale.getencoding(), "surrogateescape")
    except UnicodeEncodeError as error:
        raise Impossible(
            f"Alamat Python memuat huruf yang tidak dapat ditulis ke {conf.name}; pindahkan ke folder berhuruf Latin."
        ) from error


def _with(known: Sequence[str], value: str) -> list[str]:
    return [*known, *([value] if value not in known else [])]


def _line(key: str, value: str) -> str:
    return f'"{key}","{value}"'


def _read_conf(conf: Path) -> list[str]:
    """The lines of the settings file, in the code page in which VBA reads them; none when there is no file."""
    try:
        text = conf.read_bytes().decode(locale.getencoding(), "surrogateescape")
    except FileNotFoundError:
        return []
    except IsADirectoryError:
        raise Impossible(f"{conf} sebuah folder; pindahkan folder itu, lalu ulangi.") from None
    return text.splitlines()


def _read_record(path: Path) -> _Record:
    """What was put there before. A damaged record is as good as none: then nothing is known to be ours."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        values = {str(key): [str(value) for value in values] for key, values in kept["settings"].items()}
        return _Record([str(sha256) for sha256 in kept["sha256"]], values, dict(kept["before"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return _Record()


def _swap(changes: Mapping[Path, bytes | None]) -> list[Path]:
    """Bring files to the given content (None: gone), all or none of them; returns those that changed."""
    before = {path: path.read_bytes() if path.exists() else None for path in changes}
    todo = [path for path, content in changes.items() if before[path] != content]
    for path in todo:
        if changes[path] is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    done: list[Path] = []
    try:
        for path in todo:
            _put(path, changes[path])
            done.append(path)
    except OSError as error:
        for path in reversed(done):
            _put(path, before[path])
        if isinstance(error, PermissionError):
            raise Impossible(
                f"{error.filename} sedang dipakai atau tidak boleh diubah. Tutup semua jendela Excel, lalu ulangi."
            ) from error
        raise
    return done


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        replace_file(path, content)
