"""One rule, three engines: worksheet functions give what score.py gives and what recalculated formulas show."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support import engines
from test_parity import (
    ANSWERS,
    AT,
    BANDS,
    KISI,
    MODES,
    PEDOMAN,
    RULES,
    STATES,
    Book,
    ask_checklist,
    random_row,
    risks,
    rows_in_every_state,
)
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from kemitraan_xl import risk, score, seal
from kemitraan_xl.stages import NOT_ASKED, NOT_YET, YES, shown_standing
from udfs.functions import penilaian, risiko, tahap
from validation.contract import lists

CHECKLISTS = 25

#: Columns of test_parity's layout of a checklist: four criteria, experience, total, recommendation.
CRITERIA, EXPERIENCE, TOTAL, BAND = (50, 51, 52, 53), 54, 58, 59


@dataclass
class Sample:
    """A recalculated workbook, the settings it was made for, and the checklists in its rows from 1 on."""

    pengaturan: list[list[Any]]
    settings: Any
    values: engines.Values
    places: dict[Any, str]
    checklists: list[tuple[list[score.Row], str | None]] = field(default_factory=list)


@pytest.fixture(scope="module", params=RULES)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    chosen = RULES[request.param]
    path: Path = tmp_path_factory.mktemp("fungsi") / "buku.xlsx"
    book, chance = Book(path, PEDOMAN.choose(chosen)), random.Random(5)
    places = rows_in_every_state(book)
    risks(book)
    grid = book.sheet("Acak")
    grid.put_row(0, 0, [row.label for row in KISI])
    kisi = xl_range_abs(0, 0, 0, len(KISI) - 1)
    checklists = []
    for n in range(1, CHECKLISTS + 1):
        rows, band = {kisi.code: random_row(chance) for kisi in KISI}, chance.choice([*BANDS, None])
        known = score.assess(rows, band, AT, "2", PEDOMAN, book.settings)
        ask_checklist(grid, n, kisi, list(rows.values()), lists()["kelas"]["2"].label, band, known)
        checklists.append((list(rows.values()), band))
    book.workbook.close()
    pengaturan: list[list[Any]] = [["Kode", "Nilai"], *([code, value] for code, value in book.settings.items())]
    return Sample(pengaturan, book.settings, engines.values_cellrune(path), places, checklists)


def cells(row: score.Row) -> list[Any]:
    return [*row[:3]]


def same(given: Any, shown: Any) -> bool:
    """Whether a function's answer is what the formula shows; six places, as in the workbook."""
    return given == shown if isinstance(given, str) else abs(given - shown) < 1e-6


def test_rows_in_every_state(sample: Sample) -> None:
    typed = [None, 0, 0.5, 1, 1.01, -0.01, None]  # as laid out; for the text among them stands a blank
    apart = []
    for n, (mode, state) in enumerate(product(MODES, STATES)):
        settings = [row if row[0] != "A-1" else ["A-1", mode] for row in sample.pengaturan]
        given = penilaian.kmt_skor_item(*state, typed[n % len(typed)], settings)
        sheet, _, cell = sample.places[mode, state].partition("!")
        if not same(given, sample.values[sheet, cell]):
            apart.append((mode, state, given))
    assert not apart


def test_whole_checklists(sample: Sample) -> None:
    for n, (rows, band) in enumerate(sample.checklists, start=1):
        known = score.assess(
            dict(zip([k.code for k in KISI], rows, strict=True)), band, AT, "2", PEDOMAN, sample.settings
        )
        answers = [[kisi.label, *cells(row)] for kisi, row in zip(KISI, rows, strict=True)]
        typed = [[row.skor_penilai] for row in rows]
        whole = answers, band, AT, typed, sample.pengaturan
        shown = {
            column: sample.values["Acak", xl_rowcol_to_cell(n, column)]
            for column in (*CRITERIA, EXPERIENCE, TOTAL, BAND)
        }
        total = penilaian.kmt_skor_total(*whole)
        assert same(total, shown[TOTAL])
        assert penilaian.kmt_rekomendasi(total, sample.pengaturan) == shown[BAND]
        criteria = penilaian.kmt_skor_kriteria([[1], [2], [3], [4], [5]], *whole)
        assert all(same(row[0], shown[column]) for row, column in zip(criteria, (*CRITERIA, EXPERIENCE), strict=True))
        assert same(penilaian.kmt_skor_pengalaman(band, AT, sample.pengaturan), shown[EXPERIENCE])
        assert penilaian.kmt_alasan(*whole) == known.alasan
        assert penilaian.kmt_kurang(*whole) == known.kurang
        flags = penilaian.kmt_bendera(answers, band, AT, "2", typed, sample.pengaturan) or []
        assert [row[0] for row in flags] == [up.flag.label for up in known.bendera]


