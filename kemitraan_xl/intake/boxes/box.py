"""A mail or archive that was opened: what lies in it, one level deep, each to be taken out when it is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kemitraan_xl.intake.model import Mail


class Piece(NamedTuple):
    """One thing in a box: its name there, and what takes it out (its bytes, or a box within). Raises Refused."""

    name: str
    take: Callable[[], bytes | Box]


@dataclass(frozen=True, slots=True)
class Box:
    """An opened mail or archive."""

    unit: str  #: what its pieces are called
    pieces: Sequence[Piece]
    mail: Mail | None = None
    own: Mapping[str, int] = field(default_factory=Counter)  #: what belongs to the mail itself, by what it is
    effort: int = 0  #: beside its pieces, that it took to open it, see `mime.Parts`

    @property
    def note(self) -> str:
        """What was found in it, in words."""
        found = f"Berisi {len(self.pieces)} {self.unit}" if self.pieces else f"Tidak berisi {self.unit}"
        left = ", ".join(f"{count} {what}" for what, count in sorted(self.own.items()))
        return f"{found}; bagian surel yang tidak dibaca: {left}." if left else f"{found}."
