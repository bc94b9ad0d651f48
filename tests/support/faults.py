"""A run that is cut off, or hindered, at its n-th step on the disk; in a process of its own, forked from this one.

Steps are what changes a folder: making, writing (once before and once half done), flushing, renaming, linking,
deleting. POSIX only, since it forks: what was imported is there, so that a run costs no more than its own work.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

from kemitraan_xl import cli, safe_write

#: What is done at a step, given the file it is about. It may not come back (kill, error) or may (a folder taken away).
Effect = Callable[[str], None]
_DELETING: Final = ("unlink", "remove", "rmdir")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its exit code (-9 when killed), what it said, and how many steps it came to."""

    code: int
    said: str
    complained: str
    steps: int


def kill(path: str) -> None:  # noqa: ARG001  an effect is told the file
    """The process is gone at once, as with kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def fails(number: int) -> Effect:
    """The system refuses with this error number."""

    def effect(path: str) -> None:
        raise OSError(number, os.strerror(number), path)

    return effect


full: Final = fails(errno.ENOSPC)


def command(*words: object) -> Callable[[], None]:
    """`kemitraan` with these words."""

    def call() -> None:
        sys.argv = ["kemitraan", *map(str, words)]
        cli.main()

    return call


def run(
    call: Callable[[], object],
    inside: Path,
    effect: Effect | None = None,
    at: int = 1,
    *,
    lasting: bool = False,
    only: str = "",
) -> Outcome:
    """Do `call` with `effect` at the `at`-th step below `inside`, or, `lasting`, at every step from there on.

    Files can still be deleted on a full disk. `only` counts steps of one kind.
    """
    with TemporaryDirectory() as folder:
        notes = Path(folder)
        child = os.fork()
        if not child:
            _work(call, _Steps(inside, effect, at, lasting, only), notes)
        _, status = os.waitpid(child, 0)
        said, complained, steps = (
            path.read_text() if path.exists() else "" for path in (notes / "1", notes / "2", notes / "langkah")
        )
        return Outcome(os.waitstatus_to_exitcode(status), said, complained, int(steps or 0))


def _work(call: Callable[[], object], steps: _Steps, notes: Path) -> NoReturn:
    code = 99
    try:
        counted = (notes / "langkah").open("w")
        with (notes / "1").open("w") as sys.stdout, (notes / "2").open("w") as sys.stderr:
            safe_write._clear.cache_clear()  # it is a run of its own
            try:
                with steps.watched():
                    call()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 99
            except BaseException as error:  # noqa: BLE001  shown by the test
                sys.stderr.write(f"Traceback {error!r}")
        counted.write(str(steps.count))
        counted.flush()
    finally:
        os._exit(code)


class _Steps:
    """The calls of the system that change something below a folder, each counted and then let through or not."""

    def __init__(self, inside: Path, effect: Effect | None, at: int, lasting: bool, only: str) -> None:
        self.inside, self.effect, self.at, self.lasting, self.only = str(inside), effect, at, lasting, only
        self.count = 0
        self.files: dict[int, str] = {}

    def step(self, kind: str, path: str) -> None:
        if not path.startswith(self.inside) or (self.only and kind != self.only):
            return
        self.count += 1
        if self.effect and (self.count == self.at or (self.lasting and self.count > self.at and kind not in _DELETING)):
            self.effect(path)

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        names = ("open", "close", "write", "fsync", "replace", "rename", "link", "mkdir", *_DELETING)
        real = {name: getattr(os, name) for name in names}
        for name in names[4:]:
            setattr(os, name, self._before(name, real[name]))
        os.open, os.close, os.write, os.fsync = (self._of_file(name, real) for name in names[:4])
        opened = builtins.open
        builtins.open = self._opened(opened)
        try:
            yield
        finally:
            builtins.open = opened
            for name, function in real.items():
                setattr(os, name, function)

    def _before(self, kind: str, function: Any) -> Any:
        def call(path: Any, *more: Any, **named: Any) -> Any:
            self.step(kind, os.fspath(more[0] if kind in ("replace", "rename", "link") else path))
            return function(path, *more, **named)

        return call

    def _of_file(self, kind: str, real: dict[str, Any]) -> Any:
        def open_(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & os.O_CREAT:
                self.step("open", os.fspath(path))
            handle: int = real["open"](path, flags, *more, **named)
            self.files[handle] = os.fspath(path)
            return handle

        def close(handle: int) -> None:
            self.files.pop(handle, None)
            real["close"](handle)

        def write(handle: int, data: bytes) -> int:
            return self._halves(lambda part: real["write"](handle, part), data, self.files.get(handle, ""))

        def fsync(handle: int) -> None:
            self.step("fsync", self.files.get(handle, ""))
            real["fsync"](handle)

        return {"open": open_, "close": close, "write": write, "fsync": fsync}[kind]

    def _halves(self, write: Callable[[bytes], int], data: bytes, path: str) -> int:
        self.step("write", path)
        done = write(data[: len(data) // 2])
        self.step("half", path)
        while done < len(data):
            done += write(data[done:])
        return done

    def _opened(self, real: Any) -> Any:
        """Files that are only added to (the cache) are written through their own object."""

        def open_(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            stream = real(file, mode, *more, **named)
            return _Appended(stream, self, os.fspath(file)) if mode == "ab" else stream

        return open_


class _Appended:
    def __init__(self, stream: Any, steps: _Steps, path: str) -> None:
        self.stream, self.steps, self.path = stream, steps, path

    def __enter__(self) -> _Appended:
        return self

    def __exit__(self, *why: object) -> None:
        self.stream.close()

    def write(self, data: bytes) -> int:
        return self.steps._halves(self.stream.write, data, self.path)

    def tell(self) -> int:
        return int(self.stream.tell())
