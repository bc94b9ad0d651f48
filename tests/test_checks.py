"""Every check that names a wrong value raises exactly its own finding for it; every rule has words and a place."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any

import pandas as pd
import pytest

from validation.check import judge, read_values
from validation.contract import Check, Table, checks, lists, tables
from validation.facts import Facts
from validation.rules import FILE_RULES, RULES
from validation.schema import columns_of

TODAY = date(2026, 1, 5)
WRONG = [(table, check) for table in tables().values() for check in table.checks if check.wrong]


def judged(table: Table, rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """Key, column and row of every violation in one file holding these rows of one table."""
    return judged_file({table.name: rows})


def judged_file(content: dict[str, list[dict[str, Any]]], kind: str = "usulan") -> list[tuple[str, str, int]]:
    frames = {}
    for name, rows in content.items():
        raw = pd.DataFrame(
            [
                {"_file": 0, "_row": n + 6, **dict.fromkeys(c.name for c in tables()[name].columns), **row}
                for n, row in enumerate(rows)
            ],
            dtype=object,
        )
        raw["_file"] = raw["_file"].astype(int)
        frames[name] = read_values(tables()[name], raw)
        if name == "matriks_risiko":
            frames[name]["tingkat_aturan"] = None
    found = {name: frozenset({0}) for name in content}
    violations = judge(Facts(frames, found, {0: kind}, TODAY))
    return [(row.key, row.column, row.row) for row in violations.itertuples()]  # type: ignore[misc]


@pytest.mark.parametrize(("table", "check"), WRONG, ids=[f"{table.name}-{check.key}" for table, check in WRONG])
def test_wrong_example_raises_its_code(table: Table, check: Check) -> None:
    column = columns_of(table, check)[0].name
    keys = [key for key, where, _ in judged(table, [{column: check.wrong}]) if where == column]
    assert keys == [check.key]


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.key)
def test_sentences_use_known_fields_only(check: Check) -> None:
    for text in (check.sentence, check.remedy):
        assert text
        assert {field for _, field, _, _ in Formatter().parse(text) if field} <= {"nilai", "kolom", "rincian"}
    assert check.sumber


def test_every_rule_stands_in_a_table_and_every_table_asks_a_rule() -> None:
    asked = {check.key for table in tables().values() for check in table.checks if check.fact == "rule"}
    assert asked == set(RULES)
    assert {c.key for t in tables().values() for c in t.checks if c.fact == "structure"} == set(FILE_RULES)


def test_keys_are_unique() -> None:
    keys = [check.key for check in checks()]
    assert len(keys) == len(set(keys))


def programme(**changes: Any) -> dict[str, Any]:
    row = {
        "no": 1,
        "nama_program": "Pelatihan pendamping",
        "tujuan_hasil": "Pendamping memahami hak anak",
        "kegiatan": "a. Lokakarya",
        "kelompok_sasaran": "Guru",
        "lokasi": "Kota Bandung, Jawa Barat",
        "waktu": date(2026, 3, 1),
        "biaya": 5_000_000,
    }
    return {**row, **changes}


COVER = {
    "tanggal_mulai": date(2026, 2, 1),
    "tanggal_selesai": date(2026, 12, 31),
    "total_biaya": 5_000_000,
    "tingkat": "Daerah",
    "provinsi": "Jawa Barat",
    "nama_lembaga": "Yayasan Pelita",
}
CROSS = [
    ("RK-09:jangka", {"waktu": "Maret 2027"}, {}),
    ("RK-09:urutan", {"waktu": "Mei 2026 - Maret 2026"}, {}),
    ("RK-11:jumlah", {}, {"total_biaya": 4_999_000}),
    ("RK-08:tingkat", {"lokasi": "Kota Surabaya"}, {}),
    ("RK-08:wilayah", {"lokasi": "Kota Antah Berantah"}, {}),
    ("RK-12", {"sumber_biaya": "APBN-KPAI"}, {}),
    ("SP-07", {}, {"tanggal_selesai": date(2026, 1, 31)}),
    ("GE-02", {}, {"provinsi": None}),
    ("LK-09", {}, {"lingkup_7": "Ya"}),
    ("LK-07:usulan", {}, {"lingkup_8b": "Ya"}),
]


@pytest.mark.parametrize(("key", "row", "cover"), CROSS, ids=[case[0] for case in CROSS])
def test_cross_checks_fire_only_when_something_is_off(key: str, row: dict[str, Any], cover: dict[str, Any]) -> None:
    good = judged_file({"sampul": [COVER], "rencana_kerja": [programme()]})
    bad = judged_file({"sampul": [{**COVER, **cover}], "rencana_kerja": [programme(**row)]})
    assert key not in {found for found, _, _ in good}
    assert key in {found for found, _, _ in bad}


def test_one_text_in_a_number_column_hides_no_other_fault() -> None:
    rows = [programme(no=1, biaya="lima juta"), programme(no=2, nama_program="Lain", biaya=-3)]
    found = {(key, row) for key, column, row in judged(tables()["rencana_kerja"], rows) if column == "biaya"}
    assert found == {("RK-10", 0), ("RK-10:batas", 1)}


def test_a_blank_cell_has_one_finding() -> None:
    found = judged(tables()["rencana_kerja"], [programme(tujuan_hasil=None)])
    assert [key for key, column, _ in found if column == "tujuan_hasil"] == ["RK-05"]


def test_deleted_element_of_kak_is_missed() -> None:
    labels = lists()["unsur_kak"].labels
    rows = [{"no": n, "unsur": label, "uraian": "Uraian."} for n, label in enumerate(labels, 1) if n != 4]
    assert [(key, row) for key, _, row in judged(tables()["kak"], rows)] == [("KAK-04", -1)]


def test_proposal_without_programme() -> None:
    frames = {
        "rencana_kerja": read_values(
            tables()["rencana_kerja"], pd.DataFrame({"_file": pd.Series(dtype=int), "_row": pd.Series(dtype=int)})
        )
    }
    violations = judge(Facts(frames, {"rencana_kerja": frozenset({0})}, {0: "usulan"}, TODAY))
    assert list(violations["key"]) == ["US-03"]


def test_what_a_warning_is_about_still_reaches_the_recap_as_typed() -> None:
    raw = pd.DataFrame([{"_file": 0, "_row": 6, **programme(waktu="kalau sempat", sumber_biaya="Dompet")}])
    typed = read_values(tables()["rencana_kerja"], raw)
    assert (typed.at[0, "waktu"], typed.at[0, "sumber_biaya"]) == ("kalau sempat", "Dompet")
