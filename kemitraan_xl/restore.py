"""What KPAI itself puts right in a report that goes back, as its master knows it: agreed rows, the period (IV.D.1).

A partner should not have to look up what KPAI holds. What is put back is said in Hasil Periksa, and is only filled in
with what was agreed; what the report has to tell stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.master import Row
from kemitraan_xl.recap_schedule import awaited
from validation.agreed import AGREED_IN, span_of
from validation.contract import Check, fold, tables

#: Findings about agreed rows that a report leaves out, and the table that lacks them.
LEFT_OUT: Final = {"LP-03:hilang": "laporan_kemajuan", "IN-05:hilang_akhir": "indikator"}

#: Findings about a period that cannot be right.
WRONG_PERIOD: Final = frozenset({"LP-02", "LP-02:jangka"})
#: Findings that are settled once the file is issued for the right period.
SETTLED: Final = WRONG_PERIOD | {"LP-04:masa"}


def left_out(recap: Recap, number: int) -> dict[str, list[dict[str, Any]]]:
    """The agreed rows that a return should have and has not, by table, as a template issued to the partner shows them.

    A programme whose name stands in the return under another number is not left out: its number is to be put right.
    """
    entry = recap.returns[number]
    keys = {finding.check.key for finding in entry.findings}
    wanted = {table: AGREED_IN[table] for key, table in LEFT_OUT.items() if key in keys}
    if recap.master is None:
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for table, source in wanted.items():
        typed = dict(zip(recap.master.reading.tables[source].rows, recap.master.rows(source), strict=True))
        names = {column.name for column in tables()[table].columns_in("usulan" if table == source else entry.kind)}
        rows = _unsaid(_agreed(recap, source, number), _own(recap, table, number), table)
        found[table] = [{name: cell for name, cell in typed[row].items() if name in names} for row in rows]
    return {table: rows for table, rows in found.items() if rows}


def _agreed(recap: Recap, source: str, number: int) -> pd.DataFrame:
    """The partnership's agreed rows of a table of the master."""
    rows = recap.agreed[source]
    mine = rows["kode_mitra"].map(lambda code: fold(str(code))).eq(fold(recap.codes.get(number, "")))
    return rows[mine & rows["periode"].isna()] if "periode" in rows else rows[mine]


def _own(recap: Recap, table: str, number: int) -> pd.DataFrame:
    frame = recap.frames[table]
    return frame[frame["_file"].eq(number)]


def _unsaid(agreed: pd.DataFrame, own: pd.DataFrame, table: str) -> list[int]:
    """The rows of the master's sheet, by Excel's number, that the return does not speak of."""
    if table == "indikator":
        told = set(zip(own["no_program"], _names(own["indikator"]), strict=True))
        keys = zip(agreed["no_program"], _names(agreed["indikator"]), strict=True)
        missing = [name != "" and (no, name) not in told for no, name in keys]
    else:
        misnumbered = set(_names(own.loc[~own["no"].isin(agreed["no"]), "nama_program"])) - {""}
        keys = zip(agreed["no"], _names(agreed["nama_program"]), strict=True)
        missing = [pd.notna(no) and no not in set(own["no"]) and name not in misnumbered for no, name in keys]
    return [int(row) for row in agreed.loc[pd.Series(missing, agreed.index, dtype=bool), "_row"]]


def _names(cells: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else fold(str(cell)) for cell in cells]


def periods(recap: Recap) -> Mapping[int, str]:
    """The period of every return, by index: the one it was issued for, or the one it evidently means.

    A progress report without a period inside its term means the only awaited one in which all that it tells was done.
    """
    return {n: _meant(recap, n) or entry.period for n, entry in enumerate(recap.returns)}


def _meant(recap: Recap, number: int) -> str:
    entry = recap.returns[number]
    if recap.master is None or not WRONG_PERIOD & {finding.check.key for finding in entry.findings}:
        return ""
    rows = _own(recap, "laporan_kemajuan", number)
    done = rows[rows["waktu_pelaksanaan_mulai"].notna() & rows["waktu_pelaksanaan_selesai"].notna()]
    fitting = [period for period in awaited(recap, recap.codes.get(number, "")) if _within(done, period)]
    return fitting[0] if len(fitting) == 1 and len(done) else ""


def _within(done: pd.DataFrame, period: str) -> bool:
    span = span_of(period)
    if span is None:
        return False
    first, last = map(pd.Timestamp, span)
    return bool((done["waktu_pelaksanaan_mulai"].ge(first) & done["waktu_pelaksanaan_selesai"].le(last)).all())


def required(table: str, kind: str) -> list[Check]:
    """What every row of a table must have, one check for a column."""
    shown = {column.name for column in tables()[table].columns_in(kind)}
    checks = (one for one in tables()[table].checks if one.fact == "required" and one.effective_level == "E")
    return list({one.column: one for one in checks if one.column in shown}.values())


def asked_of(table: str, kind: str, row: Row) -> list[str]:
    """The columns of a row put back that the partner must fill in."""
    return [check.column for check in required(table, kind) if row.get(check.column) is None]
