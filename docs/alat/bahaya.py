"""Writes docs/bahaya.md: what becomes of each hostile file, how soon, and with how much memory.

    python docs/alat/bahaya.py

The set is `tests/support/hostile_set.py`; tests/test_bahaya.py asserts what must become of each file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "bahaya.md"
sys.path.insert(0, str(ROOT / "tests"))

from support import hostile_set  # noqa: E402 - the tests are no package that is installed
from support.hostile_set import Case, Outcome  # noqa: E402

HEAD = """# Hostile files: what becomes of each

Made by `python docs/alat/bahaya.py`; do not edit. Each file is made by a named function (`tests/support/hostile_*.py`);
most are the filled template with one part turned hostile. Each was read in a fresh process **without any limit on
memory or time**, so that what is said here is the work of the structural limits alone; a consolidation has the limits
on the process behind them.

*wanted* and *got* are the code of the refusal with the limit that decided, or the findings with which a file is read,
or `read` when it is read and nothing has to be said. *seconds* are those of the processor, *MiB* the peak of the
process with the program in it (about 20 before the first file).
"""


def pages(cases: Sequence[Case], outcomes: dict[str, Outcome]) -> Iterable[str]:
    """The page, line by line."""
    right = sum(outcomes[case.name].got == case.wanted for case in cases)
    slowest = max(outcomes.values(), key=lambda outcome: outcome.seconds)
    largest = max(outcomes.values(), key=lambda outcome: outcome.mib)
    refused = sum(bool(case.row.refusal[0]) for case in cases)
    yield HEAD
    yield (
        f"{len(cases)} files, {refused} to be refused: {right} as wanted. At most {slowest.seconds:.1f} s and "
        f"{largest.mib} MiB; together {sum(outcome.seconds for outcome in outcomes.values()):.0f} s."
    )
    for group in dict.fromkeys(case.group for case in cases):
        yield f"\n## {group}\n"
        yield "| file | wanted | got | seconds | MiB |"
        yield "|---|---|---|---:|---:|"
        for case in (case for case in cases if case.group == group):
            outcome = outcomes[case.name]
            yield f"| {case.name} | {case.wanted} | {outcome.got} | {outcome.seconds:.2f} | {outcome.mib} |"


def main() -> None:
    """Make the page anew."""
    cases = hostile_set.cases()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bahaya"
        hostile_set.build(folder, cases)
        outcomes = hostile_set.measure(folder)
    PAGE.write_text("\n".join(pages(cases, outcomes)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
