"""The sheet Dasbor of the master: what a commissioner asks for, each as a table that counts and a native chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.induk import TOP, Induk, column_name, finish_page, new_page
from kemitraan_xl.book.look import BRAND
from kemitraan_xl.book.rekap import UNRATED
from kemitraan_xl.formulas import INCOMPLETE
from validation.contract import lists

SHEET: Final = "Dasbor"

#: Rows that one table with its chart takes, and how many partners the ranking shows.
_BLOCK, _BEST = 18, 10
_WIDTHS: Final = (40, 14, 3, *[10] * 8)


@dataclass(frozen=True, slots=True)
class Panel:
    """One table with its chart: pairs of the category (a label, or a formula) and a formula, and the number's unit."""

    title: str
    unit: str
    rows: Sequence[tuple[str, str]]
    chart: str


def panels() -> list[Panel]:
    """What the dashboard shows, in order."""
    kelas, tahap = lists()["kelas"].labels, lists()["tahap"].labels
    tingkat = lists()["tingkat_risiko"].labels
    results = (*lists()["rekomendasi"].labels, INCOMPLETE, UNRATED)
    return [
        Panel("Mitra menurut kelas lembaga", "mitra", _counted(kelas, column_name("mitra", "kelas_lembaga")), "bar"),
        Panel("Kerja sama menurut tahap", "kerja sama", _counted(tahap, column_name("kerja_sama", "tahap")), "bar"),
        Panel(f"{_BEST} mitra dengan biaya terbesar", "juta rupiah", _largest(), "bar"),
        Panel("Mitra menurut rekomendasi", "mitra", _counted(results, "rekap_rekomendasi"), "column"),
        Panel(
            "Risiko menurut tingkat",
            "risiko",
            _counted(tingkat, column_name("matriks_risiko", "tingkat_risiko")),
            "column",
        ),
    ]


def _counted(labels: Sequence[str], cells: str) -> list[tuple[str, str]]:
    return [(label, f'=COUNTIF({cells},"{label}")') for label in labels]


def _largest() -> list[tuple[str, str]]:
    """The partners of Rekap Mitra by rank of cost, in millions."""
    ranks = [f"MATCH({rank},rekap_peringkat,0)" for rank in range(1, _BEST + 1)]
    return [
        (f'=IFERROR(INDEX(rekap_nama,{rank}),"")', f"=IFERROR(INDEX(rekap_biaya,{rank})/1000000,0)") for rank in ranks
    ]


def write_dasbor(book: Induk) -> None:
    """Add the sheet; its tables count over the input sheets and Rekap Mitra."""
    sheet = new_page(book, SHEET, "Dasbor Kemitraan", _WIDTHS)
    shown = panels()
    for number, panel in enumerate(shown):
        _write_panel(book, sheet, panel, TOP + 1 + number * _BLOCK)
    sheet.set_h_pagebreaks([TOP + 1 + number * _BLOCK for number in (3,)])
    finish_page(sheet, (TOP + len(shown) * _BLOCK, len(_WIDTHS) - 1), portrait=True)


def _write_panel(book: Induk, sheet: Worksheet, panel: Panel, top: int) -> None:
    sheet.write_string(top, 0, panel.title, book.look("kepala"))
    sheet.write_string(top, 1, panel.unit, book.look("kepala"))
    for row, (label, number) in enumerate(panel.rows, start=top + 1):
        if label.startswith("="):
            sheet.write_formula(row, 0, label, book.look("sel"), "")
        else:
            sheet.write_string(row, 0, label, book.look("sel"))
        sheet.write_formula(row, 1, number, book.look("sel", kind="bulat"))
    _draw(book, sheet, panel, top)


def _draw(book: Induk, sheet: Worksheet, panel: Panel, top: int) -> None:
    name, first, last = sheet.get_name(), top + 1, top + len(panel.rows)
    chart = book.workbook.add_chart({"type": panel.chart})
    chart.add_series(
        {
            "name": [name, top, 0],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": BRAND},
            "data_labels": {"value": True, "num_format": "#,##0;-#,##0;"},
            "gap": 60,
        }
    )
    chart.set_title({"name": panel.title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    numbers = {"name": panel.unit, "major_gridlines": {"visible": False}, "min": 0}
    if panel.chart == "bar":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(numbers)
    else:
        chart.set_y_axis(numbers)
    chart.set_size({"width": 600, "height": 320})
    sheet.insert_chart(top, 3, chart)
