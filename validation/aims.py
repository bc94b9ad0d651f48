"""Aims of a partnership: how far they look ahead, and how much of the way to a target was covered.

Standard library only.
"""

from __future__ import annotations

from math import isfinite

from validation.contract import lists


def horizon(months: float, limit: float) -> str:
    """Whether an aim is short or long term, as a code of `jangka_tujuan`; short up to the limit (III.A.1, A-37)."""
    return "pendek" if months <= limit else "panjang"


def achieved(kind: object, start: float, target: float, value: float) -> float | None:
    """The share of the way from Data Dasar to Target that was covered: 1 when the target is reached (IV.C.3).

    Children served count from none whatever Data Dasar says. None where a number is missing (NaN) or there is no
    way to go.
    """
    if kind == lists()["jenis_indikator"]["anak_dilayani"].label:
        start = 0
    way = target - start
    share = (value - start) / way if way else float("nan")
    return share if isfinite(share) else None
