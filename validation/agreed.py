"""What was agreed with a partnership, beside the rows that speak of it: the master that was read along.

A report's rows belong to the partnership whose code its file carries, a master's rows to the code in the row.
Without a master nothing was agreed, so that nothing is asked about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from validation.contract import fold
from validation.facts import Facts
from validation.periods import Span, periods_in

#: Kinds of file that report on a partnership.
REPORTS = ("kemajuan", "akhir")

#: First and last day; NaT where one is not known.
Term = tuple[pd.Timestamp, pd.Timestamp]


def whose(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The partnership of every row: its code, and in a master that is itself checked the file before it; "" unknown."""
    issued = {file: fold(code) for file, code in facts.codes.items()}
    codes = series((issued.get(file, "") for file in frame["_file"]), frame)
    if "kode_mitra" not in frame:
        return codes
    own = frame["_file"].astype(str) + "|" + frame["kode_mitra"].map(folded)
    return codes.where(~in_master(frame, facts), own.astype(object))


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
    """First and last day of every partnership in the master, an extension (IV.G) included."""
    ends = agreed("kerja_sama", facts)
    terms = {
        who: (start, end)
        for who, start, end in zip(ends["_whose"], ends["tanggal_mulai"], ends["tanggal_selesai"], strict=True)
    }
    if "perpanjangan" in facts.agreed:
        longer = agreed("perpanjangan", facts)
        for who, end in zip(longer["_whose"], longer["tanggal_selesai_baru"], strict=True):
            if who in terms and end > terms[who][1]:
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
    found = periods_in(fold(period))
    return found[0] if len(found) == 1 else None


def spans(frame: pd.DataFrame, facts: Facts) -> list[Span | None]:
    """The period every row reports on; None where it is not known."""
    texts = series((facts.periods.get(file, "") for file in frame["_file"]), frame)
    if "periode" in frame:
        texts = texts.where(~in_master(frame, facts), frame["periode"].map(folded).astype(object))
    known = {text: span_of(str(text)) for text in set(texts)}
    return [known[text] for text in texts]
