"""Plan against realisation: what accepted reports say of the programmes and indicators agreed (IV.C, IV.D).

Reports handed in now stand beside those the master already holds; a report that is in both counts once.
"""

from __future__ import annotations

import pandas as pd

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.provenance import of_kind
from validation.agreed import REPORTS, period_order
from validation.aims import achieved
from validation.contract import fold, lists, tables

#: What tells one reported row from another.
_ROW = {"laporan_kemajuan": ["_kode", "_periode", "_no"], "indikator": ["_kode", "_periode", "_no", "_indikator"]}


def reported(recap: Recap, table: str) -> pd.DataFrame:
    """The reported rows of a table, those of the master first, with `_kode`, `_periode`, `_no` and `_new`.

    `_new` rows come from this run's accepted files and keep their index in `recap.frames`; of a row that the
    master holds as well only the new one stays.
    """
    new = of_kind(recap, recap.rows(table), *REPORTS)
    kinds = [
        new.assign(
            _new=True,
            _kode=new["_file"].map(lambda number: fold(recap.codes.get(number, ""))),
            _periode=new["_file"].map(lambda number: recap.returns[number].period),
        )
    ]
    if table in recap.agreed:
        old = recap.agreed[table]
        old = old[old["periode"].notna()]
        old = old.assign(_new=False, _kode=_folded(old["kode_mitra"]), _periode=old["periode"])
        kinds.insert(0, old.set_axis([-1 - n for n in range(len(old))]))
    filled = [part for part in kinds if len(part)]
    if not filled:
        return pd.DataFrame(columns=["_new", *_ROW[table], *(column.name for column in tables()[table].columns)])
    rows = pd.concat(filled)
    rows = rows.assign(_no=rows["no" if table == "laporan_kemajuan" else "no_program"])
    if table == "indikator":
        rows = rows.assign(_indikator=_folded(rows["indikator"]))
    rows = rows[~rows.duplicated(_ROW[table], keep="last")]
    return rows.sort_values(["_kode", "_periode"], kind="stable", key=lambda cells: cells.map(period_order))


def _folded(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: "" if pd.isna(cell) else fold(str(cell)))


def programmes(recap: Recap) -> pd.DataFrame:
    """Every programme row of accepted progress reports, with what was spent up to its period and the share of the plan.

    Returned with the index of `recap.frames["laporan_kemajuan"]`.
    """
    rows = reported(recap, "laporan_kemajuan")
    spent = rows.groupby(["_kode", "_no"])["realisasi_biaya"].cumsum() if len(rows) else rows["_no"]
    rows = rows.assign(sampai_kini=spent, rencana=_planned(recap, rows))
    rows = rows.assign(serapan=rows["sampai_kini"] / rows["rencana"].where(rows["rencana"] > 0))
    return rows[rows["_new"].astype(bool)].sort_index()


def _planned(recap: Recap, rows: pd.DataFrame) -> pd.Series:
    """The agreed Biaya of every row; what the report itself repeats where no master was read."""
    own = pd.to_numeric(rows["biaya"])
    plan = recap.agreed.get("rencana_kerja")
    if plan is None:
        return own
    costs = plan.assign(_kode=_folded(plan["kode_mitra"])).groupby(["_kode", "no"])["biaya"].sum(min_count=1)
    keys = pd.MultiIndex.from_arrays([rows["_kode"], rows["_no"]])
    return pd.Series(costs.reindex(keys).to_numpy(), rows.index).fillna(own)


def indicators(recap: Recap) -> pd.DataFrame:
    """Every indicator row of accepted reports with where it stands, the share of the way, and the children it adds.

    Children are added up over the periods by those not counted before (`anak_terhitung`); where a report does not
    say how many are new, only its first period counts and `mungkin_ganda` says so.
    """
    rows = reported(recap, "indikator")
    children = rows["jenis"].eq(_children())
    keys = [rows[name] for name in _ROW["indikator"] if name != "_periode"]
    first = ~rows.duplicated([name for name in _ROW["indikator"] if name != "_periode"])
    counted = rows["anak_baru"].where(rows["anak_baru"].notna(), rows["realisasi"].where(first, 0.0))
    counted = pd.to_numeric(counted.where(children))
    total = counted.groupby(keys).cumsum() if len(rows) else counted
    value = total.where(children, rows["realisasi"])
    ways = zip(rows["jenis"], rows["data_dasar"].fillna(0.0), rows["target"], value, strict=True)
    rows = rows.assign(
        anak_terhitung=counted,
        mungkin_ganda=children & rows["anak_baru"].isna() & ~first,
        sampai_kini=value,
        capaian=pd.Series([achieved(*way) for way in ways], rows.index, dtype=float),
    )
    return rows[rows["_new"].astype(bool)].sort_index()


def _children() -> str:
    return lists()["jenis_indikator"]["anak_dilayani"].label


def latest_achievements(recap: Recap) -> pd.DataFrame:
    """The last row of every indicator of every partnership: `jenis` and `capaian` for the dashboard."""
    rows = indicators(recap)
    ordered = rows.sort_values("_periode", kind="stable", key=lambda periods: periods.map(period_order))
    return ordered[~ordered.duplicated(["_kode", "_no", "_indikator"], keep="last")]


def children_reached(recap: Recap) -> float:
    """Children that this run's reports count for the first time."""
    return float(indicators(recap)["anak_terhitung"].sum())
