"""The fingerprint and the signature of a Daftar Periksa as native spreadsheet formulas, see `seal`.

As in `formulas`: references in as text, "=..." out, functions of Excel 2013 and LibreOffice 7.4 only. From `seal`
come the constants; `tests/test_seal.py` holds the computations together.
"""

from __future__ import annotations

from typing import Final

from kemitraan_xl.formulas import Rows, quoted, setting_name
from kemitraan_xl.pedoman.load import rule_version
from kemitraan_xl.pedoman.model import Pedoman, Setting
from kemitraan_xl.seal import (
    ALPHABET,
    HEAD_LENGTH,
    MILLION,
    MISREAD,
    MODULI,
    ROUNDING,
    ROW_LENGTH,
    weights,
)
from validation.contract import lists

#: Defined name of the cell with the rule version of the workbook, see `version`.
VERSION: Final = "versi_aturan"

#: What a dropdown offers in a cell that may no longer be changed.
LOCKED: Final = "sudah_disahkan"
LOCKED_WORDS: Final = "Sudah disahkan: jawabannya tidak diubah lagi."

_HEAD, _ROW, _FEASIBLE = "sidik_kepala", "sidik_baris", "kelayakan"
_LABELS: Final = "INDEX(pita_rekomendasi,0,3)"


def label(code: str) -> str:
    """A state of the list `pengesahan` as a text in a formula."""
    return quoted(lists()["pengesahan"][code].label)


def names() -> list[tuple[str, Rows]]:
    """The tables that these formulas look up: defined name and rows."""
    return [
        (_HEAD, weights(HEAD_LENGTH)),
        (_ROW, weights(ROW_LENGTH)),
        (_FEASIBLE, [[item.label, item.note] for item in lists()["rekomendasi"]]),
        (LOCKED, [[LOCKED_WORDS]]),
    ]


# ---- the fingerprint ---- #


def row_text(kisi: str, kelengkapan: str, masih_berlaku: str, relevansi: str, typed: str) -> str:
    """What counts of one kisi-kisi, as one text."""
    score = f"IF(ISNUMBER({typed}),INT({typed}*{MILLION}+0.5),TRIM({typed}))"
    return f"=LOWER({_joined(*(f'TRIM({cell})' for cell in (kisi, kelengkapan, masih_berlaku, relevansi)), score)})"


def head_text(name: str, day: str, scope: str, start: str, lowered: str) -> str:
    """What counts of an assessment besides its kisi-kisi, as one text."""
    parts = (f"TRIM({name})", _whole(day), f"TRIM({scope})", _whole(start), f"TRIM({lowered})")
    return f"=LOWER({_joined(*parts)})"


def row_hash(text: str, which: int) -> str:
    """One of the two numbers of a kisi-kisi from the cell of its `row_text`."""
    return f'=IF({text}="","",{_hash(text, _ROW, ROW_LENGTH, which)})'


def total_hash(head: str, key: str, keys: str, hashes: str, which: int) -> str:
    """One of the two numbers of an assessment: its head and the rows of a long table whose key is `key`."""
    own = _hash(head, _HEAD, HEAD_LENGTH, which)
    return f'=IF({key}="","",MOD({own}+SUMIFS({hashes},{keys},{key}),{MODULI[which]}))'


def fingerprint(jumlah: str, head: str, first: str, second: str) -> str:
    """The fingerprint from its two numbers; "" while the assessment is not complete."""
    signs = f'{_signs(first)}&"-"&{_signs(second)}'
    return f'=IF(ISNUMBER({jumlah}),IF(LEN({head})<={HEAD_LENGTH},{signs},""),"")'


def _joined(*parts: str) -> str:
    return '&"|"&'.join(parts)


def _whole(cell: str) -> str:
    return f"IF(ISNUMBER({cell}),INT({cell}),TRIM({cell}))"


def _hash(text: str, table: str, length: int, which: int) -> str:
    padded = f'MID({text}&REPT(" ",{length}),INDEX({table},0,1),1)'
    total = f"SUMPRODUCT(_xlfn.UNICODE({padded})*INDEX({table},0,{which + 2}))"
    return f"MOD(MOD({total},{MODULI[which]})^2,{MODULI[which]})"


