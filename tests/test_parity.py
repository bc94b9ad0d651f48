"""One rule, three engines: native formulas give what score.py and risk.py give, recalculated by two programs.

A workbook is laid out with the real formulas; beside every formula cell stands what Python computes for the
same inputs, and LibreOffice and cellrune must agree with it in every one of them. formulon, slow on many
cells, is asked for the workbooks of other settings. Totals of 4,096 checklists are those worked out by hand
from the guideline (179, 2,121 and 1,796), independent of any of the engines.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from support import engines
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from kemitraan_xl import formulas, risk, score
from kemitraan_xl.pedoman import model
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Pengalaman, Settings
from validation.contract import lists
from validation.values import read_month

PEDOMAN = load()
KISI = PEDOMAN.rows
BANDS = [band.label for band in PEDOMAN.pengalaman]
MODES = ("ketat", "proporsional", "penilai")
State = tuple[str | None, str | None, str | None]
ANSWERS = [(None, *one.positive, *one.negative, *one.waived) for one in PEDOMAN.answers]
STATES: list[State] = list(product(ANSWERS[0], ANSWERS[1], ANSWERS[2]))
AT = date(2025, 6, 30)

#: Together these workbooks use every value of every setting that changes a computation.
RULES: dict[str, dict[str, str]] = {
    "bawaan": {},
    "proporsional": {"A-1": "proporsional"},
    "terdekat": {"A-1": "proporsional", "A-6": "terdekat", "A-12": "apa_adanya", "A-4": "bertingkat"}
    | {"A-21": "hasil_kali", "A-21b": "tidak"},
    "atas": {
        "A-1": "proporsional",
        "A-6": "atas",
        "A-12": "skala",
        "A-4": "lima_tahun",
        "A-21": "hasil_kali",
    },
    "perluas": {"A-1": "ketat", "A-6": "perluas", "A-12": "skala", "A-4": "bertingkat", "A-21b": "tidak"},
    "penilai": {"A-1": "penilai", "A-12": "skala"},
}
#: Checklists with every formula written out, per workbook.
SAMPLES = 150


@dataclass
class Book:
    """A workbook being laid out, and what Python says each of its formula cells must show."""

    path: Path
    settings: Settings
    expected: engines.Values = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workbook = xlsxwriter.Workbook(self.path)
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet, column = self.workbook.add_worksheet("Ref"), 0
        for name, rows in formulas.names(PEDOMAN) + formulas.setting_names(self.settings):
            for offset, values in enumerate(rows):
                sheet.write_row(offset, column, values)
            last = column + len(rows[0]) - 1
            self.workbook.define_name(name, f"=Ref!{xl_range_abs(0, column, len(rows) - 1, last)}")
            column = last + 1

    def sheet(self, name: str) -> Grid:
        return Grid(self, self.workbook.add_worksheet(name))


@dataclass
class Grid:
    """One sheet: `put` writes an input, `ask` a formula with the answer it must give."""

    book: Book
    sheet: Any

    def put(self, row: int, column: int, value: object) -> str:
        if isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.book.day)
        elif value is not None:
            self.sheet.write(row, column, value)
        return xl_rowcol_to_cell(row, column)

    def put_row(self, row: int, column: int, values: Sequence[object]) -> str:
        for offset, value in enumerate(values):
            self.put(row, column + offset, value)
        return xl_range(row, column, row, column + len(values) - 1)

    def ask(self, row: int, column: int, formula: str, answer: float | str | None) -> str:
        self.sheet.write_formula(row, column, formula)
        cell = xl_rowcol_to_cell(row, column)
        shown = "" if answer is None else answer if isinstance(answer, str) else float(answer)
        self.book.expected[self.sheet.name, cell] = shown
        return cell

    def ask_row(self, row: int, column: int, cells: Sequence[str], answers: score.Row) -> str:
        """The score of a kisi-kisi whose three answers and typed score stand in `cells`."""
        kelengkapan, berlaku, relevansi, typed = cells
        formula = formulas.row_score(kelengkapan, berlaku, relevansi, typed, "atur_A1", PEDOMAN)
        return self.ask(row, column, formula, number(score.score_row(answers, PEDOMAN, self.book.settings)))


def number(points: Fraction | None) -> float | None:
    return None if points is None else float(points)


# ---- what is laid out ---- #


def rows_in_every_state(book: Book) -> dict[tuple[str, State], str]:
    """All 48 states of a row in the three modes, with typed scores inside and outside their range.

    Returns where the score of each mode and state stands.
    """
    grid, where = book.sheet("Baris"), {}
    typed: list[Any] = [None, 0, 0.5, 1, 1.01, -0.01, "satu"]
    for n, (mode, state) in enumerate(product(MODES, STATES)):
        row = score.Row(*state, typed[n % len(typed)])
        first, second, third, fourth, fifth = (grid.put(n, column, value) for column, value in enumerate([*row, mode]))
        formula = formulas.row_score(first, second, third, fourth, fifth, PEDOMAN)
        points = score.score_row(row, PEDOMAN, PEDOMAN.choose({**book.settings, "A-1": mode}))
        where[mode, state] = f"Baris!{grid.ask(n, 5, formula, number(points))}"
    return where


def many_checklists(
    book: Book, where: dict[tuple[str, State], str], cases: Iterable[tuple[Sequence[State], str]]
) -> Counter[str]:
    """Total and recommendation of many checklists, on few columns: scores come from the sheet of states."""
    grid, counted, mode = book.sheet("Banyak"), Counter[str](), str(book.settings["A-1"])
    waived = f"${grid.put(0, 0, 0)[0]}$1"
    for n, (states, band) in enumerate(cases, start=1):
        rows = {kisi.code: score.Row(*state) for kisi, state in zip(KISI, states, strict=True)}
        known = score.assess(rows, band, AT, None, PEDOMAN, book.settings)
        for offset, state in enumerate(states):
            points = score.score_row(score.Row(*state), PEDOMAN, book.settings)
            grid.ask(n, offset, f"={where[mode, state]}", number(points))
        criteria = ask_criteria(grid, n, 0, 11, known)
        criteria.append(grid.ask(n, 15, formulas.experience_score(grid.put(n, 10, band)), known.kriteria["5"]))
        ask_total(grid, n, 16, criteria, waived, known)
        counted[str(known.rekomendasi)] += 1
    return counted


def every_case() -> Iterator[tuple[tuple[State, ...], str]]:
    """All 2^10 x 4 checklists of rows that are wholly positive or not: 4,096."""
    marks: tuple[State, State] = (("Ada", "Ya", "Relevan"), ("Tidak Ada", "Ya", "Relevan"))
    return product(product(marks, repeat=10), BANDS)


def random_cases(count: int) -> Iterator[tuple[list[State], str]]:
    chance = random.Random(2000)
    assessed = [state for state in STATES if None not in state]
    return (([chance.choice(assessed) for _ in KISI], chance.choice(BANDS)) for _ in range(count))


def random_checklists(book: Book, count: int) -> None:
    """Checklists with any answers, blanks, classes and typed scores: scores, totals and all flags."""
    grid, chance = book.sheet("Acak"), random.Random(2024)
    grid.put_row(0, 0, [row.label for row in KISI])
    kisi = xl_range_abs(0, 0, 0, len(KISI) - 1)
    for n in range(1, count + 1):
        rows = {row.code: random_row(chance) for row in KISI}
        if chance.random() < 0.08:
            rows |= {row.code: score.Row("Tidak Ada", "Tidak", "Relevan", 0) for row in KISI[:4]}
        kelas, band = chance.choice(list(lists()["kelas"])), chance.choice([*BANDS, *BANDS, None])
        known = score.assess(rows, band, AT, kelas.code, PEDOMAN, book.settings)
        ask_checklist(grid, n, kisi, list(rows.values()), kelas.label, band, known)


def random_row(chance: random.Random) -> score.Row:
    kelengkapan, berlaku, relevansi = ANSWERS
    return score.Row(
        chance.choices(kelengkapan, (1, 70, 25, 4))[0],
        chance.choices(berlaku, (1, 60, 20, 19))[0],
        chance.choices(relevansi, (1, 80, 19))[0],
        chance.choice((0, 1, 1, 1, 0.5, 1 / 3, 2, None)),
    )


def ask_checklist(
    grid: Grid,
    n: int,
    kisi: str,
    rows: Sequence[score.Row],
    kelas: str,
    band: str | None,
    known: score.Assessment,
) -> None:
    """One checklist in one row: answers by column, then every formula over them."""
    mode = "atur_A1"
    columns = [grid.put_row(n, 10 * place, [row[place] for row in rows]) for place in range(4)]
    kelengkapan, berlaku, _, typed = columns
    for offset, row in enumerate(rows):
        grid.ask_row(n, 40 + offset, [xl_rowcol_to_cell(n, 10 * place + offset) for place in range(4)], row)
    scores = xl_range(n, 40, n, 49)
    criteria = ask_criteria(grid, n, 40, 50, known)
    criteria.append(grid.ask(n, 54, formulas.experience_score(grid.put(n, 55, band)), known.kriteria["5"]))
    not_required = sum(row.kelengkapan == "Tidak Dipersyaratkan" for row in rows)
    waived = grid.ask(n, 56, formulas.waived_count(kelengkapan, PEDOMAN), not_required)
    raw = ask_total(grid, n, 57, criteria, waived, known)
    up = {bendera.flag.code: bendera.flag.label for bendera in known.bendera}
    legal, reputation = xl_range(n, 40, n, 43), xl_rowcol_to_cell(n, 25)
    flags = {
        "legalitas_nol": formulas.legality_flag(legal, xl_range(n, 0, n, 3), mode, PEDOMAN),
        "temuan_kritis": formulas.finding_flag(reputation, PEDOMAN),
        "tidak_dipersyaratkan": formulas.waiver_flag(grid.put(n, 70, kelas), kisi, kelengkapan, PEDOMAN),
        "tanpa_masa_berlaku": formulas.term_flag(kisi, berlaku, PEDOMAN),
        "skor_di_luar_rentang": formulas.range_flag(typed, scores, mode, PEDOMAN),
        "jumlah_pecahan": formulas.fraction_flag(raw, PEDOMAN),
    }
    assert flags.keys() == {flag.code for flag in PEDOMAN.flags}
    for offset, (code, formula) in enumerate(flags.items()):
        grid.ask(n, 62 + offset, formula, up.get(code))


def ask_criteria(grid: Grid, n: int, first: int, out: int, known: score.Assessment) -> list[str]:
    """The four criteria over the row scores that begin in column `first`."""
    cells = []
    for offset, kriteria in enumerate(k for k in PEDOMAN.kriteria if k.rows):
        scores = xl_range(n, first, n, first + len(kriteria.rows) - 1)
        formula = formulas.criterion_score(scores, kriteria)
        cells.append(grid.ask(n, out + offset, formula, known.kriteria[kriteria.code]))
        first += len(kriteria.rows)
    return cells


def ask_total(grid: Grid, n: int, out: int, criteria: list[str], waived: str, known: score.Assessment) -> str:
    """Total before and after rounding, recommendation, completeness, in four cells from column `out` on."""
    whole = known.jumlah if known.mentah is None else known.mentah
    raw = grid.ask(n, out, formulas.raw_total(criteria, waived, "atur_A1", PEDOMAN), whole)
    jumlah = grid.ask(n, out + 1, formulas.total(raw), known.jumlah)
    grid.ask(n, out + 2, formulas.recommendation(jumlah), known.rekomendasi)
    status = formulas.COMPLETE if known.lengkap else formulas.INCOMPLETE
    grid.ask(n, out + 3, formulas.completeness(criteria), status)
    return raw


def long_table(book: Book) -> None:
    """Criteria over a long table as in Data Penilaian: one assessment lacks a row, one has a row twice."""
    grid, chance = book.sheet("Panjang"), random.Random(3)
    entries = []
    for key in ("Yayasan A|45000", "Yayasan A|45900", "Yayasan B|45000"):
        order = chance.sample(KISI, len(KISI))
        entries += [(key, kisi, score.Row("Ada", "Ya", chance.choice(("Relevan", "Tidak Relevan")))) for kisi in order]
    entries = [entry for entry in entries if (entry[0], entry[1].code) != ("Yayasan B|45000", "1.3")]
    entries.append(("Yayasan B|45000", KISI[0], score.Row("Tidak Dipersyaratkan")))
    entries += [entry for entry in entries if (entry[0], entry[1].code) == ("Yayasan A|45900", "3.1")]
    broken = {("Yayasan B|45000", "1"), ("Yayasan A|45900", "3")}
    for n, (key, kisi, row) in enumerate(entries):
        grid.put_row(n, 0, [key, kisi.label])
        grid.ask_row(n, 6, [grid.put(n, 2 + column, value) for column, value in enumerate(row)], row)
    keys, kisi_column, answers, scores = (xl_range_abs(0, c, len(entries) - 1, c) for c in (0, 1, 2, 6))
    for n, key in enumerate(dict.fromkeys(entry[0] for entry in entries)):
        cell = grid.put(n, 8, key)
        mine = {kisi.code: row for k, kisi, row in entries if k == key}
        known = score.assess(mine, None, AT, None, PEDOMAN, book.settings)
        for offset, kriteria in enumerate(k for k in PEDOMAN.kriteria if k.rows):
            formula = formulas.criterion_score_long(cell, keys, kisi_column, scores, kriteria)
            grid.ask(n, 9 + offset, formula, None if (key, kriteria.code) in broken else known.kriteria[kriteria.code])
        formula = formulas.waived_count_long(cell, keys, answers, PEDOMAN)
        grid.ask(n, 14, formula, float(key.startswith("Yayasan B")))


def experience(book: Book) -> None:
    """Borders of the bands, leap days, ends of months; then the band's own label instead of a day."""
    grid = book.sheet("Pengalaman")
    days = [date(2020, 2, 29), date(2019, 12, 31), date(2020, 1, 31), date(2020, 3, 1), date(2015, 6, 30)]
    days += [date(y, 6, d) for y in (2014, 2015, 2020, 2025) for d in (1, 15, 29, 30)] + [date(2015, 5, 31)]
    ends = [date(2020, 2, 29), date(2021, 2, 28), date(2020, 2, 28), date(2024, 2, 28), date(2024, 2, 29)]
    ends += [date(2025, 2, 28), date(2025, 6, 29), AT, date(2025, 7, 1), date(2025, 7, 31), date(2030, 2, 28)]
    for n, (start, at) in enumerate(product(days, ends)):
        refs = grid.put(n, 0, start), grid.put(n, 1, at)
        band = score.experience(start, at, PEDOMAN)
        grid.ask(n, 2, formulas.months_between(*refs), score.months_between(start, at))
        ask_band(grid, n, 3, formulas.experience_band(refs[0], *refs), band)
    first = len(days) * len(ends)
    for n, (label, dated) in enumerate(product([*BANDS, "5 tahun", None], [AT, None]), start=first):
        refs = grid.put(n, 0, label), grid.put(n, 1, dated)
        day = grid.ask(n, 2, formulas.start_day(refs[0]), None)
        band = score.experience(label, dated, PEDOMAN)
        ask_band(grid, n, 3, formulas.experience_band(refs[0], day, refs[1]), band)


