"""Files through the task pane in a real browser: a folder handed in, results fetched, a whole consolidation."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from support import addin_server, task_pane
from support.addin_server import Running, offer_macro
from support.task_pane import open_pane

from kemitraan_xl.contoh.generate import generate
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.shipped import shipped
from udfs.desk import Desk
from udfs.plan import Plan
from validation.contract import tables

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with task_pane.chromium_started() as one:
        yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with addin_server.running(tmp_path_factory.mktemp("server") / "tugas") as one:
        yield one


def book() -> dict[str, Any]:
    """An almost empty workbook."""
    return {"name": "buku.xlsx", "active": 0, "selection": "A1", "sheets": [{"name": "Data", "cells": {}}]}


def collects(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A macro that notes what was handed in and makes a file."""
    seen: dict[str, bytes] = {}

    def uji_masuk(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        seen.clear()
        files = (path for path in desk.source.rglob("*") if path.is_file())
        seen.update({path.relative_to(desk.source).as_posix(): path.read_bytes() for path in files})
        (desk.target / "ringkasan.txt").write_text(f"{len(seen)}", encoding="utf-8")
        return Plan(f"{len(seen)} berkas.")

    offer_macro(monkeypatch, uji_masuk, inbox=True, outbox=True)
    return seen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder such as a partner's mail leaves behind."""
    place = tmp_path / "Kiriman #1"
    (place / "Jawa Barat").mkdir(parents=True)
    (place / "a b.xlsx").write_bytes(b"1")
    (place / "Jawa Barat" / "usulan – 100%.xlsx").write_bytes(b"2" * 100_000)
    return place


FILES = {"a b.xlsx": b"1", "Jawa Barat/usulan – 100%.xlsx": b"2" * 100_000}


def test_a_folder_is_handed_in_and_what_was_made_is_fetched(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    seen = collects(monkeypatch)
    with open_pane(chromium, server, book()) as pane:
        pane.press("uji_masuk")
        assert pane.failed() == "no-files"
        assert pane.page.evaluate("document.activeElement.id") == "folder"
        pane.page.set_input_files("#folder", folder)
        assert "2 berkas" in pane.text("#kiriman-teks")
        pane.press("uji_masuk")
        pane.page.wait_for_selector("#keadaan.berhasil")
        assert seen == FILES
        assert pane.page.locator("#hasil li").all_inner_texts() == ["ringkasan.txt"]
        with pane.page.expect_download() as waiting:
            pane.page.click("#unduh")
        waiting.value.save_as(tmp_path / "hasil.zip")
        with zipfile.ZipFile(tmp_path / "hasil.zip") as archive:
            assert archive.read("ringkasan.txt") == b"2"
        pane.page.set_input_files("#berkas", folder / "a b.xlsx")
        pane.press("uji_masuk")
        pane.page.wait_for_function("document.querySelector('#keadaan-teks').textContent === '1 berkas.'")
        assert seen == {"a b.xlsx": b"1"}
        pane.page.click("#kosongkan")
        assert not pane.shows("#kosongkan")


#: Files dragged onto the pane, as Chromium hands them to a page.
DROP = """(names) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([name], name));
  const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector("#jatuhkan").dispatchEvent(drop);
}"""


def test_files_are_dragged_onto_the_pane(chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = collects(monkeypatch)
    with open_pane(chromium, server, book()) as pane:
        pane.page.evaluate(DROP, ["a.xlsx", "b.xlsx"])
        pane.page.wait_for_function("document.querySelector('#kiriman-teks').textContent.includes('2 berkas')")
        pane.press("uji_masuk")
        assert pane.finished() == "2 berkas."
        assert seen == {"a.xlsx": b"a.xlsx", "b.xlsx": b"b.xlsx"}


def test_after_a_restart_of_the_server_one_more_click_is_enough(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    seen = collects(monkeypatch)
    with addin_server.running(tmp_path / "tugas") as first:
        context = open_pane(chromium, first, book())
        pane = context.__enter__()
        pane.page.set_input_files("#folder", folder)
        pane.press("uji_masuk")
        assert pane.finished() == "2 berkas."
    pane.press("uji_masuk")
    assert pane.failed() == "0"
    with addin_server.running(tmp_path / "tugas", port=first.port):
        seen.clear()
        pane.press("uji_masuk")
        pane.page.wait_for_selector("#keadaan.berhasil")
        assert seen == FILES
        context.__exit__(None, None, None)


# ---- the real thing: a master, returned files, Konsolidasi ----

TODAY = date(2026, 11, 24)
FEW = [partner for partner in partners() if partner["kode"] in ("M-001", "M-002", "M-024", "M-044")]

#: What a user reads while a macro works, and how long it stays the same.
WATCH = """() => {
  window.__read = [];
  const seen = () => document.querySelector("#keadaan-teks").textContent + document.querySelector("#lama").textContent;
  const note = () => __read.at(-1)?.[0] !== seen() && __read.push([seen(), performance.now()]);
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(note).observe(document.querySelector("#keadaan"), all);
}"""


def test_a_consolidation_from_the_pane_fills_the_master(chromium: Browser, server: Running, tmp_path: Path) -> None:
    expected = generate(tmp_path / "kiriman", TODAY, FEW)
    with open_pane(chromium, server, task_pane.book_of(shipped("Kemitraan.xlsx"))) as pane:
        before = pane.page.evaluate("structuredClone(__buku.sheets)")
        pane.page.evaluate(WATCH)
        pane.page.set_input_files("#folder", tmp_path / "kiriman")
        pane.press("konsolidasi")
        sentence = pane.finished(120)
        assert pane.shows("#keadaan.berhasil"), sentence
        shown = pane.page.evaluate("__read")
        assert max(later - sooner for (_, sooner), (_, later) in pairwise(shown)) < 3000  # a second, on an idle machine
        read = " ".join(text for text, _ in shown)
        assert f"{len(expected.verdicts)} dari {len(expected.verdicts)}" in read  # uploaded
        assert "1 detik" in read
        archive = {cell for cell in pane.cells("Arsip").values() if isinstance(cell, str)}
        assert archive >= expected.verdicts.keys() | set(expected.verdicts.values())
        after = pane.page.evaluate("structuredClone(__buku.sheets)")
        typed = {table.sheet for table in tables().values() if "induk" in table.kinds}
        assert [one for one in after if one["name"] in typed] == [one for one in before if one["name"] in typed]
        pane.page.locator("#tautan button", has_text="Temuan").click()
        pane.page.wait_for_function("__buku.sheets[__buku.active].name === 'Temuan'")
