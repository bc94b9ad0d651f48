"""Amounts in words, by the rules of the language: expected words written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.amounts import LIMIT
from validation.terbilang import rupiah_in_words, words_of

CASES = {
    0: "nol",
    1: "satu",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    20: "dua puluh",
    21: "dua puluh satu",
    100: "seratus",
    101: "seratus satu",
    110: "seratus sepuluh",
    111: "seratus sebelas",
    219: "dua ratus sembilan belas",
    1_000: "seribu",
    1_001: "seribu satu",
    1_100: "seribu seratus",
    2_000: "dua ribu",
    11_000: "sebelas ribu",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    1_500_000: "satu juta lima ratus ribu",
    1_000_000_000: "satu miliar",
    2_000_000_001: "dua miliar satu",
    1_000_000_000_000: "satu triliun",
}


@pytest.mark.parametrize(("number", "words"), CASES.items())
def test_words(number: int, words: str) -> None:
    assert words_of(number) == words
    assert rupiah_in_words(number) == f"{words} rupiah"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1_500.5, "seribu lima ratus rupiah lima puluh sen"),
        (-2_000, "minus dua ribu rupiah"),
        (0.75, "nol rupiah tujuh puluh lima sen"),
        (1.995, "dua rupiah"),
        (-0.001, "nol rupiah"),
    ],
)
def test_sen_and_sign(amount: float, words: str) -> None:
    assert rupiah_in_words(amount) == words


@pytest.mark.parametrize("amount", [LIMIT, -LIMIT, 1e20])
def test_what_a_cell_cannot_hold_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="besar"):
        rupiah_in_words(amount)


_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_DIGITS = {word: n for n, word in enumerate(_ONES)}
_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read_aloud(words: str) -> int:
    """The number that words name, by a reader of its own."""
    words = words.replace("sepuluh", "satu puluh").replace("sebelas", "satu belas")
    words = words.replace("seratus", "satu ratus").replace("seribu", "satu ribu")
    total = group = digit = 0
    for word in words.split():
        if word in _DIGITS:
            group, digit = group + digit, _DIGITS[word]
        elif word == "belas":
            group, digit = group + 10 + digit, 0
        elif word in ("puluh", "ratus"):
            group, digit = group + digit * (10 if word == "puluh" else 100), 0
        else:
            total, group, digit = total + (group + digit) * _SCALES[word], 0, 0
    return total + group + digit


@given(st.integers(0, LIMIT - 1))
def test_words_name_the_number_they_come_from(number: int) -> None:
    assert read_aloud(words_of(number)) == number
