"""What a catalogue must hold: every text that a partner file can show, taken from where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from kemitraan_xl.book.template import SHEETS
from kemitraan_xl.privacy_names import words
from validation.contract import Check, Table, checks, lists, tables
from validation.periods import MONTHS

ROOT = Path(__file__).parents[2]
KINDS = tuple(SHEETS)


def needed() -> set[str]:
    """Every text with a letter in it; what has none is the same in all languages."""
    texts = {
        *of_tables(),
        *of_checks(),
        *of_modules(),
        *MONTHS,
        *words()["jenis"].values(),
        lists()["ya_tidak"]["ya"].label,
    }
    return {text for text in texts if any(map(str.isalpha, text))}


def partner_tables() -> list[Table]:
    return [table for table in tables().values() if set(KINDS) & set(table.kinds)]


def of_tables() -> Iterator[str]:
    for table in partner_tables():
        yield from (table.title, table.sheet, table.guide, *table.lines)
        for kind in set(KINDS) & set(table.kinds):
            for column in table.columns_in(kind):
                yield from (column.heading, column.hint, column.example, column.group)
                yield from lists()[column.list].labels if column.list else ()
                ticked = lists().get(column.name.partition("_")[0]) if column.kind == "ya" else None
                yield from (item.note for item in ticked or ())
    for kind in KINDS:
        yield from (lists()["jenis_berkas"][kind].label, lists()["jenis_berkas"][kind].note)


def of_checks() -> Iterator[str]:
    for check in raised():
        yield from (check.sentence, check.remedy, check.meaning, check.example)


def raised() -> list[Check]:
    """The checks that a partner's file can break: those of the reader and the guard, and those of its columns."""
    own = {check for table in partner_tables() for check in table.checks if _asks_of_a_partner(table, check)}
    return [check for check in checks() if check in own or check.code.startswith(("ST-", "DT-01"))]


def _asks_of_a_partner(table: Table, check: Check) -> bool:
    names = [column.name for kind in KINDS if kind in table.kinds for column in table.columns_in(kind)]
    return not check.column or any(fnmatchcase(name, check.column) for name in names)


def of_modules() -> Iterator[str]:
    """The argument of every `Text(...)`."""
    for room in ("validation", "kemitraan_xl", "udfs"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                    (text,) = node.args
                    assert isinstance(text, ast.Constant), f"{path}: a Text is written out, never put together"
                    yield str(text.value)
