"""What the commissioners are told of a quarter: its figures beside the quarter before, what is late, risky, ending.

Everything is counted from a master as it is now; only the days decide what belongs to which quarter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from kemitraan_xl.agenda import Cooperation
from kemitraan_xl.known import Known
from kemitraan_xl.schedule import Obligation
from validation.contract import fold, lists, tables
from validation.periods import Period

#: Months of a quarter, days ahead in which an end is seen, quarters of which spending is shown.
MONTHS, AHEAD, _SHOWN = 3, 90, 4

#: What is called late here: what passed its limit, and what went back and is still awaited.
_LATE: Final = ("terlambat", "dikembalikan")

#: The levels of risk that the commissioners see one by one, the gravest first, and the state in which it is over.
_GRAVE: Final = ("5", "4")
_OVER: Final = "selesai"

Counted = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the quarter beside that of the quarter before; `kind` is a key of NUMBER_FORMATS."""

    label: str
    now: float
    before: float
    kind: str = "bulat"


@dataclass(frozen=True, slots=True)
class Late:
    """An obligation that is late at the end of the quarter; `new` when it was not at the end of the one before."""

    partner: str
    due: Obligation
    days: int
    new: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk of a high level whose mitigation is not finished."""

    partner: str
    risk: str
    level: str
    state: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A quarter, judged by `day`: its last one, or today where it is not over yet."""

    period: Period
    before: Period
    day: date
    figures: Sequence[Figure]
    late: Sequence[Late]
    risks: Sequence[Risk]
    ending: Sequence[tuple[str, date]]
    stages: Counted
    levels: Counted
    spent: Counted


def last_quarter(today: date) -> Period:
    """The latest quarter that is over."""
    return Period.around(Period.around(today, MONTHS).first - timedelta(days=1), MONTHS)


def summarise(known: Known, period: Period) -> Summary:
    """The quarter `period` of a master."""
    before, day = last_quarter(period.first), min(period.last, known.today)
    due, earlier = known.agenda(day), known.agenda(before.last)
    were_late = {_key(one, it) for one in earlier for it in _late(one)}
    late = [
        Late(one.name, it, (day - it.limit).days, _key(one, it) not in were_late) for one in due for it in _late(one)
    ]
    stages = Counter(one.stage for one in known.standings.values())
    return Summary(
        period=period,
        before=before,
        day=day,
        figures=[
            *map(_figure, _measures(known, period, day), _measures(known, before, before.last)),
            Figure("Kewajiban yang terlambat pada akhir triwulan", len(late), len(were_late)),
        ],
        late=sorted(late, key=lambda one: (one.due.limit, one.partner)),
        risks=_risks(known),
        ending=_ending(known, day),
        stages=[(item.label, float(stages[item.code])) for item in lists()["tahap"]],
        levels=_levels(known),
        spent=_spending(known, period),
    )


def _key(one: Cooperation, due: Obligation) -> tuple[str, str, str]:
    return fold(one.code), due.kind, due.period


def _late(one: Cooperation) -> list[Obligation]:
    return [due for due in one.obligations if due.status in _LATE]


# ---- figures ---- #


def _figure(now: tuple[str, float, str], before: tuple[str, float, str]) -> Figure:
    return Figure(now[0], now[1], before[1], now[2])


def _measures(known: Known, period: Period, day: date) -> list[tuple[str, float, str]]:
    """Label, number and kind of everything that is counted in a quarter that is judged by a day."""
    cooperation, reports = _frame(known, "kerja_sama"), _reports(known, period)
    begins, ends = cooperation["tanggal_mulai"], cooperation["tanggal_selesai"]
    present = begins.le(pd.Timestamp(day)) & ends.ge(pd.Timestamp(day))
    return [
        ("Kerja sama yang berjalan pada akhir triwulan", float(present.sum()), "bulat"),
        ("Kerja sama yang mulai dalam triwulan", _within(begins, period), "bulat"),
        ("Kerja sama yang berakhir dalam triwulan", _within(ends, period), "bulat"),
        (
            "Laporan kemajuan untuk triwulan ini",
            float(len(reports[["kode_mitra", "periode"]].drop_duplicates())),
            "bulat",
        ),
        ("Realisasi biaya menurut laporan itu", float(reports["realisasi_biaya"].sum()), "rupiah"),
        ("Kunjungan pemantauan", _within(_frame(known, "monitoring")["tanggal"], period), "bulat"),
        ("Evaluasi", _within(_frame(known, "evaluasi")["tanggal"], period), "bulat"),
    ]


def _frame(known: Known, table: str) -> pd.DataFrame:
    """A typed table of the master, without rows where a master of an older edition has none."""
    names = [column.name for column in tables()[table].columns]
    return known.examined.frames.get(table, pd.DataFrame(columns=[*names, "tingkat_aturan", "besaran_aturan"]))


def _within(days: pd.Series, period: Period) -> float:
    return float(days.between(pd.Timestamp(period.first), pd.Timestamp(period.last)).sum())


def _reports(known: Known, period: Period) -> pd.DataFrame:
    """Reported programmes of the periods that end in a quarter."""
    rows = _frame(known, "laporan_kemajuan")
    ends = [found.last if (found := Period.read(str(text))) else date.min for text in rows["periode"]]
    return rows[pd.Series([period.first <= end <= period.last for end in ends], rows.index, dtype=bool)]


def _spending(known: Known, period: Period) -> Counted:
    """What was reported as spent in this and the quarters before, in millions."""
    quarters = [period]
    while len(quarters) < _SHOWN:
        quarters.insert(0, last_quarter(quarters[0].first))
    return [(one.text, float(_reports(known, one)["realisasi_biaya"].sum()) / 1e6) for one in quarters]


# ---- what is risky, what ends ---- #


def _open_risks(known: Known) -> pd.DataFrame:
    rows = _frame(known, "matriks_risiko")
    return rows[rows["status"].ne(lists()["status_risiko"][_OVER].label) & rows["tingkat_aturan"].notna()]


def _risks(known: Known) -> list[Risk]:
    """The grave risks that are not over, the largest first."""
    names = {fold(str(row.get("kode", ""))): str(row.get("nama_lembaga", "")) for row in known.master.rows("mitra")}
    grave = [lists()["tingkat_risiko"][code].label for code in _GRAVE]
    rows = _open_risks(known)
    rows = rows[rows["tingkat_aturan"].isin(grave)]
    rows = rows.assign(_grave=[grave.index(level) for level in rows["tingkat_aturan"]])
    rows = rows.sort_values(["_grave", "besaran_aturan"], ascending=[True, False], kind="stable")
    return [
        Risk(
            names.get(fold(str(row["kode_mitra"])), str(row["kode_mitra"])),
            _text(row["potensi_risiko"]),
            str(row["tingkat_aturan"]),
            _text(row["status"]) or "belum dicatat",
        )
        for row in rows.to_dict("records")
    ]


def _levels(known: Known) -> Counted:
    counted = _open_risks(known)["tingkat_aturan"].value_counts().to_dict()
    return [(label, float(counted.get(label, 0))) for label in lists()["tingkat_risiko"].labels]


def _ending(known: Known, day: date) -> list[tuple[str, date]]:
    """Partnerships that end within the days ahead, the next first."""
    rows = _frame(known, "kerja_sama")
    soon = rows[rows["tanggal_selesai"].between(pd.Timestamp(day), pd.Timestamp(day + timedelta(days=AHEAD)))]
    soon = soon.sort_values("tanggal_selesai", kind="stable")
    return [(_text(row["nama_lembaga"]), row["tanggal_selesai"].date()) for row in soon.to_dict("records")]


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
