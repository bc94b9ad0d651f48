"""Tables and rules as pandera schemas. A schema carries check keys, never sentences."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandera.pandas as pa

from validation.contract import Check, Column, Table, tables
from validation.rules import ASKED

#: Facts that need more than one column are asked as a helper column that must be true: pandera reports a
#: failing frame-level check once for every column of the row, and a helper column once.
HELPED = ("unique", "rule")


def helper(check: Check, column: str) -> str:
    """Name of the boolean column that holds the answer to a cross-column check."""
    return f"{column} holds {check.key}"


def status(column: str) -> str:
    """Name of the column that says how a cell was read (blank, ok, echo, ambiguous, unreadable)."""
    return f"{column} status"


def columns_of(table: Table, check: Check) -> list[Column]:
    """The columns a check asks about: one, or every tick of a list ("lingkup_*")."""
    if check.column.endswith("*"):
        return [column for column in table.columns if column.name.startswith(check.column[:-1])]
    return [column for column in table.columns if column.name == check.column]


@cache
def schema(name: str) -> pa.DataFrameSchema:
    """The schema of a table's judged frame: typed columns, their status columns and the helper columns."""
    asked: dict[str, list[pa.Check]] = {}
    table = tables()[name]
    for check in table.checks:
        for column in columns_of(table, check):
            where, question = _question(check, column)
            asked.setdefault(where, []).append(question)
    return pa.DataFrameSchema(
        {where: pa.Column(None, checks=questions, nullable=True) for where, questions in asked.items()}
    )


def _question(check: Check, column: Column) -> tuple[str, pa.Check]:
    """Which column of the judged frame answers a check, and with what question."""
    key: dict[str, Any] = {"error": check.key}
    if check.fact in HELPED or check.item or check.key in ASKED:
        return helper(check, column.name), pa.Check.equal_to(True, **key)
    match check.fact:
        case "required":
            return status(column.name), pa.Check.notin(["blank"], **key)
        case "type" | "list":
            return status(column.name), pa.Check.notin(["ambiguous", "unreadable"], **key)
        case "bounds":
            low = float("-inf") if column.minimum is None else column.minimum
            high = float("inf") if column.maximum is None else column.maximum
            return column.name, pa.Check.in_range(low, high, **key)
        case "length":
            return column.name, pa.Check.str_length(min_value=column.min_length, **key)
        case "pattern":
            return column.name, pa.Check.str_matches(f"^(?:{column.pattern})$", **key)
    raise ValueError(f"{check.key}: fact {check.fact!r} has no question")
