"""Signed checklists: the fingerprint, what a signature is worth, which assessment counts, and the lock.

The workbook's formulas and seal.py must agree; every single change of an assessment must show.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import cellrune
import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import to_excel
from support import engines
from support.package import read
from test_checks import judged
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from kemitraan_xl import formulas, seal, seal_formulas
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.pengesahan import SCORED
from kemitraan_xl.checklists import counting
from kemitraan_xl.examine import examine
from kemitraan_xl.grade import assessments, grade
from kemitraan_xl.master import read_master
from kemitraan_xl.pedoman.load import load, rule_version, settings_in
from kemitraan_xl.seal import Cell, Signature
from validation.contract import lists, tables

PEDOMAN = load()
VERSION = rule_version(PEDOMAN, PEDOMAN.choose())
TODAY = date(2026, 11, 24)
DAY = date(2026, 3, 9)
PARTNER, OTHER, THIRD, FOURTH = "Yayasan Pelita", "PT Cahaya", "Asosiasi Bahari", "Yayasan Baru"

Head = list[Cell]
Rows = list[list[Cell]]

# ---- the fingerprint ---- #


def random_assessment(chance: random.Random) -> tuple[Head, Rows]:
    answers = [[*lists()[name].labels] for name in ("kelengkapan", "masih_berlaku", "relevansi")]
    starts: list[Cell] = [2015, "2015", date(2015, 3, 1), "> 10 tahun", "Maret 2015", "0 tahun"]
    head: Head = [
        chance.choice(["Yayasan Pelita Tunas", "PT Cahaya – Anak", "LSM «Élan»"]),
        DAY + timedelta(days=chance.randrange(900)),
        "; ".join(f"{item.code} {item.label}" for item in chance.sample(list(lists()["lingkup"]), 4)),
        chance.choice(starts),
        chance.choice([None, "Tidak Direkomendasikan"]),
    ]
    rows: Rows = [
        [item.label, *(chance.choice(one) for one in answers), chance.choice([None, 0, 1, 0.5, 1 / 3])]
        for item in lists()["kisi_kisi"]
    ]
    return head, rows


def single_changes(head: Head, rows: Rows) -> Iterator[tuple[Head, Rows]]:
    """The assessment with one answer replaced by each other one, and with each cell of its head changed."""
    others: list[list[Cell]] = [list(lists()[name].labels) for name in ("kelengkapan", "masih_berlaku", "relevansi")]
    others.append([None, 0, 1, 0.5, 1 / 3])
    for n, (column, values) in product(range(len(rows)), enumerate(others, start=1)):
        for value in (value for value in values if value != rows[n][column]):
            changed = [list(row) for row in rows]
            changed[n][column] = value
            yield head, changed
    different: list[list[Cell]] = [
        [f"{head[0]}a", f"{head[0]}"[:-1]],
        [day + timedelta(days=n) for n in (-1, 1, 365) if isinstance(day := head[1], date)],
        [f"{head[2]}; 3", "1", None],
        [value for value in (2014, 2016, date(2014, 1, 1), "< 5 tahun", None) if value != head[3]],
        [value for value in (None, *lists()["rekomendasi"].labels) if value != head[4]],
    ]
    for place, values in enumerate(different):
        for value in values:
            yield [*head[:place], value, *head[place + 1 :]], rows


@pytest.mark.parametrize("seed", range(6))
def test_every_single_change_shows(seed: int) -> None:
    head, rows = random_assessment(random.Random(seed))
    changed = [seal.fingerprint(*case) for case in single_changes(head, rows)]
    assert len(changed) > 80
    assert seal.fingerprint(head, rows) not in changed
    # Not always all different: the same answer set back in two ways is one assessment.
    assert len(set(changed)) > len(changed) * 0.95


def test_answers_that_change_places_show() -> None:
    head, rows = random_assessment(random.Random(9))
    rows[0][1:], rows[1][1:] = ["Ada", "Ya", "Relevan", None], ["Tidak Ada", "Tidak", "Relevan", None]
    before = seal.fingerprint(head, rows)
    rows[0][1:], rows[1][1:] = rows[1][1:], rows[0][1:]
    assert seal.fingerprint(head, rows) != before


def test_order_of_rows_case_and_spaces_do_not_matter() -> None:
    head, rows = random_assessment(random.Random(1))
    mine = seal.fingerprint(head, rows)
    assert seal.fingerprint(head, rows[::-1]) == mine
    assert seal.fingerprint([f"  {head[0]} ".upper(), *head[1:]], rows) == mine
    assert len(mine) == 9
    assert set(mine) <= {*seal.ALPHABET, "-"}


def test_a_head_too_long_has_no_fingerprint() -> None:
    head, rows = random_assessment(random.Random(1))
    assert seal.fingerprint([*head[:2], "x" * seal.HEAD_LENGTH, *head[3:]], rows) == ""


@pytest.mark.parametrize(("typed", "meant"), [("oil1-abcd", "0111ABCD"), ("ZZ ZZ 00-00", "ZZZZ0000")])
def test_copied_by_hand(typed: str, meant: str) -> None:
    assert seal.copied(typed) == meant


# ---- what a signature is worth ---- #

SIGNED = Signature(DAY, "AB12-CD34", 9, VERSION, "Ratna", "Bagus")
STATES = [
    (SIGNED, "AB12-CD34", 9, "sah"),
    (SIGNED, "AB12-CD35", 9, "berubah"),
    (SIGNED, "", None, "berubah"),  # no longer complete
    (SIGNED, "AB12-CD34", 8, "berubah"),  # the same rules cannot give another score
    (Signature(DAY, "ab12 cd34", 9, VERSION, "Ratna", "Bagus"), "AB12-CD34", 9, "sah"),
    (Signature(DAY, "AB12-CD34", 9, "0.9-00000000", "Ratna", "Bagus"), "AB12-CD34", 8, "sah"),
    (Signature(DAY, "AB12-CD34", 9, VERSION, "Ratna", " ratna "), "AB12-CD34", 9, "belum"),
    (Signature(DAY, "AB12-CD34", 9, VERSION, "Ratna", ""), "AB12-CD34", 9, "belum"),
    (Signature(None, "AB12-CD34", 9, VERSION, "Ratna", "Bagus"), "AB12-CD34", 9, "belum"),
    (Signature(DAY, "AB12-CD34", None, VERSION, "Ratna", "Bagus"), "AB12-CD34", 9, "belum"),
    (Signature(DAY, "", 9, VERSION, "Ratna", "Bagus"), "AB12-CD34", 9, "belum"),
    (Signature(), "AB12-CD34", 9, "belum"),
]


@pytest.mark.parametrize(("signature", "present", "total", "state"), STATES)
def test_state(signature: Signature, present: str, total: float | None, state: str) -> None:
    assert seal.state(signature, present, total, VERSION) == state


BEST, MIDDLE, WORST = lists()["rekomendasi"].labels


@pytest.mark.parametrize(
    ("by_score", "chosen", "final"),
    [
        (BEST, None, BEST),
        (BEST, MIDDLE, MIDDLE),
        (BEST, WORST, WORST),
        (MIDDLE, BEST, MIDDLE),
        (WORST, MIDDLE, WORST),
        (WORST, "entah", WORST),
        (None, WORST, None),
    ],
)
def test_a_reason_lowers_never_raises(by_score: str | None, chosen: str | None, final: str | None) -> None:
    assert seal.final(by_score, chosen, PEDOMAN.rekomendasi) == final


def test_feasible_or_not() -> None:
    assert [seal.feasible(label) for label in (BEST, MIDDLE, WORST, None)] == [
        *("layak", "layak bersyarat", "tidak layak", ""),
    ]


DAYS = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("states", "counts"),
    [
        (["sah", "sah", "belum"], 1),
        (["sah", "belum", "belum"], 0),
        (["belum", "belum", "belum"], 2),
        # A signed one that was changed keeps its place: an older one must not come back into force.
        (["sah", "berubah", "belum"], 1),
    ],
)
def test_the_latest_signed_counts(states: list[str], counts: int) -> None:
    assert seal.counting(DAYS, states) == counts


@pytest.mark.parametrize("chosen", [{}, {"A-1": "proporsional", "A-6": "atas"}, {"A-12": "skala"}])
def test_a_rule_version_gives_back_its_settings(chosen: dict[str, str]) -> None:
    settings = PEDOMAN.choose(chosen)
    assert settings_in(rule_version(PEDOMAN, settings), PEDOMAN) == settings


@pytest.mark.parametrize("version", ["", "1.0-00000000", f"{VERSION}+A-1=longgar", f"{VERSION}+A-99=ya"])
def test_a_version_of_other_rules_gives_none(version: str) -> None:
    assert settings_in(version, PEDOMAN) is None


# ---- parity: the same by formulas ---- #


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, engines.Values]:
    """A workbook with the real formulas, and what Python says each must show."""
    path = tmp_path_factory.mktemp("sidik") / "sidik.xlsx"
    workbook = xlsxwriter.Workbook(path)
    write_names(workbook)
    expected: engines.Values = {}
    _lay_out_seals(workbook, expected)
    _lay_out_states(workbook, expected)
    workbook.close()
    return path, expected


def write_names(workbook: Any) -> None:
    sheet, column = workbook.add_worksheet("Ref"), 0
    blocks = [*formulas.names(PEDOMAN), *formulas.setting_names(PEDOMAN.choose({"A-1": "penilai", "A-6": "atas"}))]
    for name, rows in [*blocks, *seal_formulas.names()]:
        for offset, values in enumerate(rows):
            sheet.write_row(offset, column, values)
        last = column + len(rows[0]) - 1
        workbook.define_name(name, f"=Ref!{xl_range_abs(0, column, len(rows) - 1, last)}")
        column = last + 1
    workbook.define_name(seal_formulas.VERSION, "=Tanda!$A$1")


def put(workbook: Any, sheet: Any, row: int, column: int, value: Cell) -> str:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, workbook.add_format({"num_format": "yyyy-mm-dd"}))
    elif value is not None:
        sheet.write(row, column, value)
    return str(xl_rowcol_to_cell(row, column))


def _lay_out_seals(workbook: Any, expected: engines.Values) -> None:
    """Twelve assessments in a long table, their rows mixed; one without a total, one with a head too long."""
    sheet, chance = workbook.add_worksheet("Sidik"), random.Random(5)
    cases = [random_assessment(chance) for _ in range(12)]
    cases[1][0][2] = "x" * seal.HEAD_LENGTH
    mixed = [(n, row) for n, (_, rows) in enumerate(cases) for row in rows]
    chance.shuffle(mixed)
    for line, (n, row) in enumerate(mixed):
        put(workbook, sheet, line, 0, f"kunci {n}")
        cells = [put(workbook, sheet, line, 1 + place, value) for place, value in enumerate(row)]
        sheet.write_formula(line, 6, seal_formulas.row_text(*cells))
        for which in (0, 1):
            sheet.write_formula(line, 7 + which, seal_formulas.row_hash(xl_rowcol_to_cell(line, 6), which))
    keys, first, second = (xl_range_abs(0, column, len(mixed) - 1, column) for column in (0, 7, 8))
    for n, (head, rows) in enumerate(cases):
        key = put(workbook, sheet, n, 10, f"kunci {n}")
        total = put(workbook, sheet, n, 11, None if n == 0 else 9)
        cells = [put(workbook, sheet, n, 12 + place, value) for place, value in enumerate(head)]
        sheet.write_formula(n, 17, seal_formulas.head_text(*cells))
        for which, hashes in enumerate((first, second)):
            formula = seal_formulas.total_hash(xl_rowcol_to_cell(n, 17), key, keys, hashes, which)
            sheet.write_formula(n, 18 + which, formula)
        numbers = (xl_rowcol_to_cell(n, column) for column in (17, 18, 19))
        sheet.write_formula(n, 20, seal_formulas.fingerprint(total, *numbers))
        expected["Sidik", xl_rowcol_to_cell(n, 20)] = "" if n == 0 else seal.fingerprint(head, rows)


def _lay_out_states(workbook: Any, expected: engines.Values) -> None:
    sheet = workbook.add_worksheet("Tanda")
    settings = PEDOMAN.choose({"A-1": "penilai", "A-6": "atas"})
    sheet.write_formula(0, 0, seal_formulas.version(PEDOMAN))
    expected["Tanda", "A1"] = version = rule_version(PEDOMAN, settings)
    for n, (signature, present, total, _) in enumerate(STATES, start=1):
        own = version if signature.version == VERSION else signature.version
        signature = replace(signature, version=own)
        cells = [put(workbook, sheet, n, 1 + place, value) for place, value in enumerate(astuple(signature))]
        seen, jumlah = put(workbook, sheet, n, 7, present), put(workbook, sheet, n, 8, total)
        sheet.write_formula(n, 9, seal_formulas.state(*cells, present=seen, jumlah=jumlah))
        state = seal.state(signature, present, total, version)
        expected["Tanda", xl_rowcol_to_cell(n, 9)] = lists()["pengesahan"][state].label
    labels = [None, *lists()["rekomendasi"].labels]
    for n, (by_score, chosen) in enumerate(product(labels, labels)):
        cells = [put(workbook, sheet, n, 11, by_score), put(workbook, sheet, n, 12, chosen)]
        sheet.write_formula(n, 13, seal_formulas.final(*cells))
        expected["Tanda", xl_rowcol_to_cell(n, 13)] = seal.final(by_score, chosen, PEDOMAN.rekomendasi) or ""


def agrees(laid_out: tuple[Path, engines.Values], found: engines.Values) -> None:
    _, expected = laid_out
    assert engines.differences(expected, {cell: value for cell, value in found.items() if cell in expected}) == []


@pytest.mark.libreoffice
def test_libreoffice_agrees(laid_out: tuple[Path, engines.Values]) -> None:
    agrees(laid_out, engines.values_libreoffice(laid_out[0]))


def test_cellrune_agrees(laid_out: tuple[Path, engines.Values]) -> None:
    agrees(laid_out, engines.values_cellrune(laid_out[0]))


def test_formulon_agrees(laid_out: tuple[Path, engines.Values]) -> None:
    agrees(laid_out, engines.values_formulon(laid_out[0]))


# ---- a master with signed, unsigned and changed assessments ---- #


def checklist(name: str, day: date, absent: Sequence[str] = (), **first: Any) -> list[dict[str, Any]]:
    """The ten rows of an assessment; `first` are cells of its first row."""
    rows: list[dict[str, Any]] = [
        {
            "nama_lembaga": name,
            "tanggal_penilaian": day,
            "ruang_lingkup": "1; 8a",
            "kisi_kisi": item.label,
            "kelengkapan": "Tidak Ada" if item.code in absent else "Ada",
            "masih_berlaku": "Ya",
            "relevansi": "Tidak Relevan" if item.code == "2.2" in absent else "Relevan",
        }
        for item in lists()["kisi_kisi"]
    ]
    rows[0] |= {"mulai_anak": "> 10 tahun", "staf_penilai": "Ratna", "mengetahui": "Bagus", **first}
    return rows


def signed(rows: list[dict[str, Any]], score: float, version: str = VERSION, **more: Any) -> list[dict[str, Any]]:
    """The same with a signature over what stands in it."""
    first = rows[0] | more
    names = ("nama_lembaga", "tanggal_penilaian", "ruang_lingkup", "mulai_anak", "rekomendasi_akhir")
    answers = ("kisi_kisi", "kelengkapan", "masih_berlaku", "relevansi", "skor_penilai")
    present = seal.fingerprint([first.get(n) for n in names], [[row.get(n) for n in answers] for row in rows])
    posts = {"jabatan_penilai": "Analis", "jabatan_mengetahui": "Kepala Bagian"}
    signature = {"tanggal_disahkan": DAY, "sidik_disahkan": present, "skor_disahkan": score, "versi_disahkan": version}
    return [first | posts | signature, *rows[1:]]


def changed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*rows[:-1], rows[-1] | {"relevansi": "Tidak Relevan"}]


#: Critical findings in Telaah by partner: who settled them, when, and on what grounds.
SETTLED = ("Bagus", DAY, "Klarifikasi tertulis")
REVIEWS: dict[str, list[tuple[Any, ...]]] = {
    "Lembaga Temuan": [SETTLED, (None, None, None)],
    "Lembaga Selesai": [SETTLED, ("bagus ", DAY, "Putusan")],
    "Lembaga Penilai": [("Ratna", DAY, "Klarifikasi tertulis")],
    "Lembaga Relevan": [("Bagus", None, "Klarifikasi tertulis")],
}
OLD, NEW = date(2024, 5, 1), date(2026, 3, 9)
#: Every partner's assessments, and what must count: day, score, recommendation, kelayakan, flags, state.
CASES: dict[str, tuple[list[list[dict[str, Any]]], tuple[Any, ...]]] = {
    "Lembaga Sah": (
        [signed(checklist("Lembaga Sah", OLD), 11)],
        (OLD, 11, "Direkomendasikan", "layak", "", "sah"),
    ),
    "Lembaga Belum": ([checklist("Lembaga Belum", NEW)], (NEW, 11, "Direkomendasikan", "", "", "belum")),
    "Lembaga Berubah": (
        [changed(signed(checklist("Lembaga Berubah", NEW), 11)), signed(checklist("Lembaga Berubah", OLD), 11)],
        (NEW, 10, "Direkomendasikan", "", "", "berubah"),
    ),
    "Lembaga Riwayat": (
        [
            signed(checklist("Lembaga Riwayat", OLD, ("2.1", "3.1", "4.1")), 8, keterangan="Syarat, 1 Mei 2025"),
            checklist("Lembaga Riwayat", NEW),
        ],
        (OLD, 8, "Dapat Direkomendasikan", "layak bersyarat", "", "sah"),
    ),
    "Lembaga Turun": (
        [signed(checklist("Lembaga Turun", NEW), 11, rekomendasi_akhir="Tidak Direkomendasikan", keterangan="Alasan")],
        (NEW, 11, "Tidak Direkomendasikan", "tidak layak", "", "sah"),
    ),
    "Lembaga Naik": (
        [signed(checklist("Lembaga Naik", NEW, ("1.1", "1.2", "1.3", "1.4")), 7, rekomendasi_akhir=BEST)],
        (NEW, 7, "Dapat Direkomendasikan", "layak bersyarat", "legalitas nol", "sah"),
    ),
    "Lembaga Temuan": (
        [signed(checklist("Lembaga Temuan", NEW, ("2.2",)), 10)],
        (NEW, 10, "Direkomendasikan", "layak", "temuan kritis", "sah"),
    ),
    "Lembaga Selesai": (
        [signed(checklist("Lembaga Selesai", NEW, ("2.2",)), 10)],
        (NEW, 10, "Direkomendasikan", "layak", "", "sah"),
    ),
    "Lembaga Penilai": (  # settled by the assessor: it stays open
        [signed(checklist("Lembaga Penilai", NEW, ("2.2",)), 10)],
        (NEW, 10, "Direkomendasikan", "layak", "temuan kritis", "sah"),
    ),
    "Lembaga Tercela": (  # a bad reputation whose finding nobody wrote down
        [signed(checklist("Lembaga Tercela", NEW, ("2.2",)), 10)],
        (NEW, 10, "Direkomendasikan", "layak", "temuan kritis", "sah"),
    ),
    "Lembaga Relevan": (  # assessed as relevant while a critical finding of Telaah is open
        [signed(checklist("Lembaga Relevan", NEW), 11)],
        (NEW, 11, "Direkomendasikan", "layak", "temuan kritis", "sah"),
    ),
    "Lembaga Versi": (  # signed under other rules: the signed score counts
        [signed(checklist("Lembaga Versi", NEW), 8, "0.9-00000000")],
        (NEW, 8, "Dapat Direkomendasikan", "layak bersyarat", "", "sah"),
    ),
    "Lembaga Salin": (  # the score was not copied right: the same rules give another
        [signed(checklist("Lembaga Salin", NEW), 10)],
        (NEW, 11, "Direkomendasikan", "", "", "berubah"),
    ),
    "Lembaga Seorang": (
        [signed(checklist("Lembaga Seorang", NEW, mengetahui="ratna"), 11)],
        (NEW, 11, "Direkomendasikan", "", "", "belum"),
    ),
}
COLUMNS = ("Tanggal Penilaian", "Jumlah Skor", "Rekomendasi", "Kelayakan", "Bendera Kritis", "Pengesahan")


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sah") / "induk.xlsx"
    register = [
        {"kode": f"M-{n:03d}", "nama_lembaga": name, "kelas_lembaga": lists()["kelas"]["2"].label}
        for n, name in enumerate(CASES, start=1)
    ]
    rows = [row for checklists, _ in CASES.values() for one in checklists for row in one]
    codes = {row["nama_lembaga"]: row["kode"] for row in register}
    columns = ("ditutup_oleh", "tanggal_ditutup", "dasar_penutupan")
    known = {"kesimpulan": "Sudah ditelaah", "berat": lists()["berat_temuan"]["kritis"].label}
    review = [
        {"kode_mitra": codes[name], **known, **dict(zip(columns, cells, strict=True))}
        for name, findings in REVIEWS.items()
        for cells in findings
    ]
    build_master(target, {"mitra": register, "data_penilaian": rows, "telaah": review}, today=TODAY)
    return target


def _column(book: openpyxl.Workbook, name: str) -> list[Any]:
    sheet, _, area = book.defined_names[name].attr_text.partition("!")
    return [row[0].value for row in book[sheet.strip("'")][area]]


def test_rekap_mitra_shows_what_counts(master: Path) -> None:
    sheet = openpyxl.load_workbook(master, data_only=True)["Rekap Mitra"]
    headings, _, *rows = sheet.iter_rows(min_row=3, values_only=True)
    shown = [dict(zip(headings, row, strict=True)) for row in rows]
    found: dict[str, tuple[Any, ...]] = {
        row["Nama Lembaga"]: tuple(row[heading] or "" for heading in COLUMNS) for row in shown
    }
    for name, (_, (day, *others, state)) in CASES.items():
        assert (found[name][0].date(), *found[name][1:]) == (day, *others, lists()["pengesahan"][state].label), name
    counts = {row["Nama Lembaga"]: row["Jumlah Bendera Kritis"] for row in shown if row["Nama Lembaga"]}
    assert {name for name, count in counts.items() if count} == {
        *("Lembaga Naik", "Lembaga Temuan", "Lembaga Penilai", "Lembaga Tercela", "Lembaga Relevan"),
    }


def test_data_penilaian_only_shows_how_a_finding_was_settled(master: Path) -> None:
    """No column of Data Penilaian is typed for it; how many of Telaah's findings are settled stands beside it."""
    assert not [column for column in tables()["data_penilaian"].columns if "A-8" in column.sumber]
    book = openpyxl.load_workbook(master, data_only=True)
    told = dict(zip(_column(book, "penilaian_kunci"), _column(book, "penilaian_temuan_kritis"), strict=True))
    shown = {key.partition(" |")[0]: re.findall(r"\d+", text) for key, text in told.items() if key and text}
    assert shown == {
        "Lembaga Temuan": ["1", "2"],
        "Lembaga Selesai": ["2", "2"],
        "Lembaga Penilai": ["0", "1"],
        "Lembaga Tercela": [],
        "Lembaga Relevan": ["0", "1"],
    }


