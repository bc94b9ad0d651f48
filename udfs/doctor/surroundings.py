"""What `kemitraan dokter` looks at outside itself: folders, the registry, other programs. A test hands in its own.

Nothing here imports xlwings: what is wrong with it has to be seen before it is imported.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as metadata_version
from pathlib import Path
from typing import Any

from kemitraan_xl.intake.cache import cache_folder
from kemitraan_xl.printing import libreoffice
from kemitraan_xl.shipped import shipped
from udfs.install import ADDIN, Folders
from udfs.server import installation

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of an add-in server, and the name that Excel reaches the server by."""

    file: Path
    key: Path
    host: str


@dataclass(frozen=True)
class Environment:
    """A computer as the doctor sees it. Fields are facts, or questions that may cost time.

    `registry` gives the values of a key by name ({} without it), `ask` what a Python prints for a line of code (None
    when it does not run), `zone` the Zone.Identifier of a file, `stamp` the identity of a master workbook (raises
    Impossible), `trust` what is believed of certificates.
    """

    windows: bool
    folders: Folders
    other_addins: Sequence[Path]
    shipped: Callable[[], Path]
    cache: Path
    server: Path
    licence_conf: Path
    variables: Mapping[str, str]
    registry: Callable[[str], Mapping[str, Any]]
    ask: Callable[[Path, str], str | None]
    processes: Callable[[], frozenset[str]]
    zone: Callable[[Path], str]
    version: Callable[[str], str | None]
    office: Callable[[], str | None]
    stamp: Callable[[Path], Mapping[str, str]]
    trust: Callable[[], ssl.SSLContext]
    books: Sequence[str] = ()
    certificate: Certificate | None = None


def here(books: Sequence[str] = (), certificate: Certificate | None = None) -> Environment:
    """This computer, and the workbooks and the certificate somebody wants looked at."""
    folders = Folders.within(os.environ)
    return Environment(
        windows=sys.platform == "win32",
        folders=folders,
        other_addins=[folders.startup.parents[1] / "AddIns" / ADDIN, *_program_startup(os.environ)],
        shipped=lambda: shipped(ADDIN),
        cache=cache_folder(),
        server=installation.folder(),
        licence_conf=Path.home() / ".xlwings" / "xlwings.conf",
        variables=os.environ,
        registry=_registry,
        ask=_ask,
        processes=_processes,
        zone=_zone,
        version=_version,
        office=libreoffice,
        stamp=_stamp,
        trust=ssl.create_default_context,
        books=books,
        certificate=certificate,
    )


def _program_startup(variables: Mapping[str, str]) -> list[Path]:
    """Where an add-in for all users of the computer would stand."""
    programs = {variables[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if variables.get(name)}
    return [
        Path(program, "Microsoft Office", *root, "Office16", "XLSTART", ADDIN)
        for program in sorted(programs)
        for root in ((), ("root",))
    ]


def _registry(key: str) -> dict[str, Any]:
    if sys.platform != "win32":
        return {}
    import winreg

    hive, _, path = key.partition("\\")
    roots = {
        "HKCU": winreg.HKEY_CURRENT_USER,
        "HKLM": winreg.HKEY_LOCAL_MACHINE,
        "HKCR": winreg.HKEY_CLASSES_ROOT,
    }
    try:
        with winreg.OpenKey(roots[hive], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            values = (winreg.EnumValue(opened, index) for index in range(winreg.QueryInfoKey(opened)[1]))
            return {name: value for name, value, _ in values}
    except OSError:
        return {}


def _ask(python: Path, code: str) -> str | None:
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _processes() -> frozenset[str]:
    """Names of the running programs, in capitals; none where nobody can tell."""
    if sys.platform != "win32":
        return frozenset()
    try:
        done = subprocess.run(
            ["tasklist", "/fo", "csv", "/nh"], capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(line.split('","')[0].strip('"').upper() for line in done.stdout.splitlines())


def _zone(path: Path) -> str:
    """The mark of a downloaded file: a second stream beside its contents, on Windows' own file system."""
    if sys.platform == "win32":
        with suppress(OSError):
            return Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    return ""


def _version(distribution: str) -> str | None:
    try:
        return metadata_version(distribution)
    except PackageNotFoundError:
        return None


def _stamp(book: Path) -> Mapping[str, str]:
    from kemitraan_xl.master import read_master

    return read_master(book).reading.identity
