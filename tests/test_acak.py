"""Files and texts at random: nothing raises, nothing hangs, nothing is lost. `benchmarks/acak.py` tries many more."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import acak
from support.hostile_measure import code_of

from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import consolidate
from validation import periods, values
from validation.contract import lists

TODAY = date(2026, 11, 24)
LONGEST = 32_767  #: characters of a cell
SECONDS = 2.0  #: of the processor for one text in one parser, where the slowest needs a tenth
#: By the process, not by a limit of the structure.
UNFORESEEN = {"slow", "unexpected", "died", "memory"}


def _consolidated(seeds: range, folder: Path) -> None:
    kiriman = folder / "kiriman"
    kiriman.mkdir()
    for seed in seeds:
        base, data = acak.mutated(seed)
        (kiriman / f"{seed:06}.{base}").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(folder / "cache"))
        recap = consolidate([kiriman], TODAY)
        write_summary(recap, folder / "rekap.xlsx")
    told = [entry.arrival.name.partition(".")[0] for entry in [*recap.returns, *recap.containers]]
    assert set(told) == {f"{seed:06}" for seed in seeds}
    refused = {entry.arrival.name: code_of(entry.reason) for entry in recap.returns if entry.verdict == "ditolak"}
    assert {name: code for name, code in refused.items() if code.partition(":")[0] in UNFORESEEN} == {}
    assert {entry.verdict for entry in recap.returns} >= {"diterima", "ditolak"}


def test_mutated_files_are_all_judged(tmp_path: Path) -> None:
    _consolidated(range(1, 151), tmp_path)


@pytest.mark.lambat
@pytest.mark.parametrize("first", range(1_000, 4_000, 500))
def test_many_mutated_files_are_all_judged(first: int, tmp_path: Path) -> None:
    _consolidated(range(first, first + 500), tmp_path)


# ---- what is typed into a cell ---- #

PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "teks": values.read_text,
    "rupiah": values.read_rupiah,
    "angka": values.read_number,
    "bulat": values.read_integer,
    "npwp": values.npwp_digits,
    "tanggal": values.read_date,
    "bulan": values.read_month,
    "masa": values.read_period,
    "centang": values.read_tick,
    "pilihan": lambda raw: values.read_choice(raw, lists()["kelas"]),
    "tanggal di dalam": periods.dates_in,
    "bulan di dalam": periods.months_in,
    "masa di dalam": periods.periods_in,
}
#: Pieces of what people type, and of what they do not.
PIECES = (
    "0", "1", "9", "31", "2027", "27", "1.000", "1,5", "1.", "1,", "٣", "１", "½", "-", "–", "—", "/", ".", ",",
    ":", ";", "(", ")", "Rp", "Rp.", "IDR", "ribu", "rb", "jt", "juta", "miliar", "triliun", ",-", "lima",
    "ratus", "Januari", "Jan", "Pebruari", "Agustus", "Desember", "I", "IV", "Triwulan", "TW", "semester",
    "minggu ke-2", "awal", "akhir", "tahun", "bulan", "s.d.", "s/d", "sampai", "dan", " ", "  ", "\n", "\t",
    "\u00a0", "\u200b", "\u202e", "=", "'", "Ya", "Tidak", "x", "#REF!", "é", "\U0001f600",
)  # fmt: skip


def _texts(count: int) -> Iterator[str]:
    dice = random.Random(2026)
    for _ in range(count):
        yield dice.choice(["", " "]).join(dice.choices(PIECES, k=dice.randrange(1, 9)))


def _parse(text: str) -> None:
    for name, parse in PARSERS.items():
        before = time.process_time()
        parse(text)
        assert time.process_time() - before < SECONDS, name


def test_no_text_brings_a_parser_down() -> None:
    for text in _texts(2_000):
        _parse(text)


@pytest.mark.lambat
def test_no_text_of_many_brings_a_parser_down() -> None:
    for text in _texts(30_000):
        _parse(text)


@pytest.mark.parametrize("piece", [piece for piece in PIECES if piece.strip()])
def test_no_parser_hangs_on_a_full_cell(piece: str) -> None:
    _parse((f"{piece} " * LONGEST)[:LONGEST])
    _parse((piece * LONGEST)[: LONGEST - 1] + "!")
