"""The note at a marked cell of a file that goes back: what is wrong there, why it is asked, and what to do.

Standard library only.
"""

from __future__ import annotations

from kemitraan_xl.marks import Line
from validation.contract import Column
from validation.findings import Finding

#: Why a check is made, where its own row does not say so: by the property it asks about.
_REASONS = {
    "structure": "Susunan berkas harus sama dengan templat agar isinya terbaca.",
    "required": "Isian ini diperlukan untuk menelaah berkas.",
    "type": "Isian ini direkap, sehingga harus terbaca dengan satu arti saja.",
    "list": "Isian ini direkap menurut daftar, sehingga harus ada dalam daftar itu.",
    "bounds": "Nilainya harus berada dalam batas.",
    "length": "Isian yang terlalu singkat tidak dapat ditelaah.",
    "pattern": "Isian ini harus dapat langsung dipakai.",
    "unique": "Isian yang sama dua kali tidak dapat dibedakan.",
    "rule": "Isian ini harus sejalan dengan isian lain dan dengan pedoman.",
}
_HEADS = {"E": "WAJIB DIPERBAIKI (E)", "W": "SEBAIKNYA DIPERIKSA (W)"}


def note(finding: Finding, line: Line, column: Column) -> str:
    """What, why, and what to do."""
    check = finding.check
    why = f"{check.meaning or _REASONS[check.fact]}{_cited(check.sumber)}"
    example = check.example or column.example
    lines = [
        _HEADS[line.level],
        f"Apa: {line.message}",
        f"Mengapa: {why}",
        f"Saran: {line.remedy}",
    ]
    return "\n".join([*lines, *([f"Contoh: {example}"] if example else [])])


def _cited(sumber: str) -> str:
    """A place of the guideline as it is quoted to a partner: a chapter, or an annex."""
    if sumber[:1] == "L" and sumber[1:].isdigit():
        return f" (Pedoman, Lampiran {sumber[1:]})"
    return f" (Pedoman {sumber})" if sumber[:1] in "IV" else ""
