"""The four steps of degradation (N17): what is missing above a step is never needed by it.

Full: tests/test_hosts.py. Server without desktop Python: tests/test_server.py and test_taskpane.py. Formulas only:
tests/test_parity.py, and here that no shipped cell needs more. Command line: here, on a computer that has neither Excel
nor xlwings.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import click
import pytest
from click.testing import CliRunner

from kemitraan_xl import commands as shared
from kemitraan_xl.cli import kemitraan
from udfs import commands

ROOT = Path(__file__).parents[1]

#: Read by every Python process that starts with its folder on the path, so by worker processes too.
BANNED = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {banned}:
            raise ImportError(name + " is not on this computer")

sys.meta_path.insert(0, Absent())
"""

#: Modules that a command for help must not load: each costs more than all of click.
HEAVY = {"numpy", "openpyxl", "pandas", "pandera", "rich", "uvicorn", "xlsxwriter", "xlwings", "xlwings_server"}

WORK = """
from click.testing import CliRunner
from kemitraan_xl.cli import kemitraan
for line in {lines}:
    result = CliRunner().invoke(kemitraan, line, standalone_mode=False)
    assert result.exception is None, (line, result.exception)
    print(line[0], result.return_value)
"""


def python(code: str, folder: Path, banned: set[str]) -> str:
    """What a Python prints that has none of the banned packages."""
    (folder / "sitecustomize.py").write_text(BANNED.format(banned=sorted(banned)), encoding="utf-8")
    environment = {"PYTHONPATH": str(folder), "KEMITRAAN_XL_CACHE": str(folder / "simpanan"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line_works_without_excel_and_without_xlwings(tmp_path: Path) -> None:
    master = str(ROOT / "workbook" / "Kemitraan.xlsx")
    lines = [
        ["templat", "--jenis", "usulan", "--mitra", "Yayasan Contoh", "--keluaran", "usulan.xlsx"],
        ["periksa", "usulan.xlsx", "--senyap"],
        ["konsolidasi", "usulan.xlsx", "--keluaran", "rekap.xlsx", "--kembalikan", "balasan", "--senyap"],
        ["nilai", master],
        ["induk", "--keluaran", "Kemitraan.xlsm"],
        ["kamus"],
    ]
    printed = python(WORK.format(lines=lines), tmp_path, {"xlwings", "udfs", "xlwings_server", "win32com"})
    assert printed.split() == [
        "templat",
        "0",
        "periksa",
        "1",
        "konsolidasi",
        "1",
        "nilai",
        "0",
        "induk",
        "0",
        "kamus",
        "0",
    ]
    assert (tmp_path / "rekap.xlsx").is_file()


def test_the_doctor_needs_nothing_of_what_it_looks_at(tmp_path: Path) -> None:
    code = """
from udfs.doctor import examine, here
from udfs.install import Folders, install, uninstall
from pathlib import Path
print(len(examine(here())) > 10)
install(Folders(Path("a"), Path("b")), Path("python.exe"), b"x")
uninstall(Folders(Path("a"), Path("b")))
"""
    assert python(code, tmp_path, {"xlwings", "xlwings_server", "pandas", "fastapi"}) == "True\n"


@pytest.mark.parametrize("name", ["Kemitraan.xlsx", "Kemitraan.xlsm"])
def test_no_shipped_cell_needs_a_function_of_ours(name: str) -> None:
    with ZipFile(ROOT / "workbook" / name) as book:
        parts = [book.read(part) for part in book.namelist() if part.startswith("xl/") and part.endswith(".xml")]
    assert any(b"<f>" in part for part in parts)
    assert not any(re.search(rb"KMT_[A-Z_]+\(", part) for part in parts)
    assert not any(b"externalLink" in part for part in parts)


# ---- the commands that join from this room ----------------------------------------------------------- #


def test_help_is_quick_and_lists_every_command(tmp_path: Path) -> None:
    code = f"""
import sys
from click.testing import CliRunner
from kemitraan_xl import commands
from kemitraan_xl.cli import kemitraan
from importlib.metadata import EntryPoint
entries = {{n: EntryPoint(n, "udfs.commands:" + n, "kemitraan_xl.commands") for n in ("pasang", "dokter", "server")}}
commands._entries = lambda: entries
print(CliRunner().invoke(kemitraan, ["--help"]).output)
assert not {HEAVY!r} & sys.modules.keys(), {HEAVY!r} & sys.modules.keys()
"""
    listed = re.findall(r"^  (\w+)  ", python(code, tmp_path, set()), re.MULTILINE)
    assert listed == sorted([*kemitraan.commands, "pasang", "dokter", "server"])


@pytest.mark.parametrize("name", ["pasang", "dokter", "server"])
def test_the_project_declares_the_commands(name: str) -> None:
    shared._entries.cache_clear()
    found = kemitraan.get_command(click.Context(kemitraan), name)
    assert found is getattr(commands, name)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (commands.pasang, []),
        (commands.pasang, ["--copot"]),
        (commands.dokter, ["--sertifikat", "a.pem"]),
        (commands.server, ["--kunci", "a.key"]),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command: click.Command, words: list[str]) -> None:
    result = CliRunner().invoke(command, words, standalone_mode=False)
    assert type(result.exception).__name__ == "Impossible"
    assert len(str(result.exception).splitlines()) == 1


def test_the_doctor_ends_with_what_has_to_be_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path))
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("udfs.doctor.surroundings.libreoffice", lambda: "soffice")
    well = CliRunner().invoke(commands.dokter, [], standalone_mode=False)
    assert (well.exception, well.return_value) == (None, 0)
    ill = CliRunner().invoke(commands.dokter, ["tidak-ada.xlsx"], standalone_mode=False)
    assert (ill.exception, ill.return_value) == (None, 1)
    assert "buku-tidak-terbaca" in ill.output
