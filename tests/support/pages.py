"""The pages for users: the commands that they name, and the programs that write parts of them."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import click

from kemitraan_xl.cli import kemitraan
from udfs.commands import dokter, pasang, server

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS: dict[str, click.Command] = {
    **kemitraan.commands,
    **{str(command.name): command for command in (dokter, pasang, server)},
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
    return [line for block in blocks for line in tool("panduan").typed(block)]


def parsed(line: str) -> click.Context:
    """The command line understood but not run; raises what click raises."""
    name, *words = shlex.split(line)
    return COMMANDS[name].make_context(name, words)
