"""Whether a signed Daftar Periksa still says what was signed: its fingerprint, and what its signature is worth.

The fingerprint (sidik) is a code of eight signs over every cell that decides the score. It shows that something
was changed after signing; it is no cryptographic signature. Anyone can work it out for other answers, it says
nothing about who signed, and of a million times a million assessments two may share one. Upper and lower case
and spaces make no difference. `seal_formulas` computes the same in the workbook; the two part only for the few
letters whose lower case programs disagree on (the Turkish dotted I) and beyond the basic plane (emoji).

Pure rules over the Pengesahan of Lampiran 3. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import floor
from typing import Final

from kemitraan_xl.pedoman.model import Band
from validation.contract import lists

Cell = str | float | date | None

#: Signs that are not mistaken for each other when copied by hand: no I, L, O and U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: What those left out are read as, should they be typed all the same.
MISREAD: Final = {"O": "0", "I": "1", "L": "1"}

#: Two primes just below 32^4, so that each remainder is four signs, and the step from weight to weight.
MODULI: Final = (1_048_573, 1_048_571)
_STEPS: Final = (65_599, 30_011)

#: Characters of a kisi-kisi with its answers that count, more than any valid answers have; and of the head of an
#: assessment: a longer one has no seal.
ROW_LENGTH, HEAD_LENGTH = 160, 1_200

#: Parts of a whole by which a typed score counts (A-1 "penilai").
MILLION: Final = 1_000_000

#: How far a recorded score may lie from the computed one: it is shown, and so copied, with two places.
ROUNDING: Final = 0.01


@dataclass(frozen=True, slots=True)
class Signature:
    """What staff wrote to sign an assessment: when, who, and what the printed form showed."""

    day: date | None = None
    seal: str = ""
    score: float | None = None
    version: str = ""
    assessor: str = ""
    approver: str = ""

    @property
    def two_people(self) -> bool:
        """Both have a name, and not the same (DP-18)."""
        names = _text(self.assessor), _text(self.approver)
        return all(names) and names[0] != names[1]

    @property
    def complete(self) -> bool:
        """Whether it is a signature at all: every part of it, by two people."""
        parts = self.day is not None, _text(self.seal), self.score is not None, _text(self.version)
        return all(parts) and self.two_people

    def under(self, version: str) -> bool:
        """Whether it was given under these rules."""
        return _text(self.version) == _text(version)


@cache
def weights(length: int) -> list[tuple[int, int, int]]:
    """Place and the two weights of every character that counts."""
    places = range(1, length + 1)
    return [(place, pow(_STEPS[0], place, MODULI[0]), pow(_STEPS[1], place, MODULI[1])) for place in places]


def fingerprint(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> str:
    """The seal of one assessment from its cells as typed; "" where its head is too long.

    `head`: Nama Lembaga, Tanggal Penilaian, Ruang Lingkup, Mulai Bekerja dengan Anak, Rekomendasi Akhir. `rows`, in
    any order: kisi-kisi, the three answers, the score an assessor typed.
    """
    first = "|".join(_text(cell) for cell in head)
    others = ["|".join([*(_text(cell) for cell in row[:-1]), _typed(row[-1])]) for row in rows]
    if len(first) > HEAD_LENGTH:
        return ""
    return "-".join(
        _signs((_hash(first, HEAD_LENGTH, which) + sum(_hash(text, ROW_LENGTH, which) for text in others)) % modulus)
        for which, modulus in enumerate(MODULI)
    )


def _text(cell: Cell) -> str:
    """A cell as it counts: days and numbers as whole numbers, texts in lower case with single spaces."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return str((cell - date(1899, 12, 30)).days)
    if isinstance(cell, int | float):
        return str(floor(cell))
    return " ".join(part for part in (cell or "").split(" ") if part).lower()


def _typed(score: Cell) -> str:
    if isinstance(score, int | float):
        return str(floor(score * MILLION + 0.5))
    return _text(score)


def _hash(text: str, length: int, which: int) -> int:
    """Squared, so that two answers which change places do not cancel out in a sum."""
    padded = text[:length].ljust(length)
    total = sum(ord(sign) * weight[which + 1] for sign, weight in zip(padded, weights(length), strict=True))
    return (total % MODULI[which]) ** 2 % MODULI[which]


def _signs(number: int) -> str:
    base = len(ALPHABET)
    return "".join(ALPHABET[number // base**place % base] for place in (3, 2, 1, 0))


def copied(seal: str) -> str:
    """A seal as it was meant, however it was copied: case, spaces, the hyphen and misread signs aside."""
    signs = (MISREAD.get(sign, sign) for sign in seal.upper() if sign not in " -")
    return "".join(signs)


def state(signature: Signature, seal: str, total: float | None, version: str) -> str:
    """What the signature is worth, by its code in the list `pengesahan`, against the present seal, score and rules.

    Under the rules it was signed by, the score must be the recorded one too. Under others it cannot be compared.
    """
    if not signature.complete or signature.score is None:
        return "belum"
    same_score = total is not None and abs(signature.score - total) < ROUNDING
    unchanged = seal != "" and copied(signature.seal) == copied(seal)
    return "sah" if unchanged and (same_score or not signature.under(version)) else "berubah"


def final(recommendation: str | None, lowered: str | None, bands: Sequence[Band]) -> str | None:
    """The recommendation after a reasoned change, which may lower it, never raise it (III.B.6, DP-08)."""
    order = {band.label: band.order for band in bands}
    if recommendation is None or lowered not in order:
        return recommendation
    return min(recommendation, lowered, key=lambda label: order[label])


def feasible(recommendation: str | None) -> str:
    """III.B.6's answer to a final recommendation: "layak", "layak bersyarat" or "tidak layak" (A-7)."""
    return next((item.note for item in lists()["rekomendasi"] if item.label == recommendation), "")


def counting(days: Sequence[date | None], states: Sequence[str]) -> int:
    """Which of a partner's assessments counts: the latest that was signed, else the latest (A-14d).

    One changed after signing is still the one that was signed last: an older one must not come back into force.
    """
    keys = [(state != "belum", day or date.min) for day, state in zip(days, states, strict=True)]
    return keys.index(max(keys))
