"""Writes docs/telusur.md: where each requirement (R1 to R162) is served, by which sheet, field, check and test.

    python docs/alat/telusur.py

Reads docs/telusur.toml, which says only what the rules do not say themselves; everything else is derived from the
places of the guideline that columns, lists, checks, conditions and settings cite. tests/test_telusur.py holds the
page to the data.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kemitraan_xl.pedoman.load import load
from validation.contract import Check, Column, Table, checks, lists, tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "telusur.md"
FIXTURES = ROOT / "tests" / "data"
COMMAND = "python docs/alat/telusur.py"

#: A column of this many tables or more is one they share (Kode Mitra, Sumber): named once.
_SHARED = 5

HEAD = f"""# Traceability: from every requirement to where it is served

Made by `{COMMAND}` from `docs/telusur.toml` and the rules; do not edit. R1 to R154 are the guideline's demands
(place in its body; L2 and L3 are its appendices), R155 to R162 follow from the shape of the product. Every check is
proved by the files in the table of checks; what else tests a requirement is named in its row.
"""


@dataclass
class Served:
    """What serves one requirement: names as the product has them, in a fixed order, each once."""

    sheets: dict[str, None] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)
    lists: dict[str, None] = field(default_factory=dict)
    checks: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    excel: dict[str, None] = field(default_factory=dict)
    tests: dict[str, None] = field(default_factory=dict)


@cache
def data() -> Mapping[str, Any]:
    """The typed part: `butir` (requirements), `uji` (tests), and the exceptions `kecuali`, `lebih` and `tanpa`."""
    return tomllib.loads((ROOT / "docs" / "telusur.toml").read_text(encoding="utf-8"))


@cache
def _places(sumber: str) -> tuple[str, ...]:
    """The single places of a citation, spelled one way: "III.B.2.b, A-8" -> III.B.2b and A-8."""
    return tuple(re.sub(r"(?<=\d)\.(?=[a-z]$)", "", place.strip()) for place in sumber.split(","))


def own_places(row: Mapping[str, Any]) -> Sequence[str]:
    """The places a requirement derives from."""
    return row.get("tempat", _places(row["sumber"]))


def covers(place: str, cited: str) -> bool:
    """Whether `cited` is `place` or a part of it: III.A covers III.A.3(1), II.B.1 covers II.B.1a but not II.B.10."""
    return re.match(re.escape(place) + (r"($|[.(]|[a-z])" if place[-1].isdigit() else r"($|[.(])"), cited) is not None


@cache
def _all_places() -> frozenset[str]:
    return frozenset(place for row in data()["butir"] for place in own_places(row))


@cache
def _closest(cited: str) -> str | None:
    """Of the places of all requirements, the longest that covers what is cited."""
    return max((place for place in _all_places() if covers(place, cited)), key=len, default=None)


def belongs(row: Mapping[str, Any], sumber: str) -> bool:
    """Whether something that cites `sumber` serves this row: the row with the closest place does."""
    return any(_closest(cited) in own_places(row) for cited in _places(sumber))


def tables_of(check: Check) -> list[Table]:
    """The tables that ask this check."""
    return [table for table in tables().values() if check in table.checks]


def columns_of(reference: str) -> list[tuple[Table, Column]]:
    """The columns a reference names: "naskah.nomor", "naskah.unsur_*", "umpan_balik.*"."""
    name, _, column = reference.partition(".")
    table = tables().get(name)
    return [(table, one) for one in table.columns if _matches(column, one.name)] if table else []


def _matches(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def named(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and level of every check that the requirement names."""
    return [(code, level) for code, level in (text.split() for text in row.get("cek", []))]


def excepted() -> set[str]:
    """Codes with levels that the product has otherwise, as `cek` names them."""
    return {text for row in data()["kecuali"] for text in row["cek"]}


@cache
def _shared() -> frozenset[tuple[str, str]]:
    """Name and place of the columns that many tables have in common."""
    columns = [(column.name, column.sumber) for table in tables().values() for column in table.columns]
    return frozenset(column for column in columns if columns.count(column) >= _SHARED)


def serve(row: Mapping[str, Any]) -> Served:
    """Everything that serves one requirement, from its own references and from what cites its places."""
    served = Served()
    known = {check.code for check in checks()}
    asked = [columns_of(reference) for reference in row.get("kolom", [])]
    for table, column in [pair for pairs in asked for pair in pairs]:
        _add_column(served, table, column)
        served.checks |= dict.fromkeys(check.code for check in table.checks if _about(check, column))
    for table in tables().values():
        for column in table.columns:
            if belongs(row, column.sumber):
                _add_column(served, table, column)
    for check in checks():
        if belongs(row, check.sumber):
            served.checks[check.code] = None
    served.checks |= dict.fromkeys(code for code, _ in named(row) if code in known)
    for check in checks():
        if check.code in dict(named(row)):
            served.sheets |= dict.fromkeys(table.sheet for table in tables_of(check))
    served.sheets |= dict.fromkeys(row.get("lembar", []))
    served.lists |= dict.fromkeys([*row.get("daftar", []), *_lists(row)])
    served.others |= dict.fromkeys(_others(row))
    served.excel |= dict.fromkeys([*row.get("fungsi", []), *row.get("makro", [])])
    served.tests |= dict.fromkeys(_tests(row, served))
    return served


