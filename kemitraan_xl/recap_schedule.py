"""The summary's sheet Rekap Laporan: every report that came in, and beside a master every one that is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from kemitraan_xl.agenda import Cooperation, Incoming, agenda, archived
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.master import settings_of
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.provenance import SOURCE
from kemitraan_xl.schedule import Obligation
from kemitraan_xl.verdicts import Return
from validation.agreed import REPORTS
from validation.contract import fold, lists
from validation.periods import Period

_ARRIVED: Final = ("Jenis", "Putusan", "Tanggal Masuk", "Disimpan", "Temuan E", "Temuan W")
_DUE: Final = ("Kode Mitra", "Jatuh Tempo", "Batas", "Status", "Hari Terlambat")

_DAYS: Final = ("Tanggal Masuk", "Disimpan", "Jatuh Tempo", "Batas")

#: partner's code, kind of file, period: what tells one report from another
_Key = tuple[str, str, str]


def rekap_laporan(recap: Recap) -> pd.DataFrame:
    """One row per return that stands; with a master also one per report that its cooperations owe, came in or not."""
    arrived = _arrived(recap)
    if recap.master is None:
        rows = [(*_source_of(entry), *_arrival(entry)) for entry in arrived.values()]
        return _sorted(pd.DataFrame(rows, columns=[*SOURCE, *_ARRIVED]))
    waiting: dict[_Key, list[int]] = defaultdict(list)
    for number, entry in arrived.items():
        waiting[_key(recap.codes.get(number, ""), entry.kind, entry.period)].append(number)
    owed = [_owed(recap, one, due, waiting) for one, due in _reports(recap, arrived)]
    others = [
        (*_source_of(arrived[number]), *_arrival(arrived[number]), recap.codes.get(number, ""), None, None, "", None)
        for numbers in waiting.values()
        for number in numbers
    ]
    return _sorted(pd.DataFrame([*owed, *others], columns=[*SOURCE, *_ARRIVED, *_DUE]))


def awaited(recap: Recap, code: str) -> list[str]:
    """The periods whose progress report has fallen due in a partnership of the master and has not come in."""
    owed = (due for one, due in _reports(recap, _arrived(recap)) if fold(one.code) == fold(code))
    return [due.period for due in owed if due.kind == "kemajuan" and due.status in ("jatuh_tempo", "terlambat")]


def _arrived(recap: Recap) -> dict[int, Return]:
    """The returns that stand, by index."""
    return {n: entry for n, entry in enumerate(recap.returns) if entry.verdict in ("diterima", "dikembalikan")}


def _reports(recap: Recap, arrived: dict[int, Return]) -> Iterator[tuple[Cooperation, Obligation]]:
    """Every report that a cooperation of the master owes, as this run leaves it."""
    assert recap.master is not None
    incoming = [*archived(recap.master.path)]
    for number, entry in arrived.items():
        code = recap.codes.get(number, "")
        incoming.append(Incoming(code, entry.kind, entry.period, entry.counted))
    settings = settings_of(recap.master.reading, load())
    for one in agenda(recap.agreed, settings, recap.today, incoming):
        yield from ((one, due) for due in one.obligations if due.kind in REPORTS)


def _owed(recap: Recap, one: Cooperation, due: Obligation, waiting: dict[_Key, list[int]]) -> tuple[Any, ...]:
    """A report that is owed, beside the file that brought it; that file is then no longer `waiting`.

    How many days late one was that is accepted is told by its mail, else by its letter.
    """
    numbers = waiting[_key(one.code, due.kind, due.period)]
    entry = recap.returns[numbers.pop(0)] if numbers else None
    status = lists()["status_laporan"][due.status].label
    source = _source_of(entry) if entry else ("", "", "", one.name, due.period)
    came = _arrival(entry) if entry else (lists()["jenis_berkas"][due.kind].label, "", "", "", None, None)
    received = entry.age.received if entry else None
    late = max((received - due.limit).days, 0) if entry and entry.counted and received else None
    return (*source, *came, one.code, due.due, due.limit, status, late)


def _key(code: str, kind: str, period: str) -> _Key:
    """A final report is one for the whole term, whatever period its file names."""
    read = Period.read(period)
    return fold(code), kind, read.text if read and kind == "kemajuan" else "" if kind == "akhir" else period


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    """By partner, kind and period; days as days, blank where a file says none that is one."""
    days = {name: pd.to_datetime(frame[name], errors="coerce") for name in _DAYS if name in frame}
    return frame.assign(**days).sort_values(["Mitra", "Jenis", "Periode"], ignore_index=True)


def _source_of(entry: Return) -> tuple[str, str, str, str, str]:
    extract = entry.reading.tables.get("sampul")
    cell = extract.letters.get("nama_lembaga", "") if extract else ""
    return entry.arrival.name, extract.sheet if extract else "", cell, entry.partner, entry.period


def _arrival(entry: Return) -> tuple[str, str, str, str, int, int]:
    levels = [finding.level for finding in entry.findings]
    days = str(entry.age.received or ""), entry.reading.modified[:10]
    return kind_label(entry), entry.verdict, *days, levels.count("E"), levels.count("W")


def kind_label(entry: Return) -> str:
    """The kind of a file as people call it; "" when it is not known."""
    return lists()["jenis_berkas"][entry.kind].label if entry.kind else ""
