"""Impor Folder, Konsolidasi: what partners handed in, brought into the open master."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import xlwings as xw

from kemitraan_xl.book import hasil
from kemitraan_xl.book.catatan import ARSIP, HERE, TEMUAN
from kemitraan_xl.book.induk import TOP
from kemitraan_xl.book.kiriman import folder_of, handed_in
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.earlier import Files, files_of
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.master import Master
from kemitraan_xl.recap import SHEETS, figures
from kemitraan_xl.renew import Content, take_in, with_proposals
from udfs.desk import Desk
from udfs.filling import new_rows
from udfs.plan import Block, Formula, Plan, Report
from udfs.registry import macro
from udfs.sheets import LISTS, link, list_sheet, listing, named
from udfs.snapshot import master_of, sheets_needed
from udfs.values import finding_formats, formats_of, rows_of, text_formats
from validation.values import show_date

#: Rows of all sections together beyond which a separate summary is made.
LIMIT: Final = 20_000

NEEDED: Final = (*sheets_needed(), *hasil.SHEETS)


@macro(
    label="Impor Folder",
    tip="Masukkan baris usulan dan laporan yang diterima ke lembar isian; isian staf tidak diubah.",
    icon="ImportMoreMenu",
    inbox=True,
    include=sheets_needed(),
)
def impor_folder(book: xw.Book, desk: Desk) -> Plan:
    """The rows of accepted returns behind what staff typed, marked with the file and cell they came from."""
    with master_of(book) as master:
        recap = consolidated(master, desk)
        content: Content = {name: list(rows) for name, rows in master.content().items()}
        agreed = with_proposals(recap, content, desk.today)
        if agreed:  # reports on proposals of the same folder
            recap = consolidated(master, desk, agreed)
        before = {name: len(rows) for name, rows in content.items()}
        accepted = take_in(recap, content, desk.today)
        added = {name: rows[before[name] :] for name, rows in content.items() if len(rows) > before[name]}
        filled = new_rows(book, added)
        count = sum(map(len, added.values()))
        return Plan(
            f"{accepted} dari {len(recap.returns)} berkas diterima; {count} baris baru masuk ke {len(added)} lembar. "
            "Yang belum diterima ada pada Temuan dan Arsip.",
            blocks=[*filled.blocks, *_lists(book, recap, master)],
            copies=filled.copies,
            report=Report(
                f"Impor Folder per {show_date(desk.today)}: {count} baris baru",
                ("Lembar", "Sel", "Kode Mitra", "Nama Mitra", "Sumber"),
                [[one.sheet, link(one.sheet, one.cell), *one.about] for one in filled.placed],
                (20, 10, 12, 34, 70),
            ),
        )


@macro(
    label="Konsolidasi",
    tip="Baca, periksa, dan rekap semua berkas dalam satu folder; hasilnya di lembar Rekap, Temuan, dan Arsip.",
    icon="PivotTableInsert",
    inbox=True,
    include=NEEDED,
)
def konsolidasi(book: xw.Book, desk: Desk) -> Plan:
    """The summary of a folder in the sections of the Rekap sheets; a large one in a file of its own, linked here.

    The file is also made where results are downloaded, as on the add-in server.
    """
    with master_of(book) as master:
        recap = consolidated(master, desk)
        desk.progress("Merekap ...")
        frames = {name: SHEETS[name](recap) for name in hasil.SHEETS}
        title = title_of(recap, desk)
        large = sum(map(len, frames.values())) > LIMIT
        made = _summary(recap, desk) if large or desk.outbox else None
        apart = made if large else None
        blocks = list(_lists(book, recap, master))
        for name, frame in frames.items():
            section = listing(named(book, hasil.section_name(name)))
            blocks.append(Block(section.sheet, section.row - 1, section.column, [[title]]))
            if apart:
                blocks += section.replaced([[_to_file(apart)]], {}, ["Berkas rekap"])
            else:
                headings = [str(heading) for heading in frame.columns]
                blocks += section.replaced(rows_of(frame), formats_of(frame), headings)
        first = named(book, hasil.section_name("Rekap Program"))
        show = ("Temuan", TOP + 1, 1) if recap.errors else ("Rekap Program", first.row, first.column)
        return Plan(title + (f" Rekapnya berkas tersendiri: {apart.name}." if apart else ""), show, blocks)


def title_of(recap: Recap, desk: Desk) -> str:
    """What the sections say above their rows: the day, and the figures."""
    (_, arrived), (_, accepted), (_, returned), *_, (_, money) = figures(recap)
    return (
        f"Konsolidasi terakhir per {show_date(desk.today)}: {arrived} berkas, "
        f"{accepted} diterima, {returned} dikembalikan, {money}."
    )


def consolidated(master: Master, desk: Desk, agreed: Mapping[str, pd.DataFrame] | None = None) -> Recap:
    """The files handed in, against what the master agreed with partners, or against `agreed`."""
    started, read = desk.reading()
    source, path = [desk.source], master.path
    recap = consolidate(source, desk.today, desk.workers, read, started=started, master=path, agreed=agreed)
    if not recap.listed:
        raise Impossible("Tidak ada berkas dalam folder itu; pilih folder yang berisi kiriman mitra.")
    desk.progress("Memeriksa selesai ...")
    return recap


def _summary(recap: Recap, desk: Desk) -> Path:
    """The summary workbook, in the folder for results or else beside the folder of returns."""
    folder = desk.target if desk.outbox else desk.source.parent
    target = folder / f"Rekap_{desk.today.isoformat()}.xlsx"
    write_summary(recap, target)
    return target


def _to_file(path: Path) -> Formula:
    return Formula(f'=HYPERLINK("{path}","{path.name}")')


def _lists(book: xw.Book, recap: Recap, master: Master) -> Iterator[Block]:
    """Temuan and Arsip with this run's files; what they hold of other files, and of this workbook, stays."""
    files = files_after(recap, master)
    archive = list_sheet(book, "Arsip", LISTS["Arsip"])
    yield from archive.replaced([[row[name] for name in ARSIP] for row in files.archive], text_formats(len(ARSIP)))
    there = list_sheet(book, "Temuan", LISTS["Temuan"])
    own = [
        [name, sheet, link(sheet, str(cell).rpartition("!")[2]) if cell else None, *about]
        for name, sheet, cell, *about in there.rows
        if name == HERE
    ]
    rows = [*own, *([row[name] for name in TEMUAN] for row in files.findings)]
    yield from there.replaced(rows, finding_formats())


def files_after(recap: Recap, master: Master) -> Files:
    """What Temuan and Arsip will list: this run's files, with the folder that Buka Sumber looks in, then the others."""
    found = handed_in(recap, master.rows("mitra"))
    folders = {entry.arrival.name: folder_of(entry.arrival) for entry in recap.listed}
    newer = Files([{**row, "Folder": folders[row["Berkas"]]} for row in found.archive], found.findings)
    return files_of(master.path).followed_by(newer)
