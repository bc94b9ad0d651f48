"""Checks on the stage of a partnership (BAB IV): skipped without an exception, or with one.

`tahap_kurang` is what the stage staff wrote still lacks; whoever knows the conditions adds it before the check.
"""

from __future__ import annotations

import pandas as pd

from validation.facts import Facts
from validation.rules import detail, rule
from validation.values import show_date

_EXCEPTION = ("alasan_pengecualian", "pengecualian_oleh", "tanggal_pengecualian")


def _skipping(frame: pd.DataFrame) -> pd.Series:
    """True where the stage is beyond its conditions."""
    return frame["tahap_kurang"].notna() if "tahap_kurang" in frame else pd.Series(False, index=frame.index)


def _excused(frame: pd.DataFrame) -> pd.Series:
    return frame[list(_EXCEPTION)].notna().all(axis=1)


@rule("KS-04")
def conditions_come_before_the_stage(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_skipping(frame) | _excused(frame)


@rule("KS-04:pengecualian")
def stage_has_no_exception(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(_skipping(frame) & _excused(frame))


@detail("KS-04")
def _lacking(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tahap_kurang"]


@detail("KS-04:pengecualian")
def _exception(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    day = frame["tanggal_pengecualian"].map(show_date, na_action="ignore")
    return frame["pengecualian_oleh"] + ", " + day + ": " + frame["alasan_pengecualian"]
