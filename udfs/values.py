"""Frames of the consolidation as cells of the open workbook."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from kemitraan_xl.book.catatan import TEMUAN
from kemitraan_xl.book.look import NUMBER_FORMATS
from kemitraan_xl.book.summary import column_kind
from udfs.plan import Cell


def rows_of(frame: pd.DataFrame) -> list[list[Cell]]:
    """The rows of a frame as plain values, None for every kind of blank."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [[_plain(cell) for cell in row] for row in plain.itertuples(index=False, name=None)]


def formats_of(frame: pd.DataFrame) -> dict[int, str]:
    """Number formats by column: texts stay texts, dates and money are shown as everywhere else."""
    kinds = [column_kind(heading, frame[heading]) for heading in frame.columns]
    return {position: NUMBER_FORMATS[kind] for position, kind in enumerate(kinds)}


def text_formats(width: int) -> dict[int, str]:
    """All columns as text."""
    return dict.fromkeys(range(width), NUMBER_FORMATS["teks"])


def finding_formats() -> dict[int, str]:
    """The columns of Temuan as text, but for the one with links."""
    return {position: kind for position, kind in text_formats(len(TEMUAN)).items() if TEMUAN[position] != "Sel"}


def _plain(cell: object) -> Cell:
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return float(cell) if hasattr(cell, "__float__") else str(cell)
