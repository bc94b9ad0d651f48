"""Which of a list's parts are still unwritten: the ten elements of KAK, the six of the final report, the six steps.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable

from validation.contract import CodeList, Item
from validation.values import read_text


def unwritten(parts: CodeList, rows: Iterable[tuple[object, object]]) -> tuple[Item, ...]:
    """The parts of the list that no row (part, text) describes, in the list's order (III.A.3, IV.D.2)."""
    written = {
        item.code
        for part, text in rows
        if read_text(text).value and (item := parts.find(str(read_text(part).value or "")))
    }
    return tuple(item for item in parts if item.code not in written)
