"""The hostile set: files made to harm whoever opens them, by name, and what must become of each.

Every file is a row of one of the tables in `GROUPS`: its name, what makes it, and either the refusal that must meet
it (code, and the detail that tells which limit decided) or the structure findings with which it is read all the same.
Most are the project's own filled template with one part turned hostile. To add files of another format, write a
table like the others in a module of its own and name it in `GROUPS`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support import hostile_active, hostile_formats, hostile_sheet, hostile_text, hostile_xml, hostile_zip
from support.hostile import Row

#: Tables of hostile files by the part of the page they stand in; the last word of a key is the suffix of its files.
GROUPS: Mapping[str, Mapping[str, Row]] = {
    "zip": hostile_zip.FILES,
    "xml": hostile_xml.FILES,
    "sheet": hostile_sheet.FILES,
    "text, styles and values": hostile_text.FILES,
    "active content": hostile_active.FILES,
    "other formats": hostile_formats.FILES,
}

#: Files that take more than a moment to make or to read: only the full set has them.
HEAVY = frozenset({
    "a_million_comments", "a_million_hidden_rows", "a_million_namespaces", "attribute_of_16_mib",
    "blank_rows_to_200000", "bomb_announced_small", "bomb_of_one_text", "bomb_of_spaces",
    "cells_up_to_the_limit", "cells_without_end", "columns_begun_and_begun", "csv_cells_without_end",
    "csv_filled_cells_without_end", "drawing_bomb", "endless_directory", "errors_begun_and_begun",
    "errors_in_one_tag", "formulas_in_one_cell", "larger_than_the_limit", "members_that_add_up",
    "number_formats_without_end", "numbers_up_to_the_limit", "ods_elements_without_end",
    "references_in_one_tag", "rows_begun_and_begun", "rows_without_end", "sheets_that_add_up",
    "texts_in_one_tag", "texts_up_to_the_limit", "too_many_errors", "too_many_formulas_without_result",
    "two_million_shared_texts", "xls_records_without_end", "xls_texts_without_end", "xlsb_cells_without_end",
    "xlsb_part_too_large", "xlsb_records_without_end",
})  # fmt: skip

SECONDS, MIB = 5, 512  #: within which each file is decided


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file."""

    name: str
    group: str
    row: Row

    @property
    def heavy(self) -> bool:
        return self.name in HEAVY

    @property
    def wanted(self) -> str:
        """The refusal as "code: detail", or the findings it is read with."""
        code, detail = self.row.refusal
        return f"{code}: {detail}".removesuffix(": ") if code else " ".join(self.row.findings) or READ


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader alone made of a file, in a process without limits."""

    got: str  #: as `Case.wanted`
    seconds: float  #: of processor time
    mib: int  #: at the peak, with the program itself


READ = "read"


@cache
def cases() -> Sequence[Case]:
    """All hostile files, in the order of the tables."""
    return [Case(name, group, row) for group, rows in GROUPS.items() for name, row in rows.items()]


def build(folder: Path, chosen: Iterable[Case]) -> dict[str, Path]:
    """The files of `chosen` in a new folder, by name."""
    folder.mkdir()
    made = {}
    for case in chosen:
        made[case.name] = folder / f"{case.name}.xlsx"
        made[case.name].write_bytes(case.row.make())
    return made


def measure(folder: Path) -> dict[str, Outcome]:
    """Every file of a folder read in a fresh process of its own, by name."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")])}
    asked = [sys.executable, "-m", "support.hostile_measure", str(folder)]
    done = subprocess.run(
        asked, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, check=True
    )
    return {name: Outcome(*rest) for name, *rest in map(json.loads, done.stdout.splitlines())}
