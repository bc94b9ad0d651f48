"""What was agreed with a partnership, beside the rows that speak of it: the master that was read along.

A report's rows belong to the partnership whose code its file carries, a master's rows to the code in the row.
Without a master nothing was agreed, so that nothing is asked about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from validation.contract import fold, lists
from validation.facts import Facts
from validation.periods import Period, Span

#: Kinds of file that report on a partnership.
REPORTS = ("kemajuan", "akhir")

#: First and last day; NaT where one is not known.
Term = tuple[pd.Timestamp, pd.Timestamp]


def whose(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The partnership of every row: its code, and in a master that is itself checked the file before it; "" unknown."""
    files = frame["_file"].unique()
    codes = frame["_file"].map({file: fold(facts.codes.get(file, "")) for file in files}).astype(object)
    masters = in_master(frame, facts)
    if "kode_mitra" not in frame or not masters.any():
        return codes
    own = frame["_file"].astype(str) + "|" + frame["kode_mitra"].map(folded)
    return codes.where(~masters, own.astype(object))


def folded(value: Any) -> str:
    """A cell as it is compared; "" for none."""
    return "" if pd.isna(value) else fold(str(value))


def in_master(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Rows of a master that is itself checked."""
    return frame["_file"].map(facts.kinds).eq("induk")


def agreed(table: str, facts: Facts) -> pd.DataFrame:
    """The rows of a table in the master, with the partnership of each in `_whose`; empty when there is no master."""
    own = facts.rows(table)
    own = own[in_master(own, facts)]
    parts = [own.assign(_whose=whose(own, facts))]
    if table in facts.agreed:
        read = facts.agreed[table]
        parts.append(read.assign(_whose=read["kode_mitra"].map(folded)))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled) if filled else parts[0]


def _terms(facts: Facts) -> dict[str, Term]:
    """First and last day of every partnership in the master; the latest decision to extend it moves the end (IV.G)."""
    ends = agreed("kerja_sama", facts)
    terms = {
        who: (start, end)
        for who, start, end in zip(ends["_whose"], ends["tanggal_mulai"], ends["tanggal_selesai"], strict=True)
    }
    decided = agreed("perpanjangan", facts)
    extends = decided["keputusan"].eq(lists()["keputusan_perpanjangan"]["diperpanjang"].label)
    # An end that lies before the decision is a finding of its own (PJ-05) and moves nothing.
    moved = decided[extends & ~(decided["tanggal_selesai_baru"] <= decided["tanggal_keputusan"])]
    moved = moved[moved["tanggal_selesai_baru"].notna()]
    moved = moved.sort_values(["tanggal_keputusan", "tanggal_selesai_baru"], na_position="first")
    for who, end in zip(moved["_whose"], moved["tanggal_selesai_baru"], strict=True):
        if who in terms:
            terms[who] = (terms[who][0], end)
    return terms


def terms_of(frame: pd.DataFrame, facts: Facts) -> list[Term]:
    """The term of every row: as agreed, else as the cover of its file says."""
    known = _terms(facts)
    starts, ends = (pd.to_datetime(facts.cover(f"tanggal_{name}", frame)) for name in ("mulai", "selesai"))
    rows = zip(whose(frame, facts), starts, ends, strict=True)
    return [known.get(who, (start, end)) for who, start, end in rows]


def files_with(table: str, facts: Facts, *kinds: str) -> pd.DataFrame:
    """One row for every file of these kinds that has the table."""
    files = sorted(file for file in facts.found.get(table, ()) if facts.kinds[file] in kinds)
    return pd.DataFrame({"_file": pd.Series(files, dtype="int64")})


def series(values: Iterable[object], frame: pd.DataFrame) -> pd.Series:
    """Values in the order of a frame's rows."""
    return pd.Series(list(values), index=frame.index, dtype=object)


def span_of(period: str) -> Span | None:
    """First and last day of a period as it is issued: 2026, 2026-S1, 2026-T1, 2026-01."""
    found = Period.read(period)
    return (found.first, found.last) if found else None


def spans(frame: pd.DataFrame, facts: Facts) -> list[Span | None]:
    """The period every row reports on; None where it is not known."""
    texts = series((facts.periods.get(file, "") for file in frame["_file"]), frame)
    if "periode" in frame:
        texts = texts.where(~in_master(frame, facts), frame["periode"].map(folded).astype(object))
    known = {text: span_of(str(text)) for text in set(texts)}
    return [known[text] for text in texts]


#: Where a table of a report has its agreed rows from, in the master.
AGREED_IN: Final = {"laporan_kemajuan": "rencana_kerja", "indikator": "indikator"}


def period_order(period: str) -> tuple[str, str]:
    """Periods in the order they end, the longer after the shorter: the final report speaks last. Other texts as is."""
    span = span_of(period)
    return (span[1].isoformat(), f"{span[1] - span[0]}".rjust(30)) if span else (period, "")
