"""Printed products of a master: one partner's forms and dossier, the quarterly summary for the commissioners.

Each is a workbook of the moment, made of what the master holds and printed at once: by LibreOffice on the command
line, by Excel itself behind a button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from kemitraan_xl.book import berkas, berkas_sampul, triwulan
from kemitraan_xl.known import Known, know
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.printing import CannotPrint, pdf_name
from kemitraan_xl.quarter import MONTHS, last_quarter, summarise
from kemitraan_xl.safe_write import replace_file, work_folder
from validation.periods import Period
from validation.values import show_date

DOSSIER: Final = berkas_sampul.SHEET
QUARTER: Final = triwulan.SHEET
PRODUCTS: Final = (DOSSIER, QUARTER)

#: Makes one PDF of some sheets of a workbook.
Printer = Callable[[Path, Sequence[str]], bytes]


def print_products(
    master: Path,
    names: Sequence[str],
    partners: Sequence[str],
    period: str,
    folder: Path,
    today: date,
    printer: Printer,
) -> list[Path]:
    """One PDF in `folder` for the quarterly summary, and for each other name (the dossier, or one of its sheets) and
    partner; for a sheet of the master itself where no partner is named. All of them, or none.

    `period` is a quarter ("2026-T3"), or "" for the last that is over. Raises NotAMaster, Impossible, OSError.
    """
    quarter = _quarter(period, today) if QUARTER in names else None
    known = know(master, today)
    with work_folder() as work:
        made = [
            (folder / name, printer(workbook, sheets))
            for name, workbook, sheets in _made(known, names, partners, quarter, Path(work))
        ]
    folder.mkdir(parents=True, exist_ok=True)
    for path, pdf in made:
        replace_file(path, pdf)
    return [path for path, _ in made]


def _made(
    known: Known, names: Sequence[str], partners: Sequence[str], quarter: Period | None, work: Path
) -> Iterator[tuple[str, Path, Sequence[str]]]:
    """File name, workbook and sheets of every product."""
    stem = known.master.path.stem
    if quarter is not None:
        title = f"{load().title}, dibuat {show_date(known.today)} dari isi induk pada hari itu."
        workbook = work / "triwulan.xlsx"
        sheets = triwulan.build_quarter(workbook, summarise(known, quarter), title)
        yield pdf_name(stem, QUARTER, quarter.text), workbook, sheets
    wanted = [name for name in names if name != QUARTER]
    if DOSSIER in wanted and not partners:
        raise CannotPrint(f"{DOSSIER} dicetak untuk satu mitra; tambahkan --mitra KODE.")
    for name in () if partners else wanted:
        yield pdf_name(stem, name), known.master.path, [name]
    for code in partners if wanted else ():
        workbook = work / "berkas.xlsx"
        sheets = berkas.build_dossier(workbook, known, code)
        code = str(known.partner(code)["kode"])
        for name in wanted:
            if name not in (*sheets, *berkas.FORM_SHEETS):
                raise CannotPrint(f"Tidak ada isian {name} untuk mitra {code}. Yang ada: {', '.join(sheets)}.")
            yield pdf_name(stem, name, code), workbook, sheets if name == DOSSIER else [name]


def _quarter(text: str, today: date) -> Period:
    if not text:
        return last_quarter(today)
    period = Period.read(text)
    if period is None or period.months != MONTHS:
        raise CannotPrint(f"{text} bukan triwulan. Tulis seperti 2026-T3.")
    if period.first > today:
        raise CannotPrint(f"Triwulan {period.text} belum mulai per {show_date(today)}.")
    return period
