"""Worksheet functions: true examples, names that Excel takes, the cells of both hosts, and the rules behind them."""

from __future__ import annotations

import importlib.util
import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from udfs.cells import FAULT, ErrorCell, in_cell, plain, rows
from udfs.registry import CATEGORY, FUNCTIONS, Function, function, load_functions, load_macros, macro
from validation.contract import tables

ROOT = Path(__file__).parents[1]
load_functions()

#: Answers that do not take the shape of a range: one for a whole table, or lines of their own.
WHOLE = {
    *("KMT_ALASAN", "KMT_BENDERA", "KMT_JADWAL", "KMT_KELENGKAPAN_KAK", "KMT_KELENGKAPAN_LAP_AKHIR", "KMT_KURANG"),
    *("KMT_PECAH_KEGIATAN", "KMT_PENTAHELIX", "KMT_PRINSIP_LENGKAP", "KMT_SIDIK", "KMT_SKOR_TOTAL", "KMT_TAHAP_TTD"),
    *("KMT_TEMUAN", "KMT_UNSUR_PKS"),
}

#: Words that VBA keeps for itself; a function or parameter of such a name stops the import of all.
_WORDS = (
    "abs access addressof alias and any append array as attribute base binary boolean byref byte byval call case cbool "
    "cbyte ccur cdate cdbl cdec cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug "
    "decimal declare defbool defbyte defcur defdate defdbl defdec defint deflng defobj defsng defstr defvar dim dir do "
    "doevents double each else elseif empty end endif enum eqv erase error event exit explicit false fix for format "
    "freefile friend function get global go gosub goto if imp implements in input instr int integer is kill lbound "
    "left len let lib like line local lock long longlong longptr loop lset me mid mod module my name new next not "
    "nothing null object on open option optional or output paramarray preserve print private property ptrsafe public "
    "put raiseevent random randomize read redim rem resume return right rset scale seek select set sgn shared single "
    "space spc static step stop str string sub tab text then time to trim true type typeof ubound unlock until upper "
    "variant wend while width with withevents write xor"
)
RESERVED = frozenset(_WORDS.split())