def test_python_counts_the_same(master: Path) -> None:
    counts = counting(assessments(read_master(master).reading))
    assert len(counts) == len(CASES)
    for name, (_, expected) in CASES.items():
        one = counts[name.casefold()]
        flags = "; ".join(map(formulas.short_name, one.critical))
        assert (one.day, one.score, one.final, one.feasible, flags, one.state) == expected, name


def test_a_gate_reads_it_by_one_countifs(master: Path, tmp_path: Path) -> None:
    """What the stage gate asks: signed, feasible, and no critical flag."""
    asked = '"layak*",rekap_mitra_bendera_kritis,0'
    with cellrune.Workbook.open_path(master) as book:
        for n in range(1, len(CASES) + 1):
            book.set_formula(
                "Temuan", f"Z{n}", f'=COUNTIFS(rekap_mitra_kode,"M-{n:03d}",rekap_mitra_kelayakan,{asked})'
            )
        book.calculate(today_serial=float(to_excel(TODAY)))
        target = tmp_path / "gerbang.xlsx"
        target.write_bytes(book.to_bytes())
    sheet = openpyxl.load_workbook(target, data_only=True)["Temuan"]
    passed = {name for n, name in enumerate(CASES, start=1) if sheet[f"Z{n}"].value}
    assert passed == {"Lembaga Sah", "Lembaga Riwayat", "Lembaga Selesai", "Lembaga Versi"}


