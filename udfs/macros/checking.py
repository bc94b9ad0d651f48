"""Periksa Buku Ini and Jejak: what is wrong in the open master, and where a partnership stands."""

from __future__ import annotations

from typing import Final

import xlwings as xw

from kemitraan_xl.book.beranda import CHOSEN
from kemitraan_xl.book.catatan import HERE, TEMUAN, Link
from kemitraan_xl.book.diri import finding_row
from kemitraan_xl.book.induk import TOP, column_name
from kemitraan_xl.book.jejak import BETWEEN, SHEET
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.examine import stack
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.standing import Stacked, owners_of, standings
from udfs.desk import Desk
from udfs.plan import Cell, Formula, Plan
from udfs.registry import macro
from udfs.sheets import chosen, link, list_sheet, named
from udfs.snapshot import master_of, sheets_needed
from udfs.values import finding_formats
from validation.check import read_values
from validation.contract import fold, lists, tables

_FIRST_ROW: Final = TOP + 2


@macro(
    label="Periksa Buku Ini",
    tip="Periksa semua isian staf dalam buku ini, juga yang belum disimpan; hasilnya di lembar Temuan.",
    icon="SpellingMenu",
    include=sheets_needed(),
)
def periksa_buku(book: xw.Book, desk: Desk) -> Plan:
    """The findings about this workbook at the head of Temuan, each with the way to its cell."""
    with master_of(book) as master:
        desk.progress("Memeriksa isian ...")
        (entry,) = consolidate([master.path], desk.today, 1).returns
    owners = owners_of(entry.reading)
    findings = [finding_row(one, owners.get((one.sheet, one.cell), "")) for one in entry.findings]
    mine = [[_cell(text) for text in row] for row in findings]
    there = list_sheet(book, "Temuan", "temuan_lembar")
    old = there.frame().reindex(columns=list(TEMUAN)).fillna("").astype(str)
    others = old[old["Berkas"].ne(HERE) & old["Lembar"].ne("")]
    sentence = f"{len(mine)} temuan dalam buku ini, {entry.errors} di antaranya harus diperbaiki."
    blocks = there.replaced([*mine, *others.to_numpy().tolist()], finding_formats())
    return Plan(sentence if mine else "Tidak ada temuan dalam buku ini.", ("Temuan", _FIRST_ROW, 1), blocks)


@macro(
    label="Jejak",
    tip="Tampilkan tahap kemitraan yang dipilih pada Beranda dan syarat pertama yang belum terpenuhi.",
    icon="ReviewTrackChanges",
    include=(*sheets_needed(), "Beranda"),
)
def jejak(book: xw.Book, desk: Desk) -> Plan:
    """The stage that the rules give the chosen partnership, and the row of Jejak with its first open condition."""
    code = chosen(book, CHOSEN).split(BETWEEN)[0]
    with master_of(book) as master:
        desk.progress("Memeriksa syarat ...")
        raw = stack([master.reading])
        frames = {name: read_values(tables()[name], frame) for name, frame in raw.items()}
        (entry,) = consolidate([master.path], desk.today, 1).returns
        known = standings(Stacked(raw, frames, [master.reading]), [entry.findings])
        extract = master.reading.tables["kerja_sama"]
    codes = [fold(str(one or "")) for one in extract.columns["kode_mitra"]]
    standing = known.get((0, fold(code)))
    if not code or standing is None:
        raise Impossible("Pilih dahulu kemitraan pada Beranda, lalu tekan Jejak.")
    slot = extract.rows[codes.index(fold(code))] - named(book, column_name("kerja_sama", "kode_mitra")).row - 1
    conditions = load().syarat
    first = standing.open[0].syarat if standing.open else conditions[-1]
    row = _FIRST_ROW + slot * len(conditions) + conditions.index(first)
    stage = lists()["tahap"][standing.stage].label
    missing = f"{len(standing.missing)} syarat tahap ini belum terpenuhi. Berikutnya: {first.sentence}"
    return Plan(f"{code}: tahap {stage}. {missing if standing.open else 'Semua syarat terpenuhi.'}", (SHEET, row, 1))


def _cell(text: str | Link) -> Cell | Formula:
    return link(text.sheet, text.cell) if isinstance(text, Link) else text
