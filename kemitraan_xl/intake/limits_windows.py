"""The limits of a worker on Windows: a Job Object that holds this process, and nothing else.

The worker puts itself into the job, so that no launcher between it and its parent matters. Where Windows does not
allow that, the wall clock of the parent is the only limit left.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cache
from typing import Any

import pywintypes
import win32api
import win32job

_SECOND = 10_000_000  #: Windows counts time in 100 nanoseconds


def confine(memory: int) -> None:
    """At most `memory` bytes, no process of its own, an end without a window when it fails, and none after the job."""
    with suppress(pywintypes.error):
        limits = _limits()
        limits["ProcessMemoryLimit"] = memory
        limits["BasicLimitInformation"]["ActiveProcessLimit"] = 1
        _set(
            limits,
            win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
            | win32job.JOB_OBJECT_LIMIT_ACTIVE_PROCESS
            | win32job.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
        )
        win32job.AssignProcessToJobObject(_job(), win32api.GetCurrentProcess())


def limit_time(seconds: float) -> None:
    """Processor time from now on: it stops even a worker whose parent is gone."""
    with suppress(pywintypes.error):
        limits = _limits()
        limits["BasicLimitInformation"]["PerProcessUserTimeLimit"] = int((time.process_time() + seconds) * _SECOND)
        _set(limits, win32job.JOB_OBJECT_LIMIT_PROCESS_TIME)


@cache
def _job() -> Any:
    """The job of this process; kept as long as the process lives, for its end is the end of the process."""
    return win32job.CreateJobObject(None, "")


def _limits() -> Any:
    return win32job.QueryInformationJobObject(_job(), win32job.JobObjectExtendedLimitInformation)


def _set(limits: Any, flags: int) -> None:
    limits["BasicLimitInformation"]["LimitFlags"] |= flags
    win32job.SetInformationJobObject(_job(), win32job.JobObjectExtendedLimitInformation, limits)
