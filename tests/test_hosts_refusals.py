"""What Excel refuses, both simulated hosts refuse: locked cells and sheets, hidden sheets, a read-only book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from support import desktop_host
from support.desktop_com import APPLICATION_ERROR
from support.excel_samples import DATA, HIDDEN, LOCKED, in_host, small_book
from support.remote_host import ActionError, RemoteHost

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


def _lock_structure(book: openpyxl.Workbook) -> None:
    book.security = openpyxl.workbook.protection.WorkbookProtection(lockStructure=True)


def _allow(option: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: setattr(book[LOCKED].protection, option, False)


def _as_it_is(book: openpyxl.Workbook) -> None:
    """The workbook of the fixture."""


def _rekap(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda book: change(book.sheets[LOCKED])


def _write(address: str) -> Callable[[Any], Any]:
    return _rekap(lambda sheet: setattr(sheet.range(address), "value", "x"))


_BOLD = _rekap(lambda sheet: setattr(sheet.range("A1").font, "bold", True))
_NUMBER_FORMAT = _rekap(lambda sheet: setattr(sheet.range("B1"), "number_format", "@"))
_WIDTH = _rekap(lambda sheet: setattr(sheet.range("A1"), "column_width", 50))


@pytest.mark.parametrize("host", ["desktop", "server"])
@pytest.mark.parametrize(
    ("prepare", "script", "refused"),
    [
        (_as_it_is, _write("A1"), True),
        (_as_it_is, _write("B1"), False),
        (_as_it_is, _write("A1:B1"), True),
        (_as_it_is, _write("C7"), True),  # a cell that is not there is locked
        (_as_it_is, _write("D7"), False),  # unless its column is not
        (_as_it_is, _rekap(lambda sheet: sheet.range("A1").clear_contents()), True),
        (_as_it_is, _rekap(lambda sheet: sheet.range("B1").clear_contents()), False),
        (_as_it_is, _rekap(lambda sheet: sheet.range("B1").add_hyperlink("#Data!A1", "x")), True),
        (_as_it_is, _BOLD, True),
        (_allow("formatCells"), _BOLD, False),
        (_as_it_is, _NUMBER_FORMAT, True),
        (_allow("formatCells"), _NUMBER_FORMAT, False),
        (_as_it_is, _WIDTH, True),
        (_allow("formatColumns"), _WIDTH, False),
        (_allow("sheet"), _write("A1"), False),
        (_as_it_is, lambda book: book.sheets.add("Baru", after=book.sheets[-1]), False),
        (_lock_structure, lambda book: book.sheets.add("Baru", after=book.sheets[-1]), True),
        (_lock_structure, lambda book: book.sheets[LOCKED].delete(), True),
        (_lock_structure, lambda book: setattr(book.sheets[HIDDEN], "visible", True), True),
        (_as_it_is, lambda book: setattr(book.sheets[HIDDEN], "visible", True), False),
        (_as_it_is, lambda book: book.sheets[HIDDEN].activate(), True),
        (_as_it_is, lambda book: setattr(book.sheets[HIDDEN], "name", LOCKED.upper()), True),
        (_as_it_is, lambda book: setattr(book.sheets[DATA].range("J1"), "value", "=@x"), True),
        (_as_it_is, lambda book: setattr(book.sheets[DATA].range("J1"), "value", "x" * 32_768), True),
    ],
)
def test_both_refuse_what_excel_refuses(
    host: str,
    prepare: Callable[[openpyxl.Workbook], None],
    script: Callable[[Any], Any],
    refused: bool,
    small: Path,
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(small)
    prepare(book)
    book.save(path := tmp_path / "buku.xlsx")
    if not refused:
        in_host(host, path, script)
        return
    with pytest.raises((ComError, ActionError)) as caught:
        in_host(host, path, script)
    error = caught.value
    if isinstance(error, ActionError):
        assert error.code in {"AccessDenied", "InvalidArgument", "InvalidOperation"}
    else:
        assert isinstance(error, ComError)
        assert error.excepinfo
        assert error.excepinfo[5] == APPLICATION_ERROR


def test_a_block_with_one_locked_cell_is_not_written_at_all(desktop: xw.Book) -> None:
    with pytest.raises(ComError):
        desktop.sheets[LOCKED].range("A1:B1").value = ["x", "y"]
    assert desktop.sheets[LOCKED].range("B1").value == "isian"


def test_office_denies_access_to_a_locked_cell_and_keeps_what_went_before(server: RemoteHost) -> None:
    def script(book: Any) -> None:
        book.sheets[DATA].range("B3").value = "sudah"
        book.sheets[LOCKED].range("A1").value = "tidak"

    with pytest.raises(ActionError) as caught:
        server.run(script)
    assert (caught.value.index, caught.value.code) == (1, "AccessDenied")
    assert server.opened.book[DATA]["B3"].value == "sudah"


def test_a_script_that_fails_applies_nothing(server: RemoteHost) -> None:
    def script(book: Any) -> None:
        book.sheets[DATA].range("B3").value = "tidak"
        raise LookupError

    with pytest.raises(LookupError):
        server.run(script)
    assert server.opened.book[DATA]["B3"].value == "Satu"


def test_a_read_only_book_is_saved_only_under_another_name(small: Path, tmp_path: Path) -> None:
    book = desktop_host.open_book(small, read_only=True)
    before = small.read_bytes()
    book.sheets[DATA].range("B3").value = "boleh"
    with pytest.raises(ComError):
        book.save()
    assert small.read_bytes() == before
    book.save(tmp_path / "lain.xlsx")
    assert openpyxl.load_workbook(tmp_path / "lain.xlsx")[DATA]["B3"].value == "boleh"
    with pytest.raises(ActionError):
        RemoteHost.open(small, read_only=True).run(lambda book: book.save())