def test_what_stands_in_the_way_of_signing(master: Path) -> None:
    book = openpyxl.load_workbook(master, data_only=True)
    notes = dict(zip(_column(book, "penilaian_kunci"), _column(book, "penilaian_catatan"), strict=True))
    assert {key.partition(" |")[0] for key, note in notes.items() if key and note} == {
        *("Lembaga Naik", "Lembaga Seorang", "Lembaga Versi"),
    }


@pytest.mark.libreoffice
def test_libreoffice_reads_the_same_master(master: Path) -> None:
    first, second = engines.values_cellrune(master, TODAY), engines.values_libreoffice(master)
    chosen = {key for key in first if key[0] in ("Data Penilaian", "Daftar Periksa", "Rekap Mitra")}
    assert engines.differences({key: first[key] for key in chosen}, {key: second[key] for key in chosen}) == []


# ---- findings ---- #


def test_what_is_found_in_a_signed_sheet(master: Path) -> None:
    reading = read_master(master).reading
    (findings,) = examine([reading], TODAY, PEDOMAN, PEDOMAN.choose()).findings
    extract = reading.tables["data_penilaian"]
    names = dict(zip(extract.rows, extract.columns["nama_lembaga"], strict=True))
    found = {
        (names[int("".join(filter(str.isdigit, finding.cell)))], finding.check.key)
        for finding in findings
        if finding.check.code in ("DP-08", "DP-09", "DP-17", "DP-18", "DP-19", "DP-20")
    }
    assert found == {
        ("Lembaga Berubah", "DP-19"),
        ("Lembaga Naik", "DP-08"),
        ("Lembaga Naik", "DP-17"),
        ("Lembaga Tercela", "DP-20"),
        ("Lembaga Salin", "DP-09"),
        ("Lembaga Seorang", "DP-18"),
        ("Lembaga Versi", "DP-17"),
    }


