"""The pages for users hold: their commands run, generated pages are current, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.pages import DOCS, commands, parsed, tool

from udfs.doctor.model import failures
from udfs.registry import load_macros

ROOT = Path(__file__).parents[1]
PAGES = (
    "index.md",
    "kiriman.md",
    "keamanan.md",
    "uji-windows.md",
    "makro.md",
    "gangguan.md",
    "arsip.md",
    "skema-arsip.md",
    "skala.md",
    "panduan/mitra.md",
    "panduan/staf.md",
    "panduan/analis.md",
    "panduan/admin.md",
)


@pytest.mark.parametrize("page", ["makro", "gangguan"])
def test_generated_pages_are_current(page: str) -> None:
    module = tool(page)
    assert (DOCS / f"{page}.md").read_text(encoding="utf-8") == module.page(), module.COMMAND
    table = [line for line in module.page().splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1


def test_every_macro_says_what_stands_in_for_it() -> None:
    module = tool("makro")
    assert module.ON_THE_COMMAND_LINE.keys() <= load_macros().keys()
    for line in module.ON_THE_COMMAND_LINE.values():
        parsed(line.replace("JENIS", "usulan"))
    assert all(macro.instead or len(macro.hosts) == 2 for macro in load_macros().values())


@pytest.mark.parametrize(
    "page",
    [
        "kiriman.md",
        "uji-windows.md",
        "arsip.md",
        "skala.md",
        "panduan/staf.md",
        "panduan/analis.md",
        "panduan/admin.md",
    ],
)
def test_every_command_is_one(page: str) -> None:
    lines = commands(page)
    assert lines
    for line in lines:
        if "--help" not in line:
            parsed(line)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    place = DOCS / page
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", place.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (place.parent / link).exists()] == []


def test_the_acceptance_list_names_every_button_and_only_known_failures() -> None:
    text = (DOCS / "uji-windows.md").read_text(encoding="utf-8")
    assert [macro.label for macro in load_macros().values() if macro.label not in text] == []
    named = set(re.findall(r"gangguan `([a-z-]+)`", text))
    assert named
    assert named <= failures().keys()


def test_every_measure_against_a_threat_names_a_test_that_is_there() -> None:
    rows = [line for line in (DOCS / "keamanan.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = [re.findall(r"`(test_\w+\.py)::(\w+)`", row) for row in rows if not row.startswith("| yang mungkin")]
    assert len(named) > 25
    assert all(named)
    for file, test in {one for row in named for one in row}:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}::{test}"
