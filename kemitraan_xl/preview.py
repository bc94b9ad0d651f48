"""What a consolidation would change against an earlier summary, row by row; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.recap import SHEETS

#: Columns that tell which row it is; the others are what may have changed.
_KEY = ("Berkas", "Lembar", "Sel", "Kolom", "Kode", "Ruang Lingkup", "Jenis")

Rows = dict[tuple[str, ...], tuple[str, ...]]


def differences(recap: Recap, earlier: Path) -> Iterator[str]:
    """Indonesian lines: per sheet how many rows are new, changed and gone, then each of those rows."""
    old = _summary(earlier)
    if not old:
        yield f"{earlier} belum ada atau bukan rekap; semua baris akan menjadi baris baru."
    for name, fill in SHEETS.items():
        changes = compare(old.get(name, pd.DataFrame()), fill(recap))
        counts = Counter(change for change, _ in changes)
        yield f"{name}: {counts['baru']} baru, {counts['berubah']} berubah, {counts['hilang']} hilang"
        for change, row in changes:
            yield f"  {change}: {row}"


def compare(old: pd.DataFrame, new: pd.DataFrame) -> list[tuple[str, str]]:
    """What changes from one frame of a summary sheet to the next: "baru", "berubah" or "hilang", and which row."""
    before, after = _keyed(old), _keyed(new)
    changes = [("baru", key) for key in after.keys() - before.keys()]
    changes += [("hilang", key) for key in before.keys() - after.keys()]
    changes += [("berubah", key) for key in after.keys() & before.keys() if after[key] != before[key]]
    return [(change, " › ".join(part for part in key if part)) for change, key in sorted(changes)]


def _summary(path: Path) -> dict[str, pd.DataFrame]:
    """The sheets of an earlier summary; empty when there is none."""
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (OSError, CalamineError):
        return {}
    return {name: _frame(book, name) for name in SHEETS if name in book.sheet_names}


def _frame(book: CalamineWorkbook, name: str) -> pd.DataFrame:
    """All rows of a sheet and of those on which it goes on ("Temuan (2)")."""
    parts = [title for title in book.sheet_names if title == name or title.startswith(f"{name} (")]
    rows = [book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in parts]
    return pd.DataFrame([row for part in rows for row in part[1:]], columns=rows[0][0] if rows[0] else [])


def _keyed(frame: pd.DataFrame) -> Rows:
    """Rows by their key; a second row with the same key gets a running number."""
    headings = list(frame.columns)
    found: Rows = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for cells in frame.itertuples(index=False, name=None):
        row: Mapping[str, str] = {h: _text(cell) for h, cell in zip(headings, cells, strict=True)}
        key = tuple(row[heading] for heading in _KEY if heading in row)
        seen[key] += 1
        numbered = key if seen[key] == 1 else (*key, str(seen[key]))
        found[numbered] = tuple(row.values())
    return found


def _text(cell: Any) -> str:
    """A cell as text, the same before it is written and after it is read back."""
    if cell is None or (not isinstance(cell, str) and pd.isna(cell)):
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"{cell:.12g}"
    return str(cell)
