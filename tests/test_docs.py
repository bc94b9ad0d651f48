"""The pages for users hold: their commands run, generated pages are current, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from kemitraan_xl.cli import kemitraan
from udfs.commands import dokter, pasang, server
from udfs.doctor.model import failures
from udfs.registry import load_macros

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (
    "kiriman.md",
    "keamanan.md",
    "pemasangan.md",
    "uji-windows.md",
    "makro.md",
    "gangguan.md",
    "arsip.md",
    "skema-arsip.md",
)
COMMANDS: dict[str, click.Command] = {
    **kemitraan.commands,
    **{str(command.name): command for command in (dokter, pasang, server)},
}

#: In the order of the page, each with its exit code; the others change a Windows profile, never end, or take minutes.
RUN = {
    'templat --jenis usulan --mitra "Yayasan Contoh" --keluaran kiriman/usulan-contoh.xlsx': 0,
    "periksa kiriman": 1,
    "konsolidasi kiriman --induk Kemitraan.xlsm --keluaran rekap.xlsx --kembalikan balasan": 1,
}


def tool(name: str) -> ModuleType:
    """A program of docs/alat, which is no part of any package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "alat" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(page: str) -> list[str]:
    """Every `kemitraan ...` line in the blocks of a page, as typed on this system."""
    blocks = re.findall(r"^ *```bat\n(.*?)^ *```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = (line.strip().replace("\\", "/") for block in blocks for line in block.splitlines())
    return [line.removeprefix("kemitraan ") for line in lines if line.startswith("kemitraan ")]


def parsed(line: str) -> click.Context:
    """The command line understood but not run; raises what click raises."""
    name, *words = shlex.split(line)
    return COMMANDS[name].make_context(name, words)


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


@pytest.mark.parametrize("page", ["kiriman.md", "pemasangan.md", "uji-windows.md", "arsip.md"])
def test_every_command_is_one(page: str) -> None:
    lines = commands(page)
    assert lines
    for line in lines:
        if "--help" not in line:
            parsed(line)


def test_the_walk_to_the_first_consolidation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "workbook" / "Kemitraan.xlsm", tmp_path)
    (tmp_path / "kiriman").mkdir()
    assert [line for line in commands("pemasangan.md") if line in RUN] == list(RUN)
    for line, code in RUN.items():
        result = CliRunner().invoke(kemitraan, shlex.split(line), standalone_mode=False)
        assert (result.exception, result.return_value) == (None, code), line
    assert {path.name for path in tmp_path.iterdir()} == {"Kemitraan.xlsm", "kiriman", "rekap.xlsx", "balasan"}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((DOCS / link).exists() for link in links if "://" not in link)


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