def _about(check: Check, column: Column) -> bool:
    return bool(check.column) and _matches(check.column, column.name)


def _add_column(served: Served, table: Table, column: Column) -> None:
    if (column.name, column.sumber) in _shared():
        served.fields[f"*.{column.name}"] = None
    else:
        served.fields[f"{table.name}.{column.name}"] = None
        served.sheets[table.sheet] = None


def _lists(row: Mapping[str, Any]) -> Iterator[str]:
    """Lists that cite the row's places, whole or by their entries; the sheets of the master among them aside."""
    for name, codes in lists().items():
        mine = [item.code for item in codes if belongs(row, item.sumber)]
        if len(mine) == len(codes.items):
            yield name
        elif name not in ("lembar_induk", "tahap_lembar"):
            yield from (f"{name}.{code}" for code in mine)


def _others(row: Mapping[str, Any]) -> Iterator[str]:
    """Stage conditions, settings and commands."""
    for syarat in load().syarat:
        if syarat.code in row.get("syarat", []) or belongs(row, syarat.sumber):
            yield f"syarat {syarat.code}"
    for setting in load().settings:
        if setting.code in row.get("setelan", []) or belongs(row, setting.sumber):
            yield f"setelan {setting.code}"
    yield from (f"kemitraan {name}" for name in row.get("perintah", []))


def _tests(row: Mapping[str, Any], served: Served) -> Iterator[str]:
    yield from row.get("uji", [])
    general = data()["uji"]
    if any(other.startswith("syarat ") for other in served.others):
        yield from general["syarat"]
    if row.get("fungsi"):
        yield from general["fungsi"]
    for kind in ("perintah", "makro"):
        for name in row.get(kind, []):
            yield from general[kind][name]
    for code in served.checks:
        yield from tests_of(code)


def tests_of(code: str) -> list[str]:
    """The tests of a check that has no fixtures of its own."""
    return [test for start, tests in data()["uji"]["cek"].items() if code.startswith(start) for test in tests]


def fixtures_of(code: str, kind: str) -> list[str]:
    """Files of `should_fail` or `should_pass` whose name begins with the code."""
    return sorted(path.name for path in (FIXTURES / kind).glob(f"{code}-*.md"))


# ---- the page ---- #


def render() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, _requirements(), _checks(), _exceptions(), _names()]
    return "\n".join(parts)


def _requirements() -> str:
    others = ["Conditions, settings, commands", "Functions, macros", "Other tests"]
    rows = [["R", "Place", "What", "Sheets", "Fields", "Lists", "Checks", *others]]
    for row in data()["butir"]:
        served = serve(row)
        short = [_shortened(served.fields), _shortened(served.lists)]
        names = [*short, served.checks, served.others, served.excel, served.tests]
        rows.append([row["nomor"], row["sumber"], row["perihal"], ", ".join(served.sheets), *map(_codes, names)])
    return "## Requirements\n\n" + _table(rows)


def _shortened(names: Iterable[str]) -> list[str]:
    """More than three columns with one beginning, or entries of one list, as one: "kerja_sama.tugas_*"."""
    groups: dict[str, list[str]] = {}
    for name in names:
        stem = re.sub(r"_\w+$", "_*", name) if "_" in name.partition(".")[2] else re.sub(r"\.[^.]+$", ".*", name)
        groups.setdefault(stem, []).append(name)
    few = 3
    return [name for stem, group in groups.items() for name in ([stem] if len(group) > few else group)]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _checks() -> str:
    rows = [["Check", "Levels", "Sheets", "Must raise it", "Must not raise it"]]
    by_code: dict[str, list[Check]] = {}
    for check in checks():
        by_code.setdefault(check.code, []).append(check)
    for code, same in sorted(by_code.items()):
        levels = ", ".join(sorted({check.level for check in same}, key="EWI".index))
        sheets = ", ".join(dict.fromkeys(table.sheet for check in same for table in tables_of(check)))
        files = [fixtures_of(code, kind) for kind in ("should_fail", "should_pass")]
        shown = [_codes(names or tests_of(code)) for names in files]
        rows.append([f"`{code}`", levels, sheets, *shown])
    return "## Checks and what proves them\n\n" + _table(rows)


def _exceptions() -> str:
    rows = [["Named by a requirement", "Why the product has it otherwise"]]
    rows += [[_codes(row["cek"]), row["alasan"]] for row in data()["kecuali"]]
    return "## Exceptions (docs/keputusan/0008-kode-periksa.md)\n\n" + _table(rows)


def _names() -> str:
    rows = [["Function or macro", "Requirement", "Why only one side names it"]]
    rows += [[_codes(row["nama"]), "", row["alasan"]] for row in data()["lebih"]]
    rows += [[_codes(row["nama"]), f"{', '.join(row['butir'])}; not made", row["alasan"]] for row in data()["tanpa"]]
    return "## Functions and macros that only the product or only a requirement names\n\n" + _table(rows)


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
