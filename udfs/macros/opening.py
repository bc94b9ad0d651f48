"""Buka Sumber, Ganti Nama Fungsi, Periksa Pemasangan: around the workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import click
import xlwings as xw

from kemitraan_xl.book.induk import HOME
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.names import WITHIN
from udfs.desk import Desk
from udfs.doctor import HEADINGS, State, examine, here, rows
from udfs.plan import Block, Formula, Plan, Report, is_remote
from udfs.registry import DESKTOP, NAMESPACE, PREFIX, macro
from udfs.sheets import Listing, list_sheet, listing
from udfs.snapshot import block
from validation.contract import lists

#: Mails and archives that are opened in their own program, by their suffix.
_SHOWN: Final = (".eml", ".msg", ".zip")
_SERVER_NAME: Final = re.compile(rf"\b{NAMESPACE}\.({PREFIX}[A-Z0-9_]+\()", re.IGNORECASE)
_DESKTOP_NAME: Final = re.compile(rf"(?<![\w.])({PREFIX}[A-Z0-9_]+\()", re.IGNORECASE)


@macro(
    label="Buka Sumber",
    tip="Buka berkas mitra dan sel asal dari baris yang dipilih pada Rekap, Temuan, atau Arsip.",
    icon="FileOpen",
    hosts=(DESKTOP,),
    instead="Kolom Berkas, Lembar, dan Sel menunjukkan asal setiap baris; buka berkasnya dari folder kiriman.",
)
def buka_sumber(book: xw.Book, desk: Desk) -> Plan:
    """Open the file of the selected row, read only, at the cell it came from."""
    row = _selected(book)
    name = str(row.get("Berkas") or "")
    known = {str(line["Berkas"]): line for line in list_sheet(book, "Arsip", "arsip_jenis").frame().to_dict("records")}
    if not name or name not in known:
        raise Impossible(
            "Pilih dahulu satu baris hasil konsolidasi pada Rekap, Temuan, atau Arsip, lalu tekan Buka Sumber."
        )
    if known[name].get("Putusan") == lists()["putusan"]["ditolak"].code:
        raise Impossible(f"{name} ditolak ({known[name].get('Alasan')}), sehingga tidak dibuka dari sini.")
    folder, sheet, cell = (str(one or "") for one in (known[name].get("Folder"), row.get("Lembar"), row.get("Sel")))
    path = Path(folder, name)
    if not path.is_file() and (outer := _container(path)):
        return _opened(outer, f"{str(path).removeprefix(f'{outer}{WITHIN}')} {sheet} {cell}".rstrip())
    if not path.is_file():
        raise Impossible(f"{path} tidak ada lagi; berkas itu dipindah atau dihapus.")
    desk.progress(f"Membuka {name} ...")
    source = book.app.books.open(str(path), read_only=True)
    if sheet in [one.name for one in source.sheets]:
        source.sheets[sheet].activate()
        if cell:
            source.sheets[sheet].range(cell).select()
    return Plan(f"{name} dibuka pada {sheet or 'lembar pertama'} {cell}".rstrip() + ".")


def _container(path: Path) -> Path | None:
    """The mail or archive in which a file lies that Arsip names "surel.eml › lampiran.xlsx"."""
    steps = str(path).split(WITHIN)
    found = (Path(WITHIN.join(steps[:count])) for count in range(1, len(steps)))
    return next((outer for outer in found if outer.is_file()), None)


def _opened(outer: Path, within: str) -> Plan:
    """A mail or archive shown by the program for it. Whatever else it is called by name is not started from here."""
    if outer.suffix.lower() not in _SHOWN:
        return Plan(f"Ada di dalam {outer}: {within}. Buka berkas itu sendiri.")
    click.launch(str(outer))
    return Plan(f"{outer.name} dibuka; lihat di dalamnya: {within}.")


def _selected(book: xw.Book) -> dict[str, Any]:
    """The row of a list in which the selected cell stands, by heading."""
    cell = book.selection
    if cell is None:
        return {}
    found = _list_at(cell)
    index = cell.row - found.row - 1
    if not 0 <= index < len(found.rows):
        return {}
    return dict(zip(found.headings, found.rows[index], strict=False))


def _list_at(cell: xw.Range) -> Listing:
    """The list around a cell: its headings begin with Berkas."""
    sheet = cell.sheet
    top, left, cells = block(sheet)
    for row, line in enumerate(cells, start=top):
        columns = [column for column, value in enumerate(line, start=left) if value == "Berkas"]
        if columns and row < cell.row:
            return listing(sheet.range((row, columns[-1])))
    return Listing(sheet.name, cell.row, cell.column, (), ())


@macro(
    label="Periksa Pemasangan",
    tip="Periksa apa yang jalan dan apa yang tidak di komputer ini, beserta obatnya.",
    icon="Help",
    include=(HOME,),
)
def periksa_pemasangan(book: xw.Book, desk: Desk) -> Plan:
    """What `kemitraan dokter` says of the computer that Python runs on, line by line."""
    desk.progress("Memeriksa pemasangan ...")
    checks = examine(here(() if is_remote(book) else (book.fullname,)))
    faults = sum(check.state is State.ACTION for check in checks)
    title = f"Pemasangan: {faults} hal perlu tindakan" if faults else "Pemasangan: tidak ada yang perlu tindakan"
    return Plan(f"{title}.", report=Report(title, HEADINGS, rows(checks), (26, 16, 50, 26, 80)))


@macro(
    label="Ganti Nama Fungsi",
    tip="Ubah nama fungsi KMT_ yang Anda ketik antara Excel desktop dan server add-in.",
    icon="ReplaceDialog",
    hosts=(DESKTOP,),
    instead=f"Di Excel lewat server, ketik fungsi dengan awalan {NAMESPACE}., misalnya ={NAMESPACE}.{PREFIX}TERBILANG.",
)
def ganti_nama_fungsi(book: xw.Book, desk: Desk) -> Plan:
    """KPAI.KMT_X( becomes KMT_X( wherever users typed it; where none is found, the other way round."""
    desk.progress("Mencari fungsi ...")
    typed = [
        (sheet.name, used.row + row, used.column + column, formula)
        for sheet in book.sheets
        for used in [sheet.used_range]
        for row, line in enumerate(_formulas(used))
        for column, formula in enumerate(line)
        if isinstance(formula, str) and formula.startswith("=") and PREFIX in formula.upper()
    ]
    if not typed:
        raise Impossible(f"Tidak ada rumus dengan fungsi {PREFIX} dalam buku ini.")
    to_desktop = any(_SERVER_NAME.search(formula) for *_, formula in typed)
    change = (_SERVER_NAME, r"\1") if to_desktop else (_DESKTOP_NAME, rf"{NAMESPACE}.\1")
    blocks = [
        Block(sheet, row, column, [[Formula(change[0].sub(change[1], formula))]])
        for sheet, row, column, formula in typed
    ]
    where = "Excel desktop" if to_desktop else "server add-in"
    return Plan(f"{len(blocks)} rumus diubah untuk {where}.", (typed[0][0], typed[0][1], typed[0][2]), blocks)


def _formulas(used: xw.Range) -> list[list[Any]]:
    formulas = used.formula
    if isinstance(formulas, str):
        return [[formulas]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in formulas]
