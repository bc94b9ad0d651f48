"""Terbitkan Templat, Kembalikan, Cetak Lampiran: what goes out, as files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlwings as xw

from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.issue import issue_due
from kemitraan_xl.reply import write_replies
from kemitraan_xl.safe_write import replace_file, work_folder
from udfs.desk import Desk
from udfs.plan import Cell, Formula, Plan, Report, is_remote
from udfs.registry import DESKTOP, macro
from udfs.snapshot import master_of, sheets_needed
from validation.values import show_date

#: The sheets that the guideline prints.
_PRINTED: Final = ("Rencana Kerja", "Daftar Periksa", "Matriks Risiko")


@macro(
    label="Terbitkan Templat",
    tip="Buat templat yang sekarang diperlukan tiap mitra: usulan bagi yang baru, laporan bagi yang jatuh tempo.",
    icon="FileNew",
    outbox=True,
    include=sheets_needed(),
)
def terbitkan_templat(book: xw.Book, desk: Desk) -> Plan:
    """One template for everything that a partner of the register is now asked for."""
    with master_of(book) as master:
        desk.progress("Membuat templat ...")
        made = issue_due(master.path, desk.target, desk.today)
    if not made:
        raise Impossible(
            "Tidak ada templat yang diperlukan sekarang: tidak ada mitra baru dan tidak ada laporan yang jatuh tempo."
        )
    return _files(book, desk, f"{len(made)} templat dibuat", made)


@macro(
    label="Kembalikan",
    tip="Buat berkas bertanda dan surel untuk setiap kiriman yang harus diperbaiki mitra.",
    icon="FileSendAsAttachment",
    inbox=True,
    outbox=True,
    include=sheets_needed(),
)
def kembalikan(book: xw.Book, desk: Desk) -> Plan:
    """What goes back to partners from a folder of returns: marked files and the mails for them."""
    with master_of(book) as master:
        started, read = desk.reading()
        recap = consolidate([desk.source], desk.today, desk.workers, read, started=started, master=master.path)
        desk.progress("Menandai berkas ...")
        made = write_replies(recap, desk.target)
    if not made:
        raise Impossible("Tidak ada berkas yang perlu dikembalikan dalam folder itu.")
    return _files(book, desk, f"{len(made)} berkas untuk dikembalikan dibuat", made)


@macro(
    label="Cetak Lampiran",
    tip="Cetak Rencana Kerja, Daftar Periksa, dan Matriks Risiko menjadi PDF.",
    icon="FilePrint",
    outbox=True,
    hosts=(DESKTOP,),
    instead="Tekan Ctrl+P pada lembarnya; ukuran halaman dan judul berulang sudah diatur.",
)
def cetak_lampiran(book: xw.Book, desk: Desk) -> Plan:
    """The printed forms as PDF, through Excel's own export."""
    made = []
    with work_folder() as folder:
        for name in _PRINTED:
            desk.progress(f"Mencetak {name} ...")
            printed = Path(folder, f"{re.sub(r'[^A-Za-z0-9_-]+', '-', f'{Path(book.name).stem}-{name}')}.pdf")
            book.sheets[name].to_pdf(str(printed))
            made.append(desk.target / printed.name)
            replace_file(made[-1], printed.read_bytes())
    return _files(book, desk, f"{len(made)} lembar dicetak", made)


def _files(book: xw.Book, desk: Desk, what: str, made: Sequence[Path]) -> Plan:
    """The files that were made: links on the desktop, names where they are downloaded."""
    rows: list[list[Cell | Formula]] = [
        [_shown(path, is_remote(book)), round(path.stat().st_size / 1024)] for path in made
    ]
    where = "unduh dari panel Kemitraan KPAI" if is_remote(book) else str(desk.target)
    title = f"{what} per {show_date(desk.today)}: {where}"
    return Plan(f"{title}.", report=Report(title, ("Berkas", "Ukuran (kB)"), rows, (90, 12)))


def _shown(path: Path, remote: bool) -> Cell | Formula:
    return path.name if remote else Formula(f'=HYPERLINK("{path}","{path.name}")')
