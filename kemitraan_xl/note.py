"""The note at a marked cell of a file that goes back: what is wrong there, why it is asked, and what to do.

Standard library and `validation` only.
"""

from __future__ import annotations

from kemitraan_xl.marks import Line
from validation.contract import Column
from validation.findings import Finding
from validation.language import Language, Text

#: Why a check is made, where its own row does not say so: by the property it asks about.
_REASONS = {
    "structure": Text("Susunan berkas harus sama dengan templat agar isinya terbaca."),
    "required": Text("Isian ini diperlukan untuk menelaah berkas."),
    "type": Text("Isian ini direkap, sehingga harus terbaca dengan satu arti saja."),
    "list": Text("Isian ini direkap menurut daftar, sehingga harus ada dalam daftar itu."),
    "bounds": Text("Nilainya harus berada dalam batas."),
    "length": Text("Isian yang terlalu singkat tidak dapat ditelaah."),
    "pattern": Text("Isian ini harus dapat langsung dipakai."),
    "unique": Text("Isian yang sama dua kali tidak dapat dibedakan."),
    "rule": Text("Isian ini harus sejalan dengan isian lain dan dengan pedoman."),
}
_HEADS = {"E": Text("WAJIB DIPERBAIKI (E)"), "W": Text("SEBAIKNYA DIPERIKSA (W)")}
_WHAT, _WHY, _DO = Text("Apa: {isi}"), Text("Mengapa: {isi}"), Text("Saran: {isi}")
_EXAMPLE = Text("Contoh: {contoh}")
_ANNEX, _CHAPTER = Text(" (Pedoman, Lampiran {nomor})"), Text(" (Pedoman {sumber})")


def note(finding: Finding, line: Line, column: Column, spoken: Language) -> str:
    """What, why, and what to do; the finding already in the language that is spoken."""
    check = finding.check
    why = f"{check.meaning or spoken(_REASONS[check.fact])}{_cited(check.sumber, spoken)}"
    example = check.example or spoken.of(column.example)
    lines = [
        spoken(_HEADS[line.level]),
        spoken(_WHAT).format(isi=line.message),
        spoken(_WHY).format(isi=why),
        spoken(_DO).format(isi=line.remedy),
    ]
    return "\n".join([*lines, *([spoken(_EXAMPLE).format(contoh=example)] if example else [])])


def _cited(sumber: str, spoken: Language) -> str:
    """A place of the guideline as it is quoted to a partner: a chapter, or an annex."""
    if sumber[:1] == "L" and sumber[1:].isdigit():
        return spoken(_ANNEX).format(nomor=sumber[1:])
    return spoken(_CHAPTER).format(sumber=sumber) if sumber[:1] in "IV" else ""
