"""The quarterly summary for the commissioners: two pages, figures with what is late and risky, then charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, fit_row, put
from kemitraan_xl.book.finish import building
from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.book.panel import WIDTHS, Panel, write_panels
from kemitraan_xl.quarter import AHEAD, Figure, Summary
from validation.contract import lists
from validation.values import show_date

SHEET: Final = "Ringkasan Triwulan"
CHARTS: Final = "Grafik Triwulan"

_WIDTHS: Final = (41, 19, 17, 15, 15)

#: Lines of a list, so that all of them stand on the first page.
_MOST: Final = 8


def build_quarter(target: Path, summary: Summary, title: str) -> list[str]:
    """Write the summary at `target`; returns the sheets to print, in order. Raises OSError."""
    with building(target, f"{SHEET} {summary.period.text}", summary.day) as workbook:
        look = Look(workbook)
        sheet = workbook.add_worksheet(SHEET)
        _start(look, sheet, _WIDTHS, f"{SHEET} {_named(summary)}")
        sheet.write_string(1, 0, title, look("keterangan"))
        row = _write_figures(look, sheet, 3, summary)
        row = _write_late(look, sheet, row + 1, summary)
        row = _write_risks(look, sheet, row + 1, summary)
        row = _write_ending(look, sheet, row + 1, summary)
        set_up_page(sheet, area=(0, 0, row - 1, len(_WIDTHS) - 1), portrait=True, one_page=True)
        charts = workbook.add_worksheet(CHARTS)
        _start(look, charts, WIDTHS, f"{SHEET} {_named(summary)}: grafik")
        last = write_panels(workbook, look, charts, _panels(summary), 2)
        set_up_page(charts, area=(0, 0, last, len(WIDTHS) - 1), portrait=True, one_page=True)
    return [SHEET, CHARTS]


def _named(summary: Summary) -> str:
    return f"{('I', 'II', 'III', 'IV')[summary.period.number - 1]} Tahun {summary.period.year}"


def _start(look: Look, sheet: Worksheet, widths: Sequence[float], title: str) -> None:
    sheet.set_tab_color(TABS["rekap"])
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, title, look("judul"))


def _panels(summary: Summary) -> list[Panel]:
    return [
        Panel("Kerja sama menurut tahap sekarang", "kerja sama", "Jejak", summary.stages),
        Panel("Risiko yang sekarang belum selesai", "risiko", "Matriks Risiko", summary.levels, "column"),
        Panel("Realisasi biaya menurut laporan", "juta rupiah", "Laporan Kemajuan", summary.spent, "column"),
    ]


# ---- the first page ---- #


def _section(look: Look, sheet: Worksheet, row: int, title: str, headings: Sequence[str]) -> int:
    for column in range(len(_WIDTHS)):
        put(sheet, row, column, title if column == 0 else None, look("kelompok"))
    for column, heading in enumerate(headings):
        sheet.write_string(row + 1, column, heading, look("kepala"))
    fit_row(sheet, row + 1, ((heading, width - 2) for heading, width in zip(headings, _WIDTHS, strict=False)))
    return row + 2


def _line(look: Look, sheet: Worksheet, row: int, values: Sequence[Value], kind: str = "", signal: str = "") -> int:
    """Text at the left, numbers in the middle; the last cell in the colour of a signal."""
    for column, value in enumerate(values):
        styles = ["sel"] if isinstance(value, str) else ["sel", "uang"]
        if signal and column == len(values) - 1:
            styles.append(f"tanda {signal}")
        put(sheet, row, column, value, look(*styles, kind=kind if isinstance(value, float) else ""))
    fit_row(sheet, row, zip(values, _WIDTHS, strict=False))
    return row + 1


def _rest(look: Look, sheet: Worksheet, row: int, count: int, nothing: str, where: str) -> int:
    """What stands below a list: that there is nothing, or where the rest of it is."""
    if count > _MOST:
        sheet.write_string(
            row, 0, f"dan {count - _MOST} lainnya; selengkapnya pada lembar {where}.", look("keterangan")
        )
    elif not count:
        sheet.write_string(row, 0, nothing, look("keterangan"))
    else:
        return row
    return row + 1


def _write_figures(look: Look, sheet: Worksheet, row: int, summary: Summary) -> int:
    headings = ("Ukuran", f"Triwulan ini ({summary.period.text})", f"Triwulan lalu ({summary.before.text})")
    row = _section(look, sheet, row, f"Angka per {show_date(summary.day)}", (*headings, "Perubahan", "Arah"))
    for figure in summary.figures:
        change = figure.now - figure.before
        values = (figure.label, figure.now, figure.before, change, _direction(figure))
        row = _line(look, sheet, row, values, figure.kind)
    return row


def _direction(figure: Figure) -> str:
    if figure.now == figure.before:
        return "tetap"
    return "naik" if figure.now > figure.before else "turun"


def _write_late(look: Look, sheet: Worksheet, row: int, summary: Summary) -> int:
    title = f"Yang terlambat ({len(summary.late)})"
    row = _section(look, sheet, row, title, ("Mitra", "Kewajiban", "Periode", "Batas", "Keadaan"))
    for one in summary.late[:_MOST]:
        kind = lists()["kewajiban"][one.due.kind].label
        state = f"lewat {one.days} hari" if one.days > 0 else lists()["status_laporan"][one.due.status].label
        values = (one.partner, kind, one.due.period, show_date(one.due.limit), f"{state}, baru" if one.new else state)
        row = _line(look, sheet, row, values, signal="salah")
    return _rest(look, sheet, row, len(summary.late), "Tidak ada kewajiban yang terlambat.", "Rekap Laporan")


def _write_risks(look: Look, sheet: Worksheet, row: int, summary: Summary) -> int:
    title = f"Risiko tinggi dan sangat tinggi yang belum selesai ({len(summary.risks)})"
    row = _section(look, sheet, row, title, ("Mitra", "Potensi risiko", "", "Tingkat", "Mitigasi"))
    sheet.merge_range(row - 1, 1, row - 1, 2, "Potensi risiko", look("kepala"))
    codes = {item.label: item.code for item in lists()["tingkat_risiko"]}
    for one in summary.risks[:_MOST]:
        put(sheet, row, 0, one.partner, look("sel"))
        sheet.merge_range(row, 1, row, 2, one.risk, look("sel"))
        put(sheet, row, 3, one.level, look("sel", f"risiko {codes[one.level]}"))
        put(sheet, row, 4, one.state, look("sel"))
        fit_row(sheet, row, [(one.partner, _WIDTHS[0]), (one.risk, _WIDTHS[1] + _WIDTHS[2])])
        row += 1
    return _rest(look, sheet, row, len(summary.risks), "Tidak ada.", "Matriks Risiko")


def _write_ending(look: Look, sheet: Worksheet, row: int, summary: Summary) -> int:
    title = f"Berakhir dalam {AHEAD} hari sesudah {show_date(summary.day)} ({len(summary.ending)})"
    row = _section(look, sheet, row, title, ("Mitra", "Tanggal Selesai", "Sisa hari"))
    for partner, end in summary.ending[:_MOST]:
        row = _line(look, sheet, row, (partner, show_date(end), f"{(end - summary.day).days} hari"))
    return _rest(look, sheet, row, len(summary.ending), "Tidak ada kerja sama yang akan berakhir.", "Kerja Sama")
