"""From an open XlsxWriter workbook to a file on disk: real cached values, fixed bytes, written in one step.

Previews, Protected View and every reader that does not calculate show what is stored in the file, so all
formulas are calculated before it is shipped. Same content and same date give the same bytes.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import cellrune
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.look import FONT, FONT_SIZE, OWNER
from kemitraan_xl.safe_write import replace_file

_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_FIXED_HEIGHT: Final = re.compile(rb'(<row [^>]*?) customHeight="1"')
_SERIAL_ZERO: Final = date(1899, 12, 30)


def reference_date() -> date:
    """The date everything is built for when none is given: SOURCE_DATE_EPOCH (seconds, UTC), else today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()


@contextmanager
def building(target: Path, title: str, per_tanggal: date, *, calculate: bool = True) -> Iterator[Workbook]:
    """A workbook to fill; when the block ends well, the finished file stands at `target`, else nothing does.

    One that is not calculated has no values beside its formulas; the program that opens it calculates them.
    Raises OSError when the target cannot be written and RuntimeError when a formula cannot be calculated.
    """
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
    }
    workbook = Workbook(buffer, options)
    workbook.worksheet_class = _Sheet
    created = datetime(per_tanggal.year, per_tanggal.month, per_tanggal.day)
    workbook.set_properties({"title": title, "author": OWNER, "company": OWNER, "created": created})
    yield workbook
    workbook.close()
    data = buffer.getvalue()
    replace_file(target, repack(calculated(data, per_tanggal) if calculate else data))


class _Sheet(Worksheet):
    """A sheet whose formulas keep to the functions of Excel 2013, which a test of every workbook holds.

    XlsxWriter searches each formula for the thirty newer ones; in a master that is a third of the whole work.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")


def calculated(data: bytes, per_tanggal: date) -> bytes:
    """The same workbook with the value of every formula stored beside it."""
    book = cellrune.Workbook.from_bytes(data)
    report = book.calculate(today_serial=(per_tanggal - _SERIAL_ZERO).days)
    if report["unavailable_count"]:
        raise RuntimeError(f"{report['unavailable_count']} rumus tidak dapat dihitung")
    return book.to_bytes()


def repack(data: bytes) -> bytes:
    """The same zip members in the same order, all dated alike, so that equal content is equal bytes.

    Row heights lose their mark "set by hand": they are kept on opening, and grow when a cell gets more text.
    """
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            content = source.read(member)
            if member.filename.startswith("xl/worksheets/sheet"):
                content = _FIXED_HEIGHT.sub(rb"\1", content)
            target.writestr(entry, content)
    return packed.getvalue()
