"""An amount in rupiah in words, as Indonesian letters and receipts repeat it. Standard library only."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from validation.amounts import LIMIT, Number

_ONES: Final = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")

#: What every group of three figures is called, from the last one on; LIMIT leaves room for no more.
_GROUPS: Final = ("", "ribu", "juta", "miliar", "triliun")


def rupiah_in_words(amount: Number) -> str:
    """1500000 -> "satu juta lima ratus ribu rupiah"; sen follow, half a sen counts up. ValueError from 10^15 on."""
    exact = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(exact) >= LIMIT:
        raise ValueError("jumlah itu terlalu besar untuk ditulis dengan huruf")
    whole, sen = divmod(int(abs(exact) * 100), 100)
    words = [words_of(whole), "rupiah", *([words_of(sen), "sen"] if sen else [])]
    return " ".join(["minus", *words] if exact < 0 else words)


def words_of(number: int) -> str:
    """A whole number from 0 to 999.999.999.999.999 in words."""
    if number == 0:
        return _ONES[0]
    parts = []
    for power, name in reversed(list(enumerate(_GROUPS))):
        group = number // 1000**power % 1000
        if group == 1 and name == "ribu":
            parts.append("seribu")
        elif group:
            parts.append(f"{_below_thousand(group)} {name}".rstrip())
    return " ".join(parts)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = []
    if hundreds:
        parts.append("seratus" if hundreds == 1 else f"{_ONES[hundreds]} ratus")
    if rest in (10, 11):
        parts.append("sepuluh" if rest == 10 else "sebelas")
    elif rest < 20:
        parts.append(_ONES[rest] if rest < 10 else f"{_ONES[rest - 10]} belas")
    else:
        tens, ones = divmod(rest, 10)
        parts.append(f"{_ONES[tens]} puluh" + (f" {_ONES[ones]}" if ones else ""))
    return " ".join(part for part in parts if part != _ONES[0])
