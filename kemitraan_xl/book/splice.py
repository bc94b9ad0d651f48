"""The rows of a large summary sheet, written several times as fast as cell by cell.

XlsxWriter still makes the workbook and everything around the rows. Only the text of the rows and of the links
behind them is made here, column by column, and put into the temporary file in which XlsxWriter (in
`constant_memory`) keeps the rows it has finished. No other module knows how it does so; a test holds the result
equal to its own, cell for cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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
    links = [(first + place, number, link) for number, one in enumerate(columns) for place, link in one.links.items()]
    if links:
        sheet._write_hyperlinks = partial(_write_links, sheet, sorted(links))
    sheet._check_dimensions(last, len(columns) - 1)
    sheet._write_single_row(last + 1)  # the rows above go into the file now
    tags = _Tags(sheet)
    for start in range(0, len(heights), _CHUNK):
        places = range(start, min(start + _CHUNK, len(heights)))
        numbers = [str(first + place + 1) for place in places]
        row, parts = '<row r="%s%s', [numbers, map(tags.__getitem__, heights[start : places.stop])]
        for number, column in enumerate(columns):
            texts = _texts(sheet, places, column)
            begin = f'<c r="{xl_col_to_name(number)}'
            if all(texts):
                row += f"{begin}%s%s"
                parts += [numbers, texts]
            elif any(texts):  # some are blank: nothing stands there
                row += "%s"
                parts.append([text and f"{begin}{at}{text}" for at, text in zip(numbers, texts, strict=True)])
        sheet.fh.write("".join(map(f"{row}</row>".__mod__, zip(*parts, strict=True))))


def _write_links(sheet: Worksheet, links: Sequence[tuple[int, int, str]]) -> None:
    """The addresses (row, column, link), which stand behind the rows in the file. Many lead to one file, whose path
    is read once."""
    targets: dict[str, str] = {}
    tags = []
    for row, number, link in links:
        path, _, anchor = link.partition("#")
        if path not in targets:
            targets[path] = Url(path)._target()
        sheet.rel_count += 1
        sheet.external_hyper_links.append(["/hyperlink", targets[path], "External"])
        ref = f"{xl_col_to_name(number)}{row + 1}"
        spot = f' location="{sheet._escape_attributes(anchor)}"' if anchor else ""
        tags.append(f'<hyperlink ref="{ref}" r:id="rId{sheet.rel_count}"{spot}/>')
    sheet.fh.write(f"<hyperlinks>{''.join(tags)}</hyperlinks>")


def _texts(sheet: Worksheet, places: range, column: Cells) -> list[str]:
    """The cells of one column without their addresses, "" for blanks."""
    texts = list(map(_Written(sheet, column.style).__getitem__, column.values[places.start : places.stop]))
    if column.linked:
        linked = _Written(sheet, column.linked)
        for place in column.links.keys() & set(places):
            texts[place - places.start] = linked[column.values[place]]
    return texts


class _Tags(dict[float, str]):
    """What stands behind the number of a row of some height."""

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__()
        self._usual = sheet.original_row_height

    def __missing__(self, height: float) -> str:
        pixels = int(height * 4.0 / 3.0 + 0.5)
        usual = pixels == self._usual
        self[height] = '">' if usual else f'" ht="{pixels * 0.75:.16g}" customHeight="1">'
        return self[height]


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