def _signs(number: str) -> str:
    base = len(ALPHABET)
    digits = (f"MOD(INT({number}/{base**place}),{base})" for place in (3, 2, 1, 0))
    return "&".join(f'MID("{ALPHABET}",{digit}+1,1)' for digit in digits)


# ---- the signature ---- #


def two_people(assessor: str, approver: str) -> str:
    """Condition: both signed with a name, and not the same (DP-18)."""
    return f"AND(LEN(TRIM({assessor}))>0,LEN(TRIM({approver}))>0,TRIM({assessor})<>TRIM({approver}))"


def state(
    day: str, seal: str, score: str, version: str, assessor: str, approver: str, *, present: str, jumlah: str
) -> str:
    """What a signature is worth: "belum disahkan", "sah" or "berubah sesudah disahkan".

    `present` and `jumlah` are the fingerprint and Jumlah Skor that the assessment has now.
    """
    parts = f"ISNUMBER({day}),LEN(TRIM({seal}))>0,ISNUMBER({score}),LEN(TRIM({version}))>0"
    same_score = f"IF(ISNUMBER({jumlah}),ABS({score}-{jumlah})<{ROUNDING},FALSE)"
    same_seal = f'{present}<>"",{_copied(seal)}=SUBSTITUTE({present},"-","")'
    valid = f"AND({same_seal},OR({same_score},{other_rules(version)}))"
    worth = f"IF({valid},{label('sah')},{label('berubah')})"
    return f"=IF(AND({parts},{two_people(assessor, approver)}),{worth},{label('belum')})"


def other_rules(version: str) -> str:
    """Condition: signed under rules other than the present ones."""
    return f"TRIM({version})<>{VERSION}"


def _copied(seal: str) -> str:
    text = f"UPPER({seal})"
    for sign, meant in (*MISREAD.items(), (" ", ""), ("-", "")):
        text = f'SUBSTITUTE({text},"{sign}","{meant}")'
    return text


def final(recommendation: str, lowered: str) -> str:
    """The recommendation after a reasoned change, which may lower it, never raise it (III.B.6)."""
    order = f"MIN(MATCH({recommendation},{_LABELS},0),IFERROR(MATCH(TRIM({lowered}),{_LABELS},0),9))"
    return f'=IF({recommendation}="","",INDEX({_LABELS},{order}))'


def raised(recommendation: str, lowered: str) -> str:
    """Condition: the change would raise the recommendation (DP-08)."""
    rank = f"IFERROR(MATCH(TRIM({lowered}),{_LABELS},0),0)"
    return f"{rank}>IFERROR(MATCH({recommendation},{_LABELS},0),9)"


def feasible(recommendation: str, state_cell: str) -> str:
    """III.B.6's answer, "layak", "layak bersyarat" or "tidak layak"; "" unless the signature is good (A-7)."""
    answer = f'IFERROR(VLOOKUP({recommendation},{_FEASIBLE},2,FALSE),"")'
    return f'=IF({state_cell}={label("sah")},{answer},"")'


def version(pedoman: Pedoman) -> str:
    """The rule version of a workbook by the settings chosen in it, as `load.rule_version` words it."""
    return f"={quoted(rule_version(pedoman, pedoman.choose()))}" + "".join(
        f'&IF({_differs(setting)},"+{setting.code}="&{setting_name(setting.code)},"")'
        for setting in pedoman.settings
        if setting.used
    )


def _differs(setting: Setting) -> str:
    cell = setting_name(setting.code)
    if setting.choices:
        others = [choice.value for choice in setting.choices if choice.value != str(setting.value)]
        shown = others if setting.kind == "bulat" else [quoted(value) for value in others]
        return f"OR({','.join(f'{cell}={value}' for value in shown)})"
    inside = f"{cell}<>{setting.value},{cell}>={setting.minimum},{cell}<={setting.maximum},{cell}=INT({cell})"
    return f"IF(ISNUMBER({cell}),AND({inside}),FALSE)"
