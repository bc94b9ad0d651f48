"""Pratinjau: what a consolidation would change in the open master, as a list that can be read and filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import xlwings as xw
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from kemitraan_xl.book import hasil
from kemitraan_xl.book.catatan import ARSIP, HERE, TEMUAN
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.master import Master
from kemitraan_xl.preview import Change, compare, counted, rows_of
from kemitraan_xl.recap import SHEETS
from udfs.desk import Desk
from udfs.macros.taking_in import LIMIT, NEEDED, consolidated, files_after, title_of
from udfs.plan import REPORT, Cell, Formula, Plan, Report
from udfs.registry import macro
from udfs.sheets import LISTS, Listing, list_sheet, listing, named
from udfs.snapshot import master_of
from validation.values import show_date

_HEADINGS: Final = ("Lembar", "Perubahan", "Berkas", "Sel", "Mitra", "Kolom", "Sebelum", "Sesudah")
_WIDTHS: Final = (18, 12, 34, 22, 30, 24, 44, 44)
_NO_HISTORY: Final = (
    "Yang dibandingkan ialah konsolidasi terakhir dalam buku ini. Konsolidasi selalu dibuat ulang dari berkasnya, "
    "sehingga riwayat yang lebih lama tidak disimpan; simpan salinan buku bila memerlukannya."
)

#: A list of the open master, and what would change in it.
Changed = tuple[Listing, Sequence[Change]]


@macro(
    label="Pratinjau",
    tip="Tampilkan apa yang akan berubah bila folder itu dikonsolidasikan; tidak ada yang ditulis ke lembar Rekap.",
    icon="FilePrintPreview",
    inbox=True,
    include=NEEDED,
)
def pratinjau(book: xw.Book, desk: Desk) -> Plan:
    """What a consolidation would change in the sections of the Rekap sheets, Temuan and Arsip, cell by cell."""
    with master_of(book) as master:
        recap = consolidated(master, desk)
        found = [*_changed_sections(book, recap), *_changed_lists(book, recap, master)]
    total: Counter[str] = sum((rows_of(changes) for _, changes in found), Counter())
    title = f"Pratinjau konsolidasi per {show_date(desk.today)} dari {len(recap.returns)} berkas: {counted(total)}"
    lines = [[_way(there, one), *_line(one)] for there, changes in found for one in changes]
    more = f" {LIMIT} baris pertama yang ditampilkan." if len(lines) > LIMIT else ""
    above = [
        ["Sebelum", named(book, hasil.section_name(hasil.SHEETS[0])).offset(-1, 0).value],
        ["Sesudah", title_of(recap, desk)],
        *([_way(there), counted(rows_of(changes))] for there, changes in found),
        [_NO_HISTORY],
    ]
    report = Report(title, _HEADINGS, lines[:LIMIT], _WIDTHS, above)
    return Plan(f"{title}. Belum ada yang diubah; lihat lembar {REPORT}.{more}", report=report)


def _changed_sections(book: xw.Book, recap: Recap) -> Iterator[Changed]:
    for name in hasil.SHEETS:
        section = listing(named(book, hasil.section_name(name)))
        yield section, compare(section.frame(), SHEETS[name](recap))


def _changed_lists(book: xw.Book, recap: Recap, master: Master) -> Iterator[Changed]:
    """Temuan and Arsip; what they say of this workbook, and where a folder lies, is no change."""
    files = files_after(recap, master)
    for name, headings, rows in (("Temuan", TEMUAN, files.findings), ("Arsip", ARSIP, files.archive)):
        there = list_sheet(book, name, LISTS[name])
        shown = [heading for heading in headings if heading != "Folder"]
        old = there.frame().reindex(columns=shown).fillna("")
        old = old[old["Berkas"].ne(HERE) & (old[shown[1:]] != "").any(axis=1)]
        changes = compare(old, pd.DataFrame(list(rows), columns=shown))
        yield there, [one if one.place is None else replace(one, place=int(old.index[one.place])) for one in changes]


def _line(one: Change) -> list[Cell]:
    file, sheet, cell, partner = one.where
    place = f"{sheet}!{cell}" if sheet and cell else sheet or cell
    return [one.kind, file, place, partner, one.column, one.before, one.after]


def _way(there: Listing, one: Change | None = None) -> Formula:
    """To the row that changes, or to the head of the list for a row that is not there yet."""
    row = there.row if one is None or one.place is None else there.row + 1 + one.place
    cell = f"{quote_sheetname(there.sheet)}!{xl_col_to_name(there.column - 1)}{row}"
    return Formula(f'=HYPERLINK("#{cell}","{there.sheet}")')
