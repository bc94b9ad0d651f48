"""Traceability holds: every requirement is served by something that exists and tested by something that runs."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from kemitraan_xl.book import summary, template
from kemitraan_xl.cli import kemitraan
from kemitraan_xl.marks import RESULT
from kemitraan_xl.pedoman.load import load
from udfs.registry import load_functions, load_macros
from validation.contract import checks, lists, tables

TESTS = Path(__file__).parent


def _tool() -> ModuleType:
    """docs/alat/telusur.py, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("telusur", TESTS.parent / "docs" / "alat" / "telusur.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


telusur = _tool()
ROWS: list[dict[str, Any]] = telusur.data()["butir"]
SETTINGS = {setting.code for setting in load().settings}
CONDITIONS = {syarat.code for syarat in load().syarat}
SHEETS = {
    *lists()["lembar_induk"].labels,
    *(table.sheet for table in tables().values()),
    *(sheet for sheets in template.SHEETS.values() for sheet in sheets),
    *summary.ORDER,
    RESULT,
}
BY_NUMBER = pytest.mark.parametrize("row", ROWS, ids=[row["nomor"] for row in ROWS])

#: All commands, also those that the room with Excel adds.
COMMANDS = set(kemitraan.list_commands(click.Context(kemitraan)))

#: What can be asked of Excel itself: the worksheet functions and the macros.
FUNCTIONS, MACROS = set(load_functions()), set(load_macros())


@cache
def functions(file: str) -> frozenset[str]:
    """Names of the tests in a file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def proofs(row: dict[str, Any]) -> list[str]:
    """Tests and fixture files that stand for a requirement."""
    served = telusur.serve(row)
    files = [name for code in served.checks for name in telusur.fixtures_of(code, "should_fail")]
    return [*served.tests, *files]


def test_the_page_is_what_the_data_say() -> None:
    assert telusur.PAGE.read_text(encoding="utf-8") == telusur.render(), f"accept it with: {telusur.COMMAND}"


def test_every_requirement_is_there_once_and_in_order() -> None:
    assert [row["nomor"] for row in ROWS] == [f"R{number}" for number in range(1, 163)]


@BY_NUMBER
def test_it_is_served_and_tested(row: dict[str, Any]) -> None:
    served = telusur.serve(row)
    assert [*served.sheets, *served.fields, *served.lists, *served.checks, *served.others]
    assert proofs(row)


@BY_NUMBER
def test_every_reference_leads_somewhere(row: dict[str, Any]) -> None:
    assert set(row.get("lembar", [])) <= SHEETS
    assert all(telusur.columns_of(reference) for reference in row.get("kolom", []))
    for reference in row.get("daftar", []):
        name, _, code = reference.partition(".")
        assert not code or code in {item.code for item in lists()[name]}
    assert set(row.get("setelan", [])) <= SETTINGS
    assert set(row.get("syarat", [])) <= CONDITIONS
    assert set(row.get("perintah", [])) <= COMMANDS
    assert set(row.get("fungsi", [])) <= FUNCTIONS
    assert set(row.get("makro", [])) <= MACROS


def test_every_test_named_exists() -> None:
    general = telusur.data()["uji"]
    kinds = [general[kind] for kind in ("cek", "makro", "perintah")]
    groups = [general["syarat"], general["fungsi"], *(tests for kind in kinds for tests in kind.values())]
    named = [test for tests in [*groups, *(row.get("uji", []) for row in ROWS)] for test in tests]
    missing = [test for test in named if test.split("::")[1] not in functions(test.split("::")[0])]
    assert missing == []
    assert set(general["perintah"]) == COMMANDS
    assert set(general["makro"]) == MACROS


def test_every_function_and_macro_serves_a_requirement_or_says_why_not() -> None:
    served = {name for row in ROWS for name in telusur.serve(row).excel}
    more = [name for row in telusur.data()["lebih"] for name in row["nama"]]
    assert sorted(more) == sorted((FUNCTIONS | MACROS) - served)


def test_what_was_not_made_is_not_there() -> None:
    assert not {name for row in telusur.data()["tanpa"] for name in row["nama"]} & (FUNCTIONS | MACROS)
    assert {number for row in telusur.data()["tanpa"] for number in row["butir"]} <= {row["nomor"] for row in ROWS}


def test_named_checks_exist_with_their_level_or_are_excepted() -> None:
    """A code that the requirements name is there, or docs/keputusan/0008 says why not; no exception is left over."""
    present = {(check.code, check.level) for check in checks()}
    named = {pair for row in ROWS for pair in telusur.named(row)}
    assert {f"{code} {level}" for code, level in named - present} == telusur.excepted()


def test_the_record_names_every_exception() -> None:
    record = (TESTS.parent / "docs" / "keputusan" / "0008-kode-periksa.md").read_text(encoding="utf-8")
    assert {text.split()[0] for text in telusur.excepted()} <= set(re.findall(r"[A-Z]{2,3}-\d\d", record))


def test_every_check_serves_a_requirement_and_is_proved() -> None:
    served = {code for row in ROWS for code in telusur.serve(row).checks}
    codes = {check.code for check in checks()}
    assert codes - served == set()
    kinds = ("should_fail", "should_pass")
    unproved = {
        code
        for code in codes
        if not telusur.tests_of(code) and not all(telusur.fixtures_of(code, kind) for kind in kinds)
    }
    assert unproved == set()


@pytest.mark.parametrize(
    ("place", "cited", "inside"),
    [
        ("III.A.3", "III.A.3(1)", True),
        ("III.A.3(1)", "III.A.3(10)", False),
        ("II", "II.A", True),
        ("II", "III.A", False),
        ("II.B.1", "II.B.1a", True),
        ("I.D.1", "I.D.10", False),
        ("IV.F.3b", "IV.F.3", False),
    ],
)
def test_a_part_of_a_place(place: str, cited: str, inside: bool) -> None:
    assert telusur.covers(place, cited) is inside
