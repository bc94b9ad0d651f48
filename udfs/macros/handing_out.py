"""Terbitkan Templat, Cetak Lampiran: what goes out, as files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import xlwings as xw

from kemitraan_xl.book.beranda import CHOSEN
from kemitraan_xl.book.berkas import FORM_SHEETS
from kemitraan_xl.book.jejak import BETWEEN
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.issue import issue_due
from kemitraan_xl.printing import only
from kemitraan_xl.products import PRODUCTS, print_products
from udfs.desk import Desk
from udfs.plan import Cell, Formula, Plan, Report, is_remote
from udfs.registry import DESKTOP, macro
from udfs.sheets import chosen
from udfs.snapshot import master_of, sheets_needed
from validation.values import show_date

_LITERAL: Final = 255  #: characters of a text in a formula


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
    label="Cetak Lampiran",
    tip="Cetak Lampiran 2, Lampiran 3, matriks risiko, dan berkas kemitraan yang dipilih, serta ringkasan triwulan.",
    icon="FilePrint",
    outbox=True,
    hosts=(DESKTOP,),
    instead="Tekan Ctrl+P pada lembarnya; ukuran halaman dan judul berulang sudah diatur.",
)
def cetak_lampiran(book: xw.Book, desk: Desk) -> Plan:
    """The chosen partnership's forms and dossier and the last quarter's summary as PDF, through Excel's own export."""
    code = chosen(book, CHOSEN).split(BETWEEN)[0]
    if not code:
        raise Impossible("Pilih dahulu kemitraan pada Beranda, lalu tekan Cetak Lampiran.")
    names = (*FORM_SHEETS, *PRODUCTS)
    with master_of(book) as master:
        desk.progress("Mencetak ...")
        made = print_products(master.path, names, [code], "", desk.target, desk.today, partial(_in_excel, book))
    return _files(book, desk, f"{len(made)} cetakan dibuat", made)


def _in_excel(book: xw.Book, workbook: Path, sheets: Sequence[str]) -> bytes:
    """One PDF of some sheets of a workbook of the moment, which is closed again."""
    ready, pdf = workbook.with_name("cetak.xlsx"), workbook.with_name("cetak.pdf")
    ready.write_bytes(only(workbook, sheets))
    opened = book.app.books.open(str(ready), read_only=True)
    try:
        opened.to_pdf(str(pdf))
    finally:
        opened.close()
        book.activate()
    return pdf.read_bytes()


def _files(book: xw.Book, desk: Desk, what: str, made: Sequence[Path]) -> Plan:
    """The files that were made: links on the desktop, names where they are downloaded."""
    rows: list[list[Cell | Formula]] = [
        [shown(path, is_remote(book)), round(path.stat().st_size / 1024)] for path in made
    ]
    title = f"{what} per {show_date(desk.today)}: {place(desk, is_remote(book))}"
    return Plan(f"{title}.", report=Report(title, ("Berkas", "Ukuran (kB)"), rows, (90, 12)))


def place(desk: Desk, remote: bool) -> str:
    """Where the user finds what was made."""
    return "unduh dari panel Kemitraan KPAI" if remote else str(desk.target)


def shown(path: Path, remote: bool) -> Cell | Formula:
    """A link on the desktop; the name where the file is downloaded, and where a formula has no room for the path."""
    return path.name if remote or len(str(path)) > _LITERAL else Formula(f'=HYPERLINK("{path}","{path.name}")')
