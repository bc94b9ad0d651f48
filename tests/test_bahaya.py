"""Hostile files: each is met by the limit meant for it, in little time and memory, and harms no other file."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from support import hostile_active, hostile_set
from support.hostile import CODE, PLAN, filled, pressed, zipped
from support.hostile_set import MIB, READ, SECONDS, Case, Outcome

from kemitraan_xl import cli
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.recap import SHEETS
from kemitraan_xl.verdicts import Return

TODAY = date(2026, 11, 24)
LEAST = 80  #: hostile files
GOOD = 40
LIGHT = [case for case in hostile_set.cases() if not case.heavy]
HEAVY = [case for case in hostile_set.cases() if case.heavy]
#: What must be in no file that is given out, by a text in the names and content types of its parts.
ACTIVE = ("vba", "macro", "external", "embed", "activex", "connection", "query", "pivot", "customui", "ddelink")

Outcomes = Mapping[str, Outcome]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return _measured(tmp_path_factory.mktemp("ringan"), LIGHT)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return _measured(tmp_path_factory.mktemp("berat"), HEAVY)


def _measured(folder: Path, cases: Sequence[Case]) -> Outcomes:
    hostile_set.build(folder / "bahaya", cases)
    return hostile_set.measure(folder / "bahaya")


@pytest.mark.parametrize("case", LIGHT, ids=lambda case: case.name)
def test_hostile(case: Case, light: Outcomes) -> None:
    _check(case, light[case.name])


@pytest.mark.lambat
@pytest.mark.parametrize("case", HEAVY, ids=lambda case: case.name)
def test_heavily_hostile(case: Case, heavy: Outcomes) -> None:
    _check(case, heavy[case.name])


def _check(case: Case, outcome: Outcome) -> None:
    assert outcome.got == case.wanted
    assert outcome.seconds < SECONDS
    assert outcome.mib < MIB


def test_the_set_is_large_and_each_name_stands_once() -> None:
    names = Counter(case.name for case in hostile_set.cases())
    assert len(names) >= LEAST
    assert names.most_common(1)[0][1] == 1
    assert {case.name for case in HEAVY} == hostile_set.HEAVY


def test_the_page_has_every_file() -> None:
    """Whoever adds one runs `python docs/alat/bahaya.py` again."""
    page = (Path(__file__).parents[1] / "docs" / "bahaya.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!file )(\w+) \| ([^|]+) \| ([^|]+) \|", page, re.MULTILINE)
    assert rows == [(case.name, case.wanted, case.wanted) for case in hostile_set.cases()]


# ---- all of them at once ---- #


@pytest.fixture(scope="module")
def recaps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recap, Recap]:
    """Good files alone, and among every light file that must be refused."""
    folder = tmp_path_factory.mktemp("kiriman")
    for number in range(GOOD):
        (folder / f"baik{number:03}.xlsx").write_bytes(_partner(number))
    refused = [case for case in LIGHT if case.row.refusal[0]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        alone = consolidate([folder], TODAY)
        hostile_set.build(folder / "bahaya", refused)
        return alone, consolidate([folder], TODAY)


def _partner(number: int) -> bytes:
    """The filled template of another partner."""
    code, name = f"B-{number:03}".encode(), f"Yayasan Rekaan {number:03}".encode()
    return zipped({
        part: content.replace(CODE, code).replace(b"Yayasan Pelita Tunas", name) for part, content in filled().items()
    })  # fmt: skip


def _named(recap: Recap, prefix: str) -> list[Return]:
    return [entry for entry in recap.returns if entry.arrival.name.startswith(prefix)]


def test_every_hostile_file_is_refused_and_accounted_for(recaps: tuple[Recap, Recap]) -> None:
    _, mixed = recaps
    refused = {case.name for case in LIGHT if case.row.refusal[0]}
    assert {Path(entry.arrival.name).stem for entry in _named(mixed, "bahaya")} == refused
    verdicts = {Path(entry.arrival.name).stem: entry.verdict for entry in _named(mixed, "bahaya")}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "ditolak"} == {}
    assert len(mixed.returns) == GOOD + len(refused)


def test_good_files_count_as_if_there_were_no_hostile_ones(recaps: tuple[Recap, Recap]) -> None:
    alone, mixed = recaps
    assert alone.verdicts()["diterima"] == mixed.verdicts()["diterima"] == GOOD
    sheets = [name for name in SHEETS if name.startswith("Rekap")]
    assert len(sheets) > 4
    for name in sheets:
        pd.testing.assert_frame_equal(SHEETS[name](alone), SHEETS[name](mixed), obj=name)
    assert len(SHEETS["Rekap Program"](alone)) == GOOD


# ---- what is never handed on ---- #


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """All that is made of files with active content, each with a fault so that it is sent back; and their names."""
    folder = tmp_path_factory.mktemp("aktif")
    (folder / "kiriman").mkdir()
    cases = [case for case in hostile_set.cases() if case.row.make in _ACTIVE_MAKERS and not case.heavy]
    for number, case in enumerate(cases):
        with zipfile.ZipFile(_written(folder, case.row.make())) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members = {name: part.replace(CODE, f"A-{number:03}".encode()) for name, part in members.items()}
        members[PLAN] = members[PLAN].replace(b"<v>5000000</v>", b"<v>-1</v>")
        (folder / "kiriman" / f"{case.name}.xlsx").write_bytes(pressed(members))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(folder / "cache"))
        (folder / "keluar").mkdir()
        words = ["konsolidasi", str(folder / "kiriman"), "--per-tanggal", str(TODAY), "--senyap"]
        words += [
            "--keluaran",
            str(folder / "keluar" / "rekap.xlsx"),
            "--kembalikan",
            str(folder / "keluar" / "kembali"),
        ]
        patch.setattr("sys.argv", ["kemitraan", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 1
    return folder / "keluar", [case.name for case in cases]


_ACTIVE_MAKERS = {row.make for row in hostile_active.FILES.values() if not row.refusal[0]}


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "satu.xlsx"
    path.write_bytes(data)
    return path


def test_active_content_reaches_no_file_that_is_given_out(given_out: tuple[Path, list[str]]) -> None:
    folder, names = given_out
    books = sorted(folder.rglob("*.xlsx"))
    assert len(books) == len(names) + 1
    for book in books:
        with zipfile.ZipFile(book) as archive:
            types = archive.read("[Content_Types].xml").decode()
            listed = "\n".join([*archive.namelist(), types]).lower()
            relations = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels"))
            formulas = b"".join(archive.read(name) for name in archive.namelist() if "/sheet" in name)
        assert [word for word in ACTIVE if word in listed] == []
        targets = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', relations)
        assert [target for target in targets if re.match(r"\w+:|[\\/]|file", target)] == []
        assert b"192.0.2.1" not in formulas
        assert b"cmd|" not in formulas
        assert "192.0.2.1" not in relations


def test_active_content_is_reported(given_out: tuple[Path, list[str]]) -> None:
    folder, _ = given_out
    found = pd.read_excel(folder / "rekap.xlsx", sheet_name="Temuan", header=None, dtype=str, engine="calamine")
    told = {
        Path(str(file)).stem
        for file, *cells in found.itertuples(index=False)
        if {"ST-14", "ST-11"} & set(map(str, cells))
    }
    assert told >= {name for name, row in hostile_active.FILES.items() if "ST-14" in row.findings}


def test_what_is_read_all_the_same_is_no_more_than_read() -> None:
    assert {case.wanted.partition(":")[0] for case in hostile_set.cases()} >= {READ, "bomb", "unsafe", "far", "damaged"}
