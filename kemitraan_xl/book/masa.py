"""Sheets of documents that expire: how many days each still runs, and a warning at 90, 60 and 30 (R128).

A live alert beside the documents. The score never reads it: whether a document held is judged, and typed, at the
date of the assessment (A-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kemitraan_xl import schedule_formulas
from kemitraan_xl.book.induk import Induk
from kemitraan_xl.book.masukan import write_input
from kemitraan_xl.book.sheets import RowFormula
from kemitraan_xl.formulas import quoted
from validation.contract import Table, lists

EVIDENCE: Final = "bukti"
DOCUMENTS: Final = "naskah"


def write_evidence(book: Induk, table: Table) -> None:
    """Bukti: every document by its Berlaku Sampai."""

    def warned(cells: Mapping[str, str]) -> str:
        return schedule_formulas.warning(cells["sisa_hari"])

    _write(book, table, "berlaku_sampai", warned)


def write_documents(book: Induk, table: Table) -> None:
    """Naskah: every document by its Tanggal Selesai, while it is in force."""
    in_force = quoted(lists()["status_naskah"]["berlaku"].label)

    def warned(cells: Mapping[str, str]) -> str:
        return schedule_formulas.warning(cells["sisa_hari"], f"{cells['status_naskah']}={in_force}")

    _write(book, table, "tanggal_selesai", warned)


def _write(book: Induk, table: Table, ends: str, warned: RowFormula) -> None:
    def left(cells: Mapping[str, str]) -> str:
        return schedule_formulas.days_left(cells[ends])

    write_input(book, table, {"sisa_hari": left, "peringatan_masa": warned})
