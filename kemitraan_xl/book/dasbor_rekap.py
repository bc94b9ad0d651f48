"""Dasbor of a summary: a few tables that a commissioner asks for, each with a native chart beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.book.panel import WIDTHS, Panel, write_panels
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.realisation import indicators as indicators_of
from kemitraan_xl.realisation import latest_achievements, programmes, reported
from kemitraan_xl.recap import partner_covers
from kemitraan_xl.recap_schedule import rekap_laporan
from validation.contract import lists

#: How many partners a ranking shows.
_TOP = 10


def panels(recap: Recap) -> list[Panel]:
    """What the dashboard shows, from accepted files (verdicts: from all files); reports only where there are any."""
    covers = partner_covers(recap)
    plan, risks = recap.rows("rencana_kerja"), recap.rows("matriks_risiko")
    verdicts = [(item.label, float(recap.verdicts()[item.code])) for item in lists()["putusan"]]
    shown = [
        Panel("Berkas menurut putusan", "berkas", "Arsip", verdicts, "column"),
        *_of_reports(recap),
        Panel("Mitra menurut kelas lembaga", "mitra", "Rekap Mitra", _counted(covers, "kelas_lembaga", "kelas")),
        Panel(
            "Mitra menurut tingkat", "mitra", "Rekap Mitra", _counted(covers, "tingkat", "tingkat_cakupan"), "column"
        ),
        Panel(f"{_TOP} usulan dengan biaya terbesar", "juta rupiah", "Rekap Program", _largest(recap, plan, "biaya")),
        Panel(
            "Risiko menurut tingkat",
            "risiko",
            "Rekap Risiko",
            _counted(risks, "tingkat_aturan", "tingkat_risiko"),
            "column",
        ),
        Panel("Risiko menurut jenis", "risiko", "Rekap Risiko", _counted(risks, "jenis_risiko", "jenis_risiko")),
    ]
    return [panel for panel in shown if panel.rows]


def _of_reports(recap: Recap) -> list[Panel]:
    """Timeliness, achievement by kind of indicator, children reached and money spent."""
    rows, indicators = programmes(recap), latest_achievements(recap)
    status = rekap_laporan(recap)
    shown = []
    if "Status" in status:
        shown.append(
            Panel(
                "Laporan menurut status",
                "laporan",
                "Rekap Laporan",
                _counted(status, "Status", "status_laporan"),
                "column",
            )
        )
    if len(indicators):
        means = indicators.groupby("jenis")["capaian"].mean().fillna(0).to_dict()
        kinds = [label for label in lists()["jenis_indikator"].labels if label in means]
        achieved = [(label, float(means[label])) for label in kinds]
        children = indicators_of(recap).groupby("_periode")["anak_terhitung"].sum().items()
        shown += [
            Panel("Capaian rata-rata menurut jenis indikator", "persen", "Rekap Evaluasi", achieved, kind="persen"),
            Panel(
                "Anak yang terjangkau menurut periode",
                "anak",
                "Rekap Evaluasi",
                [(str(p), float(n)) for p, n in children],
                "column",
            ),
        ]
    if len(rows):
        states = _counted(rows, "status_kegiatan", "status_kegiatan")
        spent = _largest(recap, rows, "realisasi_biaya")
        shown += _planned_and_used(recap)
        shown += [
            Panel("Program yang dilaporkan menurut status", "laporan program", "Rekap Program", states, "column"),
            Panel(f"{_TOP} realisasi biaya terbesar", "juta rupiah", "Rekap Program", spent),
        ]
    return shown


def _planned_and_used(recap: Recap) -> list[Panel]:
    """All that was agreed in the master and all that was reported as spent, in earlier runs too; needs a master."""
    plan = recap.agreed.get("rencana_kerja")
    if plan is None:
        return []
    used = reported(recap, "laporan_kemajuan")["realisasi_biaya"].sum()
    rows = [("Disepakati", float(plan["biaya"].sum()) / 1e6), ("Realisasi menurut laporan", float(used) / 1e6)]
    return [Panel("Biaya yang disepakati dan realisasinya", "juta rupiah", "Rekap Biaya", rows, "column")]


def _counted(rows: pd.DataFrame, column: str, codes: str) -> list[tuple[str, float]]:
    counts = rows[column].value_counts().to_dict() if len(rows) else dict[Any, int]()
    return [(item.label, float(counts.get(item.label, 0))) for item in lists()[codes]]


def _largest(recap: Recap, rows: pd.DataFrame, column: str) -> list[tuple[str, float]]:
    """The partners with the largest sums of a column, in millions."""
    if rows.empty:
        return []
    names = rows["_file"].map(lambda number: recap.returns[number].partner)
    sums = rows.groupby(names)[column].sum().sort_values(ascending=False, kind="stable").head(_TOP)
    pairs: Iterable[tuple[Any, float]] = sums.items()
    return [(partner, total / 1e6) for partner, total in pairs]


def write_dasbor(workbook: Workbook, look: Look, recap: Recap) -> None:
    """Write the sheet Dasbor: every panel as a table at the left and its chart at the right."""
    sheet = workbook.add_worksheet("Dasbor")
    sheet.set_tab_color(TABS["rekap"])
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "Dasbor Kemitraan", look("judul"))
    last = write_panels(workbook, look, sheet, panels(recap), 2)
    set_up_page(sheet, area=(0, 0, last, len(WIDTHS) - 1), portrait=True)
