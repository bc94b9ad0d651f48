"""What a rule may look at besides its own table: the other tables of the same file, the regions, the date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pandas as pd

from validation.contract import fold, tables


@dataclass(frozen=True)
class Facts:
    """Typed frames of every table, the files each table was found in, and the date that judges time.

    `frames[table]` has one row per data row (one per file on label tables) with `_file`; `found[table]` holds
    the file numbers in which the table exists, also when it has no data row; `kinds` is the kind of workbook
    ("usulan", "induk") by file number. `agreed` are the typed frames of the master that was read along, by table
    (empty without one); `codes` is the partner's code and `periods` the period by file number, where known.
    `settings` are the readings of the guideline's ambiguities by code ("A-17"), as far as rules ask for them.
    """

    frames: Mapping[str, pd.DataFrame]
    found: Mapping[str, frozenset[int]]
    kinds: Mapping[int, str]
    today: date
    agreed: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)
    periods: Mapping[int, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)

    def rows(self, table: str) -> pd.DataFrame:
        """The typed frame of a table; an empty one with `_file` and its columns when no file has it."""
        frame = self.frames.get(table)
        return _empty(table) if frame is None else frame

    def cover(self, column: str, frame: pd.DataFrame) -> pd.Series:
        """What the cover (in a master: the partnership's row) of the same partner says, beside every row of `frame`."""
        covers = [self.rows(table) for table in ("sampul", "kerja_sama")]
        values = pd.concat([cover[column].set_axis(owner(cover)) for cover in covers if len(cover)] or [_NOTHING])
        return beside(frame, values[~values.index.duplicated()])

    def total(self, table: str, column: str, frame: pd.DataFrame) -> pd.Series:
        """The sum of another table's column for the same partner, beside every row of `frame`; NaN without a number."""
        other = self.rows(table)
        return beside(frame, pd.to_numeric(other[column]).groupby(owner(other)).sum(min_count=1))


_NOTHING = pd.Series(dtype=object)


@cache
def _empty(table: str) -> pd.DataFrame:
    names = [column.name for column in tables()[table].columns]
    return pd.DataFrame({name: pd.Series(dtype=object) for name in ["_file", *names]})


def owner(frame: pd.DataFrame) -> pd.Series:
    """Whose row it is: the file, and in a master the partner within it."""
    files = pd.Series([f"{file}|" for file in frame["_file"].tolist()], frame.index, dtype=object)
    if "kode_mitra" not in frame or frame["kode_mitra"].isna().all():
        return files
    codes = frame["kode_mitra"].fillna("").astype(str)
    return files + codes.map({code: fold(code) for code in codes.unique()}).astype(object)


def beside(frame: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Values by owner, beside every row of `frame`. (`map` would not do: it fails on an empty series of dates.)"""
    return values.reindex(owner(frame)).set_axis(frame.index)
