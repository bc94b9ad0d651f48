"""What passes between the steps of the intake: a file handed in, and what was read from it.

Plain data, cheap to send between processes; sentences for people are made later from the check's own row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kemitraan_xl.intake.names import WITHIN


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail with which a file came."""

    sender: str  #: address only
    sent: str  #: ISO time in UTC ("2025-11-04T08:12:00+00:00"), "" when it does not say
    subject: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file handed in. `name` is how Arsip shows it: relative to the source, with "/" between folders.

    A part of a mail or archive is named "surel.eml › lampiran.xlsx"; its `path` is that of the mail or archive.
    """

    name: str
    path: Path
    size: int
    sha256: str = ""
    skipped: str = ""  #: reason (Indonesian) why it is not even opened: lock file, Thumbs.db and the like
    refused: str = ""  #: reason (Indonesian) why it could not be read from the folder at all
    closed: bool = False  #: it may be a mail or archive that nobody has opened yet
    inside: tuple[int, ...] = ()  #: where in the file at `path` it lies: the place of each part, outermost first
    mail: Mail | None = None
    fetched: bool = False  #: `path` leads elsewhere, or to a file of this run only: nothing may link to it

    @property
    def own_name(self) -> str:
        """The name that its sender gave it, without folder, mail or archive."""
        within = self.name.rpartition(WITHIN)[2] if self.inside else self.name
        return within.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail or archive whose files were taken in one by one; `note` (Indonesian, one line) says what lies in it."""

    arrival: Arrival
    note: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """Files that come from elsewhere: the mails of a mailbox, here for one run only; what lies in an object store."""

    origin: str  #: stands before a name that occurs more than once
    arrivals: Sequence[Arrival]


#: What a user may name: a file or folder, or what was fetched from elsewhere for it.
Source = Path | Fetched


@dataclass(frozen=True, slots=True)
class Fault:
    """A structure fault seen while reading: the key of an ST check, and where."""

    key: str
    sheet: str
    cell: str = ""
    column: str = ""
    value: str = ""
    detail: str = ""


@dataclass(slots=True)
class Extract:
    """One table as it stood in one file: columns by contract name, with Excel's own row numbers.

    `columns[c][i]` is the raw value (None, str, float, int, bool, datetime.date, datetime.datetime) in Excel
    row `rows[i]`, Excel column `letters[c]`. On a label table there is one entry and `letters[c]` is the
    whole address ("C7"); columns that were not found are absent.
    """

    table: str
    sheet: str
    columns: dict[str, list[Any]]
    rows: list[int]
    letters: dict[str, str]

    def cell(self, column: str, index: int) -> str:
        letter = self.letters.get(column, "")
        return letter if letter[-1:].isdigit() or not letter else f"{letter}{self.rows[index]}"


@dataclass(slots=True)
class FileReading:
    """Everything read from one file. `refusal` (Indonesian, one line) means: nothing of it is used.

    `identity` holds the stamps of the workbook: jenis, edisi, sidik, mitra (issued code), periode.
    `modified` is the last-modified time written inside the file (ISO text) or "".
    """

    identity: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Extract] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refusal: str = ""
    modified: str = ""
