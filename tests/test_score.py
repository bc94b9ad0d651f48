"""The Daftar Periksa by hand: scores, bands, flags, and that what is named as lacking is the least there is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from kemitraan_xl.score import Assessment, Row, assess, experience, months_between, score_row

PEDOMAN = load()
DEFAULT = PEDOMAN.choose()
AT = date(2025, 6, 30)
CODES = [row.code for row in PEDOMAN.rows]
LEGALITY = CODES[:4]
NONE, BELOW_5, FROM_5, ABOVE_10 = (band.label for band in PEDOMAN.pengalaman)

YES = Row("Ada", "Ya", "Relevan")
NO = Row("Tidak Ada", "Tidak", "Tidak Relevan")
ABSENT = Row("Tidak Ada", "Ya", "Relevan")
EXPIRED = Row("Ada", "Tidak", "Relevan")
WAIVED = Row("Tidak Dipersyaratkan")


def checklist(good: Iterable[str], bad: Row = ABSENT, **others: Row) -> dict[str, Row]:
    """Positive rows by code, all others as `bad`; `others` as r11=..., r22=..."""
    rows = {code: YES if code in set(good) else bad for code in CODES}
    return rows | {f"{name[1]}.{name[2]}": row for name, row in others.items()}


def known(
    rows: Mapping[str, Row],
    start: date | str | None = BELOW_5,
    kelas: str | None = "2",
    settings: Settings = DEFAULT,
) -> Assessment:
    return assess(rows, start, AT, kelas, PEDOMAN, settings)


def flags(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    return {up.flag.code: up.rows for up in assessment.bendera}


# ---- a row ---- #


@pytest.mark.parametrize(
    ("row", "strict", "share"),
    [
        (YES, 1, Fraction(1)),
        (Row("Ada", "Tanpa Masa Berlaku", "Relevan"), 1, Fraction(1)),
        (EXPIRED, 0, Fraction(2, 3)),
        (Row("Ada", "Tidak", "Tidak Relevan"), 0, Fraction(1, 3)),
        (NO, 0, Fraction(0)),
        (WAIVED, 1, Fraction(1)),
        (Row("Tidak Dipersyaratkan", "Tidak", "Tidak Relevan"), 1, Fraction(1)),
        (Row(), None, None),
        (Row("Tidak Ada"), None, None),  # a blank is not assessed, even beside a "no"
        (Row("Ada", "Ya", None), None, None),
        (Row("Mungkin", "Ya", "Relevan"), None, None),
    ],
)
def test_row(row: Row, strict: int | None, share: Fraction | None) -> None:
    assert score_row(row, PEDOMAN, DEFAULT) == strict
    assert score_row(row, PEDOMAN, PEDOMAN.choose({"A-1": "proporsional"})) == share


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        (0, 0),
        (1, 1),
        (0.5, Fraction(1, 2)),
        (1 / 3, Fraction(1, 3)),
        *[(typed, None) for typed in (None, 1.01, -0.01, "1", True, float("nan"))],
    ],
)
def test_typed_score(typed: Any, score: Fraction | None) -> None:
    assert score_row(Row(skor_penilai=typed), PEDOMAN, PEDOMAN.choose({"A-1": "penilai"})) == score


# ---- experience ---- #


@pytest.mark.parametrize(
    ("start", "at", "months"),
    [
        (date(2020, 6, 15), date(2025, 6, 14), 59),
        (date(2020, 6, 15), date(2025, 6, 15), 60),
        (date(2020, 2, 29), date(2025, 2, 28), 60),
        (date(2020, 2, 29), date(2024, 2, 28), 47),
        (date(2020, 2, 29), date(2024, 2, 29), 48),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 3, 30), 1),
        (date(2024, 12, 31), date(2025, 6, 30), 6),
        (date(2025, 6, 30), date(2025, 6, 30), 0),
        (date(2025, 7, 1), date(2025, 6, 30), -1),
    ],
)
def test_full_months(start: date, at: date, months: int) -> None:
    assert months_between(start, at) == months


@pytest.mark.parametrize(
    ("start", "label"),
    [
        (date(2025, 6, 30), NONE),
        (date(2025, 6, 1), NONE),  # not yet a full month
        (date(2025, 5, 30), BELOW_5),
        (date(2020, 7, 1), BELOW_5),
        (date(2020, 6, 30), FROM_5),
        (date(2015, 6, 30), FROM_5),  # ten years to the day
        (date(2015, 5, 30), ABOVE_10),
        (BELOW_5, BELOW_5),
        ("lama", None),
        (date(2025, 7, 1), None),
        (None, None),
    ],
)
def test_experience_at_its_borders(start: date | str | None, label: str | None) -> None:
    band = experience(start, AT, PEDOMAN)
    assert (band and band.label) == label


def test_a_label_needs_no_date_but_a_day_does() -> None:
    assert experience(ABOVE_10, None, PEDOMAN) is PEDOMAN.pengalaman[3]
    assert experience(date(2010, 1, 1), None, PEDOMAN) is None


# ---- the total ---- #


@pytest.mark.parametrize(
    ("good", "start", "jumlah", "rekomendasi"),
    [
        (CODES, ABOVE_10, 11, "Direkomendasikan"),
        (CODES, NONE, 10, "Direkomendasikan"),
        (CODES[2:], BELOW_5, 9, "Direkomendasikan"),
        (CODES[2:], NONE, 8, "Dapat Direkomendasikan"),
        (CODES[4:], FROM_5, 7, "Dapat Direkomendasikan"),
        (CODES[4:], NONE, 6, "Dapat Direkomendasikan"),
        (LEGALITY, BELOW_5, 5, "Tidak Direkomendasikan"),
        ([], BELOW_5, 1, "Tidak Direkomendasikan"),
        ([], NONE, 0, "Tidak Direkomendasikan"),
    ],
)
def test_fixed_points(good: list[str], start: str, jumlah: int, rekomendasi: str) -> None:
    assessment = known(checklist(good), start)
    assert (assessment.jumlah, assessment.mentah, assessment.rekomendasi) == (jumlah, None, rekomendasi)
    assert assessment.lengkap
    assert sum(score or 0 for score in assessment.kriteria.values()) == jumlah


def test_every_checklist_of_whole_rows() -> None:
    """All 4,096; in the default rules each point lacking is one row, so the least set is the distance itself."""
    counted: Counter[str | None] = Counter()
    for marks, band in product(product((YES, ABSENT), repeat=10), PEDOMAN.pengalaman):
        assessment = known(dict(zip(CODES, marks, strict=True)), band.label)
        counted[assessment.rekomendasi] += 1
        distance = {"Direkomendasikan": 0, "Dapat Direkomendasikan": 9, "Tidak Direkomendasikan": 6}
        border = distance[str(assessment.rekomendasi)]
        assert len(assessment.butir) == (border and border - (assessment.jumlah or 0))
    assert counted == {
        "Direkomendasikan": 179,
        "Dapat Direkomendasikan": 2121,
        "Tidak Direkomendasikan": 1796,
    }


def test_one_blank_keeps_everything_open() -> None:
    assessment = known(checklist(CODES, r12=Row("Ada", None, "Relevan")))
    assert assessment.kriteria == {"1": None, "2": 2, "3": 2, "4": 2, "5": 1}
    assert (assessment.jumlah, assessment.rekomendasi, assessment.lengkap) == (None, None, False)
    assert assessment.butir == ("1.2",)


def test_what_is_not_given_is_not_assessed() -> None:
    assessment = known({}, None)
    assert assessment.butir == (*CODES, "5")
    assert set(assessment.kriteria.values()) == {None}


@pytest.mark.parametrize(
    ("rule", "jumlah", "rekomendasi"),
    [
        ("bawah", 8, "Dapat Direkomendasikan"),
        ("terdekat", 9, "Direkomendasikan"),
        ("atas", 9, "Direkomendasikan"),
        ("perluas", 8.666667, "Dapat Direkomendasikan"),
    ],
)
def test_a_total_between_two_bands(rule: str, jumlah: float, rekomendasi: str) -> None:
    """7 full rows, one at two thirds, two at nothing, experience: 8 2/3 (A-6)."""
    settings = PEDOMAN.choose({"A-1": "proporsional", "A-6": rule})
    assessment = known(checklist(CODES[3:], bad=NO, r11=EXPIRED), settings=settings)
    assert (assessment.jumlah, assessment.rekomendasi) == (jumlah, rekomendasi)
    assert assessment.mentah == 8.666667
    assert "jumlah_pecahan" in flags(assessment)


def test_a_half_is_rounded_up() -> None:
    settings = PEDOMAN.choose({"A-1": "penilai", "A-6": "terdekat"})
    typed = {code: Row(skor_penilai=0.5 if code == "1.1" else 1) for code in CODES[:8]}
    rows = {code: typed.get(code, Row(skor_penilai=0)) for code in CODES}
    assert known(rows, settings=settings).jumlah == 9  # 7 + 0.5 + 1 = 8.5


@pytest.mark.parametrize(
    ("reading", "scores"),
    [("ada", [0, 1, 1, 1]), ("bertingkat", [0, 0.333333, 0.666667, 1]), ("lima_tahun", [0, 0, 1, 1])],
)
def test_points_for_experience(reading: str, scores: list[float]) -> None:
    settings = PEDOMAN.choose({"A-4": reading})
    bands = [known({}, band.label, settings=settings).kriteria["5"] for band in PEDOMAN.pengalaman]
    assert bands == scores


@pytest.mark.parametrize(
    ("reading", "jumlah", "mentah"),
    [
        ("setara", 10, None),  # 3 waived + 6 rows + 1
        ("apa_adanya", 7, None),
        ("skala", 9, 9.625),  # 7 of the 8 that are left, of 11
    ],
)
def test_rows_that_are_not_required(reading: str, jumlah: int, mentah: float | None) -> None:
    rows = checklist(CODES[4:], r11=WAIVED, r12=WAIVED, r14=WAIVED)
    assessment = known(rows, kelas="1", settings=PEDOMAN.choose({"A-12": reading}))
    assert (assessment.jumlah, assessment.mentah) == (jumlah, mentah)


# ---- flags ---- #


def test_flags_leave_the_score_alone() -> None:
    found = checklist(CODES, r22=Row("Ada", "Ya", "Tidak Relevan"))
    assert flags(known(found)) == {"temuan_kritis": ("2.2",)}
    assert (known(found).jumlah, known(found).rekomendasi) == (10, "Direkomendasikan")
    illegal = known(checklist(CODES[4:]))
    assert flags(illegal) == {"legalitas_nol": tuple(LEGALITY)}
    assert (illegal.jumlah, illegal.rekomendasi) == (7, "Dapat Direkomendasikan")


@pytest.mark.parametrize(
    ("rows", "rules", "up"),
    [
        (checklist(CODES[3:]), {}, False),  # one document stands
        (checklist(CODES[4:], r14=EXPIRED), {}, True),
        (checklist(CODES[4:], r14=WAIVED), {}, False),
        (checklist(CODES[4:], r14=WAIVED), {"A-12": "apa_adanya"}, True),
        (checklist(CODES[4:], r14=WAIVED), {"A-12": "skala"}, False),
        (checklist(CODES[4:]), {"A-1": "proporsional"}, True),  # two thirds each, and not one document
        (checklist(CODES[4:], r14=EXPIRED), {"A-1": "proporsional"}, False),
        (checklist(CODES[4:], r14=Row("Tidak Ada", None, None)), {}, False),  # not yet assessed
        ({code: Row(skor_penilai=float(code > "2")) for code in CODES}, {"A-1": "penilai"}, True),
        ({code: Row(skor_penilai=float(code > "1.3")) for code in CODES}, {"A-1": "penilai"}, False),
    ],
)
def test_without_any_legality(rows: dict[str, Row], rules: dict[str, str], up: bool) -> None:
    assert ("legalitas_nol" in flags(known(rows, settings=PEDOMAN.choose(rules)))) == up


def test_waived_rows_must_be_in_the_table_of_the_class() -> None:
    rows = checklist(CODES, r14=WAIVED, r31=WAIVED)
    assert flags(known(rows, kelas="2"))["tidak_dipersyaratkan"] == ("1.4", "3.1")
    assert flags(known(rows, kelas="1"))["tidak_dipersyaratkan"] == ("3.1",)
    assert flags(known(rows, kelas=None))["tidak_dipersyaratkan"] == ("1.4", "3.1")
    assert "tidak_dipersyaratkan" not in flags(known(checklist(CODES, r14=WAIVED), kelas="6"))


def test_documents_that_expire_should_say_when() -> None:
    timeless = Row("Ada", "Tanpa Masa Berlaku", "Relevan")
    assert flags(known(dict.fromkeys(CODES, timeless))) == {"tanpa_masa_berlaku": ("1.2", "1.4")}


def test_typed_scores_out_of_range_are_pointed_out() -> None:
    rows = {code: Row(skor_penilai=1) for code in CODES} | {"3.1": Row(skor_penilai=2), "3.2": Row()}
    assessment = known(rows, settings=PEDOMAN.choose({"A-1": "penilai"}))
    assert flags(assessment)["skor_di_luar_rentang"] == ("3.1",)
    assert assessment.butir == ("3.1", "3.2")
    assert "skor_di_luar_rentang" not in flags(known(rows))


# ---- the least that reaches the next band ---- #


def mended(rows: Mapping[str, Row], start: str, codes: Iterable[str]) -> tuple[dict[str, Row], str]:
    """The checklist with the named items at their best."""
    codes = set(codes)
    best = Row("Ada", "Ya", "Relevan", 1)
    return {code: best if code in codes else row for code, row in rows.items()}, ABOVE_10 if "5" in codes else start


def bands_up(rows: Mapping[str, Row], start: str, codes: Iterable[str], settings: Settings) -> int:
    """How many bands the named items are worth."""
    order = {band.label: band.order for band in PEDOMAN.rekomendasi}
    before, after = (
        known(rows, start, settings=settings),
        known(*mended(rows, start, codes), settings=settings),
    )
    return order[str(after.rekomendasi)] - order[str(before.rekomendasi)]


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"A-1": "proporsional"},
        {"A-1": "proporsional", "A-4": "bertingkat", "A-6": "terdekat"},
        {"A-1": "proporsional", "A-6": "atas", "A-12": "skala"},
        {"A-4": "lima_tahun", "A-6": "perluas", "A-12": "apa_adanya"},
        {"A-1": "penilai"},
    ],
    ids=lambda rules: "-".join(rules.values()) or "bawaan",
)
def test_what_is_named_is_enough_and_nothing_smaller_is(rules: dict[str, str]) -> None:
    settings, chance = PEDOMAN.choose(rules), random.Random(11)
    answers = [one.positive + one.negative for one in PEDOMAN.answers]

    def state() -> tuple[str, str, str]:
        first, second, third = map(chance.choice, answers)
        return first, second, third

    sizes = Counter[int]()
    for _ in range(40):
        rows = {code: Row(*state(), chance.choice((0, 0.5, 1))) for code in CODES}
        rows |= dict.fromkeys(chance.sample(CODES, 4), Row("Ada", "Ya", "Relevan", 1))
        if "A-12" in rules:
            rows |= dict.fromkeys(chance.sample(CODES, 2), WAIVED)
        start = chance.choice((NONE, BELOW_5, FROM_5))
        assessment = known(rows, start, settings=settings)
        assert known(dict(reversed(rows.items())), start, settings=settings) == assessment
        named = assessment.butir
        sizes[len(named)] += 1
        if assessment.rekomendasi == "Direkomendasikan":
            assert (named, assessment.kurang) == ((), "")
            continue
        assert bands_up(rows, start, named, settings) >= 1
        # A row that is left out of the scale is not lacking; all others are tried.
        others = [code for code in (*CODES, "5") if not (rules.get("A-12") == "skala" and rows.get(code) == WAIVED)]
        for smaller in combinations(others, len(named) - 1):
            assert bands_up(rows, start, smaller, settings) < 1, smaller
    assert len(sizes) > 2


def test_among_equals_the_row_with_the_least_to_mend_is_named_first() -> None:
    rows = checklist(CODES[4:], bad=NO, r13=EXPIRED)  # 7 points: two rows lead to 9
    assert known(rows).butir == ("1.1", "1.3")
    assert "Masih Berlaku: Ya" in known(rows).kurang


def test_time_is_named_only_when_it_saves_rows() -> None:
    settings = PEDOMAN.choose({"A-1": "proporsional"})
    rows = dict.fromkeys(CODES, EXPIRED) | dict.fromkeys(CODES[:5], YES)  # 5 + 10/3 = 8 1/3
    assert known(rows, NONE, settings=settings).butir == ("5",)
    assert known(rows | {"1.1": NO}, BELOW_5, settings=settings).butir == ("1.1",)  # 8 1/3 as well


# ---- words ---- #


def test_json_is_the_contract() -> None:
    shown = known(checklist(CODES[4:], bad=NO)).as_json()
    assert list(shown) == ["kriteria", "jumlah", "rekomendasi", "lengkap", "bendera", "alasan", "kurang"]
    assert shown["kriteria"] == {"1": 0, "2": 2, "3": 2, "4": 2, "5": 1}
    assert [flag["kode"] for flag in shown["bendera"]] == ["legalitas_nol"]
    for label in ("Akte Pendirian", "Izin Operasional", "NPWP", "Surat Terdaftar"):
        assert label in shown["alasan"]
    for code in known(checklist(CODES[4:], bad=NO)).butir:
        assert next(row.label for row in PEDOMAN.rows if row.code == code) in shown["kurang"]