TABLE = tables()["data_penilaian"]


@pytest.mark.parametrize(
    ("change", "key", "column"),
    [
        ({"skor_disahkan": None}, "DP-18:lengkap", "sidik_disahkan"),
        ({"tanggal_disahkan": date(2026, 1, 1)}, "DP-18:urutan", "tanggal_disahkan"),
        ({"tanggal_disahkan": date(2027, 1, 2)}, "DP-18:urutan", "tanggal_disahkan"),
        ({"rekomendasi_akhir": "Tidak Direkomendasikan"}, "DP-17", "keterangan"),
        ({"mengetahui": "RATNA"}, "DP-18", "mengetahui"),
    ],
)
def test_a_fault_in_the_signature(change: dict[str, Any], key: str, column: str) -> None:
    rows = signed(checklist(PARTNER, date(2026, 1, 2)), 11)
    rows[0]["tanggal_disahkan"] = date(2026, 1, 4)
    before = {(found, where) for found, where, _ in judged(TABLE, rows)}
    after = {(found, where) for found, where, _ in judged(TABLE, [rows[0] | change, *rows[1:]])}
    assert after - before == {(key, column)}


# ---- nilai ---- #

CONTRACT = ["nama_lembaga", "tanggal", "kriteria", "jumlah", "rekomendasi", "lengkap", "bendera", "alasan", "kurang"]


