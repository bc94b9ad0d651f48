"""Returns that may be of one partner although their keys differ: pointed out to KPAI's staff, never merged.

Names that differ by a slip of the pen, and returns without a code or period whose name or NPWP another one has too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from validation.contract import checks_by_key, fold
from validation.findings import Finding

if TYPE_CHECKING:
    from kemitraan_xl.verdicts import Return

#: How alike two different names must be to be pointed out, and the letters they must share to be compared.
_NEAR, _BLOCK = 0.9, 12

Pair = tuple["Return", "Return"]


def point_out(entries: Sequence[Return]) -> None:
    """Add a warning to every return that stands and may be another's partner under a key of its own."""
    named = sorted((entry for entry in entries if entry.partner), key=lambda entry: entry.arrival.name)
    for key, pairs in (("ST-23", _near_names(named)), ("ST-23:sama", _same_partners(named))):
        for one, other in pairs:
            extract = one.reading.tables["sampul"]
            cell = extract.letters.get("nama_lembaga", "")
            value = f"{other.partner} ({other.arrival.name})"
            one.findings.append(Finding(checks_by_key()[key], extract.sheet, cell, "Nama Lembaga", value))


def _near_names(entries: Sequence[Return]) -> Iterator[Pair]:
    """Two partners without a code whose names differ by a slip of the pen."""
    by_name: dict[str, Return] = {}
    for entry in entries:
        if not _coded(entry):
            by_name.setdefault(fold(entry.partner), entry)
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in sorted(by_name):
        blocks[f"< {name[:_BLOCK]}"].append(name)
        blocks[f"> {name[-_BLOCK:]}"].append(name)
    pairs = {(a, b) for block in blocks.values() for a in block for b in block if a < b}
    for a, b in sorted(pairs):
        if SequenceMatcher(None, a, b).ratio() >= _NEAR:
            yield by_name[a], by_name[b]
            yield by_name[b], by_name[a]


def _same_partners(entries: Sequence[Return]) -> Iterator[Pair]:
    """A return that lost its code or period, with one of the same kind, and of the same period where both have one."""
    groups: dict[tuple[str, str, str | None], list[Return]] = defaultdict(list)
    for entry in entries:
        for mark in _marks(entry):
            for period in (entry.key[2], None):
                groups[entry.kind, mark, period].append(entry)
    for entry in entries:
        if _coded(entry) and entry.period:
            continue
        periods = (entry.key[2], "") if entry.period else (None,)
        found = (one for mark in _marks(entry) for period in periods for one in groups[entry.kind, mark, period])
        other = next((one for one in found if one.key != entry.key), None)
        if other:
            yield entry, other


def _marks(entry: Return) -> list[str]:
    """By what the same partner is known again: its name, its NPWP."""
    return [f"nama {fold(entry.partner)}", *([f"npwp {entry.tax_number}"] if entry.tax_number else [])]


def _coded(entry: Return) -> bool:
    return entry.key[0].startswith("kode ")
