"""What the archive holds of the master: what staff typed there, masked, and nothing that the workbook computes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support import terbaca
from support.fixtures import Filled, reading
from test_parquet import STAFF, WITH_MASTER, asked, blocks, every, put

from kemitraan_xl.consolidate import Recap
from kemitraan_xl.contoh.checklist import checklists, register
from kemitraan_xl.contoh.daur import records
from kemitraan_xl.master import Master
from kemitraan_xl.privacy import MARK
from validation.contract import tables

CONTACTS = ("narahubung", "surel", "telepon")  #: of an office; they stand with its register alone
CHILD = "Anak korban bernama Budi Rekaan, NIK 3273014506120003"


@pytest.fixture(scope="module")
def master() -> Master:
    rows = records(terbaca.TODAY) | {"mitra": register(), "data_penilaian": checklists(terbaca.TODAY)}
    rows["sengketa"] = [{"kode_mitra": "M-001", "uraian": CHILD}]
    blank: dict[str, list[dict[str, object]]] = {name: [] for name, table in tables().items() if "induk" in table.kinds}
    return Master(Path("induk.xlsx"), "0" * 64, reading(Filled("induk", blank | rows)))


@pytest.fixture(scope="module")
def recap(master: Master) -> Recap:
    return replace(terbaca.consolidated(terbaca.everything()), master=master)


@pytest.fixture(scope="module")
def folder(recap: Recap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("arsip")
    put(recap, place / "arsip")
    return place


def test_every_row_that_staff_typed_is_there(master: Master, folder: Path) -> None:
    filled = {name for name in STAFF if len(master.reading.tables[name].rows)}
    assert {"mitra", "kerja_sama", "data_penilaian", "naskah", "monitoring"} <= filled
    for name in STAFF:
        found, typed = every(name, folder), master.reading.tables[name]
        assert len(found) == len(typed.rows)
        assert set(found["berkas"]) <= {"induk.xlsx"}
        for column in tables()[name].columns:
            left_out = column.computed or (name != "mitra" and column.name in CONTACTS)
            assert (column.name in found) is not left_out
            if column.kind == "teks" and not left_out and name != "sengketa":
                assert [cell or "" for cell in found[column.name]] == [
                    str(c or "").strip() for c in typed.columns[column.name]
                ]


def test_a_register_row_says_where_it_stands(folder: Path) -> None:
    first = register()[0]
    assert asked("SELECT lembar, sel, kode, nama_lembaga FROM 'arsip/mitra/*.parquet' LIMIT 1", folder) == [
        ("Mitra", "A1", first["kode"], first["nama_lembaga"])
    ]
    assert asked("SELECT DISTINCT per_tanggal FROM 'arsip/mitra/*.parquet'", folder) == [(terbaca.LATER,)]


def test_data_of_a_child_is_masked_here_too(folder: Path) -> None:
    ((told,),) = asked("SELECT uraian FROM 'arsip/sengketa/*.parquet'", folder)
    assert MARK in told
    assert "3273014506120003" not in told


def test_partnerships_without_a_report(recap: Recap, master: Master, folder: Path) -> None:
    (question,) = blocks("sql")[WITH_MASTER]
    reported = {
        entry.code
        for entry in recap.returns
        if (entry.kind, entry.period, entry.verdict) == ("kemajuan", "2027-T2", "diterima")
    }
    running = {
        row["kode_mitra"]
        for row in master.rows("kerja_sama")
        if row.get("tanggal_mulai", date.max) <= date(2027, 6, 30) and row["tanggal_selesai"] >= date(2027, 4, 1)
    }
    answer = [code for code, *_ in asked(question, folder)]
    assert answer == sorted(running - reported)
    assert reported & running
    assert answer
