"""Work on files in worker processes, so that one file can cost at most itself.

A parser may abort its whole process on a file made for it, hang, or ask for all memory. So files are opened in
processes with limits, some at a time; when one dies or stalls, the file it was at is tried once more, alone
in a fresh process, and is set aside if that one dies too. The others never notice. Standard library only, but
for the limits on Windows.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context, set_forkserver_preload
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from kemitraan_xl import collector
from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.intake.refusal import reason

if sys.platform == "win32":
    from kemitraan_xl.intake import limits_windows as limits
else:
    from kemitraan_xl.intake import limits_posix as limits

Result = TypeVar("Result")

TASK = 32  #: files handed to a worker at once
FEW = 4  #: files for which a second worker is not worth starting
SECONDS = 30.0  #: wall clock and processor time for one file
MEMORY = 2 << 30  #: bytes for one worker; on Linux on top of what the process begins with
IDLE = -1


class Each(Protocol):
    """Does `work` on every arrival as `in_workers` describes it, wherever that may be."""

    def __call__(
        self,
        arrivals: Sequence[Arrival],
        work: Callable[[Arrival], Result],
        refused: Callable[[str], Result],
        progress: Callable[[int], None],
        /,
    ) -> list[Result]: ...


def here(workers: int) -> Each:
    """At most `workers` processes of this computer."""
    return lambda arrivals, work, refused, progress: in_workers(arrivals, work, refused, workers, progress)


@collector.paused()
def in_workers(
    arrivals: Sequence[Arrival],
    work: Callable[[Arrival], Result],
    refused: Callable[[str], Result],
    workers: int,
    progress: Callable[[int], None],
    seconds: float = SECONDS,
) -> list[Result]:
    """`work` on every arrival, in at most `workers` processes; the results in the order of `arrivals`.

    For one that kills its worker, takes longer than `seconds` or for which `work` raises, the result is what
    `refused` makes of the reason. Both must be functions of a module: where processes cannot be forked they travel
    by name. `progress` is told how many more files are done.
    """
    crew = _Crew(arrivals, work, refused, progress, seconds)
    try:
        return crew.run(workers)
    finally:
        crew.dismiss()


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    channel: Connection
    at: ctypes.c_int  #: shared with the process: index of the file it is reading, or IDLE
    task: Sequence[int] = ()
    seen: int = IDLE  #: `at` when last looked at
    since: float = 0.0  #: when it was first seen there


class _Crew(Generic[Result]):
    """The workers of one call, the tasks still to be done, and the results so far."""

    def __init__(
        self,
        arrivals: Sequence[Arrival],
        work: Callable[[Arrival], Result],
        refused: Callable[[str], Result],
        progress: Callable[[int], None],
        seconds: float,
    ) -> None:
        self.arrivals = arrivals
        self.work = work
        self.refused = refused
        self.progress = progress
        self.seconds = seconds
        self.context = get_context(_start_method())
        self.workers: list[_Worker] = []
        self.tasks: deque[Sequence[int]] = deque()
        self.results: dict[int, Result] = {}

    def run(self, workers: int) -> list[Result]:
        total = len(self.arrivals)
        size = max(FEW, min(TASK, -(-total // workers)))
        self.tasks.extend(range(start, min(start + size, total)) for start in range(0, total, size))
        for _ in range(min(workers, len(self.tasks))):
            self._give(self._hire(), self.tasks.popleft())
        while len(self.results) < total:
            self._attend()
        return [self.results[index] for index in range(total)]

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.channel.close()

    def _hire(self) -> _Worker:
        ours, theirs = self.context.Pipe()
        at = self.context.RawValue(ctypes.c_int, IDLE)
        process = self.context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, at, self.work, self.refused), daemon=True
        )
        process.start()
        theirs.close()  # so that the end of the process is the end of the channel
        worker = _Worker(process, ours, at)
        self.workers.append(worker)
        return worker

    def _give(self, worker: _Worker, task: Sequence[int]) -> None:
        worker.task, worker.seen, worker.since = task, IDLE, time.monotonic()
        try:
            worker.channel.send([(index, self.arrivals[index]) for index in task])
        except OSError:  # it died in the meantime, which is seen when it is next attended to
            return

    def _attend(self) -> None:
        """Wait until something happens, and see to it."""
        handles = [handle for worker in self.workers for handle in (worker.channel, worker.process.sentinel)]
        ready = set(wait(handles, timeout=min(1.0, self.seconds / 4)))
        for worker in list(self.workers):
            if worker.channel in ready:
                self._hear(worker)
            elif worker.process.sentinel in ready:
                self._replace(worker, reason("died"))
            elif self._stalled(worker):
                self._replace(worker, reason("slow", f"{self.seconds:g}"))

    def _hear(self, worker: _Worker) -> None:
        try:
            results: list[Result] = worker.channel.recv()
        except (EOFError, OSError):
            self._replace(worker, reason("died"))
            return
        self.results.update(zip(worker.task, results, strict=True))
        self.progress(len(results))
        worker.task = ()
        if self.tasks:
            self._give(worker, self.tasks.popleft())

    def _stalled(self, worker: _Worker) -> bool:
        now, at = time.monotonic(), worker.at.value
        if at != worker.seen:
            worker.seen, worker.since = at, now
        limit = SECONDS if at == IDLE else self.seconds  # a process that is still starting is not stalled
        return bool(worker.task) and now - worker.since > limit

    def _replace(self, worker: _Worker, why: str) -> None:
        """A worker died or hung. Its file is tried alone in a fresh one, once; the rest of its task waits."""
        worker.process.kill()
        worker.process.join()
        worker.channel.close()
        self.workers.remove(worker)
        task, at = worker.task, worker.at.value
        if len(task) == 1:
            self.results[task[0]] = self.refused(why)
            self.progress(1)
        elif at in task:
            self.tasks.appendleft([index for index in task if index != at])
            self.tasks.appendleft([at])
        else:  # between two files: nobody knows whose fault it was
            self.tasks.extendleft([index] for index in task)
        if self.tasks:
            self._give(self._hire(), self.tasks.popleft())


def _start_method() -> str:
    """Forking is by far the quickest start, and safe only while this process has a single thread.

    Otherwise a process of its own is forked from, which imports once what each worker needs.
    """
    if sys.platform != "linux":
        return "spawn"
    if len(list(Path("/proc/self/task").iterdir())) == 1:
        return "fork"
    set_forkserver_preload(["__main__", "kemitraan_xl.intake.warm"])
    return "forkserver"


@collector.paused()  # a worker that is not forked does not get that from its parent
def _serve(
    channel: Connection, at: ctypes.c_int, work: Callable[[Arrival], Any], refused: Callable[[str], Any]
) -> None:
    """The life of a worker: do the files of a task, send the results, until the other end is gone."""
    _confine()
    while True:
        try:
            task: list[tuple[int, Arrival]] = channel.recv()
        except (EOFError, OSError):
            return
        results = []
        for index, arrival in task:
            at.value = index
            results.append(_attempt(work, refused, arrival, alone=len(task) == 1))
        at.value = IDLE
        channel.send(results)


def _attempt(work: Callable[[Arrival], Any], refused: Callable[[str], Any], arrival: Arrival, alone: bool) -> Any:
    limits.limit_time(SECONDS)
    try:
        return work(arrival)
    except MemoryError:
        if not alone:  # others may have filled it; this file gets a process to itself
            os._exit(1)
        return refused(reason("memory"))
    except BaseException as error:  # noqa: BLE001 - a panic inside a parser is no Exception
        return refused(reason("unexpected", type(error).__name__))


def _confine() -> None:
    """Limits of a worker, as far as the system has them; its parser's dying words stay off the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    faulthandler.disable()
    limits.confine(MEMORY)
