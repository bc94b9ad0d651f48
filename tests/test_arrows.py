"""The rooms and who may import whom: validation <- kemitraan_xl <- udfs. See docs/keputusan/0001."""

from __future__ import annotations

import ast
import re
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
BANNED: dict[str, set[str]] = {"validation": {"kemitraan_xl", "udfs"}, "kemitraan_xl": {"udfs"}, "udfs": set()}

#: Standard library and `validation` only, so that worksheet functions and `--help` start at once.
PURE = {
    "validation.contract",
    "validation.values",
    "validation.amounts",
    "validation.periods",
    "validation.regions",
    "validation.numbers",
    "validation.terbilang",
    "validation.aims",
    "validation.completeness",
    "validation.findings",
    "kemitraan_xl.privacy",
    "kemitraan_xl.score",
    "kemitraan_xl.seal",
    "kemitraan_xl.risk",
    "kemitraan_xl.stages",
    "kemitraan_xl.schedule",
    "udfs.registry",
    "udfs.cells",
}


#: Texts that look like an address and are none: (module, text), each with its reason.
NOT_ADDRESSES: set[tuple[str, str]] = set()


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


def reached(module: str) -> set[str]:
    """Everything that importing `module` makes Python import, our own modules followed."""
    seen, todo = set(), {module}
    while todo:
        current = todo.pop()
        seen.add(current)
        todo |= {name for name in MODULES if within_import(name, current)} - seen
    return {name for current in seen for name in imports(current)}


def within_import(name: str, module: str) -> bool:
    """Whether `module` imports our module `name`, or something out of it, or lies in it."""
    return module.startswith(f"{name}.") or any(within(used, {name}) for used in imports(module))


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_arrows(module: str) -> None:
    room = module.partition(".")[0]
    banned = BANNED[room] | (set() if room == "udfs" else {"xlwings"})
    banned |= {"kemitraan_xl.score"} if module == "kemitraan_xl.formulas" else set()
    assert not {name for name in imports(module) if within(name, banned)}


@pytest.mark.parametrize("module", sorted(PURE & MODULES.keys()))
def test_pure_rules_reach_the_standard_library_only(module: str) -> None:
    assert not {name for name in reached(module) if not within(name, {*sys.stdlib_module_names, *ROOMS})}


def test_workbook_addresses_stand_in_the_book_room_only() -> None:
    found = {
        (module, node.value)
        for module, tree in MODULES.items()
        if not within(module, {"kemitraan_xl.book"})
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"\$?[A-Z]{1,3}\$?[0-9]+(:\$?[A-Z]{1,3}\$?[0-9]+)?", node.value)
    }
    assert found <= NOT_ADDRESSES
