"""The guides and their site hold: commands run, names are those of the product, the site is whole without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from shutil import copy

import pytest
from playwright.sync_api import Page, sync_playwright
from python_calamine import CalamineWorkbook
from support import chromium
from support.pages import DOCS, parsed, tool

from kemitraan_xl.contoh.generate import generate
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.marks import SPARE
from kemitraan_xl.pedoman.load import load
from udfs.registry import CATEGORY, load_macros
from validation.contract import checks

ROOT = DOCS.parent
GUIDES = ("mitra", "staf", "analis", "admin")
PANDUAN = tool("panduan")
#: What `make test-full` alone runs: each takes many seconds, and has tests of its own.
LONG = ("demo ", "induk ")
#: One that is accepted, one that is returned, and those to whom the odd files of the sample belong.
FEW = ("M-001", "M-002", "M-009", "M-044")


def text_of(guide: str) -> str:
    return (DOCS / "panduan" / f"{guide}.md").read_text(encoding="utf-8")


# ---- the command line ---- #


@pytest.fixture(scope="module")
def folder(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the guides begin with, on the day of their examples: the sample of the demo, but with few partners."""
    desk = tmp_path_factory.mktemp("panduan")
    generate(desk / "latihan" / "kiriman", date(2026, 11, 24), [one for one in partners() if one["kode"] in FEW])
    copy(furnished / "induk.xlsx", desk / "latihan" / "Kemitraan.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", PANDUAN.EPOCH)
        patch.setenv("KEMITRAAN_XL_CACHE", str(desk / "cache"))
        yield desk


@pytest.mark.parametrize("guide", ["analis", "staf"])
def test_every_command_of_a_guide_runs(guide: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = []

    def run(command: str) -> str:
        named = parsed(command).params
        if not command.startswith(LONG):
            done.append(command)
            PANDUAN.run(command)
            wanted = [] if named.get("preview") else [named.get(name) for name in ("target", "parquet")]
            assert [path for path in wanted if path and not path.exists()] == [], command
        return ""

    PANDUAN.filled(text_of(guide), run)
    assert len(done) >= 3


@pytest.mark.lambat
def test_what_a_guide_shows_is_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", PANDUAN.EPOCH)
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    for path, text in PANDUAN.fill_all(tmp_path).items():
        assert path.read_text(encoding="utf-8") == text, PANDUAN.COMMAND


# ---- names ---- #


@pytest.fixture(scope="module")
def names(folder: Path) -> set[str]:
    """Every button, sheet and cell of a master, of templates, of a summary and of returned files."""
    made = folder / "nama"
    made.mkdir()
    PANDUAN.run(f"konsolidasi {folder}/latihan/kiriman --keluaran {made}/rekap.xlsx --kembalikan {made}/balasan")
    for kind in ("usulan", "kemajuan", "akhir"):
        PANDUAN.run(f"templat --jenis {kind} --mitra X --periode 2027-T1 --keluaran {made}/{kind}.xlsx")
    found = {macro.label for macro in load_macros().values()} | {CATEGORY, SPARE}
    for path in [folder / "latihan" / "Kemitraan.xlsx", *made.rglob("*.xlsx")]:
        book = CalamineWorkbook.from_path(str(path))
        found |= {*book.sheet_names}
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python()
            found |= {" ".join(cell.split()) for row in rows for cell in row if isinstance(cell, str)}
    return found


@pytest.mark.parametrize("guide", GUIDES)
def test_what_is_bold_is_a_sheet_a_button_or_a_cell(guide: str, names: set[str]) -> None:
    bold = {" ".join(name.split()) for name in re.findall(r"\*\*(.+?)\*\*", text_of(guide), re.DOTALL)}
    assert bold
    assert bold - names == set()


def test_every_code_in_a_guide_is_one() -> None:
    known = {check.code for check in checks()} | {setting.code for setting in load().settings}
    named = {code for guide in GUIDES for code in re.findall(r"`([A-Z]{1,3}-\d\w*)`", text_of(guide))}
    assert named
    assert named - known == set()


def test_pictures_of_guides_are_small_and_made_by_one_command() -> None:
    shown = {name for guide in GUIDES for name in re.findall(r"\.\./gambar/([\w-]+)\.png", text_of(guide))}
    assert shown
    assert shown - {picture.name for picture in tool("gambar").WANTED} == set()
    assert [name for name in shown if (DOCS / "gambar" / f"{name}.png").stat().st_size > 200_000] == []


# ---- the site ---- #


class Loaded(HTMLParser):
    """Whatever a page loads from elsewhere without being asked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" or dict(attrs).get("rel") == "canonical":
            return
        loaded = [str(value) for name, value in attrs if name in ("href", "src", "srcset")]
        self.foreign += [value for value in loaded if "//" in value]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; every warning stops it."""
    built = tmp_path_factory.mktemp("situs")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(built)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=quiet, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return built


def test_the_site_is_read_without_a_network(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    assert {page.name: found for page in pages if (found := Loaded(page.read_text(encoding="utf-8")).foreign)} == {}
    sheets = {sheet.name: sheet.read_text(encoding="utf-8") for sheet in site.rglob("*.css")}
    assert [name for name, text in sheets.items() if re.search(r"(url\(|@import )[\"']?https?:", text)] == []


def test_every_code_can_be_looked_up(site: Path) -> None:
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (site / "kamus").glob("*.html")}
    for check in checks():
        assert f'<h2 id="{check.code.lower()}">' in pages[check.code.partition("-")[0].lower()], check.code


@pytest.fixture
def reader() -> Iterator[Page]:
    """A browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.program())
        yield browser.new_page()
        browser.close()


@pytest.mark.chromium
def test_the_guide_for_partners_prints_on_one_page(site: Path, reader: Page) -> None:
    reader.goto((site / "panduan" / "mitra.html").as_uri())
    reader.emulate_media(media="print")
    printed = reader.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.chromium
def test_the_search_finds_a_code_from_the_disk(site: Path, reader: Page) -> None:
    reader.goto((site / "index.html").as_uri())
    reader.click("[data-md-component=search-query]")
    reader.keyboard.type("RK-10")
    reader.wait_for_selector("[data-md-component=search-result] a[href*='kamus/rk.html']", timeout=60_000)