def test_the_seal_is_that_of_the_cells_whichever_host_sends_them() -> None:
    answers = [[kisi.label, "Ada", "Ya", "Relevan"] for kisi in KISI]
    head = "Yayasan Contoh", "1 Pengawasan"
    by_desktop = penilaian.kmt_sidik(answers, 2015.0, datetime(2026, 3, 9, tzinfo=UTC), *head)
    by_server = penilaian.kmt_sidik(answers, 2015, 46090, *head)
    rows = [[*row, None] for row in answers]
    assert by_desktop == by_server == seal.fingerprint([head[0], date(2026, 3, 9), head[1], 2015, None], rows)
    assert penilaian.kmt_sidik([[*answers[0][:3], "Tidak Relevan"], *answers[1:]], 2015, 46090, *head) != by_server
    assert penilaian.kmt_sidik(answers[:9], 2015, 46090, *head) == ""


def test_risks_of_all_cells(sample: Sample) -> None:
    kinds = ("Keselamatan anak", "Ekonomi", None)
    for n, ((likely, impact), kind) in enumerate(product(product(range(1, 6), range(1, 6)), kinds)):
        known = risk.level(likely, impact, kind, PEDOMAN, sample.settings)
        assert known
        size, level = (sample.values["Risiko", xl_rowcol_to_cell(n, column)] for column in (3, 5))
        assert risiko.kmt_besaran_risiko(likely, impact, sample.pengaturan) == size == known.size
        assert risiko.kmt_tingkat_risiko(likely, impact, kind, sample.pengaturan) == level == known.level


def test_all_4096_checklists_in_one_call() -> None:
    states = list(product((True, False), repeat=len(KISI)))
    scores = penilaian.kmt_skor_item(
        [["Ada" if up else "Tidak Ada" for up in state] for state in states], "Ya", "Relevan"
    )
    bands = [penilaian.kmt_skor_pengalaman(band, "") for band in BANDS]
    totals = [[sum(row) + band for band in bands] for row in scores]
    flat = [cell for row in penilaian.kmt_rekomendasi(totals) for cell in row]
    assert [flat.count(band.label) for band in reversed(PEDOMAN.rekomendasi)] == [179, 2121, 1796]


def test_every_answer_of_the_lists_is_taken() -> None:
    for state in product(*ANSWERS):
        assert penilaian.kmt_skor_item(*state) in (0, 1, "")


def test_the_stage_is_the_first_with_an_open_condition() -> None:
    chance = random.Random(7)
    for _ in range(30):
        shown = {one.label: chance.choices((YES, NOT_YET, NOT_ASKED), (90, 3, 7))[0] for one in PEDOMAN.syarat}
        table = [["Kode Mitra", "Syarat", "Terpenuhi"], *(["M-001", label, word] for label, word in shown.items())]
        first = next((one for one in PEDOMAN.syarat if shown[one.label] == NOT_YET), None)
        stages = lists()["tahap"]
        assert tahap.kmt_tahap("m-001", table) == (stages[first.stage] if first else stages.items[-1]).label
        lacking = [
            one.label for one in PEDOMAN.syarat if first and one.stage == first.stage and shown[one.label] == NOT_YET
        ]
        assert tahap.kmt_syarat_kurang("M-001", table) == "; ".join(lacking)


def test_a_condition_that_is_not_shown_is_open() -> None:
    assert len(shown_standing({}, PEDOMAN.syarat).open) == len(PEDOMAN.syarat)
