"""Kembalikan: the marked files and mails for what partners have to mend."""

from __future__ import annotations

from typing import Final

import xlwings as xw

from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.letter import address_of
from kemitraan_xl.reply import Reply, answered
from udfs.desk import Desk
from udfs.macros.handing_out import place, shown
from udfs.plan import Cell, Formula, Plan, Report, is_remote
from udfs.registry import macro
from udfs.sheets import LISTS, list_sheet
from udfs.snapshot import master_of, sheets_needed
from validation.contract import lists
from validation.values import show_date

_HEADINGS: Final = ("Mitra", "Kiriman", "Periode", "Putusan", "Wajib", "Berkas bertanda", "Surel", "Alamat surel")
_WIDTHS: Final = (32, 40, 10, 14, 8, 48, 48, 14)
_NEXT: Final = "Buka surelnya, periksa, lalu kirim dari program surel; berkas bertanda sudah terlampir di dalamnya."
_NOTHING_SELECTED: Final = (
    "Kiriman yang dipilih pada Arsip tidak perlu dikembalikan, atau tidak ada dalam folder itu. Untuk mengembalikan "
    "semuanya, buka lembar lain dahulu."
)


@macro(
    label="Kembalikan",
    tip="Buat berkas bertanda dan surel untuk kiriman yang harus diperbaiki: semua, atau yang dipilih di Arsip.",
    icon="FileSendAsAttachment",
    inbox=True,
    outbox=True,
    include=sheets_needed(),
)
def kembalikan(book: xw.Book, desk: Desk) -> Plan:
    """What goes back to partners from a folder of returns: marked files and the mails for them.

    All of them, or only of the files whose rows are selected in Arsip.
    """
    target, wanted = desk.target, _selected_files(book)
    if target.resolve().is_relative_to(desk.source.resolve()):
        raise Impossible(
            "Pilih folder hasil di luar folder kiriman, agar berkas bertanda tidak terbaca sebagai kiriman."
        )
    replies: list[Reply] = []
    with master_of(book) as master:
        started, read = desk.reading()
        recap = consolidate([desk.source], desk.today, desk.workers, read, started=started, master=master.path)
        for reply in answered(recap, target, wanted):
            replies.append(reply)
            desk.progress(f"Menandai berkas: {len(replies)} kiriman")
    if not replies:
        raise Impossible(_NOTHING_SELECTED if wanted else "Tidak ada berkas yang perlu dikembalikan dalam folder itu.")
    remote = is_remote(book)
    which = "yang dipilih pada Arsip " if wanted else ""
    title = f"{len(replies)} kiriman {which}dikembalikan per {show_date(desk.today)}: {place(desk, remote)}"
    lines = [_reply_line(reply, remote) for reply in replies]
    return Plan(f"{title}.", report=Report(title, _HEADINGS, lines, _WIDTHS, [[_NEXT]]))


def _selected_files(book: xw.Book) -> frozenset[str]:
    """The files whose rows of Arsip are selected; none when another sheet is shown."""
    cells = book.selection
    if cells is None or cells.sheet.name != "Arsip":
        return frozenset()
    there = list_sheet(book, "Arsip", LISTS["Arsip"])
    first = cells.row - there.row - 1
    rows = there.frame().iloc[max(first, 0) : max(first + cells.shape[0], 0)]
    return frozenset(name for name in rows["Berkas"].fillna("").astype(str) if name)


def _reply_line(reply: Reply, remote: bool) -> list[Cell | Formula]:
    entry = reply.entry
    return [
        entry.partner,
        entry.arrival.name,
        entry.period,
        lists()["putusan"][entry.verdict].label,
        entry.errors,
        shown(reply.book, remote) if reply.book else "surel saja",
        shown(reply.mail, remote),
        "ada" if address_of(entry) else "isi sendiri",
    ]