def test_nilai_keeps_the_contracts_keys_and_adds_the_signature(master: Path) -> None:
    found = {one["nama_lembaga"]: one for one in grade([master])[0]["penilaian"]}
    for one in found.values():
        assert list(one)[: len(CONTRACT)] == CONTRACT
    assert found["Lembaga Sah"]["disahkan"] == "sah"
    assert found["Lembaga Sah"]["sidik"] == CASES["Lembaga Sah"][0][0][0]["sidik_disahkan"]
    assert found["Lembaga Belum"]["disahkan"] == "belum disahkan"
    assert found["Lembaga Sah"]["hitung_ulang"] is None


def test_nilai_says_what_cannot_be_computed_again_or_comes_out_otherwise(tmp_path: Path) -> None:
    """One answer of a row is not there: 10 under ketat; 10 2/3, rounded up, under the version that is recorded."""
    version = rule_version(PEDOMAN, PEDOMAN.choose({"A-1": "proporsional", "A-6": "atas"}))
    partly = checklist(PARTNER, DAY, ("1.1",))
    rows = [
        *signed(partly, 11, version),
        *signed(checklist(OTHER, DAY, ("1.1",)), 10, version),
        *signed(checklist(THIRD, DAY), 11, "0.9-00000000"),
        *signed(checklist(FOURTH, DAY), 11),
    ]
    target = tmp_path / "induk.xlsx"
    build_master(target, {"data_penilaian": rows}, today=TODAY)
    said = {one["nama_lembaga"]: one["hitung_ulang"] for one in grade([target])[0]["penilaian"]}
    assert said[PARTNER] is None
    assert "11" in said[OTHER]
    assert "0.9-00000000" in said[THIRD]
    assert said[FOURTH] is None


