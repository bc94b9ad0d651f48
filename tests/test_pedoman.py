"""The rule files: they agree with the guideline's lists, with each other, and say honestly what computes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kemitraan_xl import formulas
from kemitraan_xl.pedoman import load as loader
from kemitraan_xl.pedoman.load import load, rule_version
from kemitraan_xl.pedoman.model import Band, Setting
from validation.contract import lists

ROOT = Path(__file__).parents[1]
PEDOMAN = load()
SETTINGS = PEDOMAN.choose()

#: The ambiguities of the guideline: 48 numbered ones, and four that were found between them.
AMBIGUITIES = {f"A-{n}" for n in range(1, 49)} | {"A-14b", "A-14c", "A-14d", "A-22b"}


def test_criteria_are_those_of_lampiran_3() -> None:
    assert [k.code for k in PEDOMAN.kriteria] == [item.code for item in lists()["kriteria_lembaga"]]
    assert [k.maximum for k in PEDOMAN.kriteria] == [4, 2, 2, 2, 1]
    assert [row.code for row in PEDOMAN.rows] == [item.code for item in lists()["kisi_kisi"]]
    assert PEDOMAN.maximum == 11
    for kriteria in PEDOMAN.kriteria[:4]:  # one row is one point
        assert len(kriteria.rows) == kriteria.maximum
        assert {lists()["kisi_kisi"][row.code].parent for row in kriteria.rows} == {kriteria.code}


def test_every_answer_of_the_lists_counts_exactly_once() -> None:
    for one in PEDOMAN.answers:
        sorted_out = one.positive + one.negative + one.waived
        assert sorted(sorted_out) == sorted(lists()[one.column].labels)


@pytest.mark.parametrize(
    ("bands", "lowest", "highest", "codes"),
    [
        (PEDOMAN.rekomendasi, 0, 11, "rekomendasi"),
        (PEDOMAN.risiko.bands, 1, 25, "tingkat_risiko"),
        (PEDOMAN.risiko.product_bands, 1, 25, "tingkat_risiko"),
    ],
)
def test_bands_cover_their_scale_without_gap_or_overlap(
    bands: Sequence[Band], lowest: int, highest: int, codes: str
) -> None:
    covered = [number for band in bands for number in range(band.lower, band.upper + 1)]
    assert covered == list(range(lowest, highest + 1))
    assert {band.code for band in bands} == {item.code for item in lists()[codes]}
    assert [band.order for band in bands] == list(range(1, len(bands) + 1))


def test_recommendations_are_printed_in_the_guideline() -> None:
    assert [(band.lower, band.upper, band.label) for band in PEDOMAN.rekomendasi] == [
        (0, 5, "Tidak Direkomendasikan"),
        (6, 8, "Dapat Direkomendasikan"),
        (9, 11, "Direkomendasikan"),
    ]


def test_experience_has_points_for_every_reading() -> None:
    bands = PEDOMAN.pengalaman
    assert [band.label for band in bands] == list(lists()["pengalaman"].labels)
    assert [band.months for band in bands] == [0, 1, 60, 121]
    readings = {choice.value for setting in PEDOMAN.settings if setting.code == "A-4" for choice in setting.choices}
    for reading in readings:
        points = [band.worth(PEDOMAN.choose({"A-4": reading})) for band in bands]
        assert (points[0], points[-1]) == (0, 1)
        assert points == sorted(points)


def test_risk_table_holds_every_size_once_and_grows_both_ways() -> None:
    cells = PEDOMAN.risiko.cells
    assert sorted(size for row in cells for size in row) == list(range(1, 26))
    for line in (*cells, *zip(*cells, strict=True)):
        assert list(line) == sorted(line)


def test_equivalents_and_flags_point_at_rows_that_exist() -> None:
    legality = {row.code for row in PEDOMAN.kriteria[0].rows}
    assert {row.kisi for row in PEDOMAN.kesetaraan} <= legality
    assert len({(row.kelas, row.kisi) for row in PEDOMAN.kesetaraan}) == len(PEDOMAN.kesetaraan)
    targets = {k.code for k in PEDOMAN.kriteria} | {row.code for row in PEDOMAN.rows}
    assert {flag.target for flag in PEDOMAN.flags if flag.target} <= targets
    assert PEDOMAN.waivable("1", "1.4")  # a ministry has no SKT
    assert not PEDOMAN.waivable("2", "1.4")
    assert not PEDOMAN.waivable("1", "3.1")


# ---- settings ---- #


def test_every_ambiguity_has_its_setting() -> None:
    assert {setting.ambiguity for setting in PEDOMAN.settings} == AMBIGUITIES
    codes = [setting.code for setting in PEDOMAN.settings]
    assert len(set(codes)) == len(codes)
    assert len({formulas.setting_name(code) for code in codes}) == len(codes)


@pytest.mark.parametrize("setting", PEDOMAN.settings, ids=lambda setting: setting.code)
def test_a_setting_explains_itself(setting: Setting) -> None:
    assert setting.accept(setting.value) == setting.value
    assert setting.question.count("?") >= 1
    assert setting.effect
    assert setting.sumber
    assert (setting.kind == "bulat") == isinstance(setting.value, int)
    assert bool(setting.unit) == (setting.kind == "bulat")
    assert len({choice.value for choice in setting.choices}) == len(setting.choices)
    # A choice without words, or a number without room, would be no choice.
    assert all(choice.label for choice in setting.choices)
    assert setting.choices or setting.minimum < setting.maximum


def test_used_settings_are_exactly_those_that_code_reads() -> None:
    rooms = ROOT.joinpath("kemitraan_xl"), ROOT.joinpath("validation")
    rules = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    said = {setting.code for setting in PEDOMAN.settings if setting.used}
    assert set(re.findall(r'settings(?:\[|\.get\()"(A-\w+)"', rules)) == said


def test_choose_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="A-1"):
        PEDOMAN.choose({"A-1": "longgar"})
    with pytest.raises(ValueError, match="A-99"):
        PEDOMAN.choose({"A-99": "ketat"})
    for value in (0, 12.5, "12", True, None, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="A-17"):
            PEDOMAN.choose({"A-17": value})
    assert PEDOMAN.choose({"A-17": 24.0})["A-17"] == 24  # a cell gives a float


# ---- the version that results carry ---- #


def test_rule_version_follows_settings_and_edition() -> None:
    assert re.fullmatch(r"1\.0-[0-9a-f]{8}", rule_version(PEDOMAN, SETTINGS))
    assert rule_version(PEDOMAN, PEDOMAN.choose({"A-1": "ketat"})) == rule_version(PEDOMAN, SETTINGS)
    assert rule_version(PEDOMAN, PEDOMAN.choose({"A-1": "penilai"})) != rule_version(PEDOMAN, SETTINGS)
    assert rule_version(replace(PEDOMAN, edition="2.0"), SETTINGS).startswith("2.0-")


@pytest.mark.parametrize(("package", "folder"), loader.RULE_FOLDERS)
def test_digest_sees_every_rule_but_not_the_line_ends(
    package: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in loader.RULE_FOLDERS:
        shutil.copytree(ROOT.joinpath(*one), tmp_path.joinpath(*one))
    monkeypatch.setattr(loader, "files", tmp_path.joinpath)
    assert loader._digest() == PEDOMAN.digest
    rule = next(path for path in sorted(tmp_path.joinpath(package, folder).iterdir()) if path.suffix == ".toml")
    text = rule.read_bytes()
    rule.write_bytes(text.replace(b"\n", b"\r\n"))
    assert loader._digest() == PEDOMAN.digest
    rule.write_bytes(text + b"# ")
    assert loader._digest() != PEDOMAN.digest
