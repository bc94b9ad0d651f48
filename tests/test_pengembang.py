"""The recipes of the developer guide: each is a change of under 20 lines, and does what the guide says of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "pengembang.md"
#: What a change may touch, and what it needs beside it.
ROOMS = ("kemitraan_xl", "udfs", "validation")
MOST = 20


@dataclass(frozen=True)
class Recipe:
    """A section of the guide: the change, and a program that fails without it."""

    title: str
    step: str  #: a command that comes first, "" for none
    change: str
    proof: str

    def lines(self) -> int:
        """How many lines the change adds and takes away."""
        return len(re.findall(r"^[+-](?!\+\+ |-- )", self.change, re.MULTILINE))


def recipes() -> list[Recipe]:
    sections = re.split(r"^### ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        Recipe(text.partition("\n")[0], *(_block(text, kind) for kind in ("sh", "diff", "python"))) for text in sections
    ]


def _block(section: str, kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's rooms in a folder of their own, with what is shipped beside them."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "workbook").symlink_to(ROOT / "workbook", target_is_directory=True)
    return tmp_path


def proved(recipe: Recipe, copy: Path) -> subprocess.CompletedProcess[str]:
    """The proof, run as a program in the copy, which it imports instead of the project."""
    (copy / "bukti.py").write_text(recipe.proof, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copy), "KEMITRAAN_XL_CACHE": str(copy / "cache")}
    command = [sys.executable, "bukti.py"]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def test_the_usual_changes_are_told() -> None:
    asked = ("column", "check", "sheet", "function", "language")
    assert [word for word in asked if not any(word in recipe.title for recipe in recipes())] == []


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.title.replace(" ", "-"))
def test_a_recipe_is_short_and_works(recipe: Recipe, copy: Path) -> None:
    assert recipe.lines() < MOST
    assert proved(recipe, copy).returncode != 0
    subprocess.run(recipe.step, shell=True, cwd=copy, check=True)
    subprocess.run(["git", "apply", "-"], input=recipe.change, cwd=copy, text=True, check=True)
    done = proved(recipe, copy)
    assert done.returncode == 0, done.stderr
