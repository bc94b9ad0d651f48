"""The one way in which every benchmark here measures: a whole program, with every process it starts.

    from ukur import Run, rounds

    def runs(turn):
        return {"one": Run([python, "one.py"]), "other": Run([python, "other.py"])}

    costs = rounds(runs, 3)          # {"one": [Cost, Cost, Cost], "other": [...]}, measured in turn

Each program is started by a small process of its own (this file as a program), which waits for all that the program
leaves behind and adds it up, so that whoever measures may have other children, and as much memory as it likes.
Linux only: it is the system that counts. Standard library only.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SUBREAPER = 36  #: prctl: orphans below become children of this process
ORPHANED = 1  #: prctl: the signal for this process when its parent ends
PAUSE = 0.05  #: seconds between two looks at the memory


@dataclass(frozen=True)
class Run:
    """A program to be measured.

    `codes` are the exit codes that are no failure. `watch` looks at the memory of all its processes, which costs a
    little time. With `inner` its last line is {"cpu": seconds, "wall": seconds} of the part that counts.
    """

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[int] = (0,)
    watch: bool = False
    inner: bool = False
    prepare: Callable[[], object] | None = None
    seconds: float = 900


@dataclass(frozen=True)
class Cost:
    """What a program took, with all its children; `said` is the last line it printed."""

    cpu: float  #: processor seconds, user and system
    wall: float  #: seconds from its start to its end
    mib: int  #: peak memory of its largest process
    worker: int  #: peak memory of the largest process it started; watched runs only
    together: int  #: peak of what all its processes held at one time, shared pages once; watched runs only
    said: str


def rounds(runs: Callable[[int], Mapping[str, Run]], count: int) -> dict[str, list[Cost]]:
    """The runs of every round, in turn, so that a change of the machine's speed meets all alike.

    `runs` is told the round, from 0; a slow run may be in the first one only.
    """
    costs: dict[str, list[Cost]] = {}
    for turn in range(count):
        for name, run in runs(turn).items():
            cost = measure(run)
            costs.setdefault(name, []).append(cost)
            shown = f"{cost.cpu:8.2f} s cpu {cost.wall:8.2f} s wall {cost.mib:6} MiB"
            print(f"  round {turn + 1}: {name:44} {shown}", flush=True)
    return costs


def measure(run: Run) -> Cost:
    """Run it once. Ends the benchmark with what the program complained of when it fails."""
    if run.prepare:
        run.prepare()
    # Without compiled files every start would compile the libraries anew.
    base = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    words = [sys.executable, "-I", __file__, "watch" if run.watch else "wait", *run.words]
    done = subprocess.run(
        words, env=base | dict(run.environment), capture_output=True, text=True, check=False, timeout=run.seconds
    )
    told: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"code": -1}
    if told.pop("code") not in run.codes or "Traceback" in done.stderr:
        raise SystemExit(f"{' '.join(run.words)}\n{done.stderr}")
    return Cost(**(told | json.loads(told["said"]) if run.inner else told))


# ---- the process that waits ------------------------------------------------------------------------- #


def supervise(words: Sequence[str], watch: bool) -> dict[str, object]:
    """Start the program and wait for it and for all it leaves behind; its exit code and what it took."""
    system = ctypes.CDLL(None)
    system.prctl(SUBREAPER, 1, 0, 0, 0)
    system.prctl(ORPHANED, signal.SIGKILL, 0, 0, 0)  # whoever measures was stopped: nobody waits for this any more
    with tempfile.TemporaryFile() as out:
        begun = time.perf_counter()
        program = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            preexec_fn=lambda: system.prctl(ORPHANED, signal.SIGKILL, 0, 0, 0),  # noqa: PLW1509 - a single thread
        )
        cpu, wall, peak, code, memory = 0.0, 0.0, 0, -1, _Memory(program.pid)
        with suppress(ChildProcessError):  # there is nothing left to wait for
            while True:
                pid, status, used = os.wait4(-1, os.WNOHANG if watch else 0)
                if not pid:
                    memory.look()
                    time.sleep(PAUSE)
                    continue
                cpu += used.ru_utime + used.ru_stime
                peak = max(peak, used.ru_maxrss)
                if pid == program.pid:
                    code, wall = os.waitstatus_to_exitcode(status), time.perf_counter() - begun
        program.returncode = code  # it was waited for here
        out.seek(0)
        said = out.read().decode(errors="replace").strip().rpartition("\n")[2]
    return {"code": code, **asdict(Cost(cpu, wall, peak >> 10, memory.worker >> 10, memory.together >> 10, said))}


class _Memory:
    """The peaks of a program's processes in KiB, as often looked at."""

    def __init__(self, program: int) -> None:
        self.program = program
        self.worker = self.together = 0

    def look(self) -> None:
        total = 0
        for pid in _descendants(os.getpid()):
            with suppress(OSError):  # it has just ended
                total += _kib(pid, "smaps_rollup", "Pss:")
                if pid != self.program:
                    self.worker = max(self.worker, _kib(pid, "status", "VmHWM:"))
        self.together = max(self.together, total)


def _descendants(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from _descendants(child)


def _kib(pid: int, file: str, name: str) -> int:
    """A figure of a process; 0 for one that has ended and is only waited for."""
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


if __name__ == "__main__":
    print(json.dumps(supervise(sys.argv[2:], sys.argv[1] == "watch")))
