"""Nilai and Sahkan: the checklists of the open master scored a second time, and signed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import xlwings as xw

from kemitraan_xl.book.induk import column_name
from kemitraan_xl.book.pengesahan import KEYS, TABLE
from kemitraan_xl.book.penilaian import PYTHON, TOTALS
from kemitraan_xl.checklists import Checklist
from kemitraan_xl.grade import assessments
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.master import Master, settings_of
from kemitraan_xl.pedoman.load import load, rule_version
from kemitraan_xl.privacy_reading import cleared
from kemitraan_xl.seal import ROUNDING
from udfs.desk import Desk
from udfs.plan import Block, Cell, Plan
from udfs.registry import macro
from udfs.sheets import chosen, named
from udfs.snapshot import master_of, sheets_needed
from validation.contract import fold, tables

#: What stands for the score of an assessment that is not complete.
_INCOMPLETE: Final = "belum lengkap"

_CHOSEN: Final = "penilaian_dipilih"
_FORM: Final = "Daftar Periksa"


@macro(
    label="Nilai",
    tip="Hitung ulang skor tiap Daftar Periksa dengan Python, lalu tandai yang berbeda.",
    icon="Calculator",
    include=sheets_needed(),
)
def nilai(book: xw.Book, desk: Desk) -> Plan:
    """The score by Python beside that of the sheet for every assessment; the sheet itself says whether they differ."""
    with master_of(book) as master:
        desk.progress("Menilai ...")
        found = _assessments(master)
    keys, native = named(book, KEYS), _column(named(book, TOTALS))
    scores: dict[str, Cell] = {_key(one): _score(one) for one in found}
    listed = ["" if key is None else str(key) for key in _column(keys)]
    values = [scores.get(fold(key)) for key in listed]
    lost = sum(1 for key in scores if key not in set(map(fold, listed)))
    different = sum(value is not None and not _same(value, cell) for value, cell in zip(values, native, strict=True))
    target = named(book, PYTHON)
    verdict = "semua sama dengan skor lembar" if not different else f"{different} berbeda dari skor lembar; lihat Beda"
    missed = f" {lost} penilaian tidak ada dalam daftar di lembar; hitung ulang buku ini (F9)." if lost else ""
    return Plan(
        f"{len(found)} penilaian dihitung ulang: {verdict}.{missed}",
        (target.sheet.name, target.row, target.column),
        [Block(target.sheet.name, target.row, target.column, [[value] for value in values])],
    )


@macro(
    label="Sahkan",
    tip="Sahkan penilaian yang tampil pada Daftar Periksa: tanggal, sidik, skor, dan versi aturan dicatat.",
    icon="SignatureLineInsert",
    include=(*sheets_needed(), _FORM),
)
def sahkan(book: xw.Book, desk: Desk) -> Plan:
    """The four signing cells of the assessment that Daftar Periksa shows; nothing that was signed is signed over."""
    wanted = chosen(book, _CHOSEN)
    with master_of(book) as master:
        found = {_key(one): one for one in _assessments(master)}
        version = rule_version(load(), settings_of(master.reading, load()))
        extract = master.reading.tables[TABLE]
        one = found.get(fold(wanted))
        if one is None:
            raise Impossible("Pilih dahulu penilaian pada lembar Daftar Periksa, lalu tekan Sahkan.")
        row = extract.rows[one.row]
    _signable(one)
    signature: dict[str, Cell] = {
        "tanggal_disahkan": datetime(desk.today.year, desk.today.month, desk.today.day),
        "sidik_disahkan": one.fingerprint,
        "skor_disahkan": one.result.jumlah,
        "versi_disahkan": version,
    }
    at = {name: named(book, column_name(TABLE, name)).column for name in signature}
    sheet = tables()[TABLE].sheet
    form = named(book, _CHOSEN)
    return Plan(
        f"Penilaian {one.name} disahkan: skor {one.result.jumlah:g}, {one.final}, sidik {one.fingerprint}. "
        "Cetak Daftar Periksa untuk ditandatangani.",
        (form.sheet.name, form.row, form.column),
        [Block(sheet, row, at[name], [[value]]) for name, value in signature.items()],
    )


def _signable(one: Checklist) -> None:
    """Raises Impossible with the first thing that stands in the way of signing (III.B.6, DP-18, DP-19)."""
    people = one.signature
    obstacles = (
        (one.state == "sah", "Penilaian ini sudah disahkan dan belum berubah."),
        (
            one.state == "berubah",
            "Penilaian ini berubah sesudah disahkan. Kembalikan isinya, atau buat penilaian baru.",
        ),
        (not one.result.lengkap, f"Penilaian ini belum lengkap. {one.result.kurang}"),
        (not one.fingerprint, "Kisi-kisi penilaian ini ganda atau kepalanya terlalu panjang; periksa Data Penilaian."),
        (
            not people.two_people,
            "Isi Staf Penilai dan Mengetahui pada Data Penilaian dengan dua orang yang berbeda, lalu tekan Sahkan.",
        ),
    )
    for stands, sentence in obstacles:
        if stands:
            raise Impossible(sentence)


def _assessments(master: Master) -> list[Checklist]:
    found = assessments(cleared(master.reading).reading)
    if not found:
        raise Impossible("Belum ada penilaian pada lembar Data Penilaian.")
    return found


def _key(one: Checklist) -> str:
    """The assessment as the workbook lists it: partner and day."""
    return fold(f"{one.name} | {one.day:%d/%m/%Y}" if one.day else f"{one.name} | ")


def _score(one: Checklist) -> Cell:
    return _INCOMPLETE if one.result.jumlah is None else one.result.jumlah


def _same(score: Cell, native: Cell) -> bool:
    if isinstance(score, int | float) and isinstance(native, int | float):
        return abs(score - native) < ROUNDING
    return isinstance(score, int | float) == isinstance(native, int | float)


def _column(cells: xw.Range) -> list[Cell]:
    values = cells.options(ndim=1, err_to_str=True).value
    return list(values)
