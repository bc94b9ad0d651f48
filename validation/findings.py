"""One finding: what is wrong, where, and how grave. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from validation.contract import FACTS, LEVELS, Check, fold

ECHO = "ST-21"  #: the check that says aloud how a text was read


@dataclass(frozen=True, slots=True)
class Finding:
    """A partner's fault as a value. `cell` is "" only for a finding about a whole sheet or file."""

    check: Check
    sheet: str
    cell: str
    column: str
    value: str
    detail: str = ""

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def level(self) -> str:
        return self.check.effective_level

    @property
    def tells(self) -> bool:
        """Whether it says more than the cell does: not that a text was read as just what it says."""
        return self.check.key != ECHO or fold(self.value) != fold(self.detail)

    @property
    def message(self) -> str:
        return self._filled(self.check.sentence)

    @property
    def remedy(self) -> str:
        return self._filled(self.check.remedy)

    def _filled(self, sentence: str) -> str:
        if "{" not in sentence:
            return sentence
        return sentence.format(nilai=_short(self.value), kolom=self.column, rincian=_short(self.detail))


def _short(text: str, most: int = 120) -> str:
    """A value as it is quoted inside a sentence: on one line, and not the whole of a long paragraph."""
    if not text:
        return text
    line = " ".join(text.split()) if text[:1] != " " else " " + " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def gravity(check: Check) -> tuple[int, int]:
    """Order in which the findings of one cell are kept: the most basic fact first, then the level."""
    return FACTS.index(check.fact), LEVELS.index(check.effective_level)


def most_basic(findings: Iterable[Finding]) -> list[Finding]:
    """At most one finding per cell; findings about a whole sheet are all kept, each once."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for finding in sorted(findings, key=lambda f: gravity(f.check)):
        key = (finding.sheet, finding.cell, "" if finding.cell else f"{finding.check.key} {finding.column}")
        kept.setdefault(key, finding)
    return sorted(kept.values(), key=lambda f: (LEVELS.index(f.level), f.sheet, _place(f.cell), f.check.key))


def _place(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), len(letters), letters
