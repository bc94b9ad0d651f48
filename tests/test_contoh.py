"""The bundled sample set: invented throughout, varied enough, the same bytes again, and wrong only where planted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from support import kesepakatan

from kemitraan_xl.book.jejak import PRESENT
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.contoh.checklist import checklists, outcomes, register
from kemitraan_xl.contoh.damage import CHANGES
from kemitraan_xl.contoh.daur import Life, lives, records
from kemitraan_xl.contoh.demo import differences, run_demo
from kemitraan_xl.contoh.generate import generate
from kemitraan_xl.contoh.proposal import Partner, data, partners, proposal
from kemitraan_xl.examine import examine, stack
from kemitraan_xl.grade import assessments
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.recap import figures
from kemitraan_xl.stages import stage_codes
from kemitraan_xl.standing import Stacked, standings
from validation.check import judge, read_values
from validation.contract import checks_by_key, lists, tables
from validation.facts import Facts
from validation.regions import provinces_in
from validation.values import show_rupiah

TODAY = date(2026, 11, 24)
FAULTY = {row["kode"] for row in data("cacat")["cacat"]}
#: Partners to whose files the copies, the broken file and the earlier version belong, and one changed workbook.
FEW = [partner for partner in partners() if partner["kode"] in ("M-001", "M-002", "M-024", "M-044")]


# ---- who the partners are ---- #


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner["kode"])
def test_partner_is_invented(partner: Partner) -> None:
    assert re.search(r"\b(Contoh|Rekaan|Khayal)\b", partner["nama"])
    assert re.search(r"(Contoh|Rekaan|Khayal)$", partner["alamat"])
    cover = proposal(partner, TODAY)[0]["sampul"][0]
    assert re.fullmatch(r"[a-z]+@[a-z]+\.example", cover["surel"])
    assert re.fullmatch(r"021-5550\d{3}", cover["telepon"])


def test_names_and_codes_are_unique() -> None:
    for key in ("kode", "nama", "situs"):
        assert max(Counter(partner[key] for partner in partners()).values()) == 1


def test_set_is_varied() -> None:
    assert len(partners()) >= 40
    kinds = Counter(partner["kelas"] for partner in partners())
    assert set(kinds) == {item.code for item in lists()["kelas"]}
    assert all(kinds[code] >= 5 for code in "123456")
    assert len({partner["provinsi"] for partner in partners()} - {""}) >= 15
    top = {code[0] for partner in partners() for code in partner["lingkup"]}
    assert top == set("12345678")
    assert {code for partner in partners() for code in partner["tipe"]} == set("12345678")
    counts = {len(proposal(partner, TODAY)[0]["rencana_kerja"]) for partner in partners()}
    assert {2, 3, 4, 5} <= counts <= {2, 3, 4, 5, 6}


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner["kode"])
def test_places_lie_in_the_province(partner: Partner) -> None:
    for place in partner["tempat"]:
        found = provinces_in(place)
        assert found is not None
        assert not partner["provinsi"] or found == {partner["provinsi"]}


def test_amounts_and_times_are_typed_in_many_ways() -> None:
    rows = [row for partner in partners() for row in proposal(partner, TODAY)[0]["rencana_kerja"]]
    shapes = {re.sub(r"\d+", "0", str(row["biaya"])) if isinstance(row["biaya"], str) else "" for row in rows}
    assert {"", "Rp 0.0.0", "Rp 0.0.0,0", "0.0.0,-", "0 juta"} <= shapes
    assert len({re.sub(r"\d+|[A-Z][a-z]+", "", row["waktu"]) for row in rows}) >= 4


# ---- what they hand in ---- #


def reading_of(partner: Partner, today: date) -> FileReading:
    """The proposal as a reader would hand it over."""
    values, _ = proposal(partner, today)
    values["kepala_rencana"] = [{"nama_lembaga": partner["nama"]}]
    values["sampul"][0]["nama_lembaga"] = partner["nama"]
    for name, row_number in (("kak", 0), ("profil_bukti", 0), ("rencana_kerja", 1), ("matriks_risiko", 1)):
        prefilled = tables()[name].prefilled
        labels = lists()[tables()[name].column(prefilled).list].labels if prefilled else ()
        for index, row in enumerate(values[name]):
            row |= {prefilled: labels[index]} if prefilled else {"no": index + row_number}
    extracts = {}
    for name, rows in values.items():
        columns = {c.name: [row.get(c.name) for row in rows] for c in tables()[name].columns_in("usulan")}
        letters = dict.fromkeys(columns, "A")
        extracts[name] = Extract(name, tables()[name].sheet, columns, list(range(1, len(rows) + 1)), letters)
    return FileReading({"jenis": "usulan", "edisi": load().edition}, extracts)


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 31), date(2028, 2, 29), date(2031, 12, 31)])
def test_clean_proposals_are_clean_on_any_day(today: date) -> None:
    readings = [reading_of(partner, today) for partner in partners()]
    found = examine(readings, today, load(), load().choose()).findings
    assert [
        (p["kode"], f.check.key) for p, one in zip(partners(), found, strict=True) for f in one if f.level != "I"
    ] == []


def test_every_planted_fault_is_written_down() -> None:
    codes = {check.code for check in checks_by_key().values()}
    for row in data("cacat")["cacat"]:
        assert row["kode"] in {partner["kode"] for partner in partners()}
        assert {code for code, *_ in row["temuan"]} <= codes
        assert row.get("ubah", "insert_row") in CHANGES
    assert set(CHANGES) == {row["ubah"] for row in data("cacat")["cacat"] if "ubah" in row}
    assert len(FAULTY) >= 12


def test_same_day_same_bytes_and_another_day_replaces_all(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    generate(second, date(2027, 3, 1), FEW)
    assert generate(first, TODAY, FEW) == generate(second, TODAY, FEW)
    names = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (first, second)
    ]
    assert names[0] == names[1]


def test_whole_file_cases_get_their_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "kiriman"
    expected = generate(folder, TODAY, FEW)
    recap = consolidate([folder], TODAY)
    assert list(differences(recap, expected)) == []
    assert recap.verdicts() == {
        "diterima": 4,
        "dikembalikan": 0,
        "ditolak": 4,
        "duplikat": 2,
        "digantikan": 1,
        "dilewati": 2,
    }
    files, accepted, returned, rows, found, total = expected.figures()
    assert [value for _, value in figures(recap)] == [
        *map(str, (files, accepted, returned, rows, found)),
        show_rupiah(total),
    ]


# ---- how KPAI assessed them ---- #


def frame(rows: list[dict[str, Any]], table: str) -> pd.DataFrame:
    columns = {c.name: pd.Series([row.get(c.name) for row in rows], dtype=object) for c in tables()[table].columns}
    return pd.DataFrame({"_file": 0, "_row": range(len(rows)), **columns})


def test_checklists_come_to_what_was_worked_out_by_hand() -> None:
    extracts = {}
    for name, rows in (("mitra", register()), ("data_penilaian", checklists(TODAY))):
        columns = {c.name: [row.get(c.name) for row in rows] for c in tables()[name].columns}
        extracts[name] = Extract(name, tables()[name].sheet, columns, list(range(len(rows))), {})
    labels = {item.code: item.label for item in lists()["rekomendasi"]} | {"": None}
    wanted = {
        name: (outcome.total, labels[outcome.recommendation], outcome.flags) for name, outcome in outcomes().items()
    }
    graded = {
        one.name: (one.result.jumlah, one.result.rekomendasi, frozenset(up.flag.code for up in one.result.bendera))
        for one in assessments(FileReading({}, extracts))
    }
    assert graded == wanted
    assert {recommendation for _, recommendation, _ in graded.values()} == set(labels.values())
    assert set().union(*(flags for *_, flags in graded.values())) == {
        "legalitas_nol",
        "temuan_kritis",
        "tidak_dipersyaratkan",
        "tanpa_masa_berlaku",
    }


def test_only_unfinished_checklists_are_wrong() -> None:
    frames = {
        name: read_values(tables()[name], frame(rows, name))
        for name, rows in (("mitra", register()), ("data_penilaian", checklists(TODAY)))
    }
    found = judge(Facts(frames, {name: frozenset({0}) for name in frames}, {0: "induk"}, TODAY))
    unfinished = sum(partner["penilaian"] == "belum_selesai" for partner in partners())
    assert Counter(found.loc[found["key"] != "ST-21", "key"]) == {
        "DP-07": unfinished,
        "DP-07:relevansi": 2 * unfinished,
    }


# ---- how far the partnerships have come ---- #


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 3), date(2028, 2, 29)])
def test_partnerships_stand_in_the_stage_that_they_were_given(today: date) -> None:
    """Those whose proposal staff had typed; the others reach theirs with the proposals that the demo takes in."""
    typed = {"mitra": register(), "data_penilaian": checklists(today), **records(today)}
    rows = {name: typed.get(name, []) for name, table in tables().items() if "induk" in table.kinds}
    reading = kesepakatan.reading(rows)
    examined = examine([reading], today, load(), load().choose())
    found = standings(Stacked(stack([reading]), examined.frames, [reading]), examined.findings)
    stages = {code.upper(): one.stage for (_, code), one in found.items()}
    own = {code: life for code, life in lives(today).items() if life.own or life.row["tahap"] == "usulan"}
    assert {code: stages[code] for code in own} == {code: life.row["tahap"] for code, life in own.items()}
    assert {life.row["tahap"] for life in lives(today).values()} == set(stage_codes()[1:])


# ---- the whole cycle ---- #


@pytest.mark.lambat
def test_demo_finds_exactly_what_was_planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    result = run_demo(tmp_path / "keluaran", TODAY)
    assert list(result.differences) == []
    assert all(path.exists() for path in result.made)
    master = openpyxl.load_workbook(tmp_path / "keluaran" / "Kemitraan.xlsx", data_only=True)
    sheet, _, area = master.defined_names[PRESENT].attr_text.partition("!")
    stages = Counter(row[0].value for row in master[sheet.strip("'")][area] if row[0].value)
    given = Counter(present(life) for life in lives(TODAY).values())
    first = lists()["tahap"].labels[0]
    assert stages[first] > 0
    assert stages == given | Counter({first: stages.total() - given.total()})


def present(life: Life) -> str:
    """The label of the stage that a partnership of the sample must stand in."""
    return lists()["tahap"][life.row.get("lewati", life.row["tahap"])].label
