"""The summary workbook: the frames of a recap written as sheets, every row with its way back to the source.

Plain cells only: partner text is always written as text, whatever its first character. Same recap and same
target folder give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import islice, repeat
from math import isfinite
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import collector
from kemitraan_xl.book.cells import fit_row, put
from kemitraan_xl.book.dasbor_rekap import write_dasbor
from kemitraan_xl.book.look import FONT, FONT_SIZE, OWNER, TABS, Look, aligned, set_up_page, spread
from kemitraan_xl.book.packed import QuicklyPacked
from kemitraan_xl.book.splice import Cells, write_rows
from kemitraan_xl.consolidate import CONTAINER, Recap
from kemitraan_xl.privacy import mask_name
from kemitraan_xl.recap import SHEETS, figures
from kemitraan_xl.safe_write import replace_file, work_folder
from validation.contract import lists
from validation.values import show_date

#: Excel's limits: rows of a sheet, links of a sheet, characters of a link.
ROWS: Final = 1_048_576
LINKS: Final = 65_530
LINK_LENGTH: Final = 2_000

FIRST: Final = "Ringkasan"
ORDER: Final = (FIRST, *list(SHEETS)[:8], "Dasbor", *list(SHEETS)[8:])

#: Widths in characters by heading; other columns follow their kind.
WIDTHS: Final = {
    "Berkas": 34,
    "Lembar": 16,
    "Sel": 8,
    "Mitra": 30,
    "Periode": 10,
    "Kode Mitra": 12,
    "Versi": 10,
    "Pengirim": 26,
    "Tanggal Masuk": 15,
    "Tanggal Surel": 17,
    "Perihal": 40,
    "No": 6,
    "Hal": 34,
    "SHA-256": 36,
    "Pesan": 60,
    "Saran": 50,
    "Kode": 8,
    "Tingkat": 10,
    "Ruang Lingkup": 40,
}
_WIDTH_OF_KIND: Final = {"teks": 24, "bulat": 12, "angka": 12, "rupiah": 20, "tanggal": 13, "persen": 12}

#: Columns that hold parts of a whole, and those of money, by how their headings begin.
_SHARES, _MONEY = ("Capaian", "Serapan"), ("Biaya", "Realisasi Biaya", "Realisasi s.d.", "Menurut", "Selisih")

#: Columns that are printed on every page of a wide sheet: file, sheet, cell, partner.
_KEPT: Final = 4

#: Points of one line of text, the lines after which a row is not made higher, and what a line loses because words go
#: to the next one whole.
_LINE, _MOST_LINES, _LOST = 13, 12, 3

#: What Excel can show as a date.
_FIRST_DAY: Final = datetime(1900, 1, 1)

#: Rows above which a sheet is spliced.
MANY: Final = 5_000


@collector.paused()
def write_summary(recap: Recap, target: Path) -> dict[str, int]:
    """Write the summary at `target`, whole or not at all; returns the number of rows of every sheet.

    Raises OSError when the target cannot be written.
    """
    frames = {name: fill(recap) for name, fill in SHEETS.items()}
    with work_folder() as folder:
        replace_file(target, _workbook(recap, target, frames, folder))
    return {name: len(frame) for name, frame in frames.items()}


def _workbook(recap: Recap, target: Path, frames: Mapping[str, pd.DataFrame], folder: Path) -> memoryview:
    """The whole file; rows that are done wait in `folder`."""
    buffer = BytesIO()
    workbook = QuicklyPacked(
        buffer,
        {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        },
    )
    created = datetime.combine(recap.today, datetime.min.time())
    workbook.set_properties({"title": "Rekap Kemitraan KPAI", "author": OWNER, "created": created})
    look = Look(workbook)
    links = _Links(recap, target)
    counts = {name: len(frame) for name, frame in frames.items()}
    for name in ORDER:
        if name == FIRST:
            _write_first(workbook, look, recap, counts)
        elif name == "Dasbor":
            write_dasbor(workbook, look, recap)
        else:
            _write_frame(workbook, look, name, frames[name], links)
    try:
        workbook.close()
    except FileCreateError as error:  # what the system said, which it wraps
        raise error.args[0] from None
    return buffer.getbuffer()


class _Links:
    """Relative links from the summary to the files and cells that its rows came from.

    A file whose path shows a child's data has none: a link would show it again. Nor has one that was fetched for
    this run only.
    """

    def __init__(self, recap: Recap, target: Path) -> None:
        folder = target.resolve().parent
        paths = {
            entry.arrival.name: os.path.relpath(entry.arrival.path, folder).replace(os.sep, "/")
            for entry in recap.listed
            if not entry.arrival.skipped and not entry.arrival.fetched
        }
        self._within = {entry.arrival.name for entry in recap.returns if entry.arrival.inside}
        self._files = {name: quote(path, safe="/") for name, path in paths.items() if mask_name(path) == path}

    def to(self, name: str | None, sheet: str | None, cell: str | None) -> str | None:
        """The link to a file, or to a cell in it, or to the mail it came in; None when too long for Excel."""
        place = self._files.get(name or "")
        if place is None:
            return None
        quoted = (sheet or "").replace("'", "''")
        link = f"external:{place}#'{quoted}'!{cell}" if cell and name not in self._within else f"external:{place}"
        return link if len(link) <= LINK_LENGTH else None


def _write_first(workbook: Workbook, look: Look, recap: Recap, counts: dict[str, int]) -> None:
    """Ringkasan: the figures, the verdicts, what the sheets hold, and the rules it was made by."""
    sheet = workbook.add_worksheet(FIRST)
    sheet.set_tab_color(TABS["beranda"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 70)
    lines: list[tuple[str, str, str]] = [("Rekap Kemitraan KPAI", "", ""), ("", "", "")]
    lines += [(label, value, "") for label, value in figures(recap)]
    lines += [("Per tanggal", show_date(recap.today), ""), ("Versi aturan", recap.rule_version, "")]
    lines += [("", "", ""), ("Putusan", "Berkas", "Arti")]
    lines += [(item.label, str(recap.verdicts()[item.code]), item.note) for item in lists()["putusan"]]
    if recap.containers:
        note = "Surel dan arsip yang dibuka, di luar jumlah berkas; yang ada di dalamnya dihitung sendiri-sendiri."
        lines.append((lists()["jenis_berkas"][CONTAINER].label, str(len(recap.containers)), note))
    lines += [("", "", ""), ("Lembar", "Baris", "")]
    lines += [(name, str(count), "") for name, count in counts.items()]
    for row, (label, value, note) in enumerate(lines):
        heading = label in ("Putusan", "Lembar")
        if row == 0:
            sheet.write_string(row, 0, label, look("judul"))
        elif label in counts and row > lines.index(("Lembar", "Baris", "")):
            sheet.write_url(row, 0, f"internal:'{label}'!A1", look("sel", "tautan"), label)
        elif label:
            sheet.write_string(row, 0, label, look("kepala") if heading else look("sel", "tebal"))
        if label and row:
            style = look("kepala") if heading else look("sel", "kiri")
            put(sheet, row, 1, int(value) if value.isdigit() else value, style)
        if note:
            sheet.write_string(row, 2, note, look("kepala") if heading else look("sel"))
    set_up_page(sheet, area=(0, 0, len(lines) - 1, 2))


def _write_frame(workbook: Workbook, look: Look, name: str, frame: pd.DataFrame, links: _Links) -> None:
    """One sheet, or several when the rows are more than a sheet holds: nothing is ever cut off."""
    room = ROWS - 1
    for part, start in enumerate(range(0, max(len(frame), 1), room), start=1):
        title = name if part == 1 else f"{name} ({part})"
        _write_sheet(workbook, look, title, frame.iloc[start : start + room], links)


def _write_sheet(workbook: Workbook, look: Look, title: str, frame: pd.DataFrame, links: _Links) -> None:
    sheet = workbook.add_worksheet(title)
    sheet.set_tab_color(TABS["rekap"])
    sheet.freeze_panes(1, 1)
    kinds = [column_kind(heading, frame[heading]) for heading in frame.columns]
    widths = [WIDTHS.get(heading, _WIDTH_OF_KIND[kind]) for heading, kind in zip(frame.columns, kinds, strict=True)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, look("sel"))  # blank cells have lines too, and no place in the file
    sheet.set_row(0, 32)
    fit_row(sheet, 0, [(heading, width - 1) for heading, width in zip(frame.columns, widths, strict=True)])
    for column, heading in enumerate(frame.columns):
        sheet.write_string(0, column, heading, look("kepala"))
    columns = [
        Cells(_values(kind, frame[heading]), look("sel", *aligned(kind), kind="" if kind == "teks" else kind))
        for heading, kind in zip(frame.columns, kinds, strict=True)
    ]
    _link(title, frame, columns, links, look("sel", "tautan"))
    write = write_rows if len(frame) > MANY else _write_rows
    texts = [
        (column.values, width) for column, width, kind in zip(columns, widths, kinds, strict=True) if kind == "teks"
    ]
    write(sheet, 1, columns, _heights(len(frame), texts))
    sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
    set_up_page(sheet, area=(0, 0, max(len(frame), 1), len(frame.columns) - 1), heading_row=0)
    spread(sheet, widths, _KEPT)


def _write_rows(sheet: Worksheet, first: int, columns: Sequence[Cells], heights: Sequence[float]) -> None:
    """The rows from `first` on, cell by cell."""
    for place, height in enumerate(heights):
        row = first + place
        sheet.set_row(row, height)
        for number, column in enumerate(columns):
            value = column.values[place]
            if place in column.links:
                sheet.write_url(row, number, column.links[place], column.linked, value)
            elif value is not None:
                put(sheet, row, number, value, column.style)


def _heights(rows: int, texts: Sequence[tuple[Sequence[Any], int]]) -> list[float]:
    """Points each row needs so that its longest text is seen whole, up to a limit; nothing fits it on opening.

    `texts` are the columns of text, each with its width.
    """
    lines = [list(map(_Lines(width).__getitem__, values)) for values, width in texts]
    high = [needed for needed in lines if max(needed, default=1) > 1]
    return [_LINE * min(needed, _MOST_LINES) + 2 for needed in map(max, repeat(1, rows), repeat(1), *high)]


class _Lines(dict[Any, int]):
    """Lines that a value needs in a column of some width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def __missing__(self, value: Any) -> int:
        long = isinstance(value, str) and (len(value) > self._width or "\n" in value)
        self[value] = sum(self._needed(len(part)) for part in value.split("\n")) if long else 1
        return self[value]

    def _needed(self, characters: int) -> int:
        return -(-characters // (self._width - _LOST)) if characters > self._width else 1


def column_kind(heading: str, cells: pd.Series) -> str:
    """How a column of a summary sheet is shown: a key of NUMBER_FORMATS."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "tanggal"
    if heading.startswith(_MONEY):
        return "rupiah"
    if heading.startswith(_SHARES):
        return "persen"
    if not pd.api.types.is_numeric_dtype(cells):
        return "teks"
    return "bulat" if (cells.dropna() % 1 == 0).all() else "angka"


def _values(kind: str, cells: pd.Series) -> list[Any]:
    """Texts, datetimes or numbers, None for every kind of blank; text for what Excel has no number for."""
    if kind == "tanggal":  # by way of numpy, which takes a hundredth of the time
        days: list[datetime | None] = cells.to_numpy().astype("datetime64[us]").tolist()
        return [day.date().isoformat() if day and day < _FIRST_DAY else day for day in days]
    if kind == "teks":
        return [value if value.__class__ is str and value else _text(value) for value in cells.tolist()]
    numbers = zip(cells.tolist(), cells.isna().tolist(), strict=True)
    return [None if blank else number if isfinite(number) else str(number) for number, blank in numbers]


def _text(value: Any) -> str | None:
    return None if value is None or value == "" or pd.isna(value) else str(value)


def _link(title: str, frame: pd.DataFrame, columns: list[Cells], links: _Links, style: Format) -> None:
    """Links behind the cells of Temuan (its Sel) or Arsip (its Berkas), as many as Excel allows."""
    linked = {"Temuan": "Sel", "Arsip": "Berkas"}.get(title.split(" (")[0], "")
    if not linked:
        return
    values = dict(zip(frame.columns, (column.values for column in columns), strict=True))
    nothing = [None] * len(frame)
    where = zip(values["Berkas"], values.get("Lembar", nothing), values.get("Sel", nothing), strict=True)
    found = (
        (place, link)
        for place, (cell, spot) in enumerate(zip(values[linked], where, strict=True))
        if cell and (link := links.to(*spot))
    )
    number = list(frame.columns).index(linked)
    columns[number] = replace(columns[number], links=dict(islice(found, LINKS)), linked=style)
