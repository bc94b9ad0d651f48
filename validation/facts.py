"""What a rule may look at besides its own table: the other tables of the same file, the regions, the date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from validation.contract import tables


@dataclass(frozen=True)
class Facts:
    """Typed frames of every table, the files each table was found in, and the date that judges time.

    `frames[table]` has one row per data row (one per file on label tables) with `_file`; `found[table]` holds
    the file numbers in which the table exists, also when it has no data row; `kinds` is the kind of workbook
    ("usulan", "induk") by file number.
    """

    frames: Mapping[str, pd.DataFrame]
    found: Mapping[str, frozenset[int]]
    kinds: Mapping[int, str]
    today: date

    def rows(self, table: str) -> pd.DataFrame:
        """The typed frame of a table; an empty one with `_file` and its columns when no file has it."""
        frame = self.frames.get(table)
        if frame is None:
            names = [column.name for column in tables()[table].columns]
            return pd.DataFrame({name: pd.Series(dtype=object) for name in ["_file", *names]})
        return frame

    def of_file(self, table: str, column: str, files: pd.Series) -> pd.Series:
        """A label table's value beside every row of another table, matched by file."""
        frame = self.rows(table)
        if column not in frame:
            return pd.Series(None, index=files.index, dtype=object)
        values = frame.set_index("_file")[column]
        return files.map(values[~values.index.duplicated()])

    def total(self, table: str, column: str, files: pd.Series) -> pd.Series:
        """A column's sum per file beside every row of another table; NaN where the file has no such number."""
        frame = self.rows(table)
        sums = pd.to_numeric(frame[column]).groupby(frame["_file"]).sum(min_count=1)
        return files.map(sums)


def owner(frame: pd.DataFrame) -> pd.Series:
    """Whose row it is: the file, and in a master the partner within it."""
    files = frame["_file"].astype(str)
    if "nama_mitra" in frame:
        return files + "|" + frame["nama_mitra"].fillna("").astype(str)
    return files
