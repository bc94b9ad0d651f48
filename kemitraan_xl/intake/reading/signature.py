"""Who agrees to a form, as what, where and when: the few short texts that people put below a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from kemitraan_xl.intake.reading.locate import key

_MOST = 2  #: texts in one row
_SHORT = 80  #: characters; no line of a signature is longer
_NUMBER = re.compile(r"\W*\d+\W*")
_SAYS_SO = re.compile(
    r"(?:mengetahui|menyetujui|disetujui|disahkan|hormat kami|tertanda|ttd|tanda tangan|yang membuat)\b.*"
    r"|(?:ketua|wakil|direktur|sekretaris|bendahara|pimpinan|kepala|penanggung jawab)(?: \w+){0,3}"
    r"|ni[pk]\b.*|[^,]+, (?:\d{1,2} )?[a-z]+ \d{4}"
)


def signature(rows: Sequence[Sequence[Any]]) -> int:
    """How many of the last rows are a signature: short texts and days only, one of which says that it is one."""
    last = list(takewhile(_may_be_one, reversed(rows)))
    return len(last) if any(_SAYS_SO.fullmatch(key(cell)) for row in last for cell in row) else 0


def _may_be_one(row: Sequence[Any]) -> bool:
    filled = [str(cell) for cell in row if isinstance(cell, str | date)]
    others = any(cell is not None and not isinstance(cell, str | date) for cell in row)
    plain = all(len(text) <= _SHORT and not _NUMBER.fullmatch(text) for text in filled)
    return plain and not others and len(filled) <= _MOST
