"""The hidden sheet Ref: who the workbook is, every list a dropdown offers, every table a formula looks up.

Everything is reached by defined name, never by address:

* `daftar_<list>`: the labels of a code list, what a dropdown offers;
* `terima_<list>`: the labels and, below them, the aliases and codes that the reader also accepts;
* `angka_<list>`: the codes of a scale (1, 2, 3 ...) as numbers;
* `<name>`: a table handed in for formulas, one column or several.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.look import Look
from kemitraan_xl.intake.reading.identity import MARK, Identity
from validation.contract import CodeList, Column, Table, lists

SHEET: Final = "Ref"

#: The list behind `ya` columns: they hold its one label or nothing.
TICKS: Final = "ya"

Scalar = str | float


def tick() -> str:
    """What a ticked cell holds."""
    return lists()["ya_tidak"]["ya"].label


def list_of(column: Column) -> str:
    """The name of the list that a column offers, or "" for free cells."""
    return TICKS if column.kind == "ya" else column.list


def dropdown(column: Column) -> str:
    """The defined name whose cells a dropdown of this column shows, or ""."""
    name = list_of(column)
    if not name:
        return ""
    return f"angka_{name}" if column.kind == "bulat" else f"daftar_{name}"


def lists_of(tables: Iterable[Table], kind: str) -> list[CodeList]:
    """The lists that the columns of these tables offer in a workbook of this kind, each once, by name."""
    ticks = CodeList(TICKS, lists()["ya_tidak"].title, "A-26", (lists()["ya_tidak"]["ya"],))
    known = lists() | {TICKS: ticks}
    used = {list_of(column) for table in tables for column in table.columns_in(kind)} - {""}
    return [known[name] for name in sorted(used)]


def write_ref(
    workbook: Workbook,
    look: Look,
    identity: Identity,
    offered: Iterable[CodeList],
    tables: Iterable[tuple[str, Sequence[Sequence[Scalar]]]] = (),
) -> None:
    """Add the hidden sheet with its names. `tables` are (defined name, rows of equal length) for formulas."""
    sheet = workbook.add_worksheet(SHEET)
    sheet.hide()
    _write_identity(sheet, look, identity)
    column = 3
    for codes in offered:
        column = _write_list(workbook, sheet, look, codes, column)
    for name, rows in tables:
        column = _write_block(workbook, sheet, look, name, rows, column)


def _write_identity(sheet: Worksheet, look: Look, identity: Identity) -> None:
    sheet.set_column(0, 1, 18)
    sheet.write_string(0, 0, MARK, look("tebal"))
    for row, (label, value) in enumerate(identity.stamped.items(), start=1):
        sheet.write_string(row, 0, label, look("label"))
        sheet.write_string(row, 1, value, look("paragraf"))


def _write_list(workbook: Workbook, sheet: Worksheet, look: Look, codes: CodeList, column: int) -> int:
    scale = [item.code for item in codes] == [str(step) for step in range(1, len(codes.items) + 1)]
    also = [name for item in codes for name in (*item.aliases, item.code)]
    texts = list(dict.fromkeys([*codes.labels, *also]))
    sheet.set_column(column, column, 30)
    sheet.write_string(0, column, codes.title, look("kepala"))
    for row, text in enumerate(texts, start=1):
        sheet.write_string(row, column, text, look("paragraf"))
    _name(workbook, f"daftar_{codes.name}", 1, column, len(codes.labels), column)
    _name(workbook, f"terima_{codes.name}", 1, column, len(texts), column)
    if not scale:
        return column + 1
    for row, item in enumerate(codes, start=1):
        sheet.write_number(row, column + 1, int(item.code), look("paragraf"))
    _name(workbook, f"angka_{codes.name}", 1, column + 1, len(codes.labels), column + 1)
    return column + 2


def _write_block(
    workbook: Workbook, sheet: Worksheet, look: Look, name: str, rows: Sequence[Sequence[Scalar]], column: int
) -> int:
    width = len(rows[0])
    sheet.write_string(0, column, name, look("kepala"))
    for row, values in enumerate(rows, start=1):
        for offset, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column + offset, value, look("paragraf"))
            else:
                sheet.write_number(row, column + offset, value, look("paragraf"))
    _name(workbook, name, 1, column, len(rows), column + width - 1)
    return column + width


def _name(workbook: Workbook, name: str, row: int, column: int, last_row: int, last_column: int) -> None:
    workbook.define_name(name, f"={SHEET}!{xl_range_abs(row, column, last_row, last_column)}")
