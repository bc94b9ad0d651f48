"""What a file that goes back to a partner carries besides the partner's own values.

Known to the module that decides what comes back, to the workbook that shows it, and to the reader that must
not mind it when the partner sends the file again. Standard library and `validation` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from validation.language import Text

RESULT: Final = "Hasil Periksa"  #: the sheet with one row per finding
SPARE: Final = "Isian Lain"  #: the sheet for what fits nowhere else
NOTE: Final = Text("Catatan pemeriksaan KPAI")  #: the first words of every cell note, by which a reader knows it
ASK: Final = Text("Tanyakan kepada KPAI")  #: what is said of a finding that no cell of the file can put right
WATCHED: Final = Text("")  #: of a cell in which something is to be changed
CHANGED, UNCHANGED = Text("Sudah diubah"), Text("Belum")  #: what is said of a cell that had a finding


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell by what it is: table, column, and row of that table counted from 0."""

    table: str
    column: str
    index: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How a wrong cell is shown: its gravest level (E, W), the text of its note, and the row that watches it."""

    level: str
    note: str
    number: int  #: of its line in Hasil Periksa, counted from 1

    @property
    def state(self) -> str:
        """The defined name of the cell in Hasil Periksa that says whether this one has been changed."""
        return f"temuan_{self.number}"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a row of Hasil Periksa. `spot` is None when it is about a sheet or the whole file.

    `state` is what stands for a finding whose cell need not change; "" means that a formula watches the cell.
    """

    level: str
    sheet: str
    column: str
    value: Any
    message: str
    remedy: str
    spot: Spot | None = None
    state: Text = WATCHED


@dataclass(frozen=True, slots=True)
class Spare:
    """A value that has no place in the template: where it stood, what stood above it, and itself as typed."""

    sheet: str
    cell: str
    heading: str
    value: Any


@dataclass(frozen=True, slots=True)
class Returned:
    """All that a template shows when it goes back as the result of a check. `about` names partner and kind."""

    about: str
    lines: Sequence[Line] = ()
    marks: Mapping[Spot, Mark] = field(default_factory=dict)
    spare: Sequence[Spare] = ()
