"""Fills in what the guides show of the command line: runs their commands on the sample partners, notes what they print.

    python docs/alat/panduan.py

Run it when a command speaks otherwise than before, read the difference, and commit it. In a guide a block ```text shows
what the block ```bat before it prints; where it ends with "..." it keeps its number of lines. tests/test_panduan.py
holds the guides to it.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from kemitraan_xl.cli import kemitraan

GUIDES: Final = Path(__file__).parents[1] / "panduan"
COMMAND: Final = "python docs/alat/panduan.py"
#: 24 November 2026, for everything that depends on time.
EPOCH: Final = "1795478400"

#: Commands that are not run: they change or tell of this very computer, never end, ask a mail server, need LibreOffice.
NOT_RUN: Final = re.compile(r'pasang|dokter|server|konsolidasi "imaps|cetak|--help')
_CUT: Final = "..."

_BLOCK: Final = re.compile(r"(?<=```)(bat|text)\n(.*?)(?=```)", re.DOTALL)

Run = Callable[[str], str]


def typed(text: str) -> list[str]:
    """The commands of this product in a text, as typed on this system, without its name."""
    lines = (line.strip().replace("\\", "/") for line in text.splitlines())
    return [line.removeprefix("kemitraan ") for line in lines if line.startswith("kemitraan ")]


def run(command: str) -> str:
    """What a command prints when it is run here. Raises what the command raises."""
    result = CliRunner().invoke(kemitraan, shlex.split(command), standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.stdout


def filled(page: str, run_one: Run) -> str:
    """The page with every block ```text filled by what the commands before it print, all run in their order."""
    printed: list[str] = []

    def fill(block: re.Match[str]) -> str:
        nonlocal printed
        if block[1] == "text":
            before = block[2].splitlines()
            cut = [*printed[: len(before) - 1], _CUT] if before[-1:] == [_CUT] else printed
            return "\n".join(["text", *cut, ""])
        commands = [command for command in typed(block[2]) if not NOT_RUN.match(command)]
        printed = [line for command in commands for line in _as_on_windows(run_one(command))]
        return block[0]

    return _BLOCK.sub(fill, page)


def _as_on_windows(printed: str) -> list[str]:
    return printed.rstrip().replace("latihan/", "latihan\\").splitlines()


def fill_all(folder: Path) -> dict[Path, str]:
    """Every guide, filled by what its commands print in `folder`; the first of them makes the sample partners."""
    filled_pages = {}
    with chdir(folder):
        for path in sorted(GUIDES.glob("*.md")):
            filled_pages[path] = filled(path.read_text(encoding="utf-8"), run)
    return filled_pages


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"SOURCE_DATE_EPOCH": EPOCH, "KEMITRAAN_XL_CACHE": str(Path(scratch, "cache"))}
        for guide, text in fill_all(Path(scratch)).items():
            guide.write_text(text, encoding="utf-8")
