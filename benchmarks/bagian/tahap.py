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
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

#: Stage, module that calls it, name there. The first is whatever is in none of the others.
OTHER = "start and rest"
STAGES = (
    ("read", "kemitraan_xl.consolidate", "read_files"),
    ("stack", "kemitraan_xl.examine", "stack"),
    ("check", "kemitraan_xl.examine", "read_values"),
    ("check", "kemitraan_xl.examine", "judge"),
    ("findings", "kemitraan_xl.consolidate", "examine"),
    ("decide", "kemitraan_xl.consolidate", "decide"),
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


def main() -> None:
    """See above."""
    for stage, module, name in STAGES:
        owner = import_module(module)
        setattr(owner, name, timed(stage, getattr(owner, name)))
    from kemitraan_xl.book.summary import write_summary
    from kemitraan_xl.consolidate import consolidate

    write_summary(consolidate([Path(sys.argv[1])], date(2026, 11, 24)), Path(sys.argv[2]))
    lap()
    print(json.dumps({stage: [round(part, 4) for part in used] for stage, used in spent.items()}))


if __name__ == "__main__":
    main()
