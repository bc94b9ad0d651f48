"""Returns saved in another format (.xls, .xlsb, .ods, .fods, CSV) as the plain .xlsx that the one reader reads.

Each translator holds its format to limits of its own before it makes anything of it; what it finds damaged or too
large it refuses.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from kemitraan_xl.intake.formats.biff import read_xls
from kemitraan_xl.intake.formats.biff12 import read_xlsb
from kemitraan_xl.intake.formats.delimited import read_delimited
from kemitraan_xl.intake.formats.opendocument import read_fods, read_ods
from kemitraan_xl.intake.formats.plain import Book
from kemitraan_xl.intake.formats.sniff import TEXT
from kemitraan_xl.intake.refusal import Refused

#: By what the guard calls the kind of a file.
READERS: Mapping[str, Callable[[bytes], Book]] = {
    "xls": read_xls,
    "xlsb": read_xlsb,
    "ods": read_ods,
    "fods": read_fods,
    TEXT: read_delimited,
}


def translated(kind: str, data: bytes) -> Book:
    """The workbook in a file of this kind. Raises Refused."""
    try:
        book = READERS[kind](data)
    except (struct.error, IndexError):  # a record that ends before it should
        raise Refused("damaged") from None
    if not book.pages:
        raise Refused("damaged")
    return book
