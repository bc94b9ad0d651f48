"""What a consolidation would change against an earlier one, row by row and cell by cell; nothing is written.

A consolidation keeps no history: it is made anew from the files. What it is compared with is the one before it, as
the earlier summary or the open master still has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from kemitraan_xl.book.summary import FIRST
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.recap import SHEETS, figures
from validation.values import show_date

NEW, CHANGED, GONE = KINDS = ("baru", "berubah", "hilang")

#: Columns that tell which row it is; and those that tell it still when a corrected file has another name.
_KEY: Final = ("Berkas", "Lembar", "Sel", "Kolom", "Kode", "Ruang Lingkup", "Jenis")
_KEY_OF_RETURN: Final = ("Mitra", "Kode Mitra", "Periode", *_KEY[1:])
_WHERE: Final = ("Berkas", "Lembar", "Sel", "Mitra")
_DAY: Final = "Per tanggal"
_BLANK: Final = "(kosong)"
_LONGEST: Final = 240  #: characters in which a whole row is told
_LARGE: Final = 10_000  #: from here on numbers are shown with thousands; a year is not

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a sheet that is new or gone, told as a whole; or one cell that changes in a row that stays."""

    kind: str  #: one of KINDS
    where: tuple[str, ...]  #: file, sheet, cell and partner of the row, as far as the sheet has them
    column: str  #: heading of the cell, "" for a whole row
    before: str
    after: str
    number: int  #: of the row, counted from 0: in the new sheet, or for a row that is gone in the earlier one
    place: int | None = None  #: where the row stands in the earlier sheet, counted from 0


def differences(recap: Recap, earlier: Path) -> Iterator[str]:
    """Indonesian lines: the figures before and after, the rows that change, and how many do per sheet."""
    book = _opened(earlier)
    if book is None:
        yield f"{earlier} belum ada atau bukan rekap; semua baris akan menjadi baris baru."
    else:
        day = _figures(book).get(_DAY, "")
        yield f"Dibandingkan dengan {earlier}{f' per {day}' if day else ''}; belum ada yang ditulis."
    before = _figures(book) if book else {}
    for label, value in figures(recap):
        yield f"{label}: {f'{before[label]} → ' if before.get(label, value) != value else ''}{value}"
    changes = {name: compare(_frame(book, name), fill(recap)) for name, fill in SHEETS.items()}
    for name, found in changes.items() if book else ():
        yield from _told(name, found)
    for name, found in changes.items():  # last, so that they are still seen when the rows were many
        yield f"{name}: {counted(rows_of(found))}"


def rows_of(changes: Sequence[Change]) -> Counter[str]:
    """How many rows are new, changed and gone."""
    return Counter(kind for (kind, *_), _ in groupby(changes, key=_row_of))


def counted(rows: Counter[str]) -> str:
    """In words: "2 baru, 1 berubah, 0 hilang"."""
    return ", ".join(f"{rows[kind]} {kind}" for kind in KINDS)


def compare(old: pd.DataFrame, new: pd.DataFrame) -> list[Change]:
    """What changes from one frame of a summary sheet to the next: rows of the new one in order, then those gone.

    A row is known by its file and cell; where its file came under another name, by partner, period and cell.
    """
    before, after = _rows(old), _rows(new)
    pairs = _paired(before, after)
    found: list[Change] = []
    for number, row in enumerate(after):
        place = pairs.get(number)
        found += [Change(NEW, _where(row), "", "", _whole(row), number)] if place is None else []
        found += [] if place is None else _cells(before[place], row, number, place)
    stays = set(pairs.values())
    gone = (place for place in range(len(before)) if place not in stays)
    return found + [Change(GONE, _where(before[place]), "", _whole(before[place]), "", place, place) for place in gone]


