"""The limits of a worker: what the system is asked for, and that it holds where it can be seen."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from kemitraan_xl.intake import pool

LINUX = sys.platform == "linux"
GIB = 1 << 30


class Refusal(Exception):  # noqa: N818 - named as the library names it
    """What pywin32 raises."""


class Windows:
    """Stands in for the part of Windows that keeps jobs; it may refuse them."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.assigned: list[tuple[int, int]] = []
        self.refuses = False

    def create(self, security: None, name: str) -> int:
        assert (security, name) == (None, "")
        if self.refuses:
            raise Refusal
        self.jobs.append({"BasicLimitInformation": {"LimitFlags": 0}})
        return len(self.jobs)

    def query(self, job: int, what: int) -> dict[str, Any]:
        assert what == 9
        kept = self.jobs[job - 1]
        return {**kept, "BasicLimitInformation": dict(kept["BasicLimitInformation"])}

    def change(self, job: int, what: int, limits: dict[str, Any]) -> None:
        assert what == 9
        self.jobs[job - 1] = limits

    def assign(self, job: int, process: int) -> None:
        self.assigned.append((job, process))


FLAGS = {
    "JOB_OBJECT_LIMIT_PROCESS_TIME": 0x2,
    "JOB_OBJECT_LIMIT_ACTIVE_PROCESS": 0x8,
    "JOB_OBJECT_LIMIT_PROCESS_MEMORY": 0x100,
    "JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION": 0x400,
    "JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE": 0x2000,
}


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Windows, ModuleType]]:
    """A Windows that tells what it was asked, and the module that asks it."""
    system = Windows()
    modules = {
        "pywintypes": SimpleNamespace(error=Refusal),
        "win32api": SimpleNamespace(GetCurrentProcess=lambda: -1),
        "win32job": SimpleNamespace(
            **FLAGS,
            JobObjectExtendedLimitInformation=9,
            CreateJobObject=system.create,
            QueryInformationJobObject=system.query,
            SetInformationJobObject=system.change,
            AssignProcessToJobObject=system.assign,
        ),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    yield system, importlib.import_module("kemitraan_xl.intake.limits_windows")
    del sys.modules["kemitraan_xl.intake.limits_windows"]


def test_a_worker_on_windows_is_put_into_a_job_of_its_own(windows: tuple[Windows, ModuleType]) -> None:
    system, limits = windows
    limits.confine(2 * GIB)
    limits.limit_time(30)
    (job,) = system.jobs
    basic = job["BasicLimitInformation"]
    assert basic["LimitFlags"] == sum(FLAGS.values())
    assert (job["ProcessMemoryLimit"], basic["ActiveProcessLimit"]) == (2 * GIB, 1)
    assert basic["PerProcessUserTimeLimit"] == pytest.approx((time.process_time() + 30) * 10_000_000, rel=0.1)
    assert system.assigned == [(1, -1)]


def test_each_file_gets_its_own_time_on_windows(
    windows: tuple[Windows, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    system, limits = windows
    for spent in (1.0, 100.0):
        monkeypatch.setattr(time, "process_time", lambda spent=spent: spent)
        limits.limit_time(30)
        assert system.jobs[0]["BasicLimitInformation"]["PerProcessUserTimeLimit"] == (spent + 30) * 10_000_000
    assert len(system.jobs) == 1


def test_a_worker_reads_on_where_windows_allows_no_job(windows: tuple[Windows, ModuleType]) -> None:
    system, limits = windows
    system.refuses = True
    limits.confine(2 * GIB)
    limits.limit_time(30)
    assert system.assigned == []


HUNGRY = "from kemitraan_xl.intake import limits_posix as limits\nlimits.confine(64 << 20)\nbytearray(96 << 20)"
BUSY = "from kemitraan_xl.intake import limits_posix as limits\nlimits.limit_time(0.1)\nwhile True: pass"


@pytest.mark.skipif(not LINUX, reason="limits are those of Linux")
@pytest.mark.parametrize(("program", "said"), [(HUNGRY, "MemoryError"), (BUSY, "")])
def test_limits_hold(program: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode not in (0, None)
    assert said in done.stderr


def test_a_worker_has_limits_on_every_system() -> None:
    assert {"confine", "limit_time"} <= set(dir(pool.limits))
    assert Path(str(pool.limits.__file__)).name == (
        "limits_windows.py" if sys.platform == "win32" else "limits_posix.py"
    )
