"""When a return was made, so that of several with one key the newest is known: its mail, else its letter, else itself.

Days and hours are those of Jakarta, where letters are dated; mails and files keep UTC. What is not known decides
nothing: two returns between which only a missing time could tell are equally new.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from kemitraan_xl.intake.model import Arrival, FileReading
from validation.values import read_date, show_date

_WIB = timezone(timedelta(hours=7), "WIB")
_UNKNOWN = "tanpa tanggal"


@dataclass(frozen=True, slots=True)
class Age:
    """What is known of the time of a return; None for what is not."""

    sent: datetime | None  #: the mail with which it came
    letter: date | None  #: Tanggal Surat on its cover
    saved: datetime | None  #: last-modified inside the file

    @property
    def received(self) -> date | None:
        """The day it came in: that of its mail, else of its letter."""
        return self.sent.date() if self.sent else self.letter

    @property
    def marks(self) -> tuple[str, ...]:
        """What is compared, the first difference decides: day, time, and what tells two of one time apart."""
        day = self.received or (self.saved.date() if self.saved else None)
        return tuple(str(mark or "") for mark in (day, self.sent or self.saved, self.letter, self.saved))

    @property
    def first_seen(self) -> tuple[bool, bool, str]:
        """A key that puts in front which of several copies counts: the first that was mailed, else first saved."""
        time = str(self.sent or self.saved or "")
        return self.sent is None, not time, time

    def before(self, other: Age) -> bool:
        """Whether this return is the older one for certain."""
        for mine, its in zip(self.marks, other.marks, strict=True):
            if mine != its:
                return bool(mine and its) and mine < its
        return False

    def told_from(self, other: Age) -> tuple[str, str]:
        """Both in words, as far as it takes to tell them apart."""
        mine, its = self._words(), other._words()
        count = next((count for count in (1, 2) if mine[:count] != its[:count]), 3)
        return ", ".join(mine[:count]) or _UNKNOWN, ", ".join(its[:count]) or _UNKNOWN

    def _words(self) -> list[str]:
        letter = [f"Tanggal Surat {show_date(self.letter)}"] if self.letter else []
        return [*_timed("surel", self.sent), *letter, *_timed("disimpan", self.saved)]


def age_of(arrival: Arrival, reading: FileReading) -> Age:
    """When a file was sent, its letter written, and itself saved."""
    cover = reading.tables.get("sampul")
    letter = read_date((cover.columns.get("tanggal_surat") or [None])[0]).value if cover else None
    return Age(moment(arrival.mail.sent) if arrival.mail else None, letter, moment(reading.modified))


def moment(text: str) -> datetime | None:
    """An ISO time, in UTC where it names no zone, as a clock in Jakarta shows it; None for any other text."""
    with suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(_WIB)
    return None


def _timed(word: str, moment: datetime | None) -> list[str]:
    return [f"{word} {show_date(moment.date())} {moment:%H.%M}"] if moment else []
