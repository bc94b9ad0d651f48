"""Size and level of a risk, by hand from the 25 cells of PermenPANRB 5/2020 (A-21)."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from kemitraan_xl import risk
from kemitraan_xl.pedoman.load import load

PEDOMAN = load()
DEFAULT = PEDOMAN.choose()
PRODUCT = PEDOMAN.choose({"A-21": "hasil_kali"})
OFF = PEDOMAN.choose({"A-21b": "tidak"})
CHILD, OTHER = "Keselamatan anak", "Ekonomi"
CELLS = list(product(range(1, 6), range(1, 6)))


@pytest.mark.parametrize(
    ("kemungkinan", "dampak", "size", "level"),
    [
        (1, 1, 1, "Sangat Rendah"),
        (3, 1, 4, "Sangat Rendah"),
        (5, 1, 9, "Rendah"),
        (2, 4, 13, "Sedang"),
        (3, 3, 14, "Sedang"),
        (4, 3, 16, "Tinggi"),
        (1, 5, 20, "Tinggi"),
        (2, 5, 21, "Sangat Tinggi"),
        (5, 5, 25, "Sangat Tinggi"),
    ],
)
def test_table(kemungkinan: int, dampak: int, size: int, level: str) -> None:
    assert risk.size(kemungkinan, dampak, PEDOMAN, DEFAULT) == size
    assert risk.level(kemungkinan, dampak, OTHER, PEDOMAN, DEFAULT) == risk.RiskLevel(size, level, False, level)


def test_child_safety_lifts_two_cells_of_the_table() -> None:
    lifted = {}
    for cell in CELLS:
        known = risk.level(*cell, CHILD, PEDOMAN, DEFAULT)
        assert known is not None
        assert known.raised == (known.level != known.base_level)
        if known.raised:
            lifted[cell] = (known.size, known.base_level, known.level)
    assert lifted == {(1, 4): (8, "Rendah", "Tinggi"), (2, 4): (13, "Sedang", "Tinggi")}
    for cell in CELLS:
        assert risk.level(*cell, CHILD, PEDOMAN, OFF) == risk.level(*cell, OTHER, PEDOMAN, DEFAULT)
        assert risk.level(*cell, None, PEDOMAN, DEFAULT) == risk.level(*cell, OTHER, PEDOMAN, DEFAULT)


def test_product_has_its_own_bands() -> None:
    known = [risk.level(*cell, OTHER, PEDOMAN, PRODUCT) for cell in CELLS]
    assert [one.size for one in known if one] == [a * b for a, b in CELLS]
    assert Counter(one.level for one in known if one) == {
        "Sangat Rendah": 3,
        "Rendah": 5,
        "Sedang": 9,
        "Tinggi": 5,
        "Sangat Tinggi": 3,
    }
    lifted = risk.level(1, 4, CHILD, PEDOMAN, PRODUCT)
    assert lifted == risk.RiskLevel(4, "Tinggi", True, "Rendah")


@pytest.mark.parametrize("step", [None, 0, 6, 2.5, "4", "", True, float("nan")])
def test_no_step_no_size(step: object) -> None:
    assert risk.size(step, 4, PEDOMAN, DEFAULT) is None
    assert risk.size(4, step, PEDOMAN, PRODUCT) is None
    assert risk.level(step, 4, CHILD, PEDOMAN, DEFAULT) is None


def test_a_cell_hands_over_floats() -> None:
    assert risk.size(4.0, 3.0, PEDOMAN, DEFAULT) == 16
