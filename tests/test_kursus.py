"""The course: its commands run, and its answer keys are the faults that the sample set plants."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from kemitraan_xl.cli import kemitraan
from kemitraan_xl.contoh.generate import Expected
from kemitraan_xl.contoh.proposal import data, partners

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "kursus.md").read_text(encoding="utf-8")
NAMES = {partner["kode"]: partner["nama"] for partner in partners()}


def tool() -> ModuleType:
    """The program that writes the keys, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("kursus", DOCS / "alat" / "kursus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands() -> list[str]:
    """Every command of the course, as typed on this system."""
    return re.findall(r"^kemitraan (.+)$", TEXT.replace("\\", "/"), re.MULTILINE)


def planted() -> Iterator[tuple[str, str]]:
    """The name of a partner and a fault in its file, as a key says it."""
    for row in [*data("cacat")["cacat"], *data("cacat_laporan")["cacat"]]:
        for code, sheet, cell, level in row["temuan"]:
            if level != "I" and "{" not in cell:
                yield row.get("lembaga", NAMES[row["kode"]]), f"{level} {code} {sheet} {cell}".rstrip()


def test_every_planted_fault_is_in_the_keys() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| `")]
    told = [(name, fault) for name, fault in planted() if any(name in line and fault in line for line in lines)]
    assert told == list(planted())


def test_a_key_lists_what_is_not_plainly_accepted() -> None:
    expected = Expected(
        {"a/baik.xlsx": "diterima", "a/salah.xlsx": "dikembalikan", "b/lain.xlsx": "ditolak"},
        {"a/salah.xlsx": frozenset({("RK-02", "Rencana Kerja", "", "E"), ("ST-21", "Sampul", "B4", "I")})},
        rows=0,
        total=0,
    )
    text = tool().filled("<!-- kunci: kiriman/a -->\nlama<!-- akhir kunci -->", {"kiriman": expected})
    assert [line for line in text.splitlines() if line.startswith("| `")] == [
        "| `a/salah.xlsx` | dikembalikan | E RK-02 Rencana Kerja |"
    ]
    assert "2 berkas: 1 diterima, 1 dikembalikan." in text


def test_every_command_is_one() -> None:
    assert len(commands()) > 10
    for line in commands():
        name, *words = shlex.split(line)
        kemitraan.commands[name].make_context(name, words)


@pytest.mark.lambat
def test_the_keys_are_current() -> None:
    assert tool().filled(TEXT, tool().planned()) == TEXT, "python docs/alat/kursus.py"


@pytest.mark.lambat
def test_the_whole_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a new member of staff takes it; the demo itself finds its faults to be the planted ones."""
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    for line in commands():
        result = CliRunner().invoke(kemitraan, shlex.split(line), standalone_mode=False)
        assert result.exception is None or isinstance(result.exception, click.exceptions.Exit), line
        assert result.return_value in (0, 1, None), line
    assert {"rekap-tahun.xlsx", "induk-baru.xlsx", "pengingat", "balasan"} <= {path.name for path in tmp_path.iterdir()}
