"""Raw frames in, typed frames and violations out: the only place that knows pandera's habits.

Text in a numeric column would hide every other fault of that column from pandera, so values are read with
the project's own parsers first; what could not be read is a status, and the typed column is judged with
gaps allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import pandas as pd
from pandera.errors import SchemaErrors

from validation import (  # noqa: F401 - they register their rules
    rules_daur,
    rules_indikator,
    rules_kendali,
    rules_laporan,
    rules_naskah,
    rules_penilaian,
    rules_tahap,
    rules_telaah,
)
from validation.contract import FACTS, Check, Column, Table, checks_by_key, fold, lists, tables
from validation.facts import Facts, owner
from validation.findings import ECHO, gravity
from validation.retold import MEANT, READINGS
from validation.rules import ASKED, DETAILS, FILE_RULES, RULES
from validation.schema import columns_of, helper, schema, status
from validation.values import READERS, Reading, read_choice, read_text, show_date

_BLANK = Reading(None, "blank")
_NUMBERS = ("bulat", "angka", "rupiah")

#: Kinds whose reading is said aloud when the cell holds text.
ECHOED = ("bulat", "angka", "rupiah", "tanggal", "masa", "waktu")


def read_values(table: Table, raw: pd.DataFrame) -> pd.DataFrame:
    """A table's raw cells as typed columns, with how each cell was read.

    `raw` holds `_file`, `_row` and any of the table's columns as objects. Returned with the same index:
    every column of the table (numbers as float, dates as datetime64, choices as the list's own label where
    they are on it, texts stripped, `waktu` as typed with `<name>_mulai` and `<name>_selesai` besides), and a
    status and an echo each.
    """
    typed: dict[str, Any] = {"_file": raw["_file"], "_row": raw["_row"]}
    for column in table.columns:
        cells = raw[column.name].tolist() if column.name in raw else [None] * len(raw)
        readings = list(map(_Readings(reader_of(column)).__getitem__, zip(map(type, cells), cells, strict=True)))
        typed |= _typed(column, cells, readings, raw.index)
        typed[status(column.name)] = pd.Series([reading.status for reading in readings], raw.index, dtype=object)
        typed[f"{column.name} echo"] = pd.Series([reading.echo for reading in readings], raw.index, dtype=object)
    return pd.DataFrame(typed, index=raw.index)


def reader_of(column: Column) -> Callable[[Any], Reading]:
    """How a cell of this column is read; a scale or an experience band may also be given in words."""
    blank_words = {fold(word) for word in column.blank_words}

    def read(cell: Any) -> Reading:
        if isinstance(cell, str) and fold(cell) in blank_words:
            return _BLANK
        if column.kind == "pilihan":
            return read_choice(cell, lists()[column.list])
        if column.list and column.kind != "teks":
            item = lists()[column.list].find(str(cell)) if isinstance(cell, str) else None
            if item:
                return Reading(int(item.code) if column.kind == "bulat" else item.code, "echo", item.label)
        return READERS[column.kind](cell)

    return read_text if column.kind == "teks" and not blank_words else read


class _Readings(dict[tuple[type, Any], Reading]):
    """Readings by type and cell, each made once: the same words stand in thousands of files."""

    def __init__(self, reader: Callable[[Any], Reading]) -> None:
        super().__init__({(type(None), None): _BLANK})
        self._reader = reader

    def __missing__(self, key: tuple[type, Any]) -> Reading:
        self[key] = reading = self._reader(key[1])
        return reading


def _typed(column: Column, cells: Sequence[Any], readings: Sequence[Reading], index: pd.Index) -> dict[str, pd.Series]:
    values = [reading.value for reading in readings]
    if column.kind in _NUMBERS:
        return {column.name: pd.Series(values, index, dtype=float)}
    if column.kind == "tanggal":
        return {column.name: _days(values, index)}
    if column.kind == "waktu":
        pairs = [value or (None, None) for value in values]
        return {
            column.name: pd.Series([show(cell) or None for cell in cells], index, dtype=object),
            f"{column.name}_mulai": _days([start for start, _ in pairs], index),
            f"{column.name}_selesai": _days([end for _, end in pairs], index),
        }
    if column.kind == "pilihan":  # what is on no list stays as it was typed, and its status says so
        read = zip(values, cells, strict=True)
        values = [show(cell) or None if value is None else value for value, cell in read]
    return {column.name: pd.Series(values, index, dtype=object)}


def _days(values: Sequence[date | None], index: pd.Index) -> pd.Series:
    return pd.to_datetime(pd.Series(list(values), index, dtype=object))


_FOUND = ("file", "table", "row", "column", "key", "detail", "rank")

#: Violations of one check in one column of a table: the files, the table, the rows, the column, the check's key, the
#: words for {rincian}, and how grave it is beside other checks of the same cell.
_Block = tuple[list[int], str, list[int], str, str, Sequence[str], int]


def judge(facts: Facts, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Every violation in every table (or in those named), all at once, one per cell and the most basic first.

    Returns a frame with `file`, `table`, `row` (index in that table's frame, -1 for a whole table), `column`,
    `key` and `detail`; cells already explained by a more basic fault are left out.
    """
    asked = facts.frames if names is None else names
    found: list[list[Any]] = [[] for _ in _FOUND]
    for files, table, rows, column, key, details, rank in (block for name in asked for block in _blocks(name, facts)):
        n = len(files)
        parts: list[Sequence[Any]] = [files, [table] * n, rows, [column] * n, [key] * n, details, [rank] * n]
        for values, part in zip(found, parts, strict=True):
            values += part
    frame = pd.DataFrame(dict(zip(_FOUND, found, strict=True)))
    whole = frame["row"] < 0
    cells = frame[~whole].sort_values("rank", kind="stable").drop_duplicates(["table", "row", "column"])
    kept = pd.concat([frame[whole], cells]).sort_values(["file", "table", "row"], kind="stable")
    return kept.drop(columns="rank").reset_index(drop=True)


