"""The dossier of one partnership: a workbook of the moment, made to be printed and then thrown away.

Its forms are the guideline's (Lampiran 2, Lampiran 3, the risk matrix), its other pages hold what staff typed, only
what was filled in. Lampiran 3 brings along the sheets that its formulas read, which are not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from xlsxwriter.workbook import Workbook

from kemitraan_xl import formulas, seal_formulas
from kemitraan_xl.book import berkas_sampul, daftar_periksa, masukan, pengaturan, penilaian
from kemitraan_xl.book.berkas_isi import write_rows, write_texts
from kemitraan_xl.book.finish import building
from kemitraan_xl.book.induk import Induk
from kemitraan_xl.book.look import FONT, OWNER, Look
from kemitraan_xl.book.masukan import HEAD, KIND
from kemitraan_xl.book.ref import lists_of, write_ref
from kemitraan_xl.book.sheets import write_sheet
from kemitraan_xl.intake.reading.identity import Identity
from kemitraan_xl.known import Known, partner_tables
from kemitraan_xl.master import Row
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.shipped import shipped_macros
from validation.contract import Table, fold, lists, tables
from validation.values import show_date

#: The forms of a proposal, printed as the guideline has them; the rest of Kerja Sama stands on the first page.
FORMS: Final = ("rencana_kerja", "matriks_risiko")
_ON_THE_COVER: Final = ("mitra", "kerja_sama")

_ALWAYS: Final = (*FORMS, penilaian.TABLE)
FORM_SHEETS: Final = (*(tables()[name].sheet for name in FORMS), daftar_periksa.SHEET)

#: Rows of a form at least: "1, 2, 3, dst".
_FORM_ROWS: Final = 3

#: What Lampiran 3 reads, in the order in which it is built.
_BEHIND: Final = (pengaturan.TABLE, "mitra", "telaah", penilaian.TABLE)

OBLIGATIONS, FINDINGS = "Kewajiban", "Temuan"


def build_dossier(target: Path, known: Known, code: str) -> list[str]:
    """Write the dossier of the partner with this code at `target`; returns the sheets to print, in order.

    The guideline's forms (`FORM_SHEETS`) are there even where nothing is filled in, to be printed by themselves.
    Raises Impossible when the register has no such partner, OSError.
    """
    name = str(known.partner(code)["nama_lembaga"])
    filled = {table: rows for table in partner_tables() if (rows := known.rows(table, code))}
    with building(target, f"{berkas_sampul.SHEET} – {name}", known.today) as workbook:
        look = Look(workbook)
        cover = workbook.add_worksheet(berkas_sampul.SHEET)
        pages = _write_tables(workbook, look, known, code, filled)
        pages += _write_lists(workbook, look, known, code)
        berkas_sampul.write_cover(look, cover, known, code, filled, pages)
        rules = load()
        blocks = [*formulas.names(rules), *seal_formulas.names(), (pengaturan.MEANINGS, pengaturan.meanings(rules))]
        offered = [tables()[table] for table in (*FORMS, *_BEHIND)]
        write_ref(
            workbook, look, Identity(KIND, rules.edition, rules.digest, code, ""), lists_of(offered, KIND), blocks
        )
        for sheet in workbook.worksheets():
            sheet.set_header(f'&L&"{FONT},Bold"&9{OWNER}&C&"{FONT}"&9{name.replace("&", "&&")}&R&"{FONT}"&9&A')
    return [berkas_sampul.SHEET, *pages]


def _write_tables(
    workbook: Workbook, look: Look, known: Known, code: str, filled: Mapping[str, Sequence[Row]]
) -> list[str]:
    """A sheet for every table that has rows, in the order of the master; returns those in which something stands."""
    written = []
    for table in partner_tables():
        title, rows = tables()[table].sheet, filled.get(table, ())
        if table in _ON_THE_COVER or not (rows or table in _ALWAYS):
            continue
        if table == penilaian.TABLE:
            _write_assessment(workbook, look, known, code, rows)
            title = daftar_periksa.SHEET
        elif table in FORMS:
            _write_form(workbook, look, table, rows, str(known.partner(code)["nama_lembaga"]))
        else:
            title = f"{title} Mitra" if table in _BEHIND else title  # its own sheet stands behind Lampiran 3
            write_rows(workbook, look, tables()[table], rows, title)
        if rows:
            written.append(title)
    return written


def _write_form(workbook: Workbook, look: Look, name: str, rows: Sequence[Row], partner: str) -> None:
    """A form of the proposal for one partner, with its name on top and no more blank rows than the guideline has."""
    form = replace(tables()[name], rows=max(_FORM_ROWS, len(rows)))
    head = replace(tables()[HEAD], part_of=name)
    values = {name: rows, head.name: [{column.name: partner for column in head.columns}]}
    write_sheet(workbook, look, "usulan", [form, head], values=values, links={}, formulas={})


def _write_lists(workbook: Workbook, look: Look, known: Known, code: str) -> list[str]:
    """What falls due and what is wrong; returns the sheets written."""
    written = []
    mine = [one for one in known.agenda(known.today) if fold(one.code) == fold(code)]
    due = [
        (
            lists()["kewajiban"][one.kind].label,
            one.period,
            show_date(one.due),
            show_date(one.limit),
            lists()["status_laporan"][one.status].label,
        )
        for cooperation in mine
        for one in cooperation.obligations
    ]
    if due:
        headings = {"Kewajiban": 36, "Periode": 14, "Jatuh Tempo": 24, "Batas": 24, "Status": 24}
        write_texts(workbook, look, OBLIGATIONS, f"Kewajiban per {show_date(known.today)}", headings, due)
        written.append(OBLIGATIONS)
    found = [
        (one.level, one.check.code, one.sheet, one.cell, one.column, one.message, one.remedy)
        for one in known.findings(code)
    ]
    if found:
        headings = {"Tingkat": 9, "Kode": 9, "Lembar": 17, "Sel": 8, "Kolom": 22, "Pesan": 48, "Saran": 44}
        write_texts(workbook, look, FINDINGS, f"Temuan pada isian per {show_date(known.today)}", headings, found)
        written.append(FINDINGS)
    return written


def _write_assessment(workbook: Workbook, look: Look, known: Known, code: str, assessed: Sequence[Row]) -> None:
    """Lampiran 3 with the partner's latest assessment, and before it the sheets it reads."""
    rules = load()
    content = {table: known.rows(table, code) for table in _BEHIND}
    content[pengaturan.TABLE] = pengaturan.setting_rows(rules, known.master.rows(pengaturan.TABLE))
    content[penilaian.TABLE] = sorted(assessed, key=_day, reverse=True)
    book = Induk(workbook, look, rules, content, shipped_macros(), False)
    masukan.name_partners(book)
    for table in _BEHIND:
        _WRITERS.get(table, _write_plain)(book, tables()[table])
    daftar_periksa.write_daftar_periksa(book)


def _write_plain(book: Induk, table: Table) -> None:
    masukan.write_input(book, table, {})


_WRITERS: Final[Mapping[str, Callable[[Induk, Table], None]]] = {
    pengaturan.TABLE: pengaturan.write_pengaturan,
    penilaian.TABLE: penilaian.write_penilaian,
}


def _day(row: Row) -> str:
    """A key that puts days in order, and what is no day before them."""
    day = row.get("tanggal_penilaian")
    return day.isoformat() if isinstance(day, date) else ""