def ask_band(grid: Grid, n: int, out: int, formula: str, band: Pengalaman | None) -> None:
    cell = grid.ask(n, out, formula, None if band is None else band.label)
    points = None if band is None else number(band.worth(grid.book.settings))
    grid.ask(n, out + 1, formulas.experience_score(cell), points)


def starts(book: Book) -> None:
    """What people type as the start of work with children: the sheet reads it as the reader of files does."""
    grid = book.sheet("Mulai")
    typed = [2015, "2015", " 2015 ", "Maret 2015", "maret 2015", "Agustus 1999", "Okt 2020", "15 Maret 2015"]
    typed += [date(2015, 3, 15), date(2020, 2, 29), "sejak dulu", "entah 2015", "Maret", "0015", 2101, None]
    for n, value in enumerate(typed):
        reading = read_month(value).value
        serial = (reading - date(1899, 12, 30)).days if isinstance(reading, date) else None
        if value == 2101:  # one past the years that are read: a day of 1905, as any number is to a spreadsheet
            serial = (date(1905, 10, 1) - date(1899, 12, 30)).days
        grid.ask(n, 1, formulas.start_day(grid.put(n, 0, value)), serial)


def risks(book: Book) -> None:
    """All 25 cells for a child-safety risk and another, and steps that are no step."""
    grid = book.sheet("Risiko")
    steps: list[tuple[Any, Any]] = list(product(range(1, 6), range(1, 6)))
    steps += [(0, 4), (6, 4), (4, 6), (2.5, 4), ("4", 4), (None, 4), (4, None)]
    for n, ((likely, impact), kind) in enumerate(product(steps, ("Keselamatan anak", "Ekonomi", None))):
        refs = grid.put(n, 0, likely), grid.put(n, 1, impact), grid.put(n, 2, kind)
        known = risk.level(likely, impact, kind, PEDOMAN, book.settings)
        answers = (known.size, known.base_level, known.level) if known else (None, None, None)
        size = grid.ask(n, 3, formulas.risk_size(refs[0], refs[1], PEDOMAN), answers[0])
        grid.ask(n, 4, formulas.risk_base_level(size), answers[1])
        grid.ask(n, 5, formulas.risk_level(size, refs[1], refs[2], PEDOMAN), answers[2])


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Book]:
    """The workbook of each set of rules, laid out when first asked for."""
    folder = tmp_path_factory.mktemp("paritas")

    @cache
    def make(rules: str) -> Book:
        book = Book(folder / f"{rules}.xlsx", PEDOMAN.choose(RULES[rules]))
        where = rows_in_every_state(book)
        if rules == "bawaan":
            assert many_checklists(book, where, every_case()) == {
                "Direkomendasikan": 179,
                "Dapat Direkomendasikan": 2121,
                "Tidak Direkomendasikan": 1796,
            }
            starts(book)
            experience(book)
        if rules == "proporsional":
            many_checklists(book, where, random_cases(2000))
        random_checklists(book, SAMPLES)
        long_table(book)
        risks(book)
        book.workbook.close()
        return book

    return make


