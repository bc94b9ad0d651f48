"""The task pane in a real browser: headless Chromium, the running server, and in place of office.js a stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
from openpyxl.utils.datetime import to_excel
from playwright.sync_api import Browser, Page, sync_playwright
from python_calamine import CalamineWorkbook

from support import chromium
from support.addin_server import TOKEN, Running

STUB = Path(__file__).with_name("office-stub.js")

#: Under which the pane keeps the access code.
KEY = "kemitraanKodeAkses"


@contextmanager
def chromium_started() -> Iterator[Browser]:
    """Chromium as it is installed on this machine."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.program(), args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Pane:
    """The task pane beside a workbook. `hosts` are the computers it asked, `errors` what went wrong in its scripts."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def shows(self, selector: str) -> bool:
        return self.page.is_visible(selector)

    def press(self, macro: str, *, anyway: bool = False) -> None:
        """Click a macro's button; `anyway` also while it says that it cannot be used now."""
        self.page.click(f'[data-makro="{macro}"]', force=anyway)

    def finished(self, timeout: float = 20) -> str:
        """Wait for the end of a macro; the sentence it ended with."""
        self.page.wait_for_selector("#keadaan.berhasil, #keadaan.galat", timeout=1000 * timeout)
        self.page.wait_for_selector("[data-makro]:not([aria-disabled])")
        return self.text("#keadaan-teks")

    def failed(self) -> str:
        """Wait for a macro that does not succeed; the reason, see js/kemitraan/server.js."""
        self.page.wait_for_selector("#keadaan.galat")
        self.page.wait_for_selector("[data-makro]:not([aria-disabled])")
        return self.page.get_attribute("#keadaan", "data-reason") or ""

    def cells(self, sheet: str) -> dict[str, Any]:
        """What the cells of a sheet hold now: a formula, else a value."""
        found = self.page.evaluate("(name) => __kantor.sheet(name)?.cells ?? {}", sheet)
        return {name: cell.get("f", cell.get("v")) for name, cell in found.items() if "f" in cell or "v" in cell}

    def excel(self, script: str, *arguments: Any) -> Any:
        """Something that Excel or its user does; see the end of office-stub.js."""
        return self.page.evaluate(f"(a) => __kantor.{script}(...a)", list(arguments))


@contextmanager
def open_pane(browser: Browser, server: Running, book: Mapping[str, Any], token: str | None = TOKEN) -> Iterator[Pane]:
    """The pane of a user who has given this access code before, beside this workbook."""
    context = browser.new_context(viewport={"width": 340, "height": 900}, locale="id-ID", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    pane = Pane(page)
    page.on("request", lambda request: pane.hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: pane.errors.append(str(error)))
    page.add_init_script(f"window.__buku = {_json(book)}")
    if token is not None:
        page.add_init_script(f"localStorage.{KEY} ??= {_json(token)}")
    stub = STUB.read_text(encoding="utf-8")
    page.route("**/office.js", lambda route: route.fulfill(content_type="text/javascript", body=stub))
    page.goto(f"{server.url}/taskpane.html", wait_until="networkidle")
    try:
        yield pane
    finally:
        context.close()


def _json(value: Any) -> str:
    return json.dumps(value)


def book_of(path: Path) -> dict[str, Any]:
    """A workbook file as the stand-in for Excel takes it: values as they were stored, formulas, formats, locks."""
    book, stored = openpyxl.load_workbook(path), CalamineWorkbook.from_path(str(path))
    sheets = []
    for sheet in book.worksheets:
        values = stored.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        cells: dict[str, Any] = {}
        columns = [[one.min - 1, one.max - 1] for one in sheet.column_dimensions.values() if not one.protection.locked]
        for cell in sheet._cells.values():  # those in the file: iter_rows makes the missing ones, as locked cells
            facts: dict[str, Any] = {}
            if cell.row <= len(values) and cell.column <= len(values[0]):
                value = values[cell.row - 1][cell.column - 1]
                facts = {} if value == "" else {"v": to_excel(value) if isinstance(value, datetime | date) else value}
            if cell.data_type == "f":
                facts["f"] = cell.value if isinstance(cell.value, str) else f"={cell.value}"
            if cell.number_format != "General":
                facts["nf"] = cell.number_format
            column = cell.column - 1
            if cell.protection.locked == any(first <= column <= last for first, last in columns):
                facts["open"] = not cell.protection.locked
            if facts:
                cells[cell.coordinate] = facts
        shut = {"format": not sheet.protection.formatCells} if sheet.protection.sheet else None
        state = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}[sheet.sheet_state]
        sheets.append({"name": sheet.title, "visibility": state, "protection": shut, "open": columns, "cells": cells})
    names = [{"name": name, "formula": f"={one.attr_text}"} for name, one in book.defined_names.items()]
    return {"name": path.name, "active": 0, "selection": "A1", "names": names, "sheets": sheets}
