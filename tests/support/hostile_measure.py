"""Reads every file of a folder, each in a process forked for it and without limits, and prints what came of it.

    python -m support.hostile_measure FOLDER

A program of its own, so that the processes it forks are small: one line of JSON for each file, with its name, the
refusal or the findings, the processor seconds and the peak memory in MiB.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.intake.refusal import REASONS
from validation.contract import tables

_SENTENCES = {
    code: re.compile(re.escape(sentence).replace(r"\{detail\}", "(.*)")) for code, sentence in REASONS.items()
}


def code_of(refusal: str) -> str:
    """A refusal as "code: detail"; "" for what is none."""
    found = ((code, sentence.fullmatch(refusal)) for code, sentence in _SENTENCES.items())
    return next((": ".join([code, *match.groups()]) for code, match in found if match), "")


def told(reading: FileReading) -> str:
    """What was made of a file, as the hostile set says it: "code: detail", "CODE CODE" or "read"."""
    assert bool(reading.refusal) == bool(code_of(reading.refusal)), reading.refusal
    if reading.refusal:
        return code_of(reading.refusal)
    return " ".join(sorted({fault.key for fault in reading.faults})) or "read"


def main() -> None:
    """See above."""
    tables()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        child = os.fork()
        if not child:
            before = time.process_time()
            got = told(read_bytes(path.read_bytes()))
            used = time.process_time() - before
            peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
            print(json.dumps([path.stem, got, round(used, 3), int(peak[1]) >> 10 if peak else 0]), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps([path.stem, f"died: {status}", 0, 0]), flush=True)


if __name__ == "__main__":
    main()