# ---- who agrees ---- #


def test_rules_use_every_value_of_every_setting_that_computes() -> None:
    sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (score, risk, model)]
    codes = set(re.findall(r'settings\["(A-\w+)"\]', "\n".join(sources)))
    assert codes >= {"A-1", "A-21"}
    for setting in (one for one in PEDOMAN.settings if one.code in codes):
        chosen = {PEDOMAN.choose(rules)[setting.code] for rules in RULES.values()}
        assert chosen == {choice.value for choice in setting.choices}, setting.code


@pytest.mark.libreoffice
@pytest.mark.parametrize("rules", RULES)
def test_libreoffice(rules: str, books: Callable[[str], Book]) -> None:
    agrees(books(rules), engines.values_libreoffice(books(rules).path))


@pytest.mark.parametrize("rules", RULES)
def test_cellrune(rules: str, books: Callable[[str], Book]) -> None:
    agrees(books(rules), engines.values_cellrune(books(rules).path))


@pytest.mark.parametrize("rules", ["terdekat", "atas", "perluas", "penilai"])
def test_formulon(rules: str, books: Callable[[str], Book]) -> None:
    agrees(books(rules), engines.values_formulon(books(rules).path))


def agrees(book: Book, found: engines.Values) -> None:
    # Six places, as the total is rounded before its band is looked up.
    apart = engines.differences(book.expected, found, tolerance=1e-6)
    assert not apart, f"{len(apart)} cells: {apart[:5]}"
