"""The rows of a large summary sheet, written several times as fast as cell by cell.

XlsxWriter still makes the workbook and everything around the rows. Only the text of the rows is made here,
column by column, and put into the temporary file in which XlsxWriter (in `constant_memory`) keeps the rows it
has finished. No other module knows how it does so; a test holds the result equal to its own, cell for cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import _preserve_whitespace, _utf16_len, _utf16_truncate, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_CHUNK: Final = 8_192  #: rows made at once, so that memory does not grow with the sheet


@dataclass(frozen=True, slots=True)
class Cells:
    """One column: its values (text, numbers, datetimes, None for a blank) and their format.

    `links` are the addresses behind some of its texts, by position; those cells have the format `linked`.
    """

    values: Sequence[Any]
    style: Format
    links: Mapping[int, str] = field(default_factory=dict)
    linked: Format | None = None


def write_rows(sheet: Worksheet, first: int, columns: Sequence[Cells], heights: Sequence[float]) -> None:
    """Write the rows from `first` on; `heights` in points. Above them rows may have been written, none below."""
    last = first + len(heights) - 1
    for number, column in enumerate(columns):
        _register_links(sheet, first, number, column)
    sheet._check_dimensions(last, len(columns) - 1)
    sheet._write_single_row(last + 1)  # the rows above go into the file now
    for start in range(0, len(heights), _CHUNK):
        chunk = range(start, min(start + _CHUNK, len(heights)))
        parts = [_row_tags(sheet, first, chunk, heights)]
        parts += [_cells(sheet, first, chunk, number, column) for number, column in enumerate(columns)]
        parts.append(["</row>"] * len(chunk))
        sheet.fh.write("".join(chain.from_iterable(zip(*parts, strict=True))))


def _register_links(sheet: Worksheet, first: int, number: int, column: Cells) -> None:
    """The addresses, which stand behind the rows in the file. Many lead to one file, whose path is read once."""
    files: dict[str, Url] = {}
    for place, link in column.links.items():
        path, _, anchor = link.partition("#")
        url = copy(files.get(path) or files.setdefault(path, Url(path)))
        url._anchor = anchor
        sheet.hyperlinks[first + place][number] = url


def _row_tags(sheet: Worksheet, first: int, chunk: range, heights: Sequence[float]) -> list[str]:
    tags = {}
    for height in set(heights):
        pixels = int(height * 4.0 / 3.0 + 0.5)
        usual = pixels == sheet.original_row_height
        tags[height] = '">' if usual else f'" ht="{pixels * 0.75:.16g}" customHeight="1">'
    return [f'<row r="{first + place + 1}{tags[heights[place]]}' for place in chunk]


def _cells(sheet: Worksheet, first: int, chunk: range, number: int, column: Cells) -> list[str]:
    """The cells of one column, "" for blanks."""
    written = _Written(sheet, column.style)
    texts = [written[value] for value in column.values[chunk.start : chunk.stop]]
    if column.linked:
        linked = _Written(sheet, column.linked)
        for place in column.links.keys() & set(chunk):
            texts[place - chunk.start] = linked[column.values[place]]
    begin = f'<c r="{xl_col_to_name(number)}'
    return [text and f"{begin}{row}{text}" for row, text in enumerate(texts, first + chunk.start + 1)]


class _Written(dict[Any, str]):
    """Cells of one format by their value, without the address; each value is put into words once."""

    def __init__(self, sheet: Worksheet, style: Format) -> None:
        super().__init__()
        self._sheet, self._style = sheet, style

    def __missing__(self, value: Any) -> str:
        text = "" if value is None else f'" s="{self._style._get_xf_index()}"{self._content(value)}</c>'
        self[value] = text
        return text

    def _content(self, value: Any) -> str:
        if isinstance(value, str):
            if len(value) > self._sheet.xls_strmax // 2 and _utf16_len(value) > self._sheet.xls_strmax:
                value = _utf16_truncate(value, self._sheet.xls_strmax)
            value = self._sheet._escape_control_characters(value)
            kept = ' xml:space="preserve"' if _preserve_whitespace(value) else ""
            return f' t="inlineStr"><is><t{kept}>{self._sheet._escape_data(value)}</t></is>'
        number = self._sheet._convert_date_time(value) if isinstance(value, datetime) else value
        return f"><v>{number:.16G}</v>"
