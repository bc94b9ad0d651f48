"""What is due in every cooperation of a master: its sheets, and what came in with this run, put to schedule.py.

The summary, the reminders and the size of the sheet Rekap Laporan all ask here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from kemitraan_xl.pedoman.model import Settings
from kemitraan_xl.schedule import Decision, Obligation, Records, Term, obligations
from validation.agreed import REPORTS
from validation.contract import fold, lists
from validation.periods import Period

#: Document states and stages in which a cooperation is under way (III.D.4, III.E).
_IN_FORCE: Final = ("berlaku", "berakhir")
_UNDER_WAY: Final = "pelaksanaan"

#: The tables of a master that say what falls due and what was done.
TABLES: Final = (
    *("mitra", "kerja_sama", "naskah", "perpanjangan", "monitoring", "evaluasi", "laporan_kemajuan"),
    "laporan_pelaksanaan",
)

Frames = Mapping[str, pd.DataFrame]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report of a partner: `kind` of file, `accepted` or returned."""

    code: str
    kind: str
    period: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Cooperation:
    """A row of Kerja Sama with what falls due in it; `obstacle` (a code of hambatan_jadwal) says why nothing does."""

    code: str
    name: str
    address: str
    obstacle: str
    obligations: Sequence[Obligation] = field(default_factory=tuple)


def agenda(frames: Frames, settings: Settings, today: date, incoming: Iterable[Incoming] = ()) -> list[Cooperation]:
    """Every cooperation of a master, in its order. `frames` are the master's typed tables; `incoming` reports count
    besides those it holds."""
    rows = {table: _by_code(frames.get(table)) for table in TABLES}
    came: dict[str, list[Incoming]] = defaultdict(list)
    for report in incoming:
        came[fold(report.code)].append(report)
    found = []
    for code, cooperations in rows["kerja_sama"].items():
        for row in cooperations:
            own = {table: of_all.get(code, []) for table, of_all in rows.items()}
            term = _term(row, own)
            due = obligations(term, _records(own, came[code], term), settings, today)
            found.append(_cooperation(row, own["mitra"], term, due))
    return found


#: Statuses in which something is asked for.
_OPEN: Final = ("terlambat", "dikembalikan", "jatuh_tempo")


def asked_for(one: Cooperation, *, theirs: bool = True) -> list[Obligation]:
    """What is due, late or returned, the earliest first: the partner's own reports, or what KPAI sees to."""
    asked = [due for due in one.obligations if due.status in _OPEN and (due.kind in REPORTS) == theirs]
    return sorted(asked, key=lambda due: due.due)


def archived(master: Path) -> list[Incoming]:
    """The reports that went back to partners, by what the sheet Arsip of a master says of them."""
    try:
        book = CalamineWorkbook.from_path(str(master))
        rows = book.get_sheet_by_name("Arsip").to_python() if "Arsip" in book.sheet_names else []
    except (OSError, CalamineError):
        return []
    start = next((at for at, row in enumerate(rows) if {*_ARCHIVED} <= {*map(str, row)}), len(rows))
    kinds = {lists()["jenis_berkas"][code].label: code for code in REPORTS}
    back = lists()["putusan"]["dikembalikan"].label
    found = []
    for row in rows[start + 1 :]:
        code, kind, period, verdict = (str(row[rows[start].index(heading)]) for heading in _ARCHIVED)
        if code and kind in kinds and verdict == back:
            found.append(Incoming(code, kinds[kind], period, accepted=False))
    return found


_ARCHIVED: Final = ("Kode Mitra", "Jenis", "Periode", "Putusan")


def _by_code(frame: pd.DataFrame | None) -> dict[str, list[Row]]:
    """The rows of a table by the partner's code, blanks as None; rows without a code are nobody's."""
    found: dict[str, list[Row]] = defaultdict(list)
    if frame is not None:
        plain = frame.astype(object).where(frame.notna(), None)
        for row in plain.to_dict("records"):
            code = row.get("kode_mitra", row.get("kode"))
            if code is not None:
                found[fold(str(code))].append({str(name): cell for name, cell in row.items()})
    return found


def _term(row: Row, own: Mapping[str, Sequence[Row]]) -> Term:
    return Term(
        start=_day(row["tanggal_mulai"]),
        end=_day(row["tanggal_selesai"]),
        report_months=_whole(row["selang_laporan"]),
        visit_months=_whole(row["selang_monitoring"]),
        decisions=[decision for one in own["perpanjangan"] if (decision := _decision(one))],
        in_force=_in_force(row, own["naskah"]),
    )


def _in_force(row: Row, documents: Sequence[Row]) -> bool:
    """Whether a document is or was in force, or staff say that the work has begun."""
    states = {lists()["status_naskah"][code].label for code in _IN_FORCE}
    stages = lists()["tahap"].labels
    begun = stages[stages.index(lists()["tahap"][_UNDER_WAY].label) :]
    return row["tahap"] in begun or any(document["status_naskah"] in states for document in documents)


def _decision(row: Row) -> Decision | None:
    labels = lists()["keputusan_perpanjangan"]
    if row["keputusan"] not in labels.labels:
        return None
    extends = row["keputusan"] == labels["diperpanjang"].label
    return Decision(_day(row["tanggal_keputusan"]), extends, _day(row["tanggal_selesai_baru"]) if extends else None)


def _records(own: Mapping[str, Sequence[Row]], came: Sequence[Incoming], term: Term) -> Records:
    progress = [report for report in came if report.kind == "kemajuan"]
    final = [report for report in came if report.kind == "akhir"]
    held = (_period(row["periode"]) for row in own["laporan_kemajuan"])
    return Records(
        accepted=frozenset({*held, *(_period(report.period) for report in progress if report.accepted)}),
        returned=frozenset(_period(report.period) for report in progress if not report.accepted),
        final_accepted=any(_closes(row, term) for row in own["laporan_pelaksanaan"])
        or any(report.accepted for report in final),
        final_returned=any(not report.accepted for report in final),
        visits=_days(own["monitoring"]),
        midway=_days(own["evaluasi"], jenis_evaluasi="formatif"),
        closing=_days(own["evaluasi"], jenis_evaluasi="sumatif"),
    )


def _closes(row: Row, term: Term) -> bool:
    """Whether a final report in the master closes the term as it is now: it came after any extension."""
    return (_day(row["tanggal_diterima"]) or date.min) >= term.extended_on


def _period(text: object) -> str:
    """A period as it is written; a text that is none stays as it is, and so meets no obligation."""
    found = Period.read(str(text))
    return found.text if found else str(text)


def _days(rows: Sequence[Row], **codes: str) -> list[date]:
    """The days of rows, of those with these entries of their lists."""
    wanted = {column: lists()[column][code].label for column, code in codes.items()}
    kept = (row for row in rows if all(row[column] == label for column, label in wanted.items()))
    return [day for row in kept if (day := _day(row["tanggal"]))]


def _day(value: Any) -> date | None:
    return None if value is None else value.date()


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _cooperation(row: Row, register: Sequence[Row], term: Term, due: Sequence[Obligation]) -> Cooperation:
    known = register[0] if register else {}
    name = row["nama_lembaga"] or known.get("nama_lembaga") or ""
    address = known.get("surel") or row["surel"] or ""
    return Cooperation(str(row["kode_mitra"]), str(name), str(address), term.obstacle, tuple(due))
