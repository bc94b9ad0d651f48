"""The task pane in a real browser against the running server; only office.js is a stand-in (support/office-stub.js)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support import addin_server, task_pane
from support.addin_server import Running, offer_function, offer_macro
from support.task_pane import Pane, open_pane

from kemitraan_xl.impossible import Impossible
from udfs.desk import Desk
from udfs.plan import Block, Plan, Report
from udfs.registry import SERVER, load_macros
from udfs.server.gate import UNKNOWN_CODE

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
    """A workbook with a sheet for work, one for findings, and one that is protected but for a cell."""
    return {
        "name": "buku.xlsx",
        "active": 0,
        "selection": "A1",
        "sheets": [
            {"name": "Data", "cells": {"A1": {"v": "lama"}, "A2": {"v": 0, "f": "=LEN(A1)"}}},
            {"name": "Temuan", "cells": {"A1": {"v": "Kode"}}},
            {"name": "Terkunci", "protection": {}, "cells": {"A1": {"v": "tetap"}, "A2": {"v": "isian", "open": True}}},
        ],
    }


def plans(monkeypatch: pytest.MonkeyPatch, *blocks: Block, **facts: Any) -> None:
    """A macro that writes these blocks and shows the first of them."""

    def uji(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        return Plan("Ditulis.", (blocks[0].sheet, blocks[0].row, blocks[0].column), blocks, **facts)

    offer_macro(monkeypatch, uji, label="Uji", tip="Menulis beberapa sel.")


@pytest.fixture
def pane(chromium: Browser, server: Running) -> Iterator[Pane]:
    """The pane of someone whose access code is right."""
    with open_pane(chromium, server, book()) as one:
        yield one
        assert not one.errors
        assert one.hosts == {f"127.0.0.1:{server.port}"}


# ---- coming in ----


def test_the_pane_asks_for_the_code_until_it_is_right(chromium: Browser, server: Running) -> None:
    with open_pane(chromium, server, book(), token=None) as pane:
        assert (pane.shows("#masuk"), pane.shows("#isi")) == (True, False)
        pane.page.fill("#kode", "bukan kode")
        pane.page.keyboard.press("Enter")
        pane.page.wait_for_function("document.querySelector('#masuk-galat').textContent")
        assert (pane.shows("#masuk"), pane.shows("#isi")) == (True, False)
        assert pane.page.input_value("#kode") == ""
        pane.page.fill("#kode", f" {addin_server.TOKEN} ")
        pane.page.keyboard.press("Enter")
        pane.page.wait_for_selector("#isi", state="visible")
        assert not pane.shows("#masuk")
        pane.page.reload(wait_until="networkidle")
        assert pane.shows("#isi")


def test_a_code_that_stopped_being_right_is_asked_for_again(pane: Pane) -> None:
    pane.page.evaluate("kodeAkses.set('usang')")
    pane.press("periksa_buku")
    pane.page.wait_for_selector("#masuk", state="visible")
    assert pane.text("#masuk-galat")


# ---- what is there, and for whom ----


def test_every_macro_has_a_button_with_its_tip_in_reach_of_the_keyboard(pane: Pane) -> None:
    here = {macro.name: macro for macro in load_macros().values() if SERVER in macro.hosts}
    reached = set()
    pane.page.focus("#folder")
    for _ in range(4 * len(here)):
        name = pane.page.evaluate("document.activeElement.dataset.makro")
        reached |= {name} if name else set()
        pane.page.keyboard.press("Tab")
    assert reached == here.keys()
    for name, macro in here.items():
        assert macro.label in pane.text(f'[data-makro="{name}"]')
        assert macro.tip in pane.text(f"#tip-{name}")
        assert pane.page.evaluate("(n) => document.querySelector(`[data-makro=${n}] img`).naturalWidth", name) == 32
    for macro in load_macros().values():
        if macro.name not in here:
            assert macro.instead in pane.text("dl")


#: Of every text that can be seen, the contrast with what is behind it (WCAG 2: at least 4.5).
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (colour) => colour.slice(0, 3)
    .map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => {
      const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 40)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""


def test_every_text_has_enough_contrast(
    chromium: Browser, server: Running, pane: Pane, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pane.page.evaluate(CONTRAST) == []
    pane.press("konsolidasi")  # an error: nothing handed in
    pane.finished()
    assert pane.page.evaluate(CONTRAST) == []
    plans(monkeypatch, Block("Data", 1, 1, [["baru"]]))
    for token in (addin_server.TOKEN, None):
        with open_pane(chromium, server, book(), token) as other:
            if token:
                other.press("uji")
                other.finished()
            assert other.page.evaluate(CONTRAST) == []


# ---- a macro ----


def test_a_macro_changes_the_workbook_and_ends_on_its_sheet(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(monkeypatch, Block("Terkunci", 2, 1, [["terisi"]]), Block("Data", 1, 1, [["baru", 7], [None, 8]]))
    with open_pane(chromium, server, book()) as pane:
        pane.page.focus('[data-makro="uji"]')
        pane.page.keyboard.press("Enter")
        assert pane.finished() == "Ditulis."
        assert pane.cells("Data") == {"A1": "baru", "B1": 7, "B2": 8}
        assert pane.cells("Terkunci") == {"A1": "tetap", "A2": "terisi"}
        assert pane.page.evaluate("document.activeElement.id") == "keadaan"
        links = pane.page.locator("#tautan button")
        assert links.all_inner_texts() == ["Buka lembar Terkunci", "Buka lembar Temuan"]
        links.nth(1).click()
        pane.page.wait_for_function("__buku.active === 1")


def test_a_locked_cell_is_refused_before_anything_is_changed(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(monkeypatch, Block("Data", 1, 1, [["baru"]]), Block("Terkunci", 1, 1, [["baru"], ["baru"]]))
    with open_pane(chromium, server, book()) as pane:
        pane.press("uji")
        assert pane.failed() == "locked"
        assert "Terkunci" in pane.text("#keadaan-teks")
        assert (pane.cells("Data"), pane.cells("Terkunci")) == (
            {"A1": "lama", "A2": "=LEN(A1)"},
            {"A1": "tetap", "A2": "isian"},
        )


def test_a_locked_structure_is_refused_before_anything_is_changed(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(monkeypatch, Block("Data", 1, 1, [["baru"]]), report=Report("Judul", ["Isi"], [["x"]], (10,)))
    with open_pane(chromium, server, {**book(), "structure": True}) as pane:
        pane.press("uji")
        assert pane.failed() == "locked"
        assert pane.cells("Data") == {"A1": "lama", "A2": "=LEN(A1)"}


def test_what_fails_half_way_is_put_back(chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = Block("Data", 1, 1, [["baru"], ["baru"], ["baru"], [1]]), Block("Temuan", 1, 1, [["baru"]])
    plans(monkeypatch, *blocks, report=Report("Judul", ["Isi"], [["x"]], (10,)))
    with open_pane(chromium, server, book()) as pane:
        texts = "__kantor.sheet('Data').cells.A3 = {v: '=bukan rumus'}, __kantor.sheet('Data').cells.A4 = {v: '007'}"
        pane.page.evaluate(texts)
        before = pane.page.evaluate("structuredClone(__buku.sheets.map((sheet) => sheet.cells))")
        pane.page.evaluate("__kantor.refuse = (place) => place === 'Temuan!A1'")
        pane.press("uji")
        assert pane.failed() == "refused"
        after = pane.page.evaluate("__buku.sheets.map((sheet) => sheet.cells)")
        assert [[(cell.get("f"), cell.get("v")) for cell in sheet.values()] for sheet in after] == [
            [(cell.get("f"), cell.get("v")) for cell in sheet.values()] for sheet in before
        ]


def test_what_cannot_be_put_back_is_said(chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    plans(monkeypatch, Block("Data", 1, 1, [["baru"]]), Block("Temuan", 1, 1, [["baru"]]))
    with open_pane(chromium, server, book()) as pane:
        stubborn = "(place) => (__kantor.refused ||= place === 'Temuan!A1')"
        pane.page.evaluate(f"__kantor.refuse = {stubborn}")
        pane.press("uji")
        assert pane.failed() == "not-put-back"


def test_a_cell_being_edited_is_one_sentence(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(monkeypatch, Block("Data", 1, 1, [["baru"]]))
    with open_pane(chromium, server, book()) as pane:
        pane.page.evaluate("__kantor.editing = true")
        pane.press("uji")
        assert pane.failed() == "InvalidOperationInCellEditMode"
        pane.page.evaluate("__kantor.editing = false")
        assert pane.cells("Data") == {"A1": "lama", "A2": "=LEN(A1)"}
        pane.press("uji")
        pane.page.wait_for_selector("#keadaan.berhasil")


def test_the_servers_sentences_are_shown(chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def uji_mustahil(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        raise Impossible("Buku ini <b>bukan</b> induk.")

    def uji_gagal(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        raise KeyError("isi sel")

    offer_macro(monkeypatch, uji_mustahil)
    offer_macro(monkeypatch, uji_gagal)
    with open_pane(chromium, server, book()) as pane:
        pane.press("uji_mustahil")
        assert pane.failed() == "400"
        assert pane.text("#keadaan-teks") == "Buku ini <b>bukan</b> induk."
        pane.press("uji_gagal")
        pane.page.wait_for_selector("#keadaan[data-reason='500']")
        assert "isi sel" not in pane.text("body")


def test_progress_is_shown_and_a_second_click_refused(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, calls = threading.Event(), []

    def uji_lambat(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        calls.append(1)
        desk.progress("Membaca berkas 50 dari 200")
        assert go.wait(20)
        return Plan("Selesai.")

    offer_macro(monkeypatch, uji_lambat)
    with open_pane(chromium, server, book()) as pane:
        pane.press("uji_lambat")
        try:
            pane.page.wait_for_function("document.querySelector('#keadaan-teks').textContent.includes('50 dari 200')")
            assert pane.page.evaluate("document.querySelector('#kemajuan').value") == 0.25
            changed = "(before) => document.querySelector('#lama').textContent !== before"
            pane.page.wait_for_function(changed, arg=pane.text("#lama"), timeout=1500)
            pane.press("uji_lambat", anyway=True)
            pane.press("periksa_buku", anyway=True)
            assert pane.page.locator("[data-makro]:not([aria-disabled])").count() == 0
            assert pane.shows("#lama")
        finally:
            go.set()
        assert pane.finished() == "Selesai."
        assert calls == [1]


# ---- ribbon and functions ----


def test_the_ribbon_runs_the_same_macros(chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    plans(monkeypatch, Block("Data", 1, 1, [["pita"]]))
    with open_pane(chromium, server, book()) as pane:
        assert set(pane.page.evaluate("Object.keys(__kantor.actions)")) == {
            macro.name for macro in load_macros().values() if SERVER in macro.hosts
        }
        assert pane.excel("press", "uji") is True
        assert pane.cells("Data")["A1"] == "pita"
        assert pane.page.evaluate("__kantor.shown") == 1
        assert pane.excel("press", "konsolidasi") is True  # nothing handed in: said, and the button let go
        assert pane.failed() == "no-files"


def test_a_button_on_a_sheet_runs_its_macro_as_often_as_it_is_clicked(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a link to a cell with a name; the names of macros that this server does not have are nothing."""
    plans(monkeypatch, Block("Data", 1, 1, [["tombol"]]))
    names = [{"name": "tombol_uji", "formula": "=Beranda!$F$12"}, {"name": "tombol_lain", "formula": "=Beranda!$G$12"}]
    told = book() | {"names": names}
    told["sheets"].append({"name": "Beranda", "protection": {}, "cells": {"F12": {"v": "Uji"}}})
    with open_pane(chromium, server, told) as pane:
        pane.page.wait_for_function("__kantor.listeners.length")
        for _ in range(2):
            pane.page.evaluate("__kantor.sheet('Data').cells.A1.v = 'lama'")
            pane.excel("choose", "Beranda", "F12")
            assert (pane.finished(), pane.cells("Data")["A1"]) == ("Ditulis.", "tombol")
        pane.excel("choose", "Beranda", "G12")
        pane.excel("choose", "Data", "F12")
        assert pane.page.evaluate("__kantor.shown") == 2
    with open_pane(chromium, server, book()) as pane:
        assert pane.excel("press", "uji") is True
        assert pane.page.evaluate("__kantor.listeners") == []


def test_functions_answer_cells_and_say_what_is_wrong(
    chromium: Browser, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kmt_uji(nilai: Any, tambah: Any = None) -> Any:
        if nilai == [["galat"]]:
            raise KeyError("isi sel")
        return nilai[0][0] + (tambah[0][0] if tambah else 0)

    offer_function(monkeypatch, kmt_uji)
    with open_pane(chromium, server, book()) as pane:
        assert pane.excel("call", "KMT_UJI", [[4]], [[3]]) == {"result": [[7]]}
        assert pane.excel("call", "KMT_UJI", [[4]], None) == {"result": [[4]]}
        wrong = pane.excel("call", "KMT_UJI", [["galat"]], None)
        assert wrong["code"] == "#VALUE!"
        assert "isi sel" not in wrong["error"]
        pane.page.evaluate("kodeAkses.set('usang')")
        assert pane.excel("call", "KMT_UJI", [[4]], None)["error"] == UNKNOWN_CODE
