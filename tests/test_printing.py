"""`kemitraan cetak`: the sheets asked for, each alone in its PDF."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from kemitraan_xl.printing import CannotPrint, print_sheets

SHIPPED = Path(__file__).parents[1] / "workbook" / "Kemitraan.xlsx"


@pytest.mark.libreoffice
def test_one_sheet_alone_is_printed(tmp_path: Path) -> None:
    (made,) = print_sheets(SHIPPED, ["Daftar Periksa"], tmp_path)
    said = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, text=True, check=True).stdout
    assert said.count("\f") == 1, "Lampiran 3 stands on one page"
    assert "Daftar Periksa Calon Mitra KPAI" in said
    assert "Peta Risiko" not in said


def _pages(pdf: Path) -> int:
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return int(said.partition("Pages:")[2].split()[0])


@pytest.mark.libreoffice
def test_rows_that_show_nothing_are_not_printed(tmp_path: Path) -> None:
    """Six hundred rows in each print area: formulas that show nothing, and values right of the area, take no page."""
    book = xlsxwriter.Workbook(tmp_path / "buku.xlsx")
    for name in ("Biasa", "Grafik"):
        sheet = book.add_worksheet(name)
        sheet.print_area(0, 0, 599, 1)
        border = book.add_format({"border": 1})
        sheet.write_column(0, 0, ["Judul", *range(9)])
        for row in range(10, 600):
            sheet.write_formula(row, 0, '=""', border, "")
        sheet.write_column(0, 3, range(600))
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": ["Grafik", 1, 0, 9, 0]})
    sheet.insert_chart(100, 0, chart)
    book.close()
    made = print_sheets(tmp_path / "buku.xlsx", ["Biasa", "Grafik"], tmp_path / "pdf")
    plain, drawn = map(_pages, made)
    assert plain == 1
    assert 2 <= drawn <= 3, "down to the chart and no further"


def test_an_unknown_sheet_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotPrint):
        print_sheets(SHIPPED, ["Lembar Lain"], tmp_path)
    assert not list(tmp_path.iterdir())
