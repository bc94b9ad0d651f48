"""Who a workbook says it is: its kind, the rules it was made by, the partner's issued code, its period, its language.

A workbook says so in a block of labels and values on its hidden sheet. A partner template says it once more,
in one line on its first sheet, so that a reader need not open the large hidden sheet. Standard library and
`validation` only.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Final

from validation.language import HOME

MARK: Final = "kmt:identitas"  #: stands above the block, and begins the line


@dataclass(frozen=True, slots=True)
class Identity:
    """The stamp of a workbook: kind, edition and digest of the rules, issued partner code, period, language."""

    jenis: str
    edisi: str
    sidik: str
    mitra: str
    periode: str
    bahasa: str = HOME

    @property
    def stamped(self) -> dict[str, str]:
        """What is written down, by field: the language only where it is not that of the guideline."""
        return {name: value for name, value in asdict(self).items() if (name, value) != _UNSAID}

    @property
    def line(self) -> str:
        """All of it in one cell."""
        return f"{MARK} {json.dumps(self.stamped, ensure_ascii=False)}"


FIELDS: Final = tuple(field.name for field in fields(Identity))
_UNSAID: Final = ("bahasa", HOME)
_LINES: Final = (FIELDS[:-1], FIELDS)  #: the fields that a line may have


def read_line(text: str) -> dict[str, str]:
    """The fields of a line, as Identity wrote it; {} for any other text, also for a line that was damaged."""
    try:
        found = json.loads(text.removeprefix(MARK))
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(found, dict) and tuple(found) in _LINES and all(isinstance(v, str) for v in found.values())
    return {name: value.strip() for name, value in found.items()} if whole else {}
