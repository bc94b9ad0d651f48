"""The rooms and who may import whom: validation <- kemitraan_xl <- udfs. See docs/keputusan/0001."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"validation", "kemitraan_xl", "udfs"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
        path.read_text(encoding="utf-8")
    )
    for room in sorted(ROOMS)
    for path in sorted(ROOT.joinpath(room).rglob("*.py"))
}

#: Rooms that a room must not know.
BANNED = {"validation": {"kemitraan_xl", "udfs"}, "kemitraan_xl": {"udfs"}, "udfs": set()}

#: Standard library and `validation` only, so that worksheet functions and `--help` start at once.
PURE = {
    "validation.contract",
    "validation.values",
    "validation.amounts",
    "validation.periods",
    "validation.regions",
    "validation.findings",
    "kemitraan_xl.score",
    "kemitraan_xl.risk",
    "kemitraan_xl.stages",
    "kemitraan_xl.schedule",
}


def imports(module: str) -> Iterator[str]:
    """Full names of what a module imports, wherever in the file it does so."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively; the arrows are read from full names"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_arrows(module: str) -> None:
    used = set(imports(module))
    room = module.partition(".")[0]
    assert not {name for name in used if within(name, BANNED[room])}
    if room != "udfs":
        assert not {name for name in used if within(name, {"xlwings"})}
    if module in PURE:
        allowed = set(sys.stdlib_module_names) | PURE | {"kemitraan_xl.pedoman"}
        assert not {name for name in used if not within(name, allowed)}
    if module == "kemitraan_xl.formulas":
        assert not {name for name in used if within(name, {"kemitraan_xl.score"})}
