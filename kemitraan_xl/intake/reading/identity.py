"""Who a workbook says it is: its kind, the rules it was made by, the partner's issued code, its period.

A workbook says so in a block of labels and values on its hidden sheet. A partner template says it once more,
in one line on its first sheet, so that a reader need not open the large hidden sheet. Standard library only.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Final

MARK: Final = "kmt:identitas"  #: stands above the block, and begins the line


@dataclass(frozen=True, slots=True)
class Identity:
    """The stamp of a workbook: kind, edition and digest of the rules, issued partner code, period."""

    jenis: str
    edisi: str
    sidik: str
    mitra: str
    periode: str

    @property
    def line(self) -> str:
        """All of it in one cell."""
        return f"{MARK} {json.dumps(asdict(self), ensure_ascii=False)}"


FIELDS: Final = tuple(field.name for field in fields(Identity))


def read_line(text: str) -> dict[str, str]:
    """The fields of a line, as Identity wrote it; {} for any other text, also for a line that was damaged."""
    try:
        found = json.loads(text.removeprefix(MARK))
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(found, dict) and tuple(found) == FIELDS and all(isinstance(v, str) for v in found.values())
    return {name: value.strip() for name, value in found.items()} if whole else {}
