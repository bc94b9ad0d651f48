"""One figure of a dashboard: a small table with its native chart beside it, the same in master and summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import fit_row, put
from kemitraan_xl.book.look import BRAND, FONT, INK, Look

#: Widths of the columns of a dashboard: category, number, a gap, room for the chart.
WIDTHS: Final = (38, 11, 2, *[8] * 7)

#: Rows that one panel takes at least, and panels that fit on one printed page.
_LEAST, _PER_PAGE = 15, 3

_CHART: Final = {"width": 420, "height": 285}


class Formula(str):
    """A formula, told by its type from a name that begins like one; that of a number may use {label}, its category."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Categories with a number each, the unit of the numbers, and the sheet they are counted on."""

    title: str
    unit: str
    source: str
    rows: Sequence[tuple[str, Formula | float]]
    chart: str = "bar"
    kind: str = "bulat"


def write_panels(workbook: Workbook, look: Look, sheet: Worksheet, panels: Sequence[Panel], top: int) -> int:
    """Panels one below the other from row `top` on, none cut by the end of a page; returns the row behind the last."""
    breaks = []
    for number, panel in enumerate(panels):
        if number and number % _PER_PAGE == 0:
            breaks.append(top)
        _write_table(look, sheet, panel, top)
        if panel.rows:
            _draw(workbook, sheet, panel, top)
        top += max(_LEAST, len(panel.rows) + 3)
    sheet.set_h_pagebreaks(breaks)
    return top


def _write_table(look: Look, sheet: Worksheet, panel: Panel, top: int) -> None:
    sheet.write_string(top, 0, panel.title, look("kepala"))
    sheet.write_string(top, 1, panel.unit, look("kepala"))
    fit_row(sheet, top, ((text, width - 2) for text, width in zip((panel.title, panel.unit), WIDTHS, strict=False)))
    for row, (label, number) in enumerate(panel.rows, start=top + 1):
        computed = isinstance(label, Formula)  # nobody knows how long it will be
        if not computed:
            fit_row(sheet, row, [(label, WIDTHS[0])])
        named = look("sel", "muat") if computed else look("sel")
        for column, (value, style) in enumerate(((label, named), (number, look("sel", kind=panel.kind)))):
            if isinstance(value, Formula):
                sheet.write_formula(row, column, value.format(label=xl_rowcol_to_cell(row, 0)), style, "")
            else:
                put(sheet, row, column, value, style)


def _draw(workbook: Workbook, sheet: Worksheet, panel: Panel, top: int) -> None:
    name, first, last = sheet.get_name(), top + 1, top + len(panel.rows)
    shown = "0%" if panel.kind == "persen" else "#,##0;-#,##0;"
    chart = workbook.add_chart({"type": panel.chart})
    chart.add_series(
        {
            "name": [name, top, 0],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": BRAND},
            "data_labels": {"value": True, "num_format": shown, "font": {"name": FONT, "color": INK, "size": 9}},
            "gap": 60,
        }
    )
    font = {"name": FONT, "color": INK, "size": 9, "bold": False}
    chart.set_title({"name": panel.title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True})
    # Every bar carries its number; the axis of a few would count in fractions.
    bare = {"label_position": "none", "major_tick_mark": "none", "major_gridlines": {"visible": False}}
    unit, source = panel.unit, f"Sumber: lembar {panel.source}"
    if panel.chart == "bar":
        chart.set_y_axis({"reverse": True, "num_font": font})
        chart.set_x_axis({"name": f"{unit} · {source}", "name_font": font, "min": 0, **bare})
    else:
        chart.set_x_axis({"name": source, "name_font": font, "num_font": font})
        chart.set_y_axis({"name": unit, "name_font": font, "min": 0, **bare})
    chart.set_size(_CHART)
    # Off the edge of its row: at a page break its frame would be printed on the page before.
    sheet.insert_chart(top, 3, chart, {"y_offset": 4})
