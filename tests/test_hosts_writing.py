"""What is written in both simulated hosts, one workbook against the other; and that a comparison can fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.styles import Font, PatternFill
from python_calamine import CalamineWorkbook
from support import desktop_host
from support.excel_books import differences, in_both, recalculated
from support.excel_samples import DATA, HIDDEN, small_book
from support.excel_typing import DATE_FORMAT, typed
from support.remote_host import RemoteHost

from udfs.build.stub import ComError

MASTER = Path(__file__).parents[1] / "workbook" / "Kemitraan.xlsx"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_book(tmp_path_factory.mktemp("hosts"))


# Writing


@pytest.mark.parametrize(
    ("text", "number_format", "value"),
    [
        ("0123", "General", 123),
        ("0123", "@", "0123"),
        ("'0123", "General", "0123"),
        ("3201010101010001", "General", 3201010101010000),  # a number has 15 digits
        ("1,500", "General", 1500),
        ("5%", "General", 0.05),
        ("2025-01", "General", dt.datetime(2025, 1, 1)),
        ("01-2025", "General", dt.datetime(2025, 1, 1)),
        ("2025-S1", "General", "2025-S1"),
        ("5/1/2025", "General", dt.datetime(2025, 1, 5)),
        ("5 Mei 2025", "General", dt.datetime(2025, 5, 5)),
        ("2025-13", "General", "2025-13"),
        ("=1+1", "General", "=1+1"),
        ("=1+1", "@", "=1+1"),
        ("- anak", "General", "=- anak"),
        ("-", "General", "-"),
        ("true", "General", True),
        ("", "General", None),
        ("Jalan 5", "General", "Jalan 5"),
    ],
)
def test_a_text_that_is_written_is_read_as_if_typed(text: str, number_format: str, value: object) -> None:
    assert typed(text, number_format).value == value


@pytest.mark.parametrize("host", ["desktop", "server"])
def test_a_formula_in_a_text_cell_stays_text(host: str, small: Path, tmp_path: Path) -> None:
    def script(book: Any) -> None:
        book.sheets[DATA].range("A1:A3").number_format = "@"
        book.sheets[DATA].range("A1").value = [["=1+1"], ["0123"], [7]]
        book.save()

    path = tmp_path / "salinan.xlsx"
    path.write_bytes(small.read_bytes())
    run = dict(zip(("desktop", "server"), in_both(path, script, tmp_path), strict=True))[host]
    cells = openpyxl.load_workbook(run.saved)[DATA]["A1:A3"]
    assert [(cell.value, cell.data_type) for (cell,) in cells] == [("=1+1", "s"), ("0123", "s"), ("7", "s")]


def test_a_formula_written_now_shows_nothing_until_recalculated(small: Path, tmp_path: Path) -> None:
    book = desktop_host.open_book(small)
    book.sheets[DATA].range("G3:G4").formula = "=C3+1"
    assert book.sheets[DATA].range("G3:G4").value == [None, None]
    assert book.sheets[DATA].range("G3:G4").formula == (("=C3+1",), ("=C4+1",))
    book.save(tmp_path / "baru.xlsx")
    again = desktop_host.open_book(recalculated(tmp_path / "baru.xlsx", tmp_path / "dihitung.xlsx"))
    assert again.sheets[DATA].range("G3:G4").value == [1501, 3]


def test_what_pandas_holds_is_written_as_a_cell_holds_it(small: Path) -> None:
    cells = desktop_host.open_book(small).sheets[DATA].range("J1:N1")
    cells.value = [np.int64(7), np.nan, pd.NaT, pd.Timestamp("2025-03-01 08:30"), Decimal("1.5")]
    assert cells.value == [7, None, None, dt.datetime(2025, 3, 1, 8, 30), 1.5]


def test_merged_cells_are_written_and_cleared_whole(small: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(small)
    book[DATA].merge_cells("B8:C8")
    book.save(tmp_path / "gabung.xlsx")
    sheet = desktop_host.open_book(tmp_path / "gabung.xlsx").sheets[DATA]
    sheet.range("B8:C8").value = ["ada", "hilang"]
    assert sheet.range("B8:C8").value == ["ada", None]
    with pytest.raises(ComError):
        sheet.range("C8").clear_contents()


# Both hosts side by side


def demo(book: Any) -> int:
    """A macro within the rules of both hosts: values, formulas, looks, copies, names, links, a sheet, a selection."""
    data = book.sheets[DATA]
    count = len([name for name in data.range("B3:B6").value if name])
    result = book.sheets.add("Hasil", after=book.sheets[-1])
    result.range("A1").value = [["Nama", "Biaya", "Tanggal"], ["'007", 12.5, dt.date(2025, 3, 1)], [None, True, 3.0]]
    result.range("B4").formula = "=SUM(B2:B3)"
    result.range("A1:C1").font.bold = True
    result.range("A1:C1").font.color = "#FF0000"
    result.range("A1:C1").color = (255, 230, 153)
    result.range("B2:B4").number_format = "#,##0.00"
    result.range("A1:C3").wrap_text = True
    data.range("B3:E3").copy(result.range("B10:E11"))
    result.range("A6").add_hyperlink(f"#{DATA}!B3", "ke data")
    result.range("A1:C4").name = "hasil"
    result.autofit("columns")
    data.range("B6").clear_contents()
    result.activate()
    result.range("A2").select()
    book.app.alert("Selesai.")
    return count


def test_one_macro_gives_one_workbook_in_both_hosts(small: Path, tmp_path: Path) -> None:
    desktop, server = in_both(small, demo, tmp_path)
    assert differences(desktop.saved, server.saved) == []
    assert (desktop.result, desktop.selection, desktop.alerts) == (server.result, server.selection, server.alerts)
    sheet = openpyxl.load_workbook(server.saved)["Hasil"]
    assert [sheet[cell].value for cell in ("A2", "B2", "B4", "E11")] == ["007", 12.5, "=SUM(B2:B3)", "=C11*2"]
    assert (sheet["C2"].number_format, sheet["A1"].font.b, sheet["C10"].number_format) == (
        DATE_FORMAT,
        True,
        '"Rp" #,##0',
    )
    assert (sheet["A6"].hyperlink.location, sheet.parent.active.title) == (f"{DATA}!B3", "Hasil")


def _last_sheet(book: openpyxl.Workbook) -> None:
    book.move_sheet("Ref", -1)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: setattr(book[DATA]["B3"], "value", "lain"),
        lambda book: setattr(book[DATA]["E3"], "value", "=C3*3"),
        lambda book: setattr(book[DATA]["C3"], "number_format", "0"),
        lambda book: setattr(book[DATA]["B3"], "font", Font(bold=True)),
        lambda book: setattr(book[DATA]["B3"], "fill", PatternFill("solid", start_color="FF0000")),
        lambda book: setattr(book[DATA]["B3"], "hyperlink", "https://contoh.example"),
        lambda book: setattr(book[DATA]["K9"], "value", 1),
        lambda book: setattr(book, "active", 1),
        lambda book: setattr(book[HIDDEN], "sheet_state", "visible"),
        lambda book: book.defined_names.pop("biaya"),
        lambda book: setattr(book[DATA].column_dimensions["B"], "width", 40),
        _last_sheet,
    ],
)
def test_a_comparison_notices(change: Callable[[openpyxl.Workbook], Any], small: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(small)
    book.save(tmp_path / "sama.xlsx")
    assert differences(small, tmp_path / "sama.xlsx") == []
    change(book)
    book.save(tmp_path / "lain.xlsx")
    assert differences(small, tmp_path / "lain.xlsx")


def test_both_hosts_read_what_the_shipped_master_shows() -> None:
    """Every cell, the computed ones as they were stored; a reader of its own (calamine) is the witness."""
    file = CalamineWorkbook.from_path(MASTER)
    sheets = {name: file.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in file.sheet_names}
    shown = {name: [[_plain(cell) for cell in row] for row in rows] for name, rows in sheets.items()}

    def read(book: Any) -> dict[str, Any]:
        blocks = {name: (1, 1, len(rows), len(rows[0])) for name, rows in shown.items()}
        cells = {name: book.sheets[name].range(block[:2]).resize(*block[2:]) for name, block in blocks.items()}
        return {name: block.options(ndim=2, err_to_str=True).value for name, block in cells.items()}

    assert read(desktop_host.open_book(MASTER)) == shown
    assert RemoteHost.open(MASTER).run(read) == shown


def _plain(cell: object) -> object:
    """calamine's value as xlwings has it: an empty cell is None, a day a datetime."""
    if type(cell) is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    return None if cell == "" else cell