def _paired(before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """The earlier row that every row continues, by number; rows that are new have none."""
    pairs: dict[int, int] = {}
    for columns in (_KEY, _KEY_OF_RETURN):
        taken = set(pairs.values())
        known = _keyed({place: row for place, row in enumerate(before) if place not in taken}, columns)
        asked = _keyed({number: row for number, row in enumerate(after) if number not in pairs}, columns)
        pairs |= {number: known[key] for key, number in asked.items() if key in known}
    return pairs


def _keyed(rows: Mapping[int, Row], columns: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The numbers of rows by key; a second row with the same key gets a running number."""
    found: dict[tuple[str, ...], int] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for number, row in rows.items():
        key = tuple(_text(row[heading]) for heading in columns if heading in row)
        seen[key] += 1
        found[*key, str(seen[key])] = number
    return found


def _cells(before: Row, after: Row, number: int, place: int) -> list[Change]:
    """The cells that differ, in the order of the columns."""
    headings = dict.fromkeys([*after, *before])
    pairs = ((heading, before.get(heading), after.get(heading)) for heading in headings)
    return [
        Change(CHANGED, _where(after), heading, _shown(old), _shown(new), number, place)
        for heading, old, new in pairs
        if _text(old) != _text(new)
    ]


# ---- the earlier summary ---- #


def _opened(path: Path) -> CalamineWorkbook | None:
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (OSError, CalamineError):
        return None
    return book if FIRST in book.sheet_names else None


def _figures(book: CalamineWorkbook) -> dict[str, str]:
    """Label and value of the lines of Ringkasan."""
    rows = book.get_sheet_by_name(FIRST).to_python()
    return {str(row[0]): _text(row[1]) for row in rows if len(row) > 1}


def _frame(book: CalamineWorkbook | None, name: str) -> pd.DataFrame:
    """All rows of a sheet and of those on which it goes on ("Temuan (2)"); none without a summary."""
    titles = book.sheet_names if book else []
    parts = [title for title in titles if title == name or title.startswith(f"{name} (")]
    if book is None or not parts:
        return pd.DataFrame()
    rows = [book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in parts]
    return pd.DataFrame([row for part in rows for row in part[1:]], columns=rows[0][0] if rows[0] else [])


# ---- rows and cells as they are compared and shown ---- #


def _rows(frame: pd.DataFrame) -> list[Row]:
    headings = [str(heading) for heading in frame.columns]
    return [dict(zip(headings, cells, strict=True)) for cells in frame.itertuples(index=False, name=None)]


def _where(row: Row) -> tuple[str, ...]:
    """Where a row comes from; by its first cell where it comes from many files."""
    found = tuple(_text(row.get(heading)) for heading in _WHERE)
    return found if any(found) else (*found[1:], next(filter(None, map(_text, row.values())), ""))


def _whole(row: Row) -> str:
    """What a row says beside where it stands."""
    said = ((heading, cell) for heading, cell in row.items() if heading not in _WHERE and _text(cell))
    told = "; ".join(f"{heading}: {_shown(cell)}" for heading, cell in said)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _text(cell: Any) -> str:
    """A cell as text, the same before it is written and after it is read back."""
    if cell is None or (not isinstance(cell, str) and pd.isna(cell)):
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"{cell:.12g}"
    return str(cell)


def _shown(cell: Any) -> str:
    """A cell as people read it: "1.500.000", "5 Januari 2026"; on one line."""
    text = _text(cell)
    if isinstance(cell, date) and text:
        return show_date(cell)
    if text and isinstance(cell, (int, float)) and abs(cell) >= _LARGE:
        whole, _, rest = f"{cell:,.15g}".partition(".")
        return f"{whole.replace(',', '.')}{f',{rest}' if rest else ''}"
    return " ".join(text.split())


def _row_of(change: Change) -> tuple[str, tuple[str, ...], int]:
    return change.kind, change.where, change.number


def _told(name: str, changes: Sequence[Change]) -> Iterator[str]:
    """The rows of one sheet: which, then what changes in it."""
    for (kind, where, _), group in groupby(changes, key=_row_of):
        yield f"{name}, {kind}: {' › '.join(part for part in where if part)}"
        for one in group:
            said = f"{one.column}: {one.before or _BLANK} → {one.after or _BLANK}"
            yield f"    {said if one.column else one.before or one.after}"
