"""Dasbor of a summary: a few tables that a commissioner asks for, each with a native chart beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from kemitraan_xl.book.look import BRAND, TABS, Look, set_up_page
from kemitraan_xl.consolidate import Recap
from validation.contract import lists

#: Rows that one table with its chart takes on the sheet, and how many partners the ranking shows.
_BLOCK, _TOP = 18, 10


@dataclass(frozen=True, slots=True)
class Panel:
    """One table with its chart: categories and numbers, with the unit the numbers have."""

    title: str
    unit: str
    rows: Sequence[tuple[str, float]]
    chart: str = "bar"


def panels(recap: Recap) -> list[Panel]:
    """What the dashboard shows, from accepted files (verdicts: from all files)."""
    covers, plan, risks = (recap.rows(name) for name in ("sampul", "rencana_kerja", "matriks_risiko"))
    verdicts = [(item.label, float(recap.verdicts()[item.code])) for item in lists()["putusan"]]
    return [
        Panel("Berkas menurut putusan", "berkas", verdicts, "column"),
        Panel("Mitra menurut kelas lembaga", "mitra", _counted(covers, "kelas_lembaga", "kelas")),
        Panel("Mitra menurut tingkat", "mitra", _counted(covers, "tingkat", "tingkat_cakupan"), "column"),
        Panel(f"{_TOP} usulan dengan biaya terbesar", "juta rupiah", _largest(recap, plan)),
        Panel(
            "Risiko menurut tingkat", "risiko", _counted(risks, "tingkat_aturan", "tingkat_risiko"), "column"
        ),
        Panel("Risiko menurut jenis", "risiko", _counted(risks, "jenis_risiko", "jenis_risiko")),
    ]


def _counted(rows: pd.DataFrame, column: str, codes: str) -> list[tuple[str, float]]:
    counts = rows[column].value_counts().to_dict() if len(rows) else dict[Any, int]()
    return [(item.label, float(counts.get(item.label, 0))) for item in lists()[codes]]


def _largest(recap: Recap, plan: pd.DataFrame) -> list[tuple[str, float]]:
    if plan.empty:
        return []
    sums = plan.groupby("_file")["biaya"].sum().sort_values(ascending=False, kind="stable").head(_TOP)
    pairs: Iterable[tuple[Any, float]] = sums.items()
    return [(recap.returns[number].partner, total / 1e6) for number, total in pairs]


def write_dasbor(workbook: Workbook, look: Look, recap: Recap) -> None:
    """Write the sheet Dasbor: every panel as a table at the left and its chart at the right."""
    sheet = workbook.add_worksheet("Dasbor")
    sheet.set_tab_color(TABS["rekap"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 3)
    sheet.write_string(0, 0, "Dasbor Kemitraan", look("judul"))
    shown = panels(recap)
    for number, panel in enumerate(shown):
        top = 2 + number * _BLOCK
        sheet.write_string(top, 0, panel.title, look("kepala"))
        sheet.write_string(top, 1, panel.unit, look("kepala"))
        for row, (label, value) in enumerate(panel.rows, start=top + 1):
            sheet.write_string(row, 0, label, look("sel"))
            sheet.write_number(row, 1, value, look("sel", kind="angka"))
        if panel.rows:
            _draw(workbook, sheet.get_name(), panel, top)
    set_up_page(sheet, area=(0, 0, 1 + len(shown) * _BLOCK, 12), portrait=True, one_page=True)


def _draw(workbook: Workbook, name: str, panel: Panel, top: int) -> None:
    first, last = top + 1, top + len(panel.rows)
    chart = workbook.add_chart({"type": panel.chart})
    chart.add_series(
        {
            "name": panel.title,
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": BRAND},
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    chart.set_title({"name": panel.title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    numbers = {"name": panel.unit, "major_gridlines": {"visible": False}, "min": 0}
    if panel.chart == "bar":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({**numbers, "visible": True})
    else:
        chart.set_y_axis(numbers)
    chart.set_size({"width": 620, "height": 330})
    workbook.get_worksheet_by_name(name).insert_chart(top, 3, chart)
