"""A preview: which rows are new, changed and gone, and in a changed one which cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kemitraan_xl.preview import CHANGED, GONE, NEW, Change, compare, counted, rows_of

HEADINGS = ("Berkas", "Lembar", "Sel", "Mitra", "Periode", "Nama Program", "Biaya", "Mulai")


def plan(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of a summary sheet: file, cell, partner, programme, amount, day."""
    cells = [
        (file, "Rencana Kerja", cell, partner, "2027", name, cost, day) for file, cell, partner, name, cost, day in rows
    ]
    return pd.DataFrame(cells, columns=HEADINGS)


ONE = ("a.xlsx", "B6", "Yayasan A", "Pelatihan", 5_000_000.0, date(2027, 1, 5))
TWO = ("a.xlsx", "B7", "Yayasan A", "Kajian", 250, None)
THREE = ("b.xlsx", "B6", "Yayasan B", "Siaran", 1, None)


def told(changes: list[Change]) -> list[tuple[str, ...]]:
    return [(one.kind, one.where[0], one.where[2], one.column, one.before, one.after) for one in changes]


def test_equal_sheets_differ_in_nothing() -> None:
    assert compare(plan(ONE, TWO), plan(TWO, ONE)) == []
    assert compare(pd.DataFrame(), plan()) == []


def test_every_changed_cell_is_told_before_and_after() -> None:
    later = ("a.xlsx", "B6", "Yayasan A", "Pelatihan", 7_500_000, None)
    changes = compare(plan(TWO, ONE), plan(later, TWO))
    assert told(changes) == [
        (CHANGED, "a.xlsx", "B6", "Biaya", "5.000.000", "7.500.000"),
        (CHANGED, "a.xlsx", "B6", "Mulai", "5 Januari 2027", ""),
    ]
    assert {one.place for one in changes} == {1}
    assert counted(rows_of(changes)) == "0 baru, 1 berubah, 0 hilang"


def test_rows_that_come_and_go_are_told_whole() -> None:
    changes = compare(plan(ONE, TWO), plan(ONE, THREE))
    assert [(one.kind, one.where[0], one.place) for one in changes] == [(NEW, "b.xlsx", None), (GONE, "a.xlsx", 1)]
    assert "Siaran" in changes[0].after
    assert "Kajian" in changes[1].before
    assert changes[0].before == changes[1].after == ""


def test_a_corrected_file_of_another_name_changes_its_rows() -> None:
    corrected = ("a perbaikan.xlsx", "B7", "Yayasan A", "Kajian", 300, None)
    assert told(compare(plan(ONE, TWO), plan(ONE, corrected))) == [
        (CHANGED, "a perbaikan.xlsx", "B7", "Berkas", "a.xlsx", "a perbaikan.xlsx"),
        (CHANGED, "a perbaikan.xlsx", "B7", "Biaya", "250", "300"),
    ]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a.xlsx", "b.xlsx"]), st.sampled_from(["B6", "B7", "B8"]), st.sampled_from(["A", "B"]),
        st.sampled_from(["x", "y"]), st.integers(0, 3), st.none(),
    ),
    max_size=6,
)  # fmt: skip


@given(ROWS, ROWS)
def test_rows_add_up(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> None:
    changes = compare(plan(*before), plan(*after))
    rows = rows_of(changes)
    assert len(before) - rows[GONE] == len(after) - rows[NEW] >= rows[CHANGED]
    assert len({(one.kind, one.number, one.column) for one in changes}) == len(changes)
    assert all(one.before != one.after for one in changes)
