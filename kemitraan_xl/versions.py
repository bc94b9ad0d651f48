"""What a return says otherwise than the version before it, cell by cell, as findings that ask for nothing (ST-24).

Rows are found again wherever they went: by all that they say, by their first text, by half of their cells. So a row
put in between is one difference, and rows that only changed places are none. Readings come cleared of children's data.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.intake.reading.locate import NUMBER
from validation.check import reader_of, show
from validation.contract import Column, Table, checks_by_key, tables
from validation.findings import Finding
from validation.values import Reading

MOST = 100  #: differences shown of one return; how many more there are is said

_CODE = "ST-24"
_SHARED = 10  #: rows; what more of them say does not tell which row it is
_CONTEXT = 20  #: characters of an old text that are quoted before it becomes different
_LONG = 100  #: characters of an old text that are quoted from its beginning

Row = Mapping[str, str]  #: what is said in a row, as it is compared, by column; blanks left out
Pairs = list[tuple[int | None, int | None]]  #: rows of the old and of the new table; None where there is none


def differences(before: FileReading, after: FileReading, kind: str) -> tuple[int, list[Finding]]:
    """How many differences there are, and the first MOST of them as findings in the new file, with a last one that
    tells of the others."""
    found = [
        finding for table in tables().values() if kind in table.kinds for finding in _in(table, before, after, kind)
    ]
    shown = found[:MOST]
    if len(found) > MOST:
        shown.append(_finding("selebihnya", "", value=str(len(found) - MOST)))
    return len(found), shown


def _in(table: Table, before: FileReading, after: FileReading, kind: str) -> Iterator[Finding]:
    old, new = before.tables.get(table.name), after.tables.get(table.name)
    if old and new:
        if old.columns != new.columns:
            yield from _changes(table, old, new, kind)
    elif old and _filled(old):
        yield _finding("bagian_hilang", table.sheet, f"Tabel {table.title}")
    elif new and _filled(new):
        yield _finding("bagian", new.sheet, f"Tabel {table.title}")


def _filled(extract: Extract) -> bool:
    return any(cell is not None for cells in extract.columns.values() for cell in cells)


def _changes(table: Table, old: Extract, new: Extract, kind: str) -> Iterator[Finding]:
    """Columns that came or went, then row by row of the new table what is different, then the rows that are gone."""
    asked = [column for column in table.columns_in(kind) if not column.computed]
    both = [column for column in asked if column.name in old.columns and column.name in new.columns]
    for column in asked:
        for case, extract, other in (("bagian_hilang", old, new), ("bagian", new, old)):
            said = any(cell is not None for cell in extract.columns.get(column.name, ()))
            if said and column.name not in other.columns:
                yield _finding(case, new.sheet, f"Kolom {column.heading}")
    compared = [column for column in both if column.name != NUMBER]
    was, now = _rows(old, compared), _rows(new, compared)
    lead = _lead(table, compared)
    for i, j in [(0, 0)] if table.layout == "label" else _paired(was, now, lead.name if lead else ""):
        if i is not None and j is not None:
            for column in both:
                if column.name != NUMBER or not _counted_on(old, new, i, j):
                    yield from _change(column, old, new, i, j)
        elif j is not None and now[j]:
            yield _row("baris", new, j, now[j], compared, lead)
        elif i is not None and was[i]:
            gone = _row("baris_hilang", old, i, was[i], compared, lead)
            yield _finding("baris_hilang", new.sheet, gone.column, detail=f"{gone.cell}: {gone.value}")


def _lead(table: Table, columns: Sequence[Column]) -> Column | None:
    """The column by which people know a row: the printed label, else the first text."""
    labels = [column for column in columns if column.name == table.prefilled]
    return next(iter([*labels, *(column for column in columns if column.kind == "teks")]), None)


def _rows(extract: Extract, columns: Sequence[Column]) -> list[Row]:
    said = {column.name: [_compared(cell) for cell in extract.columns[column.name]] for column in columns}
    return [{name: cells[n] for name, cells in said.items() if cells[n]} for n in range(len(extract.rows))]


def _compared(cell: Any) -> str:
    """A cell as it is compared: spaces and the way a number is stored make no difference."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"{cell:.15g}"
    return "" if cell is None else " ".join(str(cell).split())


