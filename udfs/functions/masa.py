"""Days and terms in a cell: what still holds, how long, what falls due and when.

None of these reads the clock: the day is an argument, so that a sheet says the same on every day it is opened, or
follows TODAY() where its writer wants that.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from kemitraan_xl import schedule
from kemitraan_xl.pedoman.model import Settings
from udfs.cells import (
    CellFault,
    as_choice,
    as_date,
    as_number,
    as_text,
    each,
    needed_date,
    settings_in,
    single,
    told,
)
from udfs.functions.penilaian import PENGATURAN
from udfs.registry import function
from validation.aims import horizon
from validation.contract import fold, lists, tables
from validation.periods import Period, months_of_term

_ON: Final = {"pada": "Tanggal acuan: satu tanggal tetap, atau TODAY()."}
_TERM: Final = {"mulai": "Tanggal Mulai kerja sama.", "selesai": "Tanggal Selesai kerja sama."}
_UNTIL: Final = {"berlaku_sampai": "Berlaku Sampai: tanggal, atau misalnya seumur hidup."}
_INTERVAL: Final = "selang laporan dalam bulan bila berbeda dari Pengaturan"


@function(
    help="Apakah dokumen masih berlaku pada suatu tanggal: Ya, Tidak, atau Tanpa Masa Berlaku.",
    arguments={**_UNTIL, **_ON},
    example=((date(2026, 3, 9), date(2026, 3, 9)), "Ya"),
)
def kmt_masih_berlaku(berlaku_sampai: Any, pada: Any) -> Any:
    """Whether every document holds on a day, in the words of Lampiran 3."""
    words = lists()["masih_berlaku"]

    def holds(until: Any, on: Any) -> str | None:
        if _without_term(until):
            return words["tanpa_masa_berlaku"].label
        last = as_date(until, "Berlaku Sampai")
        return words["ya" if schedule.still_valid(last, _day(on)) else "tidak"].label if last else None

    return each(holds, berlaku_sampai, pada)


@function(
    help="Sisa hari sampai suatu tanggal; negatif bila sudah lewat.",
    arguments={"tanggal": "Tanggal berakhir atau batas waktu.", **_ON},
    example=((date(2026, 3, 31), date(2026, 3, 1)), 30),
)
def kmt_sisa_hari(tanggal: Any, pada: Any) -> Any:
    """The days left, for every date."""

    def left(cell: Any, on: Any) -> int | None:
        last = as_date(cell, "tanggal")
        return None if last is None else schedule.days_left(last, _day(on))

    return each(left, tanggal, pada)


@function(
    help="Peringatan masa berlaku: sudah berakhir, atau berakhir dalam 30, 60, atau 90 hari. Kosong bila masih lama.",
    arguments={**_UNTIL, **_ON},
    example=((date(2026, 3, 31), date(2026, 3, 1)), "Berakhir dalam 30 hari"),
)
def kmt_peringatan_masa(berlaku_sampai: Any, pada: Any) -> Any:
    """How near the end of every document is, as on the sheets Bukti and Naskah."""

    def warned(until: Any, on: Any) -> str | None:
        last = None if _without_term(until) else as_date(until, "Berlaku Sampai")
        code = schedule.warning(last, _day(on)) if last else ""
        return lists()["peringatan_masa"][code].label if code else None

    return each(warned, berlaku_sampai, pada)


@function(
    help="Lama kerja sama dalam bulan, hari pertama dan terakhir termasuk; bulan yang sudah dimulai dihitung penuh.",
    arguments=_TERM,
    example=((date(2026, 1, 1), date(2026, 12, 31)), 12),
)
def kmt_lama_bulan(mulai: Any, selesai: Any) -> Any:
    """The months of every term."""

    return each(_months, mulai, selesai)


@function(
    help="Jangka tujuan yang sesuai dengan lama kerja sama: Jangka pendek sampai batas Pengaturan A-37, lalu panjang.",
    arguments={**_TERM, **PENGATURAN},
    example=((date(2026, 1, 1), date(2026, 12, 31)), "Jangka pendek"),
)
def kmt_jangka(mulai: Any, selesai: Any, pengaturan: Any = None) -> Any:
    """Whether the aims of every term are short or long (III.A.1)."""
    limit = float(settings_in(pengaturan)["A-37"])

    def looking_ahead(first: Any, last: Any) -> str | None:
        months = _months(first, last)
        return lists()["jangka_tujuan"][horizon(months, limit)].label if months else None

    return each(looking_ahead, mulai, selesai)


@function(
    help="Status laporan kemajuan suatu periode: Belum Jatuh Tempo, Jatuh Tempo, Terlambat, Dikembalikan, Diterima.",
    arguments={
        "periode": "Periode laporan, misalnya 2026-S1 (semester), 2026-T1 (triwulan), 2026-01, atau 2026.",
        **_TERM,
        **_ON,
        "putusan": "Boleh dikosongkan: Putusan atas laporan itu dari lembar Arsip, diterima atau dikembalikan.",
        **PENGATURAN,
    },
    example=(("2026-S1", date(2026, 1, 1), date(2026, 12, 31), date(2026, 9, 1)), "Terlambat"),
)
def kmt_status_laporan(
    periode: Any, mulai: Any, selesai: Any, pada: Any, putusan: Any = None, pengaturan: Any = None
) -> Any:
    """Where the progress report of every period stands."""
    settings = settings_in(pengaturan)
    return each(lambda *cells: _report_status(cells, settings), periode, mulai, selesai, pada, putusan)


@function(
    help="Jadwal kerja sama: laporan, pemantauan, rapat, evaluasi, dan perpanjangan, dengan jatuh tempo dan batasnya.",
    arguments={
        **_TERM,
        **_ON,
        "selang_laporan": f"Boleh dikosongkan: {_INTERVAL}.",
        "selang_monitoring": f"Boleh dikosongkan: {_INTERVAL.replace('laporan', 'monitoring')}.",
        **PENGATURAN,
    },
    example=(
        (date(2026, 1, 1), date(2026, 6, 30), date(2026, 1, 1)),
        [
            ["Kewajiban", "Periode", "Jatuh Tempo", "Batas"],
            ["Laporan kemajuan", "2026-S1", date(2026, 7, 1), date(2026, 7, 15)],
            ["Pemantauan", "", date(2026, 6, 30), date(2026, 7, 14)],
            ["Rapat koordinasi", "", date(2026, 4, 1), date(2026, 4, 15)],
            ["Evaluasi formatif", "", date(2026, 4, 1), date(2026, 4, 15)],
            ["Keputusan perpanjangan", "", date(2026, 4, 1), date(2026, 6, 30)],
            ["Laporan akhir", "", date(2026, 7, 30), date(2026, 8, 13)],
            ["Evaluasi sumatif", "", date(2026, 8, 29), date(2026, 9, 12)],
        ],
    ),
)
def kmt_jadwal(
    mulai: Any,
    selesai: Any,
    pada: Any,
    selang_laporan: Any = None,
    selang_monitoring: Any = None,
    pengaturan: Any = None,
) -> Any:
    """Everything that falls due in one term, with headings."""

    def planned() -> Any:
        term = schedule.Term(
            start=as_date(single(mulai), "Tanggal Mulai"),
            end=as_date(single(selesai), "Tanggal Selesai"),
            report_months=as_number(single(selang_laporan), "selang laporan"),
            visit_months=as_number(single(selang_monitoring), "selang monitoring"),
        )
        if term.obstacle:
            raise CellFault(lists()["hambatan_jadwal"][term.obstacle].label)
        found = schedule.obligations(term, schedule.Records(), settings_in(pengaturan), _day(single(pada)))
        kinds = lists()["kewajiban"]
        lines = [[kinds[one.kind].label, one.period, one.due, one.limit] for one in found]
        return [["Kewajiban", "Periode", "Jatuh Tempo", "Batas"], *lines]

    return told(planned)


def _report_status(cells: tuple[Any, ...], settings: Settings) -> str | None:
    """The status of one period's report, in words. Raises CellFault for a period outside the term."""
    text, first, last, on, verdict = cells
    if text is None:
        return None
    period = Period.read(as_text(text))
    if period is None:
        raise CellFault("periode tidak terbaca; contoh: 2026-S1, 2026-T1, 2026-01, 2026")
    start, end = needed_date(first, "Tanggal Mulai"), needed_date(last, "Tanggal Selesai")
    known = {as_choice(verdict, lists()["putusan"]): frozenset((period.text,))}
    answers = lists()["putusan"]
    records = schedule.Records(
        accepted=known.get(answers["diterima"].label, frozenset()),
        returned=known.get(answers["dikembalikan"].label, frozenset()),
    )
    term = schedule.Term(start, end, report_months=period.months)
    for one in schedule.obligations(term, records, settings, _day(on)):
        if one.period == period.text:
            return lists()["status_laporan"][one.status].label
    raise CellFault("periode ini di luar masa kerja sama")


def _months(first: Any, last: Any) -> int | None:
    """The months of a term; None while a day is missing. Raises CellFault for days out of order."""
    start, end = as_date(first, "Tanggal Mulai"), as_date(last, "Tanggal Selesai")
    if start is None or end is None:
        return None
    if end < start:
        raise CellFault(lists()["hambatan_jadwal"]["terbalik"].label)
    return months_of_term(start, end)


def _day(cell: Any) -> date:
    return needed_date(cell, "tanggal acuan")


def _without_term(cell: Any) -> bool:
    """Whether a document is said to run for ever, in the words that the column takes or those of Lampiran 3."""
    if not isinstance(cell, str):
        return False
    words = tables()["profil_bukti"].column("berlaku_sampai").blank_words
    for_ever = lists()["masih_berlaku"]["tanpa_masa_berlaku"]
    return fold(cell) in map(fold, words) or lists()["masih_berlaku"].find(cell) == for_ever
