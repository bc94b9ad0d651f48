"""What partners type and how it is read: the table `data/nilai.md`, and properties that hold for any text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.contract import KINDS, lists
from validation.periods import FIRST_YEAR, LAST_YEAR, show_month, show_period
from validation.values import (
    READERS,
    Reading,
    npwp_digits,
    read_choice,
    read_date,
    read_month,
    read_number,
    read_period,
    read_rupiah,
    read_text,
    show_date,
    show_rupiah,
)

TABLE = Path(__file__).with_name("data") / "nilai.md"
STATUSES = {"blank", "ok", "echo", "ambiguous", "unreadable"}
READ = {"ok", "echo"}


class Case(NamedTuple):
    line: int
    typed: str
    kind: str
    value: str
    status: str
    echo: str


def _cases() -> list[Case]:
    rows = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        # Only headings and rules of the tables are no cases; a row with a missing cell must not pass unseen.
        if line.startswith("|") and not line.startswith(("| Diketik", "|---")):
            rows.append(Case(number, *(cell.strip(" ") for cell in line.strip("|").split("|"))))
    return rows


CASES = _cases()


def _raw(typed: str) -> Any:
    """The cell that the first column describes: text in backticks, else number, date, tick or nothing."""
    if typed.startswith("`"):
        inner = typed[1:-1].replace("\\n", "\n")
        return re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), inner)
    if typed in ("TRUE", "FALSE", "kosong"):
        return {"TRUE": True, "FALSE": False, "kosong": None}[typed]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        return date.fromisoformat(typed)
    if re.match(r"\d{4}-", typed):
        return datetime.fromisoformat(typed)
    if typed.endswith(" jam"):
        hours, minutes = map(int, typed.removesuffix(" jam").split(":"))
        return timedelta(hours=hours, minutes=minutes)
    if ":" in typed:
        return time.fromisoformat(typed)
    return int(typed) if typed.lstrip("-").isdigit() else float(typed)


def _expected(kind: str, value: str) -> Any:
    if kind == "ya":
        return {"Ya": True, "Tidak": False}[value]
    if kind in ("tanggal", "masa"):
        return date.fromisoformat(value)
    if kind == "waktu":
        return tuple(map(date.fromisoformat, value.split("..")))
    if kind == "teks":
        return value
    return float(value) if "." in value else int(value)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.line}-{c.kind}-{c.typed}")
def test_each_row_of_the_table(case: Case) -> None:
    value = _expected(case.kind, case.value) if case.status in READ else None
    reading = READERS[case.kind](_raw(case.typed))
    assert reading == Reading(value, case.status, case.echo)
    assert type(reading.value) is type(value)


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len(CASES) >= 200
    assert {case.kind for case in CASES} == set(READERS) == set(KINDS) - {"pilihan"}
    assert [case for case, times in Counter(c[1:3] for c in CASES).items() if times > 1] == []


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.status in READ and c.kind != "angka"], ids=lambda c: f"{c.line}-{c.typed}"
)
def test_an_echo_typed_back_is_the_same_value(case: Case) -> None:
    first = READERS[case.kind](_raw(case.typed))
    again = READERS[case.kind](first.echo)
    assert (again.value, again.echo) == (first.value, first.echo)


def test_one_value_has_one_echo() -> None:
    echoes: dict[tuple[str, str], set[str]] = {}
    for case in CASES:
        if case.status in READ:
            reading = READERS[case.kind](_raw(case.typed))
            echoes.setdefault((case.kind, repr(reading.value)), set()).add(reading.echo)
    assert {key: words for key, words in echoes.items() if len(words) > 1} == {}


@pytest.mark.parametrize(
    ("name", "typed", "value", "status", "echo"),
    [
        ("tingkat_cakupan", "Nasional", "Nasional", "ok", "Nasional"),
        ("tingkat_cakupan", "  Nasional\u00a0", "Nasional", "ok", "Nasional"),
        ("tingkat_cakupan", "NASIONAL", "Nasional", "echo", "Nasional"),
        ("tingkat_cakupan", "Nasi\u200bonal", "Nasional", "echo", "Nasional"),
        ("tingkat_cakupan", "pusat", "Nasional", "echo", "Nasional"),
        ("tingkat_cakupan", "Nasionall", None, "unreadable", "Nasional"),
        ("tingkat_cakupan", "zzz", None, "unreadable", ""),
        ("tingkat_cakupan", "zzz" * 10_000, None, "unreadable", ""),
        ("tingkat_cakupan", 77, None, "unreadable", ""),
        ("tingkat_cakupan", float("nan"), None, "unreadable", ""),
        ("tingkat_cakupan", "", None, "blank", ""),
        ("tingkat_cakupan", " \u200b", None, "blank", ""),
        ("tingkat_cakupan", None, None, "blank", ""),
        ("kelas", "3", "Sektor Swasta", "echo", "Sektor Swasta"),
        ("kelas", 3.0, "Sektor Swasta", "echo", "Sektor Swasta"),
        (
            "kelas",
            "Organisasi Non—Pemerintah",
            "Organisasi Non-Pemerintah",
            "echo",
            "Organisasi Non-Pemerintah",
        ),
        ("pengalaman", "➤  10 tahun", "> 10 tahun", "echo", "> 10 tahun"),
        ("pengalaman", "5 - 10 tahun", "5 – 10 tahun", "echo", "5 – 10 tahun"),
        ("masih_berlaku", True, "Ya", "echo", "Ya"),
    ],
)
def test_choices_are_read_through_their_list(name: str, typed: Any, value: str | None, status: str, echo: str) -> None:
    assert read_choice(typed, lists()[name]) == Reading(value, status, echo)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("01.234.567.8-901.000", "012345678901000"),
        ("01 234 567 8 – 901 000", "012345678901000"),
        ("012345678901000", "012345678901000"),
        ("0012345678901000", "0012345678901000"),
        (123456789012345.0, "123456789012345"),
        (1234567890123456.0, None),  # a spreadsheet keeps 15 figures
        ("01.234.567.8-901", None),
        ("01.234.567.8-901.00A", None),
        ("NPWP 012345678901000", None),
        (True, None),
        (date(2025, 1, 5), None),
        ("", None),
        (None, None),
    ],
)
def test_tax_numbers_have_15_or_16_digits(typed: Any, digits: str | None) -> None:
    assert npwp_digits(typed) == digits


# ---- any value ---- #

WHOLE = st.integers(-(10**15) + 1, 10**15 - 1)
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
# Texts that look like values reach deeper into the grammars than texts of any characters.
AMOUNT_PIECES = [
    "Rp",
    "5",
    "12",
    "000",
    "500",
    "1",
    ".",
    ",",
    ",-",
    "-",
    "–",
    " ",
    "(",
    ")",
    "%",
    "juta",
    "M",
    "²",
]
TIME_PIECES = [
    "2025",
    "Januari",
    "Mar",
    "s.d.",
    "TW",
    "II",
    "tahun",
    "Senin",
    "ke-",
    "/",
    "\u00a0",
    "\u200b",
    "x",
]
PIECES = st.sampled_from(AMOUNT_PIECES + TIME_PIECES)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    TEXTS,
)


@given(CELLS)
def test_no_cell_raises_and_only_a_reading_has_a_value(raw: Any) -> None:
    readings = {kind: reader(raw) for kind, reader in READERS.items()}
    readings["pilihan"] = read_choice(raw, lists()["kelas"])
    npwp_digits(raw)
    for kind, reading in readings.items():
        assert reading.status in STATUSES
        assert (reading.value is not None) == (reading.status in READ), kind
        assert (reading.status == "ambiguous") == (" atau " in reading.echo) or kind in ("teks", "pilihan")
        assert bool(reading.echo) or reading.status in ("blank", "unreadable")


@given(TEXTS)
def test_spaces_around_a_text_change_nothing(text: str) -> None:
    for reader in READERS.values():
        assert reader(f" \u00a0{text}\u200b\n") == reader(text)


@given(TEXTS)
def test_ambiguous_readings_differ(text: str) -> None:
    for kind in ("rupiah", "angka", "bulat", "tanggal", "masa", "waktu"):
        reading = READERS[kind](text)
        if reading.status == "ambiguous":
            readings = reading.echo.split(" atau ")
            assert len(readings) == len(set(readings)) >= 2


@given(WHOLE)
def test_an_amount_shown_reads_back(value: int) -> None:
    assert read_rupiah(show_rupiah(value)) == Reading(value, "echo", show_rupiah(value))
    assert read_rupiah(f"{show_rupiah(value)},-").value == value
    assert read_rupiah(value) == read_rupiah(float(value)) == Reading(value, "ok", show_rupiah(value))


@given(st.integers(1, 10**12), st.integers(1, 99))
def test_sen_shown_read_back(rupiah: int, sen: int) -> None:
    value = float(Decimal(rupiah) + Decimal(sen) / 100)
    assert read_rupiah(show_rupiah(value)) == Reading(value, "echo", show_rupiah(value))


@given(st.integers(1, 10**5), st.sampled_from([("ribu", 3), ("rb", 3), ("jt", 6), ("juta", 6), ("miliar", 9)]))
def test_a_scale_is_the_same_as_its_noughts(number: int, scale: tuple[str, int]) -> None:
    word, noughts = scale
    value = number * 10**noughts
    assert read_rupiah(f"Rp {number} {word}") == Reading(value, "echo", show_rupiah(value))


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_number_with_decimal_comma_reads_back(number: Decimal) -> None:
    reading = read_number(str(number).replace(".", ","))
    assert reading.value == float(number)
    assert read_number(reading.echo) == reading


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_group_of_three_is_never_guessed(head: int, group: int) -> None:
    for separator in ".,":
        text = f"{head}{separator}{group:03}"
        assert [READERS[kind](text).status for kind in ("rupiah", "angka", "bulat")] == ["ambiguous"] * 3


@given(DAYS)
def test_a_date_shown_reads_back(day: date) -> None:
    expected = Reading(day, "echo", show_date(day))
    assert read_date(show_date(day)) == read_date(day.isoformat()) == expected
    assert read_month(show_month(day)).value == day.replace(day=1)
    assert read_date(day).value == read_date(datetime.combine(day, time(9, 30))).value == day


@given(DAYS)
def test_a_date_in_figures_is_read_only_when_it_has_one_meaning(day: date) -> None:
    reading = read_date(f"{day:%d/%m/%Y}")
    if day.day > 12 or day.day == day.month:
        assert reading == Reading(day, "echo", show_date(day))
    else:
        swapped = day.replace(day=day.month, month=day.day)
        assert reading == Reading(None, "ambiguous", f"{show_date(day)} atau {show_date(swapped)}")


@given(DAYS, DAYS)
def test_a_period_shown_reads_back(start: date, end: date) -> None:
    span = (start, end)
    assert read_period(show_period(span)) == Reading(span, "echo", show_period(span))


@pytest.mark.parametrize(
    "text",
    [
        "1," * 20_000,
        "1.000" * 10_000,
        "Rp " * 10_000,
        "-" * 40_000,
        " " * 40_000 + "?" + " " * 40_000,
        ("Januari - " * 20)[:199],
        "s.d. " * 40,
        "- " * 99,
        "1 000" + " 000" * 48,
        "1" * 199,
        "0," + "0" * 400,
        "(" * 100 + ")" * 99,
        "\u200b" * 40_000,
    ],
    ids=range(13),
)
def test_a_long_strange_text_is_no_burden(text: str) -> None:
    start = process_time()
    readings = [reader(text) for kind, reader in READERS.items() if kind != "teks"]
    assert {reading.status for reading in readings} <= {"unreadable", "ambiguous", "blank"}
    assert process_time() - start < 0.5


def test_a_text_is_kept_whole() -> None:
    text = "a. Lokakarya\n\u00a0b. Pelatihan ²" * 1000
    assert read_text(text) == Reading(text, "ok", text)
