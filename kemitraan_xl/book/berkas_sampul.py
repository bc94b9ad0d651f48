"""The first page of a dossier: whose it is, what was agreed, how far it is, what comes next, what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.berkas_isi import LABEL, TEXT, write_fact
from kemitraan_xl.book.cells import fit_row, put
from kemitraan_xl.book.jejak import NEXT_STEPS
from kemitraan_xl.book.look import TABS, Look, set_up_page
from kemitraan_xl.known import Known, partner_tables
from kemitraan_xl.master import Row
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.stages import Standing, stage_codes
from validation.contract import Column, fold, lists, tables
from validation.values import show_date

SHEET: Final = "Berkas Mitra"

#: Columns that stand on this page in another way, or say only where a row came from; and the group that Mitra has too.
_UNSAID: Final = ("kode_mitra", "nama_lembaga", "tahap", "pernyataan", "asal_baris", "sumber_sel")
_IDENTITY: Final = "Identitas lembaga"

#: Columns of which a partnership ticks some, by how their names begin.
_TICKED: Final = {"Ruang lingkup": "lingkup_", "Tipe kemitraan": "tipe_", "Tugas KPAI": "tugas_", "Sektor": "sektor_"}

_DONE, _NOW, _OPEN = "Selesai", "Sedang dijalani", "Belum"


def write_cover(
    look: Look, sheet: Worksheet, known: Known, code: str, filled: Mapping[str, Sequence[Row]], pages: Sequence[str]
) -> None:
    """Fill the sheet; `filled` are the partner's rows by table, `pages` the sheets printed behind it."""
    partner = known.partner(code)
    sheet.set_tab_color(TABS["beranda"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, LABEL)
    sheet.set_column(1, 1, TEXT)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"Berkas Kemitraan {partner['nama_lembaga']}", look("judul"))
    rules = load()
    made = f"Disusun per {show_date(known.today)} menurut {rules.title}, edisi {rules.edition}."
    sheet.write_string(1, 0, made, look("keterangan"))
    row = _section(look, sheet, 3, "Lembaga")
    row = _facts(look, sheet, row, tables()["mitra"].columns, partner)
    told = [one for one in tables()["kerja_sama"].columns if one.name not in _UNSAID and one.group != _IDENTITY]
    for cooperation in filled.get("kerja_sama", ()):
        row = _section(look, sheet, row + 1, "Kerja sama")
        row = _facts(look, sheet, row, [one for one in told if one.kind != "ya"], cooperation)
        for label, prefix in _TICKED.items():
            chosen = [one.heading for one in told if one.name.startswith(prefix) and cooperation.get(one.name)]
            row = _line(look, sheet, row, label, "; ".join(chosen))
    standing = known.standings.get(fold(code))
    if standing:
        row = _stages(look, sheet, row + 1, standing)
    row = _sums(look, sheet, row + 1, known, code)
    row = _section(look, sheet, row + 1, "Isi berkas ini")
    row = _line(look, sheet, row, "Lembar", ", ".join(pages) or "belum ada isian lain")
    blank = [tables()[name].sheet for name in partner_tables() if name not in filled]
    row = _line(look, sheet, row, "Belum terisi", ", ".join(blank) or "tidak ada")
    set_up_page(sheet, area=(0, 0, row - 1, 1), portrait=True)


def _section(look: Look, sheet: Worksheet, row: int, title: str) -> int:
    for column, text in enumerate((title, None)):
        put(sheet, row, column, text, look("kelompok"))
    return row + 1


def _line(look: Look, sheet: Worksheet, row: int, label: str, text: str, *styles: str) -> int:
    """A label and what is said of it; nothing where there is nothing to say."""
    if not text:
        return row
    put(sheet, row, 0, label, look("sel", "tebal"))
    put(sheet, row, 1, text, look("sel", *styles))
    fit_row(sheet, row, [(label, LABEL - 2), (text, TEXT)])
    return row + 1


def _facts(look: Look, sheet: Worksheet, row: int, columns: Sequence[Column], content: Row) -> int:
    for column in columns:
        if content.get(column.name) not in (None, ""):
            row = write_fact(sheet, look, row, column, content[column.name])
    return row


def _stages(look: Look, sheet: Worksheet, row: int, standing: Standing) -> int:
    """The time line: every stage with its state and the day it was completed; then what is to be done next."""
    row = _section(look, sheet, row, "Jejak tahap")
    for stage in stage_codes():
        missing = sum(one.syarat.stage == stage for one in standing.open)
        state, signal = (_NOW, "kurang") if stage == standing.stage else (_OPEN, "") if missing else (_DONE, "baik")
        day = standing.done_on(stage)
        told = f"{state} {show_date(day)}" if day and state == _DONE else state
        told += f"; {missing} syarat belum terpenuhi" if missing else ""
        row = _line(look, sheet, row, lists()["tahap"][stage].label, told, *([f"tanda {signal}"] if signal else []))
    for number, one in enumerate(standing.open[:NEXT_STEPS], start=1):
        row = _line(look, sheet, row, f"Langkah {number}", f"{one.syarat.sentence} ({one.syarat.sumber})")
    return row


def _sums(look: Look, sheet: Worksheet, row: int, known: Known, code: str) -> int:
    """Risks by level, obligations by status, findings by gravity."""
    risks = Counter(str(one.get("tingkat_risiko") or "Belum dinilai") for one in known.rows("matriks_risiko", code))
    mine = [one for one in known.agenda(known.today) if fold(one.code) == fold(code)]
    due = Counter(lists()["status_laporan"][one.status].label for each in mine for one in each.obligations)
    found = Counter(one.level for one in known.findings(code))
    sums = (
        ("Risiko menurut tingkat", risks, (*reversed(lists()["tingkat_risiko"].labels), "Belum dinilai")),
        ("Kewajiban menurut status", due, lists()["status_laporan"].labels),
        ("Temuan menurut tingkat", found, ("E", "W", "I")),
    )
    row = _section(look, sheet, row, "Ringkasan")
    for label, counted, order in sums:
        row = _line(look, sheet, row, label, "; ".join(f"{key}: {counted[key]}" for key in order if counted[key]))
    return row