# ---- which row was which ---- #


def _paired(was: Sequence[Row], now: Sequence[Row], lead: str) -> Pairs:
    """Every row of both once: rows that say the same, then the likeliest of the others; those that are gone last."""
    known: dict[frozenset[tuple[str, str]], deque[int]] = defaultdict(deque)
    for i, row in enumerate(was):
        known[frozenset(row.items())].append(i)
    found: dict[int, int] = {}
    for j, row in enumerate(now):
        if same := known[frozenset(row.items())]:
            found[j] = same.popleft()
    left = {i for same in known.values() for i in same}
    for i, j in _likely(was, now, sorted(left), [j for j in range(len(now)) if j not in found], lead):
        if j not in found and i in left:
            found[j] = i
            left.remove(i)
    return [*((found.get(j), j) for j in range(len(now))), *((i, None) for i in sorted(left))]


def _likely(
    was: Sequence[Row], now: Sequence[Row], old: Sequence[int], new: Sequence[int], lead: str
) -> list[tuple[int, int]]:
    """Pairs of rows that may be one and the same, best first: their lead is equal, or half of what they say."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in old:
        for item in was[i].items():
            where[item].append(i)
    ranked = []
    for j in new:
        near = {i for item in now[j].items() for i in where.get(item, ()) if len(where[item]) <= _SHARED}
        for i in near:
            equal = len(was[i].items() & now[j].items())
            led = bool(was[i].get(lead)) and was[i].get(lead) == now[j].get(lead)
            if led or 2 * equal >= len(was[i].keys() | now[j].keys()):
                ranked.append((not led, -equal, abs(i - j), j, i))
    return [(i, j) for *_, j, i in sorted(ranked)]


def _counted_on(old: Extract, new: Extract, i: int, j: int) -> bool:
    """Whether the number of a row is another only because it now stands in another place."""
    was, now = old.columns[NUMBER][i], new.columns[NUMBER][j]
    if not isinstance(was, int) or not isinstance(now, int):
        return False
    return now - was in (j - i, new.rows[j] - old.rows[i])


# ---- as findings ---- #


def _change(column: Column, old: Extract, new: Extract, i: int, j: int) -> Iterator[Finding]:
    """A cell that says something else; another way to write the same number, date or choice is no difference."""
    was, now = old.columns[column.name][i], new.columns[column.name][j]
    before, after = _compared(was), _compared(now)
    if before == after or (before and after and _read_alike(column, was, now)):
        return
    case = "dikosongkan" if not after else "" if before else "diisi"
    yield _finding(case, new.sheet, column.heading, new.cell(column.name, j), show(now), _quoted(show(was), show(now)))


def _read_alike(column: Column, was: Any, now: Any) -> bool:
    if column.kind == "teks":
        return False
    read = _reader(column)
    value = read(was).value
    return value is not None and value == read(now).value


@cache
def _reader(column: Column) -> Callable[[Any], Reading]:
    return reader_of(column)


def _quoted(was: str, now: str) -> str:
    """The old text, of a long one the part from where it differs."""
    parted = (place for place, (one, other) in enumerate(zip(was, now, strict=False)) if one != other)
    start = next(parted, len(now)) - _CONTEXT
    return f"…{was[start:]}" if start > 0 and len(was) > _LONG else was


def _row(case: str, extract: Extract, index: int, said: Row, columns: Sequence[Column], lead: Column | None) -> Finding:
    """A whole row, at the cell by which it is known: its lead, or the first that says anything."""
    column = lead if lead and lead.name in said else next(one for one in columns if one.name in said)
    value = show(extract.columns[column.name][index])
    return _finding(case, extract.sheet, column.heading, extract.cell(column.name, index), value)


def _finding(case: str, sheet: str, column: str = "", cell: str = "", value: str = "", detail: str = "") -> Finding:
    check = checks_by_key()[f"{_CODE}:{case}" if case else _CODE]
    return Finding(check, sheet, cell, column, value, detail)