# ---- the lock ---- #


def validations(path: Path) -> dict[str, Any]:
    """The validation of every column of Data Penilaian by its heading's column name, from the file."""
    sheet = next(sheet for sheet in read(path).sheets if sheet.title == "Data Penilaian")
    headings = {column.heading: column.name for column in TABLE.columns}
    cells = {cell.coordinate: cell.value for cell in openpyxl.load_workbook(path)["Data Penilaian"][3]}
    columns = {address.rstrip("0123456789"): headings.get(value) for address, value in cells.items()}
    found: dict[str, Any] = {}
    for rule in sheet.all("dataValidation"):
        name = str(columns[rule.get("sqref", "").partition(":")[0].rstrip("0123456789")])
        assert name not in found, "one validation a cell"
        found[name] = rule
    return found


def test_signed_cells_refuse_typing(master: Path, tmp_path: Path) -> None:
    """The rule of each scored column, asked by an engine for a signed and an unsigned assessment."""
    rules = validations(master)
    first = {row[0].value: row[0].row for row in reversed(list(openpyxl.load_workbook(master)["Data Penilaian"].rows))}
    assert set(SCORED) <= set(rules)
    answers = {}
    with cellrune.Workbook.open_path(master) as book:
        for n, name in enumerate(SCORED, start=1):
            rule = rules[name]
            assert rule.get("errorStyle") in (None, "stop")
            assert rule.get("showErrorMessage") == "1"
            formula = rule.findtext("{*}formula1")
            for column, partner in (("AA", "Lembaga Sah"), ("AB", "Lembaga Belum"), ("AC", "Lembaga Berubah")):
                moved = formula.replace("4=", f"{first[partner]}=")
                shown = f"INDEX({moved},1)" if rule.get("type") == "list" else moved
                book.set_formula("Data Penilaian", f"Z{column}{n}".replace("Z", "D"), f"={shown}")
        book.calculate(today_serial=float(to_excel(TODAY)))
        target = tmp_path / "kunci.xlsx"
        target.write_bytes(book.to_bytes())
    sheet = openpyxl.load_workbook(target, data_only=True)["Data Penilaian"]
    for n, name in enumerate(SCORED, start=1):
        answers[name] = [sheet[f"D{column}{n}"].value for column in ("AA", "AB", "AC")]
    for name, (sah, belum, berubah) in answers.items():
        assert sah == berubah, name
        assert sah in (False, seal_formulas.LOCKED_WORDS), name
        assert belum not in (False, seal_formulas.LOCKED_WORDS), name
