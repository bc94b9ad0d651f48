"""The numbers by which institutions and people are registered: NPWP of 15 or 16 figures, NIK (III.B.1, BK-02).

What can be told from the figures alone; whether a number exists only the tax office knows. Standard library only.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from validation.contract import lists
from validation.values import npwp_digits

#: What a number is, by its figures alone; the sentences a user reads.
OLD: Final = "NPWP 15 angka"
LONG: Final = "NPWP 16 angka (0 di depan NPWP 15 angka)"
NIK: Final = "16 angka berbentuk NIK"
NEW: Final = "NPWP 16 angka"
SLIP: Final = "; angka pemeriksa tidak cocok, periksa salah ketik"
NONE: Final = "bukan NPWP: harus 15 atau 16 angka; ketik sebagai teks agar angka 0 di depan tidak hilang"


def describe_npwp(raw: object) -> str:
    """What a tax number is, or why it is none; never the number itself, for it may be a person's NIK.

    Since PMK 112/PMK.03/2022 (Pasal 2 and 7) residents use their NIK, and everyone else the old 15 figures with a 0 in
    front, or a new number of 16. Only the old 15 have a check figure.
    """
    digits = npwp_digits(raw)
    if digits is None:
        return NONE
    if len(digits) == 16 and not digits.startswith("0"):
        return NIK if is_nik(digits) else NEW
    kind = OLD if len(digits) == 15 else LONG
    return kind if fits_check_figure(digits[-15:]) else f"{kind}{SLIP}"


def fits_check_figure(digits: str) -> bool:
    """Whether the ninth of 15 figures agrees with the eight before it, by the algorithm of Luhn.

    No regulation prints the algorithm; known numbers follow it, and the libraries that check them use it. So a
    number that does not fit deserves a second look, and is not refused.
    """
    total = sum(_luhn(int(figure), doubled=place % 2 == 1) for place, figure in enumerate(digits[:9]))
    return total % 10 == 0


def _luhn(figure: int, *, doubled: bool) -> int:
    return sum(divmod(2 * figure, 10)) if doubled else figure


def is_nik(digits: str) -> bool:
    """Province, regency and district, then day (41 to 71 for girls), month and year of birth, then a number."""
    if len(digits) != 16 or digits[:2] not in _provinces():
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


@cache
def _provinces() -> frozenset[str]:
    return frozenset(item.code for item in lists()["provinsi"])
