"""What an older master says of the files handed in before, so that a new one forgets none of them.

Rows of its sheets Arsip and Temuan as texts by heading; what was found wrong with the old workbook itself is left
behind, because it is looked for anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from kemitraan_xl.book.catatan import ARSIP, HERE, TEMUAN
from validation.contract import fold, lists

Row = Mapping[str, str]

#: Verdicts after which a file stands until a newer one of the same partner, kind and period takes its place.
_STANDING: Final = tuple(lists()["putusan"][code].label for code in ("diterima", "dikembalikan"))


@dataclass(frozen=True, slots=True)
class Files:
    """Files handed in and what was found in them: rows by the headings of Arsip and Temuan."""

    archive: Sequence[Row] = field(default_factory=tuple)
    findings: Sequence[Row] = field(default_factory=tuple)

    def followed_by(self, newer: Files) -> Files:
        """Both together, the newer first; a file handed in again has one row.

        Findings go once a newer file of the same name, or of the same partner, kind and period, stands: they would
        otherwise be open for ever.
        """
        again = {(row["Berkas"], row["SHA-256"]) for row in newer.archive}
        kept = [row for row in self.archive if (row["Berkas"], row["SHA-256"]) not in again]
        names = {row["Berkas"] for row in newer.archive}
        followed = {key for row in newer.archive if row["Putusan"] in _STANDING for key in _keys(row)}
        standing = (row for row in kept if row["Putusan"] in _STANDING)
        open_ = {row["Berkas"] for row in standing if not followed & _keys(row)} - names
        findings = [row for row in self.findings if row["Berkas"] in open_]
        return Files([*newer.archive, *kept], [*newer.findings, *findings])


def _keys(row: Row) -> set[tuple[str, str, str]]:
    """Whose return it is, by code and by name: a partner may have got its code since."""
    partners = (fold(row[heading]) for heading in ("Kode Mitra", "Mitra"))
    return {(partner, row["Jenis"], row["Periode"]) for partner in partners if partner}


def files_of(master: Path) -> Files:
    """The files that an older master lists; none where it lists none."""
    archive = [row for row in listed(master, "Arsip", ARSIP) if row["Berkas"] and (row["Putusan"] or row["Jenis"])]
    findings = [row for row in listed(master, "Temuan", TEMUAN) if row["Berkas"] and row["Berkas"] != HERE]
    return Files(archive, findings)


def listed(path: Path, sheet: str, headings: Sequence[str]) -> list[Row]:
    """The rows below the headings of a sheet as texts, "" for a column that the sheet lacks; none without the sheet."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        cells = book.get_sheet_by_name(sheet).to_python() if sheet in book.sheet_names else []
    except (OSError, CalamineError):
        return []
    rows = [[str(cell) for cell in row] for row in cells]
    start = next((at for at, row in enumerate(rows) if {*headings[:2]} <= {*row}), len(rows))
    found = (dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :])
    return [{heading: row.get(heading, "") for heading in headings} for row in found]
