"""One consolidation of a folder, with what each stage of it takes; prints {"read": [cpu, wall], ...}.

    python tahap.py FOLDER SUMMARY.xlsx

The stages are functions of the product, by name; each has the time in which no stage inside it was at work.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import reduce, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

OTHER = "start and rest"  #: whatever is in none of the stages
#: Stage, module that calls it, name there.
STAGES = (
    ("read", "kemitraan_xl.consolidate", "read_files"),
    ("stack", "kemitraan_xl.examine", "stack"),
    ("check", "kemitraan_xl.examine", "read_values"),
    ("check", "kemitraan_xl.examine", "judge"),
    ("findings", "kemitraan_xl.consolidate", "examine"),
    ("decide", "kemitraan_xl.consolidate", "decide"),
    ("keep", "kemitraan_xl.intake.cache", "Cache.put"),
    ("summarise", "kemitraan_xl.book.summary", "write_summary"),
    ("write", "kemitraan_xl.book.summary", "_workbook"),
)

spent: dict[str, list[float]] = {OTHER: [0.0, 0.0]}
at = [OTHER]
since = [0.0, time.perf_counter()]


def lap() -> None:
    """What was used since the last lap belongs to the stage that is at work."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    now = [time.process_time() + children.ru_utime + children.ru_stime, time.perf_counter()]
    used = spent.setdefault(at[-1], [0.0, 0.0])
    used[:] = [total + new - old for total, new, old in zip(used, now, since, strict=True)]
    since[:] = now


def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The function, now with its time put down to a stage."""

    @wraps(work)
    def run(*given: Any, **named: Any) -> Any:
        lap()
        at.append(stage)
        try:
            return work(*given, **named)
        finally:
            lap()
            at.pop()

    return run


def found(module: str, name: str) -> tuple[Any, str]:
    """The module or class that a stage's function belongs to, and its name there."""
    *path, last = name.split(".")
    return reduce(getattr, path, import_module(module)), last


def main() -> None:
    """See above."""
    for stage, module, name in STAGES:
        owner, last = found(module, name)
        setattr(owner, last, timed(stage, getattr(owner, last)))
    from kemitraan_xl.book.summary import write_summary
    from kemitraan_xl.consolidate import consolidate

    write_summary(consolidate([Path(sys.argv[1])], date(2026, 11, 24)), Path(sys.argv[2]))
    lap()
    print(json.dumps({stage: [round(part, 4) for part in used] for stage, used in spent.items()}))


if __name__ == "__main__":
    main()
