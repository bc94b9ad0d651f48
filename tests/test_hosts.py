"""The two simulated Excels: where they differ as the real ones do, what each has of its own."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from support import desktop_host, remote_host
from support.excel_books import in_both
from support.excel_samples import DATA, HIDDEN, LOCKED, in_host, small_book
from support.remote_host import RemoteHost, UnknownActionError

from udfs.build.stub import ComError


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_book(tmp_path_factory.mktemp("hosts"))


@pytest.fixture
def desktop(small: Path) -> xw.Book:
    return desktop_host.open_book(small)


@pytest.fixture
def server(small: Path) -> RemoteHost:
    return RemoteHost.open(small)


# Reading


def test_values_come_as_each_host_gives_them(desktop: xw.Book, server: RemoteHost) -> None:
    def row(book: Any) -> list[Any]:
        return book.sheets[DATA].range("B3:F3").value

    moment = dt.datetime(2025, 1, 5)
    here, there = row(desktop), server.run(row)
    assert here == ["Satu", Decimal(1500), moment, 3000, True]
    assert [type(value) for value in here] == [str, Decimal, dt.datetime, float, bool]  # a currency cell is a Decimal
    assert there == ["Satu", 1500, moment, 3000, True]
    assert [type(value) for value in there] == [str, int, dt.datetime, int, bool]


@pytest.mark.parametrize("host", ["desktop", "server"])
def test_an_error_cell_is_nothing_or_its_name(host: str, small: Path) -> None:
    def read(book: Any) -> list[Any]:
        cell = book.sheets[DATA].range("E4")
        return [cell.value, cell.options(err_to_str=True).value]

    assert in_host(host, small, read) == [None, "#DIV/0!"]


def test_used_range_counts_formats_on_the_desktop_only(desktop: xw.Book, server: RemoteHost) -> None:
    def address(book: Any) -> str:
        return str(book.sheets[DATA].used_range.address)

    assert (address(desktop), server.run(address)) == ("$B$2:$H$9", "$B$2:$F$6")


def test_values_stand_where_they_stand_although_the_used_range_begins_later(server: RemoteHost) -> None:
    sheet = server.payload()["sheets"][0]
    assert (sheet["used_range_address"], sheet["values"][1][1]) == ("B2:F6", "Nama")


def test_a_sheet_left_out_comes_without_values(server: RemoteHost) -> None:
    values = {sheet["name"]: sheet["values"] for sheet in server.payload(include=[DATA], args=["7"])["sheets"]}
    assert values["Rekap"] == [[]]
    assert values[DATA] != [[]]


# The semantics that differ (a macro that leans on one of them fails in the other host)


def _reads_back(book: Any) -> Any:
    book.sheets[DATA].range("B3").value = "baru"
    return book.sheets[DATA].range("B3").value


def _goes_down(book: Any) -> Any:
    return book.sheets[DATA].range("B4").end("down").address


def _adds_a_sheet(book: Any) -> Any:
    return book.sheets.add("Baru").index


def _names_cells_elsewhere(book: Any) -> Any:
    return book.sheets[LOCKED].range("biaya").address


def _selects_elsewhere(book: Any) -> Any:
    return book.sheets[LOCKED].range("B1").select()


def _copies_from(book: Any) -> Any:
    cells = book.sheets[DATA]
    return cells.range("B8").copy_from(cells.range("B3"))


def _finds_the_last_row(book: Any) -> Any:
    return book.sheets[DATA].cells.last_cell.end("up").row


def _shows_progress(book: Any) -> Any:
    book.app.status_bar = "sedang bekerja"
    return book.app.status_bar


@pytest.mark.parametrize(
    ("script", "on_desktop", "on_server"),
    [
        (_reads_back, "baru", "Satu"),
        (_goes_down, "$B$6", "$B$4"),
        (_adds_a_sheet, 1, 4),
        (_names_cells_elsewhere, ComError, "$C$3:$C$4"),
        (_selects_elsewhere, ComError, None),
        (_copies_from, NotImplementedError, None),
        (_finds_the_last_row, 1, IndexError),
        (_shows_progress, "sedang bekerja", NotImplementedError),
    ],
)
def test_where_the_hosts_differ(script: Callable[[Any], Any], on_desktop: Any, on_server: Any, small: Path) -> None:
    for host, expected in (("desktop", on_desktop), ("server", on_server)):
        if isinstance(expected, type):
            with pytest.raises(expected):
                in_host(host, small, script)
        else:
            assert in_host(host, small, script) == expected


def test_the_server_counts_widths_in_points(small: Path, tmp_path: Path) -> None:
    def widen(book: Any) -> None:
        book.sheets[DATA].range("B1").column_width = 21

    one, other = in_both(small, widen, tmp_path)
    assert openpyxl.load_workbook(one.saved)[DATA].column_dimensions["B"].width == 21
    assert openpyxl.load_workbook(other.saved)[DATA].column_dimensions["B"].width == 4


def test_an_unknown_action_fails(server: RemoteHost) -> None:
    with pytest.raises(UnknownActionError):
        server.apply([{"func": "rangeToPng", "args": []}])


def test_plain_workbooks_can_be_sent_and_changed() -> None:
    book = openpyxl.Workbook()
    data = remote_host.payload(book, name="Polos.xlsx", args=["tugas"])
    script = remote_host.remote_book(data)
    script.sheets[0].range("A1").value = [[1, "dua"]]
    script.app.alert("selesai")
    assert remote_host.apply(book, script.json()["actions"]).alerts == ["selesai"]
    assert [cell.value for cell in book.active[1]] == [1, "dua"]
    assert (data["book"]["name"], data["args"]) == ("Polos.xlsx", ["tugas"])


# The desktop's own


def test_the_caller_is_the_book_that_was_opened_first(desktop: xw.Book, small: Path, tmp_path: Path) -> None:
    second = tmp_path / "kedua.xlsx"
    second.write_bytes(small.read_bytes())
    other = desktop.app.books.open(second)
    assert (xw.Book.caller().name, other.name) == (small.name, second.name)
    assert desktop.app.books.open(second).sheets[DATA].range("B3").value == "Satu"
    assert [book.name for book in desktop.app.books] == [small.name, second.name]
    other.close()
    assert len(desktop.app.books) == 1


def test_an_empty_book_can_be_made_and_saved(desktop: xw.Book, tmp_path: Path) -> None:
    book = xw.App(add_book=False).books.add()
    book.sheets[0].range("A1").value = "baru"
    book.save(tmp_path / "baru.xlsx")
    assert openpyxl.load_workbook(tmp_path / "baru.xlsx").active["A1"].value == "baru"
    assert xw.Book.caller().name == desktop.name


def test_the_application_keeps_what_a_person_would_see(desktop: xw.Book) -> None:
    app = desktop.app
    app.status_bar, app.screen_updating, app.calculation = "membaca", False, "manual"
    app.status_bar = False
    app.alert("Selesai.")
    assert (app.status_bar, app.screen_updating, app.calculation) == (False, False, "manual")
    assert (app.impl.status_bars, app.impl.alerts) == (["membaca"], ["Selesai."])


def test_names_are_found_and_only_those_of_cells_have_cells(desktop: xw.Book) -> None:
    assert desktop.names["biaya"].refers_to_range.address == "$C$3:$C$4"
    assert "tidak_ada" not in desktop.names
    with pytest.raises(ComError):
        _ = desktop.names["persen"].refers_to_range


def test_a_very_hidden_sheet_counts_as_visible_on_the_desktop_only(small: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(small)
    book[HIDDEN].sheet_state = "veryHidden"
    book.save(path := tmp_path / "tersembunyi.xlsx")
    seen = {host: in_host(host, path, lambda book: bool(book.sheets[HIDDEN].visible)) for host in ("desktop", "server")}
    assert seen == {"desktop": True, "server": False}


@pytest.mark.parametrize("host", ["desktop", "server"])
def test_the_selection_is_that_of_the_sheet_shown(host: str, small: Path, tmp_path: Path) -> None:
    book = desktop_host.open_book(small)
    book.sheets[LOCKED].activate()
    book.sheets[LOCKED].range("B1").select()
    book.save(path := tmp_path / "dipilih.xlsx")
    assert in_host(host, path, lambda book: (book.selection.sheet.name, book.selection.address)) == (LOCKED, "$B$1")


@pytest.mark.libreoffice
def test_the_desktop_prints_one_sheet(small: Path, tmp_path: Path) -> None:
    book = desktop_host.open_book(small)
    book.sheets[LOCKED].to_pdf(tmp_path / "rekap.pdf")
    text = subprocess.run(["pdftotext", tmp_path / "rekap.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Terkunci" in text
    assert "Nama" not in text
    assert [bool(sheet.visible) for sheet in book.sheets] == [True, True, False]