def _blocks(name: str, facts: Facts) -> Iterator[_Block]:
    table = tables()[name]
    frame = facts.frames[name]
    for check in table.checks:
        if check.fact == "structure":
            broken = FILE_RULES[check.key](facts)
            words = broken if isinstance(broken, Mapping) else dict.fromkeys(broken, "")
            yield list(words), name, [-1] * len(words), "", check.key, list(words.values()), 0
    yield from _missing_items(table, frame, facts)
    if frame.empty:
        return
    failures = _failures(table, frame, facts)
    for group, rows in failures.groupby(["check", "column"], sort=False)["index"]:
        key, where = map(str, cast("tuple[str, str]", group))
        check = checks_by_key()[key]
        column = table.column(where.removesuffix(" status").removesuffix(f" holds {key}"))
        index = rows.astype(int).tolist()
        details = _details(table, column, check, frame, facts, index)
        basic, level = gravity(check)
        yield frame["_file"].loc[index].tolist(), name, index, column.name, key, details, 10 * basic + level
    yield from _echoes(table, frame)


def _missing_items(table: Table, frame: pd.DataFrame, facts: Facts) -> Iterator[_Block]:
    """A prefilled row that was deleted is as bad as one left blank (the ten elements of KAK)."""
    asked = [check for check in table.checks if check.item and check.fact == "required"]
    present = set(zip(frame["_file"], frame[table.prefilled], strict=True)) if asked else set()
    for check in asked:
        label = lists()[table.column(table.prefilled).list][check.item].label
        files = [file for file in sorted(facts.found[table.name]) if (file, label) not in present]
        yield files, table.name, [-1] * len(files), check.column, check.key, [label] * len(files), 0


def _echoes(table: Table, frame: pd.DataFrame) -> Iterator[_Block]:
    """What was typed as text and read as a number or a date, said aloud (ST-21), after every fault."""
    for column in table.columns:
        if column.kind in ECHOED:
            read = frame[frame[status(column.name)] == "echo"]
            echoes = read[f"{column.name} echo"].tolist()
            yield read["_file"].tolist(), table.name, read.index.tolist(), column.name, ECHO, echoes, 10 * len(FACTS)


def _failures(table: Table, frame: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """pandera's failure cases: check key, column of the judged frame, row index."""
    judged = frame.assign(**_helpers(table, frame, facts))
    asked = schema(table.name)
    try:
        asked.validate(judged[list(asked.columns)], lazy=True)
    except SchemaErrors as errors:
        return cast("pd.DataFrame", errors.failure_cases[["check", "column", "index"]])
    return pd.DataFrame(columns=["check", "column", "index"])


def _helpers(table: Table, frame: pd.DataFrame, facts: Facts) -> dict[str, pd.Series]:
    """The answers to the checks that look at more than one column."""
    answers = {}
    for check in table.checks:
        for column in columns_of(table, check):
            if check.fact == "unique":
                keys = frame[column.name].map(lambda v: fold(str(v)), na_action="ignore")
                whose = frame["_file"] if column.name in ("kode", "kode_mitra") else owner(frame)
                twice = pd.DataFrame({"owner": whose, "key": keys})
                answer = ~twice.duplicated(keep="first") | keys.isna()
            elif check.fact == "rule":
                asked = frame[_of_item(table, check, frame)] if check.item else frame
                answer = RULES[check.key](asked, facts).fillna(True).astype(bool).reindex(frame.index, fill_value=True)
            elif check.item:
                answer = frame[status(column.name)].ne("blank") | ~_of_item(table, check, frame)
            elif check.key in ASKED:
                answer = frame[status(column.name)].ne("blank") | ~ASKED[check.key](frame, facts)
            else:
                continue
            answers[helper(check, column.name)] = answer
    return answers


def _of_item(table: Table, check: Check, frame: pd.DataFrame) -> pd.Series:
    """The rows whose prefilled column names the check's item."""
    return frame[table.prefilled].eq(lists()[table.column(table.prefilled).list][check.item].label)


def _details(
    table: Table, column: Column, check: Check, frame: pd.DataFrame, facts: Facts, index: list[int]
) -> Sequence[str]:
    """The words for {rincian}: what a rule computed, how an ambiguous cell could be read, the nearest label."""
    if check.key in DETAILS:
        words = DETAILS[check.key](frame, facts).loc[index]
        return ["" if pd.isna(word) else str(word) for word in words]
    if check.item:
        return [lists()[table.column(table.prefilled).list][check.item].label] * len(index)
    echoes = frame[f"{column.name} echo"].loc[index]
    lead = {"type": READINGS, "list": MEANT}.get(check.fact)
    return [lead.format(isi=echo) if lead and echo else "" for echo in echoes]


def asked_in_every_row(check: Check) -> bool:
    """Whether a required field is required in whatever row is filled in, so that a form may say so beforehand."""
    return check.key not in ASKED


def show(cell: Any) -> str:
    """A cell's value as a person typed it, for {nilai}."""
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return show_date(cell)
    return str(read_text(cell).value or "")