def tool(name: str) -> ModuleType:
    """A program of docs/alat, which is no part of any package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "alat" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def headings(table: str, column: str) -> list[list[str]]:
    """The headings of a group of columns, as they stand on the sheet."""
    return [[one.heading for one in tables()[table].columns if one.name.startswith(column)]]


PRINCIPLES = [["Kode Mitra", *headings("prinsip", "prinsip_")[0]]]
PARTS, STEPS, SECTORS = headings("naskah", "unsur_"), headings("naskah", "langkah_"), headings("kerja_sama", "sektor_")
every = pytest.mark.parametrize("one", FUNCTIONS.values(), ids=FUNCTIONS)


# ---- what Excel and the documentation ask of every function ---- #


@every
def test_the_example_is_true(one: Function) -> None:
    assert one.fn(*one.example.arguments) == one.example.result


def test_the_page_is_current() -> None:
    page = tool("fungsi")
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), f"run: {page.COMMAND}"


@every
def test_excel_takes_the_name_and_the_help(one: Function) -> None:
    parameters = signature(one.fn).parameters
    assert one.name == one.fn.__name__.upper()
    assert re.fullmatch(r"KMT(_[A-Z]+)+", one.name)
    assert one.category == CATEGORY
    assert {parameter.kind for parameter in parameters.values()} == {Parameter.POSITIONAL_OR_KEYWORD}
    assert {parameter.default for parameter in parameters.values()} <= {Parameter.empty, None}
    assert list(one.arguments) == list(parameters)
    for name in (one.name.lower(), *parameters):
        assert name not in RESERVED
        assert re.fullmatch(r"[a-z][a-z_]*[a-z]", name)  # no digit, so like no cell
        assert not re.fullmatch(r"r?c?", name)
    for text in (one.help, *one.arguments.values()):
        assert 10 < len(text) <= 255
        assert text.isascii()
        assert text.endswith(".")
        assert "\n" not in text


def test_no_name_means_two_things() -> None:
    names = [name.casefold() for name in FUNCTIONS] + [name.casefold() for name in load_macros()]
    parameters = {parameter.casefold() for one in FUNCTIONS.values() for parameter in one.arguments}
    assert len(names) == len(set(names))
    assert not parameters & set(names)


def test_the_registry_refuses_two_of_a_name_and_undocumented_arguments() -> None:
    def kmt_terbilang(jumlah: Any) -> Any:
        return jumlah

    def kmt_baru(jumlah: Any) -> Any:
        return jumlah

    def konsolidasi(book: Any, desk: Any) -> Any:
        return book, desk

    with pytest.raises(ValueError, match="twice"):
        function(help="", arguments={"jumlah": ""}, example=((), ""))(kmt_terbilang)
    with pytest.raises(ValueError, match="parameters"):
        function(help="", arguments={"lain": ""}, example=((), ""))(kmt_baru)
    with pytest.raises(ValueError, match="twice"):
        macro(label="", tip="", icon="")(konsolidasi)


# ---- the cells of both hosts ---- #

OFFICE_ERROR = {"type": "Error", "basicType": "Error", "basicValue": "#N/A", "errorType": "NotAvailable"}


@pytest.mark.parametrize(
    ("sent", "cell"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (-2147352572, None),  # left out of the formula, by COM
        (4.0, 4),
        (2.5, 2.5),
        (True, True),
        (Decimal("1500.5"), 1500.5),
        (datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 8, 30), datetime(2026, 3, 1, 8, 30)),
        (date(2026, 3, 1), date(2026, 3, 1)),
        ({"type": "FormattedNumber", "basicValue": 46082.0, "numberFormat": "dd/mm/yyyy"}, 46082),
    ],
)
def test_cells_as_sent(sent: Any, cell: Any) -> None:
    assert plain(sent) == cell
    assert type(plain(sent)) is type(cell)


@pytest.mark.parametrize("sent", [OFFICE_ERROR, "#N/A", -2146826246, math.inf, math.nan, object()])
def test_errors_as_sent(sent: Any) -> None:
    assert isinstance(plain(sent), ErrorCell)
    assert FUNCTIONS["KMT_TERBILANG"].fn(sent).startswith(FAULT)


def test_rows_of_any_range() -> None:
    assert rows(1) == [[1]]
    assert rows([1, None]) == [[1, None]]
    assert rows(((1.0, 2.0), (3.0, ""))) == [[1, 2], [3, None]]
    assert rows([[1, 2], [3]]) == [[1, 2], [3, None]]
    assert rows([]) == rows([[]]) == [[None]]


DAYS = [date(2026, 3, 9), datetime(2026, 3, 9, tzinfo=UTC), 46090, 46090.0, 46090.75, "9 Maret 2026", "2026-03-09"]


@pytest.mark.parametrize("day", DAYS)
def test_a_date_in_every_form(day: Any) -> None:
    assert FUNCTIONS["KMT_SISA_HARI"].fn("31/03/2026", day) == 22


def test_ranges_and_single_cells() -> None:
    risk = FUNCTIONS["KMT_BESARAN_RISIKO"].fn
    assert risk(4, 3) == 16
    assert risk([[4]], 3) == [[16]]
    assert risk([[4, 1], [5, ""]], [[3, 5], [1, 1]]) == [[16, 20], [9, ""]]
    assert risk([[4], [1]], 5) == [[24], [20]]
    assert risk([[4], [1]], [[3, 5]]) == [[16, 24], [5, 20]]
    with pytest.raises(ValueError, match="ukuran"):
        risk([[1], [2], [3]], [[1], [2]])


def test_a_fault_stays_in_its_cell() -> None:
    read = FUNCTIONS["KMT_BACA_RUPIAH"].fn
    good, ambiguous, foreign, error, blank, amount = (
        row[0] for row in read([["Rp 5 jt"], ["1.500"], ["USD 5"], [OFFICE_ERROR], [None], [7.0]])
    )
    assert (good, blank, amount) == (5_000_000, "", 7)
    assert all(text.startswith(FAULT) for text in (ambiguous, foreign, error))


def test_true_and_one_are_not_taken_for_each_other() -> None:
    assert [type(cell) for row in FUNCTIONS["KMT_TERBILANG"].fn([[1], [True], [1.0]]) for cell in row] == [str] * 3
    first, second, third = (row[0] for row in FUNCTIONS["KMT_TERBILANG"].fn([[1], [True], [1.0]]))
    assert first == third == "satu rupiah"
    assert second.startswith(FAULT)


# ---- whatever comes ---- #

single_cells = st.one_of(
    st.sampled_from(
        [None, "", OFFICE_ERROR, "#N/A", -2146826246, -2147352572, object(), {"type": "x"}, {}, Decimal(3)]
    ),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["Ada", "Ya", "Relevan", "Visi", "2026-S1", "Rp 5 jt", "Jan 2026", "Kode", "Nilai", "A-1", "M-001"]
    ),
    st.dates(),
    st.datetimes(),
)
grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(single_cells, min_size=width, max_size=width), min_size=1, max_size=3)
)
anything = st.one_of(single_cells, grids, st.lists(single_cells, max_size=3))
often = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@every
@often
@given(data=st.data())
def test_only_a_sentence_is_ever_raised(one: Function, data: st.DataObject) -> None:
    result = in_cell(one.fn, *(data.draw(anything, label=name) for name in one.arguments))
    for row in result if isinstance(result, list) else [[result]]:
        for cell in row:
            assert isinstance(cell, str | int | float | date)
            assert cell == cell  # no NaN


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - WHOLE))
@often
@given(cells=grids)
def test_a_range_gives_a_range_of_its_size(name: str, cells: list[list[Any]]) -> None:
    one = FUNCTIONS[name]
    result = in_cell(one.fn, cells, *one.example.arguments[1:])
    assert [len(row) for row in result] == [len(row) for row in cells]


@settings(max_examples=15, deadline=None)
@given(cells=st.lists(st.lists(single_cells, min_size=8, max_size=8), max_size=3))
def test_any_cells_below_real_headings_are_checked(cells: list[list[Any]]) -> None:
    result = in_cell(FUNCTIONS["KMT_TEMUAN"].fn, [PLAN[0], *cells], "Rencana Kerja", date(2026, 3, 9))
    assert result == "Tidak ada temuan" or result[0][0] == "Kode"


# ---- findings ---- #

HEADINGS = "No|Nama Program|Tujuan dan Hasil yang ingin Dicapai|Kegiatan-kegiatan|Kelompok Sasaran|Lokasi|Waktu|Biaya"
PLAN: list[list[Any]] = [
    HEADINGS.split("|"),
    [1, "Pengasuhan", "Orang tua paham", "Pelatihan", "Orang tua", "Kota Ambon", "Jan s.d. Mar 2026", 5_000_000],
]


def findings(table: list[list[Any]], name: str = "Rencana Kerja", *more: Any) -> list[tuple[str, Any, str]]:
    result = FUNCTIONS["KMT_TEMUAN"].fn(table, name, date(2026, 3, 9), *more)
    return [] if isinstance(result, str) else [(row[0], row[2], row[3]) for row in result[1:]]


def changed(heading: str, value: Any) -> list[list[Any]]:
    row = [value if name == heading else cell for name, cell in zip(*PLAN, strict=True)]
    return [PLAN[0], row]


def test_a_plan_without_fault_has_the_reading_only() -> None:
    assert findings(PLAN) == [("ST-21", 2, "Waktu")]


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Biaya", "lima juta", "RK-10"),
        ("Biaya", "", "RK-11"),
        ("Biaya", OFFICE_ERROR, "ST-08"),
        ("Lokasi", "", "RK-08"),
        ("Kelompok Sasaran", "anak Budi, NIK 3171230101900001", "DT-01"),
    ],
)
def test_findings_are_those_of_returned_files(heading: str, value: Any, code: str) -> None:
    assert (code, 2, heading) in findings(changed(heading, value))


def test_rows_are_those_of_the_sheet_when_told() -> None:
    assert ("RK-10", 6, "Biaya") in findings(changed("Biaya", "lima juta"), "Rencana Kerja", 5)


def test_a_child_is_not_named() -> None:
    result = FUNCTIONS["KMT_TEMUAN"].fn(changed("Lokasi", "NIK 3171230101900001"), "Rencana Kerja", date(2026, 3, 9))
    assert "3171230101900001" not in str(result)


@pytest.mark.parametrize("day", [date(2020, 1, 1), 43831, 43831.0])
def test_dates_by_whichever_host(day: Any) -> None:
    heading = ["No", "Dokumen", "Nomor", "Tanggal Terbit", "Berlaku Sampai", "Keterangan"]
    table = [heading, [1, "NPWP", "013121660091000", date(2019, 1, 1), day, ""]]
    assert findings(table, "Profil dan Bukti") == [("BK-04", 2, "Berlaku Sampai")]


def test_what_only_other_sheets_can_tell_is_not_asked() -> None:
    heading = [column.heading for column in tables()["telaah"].columns]
    found = findings([heading, ["M-001", *[None] * (len(heading) - 1)]], "Telaah")
    assert found
    assert "MT-08" not in {code for code, _, _ in found}  # Mitra is not at hand, so no code is unknown


@pytest.mark.parametrize(
    "call",
    [
        lambda: findings(PLAN, "Tabel Lain"),
        lambda: findings([["a", "b"]]),
        lambda: FUNCTIONS["KMT_SKOR_TOTAL"].fn([["Visi", "Ada"]], 2015, date(2026, 1, 1)),
        lambda: FUNCTIONS["KMT_REKOMENDASI"].fn(7, [["a", "b"]]),
        lambda: FUNCTIONS["KMT_BACA_WAKTU"].fn("Jan 2026", "tengah"),
        lambda: FUNCTIONS["KMT_TAHAP"].fn("M-001", [["Kode Mitra"]]),
        lambda: FUNCTIONS["KMT_TAHAP_TTD"].fn(PARTS, [["Ya"] * 6]),
        lambda: FUNCTIONS["KMT_UNSUR_PKS"].fn(PARTS, [["Ya"] * 5]),
    ],
)
def test_a_call_that_makes_no_sense_is_one_sentence(call: Any) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        call()


# ---- the smaller rules ---- #


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("KMT_MASIH_BERLAKU", (date(2026, 3, 8), date(2026, 3, 9)), "Tidak"),
        ("KMT_MASIH_BERLAKU", ("Selama berdiri", date(2026, 3, 9)), "Tanpa Masa Berlaku"),
        ("KMT_MASIH_BERLAKU", ("", date(2026, 3, 9)), ""),
        ("KMT_SISA_HARI", (date(2026, 3, 1), date(2026, 3, 9)), -8),
        ("KMT_PERINGATAN_MASA", (date(2026, 3, 8), date(2026, 3, 9)), "Sudah berakhir"),
        ("KMT_PERINGATAN_MASA", (date(2027, 3, 8), date(2026, 3, 9)), ""),
        ("KMT_LAMA_BULAN", (date(2026, 1, 1), date(2027, 1, 1)), 13),
        ("KMT_BACA_WAKTU", ("Triwulan I 2026", "selesai"), date(2026, 3, 31)),
        ("KMT_BACA_WAKTU", (2026,), "1 Januari 2026 s.d. 31 Desember 2026"),
        ("KMT_BACA_WAKTU", (46090,), "9 Maret 2026"),
        ("KMT_STATUS_LAPORAN", ("2026-S1", "2026-01-01", "2026-12-31", date(2026, 6, 30)), "Belum Jatuh Tempo"),
        ("KMT_STATUS_LAPORAN", ("2026-S1", "2026-01-01", "2026-12-31", date(2026, 7, 15)), "Jatuh Tempo"),
        ("KMT_STATUS_LAPORAN", ("2026-S1", "2026-01-01", "2026-12-31", date(2026, 7, 16)), "Terlambat"),
        ("KMT_STATUS_LAPORAN", ("2026-S1", "2026-01-01", "2026-12-31", date(2026, 9, 1), "Diterima"), "Diterima"),
        ("KMT_STATUS_LAPORAN", ("2026-S1", "2026-01-01", "2026-12-31", 46266, "dikembalikan"), "Dikembalikan"),
        ("KMT_KELENGKAPAN_KAK", ([["No", "Unsur", "Uraian"], [6, "Lokasi kegiatan", "Ambon"]],), 1),
        ("KMT_KELENGKAPAN_LAP_AKHIR", ([["Saran", "x"], ["Pembelajaran", "y"]],), 2),
        ("KMT_PRINSIP_LENGKAP", (PRINCIPLES, [["M-001", *["Terpenuhi"] * 12, "Belum"], [None] * 14]), [[13], [""]]),
        ("KMT_UNSUR_PKS", (PARTS, [["Tidak", True, "Ya", None, "v", 1]], True), "Tujuan; Tanggung jawab"),
        ("KMT_PENTAHELIX", (SECTORS, [["Ya"] * 5, ["Tidak"] * 5, [None] * 5]), [[5], [0], [""]]),
        (
            "KMT_TAHAP_TTD",
            (STEPS, [[46090, "10 Maret 2026", None, date(2026, 3, 12), None, None]]),
            f"3. {STEPS[0][2]}",
        ),
        ("KMT_TAHAP_TTD", (STEPS, [[46090] * 6, [None] * 6]), [["Selesai"], [""]]),
        ("KMT_JANGKA", (date(2026, 1, 1), date(2027, 1, 1)), "Jangka panjang"),
        ("KMT_JANGKA", (date(2026, 1, 1), date(2027, 1, 1), [["A-37", 24], ["x", 1]]), "Jangka pendek"),
        ("KMT_JANGKA", (date(2026, 1, 1), ""), ""),
        ("KMT_CAPAIAN", (100, 60, 80), 0.5),  # less is better
        ("KMT_CAPAIAN", ("", "200", 50), 0.25),
        ("KMT_CAPAIAN", (40, 80, 60, "Jumlah anak yang dilayani"), 0.75),
        ("KMT_CAPAIAN", (50, 50, 50), ""),
        ("KMT_CAPAIAN", (0, 50, ""), ""),
        ("KMT_PINDAI_DATA_ANAK", ("Pelatihan fasilitator",), "Tidak ditemukan"),
        ("KMT_PINDAI_DATA_ANAK", (3171230101900000.0,), "nomor identitas seperti NIK atau KK"),
        ("KMT_PINDAI_DATA_ANAK", ("hubungi 0812-3456-7890", True), "hubungi [disamarkan]"),
        ("KMT_PECAH_KEGIATAN", ("",), ""),
        ("KMT_WILAYAH", ("seluruh Indonesia",), "lebih luas daripada satu provinsi"),
        ("KMT_TINGKAT_RISIKO", ("Hampir Tidak Terjadi", 4, "Keselamatan anak"), "Tinggi"),
        ("KMT_TINGKAT_RISIKO", (5, 1), "Rendah"),
        ("KMT_TINGKAT_RISIKO", (4, "", ""), ""),
        ("KMT_SKOR_ITEM", ("ada", "seumur hidup", True), 1),
        ("KMT_SKOR_ITEM", ("Ada", "Ya", ""), ""),
        ("KMT_SKOR_ITEM", ("Ada", "Ya", "Tidak Relevan", None, [["A-1", "proporsional"], ["x", 1]]), 2 / 3),
        ("KMT_SKOR_ITEM", ("", "", "", 0.5, [["Kode", "Pertanyaan", "Nilai"], ["A-1", "?", "penilai"]]), 0.5),
        (
            "KMT_REKOMENDASI",
            ([[9], ["8"], [5], [""]],),
            [["Direkomendasikan"], ["Dapat Direkomendasikan"], ["Tidak Direkomendasikan"], [""]],
        ),
        ("KMT_SKOR_PENGALAMAN", ("0 tahun", ""), 0),
        ("KMT_SKOR_PENGALAMAN", (2015, 46090), 1),
    ],
)
def test_cases_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert FUNCTIONS[name].fn(*arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("KMT_LAMA_BULAN", (date(2026, 2, 1), date(2026, 1, 1))),
        ("KMT_STATUS_LAPORAN", ("2027-S1", "2026-01-01", "2026-12-31", date(2026, 9, 1))),
        ("KMT_JADWAL", ("", "2026-12-31", date(2026, 9, 1))),
        ("KMT_TAHAP", ("M-009", [["Kode Mitra", "Syarat", "Terpenuhi"]])),
        ("KMT_BESARAN_RISIKO", (6, 1)),
        ("KMT_BESARAN_RISIKO", (2.5, 1)),
        ("KMT_REKOMENDASI", (12,)),
        ("KMT_SKOR_ITEM", ("mungkin", "Ya", "Relevan")),
        ("KMT_SKOR_KRITERIA", (1, [["Kesan", "Ada", "Ya", "Relevan"]])),
        ("KMT_SKOR_KRITERIA", (1, [["Visi", "Ada", "Ya", "Relevan"]] * 2)),
        ("KMT_SKOR_KRITERIA", (6, [["Visi", "Ada", "Ya", "Relevan"]])),
        ("KMT_LINGKUP_TUGAS", ("Z",)),
        ("KMT_PRINSIP_LENGKAP", (PRINCIPLES, [["M-001", *["Entahlah"] * 13]])),
        ("KMT_UNSUR_PKS", (PARTS, [["mungkin"] * 6])),
        ("KMT_TAHAP_TTD", (STEPS, [["kapan-kapan"] * 6])),
        ("KMT_JANGKA", (date(2026, 2, 1), date(2026, 1, 1))),
        ("KMT_CAPAIAN", (0, 10, 5, "Lain sekali")),
        ("KMT_TEMUAN", (PLAN, "Rencana Kerja", "kemarin")),
        ("KMT_TEMUAN", (PLAN, "Rencana Kerja", date(2026, 3, 9), "A5")),
        ("KMT_WILAYAH", ("antah berantah",)),
    ],
)
def test_values_that_cannot_be_used(name: str, arguments: tuple[Any, ...]) -> None:
    assert FUNCTIONS[name].fn(*arguments).startswith(FAULT)
