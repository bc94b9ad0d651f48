"""Notes the result of a full test run in docs/bukti.md: date, commit, counts, minutes.

Usage: bukti.py REPORT.xml BUKTI.md, where REPORT.xml is what `pytest --junitxml` wrote. Appends one row.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

HEAD = """# Full test runs

Written by `make test-full`; one row a run. A "+" after the commit means that the tree had further changes.

| date | commit | passed | skipped | minutes |
|---|---|---|---|---|
"""


def main(report: Path, bukti: Path) -> None:
    """Appends the row; the page is made when it is not there."""
    suite = next(ElementTree.parse(report).iter("testsuite"))
    count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    passed = count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    commit = git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
    minutes = float(suite.get("time", 0)) / 60
    page = bukti.read_text(encoding="utf-8") if bukti.exists() else HEAD
    row = f"| {suite.get('timestamp', '')[:10]} | {commit} | {passed} | {count['skipped']} | {minutes:.1f} |\n"
    bukti.write_text(page + row, encoding="utf-8")


def git(*words: str) -> str:
    """The first thing git answers, stripped."""
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
