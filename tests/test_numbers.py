"""NPWP and NIK by their figures, and months of a term: cases by hand."""

from __future__ import annotations

from datetime import date

import pytest

from validation.completeness import unwritten
from validation.contract import lists
from validation.numbers import LONG, NEW, NIK, NONE, OLD, SLIP, describe_npwp, fits_check_figure, is_nik
from validation.periods import months_of_term


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        # 0 1 3 1 2 1 6 6, every second doubled: 0 2 3 2 2 2 6 3 = 20, so the ninth is 0
        ("01.312.166.0-091.000", OLD),
        ("013121660091000", OLD),
        # 0 1 6 0 9 0 5 2: 0 2 6 0 9 0 5 4 = 26, so the ninth is 4
        ("01.609.052.4-017.000", OLD),
        ("01.609.052.5-017.000", OLD + SLIP),
        ("21.609.052.4-017.001", OLD + SLIP),
        ("0013121660091000", LONG),
        ("0016090525017000", LONG + SLIP),
        ("3171230101900001", NIK),
        ("3171234101900001", NIK),
        ("3171233201900001", NEW),  # no day 32, and none of a girl either
        ("1000000000123456", NEW),
        ("01.312.166.0-091", NONE),
        ("0131216600910001234", NONE),
        (13121660091000, NONE),  # a number cell has lost the 0 in front
        ("abc", NONE),
        (date(2026, 1, 1), NONE),
        (None, NONE),
    ],
)
def test_kinds_of_tax_number(typed: object, kind: str) -> None:
    assert describe_npwp(typed) == kind


def test_a_number_is_never_repeated() -> None:
    assert "3171" not in describe_npwp("3171230101900001")


def test_one_wrong_figure_among_the_nine_never_fits() -> None:
    good = "016090524"
    assert fits_check_figure(good)
    for place, figure in enumerate(good):
        others = (f"{good[:place]}{n}{good[place + 1 :]}" for n in "0123456789" if n != figure)
        assert not any(map(fits_check_figure, others))


def test_nik_needs_a_province() -> None:
    assert is_nik("3171230101900001")
    assert not is_nik("0171230101900001")


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 12),
        (date(2026, 1, 1), date(2027, 1, 1), 13),  # one day of a thirteenth
        (date(2026, 1, 1), date(2026, 1, 1), 1),
        (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2024, 2, 29), date(2024, 2, 29), 1),
        (date(2026, 2, 1), date(2026, 1, 1), 0),
    ],
)
def test_months_of_a_term(first: date, last: date, months: int) -> None:
    assert months_of_term(first, last) == months


def test_unwritten_parts_in_order() -> None:
    parts = lists()["unsur_kak"]
    rows = [("Lokasi", "Ambon"), ("Pembiayaan", "  "), ("lain-lain", "x"), (None, "x")]
    assert [item.code for item in unwritten(parts, rows)] == [item.code for item in parts if item.code != "6"]
    assert not unwritten(parts, [(item.label, "ada") for item in parts])
